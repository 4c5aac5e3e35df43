// The turn of a card after its request, over the twin: at the print queue and at the queue.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { BackendEvent } from '$lib/backend/contract';
import { mockBackend } from '../src/lib/backend/mock';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

/** The print queue, with one row chosen. */
async function start(ticket: string) {
  const backend = open();
  const set: string[] = [];
  const { setTurn } = backend;
  backend.setTurn = async (id, priority, reason) => (
    set.push(`${id} ${priority} ${reason}`),
    setTurn(id, priority, reason)
  );
  await see('page-queue');
  router.go('print_queue');
  (await see(`print-${ticket}`)).click();
  await waitFor(() => expect(get(`print-${ticket}`)!.ariaCurrent).toBe('true'), PATIENCE);
  press('F8');
  await see('turn-dialog');
  return set;
}

const off = (testid: string) => get(testid)!.ariaDisabled === 'true';
const order = () =>
  [...document.querySelectorAll('tr[data-testid^="print-"]')].map((tr) => tr.getAttribute('data-testid'));

describe('the turn of a card after its request', () => {
  it('goes before the others with a reason, and the queue follows', async () => {
    const set = await start('A-003');
    expect(off('turn-urgent'), 'not without a reason').toBe(true);
    expect(off('turn-normal'), 'it is in turn already').toBe(true);
    const before = order();
    press('1');
    await waitFor(() => expect(off('turn-urgent')).toBe(false), PATIENCE);
    press('F8');
    await gone('turn-dialog');
    expect(set).toEqual(['a003 urgent sick']);
    await waitFor(() => expect(order()).not.toEqual(before), PATIENCE);
    expect(get('print-A-003')!.textContent).toContain('Didahulukan: sakit');
  });

  it('is that of the card that was asked about, whatever stands on top by then', async () => {
    const backend = mockBackend();
    let tell: (event: BackendEvent) => void = () => undefined;
    const { listen, printQueue, setTurn } = backend;
    backend.listen = (hear) => listen((tell = hear));
    const set: string[] = [];
    backend.setTurn = async (id, priority, reason) => (set.push(id), setTurn(id, priority, reason));
    const only = (ticket: string) => async () => {
      const seen = await printQueue();
      return { ...seen, rows: seen.rows.filter((row) => row.ticket === ticket) };
    };
    backend.printQueue = only('A-003');
    use(backend);
    render(App);
    await see('page-queue');
    router.go('print_queue');
    await see('print-A-003');
    press('F8');
    const title = (await see('turn-dialog')).querySelector('.dialog-title')!.textContent;
    press('1');
    await waitFor(() => expect(off('turn-urgent')).toBe(false), PATIENCE);
    backend.printQueue = only('A-011');
    tell({ event: 'queue_changed' });
    await see('print-A-011');
    expect(get('turn-dialog')!.querySelector('.dialog-title')!.textContent).toBe(title);
    press('F8');
    await gone('turn-dialog');
    expect(set).toEqual(['a003']);
  });

  it('goes back into turn without one', async () => {
    const set = await start('A-011');
    expect(get('turn-dialog')!.textContent).toContain('Didahulukan: lansia');
    press('F6');
    await gone('turn-dialog');
    expect(set).toEqual(['a011 normal ']);
    await waitFor(() => expect(get('print-A-011')!.textContent).toContain('Menurut giliran'), PATIENCE);
  });

  it('says why it can no longer be changed once the card is begun', async () => {
    const set = await start('A-010');
    expect((await see('turn-why')).textContent).toMatch(/tidak dapat diubah lagi.*masih di printer/s);
    press('1');
    press('F8');
    press('F6');
    expect([get('turn-urgent'), get('turn-normal')], 'nothing is offered').toEqual([null, null]);
    expect(set).toEqual([]);
  });
});
