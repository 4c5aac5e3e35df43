// The window of a program that could not begin: nothing of a station is asked for.
import { render, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { router } from '$lib/domain/router.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import type { Backend } from '../src/lib/backend/contract';
import { eachBeginsAtTheQueue, get, PATIENCE, press, see } from './window';

/** A twin whose station is not there: whatever asks for one is noted. */
function failed(more: Partial<Backend> = {}): { asked: string[] } {
  const asked: string[] = [];
  const twin = { ...mockBackend(), ...more };
  const own = ['startFailure', 'saveStartBundle', 'endProgram'];
  use(
    new Proxy(twin, {
      get(target, name: string) {
        const method = target[name as keyof Backend] as unknown;
        if (own.includes(name)) return method;
        return () => {
          asked.push(name);
          return Promise.reject(new Error('there is no station'));
        };
      },
    }),
  );
  router.go('failed');
  render(App);
  return { asked };
}

describe('a program that could not begin', () => {
  eachBeginsAtTheQueue();
  beforeEach(() => router.go('failed'));

  it('says why, what is safe and what to do, and asks for no station', async () => {
    const { asked } = failed();
    const page = await see('page-failed');
    await waitFor(() => expect(page.dataset['key']).toBe('start_settings'), PATIENCE);
    expect(page.textContent, 'what happened').toContain('Setelan stasiun');
    expect(get('failed-detail')?.textContent, 'which line, for who mends it').toContain('kapture');
    const rows = [...(get('failed-settings')?.querySelectorAll('li') ?? [])].map((row) => row.textContent);
    expect(rows[0], 'a name that nobody knows').toContain('Tidak ada setelan bernama begitu');
    expect(rows[1], 'which setting, and what stands there').toContain('devices.signature_model = "siglit"');
    expect(rows[1], 'and what may stand there').toContain('Salah satu dari "siglite", "siggem".');
    expect(asked, 'nobody else was asked').toEqual([]);
  });

  it('beside one that hangs says that it is open, what to do, and which process it is', async () => {
    const detail = 'the program that holds the data folder does not answer (process 4711)';
    failed({
      startFailure: () => Promise.resolve({ key: 'start_hung', folder: '/x', detail, version: '1', settings: [] }),
    });
    const page = await see('page-failed');
    await waitFor(() => expect(page.dataset['key']).toBe('start_hung'), PATIENCE);
    expect(page.querySelector('h1')?.textContent, 'it is no failure').toBe('Rekam sudah terbuka');
    expect(page.textContent, 'what to do first').toContain('Tunggu satu menit');
    expect(get('failed-detail')?.textContent, 'which one').toContain('4711');
  });

  it('saves the support file by F9 and says where, or that it is nowhere', async () => {
    failed();
    await see('page-failed');
    press('F9');
    expect((await see('failed-saved')).textContent, 'where').toContain('dukungan');
  });

  it('tells when nothing can be written', async () => {
    failed({ saveStartBundle: () => Promise.reject(new Error('full')) });
    await see('page-failed');
    press('F9');
    await see('failed-nowhere');
    expect(get('failed-saved'), 'nothing was saved').toBeNull();
  });

  it('ends by Esc', async () => {
    let ended = 0;
    failed({ endProgram: () => Promise.resolve(void (ended += 1)) });
    await see('page-failed');
    press('Escape');
    await waitFor(() => expect(ended, 'once').toBe(1), PATIENCE);
  });

  it('has a general sentence for a reason that this window does not know', async () => {
    failed({
      startFailure: () => Promise.resolve({ key: 'entah', folder: '/x', detail: 'x', version: '1', settings: [] }),
    });
    const page = await see('page-failed');
    await see('failed-detail');
    expect(page.dataset['key'], 'never a bare code').toBe('start_failed');
  });
});
