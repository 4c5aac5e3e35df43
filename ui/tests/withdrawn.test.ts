// Steps 8 and 9 in jsdom with the twin, after the centre took print ready back: what is said, and the way on by keyboard.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

function start(page: 'print' | 'handover') {
  window.history.replaceState(null, '', `${window.location.pathname}?part=withdrawn`);
  router.go(page, 'a016');
  return open();
}
const SAID = /Pusat menarik siap cetak.*23 Nov 2026.*Rekaman ganda \(DUPLICATE_RECORD\)/s;

describe('a card whose print ready was taken back', () => {
  it('takes no blangko, says what the centre says and since when, and goes back to step 7 by F4', async () => {
    const backend = start('print');
    const back: unknown[] = [];
    const goBack = backend.goBack;
    backend.goBack = async (id, to) => (back.push([id, to]), goBack(id, to));
    const said = (await see('withdrawn')).textContent;
    expect(said).toMatch(SAID);
    expect(said, 'what is safe').toContain('Blangko belum diambil dan tetap di stok');
    expect(get('primary')!.getAttribute('aria-disabled'), 'nothing is begun').toBe('true');
    expect(document.getElementById('why')!.textContent).toContain('Rekaman ganda');
    press('F4');
    await waitFor(() => expect(back).toEqual([['a016', 'status']]), PATIENCE);
    await see('page-status');
  });

  it('is not handed over, and F6 voids it beside a second officer and goes to step 7', async () => {
    const backend = start('handover');
    const said = (await see('withdrawn')).textContent;
    expect(said).toMatch(SAID);
    expect(said, 'what is safe').toContain('Kartu tetap di rak');
    expect(get('primary')!.getAttribute('aria-disabled'), 'it stays').toBe('true');
    expect(get('action-dispute')!.textContent, 'not as wrong data').toContain('Batalkan kartu');
    const voided: string[] = [];
    const dispute = backend.disputeCard;
    backend.disputeCard = async (id, note, who, password) => (voided.push(note), dispute(id, note, who, password));
    press('F6');
    expect((await see('dispute-dialog')).textContent).toContain('kembali ke langkah 7 dengan permintaan yang sama');
    type('note-words', 'pusat: data ganda');
    const who = (await see('witness-who')) as HTMLSelectElement;
    who.value = [...who.options].map((o) => o.value).find((value) => value !== '')!;
    who.dispatchEvent(new Event('change', { bubbles: true }));
    type('witness-password', 'sandi saksi');
    press('F6');
    await gone('dispute-dialog');
    expect(voided).toEqual(['pusat: data ganda']);
    await see('page-status');
  });
});
