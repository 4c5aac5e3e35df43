// One keyboard for the whole window. Each screen binds its keys while it is shown; the last one bound is asked first.

export type Handler = (event: KeyboardEvent) => unknown;
export type Bindings = Record<string, Handler | undefined>;

const stack: Bindings[] = [];

/** Binds keys ("F2", "Enter", "Escape", " ", "1", "Alt+a") until the returned function is called. */
export function bind(keys: Bindings): () => void {
  stack.push(keys);
  return () => {
    const at = stack.indexOf(keys);
    if (at >= 0) stack.splice(at, 1);
  };
}

/** True when the key has a meaning on the screen as it is. */
export const answers = (key: string): boolean => stack.some((keys) => keys[key] !== undefined);

const TYPED = new Set(['text', 'password', 'search', 'tel', 'number', 'date', 'email']);

/** True when the element takes typed text, so that digits and Space belong to it. */
export function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TYPED.has(target.type);
}

/** Text of several lines; in a note of one sentence (`data-enter="on"`) Enter goes on as the bar says. */
const LINES = 'textarea:not([data-enter="on"])';

/** True when a held Enter is more lines of text. */
function writes(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(LINES);
}

function presses(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest(`button, a[href], [role="option"], summary, ${LINES}`) !== null
  );
}

export function nameOf(event: KeyboardEvent): string {
  // Alt+letter by the physical key too: some layouts compose another character.
  const key = event.altKey && event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : event.key;
  return `${event.altKey ? 'Alt+' : ''}${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${key.length === 1 ? key.toLowerCase() : key}`;
}

export function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const single = name.length === 1;
  if (single && typing(event.target)) return;
  // A list of choices in focus moves by its own arrows.
  if (event.target instanceof HTMLSelectElement && /^(Arrow|Home$|End$|Page)/.test(name)) return;
  // A held key is one press, for the button in focus as for the screen: the screen may have changed under it.
  if (event.repeat && /^(Enter|Escape| |F\d+|Alt\+.+)$/.test(name) && !writes(event.target)) {
    event.preventDefault();
    return;
  }
  if ((name === 'Enter' || name === ' ') && presses(event.target)) return;
  // An open dialog keeps the keys of the page below to itself.
  const dialog = document.querySelector('[role="dialog"][data-state="open"]') !== null;
  for (let at = stack.length - 1; at >= 0; at -= 1) {
    const bindings = stack[at]!;
    if (dialog && !bindings['dialog']) continue;
    const handler = bindings[name];
    if (handler) {
      event.preventDefault();
      handler(event);
      return;
    }
  }
  // The window's own keys (reload, find, print) never act in the middle of a person's application.
  if (/^F(1|3|5|6|7|10)$/.test(name)) event.preventDefault();
}
