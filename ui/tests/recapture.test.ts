// Step 5 in jsdom with the twin: what was recorded wrongly is mended at step 4, and nobody has to say that the data are wrong.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

it('goes back to the recording by a key before the seal', async () => {
  window.history.replaceState(null, '', `${window.location.pathname}?part=seal`);
  router.go('attestation', 'a020');
  const backend = open();
  const asked: string[] = [];
  backend.goBack = (id, to) => (asked.push(id, to), Promise.reject(new Error('as far as this test goes')));
  await see('page-attestation');
  await waitFor(() => expect(get('action-recapture') ?? get('recapture')).not.toBeNull(), PATIENCE);
  press('F7');
  await waitFor(() => expect(asked).toEqual(['a020', 'capture']), PATIENCE);
});
