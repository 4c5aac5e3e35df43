// The station's wall clock. Screen and paper show the zone of the office, whatever the computer is set to.
import type { TimeZone } from '$lib/backend/contract';

/** Hours ahead of UTC; Indonesia has no summer time. */
const AHEAD: Record<TimeZone, number> = { wib: 7, wita: 8, wit: 9 };
const current = $state<{ zone: TimeZone }>({ zone: 'wib' });

export function setZone(zone: TimeZone): void {
  current.zone = zone;
}

/** "WIB", "WITA" or "WIT". */
export function zoneLabel(): string {
  return current.zone.toUpperCase();
}

/** What the station's wall clock and calendar show at a moment. */
export interface Local {
  year: number;
  /** 0 is January. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Wall clock and calendar of the station at `at`. */
export function local(at: string | number | Date): Local {
  const d = new Date(new Date(at).getTime() + AHEAD[current.zone] * 3_600_000);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth(),
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
  };
}

/** The station's civil day as 2026-11-23. */
export function isoDay(at: string | number | Date): string {
  const { year, month, day } = local(at);
  return `${year}-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
