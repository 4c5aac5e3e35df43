// The keys that a screen shows on its buttons, as the help lists them: read from the screen itself, so that they cannot differ.
import { answers } from './keys';
import { t } from './strings.svelte';

/** One key with the words of the button or field that carries it. */
export interface ShownKey {
  key: string;
  words: string;
}

const first = ['Enter', ' '];
const last = 'Escape';

/** Enter and Space, the F-keys in their order, then Esc. */
function place(key: string): number {
  const at = first.indexOf(key);
  return at >= 0 ? at : key === last ? 99 : Number(key.slice(1)) + first.length;
}

function wordsOf(control: Element): string {
  const named = control.getAttribute('aria-label');
  if (named) return named;
  const sought = control.getAttribute('placeholder');
  if (sought) return t('common.find', { what: sought });
  const copy = control.cloneNode(true) as Element;
  copy.querySelectorAll('kbd').forEach((cap) => cap.remove());
  return copy.textContent?.replace(/\s+/g, ' ').trim() ?? '';
}

/** Enter, Space, Esc and the F-keys of the screen's controls that answer now; digits and letters stand in their own lines. */
export function shownKeys(root: ParentNode = document): ShownKey[] {
  const list = new Map<string, string>();
  for (const control of root.querySelectorAll('main [aria-keyshortcuts], .bar [aria-keyshortcuts]')) {
    const key = control.getAttribute('aria-keyshortcuts')!.replace(/^Space$/, ' ');
    if (!/^(Enter| |Escape|F\d+)$/.test(key) || !answers(key) || list.has(key)) continue;
    const words = wordsOf(control);
    if (words !== '') list.set(key, words);
  }
  return [...list].map(([key, words]) => ({ key, words })).sort((a, b) => place(a.key) - place(b.key));
}
