// Strings by typed keys. `t` takes a key that tsc knows; `say` takes a key that came from the shell.
import { en, id, type Key } from '$strings/index';

export type { Key };
export type Args = Record<string, string | number>;
export type Language = 'id' | 'en';

const tables: Record<Language, Record<Key, string>> = { id, en };
const current = $state<{ language: Language }>({ language: 'id' });

/** The interface language; reading it in a component makes the component follow it. */
export function language(): Language {
  return current.language;
}

export function setLanguage(next: Language): void {
  current.language = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

function fill(text: string, args: Args): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
}

/** The words of a key in the interface language, `{operands}` filled. */
export function t(key: Key, args: Args = {}): string {
  return fill(tables[current.language][key], args);
}

/** The words of a key that the shell named, or `otherwise` when this build does not know it. */
export function say(key: string, args: Args = {}, otherwise = ''): string {
  const text = (tables[current.language] as Record<string, string>)[key];
  return text === undefined ? otherwise : fill(text, args);
}

/** True when the key exists. */
export function known(key: string): boolean {
  return key in id;
}
