// A visit for a photo, or for a photo and a signature: step 4 goes to the next part that is taken, and ends after the last.
import { waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import type { Capture, Modality } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

/** Everything that `parts` asks for is taken and stands; `at` is open. */
async function whole(
  parts: Modality[],
  at: Modality,
  more: (c: Capture) => Partial<Capture> = () => ({}),
): Promise<ReturnType<typeof open>> {
  history.replaceState(null, '', '?part=rematch_done');
  const backend = open();
  const all = backend.capture.bind(backend);
  vi.spyOn(backend, 'capture').mockImplementation(async (id): Promise<Capture> => {
    const c = await all(id);
    return {
      ...c,
      modality: at,
      tabs: c.tabs.map(({ modality }) => ({
        modality,
        state: !parts.includes(modality) ? 'not_needed' : modality === at ? 'current' : 'done',
      })),
      notices: [],
      rematch: [],
      canFinish: true,
      why: null,
      ...more(c),
    };
  });
  await see('page-queue');
  router.go('capture', 'a016');
  await see(`page-capture-${at}`);
  return backend;
}

const off = (id: string) => get(id)!.getAttribute('aria-disabled') === 'true';

it('ends step 4 on the photo where nothing else is taken', async () => {
  const backend = await whole(['portrait'], 'portrait');
  const goes = vi.spyOn(backend, 'gotoModality');
  const ends = vi.spyOn(backend, 'finishCapture');
  expect(get('portrait-next'), 'no finger is asked for').toBeNull();
  expect(off('capture-finish')).toBe(false);
  get('capture-finish')!.click();
  await waitFor(() => expect(ends).toHaveBeenCalledWith('a016'), PATIENCE);
  expect(goes).not.toHaveBeenCalled();
});

it('goes from the photo to the signature where both are taken, and ends there', async () => {
  const backend = await whole(['portrait', 'signature'], 'portrait');
  const goes = vi.spyOn(backend, 'gotoModality');
  get('portrait-next')!.click();
  await waitFor(() => expect(goes).toHaveBeenCalledWith('a016', 'signature'), PATIENCE);
});

it('ends step 4 on the signature where nothing is matched again', async () => {
  const backend = await whole(['portrait', 'signature'], 'signature');
  const ends = vi.spyOn(backend, 'finishCapture');
  expect(get('signature-next')).toBeNull();
  get('capture-finish')!.click();
  await waitFor(() => expect(ends).toHaveBeenCalledWith('a016'), PATIENCE);
});

it('offers on the photo what stands in for the signature of step 5, and no finger or eye', async () => {
  await whole(['portrait'], 'portrait', (c) => ({
    exceptions: [],
    fingers: c.fingers.map((f) => ({ ...f, state: 'pending' })),
    signature: { ...c.signature, state: 'pending' },
  }));
  press('F7');
  await see('page-capture-exceptions');
  const parts = [...document.querySelectorAll<HTMLInputElement>('input[name="part"]')].map((one) => one.value);
  expect(parts).toEqual(['signature']);
});

/** The panel of the signature's exception, just added. */
async function signatureExcepted(parts: Modality[]): Promise<string> {
  await whole(parts, 'portrait', (c) => ({
    exceptions: [],
    fingers: c.fingers.map((f) => ({ ...f, state: 'pending' })),
    signature: { ...c.signature, state: 'pending' },
  }));
  press('F7');
  await see('page-capture-exceptions');
  (await see('add-signature')).click();
  await waitFor(() => expect(off('add-confirm')).toBe(false), PATIENCE);
  get('add-confirm')!.click();
  return (await see('exception-signature')).textContent;
}

it('says that the card keeps the signature of the record where only the photo is new', async () => {
  const said = await signatureExcepted(['portrait']);
  expect(said).toContain(t('capture.exc.read_first.kept'));
  expect(said, 'the place is not blank').not.toContain(t('capture.exc.read_first'));
});

it('says that the place on the card stays blank where the signature is taken anew', async () => {
  const said = await signatureExcepted(['portrait', 'signature']);
  expect(said).toContain(t('capture.exc.read_first'));
  expect(said).not.toContain(t('capture.exc.read_first.kept'));
});
