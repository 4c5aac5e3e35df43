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

function fill(text: string, args: Args): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
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
