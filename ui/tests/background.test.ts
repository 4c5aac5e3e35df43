// What is read in the background touches no problem that came meanwhile, and tells its own.
import { beforeEach, expect, it } from 'vitest';
import { session } from '$lib/domain/session.svelte';
import { refuse } from '../src/lib/backend/mock/world';

beforeEach(() => (session.problem = null));

/** A reading that goes on until it is told to end. */
function slow(): { read: Promise<string | undefined>; end: () => void } {
  let end = (): void => undefined;
  const read = session.read(() => new Promise<string>((done) => (end = () => done('read'))));
  return { read, end };
}

it('leaves a problem that came while it was reading', async () => {
  const { read, end } = slow();
  await session.run(async () => refuse('not_allowed'));
  end();
  expect(await read).toBe('read');
  expect(session.problem?.key, 'of what was pressed meanwhile').toBe('not_allowed');
});

it('brings no problem back that was put away while it was reading', async () => {
  await session.run(async () => refuse('not_allowed'));
  const { read, end } = slow();
  session.problem = null;
  end();
  await read;
  expect(session.problem).toBeNull();
});

it('tells its own problem', async () => {
  expect(await session.read(async () => refuse('not_found'))).toBeUndefined();
  expect(session.problem?.key).toBe('not_found');
});
