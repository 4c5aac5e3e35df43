// Step 9 of the twin. ?part= sets up a moment: almost, done, spent, other, differs, no_reference, eye, withdrawn, held, agrees, earlier, both (held and agrees).
import type { Backend, Handover, HandoverLine, SignatureSource, Why } from '../contract';
import { TAKEN_BACK } from './print';
import { longDay, refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'handover'
  | 'handoverFinger'
  | 'handoverWitness'
  | 'readHandoverCard'
  | 'compareHandoverPhoto'
  | 'judgeHandover'
  | 'withdrawOldCard'
  | 'oldCardAbsent'
  | 'setCollector'
  | 'saveReceipt'
  | 'padReceipt'
  | 'receiptBySubstitute'
  | 'setShelf'
  | 'disputeCard'
  | 'holdCard'
  | 'loseCard'
  | 'cardAgrees'
  | 'confirmHandover'
  | 'closeHandover'
  | 'unclaimed'
>;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export function handoverMock(world: World): Part {
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  const h: Handover = {
    id: '',
    serial: '0718-224-914',
    shelf: 'B2-07',
    shelvedAt: ago(60 * 26),
    finger: {
      state: 'not_tried',
      finger: 'right_index',
      fingers: ['right_index', 'left_index'],
      score: null,
      limit: 40,
      tries: [],
      mostTries: 4,
      triesLeft: 4,
      recordImageId: 'print-right_index',
      liveImageId: null,
      recordedAt: '2024-03-12T03:00:00Z',
      note: '',
      witness: null,
      untried: part === 'no_reference' || part === 'device_failed' ? part : null,
    },
    photo: {
      state: 'not_read',
      chipPhotoId: null,
      recordPhotoId: 'portrait-3',
      bytes: 0,
      readAt: null,
      byEye: part === 'no_reader' || part === 'reader_failed',
      unread: part === 'no_reader' || part === 'reader_failed' ? part : null,
      lines: [],
    },
    oldCard: {
      state: 'needed',
      condition: '',
      place: 'Kotak musnah 14',
      at: null,
      officer: null,
      note: '',
      conditions: ['good', 'worn', 'cracked', 'faded', 'chip', 'other'].map((code) => ({ code, text: code })),
    },
    receipt: { state: 'pending', captureId: null, takenAt: null, source: null },
    collector: { kind: 'own', name: '', nik: '', relation: '', letterSeen: false, slipSeen: false, noSlip: '' },
    person: { name: '', maskedNik: '', birth: '', photoId: 'portrait-3' },
    slipNumber: 'TP/18.13-02/2026/11824',
    canClose: false,
    why: null,
    withdrawn: part === 'withdrawn' ? TAKEN_BACK : null,
    held:
      part === 'held' || part === 'both'
        ? { reason: 'Jari bukan jari pemilik kartu', by: 'Dewi Anggraini', at: ago(60 * 20) }
        : null,
    correction:
      part === 'agrees' || part === 'both'
        ? { note: 'Gelar S.Pd. belum tercantum', by: 'Yuliana', at: ago(2), followUp: null }
        : null,
    formId: 'form-1',
    checkedEarlier: part === 'earlier',
  };
  const tried = (score: number) => {
    h.finger.tries.push({
      number: h.finger.tries.length + 1,
      finger: h.finger.finger,
      score,
      matched: score >= h.finger.limit,
      at: ago(0),
    });
    Object.assign(h.finger, {
      score,
      triesLeft: h.finger.triesLeft - 1,
      state: score >= h.finger.limit ? 'matched' : 'not_yet',
      liveImageId: `now-${h.finger.finger}`,
    });
  };
  const readCard = (differs: boolean) =>
    Object.assign(h.photo, {
      state: differs ? 'differs' : 'identical',
      chipPhotoId: 'portrait-3',
      bytes: 4812,
      readAt: ago(0),
      unread: null,
    });
  /** The lines that this collector and this old card need, as the core asks for them. */
  function lines(): void {
    const wanted: HandoverLine[] = h.collector.kind === 'own' ? ['face_same'] : [];
    if (h.collector.kind === 'own' && !h.correction) wanted.push('data_read');
    if (h.oldCard.state === 'withdrawn') wanted.push('old_card_boxed');
    if (h.collector.kind === 'other') wanted.push('envelope_sealed');
    const blank = (line: HandoverLine) => ({ line, ticked: false, by: null, at: null });
    h.photo.lines = wanted.map((line) => h.photo.lines.find((one) => one.line === line) ?? blank(line));
  }
  const judge = (line: HandoverLine, ticked: boolean) => {
    lines();
    const found = h.photo.lines.find((one) => one.line === line);
    if (!found) refuse('invalid');
    Object.assign(found, { ticked, by: ticked ? 'Yuliana' : null, at: ticked ? ago(0) : null });
  };
  const withdraw = (condition: string, place: string) =>
    Object.assign(h.oldCard, { state: 'withdrawn', condition, place, at: ago(0), officer: 'Yuliana' });
  // Taken in on an earlier day, and named by a Berita Acara since.
  if (part === 'burned') {
    withdraw('worn', 'Kotak musnah 14');
    h.oldCard.at = null;
  }
  const sign = (source: SignatureSource) =>
    Object.assign(h.receipt, { state: 'done', captureId: 'signature-receipt', takenAt: ago(0), source });
  if (part === 'almost' || part === 'done') {
    tried(31);
    tried(96);
    readCard(false);
    judge('face_same', true);
    judge('data_read', true);
    withdraw('cracked: cip tidak terbaca', 'Kotak musnah 14, digunting sudut');
    if (part === 'done') judge('old_card_boxed', true);
    sign('topaz');
  }
  if (part === 'spent') for (const score of [12, 31, 28, 22]) tried(score);
  if (part === 'differs') readCard(true);
  if (part === 'eye')
    Object.assign(h.photo, { state: 'unmeasured', byEye: true, chipPhotoId: 'portrait-3', bytes: 9120 });
  if (part === 'no_reference') Object.assign(h.finger, { state: 'no_reference', recordImageId: null });
  if (part === 'other')
    h.collector = {
      kind: 'other',
      name: 'Made Artini',
      nik: '1813024507909003',
      relation: 'Istri',
      letterSeen: true,
      slipSeen: true,
      noSlip: '',
    };

  function open(): Why | null {
    if (h.withdrawn) return h.withdrawn;
    const no = (key: string): Why => ({ key, args: {} });
    const other = h.collector.kind === 'other';
    if (other && h.finger.state !== 'witnessed') return no('finger_must_be_witnessed');
    if (!['matched', 'witnessed'].includes(h.finger.state)) return no('finger_unmatched');
    if (other && !h.collector.letterSeen) return no('letter_missing');
    if (other && !h.collector.slipSeen && h.collector.noSlip === '') return no('slip_missing');
    if (!['identical', 'seen_same'].includes(h.photo.state)) return no('photo_unmatched');
    if (h.oldCard.state === 'needed') return no('old_card_missing');
    lines();
    if (h.photo.lines.some((l) => !l.ticked)) return no('lines_unjudged');
    return h.receipt.state === 'pending' ? no('receipt_unsigned') : null;
  }
  let confirmed = false;
  const now = async (id: string): Promise<Handover> => {
    h.id = id;
    const { name, nik, values } = world.visit(id);
    Object.assign(h.person, {
      name: name.toUpperCase(),
      maskedNik: `${nik.slice(0, 6)}••••••${nik.slice(12)}`,
      birth: `KRUI, ${longDay(values['tanggal_lahir'] ?? '2008-03-14')}`,
    });
    lines();
    if (h.correction) h.correction.followUp = world.corrections.find((one) => one.id === id)?.followUp ?? null;
    h.why = open();
    h.canClose = h.why === null;
    return structuredClone(h);
  };
  return {
    handover: now,
    async handoverFinger(id, finger) {
      if (h.collector.kind === 'other') refuse('refused_finger_must_be_witnessed');
      if (h.finger.triesLeft === 0) refuse('refused_tries_spent', { limit: '4' });
      await wait(250);
      Object.assign(h.finger, { finger, recordImageId: `print-${finger}` });
      tried(h.finger.tries.length === 0 ? 31 : 96);
      return now(id);
    },
    async handoverWitness(id, note, cannotLay, witnessId, password) {
      if (password === 'salah') refuse('wrong_password');
      const tried = h.finger.triesLeft < h.finger.mostTries || h.finger.untried !== null;
      if (h.collector.kind === 'own' && !tried && !cannotLay) refuse('refused_finger_untried');
      Object.assign(h.finger, { state: 'witnessed', note, witness: witnessId });
      return now(id);
    },
    async readHandoverCard(id) {
      await wait(250);
      readCard(part === 'differs');
      return now(id);
    },
    async compareHandoverPhoto(id, same) {
      if (!h.photo.byEye) refuse('photo_measured');
      Object.assign(h.photo, { state: same ? 'seen_same' : 'seen_differs', readAt: ago(0) });
      return now(id);
    },
    async judgeHandover(id, line, ticked) {
      judge(line, ticked);
      return now(id);
    },
    async withdrawOldCard(id, condition, place) {
      if (condition === '' || place === '') refuse('refused_reason_missing');
      withdraw(condition, place);
      return now(id);
    },
    async oldCardAbsent(id, note) {
      if (h.oldCard.state === 'withdrawn') refuse('refused_old_card_is_here');
      Object.assign(h.oldCard, { state: 'absent', note, at: ago(0), officer: 'Yuliana' });
      return now(id);
    },
    async setCollector(id, collector) {
      if (collector.kind === 'other' && !/^\d{16}$/.test(collector.nik)) refuse('refused_collector_incomplete');
      const { kind, name, nik } = h.collector;
      const same = kind === collector.kind && nik === collector.nik && name.trim() === collector.name.trim();
      h.collector = { ...collector };
      if (same) return now(id);
      // What was shown of one person says nothing of another.
      Object.assign(h.finger, { state: 'not_tried', score: null, liveImageId: null, witness: null, note: '' });
      h.receipt = { state: 'pending', captureId: null, takenAt: null, source: null };
      h.photo.lines = h.photo.lines.filter((one) => one.line === 'old_card_boxed');
      return now(id);
    },
    async saveReceipt(id, source) {
      sign(source);
      return now(id);
    },
    async padReceipt(id) {
      world.pen = true;
      for (let i = 0; i < 8 && world.pen; i += 1) {
        await wait(30);
        world.tell({
          event: 'pad_stroke',
          points: [0, 1, 2].map((n) => ({ x: 0.2 + i * 0.07 + n * 0.02, y: 0.15, t: i * 30 + n, p: 0.5, down: true })),
        });
      }
      sign('topaz');
      return now(id);
    },
    async receiptBySubstitute(id, substitute, witnessId, password) {
      if (witnessId === '' || password === 'salah') refuse('witness_password');
      const thumb = substitute === 'empty' ? null : 'print-right_thumb';
      Object.assign(h.receipt, { state: 'exception', captureId: thumb, takenAt: thumb && ago(0), source: null });
      return now(id);
    },
    async setShelf(id, place) {
      Object.assign(h, { shelf: place, shelvedAt: place === '' ? null : ago(0) });
      return now(id);
    },
    async disputeCard(id, note, witnessId, password) {
      if (witnessId === '' || password === 'salah') refuse('witness_password');
      const v = world.visit(id);
      if (note.trim() === '') refuse('refused_reason_missing');
      if (h.withdrawn) return world.view(Object.assign(v, { step: 'status', state: 'open' }));
      Object.assign(v, {
        step: 'print',
        state: 'returned',
        returned: { at: ago(0), reasons: [], note, documentId: null, hasSlipPrinter: true },
      });
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },
    async holdCard(id, reason, place) {
      if (reason.trim() === '') refuse('refused_reason_missing');
      if (place.trim() === '') refuse('refused_shelf_missing');
      Object.assign(h, { shelf: place, shelvedAt: ago(0), held: { reason, by: 'Yuliana', at: ago(0) } });
      h.collector = { kind: 'own', name: '', nik: '', relation: '', letterSeen: false, slipSeen: false, noSlip: '' };
      Object.assign(h.finger, { state: 'not_yet', note: '', witness: null });
      h.receipt = { state: 'pending', captureId: null, takenAt: null, source: null };
      h.photo.lines = h.photo.lines.filter((one) => one.line === 'old_card_boxed');
      world.tell({ event: 'queue_changed' });
      return world.view(world.visit(id));
    },
    async loseCard(id, note, witnessId, password) {
      if (witnessId === '' || password === 'salah') refuse('witness_password');
      if (note.trim() === '') refuse('refused_reason_missing');
      const v = world.visit(id);
      Object.assign(v, { step: h.withdrawn ? 'status' : 'print', state: 'open' });
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },
    async cardAgrees(id, note) {
      if (note.trim() === '') refuse('refused_reason_missing');
      const { ticket, name } = world.visit(id);
      h.correction = { note, by: 'Yuliana', at: ago(0), followUp: null };
      world.corrections.push({ id, ticket, name, maskedNik: h.person.maskedNik, note, at: ago(0), followUp: null });
      world.tell({ event: 'queue_changed' });
      return now(id);
    },
    async confirmHandover(id, name, photoId) {
      const why = open();
      if (why) refuse(`refused_${why.key}`);
      const seen = await now(id);
      if (name !== seen.person.name || photoId !== seen.person.photoId) refuse('handover_person_changed');
      confirmed = true;
      return seen;
    },
    async closeHandover(id) {
      const why = open();
      if (why) refuse(`refused_${why.key}`);
      if (!confirmed) refuse('refused_person_unconfirmed');
      const v = world.visit(id);
      v.state = 'done';
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },
    unclaimed: async () =>
      world.scene === 'empty'
        ? []
        : [
            {
              id: 'a016',
              ticket: 'A-011',
              name: 'Suparman',
              maskedNik: '181302••••••9001',
              serial: '0718-224-914',
              place: 'B2-07',
              days: 1,
              slipNumber: 'TP/18.13-02/2026/11824',
            },
            {
              id: 'a020',
              ticket: 'A-003',
              name: 'Made Artini',
              maskedNik: '181302••••••9003',
              serial: '0718-224-871',
              place: 'A1-02',
              days: 34,
              slipNumber: 'TP/18.13-02/2026/11790',
            },
          ],
  };
}
