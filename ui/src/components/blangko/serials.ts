// Numbers of blangko as they are typed, counted and shown.
import type { Movement, SerialRange } from '$lib/backend/contract';

/** A number without its groups: `0718-224-913` becomes `0718224913`. */
export const bare = (serial: string): string => serial.replace(/[\s.\-\u2009\u00a0]/g, '').toUpperCase();

/** What was typed at a count: one number or one range (`a s/d b`, `a – b`, `a..b`) per line, comma or semicolon. */
export function typedSerials(text: string): string[] {
  return text
    .split(/[\n,;]+/)
    .map((one) =>
      one
        .split(/\s+(?:s\/d|sd|sampai|to|-)\s+|\s*–\s*|\.\./i)
        .map(bare)
        .filter((part) => part !== '')
        .join('-'),
    )
    .filter((one) => one !== '');
}

/** The numbers of a range, at most `most` of them; a text that is no number stands alone. */
export function expand(range: SerialRange, most = 500): string[] {
  const first = /^(.*?)([\d-]*\d)$/.exec(range.from);
  if (!first || range.count <= 1) return [range.from];
  const [, letters = '', pattern = ''] = first;
  const digits = pattern.replace(/-/g, '');
  return Array.from({ length: Math.min(range.count, most) }, (_, n) => {
    const next = String(BigInt(digits) + BigInt(n)).padStart(digits.length, '0');
    let at = 0;
    return letters + pattern.replace(/\d/g, () => next[at++] ?? '');
  });
}

/** Blangko that the loaded part of the ledger says are held: held and not moved on since. */
export function heldSerials(movements: readonly Movement[]): { serial: string; reason: string; at: string }[] {
  const held = new Map<string, { serial: string; reason: string; at: string }>();
  for (const m of [...movements].sort((a, b) => a.number - b.number)) {
    if (m.item !== 'blangko') continue;
    for (const serial of m.serials.flatMap((r) => expand(r))) {
      if (m.kind === 'held') held.set(bare(serial), { serial, reason: m.reason, at: m.at });
      else held.delete(bare(serial));
    }
  }
  return [...held.values()];
}

/** "0718-224-001 s/d 0718-224-600", or the one number. */
export const rangeWords = (r: SerialRange, to: string): string => (r.count <= 1 ? r.from : `${r.from} ${to} ${r.to}`);
