// What a row or a panel offers, by its keys alone, over the twin: the lists of the stock page, the person of step 3, the finger of step 9.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

const chosen = () => document.querySelector('[data-testid^="line-"][aria-current="true"]')?.getAttribute('data-testid');

describe('the lists of the stock page', () => {
  async function start(): Promise<ReturnType<typeof open>> {
    const backend = open();
    await see('page-queue');
    router.go('blangko');
    await see('shelf-list');
    return backend;
  }

  it('are walked by the arrows, and only the chosen line carries keys', async () => {
    await start();
    expect(chosen(), 'the first held piece').toBe('line-held-0718-224-687');
    const keys = () =>
      [...document.querySelectorAll('[data-testid^="line-"] [aria-keyshortcuts]')].map((b) =>
        b.closest('[data-testid^="line-"]')!.getAttribute('data-testid'),
      );
    expect(keys()).toEqual(['line-held-0718-224-687']);
    press('ArrowDown');
    await waitFor(() => expect(chosen()).toBe('line-held-0718-224-913'), PATIENCE);
    expect(keys()).toEqual(['line-held-0718-224-913']);
    press('End');
    await waitFor(() => expect(chosen()).toMatch(/^line-act-/), PATIENCE);
    press('ArrowDown');
    expect(chosen(), 'the last line is the last').toMatch(/^line-act-/);
    press('Home');
    await waitFor(() => expect(chosen()).toBe('line-held-0718-224-687'), PATIENCE);
  });

  it('let go of the chosen piece by F3, and open the chosen record by F4', async () => {
    await start();
    press('ArrowDown');
    await waitFor(() => expect(chosen()).toBe('line-held-0718-224-913'), PATIENCE);
    press('F3');
    await see('release-dialog');
    expect((get('release-serial') as HTMLInputElement).value).toBe('0718-224-913');
    get('dialog-close')!.click();
    await gone('release-dialog');
    press('End');
    await waitFor(() => expect(chosen()).toMatch(/^line-act-/), PATIENCE);
    press('F4');
    await see('paper-dialog');
  });
});

describe('the person of step 3', () => {
  async function start(ticket: string): Promise<{ backend: ReturnType<typeof open>; tried: string[] }> {
    const backend = open();
    const tried: string[] = [];
    const { identityFinger } = backend;
    backend.identityFinger = async (id, finger) => (tried.push(finger), identityFinger(id, finger));
    await see('page-queue');
    router.go('verification', ticket);
    await see('read-card');
    return { backend, tried };
  }

  it('is compared by the finger that the arrows chose', async () => {
    const { tried } = await start('a014');
    const which = (await see('identity-which')) as HTMLSelectElement;
    press('ArrowRight');
    await waitFor(() => expect(which.value).toBe('left_index'), PATIENCE);
    press('3');
    await waitFor(() => expect(get('identity')!.dataset['state']).toBe('matched'), PATIENCE);
    expect(tried).toEqual(['left_index']);
    press('3');
    press('4');
    expect([tried.length, get('witness-note-dialog')], 'nothing is asked twice').toEqual([1, null]);
  });

  it('is witnessed by 4, and the operator who changes data by 5 and 6', async () => {
    await start('a014');
    press('4');
    await see('witness-note-dialog');
    get('dialog-close')!.click();
    await gone('witness-note-dialog');
    press('5');
    press('6');
    expect(get('witness-note-dialog'), 'no data are changed yet').toBeNull();
    press('F6');
    await see('operator-finger');
    press('6');
    await see('witness-note-dialog');
    get('dialog-close')!.click();
    await gone('witness-note-dialog');
    press('5');
    await gone('operator-finger');
  });
});

describe('the finger of step 9', () => {
  it('is chosen by the arrows', async () => {
    open();
    await see('page-queue');
    router.go('handover', 'a016');
    const which = (await see('finger-which')) as HTMLSelectElement;
    const [first, second] = [...which.options].map((o) => o.value);
    expect(which.value).toBe(first);
    press('ArrowRight');
    await waitFor(() => expect(which.value).toBe(second), PATIENCE);
    press('ArrowLeft');
    await waitFor(() => expect(which.value).toBe(first), PATIENCE);
    press('ArrowLeft');
    expect(which.value, 'the first is the first').toBe(first);
  });
});
