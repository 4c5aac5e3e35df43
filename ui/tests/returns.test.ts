// Who was to come again, over the twin: told at the queue, listed with what is missing, ticked off with how it ended.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

describe('somebody who was to come again', () => {
  it('is told at the queue from that day on, and to nobody when there is none', async () => {
    open();
    await see('page-queue');
    await see('search');
    await waitFor(() => expect(document.querySelector('tr[data-testid^="queue-"]')).not.toBeNull(), PATIENCE);
    expect(get('returns')).toBeNull();
  });

  it('is nothing to the printing desk, which receives nobody', async () => {
    const backend = open('returns');
    await see('page-queue');
    await see('returns');
    router.go('settings');
    await see('page-settings');
    const station = await backend.stationState();
    session.apply({ ...station, signedIn: { ...station.signedIn!, roles: ['printing'] } });
    router.go('queue');
    await see('page-queue');
    await see('tab-printing');
    press('F10');
    expect([get('returns'), get('returns-dialog')]).toEqual([null, null]);
  });

  it('is listed with what is missing and since when, and ticked off with a note', async () => {
    const backend = open('returns');
    const settled: string[] = [];
    const { settleReturn } = backend;
    backend.settleReturn = async (id, note) => (settled.push(`${id} ${note}`), settleReturn(id, note));
    await see('page-queue');
    expect((await see('returns')).textContent).toContain('2 pemohon sudah waktunya datang lagi: A-004 Ni Luh Sartini');
    press('F10');
    const dialog = await see('returns-dialog');
    expect(dialog.textContent).toContain('A-004 Ni Luh Sartini: telunjuk kanan, tengah kanan, sejak 18 Nov 2026');
    expect(get('returns-do')!.textContent, 'what to do').toContain('sudah disegel');
    press('2');
    await waitFor(() => expect(get('returns-do')!.textContent).toContain('langkah 4'), PATIENCE);
    expect(get('returns-settle')!.ariaDisabled, 'not without a word').toBe('true');
    type('returns-note', 'mata kiri sudah direkam');
    await waitFor(() => expect(get('returns-settle')!.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F8');
    await gone('returns-dialog');
    expect(settled).toEqual(['b002 mata kiri sudah direkam']);
    await waitFor(() => expect(get('returns')!.textContent).toContain('1 pemohon'), PATIENCE);
  });
});
