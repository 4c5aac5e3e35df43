// Corrections noted at the hand-over, over the twin: listed at the queue, taken up by an application, or ended with a note.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

/** The same officer with these roles only. */
async function sits(backend: ReturnType<typeof open>, ...roles: ('printing' | 'supervisor')[]): Promise<void> {
  await see('page-queue');
  router.go('settings');
  await see('page-settings');
  const station = await backend.stationState();
  session.apply({ ...station, signedIn: { ...station.signedIn!, roles } });
  router.go('queue');
  await see('page-queue');
}

describe('a correction that was noted at the hand-over', () => {
  it('is told at the queue, and to nobody when there is none', async () => {
    open();
    await see('page-queue');
    await waitFor(() => expect(document.querySelector('tr[data-testid^="queue-"]')).not.toBeNull(), PATIENCE);
    press('F11');
    expect([get('corrections'), get('corrections-dialog')]).toEqual([null, null]);
  });

  it('is taken up by an application whose form says what is wrong', async () => {
    const backend = open('corrections');
    await see('page-queue');
    expect((await see('corrections')).textContent).toContain('2 perbaikan dari serah terima belum diajukan: A-007');
    press('F11');
    expect((await see('corrections-dialog')).textContent).toContain('Gelar S.Pd. belum tercantum. Dicatat 20 Nov 2026');
    press('2');
    press('F9');
    await see('page-form');
    expect((await see('form-correction')).textContent).toContain('Alamat masih yang lama');
    router.go('queue');
    await see('page-queue');
    await see('corrections');
    press('F11');
    await see('corrections-dialog');
    press('2');
    await waitFor(() => expect(get('corrections-do')!.textContent).toContain('Sudah dibuka sebagai'), PATIENCE);
    expect((await backend.queue('all')).corrections, 'listed until it is handed in').toHaveLength(2);
  });

  it('ends with a note where no application is made here', async () => {
    const backend = open('corrections');
    const settled: string[] = [];
    const { settleCorrection } = backend;
    backend.settleCorrection = async (id, note) => (settled.push(`${id} ${note}`), settleCorrection(id, note));
    await see('page-queue');
    await see('corrections');
    press('F11');
    await see('corrections-dialog');
    expect(get('corrections-settle')!.ariaDisabled, 'not without a word').toBe('true');
    type('corrections-note', 'diurus di kecamatan asal');
    await waitFor(() => expect(get('corrections-settle')!.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F8');
    await gone('corrections-dialog');
    expect(settled).toEqual(['b003 diurus di kecamatan asal']);
    await waitFor(() => expect(get('corrections')!.textContent).toContain('1 perbaikan'), PATIENCE);
  });

  it('is shown to a supervisor, who opens no applications, and not to the printing desk', async () => {
    const backend = open('corrections');
    await sits(backend, 'supervisor');
    await see('corrections');
    press('F11');
    expect((await see('corrections-take-up')).ariaDisabled).toBe('true');
    expect(get('dialog-why')!.textContent).toContain('petugas pendaftaran');
    press('Escape');
    await gone('corrections-dialog');
    await sits(backend, 'printing');
    await see('tab-printing');
    expect(get('corrections')).toBeNull();
  });

  it('can be taken up at once at the desk, and step 9 says by which application', async () => {
    window.history.replaceState(null, '', `${window.location.pathname}?part=agrees`);
    router.go('handover', 'a016');
    const backend = open();
    await see('page-handover');
    const { id } = await backend.permohonan('a016');
    await backend.cardAgrees(id, 'gelar belum tercantum');
    await see('take-up');
    press('F10');
    await see('page-form');
    expect((await see('form-correction')).textContent).toContain('gelar belum tercantum');
    router.go('handover', 'a016');
    expect((await see('handover-correction')).textContent).toContain('Perubahan data sudah dibuka sebagai A-0');
    expect(get('take-up')).toBeNull();
    window.history.replaceState(null, '', window.location.pathname);
  });
});
