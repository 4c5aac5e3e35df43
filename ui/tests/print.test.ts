// Step 8 in jsdom with the twin: the card by keyboard, and what its chip goes without.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Backend } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

/** The printing desk at step 8 of one visit; `part` as in the twin. */
async function start(part = ''): Promise<Backend> {
  window.history.replaceState(null, '', `${window.location.pathname}?part=${part}`);
  router.go('print', 'a016');
  const backend = open();
  await see('page-print');
  await see('work');
  return backend;
}
const phase = (wanted: string) =>
  waitFor(() => expect(get('work')?.dataset['phase'], 'the stage').toBe(wanted), PATIENCE);

describe('the card', () => {
  it('is printed after a question, judged by a key, and spoiled only beside a second officer', async () => {
    const backend = await start();
    await phase('blangko');
    get('primary')!.click();
    await see('start');
    expect((await backend.cardPrint('a016')).job, 'asking prints nothing').toBeNull();
    get('start-confirm')!.click();
    await phase('face');
    await see('result-spoiled');
    press('F6');
    await waitFor(() => expect(get('result-spoiled')?.getAttribute('aria-checked')).toBe('true'), PATIENCE);
    get('primary')!.click();
    await see('spoil-dialog');
    press('1');
    press('F6');
    const who = (await see('witness-who')) as HTMLSelectElement;
    who.value = [...who.options].map((o) => o.value).find((value) => value !== '')!;
    who.dispatchEvent(new Event('change', { bubbles: true }));
    type('witness-password', 'sandi saksi');
    get('witness-confirm')!.click();
    await gone('witness-dialog');
    await phase('blangko');
    const after = await backend.cardPrint('a016');
    expect([after.spoiled.length, after.card], 'spoiled, and no card').toEqual([1, null]);
  });

  it('says what its chip goes without before it is accepted', async () => {
    await start('quality');
    await phase('quality');
    const without = await see('chip-without');
    expect(without.textContent, 'in words').toContain('sidik jari 2, tidak muat');
  });
});
