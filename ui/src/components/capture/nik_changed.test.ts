// Another NIK in the form than that of the recording: nothing goes on until somebody says whose recording it is.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from './kit';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from '../../../tests/window';

eachBeginsAtTheQueue();

it('a recording under another NIK waits for the reason, whatever part is on', async () => {
  history.replaceState(null, '', '?part=nik_changed');
  open();
  await see('page-queue');
  router.go('capture', 'a016');
  const page = await see('page-capture-nik-changed');
  expect(page.textContent).toContain(t('capture.notice.nik_changed'));
  expect(page.textContent, 'what is safe').toContain(t('capture.notice.nik_changed.safe'));
  expect(page.querySelector('img'), 'the photograph to hold against the person').not.toBeNull();
  expect(get('same')?.getAttribute('aria-disabled'), 'no answer without a reason').toBe('true');
  press('Enter');
  expect(get('page-capture-nik-changed'), 'nor by its key').not.toBeNull();
  type(get('note-text')!, 'NIK salah ketik');
  await waitFor(() => expect(get('same')?.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  get('same')!.click();
  await waitFor(() => expect(get('page-capture-nik-changed')).toBeNull(), PATIENCE);
});
