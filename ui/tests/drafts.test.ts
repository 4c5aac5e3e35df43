// Words of a deed that nobody has confirmed yet: saved as they are typed, there again when the same is asked, gone with the deed.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const value = (field: string) => (get(field) as HTMLInputElement | null)?.value;
const isKept = () => waitFor(() => expect(get('draft-kept')?.textContent).toContain(t('form.saved')), PATIENCE);

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
