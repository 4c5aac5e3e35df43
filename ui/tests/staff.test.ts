// The officers' page in jsdom with the twin: what a supervisor does by keyboard.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { mockBackend } from '../src/lib/backend/mock';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';

const PATIENCE = { timeout: 15_000 };
const get = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
async function see(testid: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = get(testid);
    expect(found, `${testid} is on the screen`).not.toBeNull();
    return found!;
  }, PATIENCE);
}
function press(key: string, more: KeyboardEventInit = {}): void {
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
}
function type(input: HTMLElement, text: string): void {
  input.focus();
  (input as HTMLInputElement).value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

beforeEach(() => {
  session.station = undefined;
  session.permohonan = null;
  session.problem = null;
  router.go('queue');
});
afterEach(() => cleanup());

async function start(scene = ''): Promise<ReturnType<typeof mockBackend>> {
  const backend = mockBackend(scene);
  use(backend);
  render(App);
  await see('page-queue');
  press('u', { altKey: true });
  await see('page-staff');
  await see('staff-table');
  return backend;
}
const ready = () => waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
const gone = () => waitFor(() => expect(get('staff-dialog'), 'the dialog is done').toBeNull(), PATIENCE);

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
    await gone();
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
    await gone();
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
