// While a page reads what comes next, the button that goes on names no deed and does nothing.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { Backend } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { wizard } from '$lib/domain/setup.svelte';
import { PATIENCE, get, eachBeginsAtTheQueue, open, press, see } from './window';

eachBeginsAtTheQueue();

const READS: [Parameters<typeof router.go>[0], string | null, keyof Backend, string][] = [
  ['queue', null, 'queue', ''],
  ['verification', 'a017', 'verification', ''],
  ['status', 'a016', 'statusCheck', ''],
  ['print', 'a016', 'cardPrint', ''],
  ['print_request', 'a016', 'printRequest', ''],
  ['handover', 'a016', 'handover', ''],
  ['print_queue', null, 'printQueue', ''],
  ['blangko', null, 'blangko', 'supervisor'],
  ['devices', null, 'devices', ''],
  ['staff', null, 'staff', 'supervisor'],
  ['sync', null, 'syncStatus', ''],
  ['setup', null, 'setup', 'new'],
];

it.each(READS)('%s promises nothing before it is read', async (screen, id, call, scene) => {
  // Shared with the rail: what an earlier window read of the first start is not this one's.
  wizard.setup = undefined;
  const backend = open(scene);
  // The first start has no other page: it reads as soon as the station has said that it is new.
  if (screen !== 'setup') await see('primary');
  let asked = 0;
  Object.assign(backend, {
    [call]: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  });
  // Another page between: the one that is tested reads anew.
  if (screen !== 'setup') {
    router.go('settings');
    await see('page-settings');
    router.go(screen, id);
  }
  await see(`page-${screen}`);
  const button = await see('primary');
  expect(asked, 'it reads').toBeGreaterThan(0);
  expect(button.textContent).toContain('Sedang dibaca');
  expect(button.getAttribute('aria-disabled')).toBe('true');
  press('Enter');
  expect(document.querySelector('[role="dialog"]'), 'Enter opens nothing').toBeNull();
  expect(get(`page-${screen}`)).not.toBeNull();
});

it.each(READS.filter(([screen]) => screen !== 'sync' && screen !== 'setup'))(
  '%s reads again where it could not be read',
  async (screen, id, call, scene) => {
    const backend = open(scene);
    await see('primary');
    const real = backend[call] as (...args: unknown[]) => Promise<unknown>;
    const refused = { code: 'store', key: 'store', tone: 'bad', args: {} };
    let asked = 0;
    Object.assign(backend, {
      [call]: (...args: unknown[]) => {
        asked += 1;
        return asked === 1 ? Promise.reject(refused) : real.apply(backend, args);
      },
    });
    router.go('settings');
    await see('page-settings');
    router.go(screen, id);
    await see(`page-${screen}`);
    await waitFor(() => expect(get('primary')?.textContent).toContain('Baca lagi'), PATIENCE);
    get('primary')?.click();
    await waitFor(() => expect(get('primary')?.textContent).not.toContain('Baca lagi'), PATIENCE);
    expect(asked, 'it was read again').toBeGreaterThan(1);
  },
);
