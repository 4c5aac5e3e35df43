// Words of a deed that nobody has confirmed yet: saved as they are typed, there again when the same is asked, gone with the deed.
import { render, waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { Backend, BackendEvent } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { PATIENCE, choose, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const value = (field: string) => (get(field) as HTMLInputElement | null)?.value;
const isKept = () => waitFor(() => expect(get('draft-kept')?.textContent).toContain(t('form.saved')), PATIENCE);

const topOfQueue = () => document.querySelector<HTMLElement>('tr[data-testid^="queue-"]')?.dataset['id'];

/** Presses until the field that the words are written in is there. */
async function asks(key: string, field: string): Promise<void> {
  await waitFor(() => {
    if (!get(field)) press(key);
    expect(get(field)).not.toBeNull();
  }, PATIENCE);
}

interface Case {
  screen: 'requirements' | 'verification' | 'capture' | 'attestation';
  page: string;
  visit: string;
  key: string;
  field: string;
  part?: string;
}
const CASES: Case[] = [
  { screen: 'requirements', page: 'page-requirements', visit: 'a015', key: 'F7', field: 'reason-words' },
  { screen: 'verification', page: 'page-verification', visit: 'a017', key: 'F8', field: 'warning-reason' },
  {
    screen: 'capture',
    page: 'page-capture-portrait',
    visit: 'a016',
    key: 'F9',
    field: 'note-text',
    part: 'portrait_weak',
  },
  { screen: 'attestation', page: 'page-attestation', visit: 'a020', key: 'F6', field: 'attestation-note' },
];

it.each(CASES)('are there again on $screen after the page was left', async (of) => {
  if (of.part) history.replaceState(null, '', `?part=${of.part}`);
  open();
  for (const before of ['', 'belum ditanya']) {
    await see('page-queue');
    router.go(of.screen, of.visit);
    await see(of.page);
    await asks(of.key, of.field);
    await waitFor(() => expect(value(of.field)).toBe(before), PATIENCE);
    if (before === '') type(of.field, 'belum ditanya');
    await isKept();
    router.go('queue');
  }
});

const LEFT = [
  { screen: 'requirements', visit: 'a015', key: '', field: 'note-p0' },
  { screen: 'requirements', visit: 'a015', key: 'F7', field: 'reason-words' },
  { screen: 'attestation', visit: 'a020', key: 'F6', field: 'attestation-note' },
] as const;
it.each(LEFT)('are saved where $screen is left at once, in $field', async ({ screen, visit, key, field }) => {
  const backend = open();
  const saved: unknown[][] = [];
  const { saveDraft, noteRequirement } = backend;
  backend.saveDraft = (...args) => (saved.push(args), saveDraft(...args));
  backend.noteRequirement = (...args) => (saved.push(args), noteRequirement(...args));
  await see('page-queue');
  router.go(screen, visit);
  await see(`page-${screen}`);
  if (key) await asks(key, field);
  else await see(field);
  type(field, 'baru diketik');
  router.go('queue');
  await waitFor(() => expect(saved.map((args) => [args[0], args.at(-1)])).toEqual([[visit, 'baru diketik']]), PATIENCE);
});

/** Asked why a line of the photo cannot hold, while none is ticked: the window, and the first two lines. */
async function asksOfALine(): Promise<[Backend, HTMLInputElement, HTMLInputElement]> {
  history.replaceState(null, '', '?part=portrait');
  const backend = open();
  await see('page-queue');
  const { portrait } = await backend.capture('a016');
  const counts = portrait.attempts.find((one) => one.chosen) ?? portrait.attempts.find((one) => one.best);
  for (const { line } of portrait.judged) await backend.judgePortrait('a016', counts!.captureId, line, false);
  router.go('capture', 'a016');
  await see('page-capture-portrait');
  await waitFor(() => {
    if (!get('excuse-panel')) press('F4');
    expect(get('excuse-panel')).not.toBeNull();
  }, PATIENCE);
  const [first, second] = [...get('excuse-panel')!.querySelectorAll('input')];
  return [backend, first!, second!];
}
const says = (words: string) => waitFor(() => expect(value('note-text')).toBe(words), PATIENCE);

it('of a line of the photo are not those of another line', async () => {
  const [backend, first, second] = await asksOfALine();
  type('note-text', 'kelopak turun');
  await isKept();
  second.click();
  await says('');
  first.click();
  await says('kelopak turun');
  expect((await backend.draft('a016', 'excuse_note', first.value))?.text).toBe('kelopak turun');
  await backend.excusePortrait('a016', first.value, 'kelopak turun', 'x', 'y');
  expect(await backend.draft('a016', 'excuse_note', first.value), 'witnessed').toBeNull();
});

it('are said of the line and with the witness that stood there when Enter was pressed, however slow the disk is', async () => {
  const [backend, first, second] = await asksOfALine();
  const { saveDraft, excusePortrait } = backend;
  const excused: unknown[][] = [];
  backend.excusePortrait = (...args) => (excused.push(args), excusePortrait(...args));
  let write = (): void => undefined;
  const disk = new Promise<void>((done) => (write = done));
  backend.saveDraft = (...args) => disk.then(() => saveDraft(...args));
  type('note-text', 'kelopak turun');
  choose('witness-who', 'op-2');
  type('witness-password', 'rahasia');
  await waitFor(() => expect(get('excuse-keep')?.ariaDisabled).not.toBe('true'), PATIENCE);
  press('Enter');
  second.click();
  await says('');
  type('witness-password', '');
  expect(excused, 'the words are not on the disk yet').toEqual([]);
  write();
  await waitFor(() => expect(excused).toEqual([['a016', first.value, 'kelopak turun', 'op-2', 'rahasia']]), PATIENCE);
});

it('about one photo are not there for the next, nor why it is weak where another backdrop is asked about', async () => {
  history.replaceState(null, '', '?part=portrait_weak');
  const backend = open();
  await see('page-queue');
  router.go('capture', 'a016');
  await see('page-capture-portrait');
  await asks('F9', 'note-text');
  type('note-text', 'lampu studio rusak');
  await isKept();
  expect(await backend.draft('a016', 'backdrop_note', ''), 'a question of its own').toBeNull();
  press('Escape');
  await gone('note-panel');
  get('take-portrait')!.click();
  await see('attempt-5');
  await waitFor(() => expect(get('accept-note')?.ariaDisabled).not.toBe('true'), PATIENCE);
  await asks('F9', 'note-text');
  expect(value('note-text'), 'not for a moment').toBe('');
  await waitFor(async () => expect(await backend.draft('a016', 'portrait_note', '')).toBeNull(), PATIENCE);
  expect(value('note-text')).toBe('');
});

it('come back with what was ticked beside them', async () => {
  open();
  const ticked = () => document.querySelectorAll('[data-testid="return-dialog"] input:checked').length;
  for (const before of [0, 2]) {
    await see('page-queue');
    router.go('requirements', 'a015');
    await see('page-requirements');
    await asks('F7', 'reason-words');
    await waitFor(() => expect(ticked()).toBe(before), PATIENCE);
    if (before === 0) for (const digit of ['1', '3']) press(digit);
    await waitFor(() => expect(ticked()).toBe(2), PATIENCE);
    press('Escape');
    await gone('return-dialog');
    router.go('queue');
  }
});

it('and ticks that are there again are confirmed by another key than the one that asks for them', async () => {
  const backend = open();
  const done: string[] = [];
  const { cancel, returnToApplicant } = backend;
  backend.cancel = (...args) => (done.push('cancel'), cancel(...args));
  backend.returnToApplicant = (...args) => (done.push('return'), returnToApplicant(...args));
  await see('page-queue');
  await waitFor(() => expect(topOfQueue()).toBeTruthy(), PATIENCE);
  await backend.saveDraft(topOfQueue()!, 'cancel_reason', '', 'pemohon pulang');
  await backend.saveDraft('a015', 'return_reason', '', 'akta menyusul');
  await backend.saveDraft('a015', 'return_codes', '', 'kartu_keluarga');
  const ready = (button: string) => waitFor(() => expect(get(button)?.ariaDisabled ?? 'false').toBe('false'), PATIENCE);
  await asks('F7', 'cancel-reason');
  await ready('cancel-confirm');
  /** Where a deed was begun it is done by then. */
  const passed = () => new Promise((over) => setTimeout(over, 50));
  press('F7');
  await passed();
  expect(done).toEqual([]);
  press('F8');
  await gone('cancel-dialog');
  router.go('requirements', 'a015');
  await see('page-requirements');
  await asks('F7', 'reason-words');
  await ready('return-confirm');
  press('F7');
  await passed();
  expect(done).toEqual(['cancel']);
  press('F8');
  await see('paper-dialog');
  expect(done).toEqual(['cancel', 'return']);
});

it('are of the visit that the dialog was opened for, whatever stands on top of the queue by then', async () => {
  const backend = mockBackend();
  let tell: (event: BackendEvent) => void = () => undefined;
  const { listen, queue, cancel } = backend;
  backend.listen = (hear) => listen((tell = hear));
  let cancelled = '';
  backend.cancel = (id, reason) => ((cancelled = id), cancel(id, reason));
  use(backend);
  render(App);
  await see('page-queue');
  await waitFor(() => expect(topOfQueue()).toBeTruthy(), PATIENCE);
  const first = topOfQueue()!;
  await asks('F7', 'cancel-reason');
  const title = get('cancel-dialog')!.querySelector('.dialog-title')!.textContent;
  type('cancel-reason', 'pemohon pulang');
  backend.queue = async (role) => {
    const seen = await queue(role);
    return { ...seen, mine: seen.mine.toReversed() };
  };
  tell({ event: 'queue_changed' });
  await waitFor(() => expect(topOfQueue()).not.toBe(first), PATIENCE);
  expect(get('cancel-dialog')!.querySelector('.dialog-title')!.textContent).toBe(title);
  expect(value('cancel-reason')).toBe('pemohon pulang');
  press('F8');
  await gone('cancel-dialog');
  expect(cancelled).toBe(first);
});

it('of a cancelling that is refused stay in the dialog, with the reason', async () => {
  const backend = open();
  backend.cancel = () => Promise.reject({ code: 'store', key: 'database_damaged', tone: 'bad', args: {} });
  await see('page-queue');
  await asks('F7', 'cancel-reason');
  type('cancel-reason', 'pemohon pulang');
  press('F8');
  await waitFor(
    () => expect(get('dialog-failed')?.textContent).toContain(t('errors.database_damaged.happened')),
    PATIENCE,
  );
  expect(value('cancel-reason')).toBe('pemohon pulang');
});

it('are not asked of whoever may not cancel', async () => {
  const backend = open();
  await see('page-queue');
  router.go('settings');
  await see('page-settings');
  const station = await backend.stationState();
  session.apply({ ...station, signedIn: { ...station.signedIn!, roles: ['printing'] } });
  router.go('queue');
  await see('tab-all');
  get('tab-all')!.click();
  await waitFor(() => expect(topOfQueue()).toBeTruthy(), PATIENCE);
  expect(get('action-cancel')?.ariaDisabled).toBe('true');
  press('F7');
  await new Promise((done) => setTimeout(done, 50));
  expect(get('cancel-dialog')).toBeNull();
});

it('are saved, and the dialog says that what is ticked beside them is not', async () => {
  const backend = open();
  const { saveDraft } = backend;
  const full = { code: 'store', key: 'disk_full', tone: 'bad', args: {} };
  backend.saveDraft = (id, what, about, text) =>
    what === 'return_codes' ? Promise.reject(full) : saveDraft(id, what, about, text);
  await see('page-queue');
  router.go('requirements', 'a015');
  await see('page-requirements');
  await asks('F7', 'reason-words');
  type('reason-words', 'akta menyusul');
  await isKept();
  get('reason-kartu_keluarga')!.click();
  const says = (words: string) => waitFor(() => expect(get('draft-kept')?.textContent).toContain(words), PATIENCE);
  await says(t('common.draft_unsaved'));
  backend.saveDraft = saveDraft;
  get('reason-kartu_keluarga')!.click();
  await says(t('form.saved'));
});

it('are there again in the dialog that cancels, and go with it', async () => {
  const backend = open();
  await see('page-queue');
  await asks('F7', 'cancel-reason');
  type('cancel-reason', 'pemohon pulang');
  await isKept();
  press('Escape');
  await gone('cancel-dialog');
  await asks('F7', 'cancel-reason');
  await waitFor(() => expect(value('cancel-reason')).toBe('pemohon pulang'), PATIENCE);
  let cancelled = '';
  const { cancel } = backend;
  backend.cancel = (id, reason) => ((cancelled = id), cancel(id, reason));
  await waitFor(() => expect(get('cancel-confirm')?.ariaDisabled).not.toBe('true'), PATIENCE);
  get('cancel-confirm')!.click();
  await gone('cancel-dialog');
  expect(await backend.draft(cancelled, 'cancel_reason', '')).toBeNull();
});

it('go with the deed that says them, and not with one that is refused', async () => {
  const backend = open();
  await see('page-queue');
  router.go('verification', 'a017');
  await see('page-verification');
  const { confirmWarning } = backend;
  let rule = '';
  let refuses = true;
  backend.confirmWarning = (id, of, reason) => {
    rule = of;
    return refuses
      ? Promise.reject({ code: 'store', key: 'database_damaged', tone: 'bad', args: {} })
      : confirmWarning(id, of, reason);
  };
  await asks('F8', 'warning-reason');
  type('warning-reason', 'sesuai KK');
  for (const left of ['sesuai KK', undefined]) {
    await waitFor(() => expect(get('dialog-primary')?.ariaDisabled).not.toBe('true'), PATIENCE);
    get('dialog-primary')!.click();
    if (left) await waitFor(() => expect(get('dialog-failed')?.textContent).not.toBe(''), PATIENCE);
    else await gone('warning-dialog');
    expect((await backend.draft('a017', 'warning_reason', rule))?.text).toBe(left);
    refuses = false;
  }
});

it('say that they are not saved yet where they cannot be, and that they are once they can', async () => {
  const backend = open();
  const { saveDraft } = backend;
  const full = { code: 'store', key: 'disk_full', tone: 'bad', args: {} };
  backend.saveDraft = () => Promise.reject(full);
  await see('page-queue');
  await asks('F7', 'cancel-reason');
  type('cancel-reason', 'pemohon pu');
  const says = (words: string) => waitFor(() => expect(get('draft-kept')?.textContent).toContain(words), PATIENCE);
  await says(t('common.draft_unsaved'));
  backend.saveDraft = saveDraft;
  type('cancel-reason', 'pemohon pulang');
  await says(t('form.saved'));
});
