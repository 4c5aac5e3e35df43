import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Typed } from './typed.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What is saved, and how many milliseconds after the first key that begins. */
function watched() {
  const began: [string, number][] = [];
  const first = Date.now();
  const keep = async (_key: string, text: string): Promise<undefined> => {
    began.push([text, Date.now() - first]);
    return undefined;
  };
  return { began, typed: new Typed(keep, { problem: null }) };
}

it('begins to save 300 ms after the first key at the latest, however long somebody types on', async () => {
  const { began, typed } = watched();
  for (let n = 1; n <= 14; n += 1) {
    typed.type('note', 'x'.repeat(n));
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(began.length).toBeGreaterThanOrEqual(2);
  expect(began[0]![1]).toBeLessThanOrEqual(300);
  // Each save takes all that was typed until then: the first letter that it lacks is not older than 300 ms at the next.
  for (const [n, [text]] of began.entries()) {
    const next = began[n + 1];
    if (next) expect(next[1] - text.length * 50).toBeLessThanOrEqual(300);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(began.at(-1)![0], 'nothing is left out').toBe('x'.repeat(14));
  expect(typed.pending).toEqual({});
});

it('begins to save within 300 ms of the last key, and not at every key', async () => {
  const { began, typed } = watched();
  typed.type('note', 'x');
  typed.type('note', 'xy');
  await vi.advanceTimersByTimeAsync(300);
  expect(began.map(([text]) => text)).toEqual(['xy']);
});
