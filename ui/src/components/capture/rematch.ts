// Score against limit, on one bar, and which finger is next.
import type { RematchFinger } from '$lib/backend/contract';

/** The bar reaches to four times the limit, so the limit stands at a quarter. */
const SPAN = 4;

/** Share of the bar that is filled, 0–1. */
export function barShare(score: number, limit: number): number {
  if (limit <= 0) return 0;
  return Math.max(0, Math.min(1, score / (limit * SPAN)));
}

/** Where the limit's tick stands on the bar. */
export const LIMIT_SHARE = 1 / SPAN;

/** Whether this finger needs nothing more. */
export function isSettled(finger: RematchFinger): boolean {
  return finger.state === 'matched' || finger.state === 'noted' || finger.state === 'exception';
}

/** The finger that waits now: the first that is not settled. */
export function currentRematch(list: RematchFinger[]): RematchFinger | null {
  return list.find((f) => !isSettled(f)) ?? null;
}

/** The attempt that the pair on screen shows: the last one. */
export function lastAttempt(finger: RematchFinger): RematchFinger['attempts'][number] | null {
  return finger.attempts[finger.attempts.length - 1] ?? null;
}
