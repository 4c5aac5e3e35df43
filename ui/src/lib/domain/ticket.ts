import { backend } from '$lib/backend/backend';
import { session } from './session.svelte';

/** The queue number of a visit, out of the roll. True when it came out; else the window says what to do. A second one says why. */
export async function printTicket(id: string, reason = ''): Promise<boolean> {
  try {
    if ((await backend().printTicket(id, reason)).state === 'done') return true;
  } catch {
    // Why not is seen at the printer and on the device page; here it counts that the applicant has no number in hand.
    if (session.station?.phase !== 'open') return false;
  }
  session.problem = { code: 'ticket', key: 'ticket_not_printed', tone: 'hold', args: {} };
  return false;
}
