// Whether the wired signature pad can be offered.
import type { DeviceLine } from '$lib/backend/contract';

/** A pad is silent until it is asked: plugged in and not yet opened is as good as ready. */
export function padOffered(devices: readonly DeviceLine[]): boolean {
  return devices.some((d) => d.role === 'signature_pad' && (d.state === 'ready' || d.state === 'present'));
}
