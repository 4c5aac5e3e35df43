// The register and the reports in jsdom with the twin.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { RegisterFilter } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { known, t } from '$lib/shared/strings.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { brokenWords } from '../src/routes/register/broken';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const lines = () => document.querySelectorAll('tr[data-event]');

/** The register with the month chosen and counted. */
async function month(rows = '611'): Promise<void> {
  await see('page-queue');
  router.go('register');
  await see('register-11852');
  get('tab-month')!.click();
  await waitFor(() => expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe(rows), PATIENCE);
}

/** No piece is asked for any more. */
async function settled(read: { mock: { calls: unknown[] } }): Promise<void> {
  let before = -1;
  while (before !== read.mock.calls.length) {
    before = read.mock.calls.length;
    for (let n = 0; n < 10; n += 1) await tick();
  }
}

describe('the register', () => {
  it('corrects by a new line that names the old one, and not without words', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    press('F2');
    const text = await see('correct-text');
    expect(get('dialog-primary')?.getAttribute('aria-disabled'), 'nothing is written without words').toBe('true');
    type(text, 'Nama ibu: Aminah.');
    await waitFor(() => expect(get('dialog-primary')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    const line = await see('register-11853');
    expect(line.textContent, 'it names the old number').toContain('11.852');
    expect(get('register-11852'), 'the old line stays').not.toBeNull();
  });

  it('tells how far the check of the chain has come, and F6 stops it', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    const before = get('chain')!.textContent;
    press('F6');
    await see('verifying');
    press('F6');
    await waitFor(() => expect(get('verifying')).toBeNull(), PATIENCE);
    expect(get('chain')!.textContent, 'a check that was stopped says nothing').toBe(before);
    press('F6');
    await see('verifying');
    await waitFor(() => expect(get('verifying')).toBeNull(), PATIENCE);
    expect(get('chain')!.textContent, 'one that ended does').not.toBe(before);
  });

  it('keeps few lines in the window however far one goes down', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    get('tab-month')!.click();
    await waitFor(() => expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe('611'), PATIENCE);
    const list = document.querySelector<HTMLElement>('#register-list')!;
    for (let n = 0; n < 12; n += 1) {
      list.scrollTop = 43 * 50 * (n + 1);
      list.dispatchEvent(new Event('scroll'));
      await new Promise((done) => setTimeout(done, 20));
      expect(lines().length, 'lines in the document').toBeLessThan(60);
    }
    await waitFor(() => expect(get('register-11252'), 'a line far down is drawn').not.toBeNull(), PATIENCE);
    expect(get('register-11852'), 'and the first is not').toBeNull();
  });
});

describe('a register whose chain is broken', () => {
  it('says how and how far it is known, calls no other line whole, and prints no page', async () => {
    const backend = open('broken');
    const print = vi.spyOn(backend, 'registerPrintDay');
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    const said = get('chain')!.textContent;
    expect(said).toContain(t('register.broken_edited'));
    expect(said, 'up to the line before').toContain('Sampai no. 11.840 utuh');
    expect(said, 'what nobody has judged').not.toContain('Baris lain utuh');
    expect(get('primary')?.getAttribute('aria-disabled')).toBe('true');
    expect(document.body.textContent).toContain(t('register.broken_print'));
    get('primary')!.click();
    press('F8');
    await tick();
    expect(print, 'no key prints').not.toHaveBeenCalled();
  });

  it('refuses a print where nobody had checked it before, and a check that was stopped prints nothing', async () => {
    const backend = open();
    const register = backend.register.bind(backend);
    backend.register = async (filter) => ({ ...(await register(filter)), verified: null });
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    get('primary')!.click();
    await see('verifying');
    press('F6');
    expect((await see('problem')).dataset['key']).toBe('register_unchecked');
    press('Escape');
    backend.registerPrintDay = () =>
      Promise.reject({ code: 'refused', key: 'register_broken', tone: 'hold', args: { n: '40' } });
    get('primary')!.click();
    await waitFor(() => expect(get('problem')?.textContent).toContain('tidak cocok pada no. 40'), PATIENCE);
    expect(get('paper-dialog')).toBeNull();
  });

  it('goes on to say so where a print found it, when the message is closed', async () => {
    const backend = open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    press('F6');
    await see('verifying');
    await waitFor(() => expect(get('verifying')).toBeNull(), PATIENCE);
    expect(get('chain')!.textContent, 'whole until now').not.toContain(t('register.broken_edited'));
    const broken = await mockBackend('broken').registerVerify();
    backend.registerVerify = async () => broken;
    backend.registerPrintDay = backend.registerPrintPeriod = () =>
      Promise.reject({ code: 'refused', key: 'register_broken', tone: 'hold', args: { n: '11841' } });
    get('primary')!.click();
    await see('problem');
    press('Escape');
    await gone('problem');
    await waitFor(() => expect(get('chain')!.textContent).toContain(t('register.broken_edited')), PATIENCE);
    expect(get('primary')?.getAttribute('aria-disabled'), 'and nothing can be printed').toBe('true');
  });

  it('has words for each way in which the station says that it is broken', () => {
    const generated = readFileSync(join(import.meta.dirname, '../src/lib/generated/types.ts'), 'utf8');
    const kinds = /export type RegisterBreak = ([^;]+);/.exec(generated)![1]!.match(/\w+/g)!;
    expect(kinds).toContain('cut_off');
    for (const kind of kinds) expect(known(`register.broken_${kind}`), kind).toBe(true);
    const of = (upTo: number) => brokenWords({ upTo, at: '', intact: false, brokenAt: upTo + 1, kind: 'cut_off' });
    expect(of(7)).toBe(
      'Baris-baris terakhir hilang. Sampai no. 7 utuh, sesudahnya belum pasti. Hentikan cetak, panggil penyelia.',
    );
    expect(of(0), 'nothing is known').toContain(t('register.broken_none'));
  });
});

describe('the end of the register', () => {
  it('is the oldest line, whatever had not been read yet', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    get('tab-month')!.click();
    await waitFor(() => expect(get('tab-month')?.textContent, 'says how many').toContain('610'), PATIENCE);
    // Nothing is drawn here, so nobody tells the page that it was scrolled.
    const chosen = (line: string) => {
      document.querySelector('#register-list')!.dispatchEvent(new Event('scroll'));
      expect(get(line)?.getAttribute('aria-current')).toBe('true');
    };
    press('End');
    await waitFor(() => chosen('register-11243'), PATIENCE);
    press('Home');
    await waitFor(() => chosen('register-11852'), PATIENCE);
    expect(get('tab-today')?.textContent, 'and of that period alone').not.toMatch(/\d/);
  });

  it('is reached by reading what is in sight there, and nothing in between', async () => {
    const backend = open();
    const read = vi.spyOn(backend, 'registerLines');
    await month();
    press('End');
    await see('register-11243');
    await settled(read);
    const asked = read.mock.calls.map(([filter, skip, lines]) => [filter.before, skip, lines]);
    expect(asked[0], 'the last piece of 610 lines first, from the last mark').toEqual([11_353, 100, 10]);
    expect(asked.length, 'and what is near it').toBeLessThanOrEqual(3);
    press('Home');
    await see('register-11852');
    await settled(read);
    press('End');
    await see('register-11243');
    await settled(read);
    expect(read.mock.calls.length, 'what was read is there when one comes back').toBe(asked.length);
  });
});

describe('any place of a long register', () => {
  it('is read when the scroll bar is dragged to it, and what was passed on the way is not', async () => {
    const backend = mockBackend('');
    const register = backend.register.bind(backend);
    backend.register = async (filter) => {
      const page = await register(filter);
      // As many lines as no window could read one after another; the twin has the same ones again and again.
      const marks = Array.from({ length: 100 }, (_, n) => ({ place: n * 1_000, before: 200_000 - n * 1_000 }));
      return { ...page, total: 100_000, marks };
    };
    const example = (await backend.register({ period: 'month', from: null, to: null, text: '', before: null }))
      .rows[0]!;
    const read = vi.fn(async (filter: RegisterFilter, skip: number, lines: number) =>
      Array.from({ length: lines }, (_, n) => ({ ...example, number: filter.before! - 1 - skip - n })),
    );
    backend.registerLines = read;
    use(backend);
    render(App);
    await month('100001');
    await settled(read);
    read.mockClear();
    const list = document.querySelector<HTMLElement>('#register-list')!;
    for (const place of [20_000, 35_000, 61_234]) {
      list.scrollTop = place * 43;
      list.dispatchEvent(new Event('scroll'));
    }
    const line = await see(`register-${200_000 - 1 - 61_234}`);
    expect(line.getAttribute('aria-rowindex'), 'at its place, below the head').toBe('61236');
    await settled(read);
    const pieces = read.mock.calls.map(([filter, skip]) => 200_000 - filter.before! + skip);
    expect(pieces.length, 'few pieces').toBeLessThanOrEqual(5);
    expect(pieces, 'not those of a place that was left again').not.toContain(35_000);
    expect(lines().length, 'few lines in the document').toBeLessThan(60);
  });

  it('keeps its lines in sight when new ones come on top', async () => {
    const backend = mockBackend('');
    const listen = backend.listen.bind(backend);
    let tell: Parameters<typeof listen>[0] = () => undefined;
    backend.listen = (handler) => listen((tell = handler));
    use(backend);
    render(App);
    await month();
    const list = document.querySelector<HTMLElement>('#register-list')!;
    list.scrollTop = 300 * 43;
    list.dispatchEvent(new Event('scroll'));
    (await see('register-11550')).click();
    await tick();
    expect(get('register-11550')?.getAttribute('aria-current')).toBe('true');
    await backend.registerCorrect(11_600, 'Salah tulis.');
    await backend.registerCorrect(11_601, 'Salah tulis.');
    tell({ event: 'queue_changed' });
    await waitFor(
      () => expect(document.querySelector('table')?.getAttribute('aria-rowcount'), 'counted in').toBe('613'),
      PATIENCE,
    );
    await waitFor(() => expect(list.scrollTop, 'moved by as many lines').toBe(302 * 43), PATIENCE);
    const line = await see('register-11550');
    expect(line.getAttribute('aria-current'), 'the chosen line is the same one').toBe('true');
    expect(line.getAttribute('aria-rowindex'), 'two places further down').toBe('306');
  });

  it('makes no line anew while one scrolls, and changes nothing for a few pixels', async () => {
    open();
    await month();
    const list = document.querySelector<HTMLElement>('#register-list')!;
    const to = async (y: number) => {
      list.scrollTop = y;
      list.dispatchEvent(new Event('scroll'));
      await tick();
    };
    await to(24 * 43);
    const made = new Set(document.querySelectorAll('#register-list tbody tr[data-event]'));
    let changes = 0;
    const watch = new MutationObserver((seen) => (changes += seen.length));
    watch.observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
    await to(24 * 43 + 200);
    await Promise.resolve();
    expect(changes, 'a few pixels').toBe(0);
    await to(36 * 43);
    await Promise.resolve();
    watch.disconnect();
    expect(changes, 'twelve lines').toBeGreaterThan(0);
    const now = [...document.querySelectorAll('#register-list tbody tr[data-event]')];
    expect(now.filter((line) => !made.has(line)).length, 'lines that were made').toBe(0);
    expect(
      now.map((line) => Number(line.getAttribute('aria-rowindex'))),
      'in their order',
    ).toEqual(now.map((_, n) => 24 + 2 + n));
  });

  it('says where lines were not counted, and leads past them to the oldest', async () => {
    const backend = mockBackend('');
    const register = backend.register.bind(backend);
    backend.register = async (filter) => ({
      ...(await register(filter)),
      total: 400,
      gap: 200,
      marks: [
        { place: 0, before: 11_853 },
        { place: 200, before: 11_443 },
      ],
    });
    use(backend);
    render(App);
    await month('402');
    await waitFor(() => expect(get('tab-month')?.textContent, 'more than so many').toContain('400+'), PATIENCE);
    const list = document.querySelector<HTMLElement>('#register-list')!;
    list.scrollTop = 195 * 43;
    list.dispatchEvent(new Event('scroll'));
    await waitFor(() => expect(list.textContent).toContain('Baris di antaranya tidak didaftar'), PATIENCE);
    const above = await see('register-11653');
    expect(above.nextElementSibling?.textContent, 'below the last of the newest').toContain('tidak didaftar');
    expect((await see('register-11442')).getAttribute('aria-rowindex'), 'and above the first of the oldest').toBe(
      '203',
    );
    press('End');
    const oldest = await see('register-11243');
    await waitFor(() => expect(oldest.getAttribute('aria-current'), 'the last place').toBe('true'), PATIENCE);
    expect(oldest.getAttribute('aria-rowindex')).toBe('402');
  });
});

describe('the reports', () => {
  it('step to an earlier period with the left arrow and never into the future', async () => {
    open();
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    const title = () => document.querySelector('#page-title')?.textContent;
    const now = title();
    press('ArrowRight');
    expect(title(), 'there is no later period').toBe(now);
    press('ArrowLeft');
    await waitFor(() => expect(title()).not.toBe(now), PATIENCE);
    press('ArrowRight');
    await waitFor(() => expect(title()).toBe(now), PATIENCE);
  });

  it('say where a table was saved only after it was', async () => {
    history.replaceState(null, '', '?part=refused');
    open();
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    press('F9');
    await see('radio-folder-/home/loket/Dokumen');
    get('dialog-primary')!.click();
    await see('problem');
    expect(get('saved-file'), 'a refusal is not a saved file').toBeNull();
    history.replaceState(null, '', '?');
    get('dialog-primary')!.click();
    expect((await see('saved-file')).textContent, 'the path is named').toContain('/home/loket/Dokumen/');
  });

  it('say of a period that is over when what stands open was counted, and nothing of the one that runs', async () => {
    open();
    await see('page-queue');
    router.go('reports');
    const heading = async (id: string) => (await see(id)).querySelector('h2')?.textContent;
    expect(await heading('chart-funnel')).toBe('Dari rekam sampai terima');
    press('ArrowLeft');
    await waitFor(async () => expect(await heading('chart-funnel')).toMatch(/sampai terima, per \d/), PATIENCE);
    press('F6');
    for (const id of ['funnel', 'unsent', 'unclaimed', 'stock'])
      expect(await heading(`table-${id}`), id).toMatch(/, per \d/);
    expect(await heading('table-returns'), 'what was done then stays as it was').not.toContain(', per ');
  });

  it('hold every table of the report under F6, with words where one is empty', async () => {
    open('empty');
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    press('F6');
    await see('report-details');
    for (const id of ['operators', 'returns', 'exceptions', 'quality', 'unsent', 'unclaimed'])
      expect(get(`table-${id}`)?.querySelector('p')?.textContent, `${id} says it is empty`).toBeTruthy();
  });
});
