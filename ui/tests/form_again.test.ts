// Step 5: a form that could not be made is made by its key, without leaving the page.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

it('is made again with F4', async () => {
  history.replaceState(null, '', '?part=seal');
  const backend = open();
  const { attestation, renderForm } = backend;
  let made = 0;
  backend.attestation = async (id) => ({ ...(await attestation(id)), form: null, canSeal: false });
  backend.renderForm = (id) => {
    made += 1;
    if (made > 1) return renderForm(id);
    return Promise.reject({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  };
  await see('page-queue');
  router.go('attestation', 'a020');
  await see('failed');
  expect(get('form-page')).toBeNull();
  await waitFor(() => expect(get('form-again')?.ariaDisabled).not.toBe('true'), PATIENCE);
  press('F4');
  await see('form-page');
  expect(made).toBe(2);
});
