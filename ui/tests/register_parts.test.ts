// The Buku Register of a long period, printed and saved in parts, in jsdom with the twin.
import { waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend, PaperPrints, PrintJob } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { bookPrint } from '../src/routes/register/book.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();
afterEach(() => bookPrint.close());

const FIRST: PaperPrints = { again: false, unknown: null };
const job = (state: PrintJob['state'], reason: string | null = null): PrintJob => ({ state, reason, printer: 'Uji' });
const off = (testid: string) => get(testid)?.getAttribute('aria-disabled');
const shown = (place: number) => get(`book-part-${place}`)?.dataset['state'];

/** The register with the month on show; `prints` is what the printer is given, each answered by `answer`. */
async function month(answer: (id: string, nth: number) => Promise<PrintJob>): Promise<[Backend, string[]]> {
  const backend = open();
  const sent: string[] = [];
  backend.paperPrints = async () => FIRST;
  backend.printDocument = (id) => answer(id, sent.push(id));
  await see('page-queue');
  router.go('register');
  await see('register-11852');
  get('tab-month')!.click();
  await waitFor(() => expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe('611'), PATIENCE);
  return [backend, sent];
}

/** The month is set, in three parts. */
async function set(): Promise<void> {
  get('primary')!.click();
  await see('book-dialog');
}

describe('a register of several parts', () => {
  it('says which day is being set, and F6 stops it between two parts and says from which day to go on', async () => {
    await month(async () => job('done'));
    get('primary')!.click();
    await see('verifying');
    const words = () => get('setting')?.parentElement?.textContent ?? '';
    await waitFor(() => expect(words()).toContain('hari 11 dari 30'), PATIENCE);
    expect(document.body.textContent).toContain(t('register.set_stop'));
    press('F6');
    const dialog = await see('book-dialog');
    expect(dialog.querySelectorAll('li').length, 'what had begun was set').toBe(2);
    expect(bookPrint.book?.goOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const [year, of, day] = bookPrint.book!.goOn!.split('-');
    expect((await see('book-go-on')).textContent).toContain(`masa mulai ${day}-${of}-${year}`);
    expect(get('setting'), 'nothing is set any more').toBeNull();
  });

  it('is printed in order; F6 lets the part come out and says what is printed, and F9 goes on behind it', async () => {
    let ended: (job: PrintJob) => void = () => undefined;
    const [, sent] = await month(() => new Promise((done) => (ended = done)));
    await set();
    expect(get('book-next')?.textContent).toContain(t('register.book_none'));
    press('F9');
    await waitFor(() => expect(sent).toEqual(['register-1']), PATIENCE);
    expect((await see('book-running')).textContent).toContain('bagian 1 dari 3: hari 1 sampai 10 dari 30');
    press('F9');
    // Esc lets it come out too, and the dialog stays.
    press('Escape');
    await new Promise((done) => setTimeout(done, 100));
    await waitFor(() => expect(get('book-dialog')?.dataset['state']).toBe('open'), PATIENCE);
    press('F6');
    await waitFor(() => expect(get('book-running')?.textContent).toContain(t('register.book_stopping')), PATIENCE);
    expect(off('book-stop')).toBe('true');
    ended(job('done'));
    const next = await see('book-next');
    expect(next.textContent).toContain('Sudah tercetak sampai bagian 1, lembar 70.');
    const [year, of, day] = bookPrint.book!.parts[1]!.from.split('-');
    expect(next.textContent).toContain(`Lanjutkan dari hari ${day}-${of}-${year}, bagian 2`);
    expect(sent, 'the second was not sent').toEqual(['register-1']);

    press('F9');
    await waitFor(() => expect(sent).toEqual(['register-1', 'register-2']), PATIENCE);
    ended(job('done'));
    await waitFor(() => expect(sent, 'by itself').toEqual(['register-1', 'register-2', 'register-3']), PATIENCE);
    ended(job('done'));
    expect((await see('book-done')).textContent).toContain('210 lembar dalam 3 bagian');
    expect(get('book-print'), 'nothing is printed twice').toBeNull();
    press('Escape');
    await gone('book-dialog');
    expect(bookPrint.book).toBeNull();
  });

  it('stops where the printer does, says why and at which part, and prints that part from its beginning', async () => {
    const [, sent] = await month(async (_, nth) => (nth === 2 ? job('stopped', 'media_empty') : job('done')));
    await set();
    press('F9');
    const failed = await see('book-failed');
    expect(failed.textContent).toContain(t('paper_print.job_stopped'));
    expect(failed.textContent).toContain(t('attest.reason.media_empty'));
    expect(failed.textContent).toContain('Bagian 2 dicetak lagi dari awal');
    expect([1, 2, 3].map(shown)).toEqual(['out', 'failed', 'open']);
    expect(sent, 'the third was not sent').toEqual(['register-1', 'register-2']);
    press('F9');
    await see('book-done');
    expect(sent).toEqual(['register-1', 'register-2', 'register-2', 'register-3']);
  });

  it('waits for a printer that is asked how it is, and tells any other refusal', async () => {
    const refused = (key: string) => Promise.reject({ code: 'device', key, tone: 'hold', args: {} });
    const keys = ['device_busy', 'device_absent'];
    const [, sent] = await month((_, nth) => refused(keys[nth - 1]!));
    await set();
    press('F9');
    expect((await see('problem')).dataset['key']).toBe('device_absent');
    expect(sent, 'once more after it was busy').toEqual(['register-1', 'register-1']);
    await waitFor(() => expect(shown(1)).toBe('open'), PATIENCE);
  });

  it('asks about a part whose end nobody knew; one that came out is not printed again', async () => {
    const [backend, sent] = await month(async () => job('done'));
    let known: PaperPrints = {
      again: false,
      unknown: { attempt: '7', sentAt: '2026-11-28T03:12:00Z', printer: 'Uji' },
    };
    backend.paperPrints = async (id) => (id === 'register-1' ? known : FIRST);
    backend.answerPrint = async () => (known = { again: true, unknown: null });
    await set();
    press('F9');
    await see('came-out-dialog');
    press('F6');
    expect(get('came-out-dialog'), 'the key that stops the book is no answer').not.toBeNull();
    press('F3');
    expect((await see('reprint-dialog')).textContent).toContain(t('paper_print.pass_hint'));
    press('F5');
    await see('book-dialog');
    await waitFor(() => expect(shown(1)).toBe('out'), PATIENCE);
    expect(sent).toEqual([]);
    press('F9');
    await see('book-done');
    expect(sent, 'the others alone').toEqual(['register-2', 'register-3']);
  });

  it('says of a part that came out only half what to answer, never passes it by itself, and prints it again as a whole', async () => {
    const [backend, sent] = await month(async (_, nth) => (nth === 2 ? job('unknown', 'media_empty') : job('done')));
    let known = FIRST;
    backend.paperPrints = async (id) => (id === 'register-2' ? known : FIRST);
    const answer = vi.fn(async () => (known = { again: true, unknown: null }));
    backend.answerPrint = answer;
    const print = vi.spyOn(backend, 'printDocument');
    await set();
    press('F9');
    const failed = await see('book-failed');
    expect(failed.textContent).toContain(t('attest.reason.media_empty'));
    expect(failed.textContent).toContain(t('register.book_unknown', { n: 2 }));
    expect(failed.textContent, 'nothing is printed again unasked').not.toContain(t('register.book_again', { n: 2 }));
    known = { again: false, unknown: { attempt: '7', sentAt: '2026-11-28T03:12:00Z', printer: 'Uji' } };
    press('F9');
    const asked = await see('came-out-dialog');
    expect(asked.textContent).toContain(t('paper_print.unknown_hint'));
    expect(asked.textContent).toContain('Hanya sebagian keluar: jawab Ya, lalu cetak ulang seluruhnya.');
    expect(asked.textContent).toContain(t('paper_print.pass_hint'));
    press('F3');
    await see('reprint-dialog');
    expect(answer).toHaveBeenCalledWith('7', true);
    // Left to see to the printer: the part is not done.
    press('Escape');
    await see('book-dialog');
    await waitFor(() => expect([1, 2, 3].map(shown)).toEqual(['out', 'open', 'open']), PATIENCE);
    press('F9');
    await see('reprint-dialog');
    press('1');
    await tick();
    press('F9');
    await see('book-done');
    expect(print.mock.calls, 'all of it').toContainEqual(['register-2', 'jam']);
    expect(sent).toEqual(['register-1', 'register-2', 'register-2', 'register-3']);
  });

  it('goes on behind a part that came out by itself, as the officer said', async () => {
    const [backend, sent] = await month(async (_, nth) => job(nth === 2 ? 'unknown' : 'done'));
    let known = FIRST;
    backend.paperPrints = async (id) => (id === 'register-2' ? known : FIRST);
    backend.answerPrint = async () => (known = { again: true, unknown: null });
    await set();
    press('F9');
    await see('book-failed');
    known = { again: false, unknown: { attempt: '7', sentAt: '2026-11-28T03:12:00Z', printer: 'Uji' } };
    press('F7');
    await see('paper-print');
    press('F9');
    await see('came-out-dialog');
    press('F3');
    await see('reprint-dialog');
    press('F5');
    await see('paper-dialog');
    press('Escape');
    await see('book-dialog');
    expect([1, 2, 3].map(shown)).toEqual(['out', 'out', 'open']);
    expect(get('book-failed')).toBeNull();
    press('F9');
    await see('book-done');
    expect(sent, 'the second is not printed again').toEqual(['register-1', 'register-2', 'register-3']);
  });

  it('is asked once why it is printed again, whatever the number of its parts', async () => {
    const [backend] = await month(async () => job('done'));
    backend.paperPrints = async () => ({ again: true, unknown: null });
    const print = vi.spyOn(backend, 'printDocument');
    await set();
    press('F9');
    await see('reprint-dialog');
    press('1');
    await tick();
    press('F9');
    await see('book-done');
    expect(print.mock.calls).toEqual([1, 2, 3].map((n) => [`register-${n}`, 'jam']));
  });

  it('asks whoever signs in after for a reason of their own', async () => {
    let ended: (job: PrintJob) => void = () => undefined;
    const [backend, sent] = await month(() => new Promise((done) => (ended = done)));
    backend.paperPrints = async () => ({ again: true, unknown: null });
    await set();
    press('F9');
    await see('reprint-dialog');
    press('1');
    await tick();
    press('F9');
    await waitFor(() => expect(sent).toEqual(['register-1']), PATIENCE);
    ended(job('done'));
    await waitFor(() => expect(sent, 'said once').toEqual(['register-1', 'register-2']), PATIENCE);
    const station = session.station!;
    session.station = { ...station, signedIn: { ...station.signedIn!, id: 'lain' } };
    ended(job('done'));
    await see('reprint-dialog');
    expect(sent, 'nothing under the name of who did not say why').toEqual(['register-1', 'register-2']);
  });

  it('goes on behind a part that came out when the book was on show before, and prints nothing of it', async () => {
    const [backend, sent] = await month(async () => job('done'));
    backend.paperPrints = async (id) => (id === 'register-1' ? { again: true, unknown: null } : FIRST);
    await set();
    press('F9');
    await see('reprint-dialog');
    expect(get('reprint-pass')?.textContent).toContain(t('paper_print.pass'));
    expect(off('reprint-pass'), 'without a reason').toBeNull();
    expect(off('reprint-do')).toBe('true');
    press('F5');
    await see('book-dialog');
    await waitFor(() => expect([1, 2, 3].map(shown)).toEqual(['out', 'open', 'open']), PATIENCE);
    expect([sent, bookPrint.next]).toEqual([[], 1]);
    press('F9');
    await see('book-done');
    expect(sent, 'the others alone').toEqual(['register-2', 'register-3']);
  });

  it('is given up when its page is left while it is set, and says nothing of it on another page', async () => {
    const [backend] = await month(async () => job('done'));
    const stop = vi.spyOn(backend, 'registerVerifyStop');
    const work = vi.spyOn(backend, 'registerPrintPeriod');
    for (const far of ['verifying', 'setting']) {
      get('primary')!.click();
      await see(far);
      press('F9');
      await tick();
      expect(get('save-dialog'), 'nothing else is begun that a stop would end too').toBeNull();
      stop.mockClear();
      press('Escape');
      await see('page-queue');
      expect(stop, `left while ${far}`).toHaveBeenCalledOnce();
      await work.mock.results.at(-1)!.value.catch(() => undefined);
      await new Promise((done) => setTimeout(done, 50));
      expect(bookPrint.book).toBeNull();
      expect(get('problem')).toBeNull();
      router.go('register');
      await see('register-11852');
      expect(get('book-dialog')).toBeNull();
      get('tab-month')!.click();
      await waitFor(() => expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe('611'), PATIENCE);
    }
  });

  it('is never replaced by another one: what comes out is told of the book that is printed', async () => {
    let ended: (job: PrintJob) => void = () => undefined;
    const [backend] = await month(() => new Promise((done) => (ended = done)));
    const other = await backend.registerPrintPeriod({ period: 'week', from: null, to: null, text: '', before: null });
    await set();
    const book = bookPrint.book!;
    press('F9');
    await see('book-running');
    press('F6');
    bookPrint.open(other);
    expect(bookPrint.book).toBe(book);
    await waitFor(() => expect(bookPrint.at).toBe(0), PATIENCE);
    ended(job('done'));
    await waitFor(() => expect([1, 2, 3].map(shown)).toEqual(['out', 'open', 'open']), PATIENCE);
  });

  it('is still there with what came out when the page was left', async () => {
    await month(async (_, nth) => job(nth === 1 ? 'done' : 'unknown'));
    await set();
    press('F9');
    await see('book-failed');
    router.go('queue');
    await see('page-queue');
    router.go('register');
    await see('book-dialog');
    expect([1, 2, 3].map(shown)).toEqual(['out', 'failed', 'open']);
  });
});

describe('a long table as PDF', () => {
  it('says how far it is set, and F6 stops it before anything is written', async () => {
    await month(async () => job('done'));
    press('F9');
    (await see('radio-format-pdf')).click();
    await waitFor(() => expect(off('dialog-primary')).toBeNull(), PATIENCE);
    expect(get('save-stop'), 'nothing to stop yet').toBeNull();
    get('dialog-primary')!.click();
    await waitFor(() => expect(get('saving')?.textContent).toContain('hari 1 dari 30'), PATIENCE);
    press('F6');
    expect((await see('problem')).dataset['key']).toBe('save_stopped');
    expect(get('saved-file')).toBeNull();
    get('dialog-primary')!.click();
    expect((await see('saved-file')).textContent).toContain('.pdf');
    expect(get('saving'), 'and says no more').toBeNull();
  });
});
