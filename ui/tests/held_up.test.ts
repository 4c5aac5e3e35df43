// A paper that the printer does not let out: said while it lasts, and called off from the keyboard. What a driver tells of
// its device stands on the device page in words.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import PaperDialog from '../src/components/print/PaperDialog.svelte';
import { use } from '$lib/backend/backend';
import type { Backend, BackendEvent, PrintJob } from '$lib/backend/contract';
import { factWords } from '$lib/domain/facts';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

/** The window over the twin, with a printer that keeps the paper until `out` or until it is called off. */
async function stuck(end: PrintJob['state'] = 'stopped') {
  const backend: Backend = mockBackend('');
  let tell: (event: BackendEvent) => void = () => undefined;
  const { listen } = backend;
  backend.listen = (hear) => listen((tell = hear));
  use(backend);
  render(App);
  await see('page-queue');
  const called: string[] = [];
  let out: (job: PrintJob) => void = () => undefined;
  backend.printDocument = () => new Promise((done) => (out = done));
  backend.cancelDevice = async (role) => {
    called.push(role);
    out({ state: end, reason: 'job_cancelled', printer: 'P' });
  };
  render(PaperDialog, { title: 'F-1.01', documentId: '1', close: () => undefined });
  (await see('paper-print')).click();
  await see('paper-sending');
  return { backend, called, tell: (event: BackendEvent) => tell(event), out: (job: PrintJob) => out(job) };
}

describe('a paper that is held up in the printer', () => {
  it('is said at once, goes on by itself, and stands as printed then', async () => {
    const { tell, out } = await stuck();
    tell({ event: 'paper_held_up', reason: 'media_empty' });
    const said = await see('paper-held-up');
    for (const key of ['paper_print.held_up', 'attest.reason.media_empty', 'paper_print.held_up_next'] as const)
      expect(said.textContent).toContain(t(key));
    tell({ event: 'paper_held_up', reason: null });
    await gone('paper-held-up');
    out({ state: 'done', reason: null, printer: 'P' });
    expect((await see('paper-job')).textContent).toContain(t('paper_print.job_done'));
  });

  it('is called off with F8', async () => {
    const { called, tell } = await stuck();
    tell({ event: 'paper_held_up', reason: 'media_jam' });
    await see('paper-held-up');
    press('F8');
    const job = await see('paper-job');
    expect(called).toEqual(['document_printer']);
    expect(job.textContent).toContain(t('attest.reason.job_cancelled'));
    await waitFor(() => expect(get('paper-cancel')!.getAttribute('aria-disabled')).toBe('true'), PATIENCE);
    press('F8');
    expect(called.length, 'nothing more to call off').toBe(1);
  });

  it('is asked about before it is printed again where it had begun when it was called off', async () => {
    const { backend, tell } = await stuck('unknown');
    tell({ event: 'paper_held_up', reason: 'media_jam' });
    await see('paper-held-up');
    press('F8');
    const job = await see('paper-job');
    expect(job.textContent).toContain(t('paper_print.job_unknown'));
    expect(job.textContent).toContain(t('attest.reason.job_cancelled'));
    backend.paperPrints = async () => ({
      again: false,
      unknown: { attempt: '1', sentAt: '2026-11-23T03:42:00Z', printer: 'P' },
    });
    press('F9');
    const asked = await see('came-out-dialog');
    expect(asked.textContent).toContain(t('paper_print.unknown_hint'));
    expect(asked.textContent, 'nothing follows it').not.toContain(t('paper_print.pass_hint'));
  });
});

describe('what a driver tells of its device', () => {
  it('is said in words, and what has none stands as it came', () => {
    const told = [
      { key: 'ready', value: 'false' },
      { key: 'reason', value: 'ribbon_low' },
      { key: 'ribbon', value: '12' },
      { key: 'one_to_one', value: '' },
      { key: 'word', value: 'DEF_PRINTER_LOCKED' },
      { key: 'newer', value: '7' },
    ];
    expect(factWords(told)).toBe(
      'belum siap, pita hampir habis, pita cukup untuk 12 kartu, hanya untuk pencocokan 1:1, kata printer: DEF_PRINTER_LOCKED, newer 7',
    );
  });

  it('stands on the device page, also why a test failed', async () => {
    const backend = open();
    await see('page-queue');
    backend.testDevice = async () => ({ ok: false, reason: 'nothing_presented', detail: [], tookMs: 10_000 });
    router.go('devices');
    const pad = await see('device-signature_pad');
    expect(pad.textContent).toContain('410 dpi');
    get('test-signature_pad')!.click();
    await waitFor(
      () => expect(get('device-signature_pad')!.textContent).toContain(t('trouble.nothing_presented.signature_pad')),
      PATIENCE,
    );
  });
});
