// Step 3: an old KTP-el on the reader, over the twin.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

/** The old card of an applicant at step 3 is read. */
async function read(scene: string): Promise<ReturnType<typeof open>> {
  const backend = open(scene);
  await see('page-queue');
  router.go('verification', 'a018');
  (await see('read-card')).click();
  return backend;
}

it('shows the photograph of the card beside the portrait on record, and the number of the chip', async () => {
  await read('old-card-record');
  const shown = await see('card-photo');
  expect([...shown.querySelectorAll('figcaption')].map((one) => one.textContent)).toEqual(['Kartu', 'Rekaman']);
  expect(shown.textContent).toContain('Cocokkan foto kartu, foto rekaman, dan wajah pemohon.');
  expect(get('card-uid')?.textContent).toBe('04A217C25D6180');
});

it('says that no portrait is on record here, and leaves the face to be compared', async () => {
  await read('old-card');
  const shown = await see('card-photo');
  expect(get('record-photo')).toBeNull();
  expect(shown.textContent).toContain('Di sini tidak ada foto rekaman.');
});

it('calls the card of a bank what it is, and keeps nothing of it', async () => {
  await read('bank-card');
  await waitFor(() => expect(document.body.textContent).toContain('Kartu di pembaca bukan KTP-el.'), PATIENCE);
  expect(get('card-photo')).toBeNull();
});

it('asks why before it takes never for an answer against a recording that is known', async () => {
  const backend = await read('old-card-record');
  await see('record-photo');
  press('1');
  const dialog = await see('never-dialog');
  expect(dialog.textContent).toContain('sudah direkam di stasiun ini');
  expect(get('note-save')!.ariaDisabled, 'not without a reason').toBe('true');
  expect((await backend.verification('a018')).recorded.answer, 'nothing is answered yet').toBeNull();
  type('note-words', 'Rekaman itu milik saudaranya');
  press('F8');
  await gone('never-dialog');
  expect((await see('never-because')).textContent).toContain('Rekaman itu milik saudaranya');
  expect((await backend.verification('a018')).recorded.answer).toBe('never');
  press('2');
  await gone('never-because');
});
