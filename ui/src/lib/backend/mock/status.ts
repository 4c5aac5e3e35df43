// Step 7 of the twin. ?part= sets up a moment: stale, none, duplicate, unknown, later, no_printer, withdrawn.
import type { Backend, ReasonText, Status } from '../contract';
import { ago, momentOf } from './print_desk';
import { printed } from './prints';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  'statusCheck' | 'refreshStatus' | 'givePickupSlip' | 'issueSuket' | 'tellApplicant' | 'printSlip'
>;

/** All ready-made reasons why there is no card yet, as `station/src/status/reason.rs` lists them. */
export const STATUS_REASONS: ReasonText[] = [
  { code: 'processing', text: 'data perekaman masih diproses di pusat' },
  { code: 'not_arrived', text: 'data perekaman belum sampai di pusat' },
  { code: 'blangko', text: 'blangko KTP-el sedang kosong' },
  { code: 'elsewhere', text: 'kartu lain atas nama pemohon sedang atau sudah dibuat di tempat lain' },
  { code: 'duplicate', text: 'data perekaman perlu diperiksa karena mirip data lain' },
  { code: 'record_again', text: 'perekaman perlu diulang' },
  { code: 'trouble', text: 'layanan pusat data sedang terganggu' },
  { code: 'outdated', text: 'status dari pusat sudah lama dan belum bisa diperbarui' },
];
/** Those that the centre's word bears out where its receipt is here; any other word: it is at work. */
const BORNE_OUT: Partial<Record<string, string[]>> = {
  unregistered: ['processing', 'record_again'],
  adjudicate_record: ['duplicate'],
  duplicate_record: ['duplicate'],
  enroll_failure_at_central: ['record_again'],
  enroll_failure_at_regional: ['record_again'],
  print_ready_record: [],
  sent_for_card_printing: [],
  card_printed: [],
  card_shipped: [],
  card_issued: [],
  card_lost: [],
  card_replaced: [],
};
/** The card of here ended by another one's request. */
const ENDED = ['card_lost', 'card_replaced'];

export function statusMock(world: World): Part {
  const part = momentOf();
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
    reasons: [],
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
  /** Whether a ready-made reason can be true now; the centre has this recording's receipt where it has said anything. */
  const fits = (code: string): boolean => {
    const word = status.now?.key ?? null;
    const printable = word === 'print_ready_record';
    if (code === 'trouble') return true;
    if (code === 'outdated') return (status.now?.ageSeconds ?? 0) > status.limitSeconds;
    if (code === 'blangko') return printable && status.pickup.blangko === 0;
    if (code === 'elsewhere') return ENDED.includes(word ?? '') || (printable && status.request === 'elsewhere');
    if (code === 'record_again' && status.reRecord) return !printable;
    return !printable && (word === null ? ['not_arrived'] : (BORNE_OUT[word] ?? ['processing'])).includes(code);
  };
  const told = async (id: string) =>
    structuredClone({ ...status, id, reasons: STATUS_REASONS.filter(({ code }) => fits(code)) });
  /** One that cannot be true would stand on a signed letter. */
  const borneOut = (reason: string): void => {
    if (reason.trim() === '') refuse('refused_reason_missing');
    const ready = STATUS_REASONS.find((known) => known.code === reason || reason.startsWith(known.text));
    if (ready && !fits(ready.code)) refuse('reason_untrue');
  };
  return {
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
        number: 'TP/18.13-02/2026/11824',
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
      borneOut(reason);
      status.outcome = 'suket';
      status.suket = {
        number: 'L-470/0118/SKT/18.13-02/XI/2026',
        documentId: 'suket',
        givenAt: ago(0),
        printedAt: null,
        prints: 0,
        validUntil: ago(-60 * 24 * 182),
      };
      return told(id);
    },
    async tellApplicant(id, reason) {
      borneOut(reason);
      const toldSlip = {
        number: 'SP/18.13-02/2026/00412',
        documentId: 'told',
        givenAt: ago(0),
        printedAt: null,
        prints: 0,
        validUntil: null,
      };
      Object.assign(status, { outcome: 'told', told: reason, toldAt: ago(0), toldSlip });
      return told(id);
    },
    printSlip: async (documentId, reason) =>
      printed(world, documentId, reason, { state: 'sent', reason: null, printer: 'Printer slip' }),
  };
}
