// The officers' page in jsdom with the twin: what a supervisor does by keyboard.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

async function start(scene = ''): Promise<ReturnType<typeof open>> {
  const backend = open(scene);
  await see('page-queue');
  press('u', { altKey: true });
  await see('page-staff');
  await see('staff-table');
  return backend;
}
const ready = () => waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);

describe("the officers' page", () => {
  it('adds an officer once roles, both passwords and the own one are there', async () => {
    const backend = await start();
    press('F2');
    type(await see('staff-name'), 'Budi Santoso');
    get('staff-role-printing')!.click();
    type(get('staff-next')!, 'sandi-pertama');
    type(get('staff-again')!, 'sandi-lain-lagi');
    type(get('staff-own')!, 'latihan-rekam');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBe('true'), PATIENCE);
    type(get('staff-again')!, 'sandi-pertama');
    await ready();
    press('Enter');
    await gone('staff-dialog');
    await see('officer-budi');
    expect((await backend.staff()).officers.find((o) => o.id === 'budi')?.roles).toEqual(['printing']);
  });

  it('suspends the chosen officer, and a wrong own password changes nothing', async () => {
    const backend = await start();
    press('ArrowDown');
    await waitFor(() => expect(get('officer-dewi')!.className).toContain('sel'), PATIENCE);
    press('F6');
    type(await see('staff-own'), 'salah');
    await ready();
    press('Enter');
    await waitFor(() => expect(get('dialog-failed')!.textContent!.length).toBeGreaterThan(10), PATIENCE);
    expect((await backend.staff()).officers.find((o) => o.id === 'dewi')?.state).toBe('active');
    type(get('staff-own')!, 'latihan-rekam');
    await ready();
    press('Enter');
    await gone('staff-dialog');
    expect((await backend.staff()).officers.find((o) => o.id === 'dewi')?.state).toBe('suspended');
  });

  it('shows an officer who may not keep officers the own password only', async () => {
    await start('empty');
    expect(get('action-staff-add'), 'nobody is added').toBeNull();
    expect(get('recovery-slot'), 'where the code lies is not shown').toBeNull();
    get('primary')!.click();
    await see('staff-dialog');
    expect(get('staff-next')).not.toBeNull();
  });
});
