// What each fingertip looks like, and in which order the slaps go.
import type {
  Capture,
  ExceptionState,
  FingerName,
  FingerState,
  Notice,
  SlapName,
  SlapState,
} from '$lib/backend/contract';

/** The seven looks of a fingertip. */
export type TipLook = 'good' | 'weak' | 'reading' | 'lifting' | 'next' | 'exception' | 'later';

export const SLAPS: SlapName[] = ['right_four', 'left_four', 'thumbs'];

export const RIGHT: FingerName[] = ['right_thumb', 'right_index', 'right_middle', 'right_ring', 'right_little'];
export const LEFT: FingerName[] = ['left_thumb', 'left_index', 'left_middle', 'left_ring', 'left_little'];

/** Fingers of a slap from left to right as they lie on the glass. */
export const ON_GLASS: Record<SlapName, FingerName[]> = {
  right_four: ['right_index', 'right_middle', 'right_ring', 'right_little'],
  left_four: ['left_little', 'left_ring', 'left_middle', 'left_index'],
  thumbs: ['left_thumb', 'right_thumb'],
};

/** The slap to which a finger belongs. */
export function slapOf(finger: FingerName): SlapName {
  if (finger === 'right_thumb' || finger === 'left_thumb') return 'thumbs';
  return finger.startsWith('right') ? 'right_four' : 'left_four';
}

/** Look of one fingertip, given the slap that is on and whether it is being read now. */
export function tipLook(finger: FingerState, current: SlapName | null, reading: boolean): TipLook {
  if (finger.state === 'exception') return 'exception';
  const on = slapOf(finger.finger) === current;
  if (on && reading) return finger.state === 'weak' ? 'lifting' : 'reading';
  if (finger.state === 'reading') return 'reading';
  if (finger.state === 'good') return 'good';
  if (finger.state === 'weak' || finger.state === 'accepted_low') return 'weak';
  return on ? 'next' : 'later';
}

/** The word key under the finger's name: the first reason when it is weak, else its look. */
export function tipWord(finger: FingerState, look: TipLook): { reason: string } | { look: TipLook } {
  const reason = finger.quality?.reasons[0];
  return (look === 'weak' || look === 'lifting') && reason ? { reason } : { look };
}

/** The slap that waits now: the one marked current, else the first that is not finished. */
export function currentSlap(slaps: SlapState[]): SlapName | null {
  const marked = slaps.find((s) => s.state === 'current') ?? slaps.find((s) => s.state === 'pending');
  return marked?.slap ?? null;
}

/** Of exchanged hands the slap to be taken again next; null when both were, or nobody asks. */
export function exchangedHand(notices: Notice[]): SlapName | null {
  const parts = notices.find((n) => n.kind === 'hands_swapped')?.parts ?? [];
  return SLAPS.find((slap) => parts.includes(slap)) ?? null;
}

/** What the newest press of a slap did not give: nothing at all, or these fingers; null when it gave a picture. */
export function unreadNow(slap: SlapState): { seen: boolean; some: FingerName[] } | null {
  const press = slap.unread;
  if (!press) return null;
  const all = press.fingers.length >= slap.expected.length;
  return { seen: press.reason !== 'nothing_seen', some: all ? [] : press.fingers };
}

/** A line of "needs attention". */
export interface Attention {
  finger: FingerName;
  kind: 'weak' | 'unread' | 'exception';
  attempts: number;
  reason: string | null;
  score: number | null;
  exception: ExceptionState | null;
}

/** Weak fingers, those that a press named as not read, and exceptions, in the order of capture. */
export function attention(capture: Pick<Capture, 'fingers' | 'exceptions' | 'slaps'>): Attention[] {
  const order = SLAPS.flatMap((s) => ON_GLASS[s]);
  const press = (f: FingerState) =>
    f.state === 'pending'
      ? capture.slaps.find((s) => s.slap === slapOf(f.finger) && unreadNow(s)?.some.includes(f.finger))
      : undefined;
  return capture.fingers
    .filter((f) => f.state === 'weak' || f.state === 'accepted_low' || f.state === 'exception' || press(f))
    .sort((a, b) => order.indexOf(a.finger) - order.indexOf(b.finger))
    .map((f) => ({
      finger: f.finger,
      kind: f.state === 'exception' ? ('exception' as const) : press(f) ? ('unread' as const) : ('weak' as const),
      attempts: press(f)?.tries ?? f.attempts,
      reason: press(f)?.unread?.reason ?? f.quality?.reasons[0] ?? null,
      score: f.quality?.score ?? null,
      exception: capture.exceptions.find((e) => 'finger' in e.part && e.part.finger === f.finger) ?? null,
    }));
}

/** Bars of four from a score of 0–100; nothing when the device gives none. */
export function bars(score: number | null): number {
  if (score === null) return 0;
  return Math.max(1, Math.min(4, Math.ceil(score / 25)));
}
