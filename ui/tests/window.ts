// The whole window in jsdom over the twin, as the tests of the pages drive it: by keyboard and by test id.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { mockBackend } from '../src/lib/backend/mock';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';

/** Plenty for a loaded machine; nothing waits for it to pass. */
export const PATIENCE = { timeout: 15_000 };

export const get = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);

export async function see(testid: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = get(testid);
    expect(found, `${testid} is on the screen`).not.toBeNull();
    return found!;
  }, PATIENCE);
}

export const gone = (testid: string) => waitFor(() => expect(get(testid), `${testid} has closed`).toBeNull(), PATIENCE);

export function press(key: string, more: KeyboardEventInit = {}): void {
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
}

export function type(field: HTMLElement | string, text: string): void {
  const input = (typeof field === 'string' ? get(field) : field) as HTMLInputElement;
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Chooses a line of a list. */
export function choose(testid: string, value: string): void {
  const select = get(testid) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** The window opens over the twin in one of its scenes. */
export function open(scene = ''): ReturnType<typeof mockBackend> {
  const backend = mockBackend(scene);
  use(backend);
  render(App);
  return backend;
}

/** Every test of a file begins at the queue, with nothing left of the one before. */
export function eachBeginsAtTheQueue(): void {
  beforeEach(() => {
    session.station = undefined;
    session.leave();
    session.problem = null;
    router.go('queue');
  });
  afterEach(() => {
    cleanup();
    history.replaceState(null, '', location.pathname);
  });
}
