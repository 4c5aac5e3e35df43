// Somebody of 16 in the queue of the twin: from when before the birthday, and called from it on.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

/** The row of whoever is held, and what is called to take it up. */
async function start(scene: string, state: string) {
  const backend = open(scene);
  const called: string[] = [];
  const { resume, take } = backend;
  backend.resume = async (id) => (called.push(`resume ${id}`), resume(id));
  backend.take = async (id) => (called.push(`take ${id}`), take(id));
  await see('page-queue');
  const queue = await backend.queue('all');
  const row = [...queue.mine, ...queue.others].find((one) => one.state === state)!;
  await see(`queue-${row.ticket}`);
  return { row, called };
}

describe('somebody who was held for age', () => {
  it('is not called before the birthday, and the row says from when', async () => {
    const { row } = await start('held', 'held');
    expect(get(`queue-${row.ticket}`)!.textContent).toMatch(/Cetak mulai 14 Feb 2027.*Ditahan/s);
    expect(get(`due-${row.ticket}`), 'nothing to do yet').toBeNull();
  });

  it('stands first from the birthday on, marked in words, and is taken up at step 6', async () => {
    const { row, called } = await start('birthday', 'due');
    const first = document.querySelector('tr[data-testid^="queue-"]')!;
    expect(first.getAttribute('data-testid'), 'before all others').toBe(`queue-${row.ticket}`);
    expect(get(`due-${row.ticket}`)!.textContent).toContain('Sudah 17 tahun');
    expect((await see('due')).textContent).toContain('Sudah 17 tahun sejak 20 Nov 2026: cetak dapat diajukan');
    expect(get('primary')!.textContent, 'what the button does').toContain(`Ajukan cetak ${row.ticket}`);
    get('primary')!.click();
    await waitFor(() => expect(called).toEqual([`resume ${row.id}`]), PATIENCE);
    await see('page-print_request');
  });
});
