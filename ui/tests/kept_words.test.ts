// What was written in a dialog whose deed was refused: it stays there to be sent again. And a decision that is still being kept.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { Backend } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const broken = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };
const ready = (id: string) => waitFor(() => expect(get(id)?.ariaDisabled).not.toBe('true'), PATIENCE);

/** The deed is refused as long as `refuses` says. */
function refused(backend: Backend, deed: keyof Backend, refuses: () => boolean): void {
  const work = backend[deed] as unknown as (...args: unknown[]) => Promise<unknown>;
  Object.assign(backend, { [deed]: (...args: unknown[]) => (refuses() ? Promise.reject(broken) : work(...args)) });
}

interface Case {
  screen: 'requirements' | 'verification' | 'status' | 'print_request';
  visit: string;
  deed: keyof Backend;
  /** How the dialog is opened, and its key. */
  keys: string[];
  dialog: string;
  words: string;
  confirm: string;
  before?: (backend: Backend) => void;
}

const CASES: Case[] = [
  {
    screen: 'requirements',
    visit: 'a015',
    deed: 'returnToApplicant',
    keys: ['F7'],
    dialog: 'return-dialog',
    words: 'reason-words',
    confirm: 'return-confirm',
  },
  {
    screen: 'verification',
    visit: 'a017',
    deed: 'confirmWarning',
    keys: ['F8'],
    dialog: 'warning-dialog',
    words: 'warning-reason',
    confirm: 'dialog-primary',
  },
  {
    screen: 'verification',
    visit: 'a017',
    deed: 'chooseSource',
    keys: ['F5'],
    dialog: 'proof-dialog',
    words: 'proof-note',
    confirm: 'dialog-primary',
    before: (backend) => {
      const { verification } = backend;
      backend.verification = async (id) => {
        const seen = await verification(id);
        return { ...seen, rows: seen.rows.map((row) => ({ ...row, needsProof: true })) };
      };
    },
  },
  {
    screen: 'status',
    visit: 'a016',
    deed: 'tellApplicant',
    keys: ['F7'],
    dialog: 'refuse-dialog',
    words: 'reason-words',
    confirm: 'refuse-tell',
    before: (backend) => {
      const { statusCheck } = backend;
      backend.statusCheck = async (id) => ({ ...(await statusCheck(id)), canSlip: false, canRefuse: true });
    },
  },
];

it.each(CASES)('stays in the dialog of $deed until it is kept', async (of) => {
  router.go(of.screen, of.visit);
  const backend = open();
  of.before?.(backend);
  let refuses = true;
  refused(backend, of.deed, () => refuses);
  await see(`page-${of.screen}`);
  await waitFor(() => {
    for (const key of of.keys) press(key);
    expect(get(of.dialog)).not.toBeNull();
  }, PATIENCE);
  if (get('reason-kartu_keluarga')) get('reason-kartu_keluarga')!.click();
  type(await see(of.words), 'sudah ditanyakan');
  await ready(of.confirm);
  get(of.confirm)!.click();
  await waitFor(
    () => expect(get('dialog-failed')?.textContent).toContain(t('errors.database_damaged.happened')),
    PATIENCE,
  );
  expect((get(of.words) as HTMLInputElement).value).toBe('sudah ditanyakan');
  refuses = false;
  await ready(of.confirm);
  get(of.confirm)!.click();
  await gone(of.dialog);
});

it('a step does not end over a decision that could not be kept, nor before it is', async () => {
  router.go('verification', 'a017');
  const backend = open();
  const { verification, finishVerification } = backend;
  backend.verification = async (id) => ({ ...(await verification(id)), canGoOn: true, why: null });
  backend.chooseSource = async () => {
    await new Promise((done) => setTimeout(done, 80));
    throw broken;
  };
  let finished = 0;
  backend.finishVerification = (id) => ((finished += 1), finishVerification(id));
  await see('diff-alamat');
  await ready('primary');
  await waitFor(() => expect(get('diff-alamat')?.getAttribute('aria-current')).toBe('true'), PATIENCE);
  press('F6');
  get('primary')!.click();
  expect((await see('problem')).textContent).toContain(t('errors.database_damaged.happened'));
  await new Promise((done) => setTimeout(done, 50));
  expect(finished).toBe(0);
  expect(get('problem'), 'and it is still said').not.toBeNull();
  get('primary')!.click();
  await waitFor(() => expect(finished, 'who has read it may go on').toBe(1), PATIENCE);
});
