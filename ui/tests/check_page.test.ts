// A printed page of the register held against the book: by a scanner's typing, by the camera, and stopped from the keyboard.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const CODE = 'LATIHAN:REKAM1:CEAMP3';

/** The dialog over the register. */
async function asked(scene = '') {
  const backend = open(scene);
  await see('page-queue');
  router.go('register');
  await see('chain');
  press('F4');
  await see('check-page-dialog');
  return backend;
}
function scan(code: string): void {
  type('page-code', code);
  press('Enter');
}

describe('a printed page of the register', () => {
  it('agrees: says the line, checks the chain, and is ready for the next page', async () => {
    await asked();
    scan(CODE);
    const said = await see('page-agrees');
    expect(said.classList).toContain('ok');
    expect(said.textContent).toMatch(/Cocok: baris no\. [\d.]+ sama dengan halaman BR\/18\.13-02\//);
    expect(said.textContent).toContain('Rantai utuh sampai no.');
    await waitFor(() => expect((get('page-code') as HTMLInputElement).value).toBe(''), PATIENCE);
  });

  it('does not agree: the paper stays evidence, and nothing is called whole', async () => {
    await asked('broken');
    scan(CODE);
    const said = await see('page-differs');
    expect(said.classList).toContain('bad');
    for (const key of ['register.page_differs_safe', 'register.page_differs_next'] as const)
      expect(said.textContent).toContain(t(key));
    expect(get('page-agrees')).toBeNull();
  });

  it('is not what was scanned: said in its three sentences, and asked for again', async () => {
    await asked();
    scan('https://contoh.invalid/menu');
    await waitFor(() => expect(document.body.textContent).toContain(t('errors.page_other.happened')), PATIENCE);
    expect(document.body.textContent).toContain(t('errors.page_other.next'));
    scan(CODE);
    await see('page-agrees');
    expect(document.body.textContent).not.toContain(t('errors.page_other.happened'));
  });

  it('read by the camera: F6 lets the camera go and stops the check, and the page is still said to agree', async () => {
    const backend = await asked();
    const called: string[] = [];
    let found: (check: unknown) => void = () => undefined;
    backend.registerCheckPage = (code) => (
      called.push(`check ${code}`),
      new Promise((done) => (found = done as never))
    );
    backend.cancelDevice = async (role) => void called.push(`cancel ${role}`);
    backend.registerVerifyStop = async () => void called.push('stop');
    press('F4');
    await waitFor(() => expect(called).toEqual(['check null']), PATIENCE);
    press('F6');
    await waitFor(() => expect(called).toEqual(['check null', 'stop', 'cancel camera']), PATIENCE);
    found({ number: 'BR/18.13-02/2026-11-28', day: '2026-11-28', row: 12, verified: null });
    const said = await see('page-agrees');
    expect(said.classList).toContain('hold');
    expect(said.textContent).toContain(t('register.page_unverified'));
    press('Escape');
    await gone('check-page-dialog');
  });
});
