import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { debounce } from './debounce';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('waits for a pause, and runs once with what came last', () => {
  const work = vi.fn();
  const later = debounce(work, 250);
  for (const text of ['a', 'ab', 'abc']) {
    later(text);
    vi.advanceTimersByTime(200);
  }
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(50);
  expect(work.mock.calls).toEqual([['abc']]);
});

it('does not wait for a pause that never comes', () => {
  const work = vi.fn();
  const later = debounce(work, 250, 300);
  for (let n = 1; n <= 10; n += 1) {
    later(n);
    vi.advanceTimersByTime(100);
  }
  expect(work.mock.calls.length).toBeGreaterThanOrEqual(3);
  vi.advanceTimersByTime(300);
  expect(work.mock.calls.at(-1)).toEqual([10]);
});

it('runs at once when it is told to, and only if something waits', () => {
  const work = vi.fn();
  const later = debounce(work, 250, 300);
  later.flush();
  later('x');
  later.flush();
  vi.advanceTimersByTime(1_000);
  expect(work.mock.calls).toEqual([['x']]);
});

it('never runs what was dropped, and what comes after it', () => {
  const work = vi.fn();
  const later = debounce(work, 250, 300);
  later('x');
  later.drop();
  vi.advanceTimersByTime(1_000);
  expect(work).not.toHaveBeenCalled();
  later('y');
  vi.advanceTimersByTime(1_000);
  expect(work.mock.calls).toEqual([['y']]);
});
