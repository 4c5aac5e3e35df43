// Strings by typed keys. `t` takes a key that tsc knows; `say` takes a key that came from the shell.
import { id, type Key } from '$strings/index';

export type { Key };
export type Args = Record<string, string | number>;
export type Language = 'id' | 'en';

/** The base is part of the window; the second language is read when it is first chosen. */
const tables: { id: Record<Key, string>; en?: Record<Key, string> } = { id };
let wanted: Language = 'id';
const current = $state<{ language: Language }>({ language: 'id' });

/** The interface language; reading it in a component makes the component follow it. */
export function language(): Language {
  return current.language;
}

/**
 * Changes the language once its words are read: at once for words that are there already. Rejects when they cannot be read;
 * the language on the screen then stays.
 */
export async function setLanguage(next: Language): Promise<void> {
  wanted = next;
  if (next === 'en' && !tables.en) tables.en = (await import('$strings/english')).en;
  // Somebody chose again while the words were read.
  if (wanted !== next) return;
  current.language = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/** The words of the language on the screen. */
function table(): Record<Key, string> {
  return tables[current.language] ?? id;
}

/** Letters that are written from the right, and characters that turn the direction of what follows them. */
const FROM_RIGHT =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** First strong isolate and its end; written as numbers, since in a source they would turn the source itself. */
const FSI = String.fromCodePoint(0x2068);
const PDI = String.fromCodePoint(0x2069);

/** An operand that keeps its own direction: it must not turn the words, numbers and marks that stand beside it (UAX #9, FSI and PDI). */
function isolated(value: string): string {
  // Isolates inside it would end ours too early.
  return FROM_RIGHT.test(value) ? `${FSI}${value.replace(/[\u2066-\u2069]/gu, '')}${PDI}` : value;
}

/** An operand `{n}`, or what is counted by it: `{n|person|people}`, of which the first stands for one alone. */
const OPERAND = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

function fill(text: string, args: Args): string {
  return text.replace(OPERAND, (whole, name: string, one?: string, many?: string) => {
    if (!(name in args)) return many ?? whole;
    const value = String(args[name]);
    return (value === '1' ? one : many) ?? isolated(value);
  });
}

/** The words of a key in the interface language, `{operands}` filled. */
export function t(key: Key, args: Args = {}): string {
  return fill(table()[key], args);
}

/** The words of a key that the shell named, or `otherwise` when this build does not know it. */
export function say(key: string, args: Args = {}, otherwise = ''): string {
  const text = (table() as Record<string, string>)[key];
  return text === undefined ? otherwise : fill(text, args);
}

/** True when the key exists. */
export function known(key: string): boolean {
  return key in id;
}
