import type { MarkName } from './marks';

/** One thing the operator can do, with its key. */
export interface Action {
  /** data-testid of its button. */
  id: string;
  label: string;
  /** "Enter", "Esc", "Space", "F4", "1" … */
  key: string;
  run: () => unknown;
  /** Not possible now: stays focusable, does nothing. */
  off?: boolean;
  icon?: MarkName;
  look?: 'plain' | 'second' | 'hold';
}

/** The name of a key as the keyboard of the window knows it. */
export function keyName(cap: string): string {
  if (cap === 'Esc') return 'Escape';
  return cap === 'Space' ? ' ' : cap;
}
