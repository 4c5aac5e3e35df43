import type { Component } from 'svelte';

/** A button of the action bar. `off` keeps it focusable and grey; `why` says why beside the primary button. */
export interface Action {
  id: string;
  label: string;
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
