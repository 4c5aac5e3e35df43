// A paper that is printed once more: whether the last sheet came out is asked where nobody told, and why again where it did.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import PaperDialog from '../src/components/print/PaperDialog.svelte';
import { use } from '$lib/backend/backend';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

/** The window over the twin; what is sent to either printer, and what is answered, stands in the lists. */
async function desk(part = '') {
  history.replaceState(null, '', `?part=${part}`);
  const backend = mockBackend('');
  use(backend);
  render(App);
  await see('page-queue');
  const sent: string[] = [];
  const said: boolean[] = [];
  const { printDocument, printSlip, printTicket, answerPrint } = backend;
  backend.printDocument = async (id, reason) => (sent.push(`sheet ${reason}`), printDocument(id, reason));
  backend.printSlip = async (id, reason) => (sent.push(`roll ${reason}`), printSlip(id, reason));
  backend.printTicket = async (id, reason) => (sent.push(`ticket ${reason}`), printTicket(id, reason));
  backend.answerPrint = async (attempt, cameOut) => (said.push(cameOut), answerPrint(attempt, cameOut));
  return { backend, sent, said };
}
const paper = () => render(PaperDialog, { title: 'Suket', documentId: '7', slip: true, close: () => undefined });
const why = async (code: string) => {
  await see('reprint-dialog');
  press(code);
  await waitFor(() => expect(get('reprint-do')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
  press('F9');
};

describe('a paper of which nobody knows whether it came out', () => {
  it('is asked about in words before anything is sent, and is an original again when none came', async () => {
    const { sent, said } = await desk('print_unknown');
    paper();
    (await see('paper-print')).click();
    const asked = await see('came-out-dialog');
    expect(asked.textContent).toContain(t('paper_print.unknown_title'));
    expect(asked.textContent, 'which printer').toContain('Printer Dokumen');
    expect(sent, 'the answer comes first').toEqual([]);
    expect(asked.textContent, 'and that nothing may wait in its queue').toContain(
      'Antrean printer harus kosong dahulu',
    );
    for (const key of ['F9', 'F5', 'F6', 'F7', 'F8', 'Enter']) press(key);
    expect(get('came-out-dialog'), 'no key of before answers it').not.toBeNull();
    expect(said).toEqual([]);
    press('F4');
    await waitFor(() => expect(sent).toEqual(['sheet ']), PATIENCE);
    expect(said).toEqual([false]);
    await see('paper-job');
    expect(get('reprint-dialog'), 'no reason for a first print').toBeNull();
  });

  it('counts when it came out: the next one asks why, also on the roll', async () => {
    const { sent, said } = await desk('print_unknown');
    paper();
    await see('paper-slip');
    press('F5');
    await see('came-out-dialog');
    press('F5');
    press('F5');
    expect(get('came-out-dialog'), 'pressed twice the key of the roll is no answer').not.toBeNull();
    expect(said).toEqual([]);
    press('F3');
    await why('1');
    await waitFor(() => expect(sent).toEqual(['roll jam']), PATIENCE);
    expect(said).toEqual([true]);
  });

  it('is left open by Esc, and nothing is sent', async () => {
    const { sent, said } = await desk('print_unknown');
    paper();
    (await see('paper-print')).click();
    await see('came-out-dialog');
    press('Escape');
    await gone('came-out-dialog');
    expect([sent, said]).toEqual([[], []]);
  });

  it('may be printed again from the dialog that heard nothing', async () => {
    const { backend, sent } = await desk();
    const { printDocument } = backend;
    let silent = true;
    const prints = backend.paperPrints;
    backend.printDocument = async (id, reason) => {
      if (!silent) return printDocument(id, reason);
      silent = false;
      return { state: 'unknown', reason: null, printer: 'P' };
    };
    backend.paperPrints = async (id) =>
      silent ? prints(id) : { again: false, unknown: { attempt: '1', sentAt: '2026-11-23T03:42:00Z', printer: 'P' } };
    backend.answerPrint = async () => ({ again: false, unknown: null });
    paper();
    (await see('paper-print')).click();
    expect((await see('paper-job')).textContent).toContain(t('paper_print.job_unknown'));
    press('F9');
    await see('came-out-dialog');
    press('F4');
    await waitFor(() => expect(sent).toEqual(['sheet ']), PATIENCE);
  });

  it('is done with where others follow it once the officer says that all of it is out, and by nothing else', async () => {
    const { backend, sent } = await desk();
    backend.printDocument = async () => ({ state: 'unknown', reason: null, printer: 'P' });
    let out = 0;
    render(PaperDialog, { title: 'Suket', documentId: '7', out: () => (out += 1), close: () => undefined });
    (await see('paper-print')).click();
    await see('paper-job');
    expect(out).toBe(0);
    backend.paperPrints = async () => ({
      again: false,
      unknown: { attempt: '1', sentAt: '2026-11-23T03:42:00Z', printer: 'P' },
    });
    backend.answerPrint = async () => ({ again: true, unknown: null });
    press('F9');
    await see('came-out-dialog');
    press('F3');
    await see('reprint-dialog');
    press('Escape');
    expect((await see('paper-print')).textContent).toContain(t('paper_print.reprint'));
    expect(get('paper-job'), 'its end is known now').toBeNull();
    expect(out, 'it may be out only half').toBe(0);
    backend.paperPrints = async () => ({ again: true, unknown: null });
    press('F9');
    await see('reprint-dialog');
    press('F5');
    await see('paper-dialog');
    expect([out, sent]).toEqual([1, []]);
  });

  it('is no longer called unknown at step 5 once the officer says that it came out', async () => {
    const { backend } = await desk('seal');
    backend.printDocument = async () => ({ state: 'unknown', reason: null, printer: 'Printer Uji' });
    router.go('attestation', 'a020');
    await waitFor(() => expect(get('print-form')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    get('print-form')!.click();
    const unknown = t('attest.print.unknown', { printer: 'Printer Uji', reason: '' });
    const page = () => get('page-attestation')?.textContent ?? document.body.textContent;
    await waitFor(() => expect(page()).toContain(unknown), PATIENCE);
    backend.paperPrints = async () => ({
      again: false,
      unknown: { attempt: '1', sentAt: '2026-11-23T03:42:00Z', printer: 'Printer Uji' },
    });
    backend.answerPrint = async () => ({ again: true, unknown: null });
    get('print-form')!.click();
    await see('came-out-dialog');
    press('F3');
    await see('reprint-dialog');
    press('Escape');
    await gone('reprint-dialog');
    expect(page()).not.toContain(unknown);
  });

  it('is asked about at the queue for the queue number', async () => {
    const { sent, said } = await desk('print_unknown');
    await see('ticket');
    press('F5');
    await see('came-out-dialog');
    press('F5');
    press('F6');
    expect(get('came-out-dialog'), 'pressed twice the key of the number is no answer').not.toBeNull();
    expect(said).toEqual([]);
    press('F4');
    await waitFor(() => expect(sent).toEqual(['ticket ']), PATIENCE);
    await gone('came-out-dialog');
  });
});

describe('a paper that came out before', () => {
  it('asks why at the cover, though nobody told the dialog', async () => {
    const { sent } = await desk();
    router.go('print_request', 'a016');
    await see('conditions');
    for (const more of [false, true]) {
      press('F9');
      (await see('paper-print')).click();
      if (more) await why('3');
      await see('paper-job');
      press('Escape');
      await gone('paper-dialog');
    }
    expect(sent).toEqual(['sheet ', 'sheet lost']);
  });

  it('asks why at the page of the register', async () => {
    const { sent } = await desk();
    router.go('register');
    await see('register-11852');
    for (const more of [false, true]) {
      get('primary')!.click();
      (await see('paper-print')).click();
      if (more) await why('2');
      await see('paper-job');
      press('Escape');
      await gone('paper-dialog');
    }
    expect(sent).toEqual(['sheet ', 'sheet unreadable']);
  });

  it('asks why at the form of step 5 and at the queue number', async () => {
    const { sent, backend } = await desk('seal');
    router.go('attestation', 'a020');
    for (const more of [false, true]) {
      await waitFor(() => expect(get('print-form')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
      get('print-form')!.click();
      if (more) await why('1');
      const many = more ? 2 : 1;
      await waitFor(() => expect(sent.length).toBe(many), PATIENCE);
    }
    expect(sent).toEqual(['sheet ', 'sheet jam']);
    router.go('queue');
    const first = (await backend.queue('all')).mine[0]!;
    await backend.printTicket(first.id);
    sent.length = 0;
    (await see('ticket')).click();
    await why('3');
    await waitFor(() => expect(sent).toEqual(['ticket lost']), PATIENCE);
  });
});

it('a paper that was never printed is printed by one key', async () => {
  open();
  await see('page-queue');
  paper();
  expect((await see('paper-print')).textContent).toContain(t('paper_print.print'));
  press('F9');
  await see('paper-job');
});
