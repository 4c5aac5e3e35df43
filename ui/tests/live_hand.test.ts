// The live picture of the scanner is of the hand that stands beside it, also when the officer asks for another one.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { SlapName } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { SLAPS } from '../src/components/capture/hands';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

/** The page of the fingers at the moment `part`, and the pictures of the scanner that are open, the oldest first. */
async function at(part: string): Promise<(SlapName | null)[]> {
  history.replaceState(null, '', `?part=${part}`);
  const backend = open();
  const pictures: (SlapName | null)[] = [];
  backend.preview = async (role, _id, slap) => {
    if (role !== 'fingerprint_scanner') return () => Promise.resolve();
    pictures.push(slap);
    return () => {
      pictures.splice(pictures.indexOf(slap), 1);
      return Promise.resolve();
    };
  };
  await see('page-queue');
  router.go('capture', 'a016');
  return pictures;
}

const pressed = () => SLAPS.filter((slap) => get(`slap-${slap}`)?.getAttribute('aria-pressed') === 'true');
/** This hand is named, and the only picture that is open is of it. */
async function shows(pictures: (SlapName | null)[], slap: SlapName): Promise<void> {
  await waitFor(() => expect(pressed()).toEqual([slap]), PATIENCE);
  await waitFor(() => expect(pictures).toEqual([slap]), PATIENCE);
  expect(document.body.textContent).toContain(t('capture.live.label', { name: t(`capture.slap.${slap}`) }));
}

describe('the live picture of fingers', () => {
  eachBeginsAtTheQueue();

  it('is of the hand that was clicked, and of the one that waits again', async () => {
    const pictures = await at('fingers');
    await see('page-capture-fingers');
    for (const slap of [...SLAPS, ...SLAPS]) {
      get(`slap-${slap}`)!.click();
      await shows(pictures, slap);
    }
  });

  it('is of each of two exchanged hands that are taken again, one after the other', async () => {
    const pictures = await at('rematch_swapped');
    await see('hands-swapped');
    press('F4');
    await see('page-capture-fingers');
    await shows(pictures, 'right_four');
    press('F4');
    await shows(pictures, 'left_four');
  });
});
