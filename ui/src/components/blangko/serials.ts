// Numbers of blangko as they are typed, counted and shown.
import type { SerialRange, StockItem } from '$lib/backend/contract';

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

/** How many numbers lie between two, both counted; null when they differ in letters or length, or run backwards. */
export function between(first: string, last: string): number | null {
  const [a, z] = [first, last].map((text) => /^([A-Z]{0,4})(\d{4,14})$/.exec(bare(text)));
  if (!a || !z || a[1] !== z[1] || a[2]!.length !== z[2]!.length) return null;
  const count = BigInt(z[2]!) - BigInt(a[2]!) + 1n;
  return count >= 1n && count <= 100_000n ? Number(count) : null;
}

/** "0718-224-001 s/d 0718-224-600", or the one number. */
export const rangeWords = (r: Pick<SerialRange, 'from' | 'to' | 'count'>, to: string): string =>
  r.count <= 1 ? r.from : `${r.from} ${to} ${r.to}`;

/** Blangko of either kind move by their numbers, ribbon and film by prints. */
export const numbered = (item: StockItem): boolean => item === 'blangko' || item === 'blangko_wna';
