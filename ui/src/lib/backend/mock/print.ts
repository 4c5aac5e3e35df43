// Steps 6 to 8 of the twin. ?part= sets up a moment: held, urgent · stale, none, duplicate, unknown, given, later, no_printer · stopped, unknown_print, torn, quality, go, go_writing, go_printing, go_rejected, go_inside, spoiled, spoiled_blind, spoiled_inside, supplies, warned, withdrawn, differs.
import type { Backend, CardPrint, PrintQueue, PrintRequest, Status, Turn } from '../contract';
import { cardFaceSvg, svgUrl } from './pictures';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'printRequest'
  | 'photographBerkas'
  | 'setPriority'
  | 'turn'
  | 'setTurn'
  | 'renderCover'
  | 'submitPrintRequest'
  | 'statusCheck'
  | 'refreshStatus'
  | 'givePickupSlip'
  | 'issueSuket'
  | 'tellApplicant'
  | 'printSlip'
  | 'printQueue'
  | 'cardPrint'
  | 'cardFace'
  | 'startPrint'
  | 'cancelPrint'
  | 'bringCardOut'
  | 'printResult'
  | 'takeOtherBlangko'
  | 'photographSpoiled'
  | 'leaveSpoiledPhoto'
  | 'endSpoiledChip'
  | 'writeChip'
  | 'leaveChipOut'
  | 'acceptCard'
  | 'printCalibration'
  | 'setPrinterOffset'
>;

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const codes = (...list: string[]) => list.map((code) => ({ code, text: code }));

/** Why the chip of a spoiled card is still alive, by where it can be ended. */
const NOT_ENDED = { reader: 'chip_reader', printer: 'chip_reader_inside', none: 'chip_no_reader' };

/** What the centre said after the slip was given. */
export const TAKEN_BACK: NonNullable<CardPrint['withdrawn']> = {
  key: 'print_ready_withdrawn',
  args: { status: 'DUPLICATE_RECORD', said: 'duplicate_record', at: '2026-11-23T03:12:00Z' },
};

export function printMock(world: World): Part {
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  const held = part === 'held';
  const request: PrintRequest = {
    id: '',
    papers: [
      {
        item: 'formulir_perekaman',
        label: 'Formulir Permohonan Perekaman',
        required: true,
        state: 'attached',
        pages: [{ captureId: 'berkas-1' }],
      },
      {
        item: 'kartu_keluarga',
        label: 'Fotokopi KK',
        required: true,
        state: 'attached',
        pages: [{ captureId: 'berkas-2' }, { captureId: 'berkas-3' }],
      },
      { item: 'ktp_lama', label: 'KTP-el lama', required: false, state: 'missing', pages: [] },
    ],
    lines: [
      { condition: 'papers', state: 'met', why: null },
      {
        condition: 'age',
        state: held ? 'hold' : 'met',
        why: held ? { key: 'held_for_age', args: { until: '2027-02-02' } } : null,
      },
      { condition: 'identity', state: 'met', why: null },
      { condition: 'one_request', state: 'met', why: null },
      { condition: 'blangko', state: 'met', why: { key: 'blangko_low', args: { left: '312' } } },
    ],
    printFrom: held ? '2027-02-02' : null,
    priority: 'normal',
    priorityReason: '',
    priorityReasons: codes('sick', 'bpjs', 'school', 'elderly', 'disability', 'travel', 'other'),
    mayPrioritise: true,
    cover: null,
    requestedAt: null,
    position: null,
    queueLength: 4,
    canRequest: !held,
    why: held ? { key: 'held_for_age', args: { until: '2027-02-02' } } : null,
  };
  const KEYS: Record<string, [string, string]> = {
    duplicate: ['duplicate_record', 'DUPLICATE RECORD'],
    withdrawn: ['duplicate_record', 'DUPLICATE_RECORD'],
    unknown: ['unknown', 'REVIEW_PENDING_X'],
  };
  const [key, raw] = KEYS[part] ?? ['print_ready_record', 'PRINT_READY_RECORD'];
  const ready = key === 'print_ready_record';
  const status: Status = {
    id: '',
    now:
      part === 'none'
        ? null
        : {
            key,
            raw,
            source: 'centre',
            asOf: ago(2),
            seenAt: ago(2),
            ageSeconds: 130,
            freshness: 'fresh',
            ready,
            stuck: false,
          },
    limitSeconds: 86_400,
    history:
      part === 'none'
        ? []
        : [
            { at: ago(2), key, raw, source: 'centre', unlisted: part === 'unknown' },
            { at: ago(5), key: 'received_at_central', raw: 'RECEIVED_AT_CENTRAL', source: 'centre', unlisted: false },
            { at: ago(8), key: 'sent_for_enrollment', raw: 'SENT_FOR_ENROLLMENT', source: 'courier', unlisted: false },
          ],
    outcome: 'open',
    askedAt: part === 'none' ? null : ago(2),
    cause: null,
    hasCentre: true,
    pickup: {
      place: 'Loket 3, kantor Disdukcapil, Krui',
      hours: 'Senin sampai Kamis 08.00–15.30, Jumat 08.00–14.00',
      ready: ['later', 'no_printer'].includes(part)
        ? 'Sesudah diberi tahu bahwa kartu sudah jadi, pada jam layanan.'
        : 'Hari ini, atau hari lain pada jam layanan.',
      later: part === 'later' || part === 'no_printer',
      hasPrinter: part !== 'no_printer',
      blangko: part === 'later' ? 3 : 312,
      ahead: 4,
      bring: ['Lembar Tanda Pengambilan', 'KTP-el lama, bila ada', 'Jari yang direkam'],
      otherPerson: 'Wakil membawa lembar ini, surat kuasa, dan KTP-el miliknya.',
    },
    slip: null,
    suket: null,
    toldSlip: null,
    told: null,
    toldAt: null,
    reasons: [
      { code: 'processing', text: 'Data perekaman masih diproses di pusat' },
      { code: 'not_arrived', text: 'Data perekaman belum sampai di pusat' },
      { code: 'duplicate', text: 'Data perekaman perlu diperiksa karena mirip data lain' },
      { code: 'record_again', text: 'Perekaman perlu diulang' },
    ],
    canSlip: ready && part !== 'none' && part !== 'stale',
    slipWhy: null,
    canRefuse: !ready || part === 'none' || part === 'stale',
    refuseWhy: ready && part !== 'none' && part !== 'stale' ? { key: 'is_print_ready', args: {} } : null,
    hasSlipPrinter: true,
    reRecord: null,
    request: null,
  };
  if (part === 'none') status.slipWhy = { key: 'status_unknown', args: {} };
  else if (!ready) status.slipWhy = { key: 'not_print_ready', args: {} };
  if (part === 'stale' && status.now) {
    status.now = { ...status.now, asOf: ago(3000), ageSeconds: 180_000, freshness: 'stale' };
    status.cause = 'no_network';
    status.slipWhy = { key: 'status_too_old', args: {} };
  }
  let serial = 913;
  const number = (n: number) => `0718-224-${n}`;
  const queue: PrintQueue = {
    rows:
      world.scene === 'empty'
        ? []
        : (
            [
              ['a011', 'A-011', 'Suparman', 'waiting', 'urgent', 'elderly', 17, null],
              ['a003', 'A-003', 'Made Artini', 'waiting', 'normal', '', 37, null],
              ['a010', 'A-010', 'Rosmawati', 'unknown', 'normal', '', 10, null],
              ['a007', 'A-007', 'Dian Permata', 'held_for_age', 'normal', '', 60, '2027-02-02'],
            ] as const
          ).map(([id, ticket, name, state, priority, priorityReason, minutes, printFrom]) => ({
            id,
            ticket,
            name,
            maskedNik: '181302••••••0001',
            state,
            priority,
            priorityReason,
            waitingSeconds: minutes * 60,
            printFrom,
          })),
    stock: {
      blangko: 312,
      days: 6,
      reorderPoint: 500,
      level: 'low',
      agrees: true,
      received: 600,
      receivedAt: ago(60 * 24 * 14),
      ribbon: part === 'supplies' ? 0 : 140,
      film: part === 'supplies' ? 0 : 380,
      printerRibbon: 140,
      printerFilm: part === 'supplies' ? null : 380,
      ribbonNote: part === 'supplies' ? 'differs' : null,
      filmNote: part === 'supplies' ? 'unbooked' : null,
      printerWarnings: part === 'warned' ? ['cleaning_due', 'feeder_low'] : [],
      shelf: 40,
      spoiledMonth: 7,
      spentMonth: 388,
    },
    printer: 'Evolis Avansia',
    printerWhy: null,
    offset: { printer: 'Evolis Avansia', xMm: 0.2, yMm: -0.1 },
  };
  const c: CardPrint = {
    id: '',
    name: '',
    needs: part === 'wna' ? 'blangko_wna' : 'blangko',
    nextSerial: number(serial),
    job: null,
    card: null,
    chip: {
      state: 'not_yet',
      uid: '',
      profile: 'latihan',
      written: 0,
      total: 0,
      log: null,
      note: '',
      without: [],
      why: null,
    },
    oneGo: part.startsWith('go'),
    spoiled: [],
    chipPlace: part === 'spoiled_blind' ? null : part === 'spoiled_inside' ? 'printer' : 'reader',
    camera: part !== 'spoiled_blind',
    spoilReasons: codes('misprint', 'wrong_data', 'chip', 'factory', 'damaged', 'other'),
    missing: part === 'differs' ? ['record_differs'] : [],
    differs: part === 'differs' ? [{ label: 'Alamat', form: 'JL. MERDEKA NO. 27', record: 'JL. SUDIRMAN NO. 4' }] : [],
    queue: queue.rows,
    stock: queue.stock,
    printer: queue.printer,
    printerWhy: null,
    offset: queue.offset,
    shelf: 'B2-07',
    canStart: true,
    startWhy: null,
    canAccept: false,
    acceptWhy: null,
    withdrawn: part === 'withdrawn' ? TAKEN_BACK : null,
  };
  const job = (state: NonNullable<CardPrint['job']>['state'], why: string | null = null) => {
    c.job = {
      jobId: 'j',
      serial: number(serial),
      state,
      printer: 'Evolis Avansia',
      startedAt: ago(1),
      why: why ? { key: why, args: {} } : null,
      stage: null,
      inside: part.startsWith('go') && state === 'unknown',
    };
  };
  const good = () => {
    c.job = null;
    c.card = number(serial);
  };
  const bare = (text: string) => text.replace(/\D/g, '');
  const spoil = (at: string, reason: string, witness: string | null, written: boolean) =>
    c.spoiled.push({
      serial: at,
      reason,
      at: ago(0),
      photoId: null,
      photoNote: '',
      witness,
      chip: written ? 'alive' : 'none',
      chipWhy: written ? { key: NOT_ENDED[c.chipPlace ?? 'none'], args: {} } : null,
    });
  const spoiledOf = (at: string) => c.spoiled.find((s) => s.serial === at) ?? refuse('not_found');
  if (part.startsWith('spoiled')) spoil(number(912), 'chip', 'Hendra Saputra', true);
  if (part === 'reported') job('reported');
  if (part === 'stopped') job('stopped', 'printer_ribbon_empty');
  if (part === 'unknown_print') job('unknown');
  if (part === 'go_writing' || part === 'go_printing') {
    job('printing');
    c.chip = { ...c.chip, state: 'writing', uid: '04A1', written: 4, total: 7 };
    if (c.job) c.job.stage = part === 'go_writing' ? 'writing' : 'printing';
  }
  if (part === 'go_rejected') {
    job('stopped', 'print_chip_rejected');
    c.chip = { ...c.chip, state: 'torn', uid: '04A1', written: 4, total: 7 };
  }
  if (part === 'go_inside') job('unknown', 'print_cut_off');
  if (['chip', 'torn', 'quality'].includes(part)) good();
  if (part === 'torn') c.chip = { ...c.chip, state: 'torn', written: 4, total: 7 };
  if (part === 'quality') c.chip = { ...c.chip, state: 'verified', written: 7, total: 7, without: ['finger_2_room'] };
  const card = async (id: string): Promise<CardPrint> => {
    c.id = id;
    c.name = world.visit(id).name;
    const unshown = c.spoiled.some((s) => s.photoId === null && s.photoNote === '');
    c.canStart = c.job === null && c.card === null && !unshown && c.withdrawn === null && c.missing.length === 0;
    c.startWhy =
      c.differs.length > 0
        ? { key: 'card_data_differ', args: {} }
        : unshown
          ? { key: 'spoiled_unshown', args: {} }
          : c.withdrawn;
    c.canAccept = c.card !== null && ['verified', 'left_out'].includes(c.chip.state);
    return structuredClone(c);
  };
  const asked = async (id: string) => structuredClone({ ...request, id });
  const turnOf = (id: string): Turn => {
    const at = queue.rows.findIndex((one) => one.id === id);
    const row = queue.rows[at];
    const visit = world.visits.find((one) => one.id === id);
    return structuredClone({
      id,
      ticket: row?.ticket ?? visit?.ticket ?? '',
      name: row?.name ?? visit?.name ?? '',
      priority: (row ?? request).priority,
      priorityReason: (row ?? request).priorityReason,
      priorityReasons: request.priorityReasons.filter((one) => one.code !== 'other'),
      position: row ? at + 1 : null,
      queueLength: queue.rows.length,
      why:
        row && row.state !== 'waiting' && row.state !== 'at_centre'
          ? { key: 'print_under_way', args: { blangko: number(serial) } }
          : null,
    });
  };
  const told = async (id: string) => structuredClone({ ...status, id });
  return {
    printRequest: asked,
    async photographBerkas(id, item) {
      const paper = request.papers.find((p) => p.item === item) ?? refuse('not_found');
      paper.pages = [...paper.pages, { captureId: `berkas-${item}-${paper.pages.length}` }];
      paper.state = 'attached';
      // What was made of other pages is no cover of this file any more.
      request.cover = null;
      return asked(id);
    },
    async setPriority(id, priority, reason) {
      if (priority === 'urgent' && reason === '') refuse('refused_reason_missing');
      Object.assign(request, { priority, priorityReason: reason, cover: null });
      return asked(id);
    },
    turn: async (id) => turnOf(id),
    async setTurn(id, priority, reason) {
      if (priority === 'urgent' && reason === '') refuse('refused_reason_missing');
      const row = queue.rows.find((one) => one.id === id);
      Object.assign(row ?? request, { priority, priorityReason: reason });
      queue.rows.sort(
        (a, b) =>
          Number(b.priority === 'urgent') - Number(a.priority === 'urgent') || b.waitingSeconds - a.waitingSeconds,
      );
      world.tell({ event: 'queue_changed' });
      return turnOf(id);
    },
    async renderCover(id) {
      request.cover = { documentId: 'cover', pages: 1 };
      return asked(id);
    },
    async submitPrintRequest(id) {
      if (!request.canRequest) refuse('refused_held_for_age', { until: '2027-02-02' });
      const v = world.visit(id);
      v.step = 'print_request';
      return world.advance(v);
    },
    statusCheck: told,
    async refreshStatus(id) {
      await new Promise((done) => setTimeout(done, 300));
      status.askedAt = ago(0);
      return told(id);
    },
    async givePickupSlip(id) {
      if (!status.canSlip) refuse('refused_not_print_ready');
      status.outcome = 'slip';
      status.slip = {
        number: 'TP-26-11824',
        documentId: 'slip',
        givenAt: ago(0),
        printedAt: null,
        prints: 0,
        validUntil: null,
      };
      const v = world.visit(id);
      v.step = 'print';
      return told(id);
    },
    async issueSuket(id, reason) {
      if (reason === '') refuse('refused_reason_missing');
      status.outcome = 'suket';
      status.suket = {
        number: 'L-471.13/118',
        documentId: 'suket',
        givenAt: ago(0),
        printedAt: null,
        prints: 0,
        validUntil: ago(-60 * 24 * 182),
      };
      return told(id);
    },
    async tellApplicant(id, reason) {
      if (reason === '') refuse('refused_reason_missing');
      const toldSlip = {
        number: 'SP/18.13/2026/00412',
        documentId: 'told',
        givenAt: ago(0),
        printedAt: null,
        prints: 0,
        validUntil: null,
      };
      Object.assign(status, { outcome: 'told', told: reason, toldAt: ago(0), toldSlip });
      return told(id);
    },
    printSlip: async () => ({ state: 'sent', reason: null, printer: 'Printer slip' }),
    printQueue: async () => structuredClone(queue),
    cardPrint: card,
    cardFace: async (id) => svgUrl(cardFaceSvg(world.visit(id).name)),
    async startPrint(id, wanted, jobId) {
      if (c.job?.jobId === jobId) return card(id);
      if (c.job) refuse('refused_print_under_way', { blangko: c.job.serial });
      if (wanted === '' || c.spoiled.some((s) => s.serial === wanted)) refuse('refused_blangko_unusable');
      c.job = {
        jobId,
        serial: wanted,
        state: 'printing',
        printer: 'Evolis Avansia',
        startedAt: ago(0),
        why: null,
        stage: null,
        inside: false,
      };
      setTimeout(() => {
        if (c.job?.state === 'printing') c.job.state = 'reported';
        world.tell({ event: 'permohonan_changed', id });
      }, 400);
      return card(id);
    },
    async cancelPrint(id) {
      if (c.job) c.job.state = 'unknown';
      return card(id);
    },
    async bringCardOut(id, to) {
      if (!c.job?.inside) refuse('print_past_cancel');
      c.job.inside = false;
      c.job.why = { key: to === 'exit' ? 'print_brought_out' : 'print_brought_to_reject', args: {} };
      return card(id);
    },
    async printResult(id, result, said, witnessId, password) {
      const at = c.job?.serial ?? c.card ?? refuse('refused_nothing_under_way');
      if (result === 'unknown') job('unknown');
      else if (result === 'printed') {
        if (said.trim() === '') refuse('serial_malformed');
        if (bare(said) !== bare(at)) refuse('print_number_differs', { booked: at, read: said.trim() });
        good();
        c.card = at;
      } else {
        if (said === '') refuse('refused_reason_missing');
        if (result === 'not_found') {
          if (!witnessId || password === 'salah') refuse('witness_password');
          serial += 1;
          c.nextSerial = number(serial);
        } else if (result === 'spoiled') {
          if (!witnessId || password === 'salah') refuse('witness_password');
          spoil(at, said, witnessId, c.chip.written > 0);
          serial += 1;
          c.nextSerial = number(serial);
        }
        Object.assign(c, { job: null, card: null, chip: { ...c.chip, state: 'not_yet', written: 0, total: 0 } });
      }
      return card(id);
    },
    async takeOtherBlangko(id, at) {
      if (!c.job) refuse('refused_nothing_under_way');
      good();
      c.card = at.trim();
      return card(id);
    },
    async photographSpoiled(id, at) {
      spoiledOf(at).photoId = `rusak-${at}`;
      return card(id);
    },
    async leaveSpoiledPhoto(id, at, note) {
      if (c.camera) refuse('camera_there');
      spoiledOf(at).photoNote = note;
      return card(id);
    },
    async endSpoiledChip(id, at, where) {
      const one = spoiledOf(at);
      if (where !== c.chipPlace) refuse('chip_not_ended', { why: NOT_ENDED[c.chipPlace ?? 'none'] });
      Object.assign(one, { chip: 'ended', chipWhy: null });
      return card(id);
    },
    async writeChip(id) {
      if (!c.card) refuse('refused_no_card');
      c.chip = { ...c.chip, state: 'verified', written: 7, total: 7, log: '8f1c02ab' };
      return card(id);
    },
    async leaveChipOut(id, note) {
      c.chip = { ...c.chip, state: 'left_out', note };
      return card(id);
    },
    async acceptCard(id) {
      const v = world.visit(id);
      v.step = 'print';
      return world.advance(v);
    },
    printCalibration: async () => ({ state: 'sent', reason: null, printer: 'Evolis Avansia' }),
    async setPrinterOffset(xMm, yMm) {
      queue.offset = { ...queue.offset, xMm, yMm };
      c.offset = queue.offset;
      return structuredClone(queue);
    },
  };
}
