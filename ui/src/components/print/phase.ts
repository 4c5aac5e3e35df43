// Where step 8 stands, from what the shell says.
import type { CardJob, CardPrint, ChipPlace, PrintResult, SpoiledView } from '$lib/backend/contract';

export type Phase = 'blangko' | 'face' | 'chip' | 'quality';
/** The stages in their order. */
export const STAGES: readonly Phase[] = ['blangko', 'face', 'chip', 'quality'];
/** What the page asks before it acts. */
export type PrintAsk =
  'start' | 'number' | 'spoil' | 'not_printed' | 'not_found' | 'chip' | 'inside' | 'photo' | 'calibration';
/** The key that says what became of a card; what nobody finds is said only after nobody knew. */
export const RESULT_KEYS: Record<PrintResult, string> = {
  printed: 'F5',
  spoiled: 'F6',
  unknown: 'F7',
  not_printed: 'F8',
  not_found: 'F7',
};

/** The stage that waits for somebody now. */
export function phase(c: Pick<CardPrint, 'job' | 'card' | 'chip'>): Phase {
  if (c.job) return 'face';
  if (c.card === null) return 'blangko';
  return c.chip.state === 'verified' || c.chip.state === 'left_out' ? 'quality' : 'chip';
}

/** The stages as they are shown, and the one that is at work: a printer that writes chips does so before the face. */
export function stagesOf(job: CardPrint['job'], now: Phase): { list: readonly Phase[]; now: Phase } {
  if (!job?.stage) return { list: STAGES, now };
  return { list: ['blangko', 'chip', 'face', 'quality'], now: job.stage === 'printing' ? 'face' : 'chip' };
}

/** The spoiled card that still is to be photographed, or said why not. */
export const toPhotograph = (c: Pick<CardPrint, 'spoiled'>): SpoiledView | undefined =>
  c.spoiled.find((s) => s.photoId === null && s.photoNote === '');

/** The spoiled card whose chip still is to be ended. */
export const toEnd = (c: Pick<CardPrint, 'spoiled'>): SpoiledView | undefined =>
  c.spoiled.find((s) => s.chip === 'alive' || s.chip === 'in_doubt');

/** Key of what is said of a chip that is still to be ended, by where it can be. */
export function stillToEnd(s: Pick<SpoiledView, 'chip' | 'chipWhy'>, place: ChipPlace | null) {
  if (s.chip === 'in_doubt') return place === 'printer' ? 'card.chip_end.in_doubt_inside' : 'card.chip_end.in_doubt';
  if (place === null) return 'card.chip_end.alive_none';
  if (place === 'printer') return s.chipWhy ? 'card.chip_end.alive_inside_why' : 'card.chip_end.alive_inside';
  return s.chipWhy ? 'card.chip_end.alive_why' : 'card.chip_end.alive';
}

/** What may be said of the card: "not printed" only where the printer may never have taken it and its chip is as it was;
 * "printed" never of a card that went out before its face was printed. */
export function choices(c: Pick<CardPrint, 'job' | 'card' | 'chip'>): PrintResult[] {
  const unprinted = c.job?.why?.key.startsWith('print_chip_') === true;
  const carries = c.job !== null && Boolean(c.chip.uid);
  return offered(c.job?.state).filter(
    (one) => !(unprinted && (one === 'printed' || one === 'unknown')) && !(carries && one === 'not_printed'),
  );
}

function offered(state: CardJob['state'] | undefined): PrintResult[] {
  if (state === 'reported') return ['printed', 'spoiled', 'unknown'];
  if (state === 'stopped') return ['printed', 'spoiled', 'unknown', 'not_printed'];
  if (state === 'unknown') return ['printed', 'spoiled', 'not_found', 'not_printed'];
  return [];
}
