// Stock of the twin. ?part= sets up a moment: disagrees, counted, readonly, inside (the reader is in the printer), wna (foreigners'
// blangko were received), found (a lost card was found at a count).
import type { Backend, Blangko, CountReport, Movement, MovementKind, StockItem } from '../contract';
import { numbered } from '../../../components/blangko/serials';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'blangko'
  | 'receiveStock'
  | 'returnStock'
  | 'spoilStock'
  | 'spoilSupply'
  | 'allotStock'
  | 'photographStock'
  | 'leaveStockPhoto'
  | 'endStockChip'
  | 'releaseStock'
  | 'countStock'
  | 'explainCount'
  | 'makeBeritaAcara'
  | 'photographDestruction'
  | 'leaveDestructionPhoto'
  | 'signDestruction'
  | 'stockReport'
>;

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const wna = (from: number, count: number) => {
  const of = (n: number) => `0718-900-${String(n).padStart(3, '0')}`;
  return { from: of(from), to: of(from + count - 1), count };
};
const range = (from: number, count = 1) => ({ from: serial(from), to: serial(from + count - 1), count });
const serial = (n: number) => `0718-224-${String(n).padStart(3, '0')}`;
/** A destruction that nobody has photographed yet. */
const UNSHOWN = { photoId: null, photoNote: '', photoPaper: null };
const bare = (text: string) => text.replace(/\D/g, '');

export function blangkoMock(world: World): Part {
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  const empty = world.scene === 'empty';
  let next = 1;
  const movement = (hours: number, kind: MovementKind, quantity: number, more: Partial<Movement> = {}): Movement => ({
    number: next++,
    at: ago(hours),
    kind,
    item: 'blangko',
    quantity,
    serials: [],
    document: '',
    reason: '',
    officer: 'Yuliana',
    ticket: '',
    balance: 0,
    ...more,
  });
  const item = (which: StockItem, onHand: number, reorderPoint: number, daysLeft: number | null) => ({
    item: which,
    onHand: empty ? 0 : onHand,
    printing: 0,
    held: which === 'blangko' && !empty ? 2 : 0,
    spoiled: which === 'blangko' && !empty ? 2 : 0,
    missing: 0,
    aside: which === 'blangko' && part === 'found' ? 1 : 0,
    usedToday: empty ? 0 : 14,
    usedMonth: empty ? 0 : 381,
    daysLeft: empty ? null : daysLeft,
    reorderPoint,
    level: empty ? ('empty' as const) : onHand < reorderPoint ? ('low' as const) : ('ok' as const),
    lastReceived: empty ? null : 600,
    lastReceivedAt: empty ? null : ago(24 * 14),
    lastCountedAt: empty ? null : ago(24 * 3),
  });
  const difference: CountReport = {
    item: 'blangko',
    expected: 312,
    counted: 311,
    differences: [
      { from: serial(920), to: serial(920), count: 1, account: 'on_hand', found: false },
      { from: serial(899), to: serial(899), count: 1, account: 'spoiled', found: true },
    ],
    at: ago(1),
    outdated: false,
  };
  const b: Blangko = {
    items: [
      item('blangko', 312, 500, 6),
      part === 'wna'
        ? item('blangko_wna', 3, 5, null)
        : { ...item('blangko_wna', 0, 5, null), level: 'unknown', usedToday: 0, usedMonth: 0, lastCountedAt: null },
      item('ribbon', 1140, 400, 31),
      item('film', 380, 400, 9),
    ],
    ranges: empty ? [] : [range(688, 312)],
    rangesWna: part === 'wna' ? [wna(1, 3)] : [],
    movements: empty
      ? []
      : [
          movement(24 * 14, 'received', 600, { serials: [range(400, 600)], document: 'SJ-2026/118', balance: 720 }),
          movement(30, 'held', 1, { serials: [range(687)], reason: 'hasil cetak tidak diketahui', balance: 320 }),
          movement(26, 'spoiled', 1, { serials: [range(899)], reason: 'misprint', ticket: 'A-004', balance: 319 }),
          movement(25, 'released', 1, { serials: [range(687)], reason: 'utuh di printer', balance: 320 }),
          movement(5, 'used', 1, { serials: [range(901)], ticket: 'A-009', balance: 319 }),
          movement(4, 'held', 1, { serials: [range(913)], reason: 'hasil cetak tidak diketahui', balance: 313 }),
          movement(2, 'received', 500, { item: 'ribbon', document: 'SJ-2026/131', balance: 1140 }),
          movement(1, 'used', 1, { serials: [range(914)], ticket: 'A-011', balance: 312 }),
        ].reverse(),
    held: empty
      ? []
      : [
          { serial: serial(687), at: ago(30), reason: 'result_unknown', ticket: 'A-002' },
          { serial: serial(913), at: ago(4), reason: 'result_unknown', ticket: 'A-010' },
        ],
    aside: part === 'found' ? [{ serial: serial(871), at: ago(2), reason: 'found_card', ticket: 'A-007' }] : [],
    toDestroy: empty
      ? []
      : [
          {
            id: 's1',
            serial: serial(899),
            oldCard: false,
            reason: 'misprint',
            at: ago(26),
            ticket: 'A-004',
            photoId: null,
            photoNote: '',
            chip: 'alive',
            chipWhy: { key: 'chip_no_reader', args: {} },
            beritaAcara: null,
          },
          {
            id: 'o1',
            serial: '0612-118-204',
            oldCard: true,
            reason: 'cracked',
            at: ago(3),
            ticket: 'A-011',
            photoId: null,
            photoNote: '',
            chip: 'none',
            chipWhy: null,
            beritaAcara: null,
          },
        ],
    acts: empty
      ? []
      : [
          {
            number: 'BA/9/BLK/18.13-02/XI/2026',
            at: ago(24 * 20),
            count: 11,
            document: { documentId: 'form', pages: 1 },
            ...UNSHOWN,
          },
        ],
    allotments: empty
      ? []
      : [{ item: 'blangko', allotment: 'ALK-2026-44', first: '0718-225-001', count: 1000, at: ago(24), received: 0 }],
    agrees: part !== 'disagrees',
    disagreement: part === 'disagrees' ? 'Gerakan blangko berjumlah 311, saldo tersimpan 312.' : null,
    reasons: ['factory', 'damaged', 'other'].map((code) => ({ code, text: code })),
    openCount: part === 'counted' ? difference : null,
    canKeep: part !== 'readonly',
    canRelease: part !== 'readonly',
    canDestroy: part !== 'readonly',
    camera: part !== 'blind',
    chipPlace: part === 'inside' ? 'printer' : 'reader',
  };
  const now = async () => structuredClone(b);
  const of = (which: StockItem) => b.items.find((i) => i.item === which)!;
  /** A Berita Acara whose photograph may still change. */
  const unsigned = (number: string) => {
    const one = b.acts.find((a) => a.number === number) ?? refuse('not_found');
    if (one.photoPaper) refuse('destruction_signed');
    return one;
  };
  const book = (kind: MovementKind, quantity: number, change: number, more: Partial<Movement>) => {
    const it = of(more.item ?? 'blangko');
    it.onHand += change;
    it.level = it.onHand === 0 ? 'empty' : it.onHand < it.reorderPoint ? 'low' : 'ok';
    b.movements.unshift(movement(0, kind, quantity, { ...more, balance: it.onHand }));
  };
  const from = (text: string, count: number) =>
    text === ''
      ? []
      : [{ from: text, to: String(Number(bare(text)) + count - 1).padStart(bare(text).length, '0'), count }];
  return {
    blangko: now,
    async receiveStock(which, quantity, first, document) {
      if (document === '') refuse('stock_paper');
      const [a = '', z] = first.split('-');
      const count = z === undefined ? quantity : Number(z) - Number(a) + 1;
      book('received', count, count, { item: which, serials: from(a, count), document });
      if (which === 'blangko_wna') b.rangesWna.push(...from(a, count));
      return now();
    },
    async returnStock(which, quantity, first, document, reason) {
      const voided = numbered(which) ? b.toDestroy.find((p) => bare(p.serial) === bare(first)) : undefined;
      if (voided) {
        if (voided.reason !== 'factory' || voided.ticket !== '') refuse('stock_not_faulty', { serial: voided.serial });
        b.toDestroy = b.toDestroy.filter((p) => p !== voided);
        of('blangko').spoiled -= 1;
        book('returned', 1, 0, { serials: from(first, 1), document, reason });
        return now();
      }
      if (quantity > of(which).onHand) refuse('stock_too_little', { has: String(of(which).onHand) });
      book('returned', quantity, -quantity, { item: which, serials: from(first, quantity), document, reason });
      return now();
    },
    async spoilStock(at, reason, witnessId, password) {
      if (password === 'salah') refuse('wrong_password');
      const found = b.aside.some((one) => bare(one.serial) === bare(at));
      b.aside = b.aside.filter((one) => bare(one.serial) !== bare(at));
      if (found) of('blangko').aside -= 1;
      book('spoiled', 1, found ? 0 : -1, { serials: from(at, 1), reason });
      of('blangko').spoiled += 1;
      b.toDestroy.push({
        id: `s-${at}-${witnessId}`,
        serial: at,
        oldCard: false,
        reason,
        at: ago(0),
        ticket: '',
        photoId: null,
        photoNote: '',
        chip: 'none',
        chipWhy: null,
        beritaAcara: null,
      });
      return now();
    },
    async spoilSupply(which, quantity, reason, witnessId, password) {
      if (witnessId === '' || password === 'salah') refuse('wrong_password');
      if (quantity > of(which).onHand) refuse('stock_too_little', { has: String(of(which).onHand) });
      book('spoiled', quantity, -quantity, { item: which, serials: [], reason });
      of(which).spoiled += quantity;
      return now();
    },
    async allotStock(which, quantity, first, document) {
      if (document === '') refuse('stock_paper');
      if (b.allotments.some((one) => one.allotment === document)) refuse('stock_allotted', { paper: document });
      const [a = '', z] = first.split('-');
      const count = z === undefined ? quantity : Number(z) - Number(a) + 1;
      b.allotments.unshift({ item: which, allotment: document, first: a, count, at: ago(0), received: 0 });
      return now();
    },
    async photographStock(at) {
      const one = b.toDestroy.find((p) => p.serial === at) ?? refuse('not_found');
      one.photoId = `rusak-${at}`;
      return now();
    },
    async leaveStockPhoto(at, note) {
      if (b.camera) refuse('camera_there');
      (b.toDestroy.find((p) => p.serial === at) ?? refuse('not_found')).photoNote = note;
      return now();
    },
    async endStockChip(at, where) {
      if (where !== b.chipPlace) refuse('chip_not_ended', { why: 'chip_no_reader' });
      const one = b.toDestroy.find((p) => p.serial === at) ?? refuse('not_found');
      Object.assign(one, { chip: 'ended', chipWhy: null });
      return now();
    },
    async releaseStock(at, note) {
      if (!b.held.some((one) => one.serial === at)) refuse('stock_not_there', { serial: at });
      b.held = b.held.filter((one) => one.serial !== at);
      of('blangko').held -= 1;
      book('released', 1, 1, { serials: from(at, 1), reason: note });
      return now();
    },
    async countStock(which, counted) {
      const expected = of(which).onHand;
      const n = numbered(which)
        ? counted.reduce((sum, one) => {
            const [a = '', z = a] = one.split('-');
            return sum + Number(z) - Number(a) + 1;
          }, 0)
        : Number(counted[0]);
      const report: CountReport = {
        item: which,
        expected,
        counted: n,
        differences: which === 'blangko' && n !== expected ? difference.differences : [],
        at: ago(0),
        outdated: false,
      };
      b.openCount = n === expected ? null : report;
      of(which).lastCountedAt = report.at;
      return structuredClone(report);
    },
    async explainCount(_which, explanation) {
      if (explanation === '') refuse('refused_reason_missing');
      b.openCount = null;
      return now();
    },
    async makeBeritaAcara(ids, _method, witnesses) {
      if (witnesses.length !== 3) refuse('refused_reason_missing');
      const unshown = b.toDestroy.find((p) => ids.includes(p.id) && !p.oldCard && !p.photoId && p.photoNote === '');
      if (unshown) refuse('spoiled_unshown', { serial: unshown.serial });
      const number = `BA/${9 + b.acts.length}/BLK/18.13-02/XI/2026`;
      for (const p of b.toDestroy) if (ids.includes(p.id)) p.beritaAcara = number;
      b.acts.unshift({ number, at: ago(0), count: ids.length, document: { documentId: 'form', pages: 1 }, ...UNSHOWN });
      return now();
    },
    async photographDestruction(number) {
      Object.assign(unsigned(number), { photoId: `pemusnahan-${number}`, photoNote: '' });
      return now();
    },
    async leaveDestructionPhoto(number, note) {
      if (b.camera) refuse('destruction_camera');
      Object.assign(unsigned(number), { photoId: null, photoNote: note });
      return now();
    },
    async signDestruction(number) {
      const one = unsigned(number);
      if (one.photoId === null && one.photoNote === '') refuse('destruction_unshown');
      one.photoPaper = { documentId: 'form', pages: 1 };
      return now();
    },
    stockReport: async () => ({ documentId: 'form', pages: 1 }),
  };
}
