// Step 8 of the twin. ?part= sets up a moment: stopped, unknown_print, torn, quality, go, go_writing, go_printing, go_rejected, go_inside, came_out, test_there, earlier_there and whatever else is told of an earlier card, spoiled, spoiled_blind, spoiled_inside, supplies, warned, withdrawn, differs.
import type { Backend, CardPrint } from '../contract';
import { cardFaceSvg, svgUrl } from './pictures';
import { ago, codes, momentOf, number, type PrintDesk } from './print_desk';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'printQueue'
  | 'cardPrint'
  | 'cardFace'
  | 'startPrint'
  | 'cancelPrint'
  | 'bringCardOut'
  | 'printResult'
  | 'takeOtherBlangko'
  | 'setCardNumber'
  | 'exchangeBlangko'
  | 'photographSpoiled'
  | 'leaveSpoiledPhoto'
  | 'endSpoiledChip'
  | 'writeChip'
  | 'leaveChipOut'
  | 'acceptCard'
  | 'printCalibration'
  | 'setPrinterOffset'
>;

/** Why the chip of a spoiled card is still alive, by where it can be ended. */
const NOT_ENDED = { reader: 'chip_reader', printer: 'chip_reader_inside', none: 'chip_no_reader' };

/** What the centre said after the slip was given. */
export const TAKEN_BACK: NonNullable<CardPrint['withdrawn']> = {
  key: 'print_ready_withdrawn',
  args: { status: 'DUPLICATE_RECORD', said: 'duplicate_record', at: '2026-11-23T03:12:00Z' },
};

export function printMock(world: World, desk: PrintDesk): Part {
  const part = momentOf();
  const { queue } = desk;
  const c: CardPrint = {
    id: '',
    name: '',
    needs: part === 'wna' ? 'blangko_wna' : 'blangko',
    nextSerial: number(desk.serial),
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
  /** What the printer still holds, or did since, of a card that was decided about: it is told before the next one is sent. */
  const earlier = part.startsWith('earlier_') || part === 'test_there' ? `print_${part}` : null;
  const before = () => earlier && refuse(earlier, { serial: number(desk.serial - 1) });
  let overruled = false;
  const job = (state: NonNullable<CardPrint['job']>['state'], why: string | null = null) => {
    c.job = {
      jobId: 'j',
      serial: number(desk.serial),
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
    c.card = number(desk.serial);
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
  /** The number under which the card of A-010 is under way. */
  let elsewhere = number(915);
  const carries = (id: string, at: string): NonNullable<CardPrint['job']> => {
    const named = { serial: at.trim(), ticket: world.visit(id).ticket, other: 'A-010', with: 'a010' };
    if (bare(at) === bare(elsewhere)) refuse('print_number_of_other', named);
    return c.job ?? refuse('refused_nothing_under_way');
  };
  const spoiledOf = (at: string) => c.spoiled.find((s) => s.serial === at) ?? refuse('not_found');
  if (part.startsWith('spoiled')) spoil(number(912), 'chip', 'Hendra Saputra', true);
  if (part === 'reported') job('reported');
  if (part === 'stopped') job('stopped', 'printer_ribbon_empty');
  if (part === 'unknown_print' || part === 'came_out') job('unknown');
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
  return {
    printQueue: async () => structuredClone(queue),
    cardPrint: card,
    cardFace: async (id) => svgUrl(cardFaceSvg(world.visit(id).name)),
    async startPrint(id, wanted, jobId) {
      if (c.job?.jobId === jobId) return card(id);
      if (c.job) refuse('refused_print_under_way', { blangko: c.job.serial });
      before();
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
        if (result === 'not_printed' && part === 'came_out' && !overruled) {
          overruled = true;
          refuse('print_came_out');
        }
        if (result === 'not_found') {
          if (!witnessId || password === 'salah') refuse('witness_password');
          desk.serial += 1;
          c.nextSerial = number(desk.serial);
        } else if (result === 'spoiled') {
          if (!witnessId || password === 'salah') refuse('witness_password');
          spoil(at, said, witnessId, c.chip.written > 0);
          desk.serial += 1;
          c.nextSerial = number(desk.serial);
        }
        Object.assign(c, { job: null, card: null, chip: { ...c.chip, state: 'not_yet', written: 0, total: 0 } });
      }
      return card(id);
    },
    async takeOtherBlangko(id, at) {
      carries(id, at);
      good();
      c.card = at.trim();
      return card(id);
    },
    async setCardNumber(id, at) {
      carries(id, at).serial = at.trim();
      return card(id);
    },
    async exchangeBlangko(id, at, other) {
      if (!c.job) refuse('refused_nothing_under_way');
      if (other !== 'a010' || bare(at) !== bare(elsewhere)) refuse('print_exchange_over', { serial: at.trim() });
      elsewhere = c.job.serial;
      c.job.serial = at.trim();
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
    async printCalibration() {
      before();
      return { state: 'sent', reason: null, printer: 'Evolis Avansia' };
    },
    async setPrinterOffset(xMm, yMm) {
      queue.offset = { ...queue.offset, xMm, yMm };
      c.offset = queue.offset;
      return structuredClone(queue);
    },
  };
}
