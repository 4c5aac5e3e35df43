// Step 7 in jsdom with the twin: whoever is told why there is no card takes it home on a slip.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

describe('an applicant who is told', () => {
  it('is given a slip with the reason, by keyboard, and the page shows it again', async () => {
    router.go('status', 'a016');
    const backend = open();
    const check = backend.statusCheck;
    backend.statusCheck = async (id) => ({ ...(await check(id)), canSlip: false, canRefuse: true });
    await see('page-status');
    await waitFor(() => expect(get('action-refuse')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F7');
    await see('refuse-dialog');
    press('1');
    await waitFor(() => expect(get('refuse-tell')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F6');
    expect((await see('paper-dialog')).textContent, 'its slip').toContain('SP/18.13-02/2026/00412');
    expect(get('paper-slip'), 'the roll prints it too').not.toBeNull();
    press('Escape');
    await gone('paper-dialog');
    await waitFor(() => expect(get('exit-two')?.textContent).toContain('SP/18.13-02/2026/00412'), PATIENCE);
    press('F9');
    expect((await see('paper-dialog')).textContent).toContain('Slip status');
  });

  it('holds the Suket, whatever slip fell before it', async () => {
    router.go('status', 'a016');
    const backend = open();
    await backend.givePickupSlip('a016');
    const suket = await backend.issueSuket('a016', 'siap cetak ditarik pusat');
    expect(suket.slip, 'the twin keeps the slip that fell').not.toBeNull();
    await see('page-status');
    await waitFor(() => expect(get('exit-two')?.textContent).toContain('L-470/0118/SKT/18.13-02/XI/2026'), PATIENCE);
    press('F9');
    expect((await see('paper-dialog')).textContent).toContain('Suket L-470/0118/SKT/18.13-02/XI/2026');
  });
});
