// Step 3: an old KTP-el on the reader, over the twin.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

/** The old card of an applicant at step 3 is read. */
async function read(scene: string): Promise<void> {
  open(scene);
  await see('page-queue');
  router.go('verification', 'a018');
  (await see('read-card')).click();
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
