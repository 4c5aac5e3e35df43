// Step 3 over the twin, when the record changed while the page stood open: the press ends nothing, and the new row is shown.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { refuse } from '../src/lib/backend/mock/world';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

it('stops at the finishing key over a newer record, says so and goes to the row that differs now', async () => {
  const backend = open();
  const { verification, finishVerification } = backend;
  let newer = false;
  backend.verification = async (id) => {
    const seen = await verification(id);
    if (newer) return seen;
    const rows = seen.rows.map((row) => ({ ...row, result: 'same' as const }));
    return { ...seen, rows, open: 0, done: rows.length, canGoOn: true, why: null };
  };
  let pressed = 0;
  backend.finishVerification = async (id) => {
    pressed += 1;
    if (pressed > 1) return finishVerification(id);
    newer = true;
    return refuse('record_changed');
  };
  await see('page-queue');
  router.go('verification', 'a014');
  await see('page-verification');
  await waitFor(() => expect(get('primary')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
  expect(get('diff-open'), 'nothing differs yet').toBeNull();
  get('primary')!.click();
  await waitFor(() => expect(document.body.textContent).toContain(t('errors.record_changed.happened')), PATIENCE);
  await see('diff-open');
  expect(get('diff-alamat')?.getAttribute('aria-current'), 'the first that differs').toBe('true');
  expect(get('primary')?.getAttribute('aria-disabled'), 'and it is decided first').toBe('true');
  expect(pressed).toBe(1);
});
