// The parts of step 4, of which a visit takes what it was opened for.
import type { Capture, Modality } from '$lib/backend/contract';

/** Whether this visit takes the part. */
export function takes(c: Pick<Capture, 'tabs'>, part: Modality): boolean {
  return !c.tabs.some((tab) => tab.modality === part && tab.state === 'not_needed');
}

/** The part that follows in this visit; null after its last one, where step 4 ends. */
export function partAfter(c: Pick<Capture, 'tabs'>, part: Modality): Modality | null {
  const at = c.tabs.findIndex((tab) => tab.modality === part);
  return c.tabs.slice(at + 1).find((tab) => tab.state !== 'not_needed')?.modality ?? null;
}
