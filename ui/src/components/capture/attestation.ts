// Step 5 in four parts, in this order: the applicant's answer, the signature, the form, the seal.
import type { Attestation } from '$lib/backend/contract';

/** The part that waits now. */
export type Phase = 'answer' | 'wrong' | 'aloud' | 'signature' | 'form' | 'seal' | 'sealed';

/** Whether the operator may still say that the data were read aloud. */
export function canReadAloud(a: Attestation): boolean {
  return !a.readAloudAt && ['answer', 'aloud', 'signature'].includes(phase(a));
}

/** Which part of the attestation waits now. */
export function phase(a: Attestation): Phase {
  if (a.packet) return 'sealed';
  if (a.answer.state === 'wrong') return 'wrong';
  if (a.answer.state === 'none') return 'answer';
  // Whoever cannot sign may not be able to read either: the data are read aloud before anything stands in.
  if (a.substitute && !a.readAloudAt) return 'aloud';
  const drawn = !a.substitute || a.substitute.reason === 'line';
  if (drawn && a.signature.state !== 'done') return 'signature';
  return a.form ? 'seal' : 'form';
}

/** Digest prefix as people compare it: three groups of four. */
export function digestPrefix(sha256: string): string {
  return (sha256.slice(0, 12).match(/.{1,4}/g) ?? []).join(' ');
}

/** Page width in CSS pixels at true size: 96 CSS pixels are one inch, A4 is 210 mm wide. */
export const A4_WIDTH_PX = Math.round((210 / 25.4) * 96);

/** Zoom steps of the form preview, in percent of true size. */
export const ZOOMS = [50, 75, 100, 150, 200] as const;

/** The zoom at which the width of a page fits its panel, and the one at which it is as large as its paper. */
export const FITS = 50;
export const TRUE = 100;

/** The next zoom up or down from the current one. */
export function zoomStep(now: number, by: 1 | -1): number {
  const list: readonly number[] = ZOOMS;
  if (by === 1) return list.find((z) => z > now) ?? now;
  return [...list].reverse().find((z) => z < now) ?? now;
}

/** Dots per inch to ask for, so that the picture is sharp at this zoom and screen. */
export function rasterDpi(zoom: number, pixelRatio: number): number {
  return Math.min(300, Math.max(96, Math.round((96 * zoom * Math.max(1, pixelRatio)) / 100)));
}
