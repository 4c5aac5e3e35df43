// One amber line: the single most useful thing to change now.
import type { MeasuredCheck, PreviewMeasure } from '$lib/backend/contract';

/** What is worth saying first: without one face nothing else matters, the backdrop matters last. */
const ORDER: MeasuredCheck['check'][] = ['single_face', 'size_position', 'light', 'exposure', 'sharpness', 'backdrop'];

/** The advice of a frame: what the shell chose, else the first failing check in the order that helps most. */
export function chooseAdvice(measure: Pick<PreviewMeasure, 'advice' | 'checks'>): string | null {
  if (measure.advice) return measure.advice;
  const failing = measure.checks.filter((c) => c.ok === false);
  failing.sort((a, b) => ORDER.indexOf(a.check) - ORDER.indexOf(b.check));
  const first = failing[0];
  return first ? (first.advice ?? `check_${first.check}`) : null;
}

/**
 * Holds a line still: a new one is shown only after it has been wanted without a break for `holdMs`.
 * Frames come 15 times a second; words that flicker cannot be read aloud.
 */
export class SteadyAdvice {
  private shown: string | null = null;
  private wanted: string | null = null;
  private wantedSince = 0;
  private first = true;

  constructor(private readonly holdMs: number) {}

  /** Takes the advice of one frame at `now` (ms) and answers what to show. */
  next(advice: string | null, now: number): string | null {
    if (this.first) {
      this.first = false;
      this.shown = advice;
      this.wanted = advice;
    } else if (advice !== this.wanted) {
      this.wanted = advice;
      this.wantedSince = now;
    }
    if (this.wanted !== this.shown && now - this.wantedSince >= this.holdMs) this.shown = this.wanted;
    return this.shown;
  }
}

/** Failing ones first, then what could not be measured. */
const rank = (c: MeasuredCheck): number => (c.ok === false ? 0 : c.ok === null ? 1 : 2);

/** Rows of "measured by Rekam": the checks in fixed order, failing ones first, the backdrop apart. */
export function measuredRows(checks: MeasuredCheck[]): { rows: MeasuredCheck[]; backdrop: MeasuredCheck | null } {
  const rows = checks
    .filter((c) => c.check !== 'backdrop')
    .sort((a, b) => rank(a) - rank(b) || ORDER.indexOf(a.check) - ORDER.indexOf(b.check));
  return { rows, backdrop: checks.find((c) => c.check === 'backdrop') ?? null };
}
