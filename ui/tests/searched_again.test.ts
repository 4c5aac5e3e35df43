// Step 4 over the twin, when only the NIK was corrected after all was captured: the fingers are searched for once more.
import { waitFor } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();
afterEach(() => history.replaceState(null, '', location.pathname));

it('runs by itself where nothing else is left, and who is found is answered before step 4 ends', async () => {
  history.replaceState(null, '', '?part=rematch_due');
  const backend = open();
  const searched = vi.spyOn(backend, 'findDuplicates');
  await see('page-queue');
  router.go('capture', 'a016');
  await see('page-capture-found');
  expect(searched, 'once').toHaveBeenCalledTimes(1);
  press('F8');
  await see('note-text');
  type('note-text', 'kembar, akta lahir berbeda');
  await waitFor(() => expect(get('note-keep')!.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  get('note-keep')!.click();
  await see('page-capture-rematch');
  await waitFor(() => expect(get('capture-finish')!.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  expect(searched).toHaveBeenCalledTimes(1);
});
