// Exceptions: one panel per part of the body, never a dead end.
import type { BodyPart, Capture, ExceptionState, FingerName } from '$lib/backend/contract';
import { unreadNow } from './hands';
import { takes } from './parts';

/** Stable name of a part, also its string key: "left_index", "eye_left", "signature". */
export function partKey(part: BodyPart): string {
  if (part.finger) return part.finger;
  if (part.eye) return `eye_${part.eye}`;
  return 'signature';
}

/** Which list of reasons serves this part. */
export function partKind(part: BodyPart): 'finger' | 'eye' | 'signature' {
  if (part.finger) return 'finger';
  return part.eye ? 'eye' : 'signature';
}

/** A panel: what the operator is filling, with what the shell already keeps. */
export interface Panel {
  key: string;
  part: BodyPart;
  kept: ExceptionState | null;
}

/** What is said of an exception. */
export type Terms = Pick<ExceptionState, 'reason' | 'permanence' | 'returnOn' | 'words'>;

/** The terms of an exception after a change of some of them. */
export function changedTerms(kept: Terms | null, change: Partial<Terms>): Terms {
  const { reason, permanence, returnOn, words } = kept ?? {
    reason: '',
    permanence: 'permanent',
    returnOn: null,
    words: '',
  };
  return { reason, permanence, returnOn, words, ...change };
}

/** Kept exceptions in their order, then parts that were asked for and are not kept yet. */
export function panels(kept: ExceptionState[], asked: BodyPart[]): Panel[] {
  const list: Panel[] = kept.map((e) => ({ key: partKey(e.part), part: e.part, kept: e }));
  for (const part of asked) {
    const key = partKey(part);
    if (!list.some((p) => p.key === key)) list.push({ key, part, kept: null });
  }
  return list;
}

/**
 * What this panel still misses, most useful first; null when it is valid. `again`: everything is there and it still does
 * not count, so the witness is asked once more.
 */
export function missing(panel: Panel): 'reason' | 'words' | 'return_date' | 'photo' | 'witness' | 'again' | null {
  const e = panel.kept;
  if (!e) return 'reason';
  if (e.reason === 'other' && e.words.trim() === '') return 'words';
  if (e.permanence === 'temporary' && !e.returnOn) return 'return_date';
  if (e.photo === 'needed') return 'photo';
  if (!e.witness) return 'witness';
  return e.valid ? null : 'again';
}

/** Whether a witness may be called now; before the photo is taken, too, but never for what is not said yet. */
export function witnessable(panel: Panel): boolean {
  const open = missing(panel);
  return open === 'witness' || open === 'again' || (open === 'photo' && !panel.kept?.witness);
}

/** The three panels to show when there are more: the current one kept in sight. */
export function visibleWindow(count: number, current: number, size = 3): { from: number; to: number } {
  if (count <= size) return { from: 0, to: count };
  const from = Math.min(Math.max(0, current - 1), count - size);
  return { from, to: from + size };
}

/**
 * Parts that may be put in doubt now: what this visit takes and is not good, of this kind first, fingers that a press named as
 * not read before others. Every visit is signed for at step 5: of each a signature may be excepted.
 */
export function candidates(capture: Capture, first: 'fingers' | 'irises' | 'signature'): BodyPart[] {
  const unread = capture.slaps.flatMap((s) => unreadNow(s)?.some ?? []);
  const fingers: BodyPart[] = capture.fingers
    .filter((f) => takes(capture, 'fingers') && f.state !== 'good' && f.state !== 'exception')
    .sort((a, b) => Number(unread.includes(b.finger)) - Number(unread.includes(a.finger)))
    .map((f) => ({ finger: f.finger }));
  const eyes: BodyPart[] = capture.eyes
    .filter((e) => takes(capture, 'irises') && e.state !== 'good' && e.state !== 'exception')
    .map((e) => ({ eye: e.eye }));
  const signature: BodyPart[] = capture.signature.state === 'pending' ? [{ other: 'signature' }] : [];
  if (first === 'irises') return [...eyes, ...fingers, ...signature];
  if (first === 'signature') return [...signature, ...fingers, ...eyes];
  return [...fingers, ...eyes, ...signature];
}

/** Order in which a chip finger is replaced when the first choice cannot serve. */
const CHIP_ORDER = ['index', 'middle', 'ring', 'thumb', 'little'] as const;

/** Fingers of the same hand that could serve as a chip finger instead, in the office's order. */
export function chipChoices(capture: Pick<Capture, 'fingers' | 'rematch'>, now: FingerName): FingerName[] {
  const hand = now.startsWith('right') ? 'right' : 'left';
  return CHIP_ORDER.map((f) => `${hand}_${f}` as FingerName).filter((f) => {
    const state = capture.fingers.find((x) => x.finger === f)?.state;
    return f !== now && (state === 'good' || state === 'accepted_low') && !capture.rematch.some((r) => r.finger === f);
  });
}
