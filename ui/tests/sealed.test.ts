// What the window says of a sealed recording of practice: whether it goes out depends on whether there is a centre of practice.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, open, press, see } from './window';

eachBeginsAtTheQueue();

it('of practice goes to a training centre where there is one, and nowhere without', async () => {
  history.replaceState(null, '', `${location.pathname}?part=sealed`);
  open('training');
  await see('page-queue');
  router.go('attestation', 'a020');
  const sealed = await see('sealed');
  expect(sealed.textContent).toContain(t('attest.sealed.training'));
  const strip = session.strip!;
  session.strip = { ...strip, unsent: { ...strip.unsent, sends: true } };
  await waitFor(() => expect(sealed.textContent).toContain(t('attest.sealed.training_centre')), PATIENCE);
  expect(sealed.textContent).not.toContain(t('attest.sealed.training'));
});

it.each([
  ['seal', 0],
  ['seal_excused', 1],
])('is asked about with the exceptions that the form names, of %s also that of the photo', async (part, count) => {
  history.replaceState(null, '', `${location.pathname}?part=${part}`);
  open();
  await see('page-queue');
  router.go('attestation', 'a020');
  const seal = await see('seal');
  await waitFor(() => expect(seal.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
  seal.click();
  const asked = await see('seal-confirm');
  expect(asked.closest('dialog')!.textContent).toContain(t('attest.seal.holds', { count }));
  press('Escape');
});
