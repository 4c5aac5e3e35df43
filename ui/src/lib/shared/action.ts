import type { Component } from 'svelte';

/** A button of the action bar. `off` keeps it focusable and grey; what stands beside the primary button says why. */
export interface Action {
  /** data-testid of its button. */
  id: string;
  label: string;
  /** As the keyboard names it: "Enter", "Escape", " ", "F4", "1" … */
  key?: string;
  icon?: Component;
  tone?: 'plain' | 'second' | 'hold' | 'bad';
  off?: boolean;
  run: () => unknown;
}

/** The one action that Enter starts. */
export interface Primary {
  label: string;
  run: () => unknown;
  off?: boolean;
  why?: string;
  tone?: 'plain' | 'hold';
  /** Cap on the button when another key than Enter starts it too. */
  key?: string;
}
