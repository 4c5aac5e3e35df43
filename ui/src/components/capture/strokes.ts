// A signature is kept as it was written: where, when, how hard, and with what.
import type { StrokePoint } from '$lib/backend/contract';

/** What the pen was: as told by the browser, never guessed. */
export type StrokeSource = 'pen' | 'touch' | 'mouse';

/** The part of a PointerEvent that a stroke needs. */
export interface PointerSample {
  clientX: number;
  clientY: number;
  pressure: number;
  timeStamp: number;
  pointerType: string;
}

/** The writing area on screen, in the same pixels as the samples. */
export interface PadBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Shorter than this share of the pad's width is a slip of the pen, not a signature. */
export const SHORTEST = 0.1;
/** The same where a line was announced as the applicant's mark. */
export const SHORTEST_LINE = 0.02;

/** Builds strokes. x and y are shares of the pad's width, t is whole milliseconds since the first touch. */
export class StrokeBuilder {
  private list: StrokePoint[] = [];
  private startedAt: number | null = null;
  private writing = false;
  private firstSource: StrokeSource | null = null;

  get points(): readonly StrokePoint[] {
    return this.list;
  }
  get source(): StrokeSource | null {
    return this.firstSource;
  }
  get isWriting(): boolean {
    return this.writing;
  }
  /** Number of separate strokes so far. */
  get strokes(): number {
    let count = 0;
    let before = false;
    for (const p of this.list) {
      if (p.down && !before) count += 1;
      before = p.down;
    }
    return count;
  }

  begin(sample: PointerSample, box: PadBox): void {
    this.writing = true;
    this.firstSource ??= sourceOf(sample.pointerType);
    this.add(sample, box, true);
  }

  /** Takes the samples of one move, the coalesced ones in order. */
  move(samples: PointerSample[], box: PadBox): void {
    if (!this.writing) return;
    for (const s of samples) this.add(s, box, true);
  }

  end(sample: PointerSample, box: PadBox): void {
    if (!this.writing) return;
    this.writing = false;
    this.add(sample, box, false);
  }

  clear(): void {
    this.list = [];
    this.startedAt = null;
    this.writing = false;
    this.firstSource = null;
  }

  private add(s: PointerSample, box: PadBox, down: boolean): void {
    this.startedAt ??= s.timeStamp;
    const last = this.list[this.list.length - 1];
    const point: StrokePoint = {
      x: inside((s.clientX - box.left) / box.width, 1),
      y: inside((s.clientY - box.top) / box.width, box.height / box.width),
      // Coalesced events may arrive a hair out of order; time never runs backwards in what is kept.
      t: Math.max(Math.round(s.timeStamp - this.startedAt), last ? last.t : 0),
      p: inside(s.pressure, 1),
      down,
    };
    const same = last && last.down && down && last.x === point.x && last.y === point.y && last.p === point.p;
    if (!same) this.list.push(point);
  }
}

/** The samples of a move event: coalesced where the engine has them, else the event itself. */
export function samplesOf(event: PointerEvent): PointerSample[] {
  const fine = typeof event.getCoalescedEvents === 'function' ? event.getCoalescedEvents() : [];
  return fine.length > 0 ? fine : [event];
}

/** Length of the written line in shares of the pad's width; pen-up moves do not count. */
export function inkLength(points: readonly StrokePoint[]): number {
  let length = 0;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a && b && a.down) length += Math.hypot(b.x - a.x, b.y - a.y);
  }
  return length;
}

/** Whether there is enough ink to be called a signature (a plain line is enough: some people sign so). `line` says that
 * a line stands in for the signature. */
export function isSignature(points: readonly StrokePoint[], line = false): boolean {
  return inkLength(points) >= (line ? SHORTEST_LINE : SHORTEST);
}

/** A drawable piece of line with its width in shares of the pad's width. */
export interface Segment {
  from: StrokePoint;
  to: StrokePoint;
  width: number;
}

/** Segments from index `start` on; heavier where the pen pressed harder. Devices without pressure write evenly. */
export function segments(points: readonly StrokePoint[], start = 1): Segment[] {
  const out: Segment[] = [];
  for (let i = Math.max(1, start); i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    if (from && to && from.down) out.push({ from, to, width: 0.0032 + 0.0032 * (to.p || from.p || 0.5) });
  }
  return out;
}

function sourceOf(pointerType: string): StrokeSource {
  return pointerType === 'pen' || pointerType === 'touch' ? pointerType : 'mouse';
}

function inside(value: number, highest: number): number {
  return Math.min(highest, Math.max(0, Number.isFinite(value) ? value : 0));
}
