// When a portrait is ready to go on, and what is missing when it is not.
import type { Backdrop, PortraitAttempt, PortraitState } from '$lib/backend/contract';
import { t } from './kit';

type BackdropColour = Backdrop['colour'];

/** One line beside the grey button. */
export interface Missing {
  key:
    | 'no_photo'
    | 'weak'
    | 'weak_accept'
    | 'backdrop'
    | 'backdrop_accept'
    | 'not_judged'
    | 'not_shown'
    | 'not_approved'
    | 'refused';
  args: Record<string, string>;
}

/** What is said of a newest still without a face: taken again, or cut by hand once the tries of the office are made. */
export type Faceless = 'again' | 'cut';

/** Whether the newest picture shows no face, and what is the way on then; after `needed` tries it may be cut by hand. */
export function facelessNow(p: PortraitState, needed: number): Faceless | null {
  if (!p.faceless?.newest) return null;
  return p.tries >= needed ? 'cut' : 'again';
}

/** The attempt in force: the chosen one, else the best. */
export function inForce(p: PortraitState): PortraitAttempt | null {
  return p.attempts.find((a) => a.chosen) ?? p.attempts.find((a) => a.best) ?? null;
}

/** A line is answered: it holds, or cannot, which a second officer witnessed. */
export const isSettled = (j: PortraitState['judged'][number]): boolean => j.ticked || j.excuse !== null;

/** A backdrop in the middle of a sentence. */
export function colourWord(colour: BackdropColour): string {
  return t(`capture.backdrop.${colour}`).toLowerCase();
}

/** What still stands between this portrait and the fingers; after `needed` tries a weak one may be accepted. */
export function portraitMissing(p: PortraitState, needed: number): Missing[] {
  const attempt = inForce(p);
  if (!attempt) return [{ key: 'no_photo', args: {} }];
  const list: Missing[] = [];
  const number = String(attempt.number);
  if (p.otherBackdrop) {
    const key = p.tries >= needed ? 'backdrop_accept' : 'backdrop';
    list.push({ key, args: { number, was: colourWord(p.otherBackdrop) } });
  } else if (p.weak) {
    const key = p.tries >= needed ? 'weak_accept' : 'weak';
    list.push({ key, args: { number, done: String(p.tries), needed: String(needed) } });
  }
  const open = p.judged.filter((j) => !isSettled(j)).length;
  if (open > 0) list.push({ key: 'not_judged', args: { count: String(open) } });
  if (p.approval.state === 'none') list.push({ key: 'not_shown', args: { number } });
  if (p.approval.state === 'waiting') list.push({ key: 'not_approved', args: { number } });
  if (p.approval.state === 'refused') list.push({ key: 'refused', args: { number } });
  return list;
}

/** What a portrait attempt is called under its picture: measured reasons bare, judged ones with the eye. */
export function attemptWord(a: PortraitAttempt): {
  kind: 'best' | 'judged' | 'measured' | 'plain';
  reason: string | null;
} {
  if (a.chosen || a.best) return { kind: 'best', reason: null };
  const judged = a.judgedReasons[0];
  if (judged) return { kind: 'judged', reason: judged };
  const measured = a.reasons[0];
  if (measured) return { kind: 'measured', reason: measured };
  return { kind: 'plain', reason: null };
}

/** The attempts that fit the strip: the newest, and the one in force even when it is older. */
export function stripOf(attempts: PortraitAttempt[], places: number): PortraitAttempt[] {
  if (attempts.length <= places) return attempts;
  const force = attempts.find((a) => a.chosen) ?? attempts.find((a) => a.best);
  const tail = attempts.slice(-places);
  if (!force || tail.includes(force)) return tail;
  return [force, ...attempts.slice(-(places - 1))];
}
