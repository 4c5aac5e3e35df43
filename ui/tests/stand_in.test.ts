// A one-finger module that is away: the page says where the finger goes instead, and Escape calls off whichever device reads.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceRole } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

describe('the second match without its module', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function at(part: string) {
    history.replaceState(null, '', `?part=${part}`);
    const backend = open();
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-rematch');
    return backend;
  }

  it('names the module, its state and the scanner that stands in', async () => {
    const backend = await at('rematch_instead');
    const finger = (await backend.capture('a016')).rematch.find((f) => f.state === 'pending')!.finger;
    const words = t('capture.rematch.instead', {
      state: t('capture.trouble.state.absent'),
      finger: t(`capture.part.${finger}`).toLowerCase(),
    });
    await waitFor(() => expect(get(`rematch-${finger}`)!.textContent).toContain(words), PATIENCE);
    expect(get('capture-trouble'), 'nobody waits for the module').toBeNull();
    expect(get('rematch-take')!.getAttribute('aria-disabled')).not.toBe('true');
  });

  it('says nothing of it while the module is well', async () => {
    await at('rematch');
    expect(document.body.textContent).not.toContain(t('capture.trouble.state.absent'));
  });

  it('calls off the module and the scanner: either may be reading', async () => {
    const backend = await at('rematch');
    vi.spyOn(backend, 'rematch').mockReturnValue(new Promise(() => undefined));
    const off: DeviceRole[] = [];
    vi.spyOn(backend, 'cancelDevice').mockImplementation(async (role) => void off.push(role));
    get('rematch-take')!.click();
    await waitFor(() => expect(get('cancel')).not.toBeNull(), PATIENCE);
    press('Escape');
    await waitFor(() => expect(off).toEqual(['finger_verifier', 'fingerprint_scanner']), PATIENCE);
  });
});
