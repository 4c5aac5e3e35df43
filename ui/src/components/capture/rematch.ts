// Score against limit, on one bar, and which finger is next.
import type { RematchFinger } from '$lib/backend/contract';
import { say, t } from './kit';

/** The bar reaches to four times the limit, so the limit stands at a quarter. */
const SPAN = 4;

/** Share of the bar that is filled, 0–1. */
export function barShare(score: number, limit: number): number {
  if (limit <= 0) return 0;
  return Math.max(0, Math.min(1, score / (limit * SPAN)));
}

/** Where the limit's tick stands on the bar. */
export const LIMIT_SHARE = 1 / SPAN;

/** What is said where the slap scanner stands in for a module that is away or failed: why, and where the finger goes. */
export function standsIn(why: string, finger: string): string {
  return t('capture.rematch.instead', { state: say('capture.trouble.state', why), finger });
}

/** Whether this finger needs nothing more. */
export function isSettled(finger: RematchFinger): boolean {
  return finger.state === 'matched' || finger.state === 'noted' || finger.state === 'exception';
}

/** The finger that waits now: the first that is not settled. */
export function currentRematch(list: RematchFinger[]): RematchFinger | null {
  return list.find((f) => !isSettled(f)) ?? null;
}

/** One try that gave a print. */
export type Compared = RematchFinger['attempts'][number] & { score: number };

/** Whether the finger was read in this try. */
export function isCompared(one: RematchFinger['attempts'][number]): one is Compared {
  return one.score !== null;
}

/** The attempt that the pair on screen shows: the last one that gave a print. */
export function lastAttempt(finger: RematchFinger): Compared | null {
  return finger.attempts.filter(isCompared).at(-1) ?? null;
}

/** What the newest press did not give: null when it gave a print. */
export function unreadReason(finger: RematchFinger): 'not_read' | 'nothing_seen' | null {
  const last = finger.attempts.at(-1);
  if (!last || isCompared(last)) return null;
  return last.reasons[0] === 'nothing_seen' ? 'nothing_seen' : 'not_read';
}
