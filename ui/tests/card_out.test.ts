// A card that was left inside the card printer, brought out from the device page; and the chip of a spoiled card that is ended
// inside the printer. In jsdom with the twin.
import { cleanup, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Backend } from '$lib/backend/contract';
import { router, type Screen } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

async function start(screen: Screen, part = '', id?: string): Promise<Backend> {
  window.history.replaceState(null, '', `${window.location.pathname}?part=${part}`);
  router.go(screen, id);
  const backend = open();
  await see(`page-${screen}`);
  return backend;
}
const left = async (b: Backend) => (await b.devices()).cardLeft;

describe('the device page', () => {
  it('asks before it brings a card out, names whose it is, and leaves the answer to step 8', async () => {
    const backend = await start('devices', 'inside');
    await see('action-card-out');
    press('F7');
    await see('card-out-dialog');
    expect((await see('card-out-order')).textContent).toContain('0718-224-913');
    expect((await left(backend))?.serial, 'asking moves nothing').toBe('0718-224-913');
    press('F6');
    await gone('card-out-dialog');
    expect(await left(backend)).toMatchObject({ serial: null, rejected: [] });
    expect(get('rejected-dialog'), 'its number is asked at step 8').toBeNull();
  });

  it('asks for the number of a card of no order once it lies in the reject box, and goes on asking', async () => {
    const backend = await start('devices');
    await see('action-card-out');
    press('F7');
    await see('card-out-nobody');
    press('F6');
    await see('rejected-dialog');
    press('F8');
    expect((await left(backend))?.rejected.length, 'nothing is said yet').toBe(1);
    press('Escape');
    await gone('rejected-dialog');
    expect((await see('rejected-open')).textContent, 'it stays asked').toContain('1');
    press('F8');
    await see('rejected-dialog');
    type('rejected-serial', '0718-224-913');
    press('F8');
    const refused = await see('rejected-dialog');
    await waitFor(
      () => expect(refused.textContent).toContain(t('errors.rejected_in_stock.happened', { serial: '0718-224-913' })),
      PATIENCE,
    );
    type('rejected-note', 'bersih, kembali ke tumpukan');
    press('F8');
    await gone('rejected-dialog');
    expect((await left(backend))?.rejected).toEqual([]);
    await gone('rejected-open');
  });

  it('offers to forget a fault only while the printer reports one, and says so when it goes on', async () => {
    await start('devices');
    await see('action-card-out');
    expect(get('action-forget'), 'nothing is reported').toBeNull();
    cleanup();
    const backend = await start('devices', 'stuck');
    const forgets = backend.forgetPrinterFault.bind(backend);
    let told = 0;
    backend.forgetPrinterFault = () => (told++ === 0 ? backend.devices() : forgets());
    expect((await see('printer-stuck')).textContent).toContain(t('devices.forget_hint'));
    press('F4');
    await waitFor(() => expect(get('printer-stuck')?.textContent).toContain(t('devices.forget_again')), PATIENCE);
    press('F4');
    await gone('action-forget');
    expect(get('device-card_printer')?.dataset['state']).toBe('ready');
    expect(told, 'each press once').toBe(2);
  });

  it('says why while an order runs, and brings nothing out', async () => {
    const backend = await start('devices', 'running');
    await see('action-card-out');
    press('F7');
    expect((await see('card-out-why')).textContent).toContain(t('why.card_out_running'));
    press('F5');
    press('F6');
    await see('card-out-dialog');
    expect((await left(backend))?.rejected).toEqual([]);
  });
});

describe('the stock page where the only reader is inside the printer', () => {
  it('asks where the card lies before the printer takes it in to end its chip', async () => {
    const backend = await start('blangko', 'inside');
    (await see('chip-end-0718-224-899')).click();
    await see('chip-inside');
    const chip = async () => (await backend.blangko()).toDestroy.find((p) => p.serial === '0718-224-899')?.chip;
    expect(await chip(), 'asking feeds no card').toBe('alive');
    get('chip-inside-confirm')!.click();
    await waitFor(async () => expect(await chip()).toBe('ended'), PATIENCE);
  });

  it('says in the question of the Berita Acara how many chips still work', async () => {
    await start('blangko', 'inside');
    await see('chip-end-0718-224-899');
    press('F8');
    expect((await see('act-alive')).textContent).toContain(t('blangko.act_alive', { n: 1 }));
    get('piece-0718-224-899')!.click();
    await gone('act-alive');
  });
});

describe('the chip of a spoiled card where the reader is inside the printer', () => {
  it('is ended only after the question where the card lies', async () => {
    const backend = await start('print', 'spoiled_inside', 'a016');
    const words = await see('spoiled-chip-0718-224-912');
    expect(words.textContent).toContain(t('why.chip_reader_inside'));
    press('F3');
    expect((await see('chip-inside')).textContent).toContain(t('card.chip_end.inside_text'));
    expect((await backend.cardPrint('a016')).spoiled[0]?.chip, 'asking feeds no card').toBe('alive');
    get('chip-inside-confirm')!.click();
    await waitFor(async () => expect((await backend.cardPrint('a016')).spoiled[0]?.chip).toBe('ended'), PATIENCE);
    await waitFor(
      () => expect(get('spoiled-chip-0718-224-912')?.textContent).toContain(t('card.chip_end.ended')),
      PATIENCE,
    );
  });
});
