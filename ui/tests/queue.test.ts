// What the queue says of itself, over the twin.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { PrintJob } from '$lib/backend/contract';
import { mockBackend } from '../src/lib/backend/mock';
import { Search } from '../src/routes/queue/search.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

describe('the queue', () => {
  it('tells which applications ended by themselves, why, and what to do when somebody comes after all', async () => {
    const backend = mockBackend('');
    const queue = backend.queue.bind(backend);
    const names = ['SITI CONTOH', 'BUDI CONTOH', 'AYU CONTOH', 'WAYAN CONTOH'];
    backend.queue = async (role) => ({
      ...(await queue(role)),
      expired: names.map((name, n) => ({ ticket: `A-00${n + 1}`, name, at: '2026-11-27T01:00:00Z' })),
      expireDays: 90,
    });
    use(backend);
    render(App);
    const said = (await see('expired')).textContent ?? '';
    expect(said).toContain('4 permohonan ditutup karena 90 hari tidak disentuh');
    expect(said).toContain('A-001 SITI CONTOH, A-002 BUDI CONTOH, A-003 AYU CONTOH …');
    expect(said, 'what is safe and what to do next').toMatch(/Buku Register.*buka permohonan baru/);
  });

  it('calls work somebody’s own only where the officer has that role', async () => {
    open();
    await see('page-queue');
    const heading = () => get('page-queue')!.textContent ?? '';
    await waitFor(() => expect(heading()).toContain('Perlu Anda kerjakan'), PATIENCE);
    get('tab-all')!.click();
    await waitFor(() => expect(heading()).toContain('Sedang dilayani'), PATIENCE);
    expect(heading()).not.toContain('Perlu Anda kerjakan');
    get('tab-printing')!.click();
    await waitFor(() => expect(heading()).toContain('Perlu dikerjakan Loket cetak'), PATIENCE);
    expect(heading()).not.toContain('Perlu Anda kerjakan');
  });

  it('lists the longest waiting of very many, counts them all, and says how the rest is found', async () => {
    const backend = mockBackend('');
    const queue = backend.queue.bind(backend);
    backend.queue = async (role) => ({ ...(await queue(role)), moreOthers: 1200 });
    use(backend);
    render(App);
    expect((await see('queue-more')).textContent).toContain('1200 orang lagi tidak ditampilkan. Cari');
    expect(get('page-queue')!.textContent).toMatch(/menunggu · 12\d\d orang/);
  });

  it('says nothing of it when none did', async () => {
    open();
    await see('page-queue');
    expect(get('expired')).toBeNull();
  });
});

describe('a visit that is at another desk', () => {
  it('is not opened here, and the window says whose it is', async () => {
    const backend = mockBackend('');
    const queue = backend.queue.bind(backend);
    backend.queue = async (role) => {
      const q = await queue(role);
      return { ...q, mine: q.mine.map((row) => ({ ...row, step: 'print' as const, mayOpen: false })) };
    };
    const taken: string[] = [];
    backend.take = async (id) => (taken.push(id), backend.permohonan(id));
    use(backend);
    render(App);
    await waitFor(
      () => expect(document.getElementById('why')?.textContent).toContain('dikerjakan Loket cetak'),
      PATIENCE,
    );
    expect(get('primary')?.ariaDisabled).toBe('true');
    get('primary')!.click();
    expect(taken, 'nobody takes it').toEqual([]);
  });

  it('stays at the queue when it is passed on, named with the next step', async () => {
    const backend = mockBackend('');
    const visit = backend.permohonan.bind(backend);
    backend.take = async (id) => ({ ...(await visit(id)), state: 'open', step: 'print', yours: false });
    use(backend);
    render(App);
    await see('page-queue');
    await see('ticket');
    get('primary')!.click();
    expect((await see('handed-on')).textContent).toMatch(/A-\d+ sudah di langkah Cetak kartu.*Loket cetak/s);
    expect(get('page-queue'), 'no screen that may not be read').not.toBeNull();
  });
});

describe('an applicant who shows a slip', () => {
  it('is opened by the scanner’s own Enter, and never the one who was chosen before', async () => {
    const backend = open();
    await see('page-queue');
    const rows = (await backend.queue('all')).mine;
    const shown = rows.at(-1)!;
    expect(shown.id, 'somebody else is chosen').not.toBe(rows[0]!.id);
    const taken: string[] = [];
    const take = backend.take;
    backend.take = async (id) => (taken.push(id), take(id));
    press('F3');
    type('search', shown.ticket);
    press('Enter');
    await waitFor(() => expect(taken).toEqual([shown.id]), PATIENCE);
  });

  it('is found by the camera', async () => {
    open();
    await see('page-queue');
    await see('scan');
    press('F4');
    await gone('scan-dialog');
    await waitFor(() => expect(document.body.textContent).toContain('Ditemukan 1 permohonan'), PATIENCE);
  });

  it('stays found when something was being typed as the camera read it', async () => {
    open();
    await see('page-queue');
    await waitFor(() => expect(document.querySelector('tr[data-testid^="queue-"]')).not.toBeNull(), PATIENCE);
    vi.useFakeTimers();
    try {
      const search = new Search();
      search.text = 'A-0';
      search.typed();
      const read = search.scanned('A-017');
      await vi.advanceTimersByTimeAsync(1000);
      await read;
      expect(search.found?.rows.map((row) => row.ticket)).toEqual(['A-017']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is told apart from one of another station, and the camera may be asked again', async () => {
    open('scan-foreign');
    await see('page-queue');
    await see('scan');
    press('F4');
    const dialog = await see('scan-dialog');
    await waitFor(() => expect(dialog.textContent).toMatch(/bukan dari stasiun ini.*tertulis di kertasnya/s), PATIENCE);
    expect(get('dialog-primary')!.ariaDisabled, 'again').not.toBe('true');
    press('Escape');
    await gone('scan-dialog');
  });
});

describe('the queue number', () => {
  it('comes out when a visit begins', async () => {
    const backend = open();
    await see('page-queue');
    await see('ticket');
    const printed: string[] = [];
    const print = backend.printTicket;
    backend.printTicket = async (id) => (printed.push(id), print(id));
    press('F2');
    await see('kind-baru_wni');
    press('Enter');
    await see('page-form');
    await waitFor(() => expect(printed).toHaveLength(1), PATIENCE);
    expect(get('problem'), 'nothing to be said').toBeNull();
  });

  it('that did not come out is said, with what to do', async () => {
    open('roll-empty');
    await see('page-queue');
    await see('ticket');
    press('F5');
    const problem = await see('problem');
    expect(problem.textContent).toMatch(/belum keluar.*nomornya tercatat.*F5/s);
  });

  it('is printed once more from the queue', async () => {
    open();
    await see('page-queue');
    await see('ticket');
    press('F5');
    await waitFor(() => expect(get('ticket-said')?.textContent).toContain('sudah dicetak'), PATIENCE);
  });

  it('is said anew each time that it comes out', async () => {
    const backend = open();
    const said = () => get('ticket-said')?.textContent ?? '';
    let ended: (job: PrintJob) => void = () => undefined;
    const print = vi.fn(() => new Promise<PrintJob>((done) => (ended = done)));
    backend.printTicket = print;
    backend.ticketPrints = async () => ({ again: false, unknown: null });
    await see('page-queue');
    await see('ticket');
    for (const times of [1, 2]) {
      press('F5');
      await waitFor(() => expect(print).toHaveBeenCalledTimes(times), PATIENCE);
      await waitFor(() => expect(said().trim(), 'nothing is out yet').toBe(''), PATIENCE);
      ended({ state: 'done', reason: null, printer: 'Uji' });
      await waitFor(() => expect(said()).toContain('sudah dicetak'), PATIENCE);
    }
  });
});
