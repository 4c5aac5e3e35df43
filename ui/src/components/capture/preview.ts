// A live preview must never fall behind: the newest frame wins, and every frame is acknowledged exactly once,
// after it was painted or when a newer one took its place.
import type { DeviceRow } from '$lib/backend/contract';

/** One frame that waits for its turn. */
interface Waiting<M> {
  measure: M;
  jpeg: Blob;
  acknowledge: () => void;
}

/** Wraps `paint` so that at most one frame is being painted and at most one, the newest, waits. */
export function newestFrame<M>(
  paint: (measure: M, jpeg: Blob) => Promise<void>,
  broken: (problem: unknown) => void = () => {},
): (measure: M, jpeg: Blob) => Promise<void> {
  let waiting: Waiting<M> | null = null;
  let painting = false;

  async function drain(): Promise<void> {
    painting = true;
    while (waiting) {
      const frame: Waiting<M> = waiting;
      waiting = null;
      try {
        await paint(frame.measure, frame.jpeg);
      } catch (problem) {
        // One damaged frame is no reason to stop: the next one is on its way.
        broken(problem);
      }
      frame.acknowledge();
    }
    painting = false;
  }

  return (measure, jpeg) =>
    new Promise<void>((acknowledge) => {
      waiting?.acknowledge();
      waiting = { measure, jpeg, acknowledge };
      if (!painting) void drain();
    });
}

/** How long a picture may stand still before it is no longer called live, in milliseconds. */
export const STALE_AFTER_MS = 2000;

/** A picture of which no frame has come for this long is late, in milliseconds. */
export const LATE_AFTER_MS = 6000;

/** Whether the first frame should have been here by now. */
export function isLate(openedAt: number, now: number): boolean {
  return now - openedAt >= LATE_AFTER_MS;
}

/** Why it is late as its device says: a code, empty where it names none; null while the device is at work, and none is due. */
export function whyLate(row: Pick<DeviceRow, 'state' | 'reason'> | undefined): string | null {
  return row?.state === 'busy' ? null : (row?.reason ?? '');
}

/** Whether the last painted frame is still worth the word "live". */
export function isLive(lastPaintedAt: number | null, now: number): boolean {
  return lastPaintedAt !== null && now - lastPaintedAt < STALE_AFTER_MS;
}
/** Where a picture of one size is cut so that it fills a window of another, centred: source rectangle in picture pixels. */
export function coverCrop(
  picture: { width: number; height: number },
  window: { width: number; height: number },
): { x: number; y: number; width: number; height: number } {
  const wanted = window.width / window.height;
  const given = picture.width / picture.height;
  if (given > wanted) {
    const width = picture.height * wanted;
    return { x: (picture.width - width) / 2, y: 0, width, height: picture.height };
  }
  const height = picture.width / wanted;
  return { x: 0, y: (picture.height - height) / 2, width: picture.width, height };
}
