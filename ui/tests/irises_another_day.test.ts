// Irises that were taken on an earlier day: they hold nothing up, and can be taken again once lenses were asked about today.
import { waitFor } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();
afterEach(() => history.replaceState(null, '', location.pathname));

it('asks about lenses before finished irises are taken again, and says nobody answered that before', async () => {
  history.replaceState(null, '', '?part=irises_another_day');
  const backend = open();
  const taken = vi.spyOn(backend, 'captureIrises');
  await see('page-queue');
  router.go('capture', 'a016');
  await see('page-capture-irises');
  expect(get('same-eye-twice'), 'the question whose advice is to take them again').not.toBeNull();
  expect(get('lens-question'), 'of today nothing was asked').not.toBeNull();
  expect(get('irises-next')!.getAttribute('aria-disabled'), 'and nothing is held up').not.toBe('true');
  expect(get('again')!.getAttribute('aria-disabled')).toBe('true');
  const why = () => document.querySelector('.bar')!.textContent;
  expect(why(), 'nothing is called complete while a question about it is open').not.toMatch(/lengkap/);
  expect(why(), 'what answers it, and what has to be asked before').toMatch(/F5.*F4.*F8/);
  press('F5');
  await waitFor(() => expect(get('again')!.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
  expect(get('lens-question')).toBeNull();
  expect(why()).toMatch(/dua kali.*F8/);
  press('F4');
  await waitFor(() => expect(taken).toHaveBeenCalledTimes(1), PATIENCE);
});
