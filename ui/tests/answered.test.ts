// An applicant with a Suket in the queue of the twin: waits for the centre, and is called once it has answered.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

/** The row of whoever waits for the centre, and what is called to open it. */
async function start(scene: string) {
  const backend = open(scene);
  const called: string[] = [];
  const { resume, take } = backend;
  backend.resume = async (id) => (called.push(`resume ${id}`), resume(id));
  backend.take = async (id) => (called.push(`take ${id}`), take(id));
  await see('page-queue');
  const queue = await backend.queue('all');
  const row = [...queue.mine, ...queue.others].find((one) => one.id === 'a017')!;
  await see(`queue-${row.ticket}`);
  return { backend, row, called };
}

const first = () => document.querySelector('tr[data-testid^="queue-"]')!.getAttribute('data-testid');

describe('somebody who waits for the centre', () => {
  it('says so instead of being late, and is not called', async () => {
    const { row } = await start('with-centre');
    expect(get(`queue-${row.ticket}`)!.textContent).toContain('Menunggu pusat');
    expect(get(`answered-${row.ticket}`), 'nothing to do yet').toBeNull();
    get(`queue-${row.ticket}`)!.click();
    expect((await see('held')).textContent).toContain('Begitu pusat menjawab');
  });

  it('stands first once the card may be printed, and is opened at step 7 where the slip is given', async () => {
    const { row, called } = await start('print-ready');
    expect(first(), 'before all others').toBe(`queue-${row.ticket}`);
    expect(get(`answered-${row.ticket}`)!.textContent).toContain('Siap cetak');
    expect((await see('answered')).textContent).toContain('Siap cetak sejak 22 Nov 2026: panggil pemohon');
    get('primary')!.click();
    await waitFor(() => expect(called).toEqual([`take ${row.id}`]), PATIENCE);
    await see('page-status');
    await waitFor(
      () => expect(get('primary')!.textContent, 'the slip, not the way home').toContain('Tanda Pengambilan'),
      PATIENCE,
    );
  });

  it('is not promised a card today where every blangko is spoken for', async () => {
    const { backend } = await start('print-ready');
    const check = backend.statusCheck;
    backend.statusCheck = async (id) => {
      const status = await check(id);
      const pickup = { ...status.pickup, later: true, blangko: 3, ahead: 3, ready: 'Sesudah diberi tahu.' };
      return { ...status, pickup };
    };
    get('primary')!.click();
    expect((await see('pickup-later')).textContent).toMatch(/blangko 3, .* 3\. .*tidak menjanjikan hari ini/s);
    expect((await see('exit-one')).textContent, 'as the slip says').toContain('Sesudah diberi tahu.');
  });

  it('is called for any other answer as well, in the words of that status', async () => {
    const { row } = await start('duplicate');
    expect(first(), 'before all others').toBe(`queue-${row.ticket}`);
    expect(get(`answered-${row.ticket}`)!.textContent).toContain('Rekaman ganda');
    expect((await see('answered')).textContent).toMatch(/Jawaban pusat 22 Nov 2026: Rekaman ganda\..*langkah 7/s);
  });
});
