// What only a training station says: whom a newcomer may look for, since nobody there has a paper with a name on it.
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

/** The empty form of a new application. */
async function form(scene: string): Promise<HTMLElement> {
  open(scene);
  await see('page-queue');
  press('F2');
  (await see('kind-baru_wni')).click();
  press('Enter');
  await see('page-form');
  return see('form-source');
}

describe('the empty form', () => {
  it('says in training which name to type', async () => {
    expect((await form('training')).textContent).toContain('Latihan: ketik misalnya SITI pada nama');
  });

  it('says nothing of it at work', async () => {
    expect((await form('')).textContent).toContain('Ketik NIK 16 angka, atau cari lewat nama.');
    expect(get('form-training')).toBeNull();
    router.go('queue');
  });
});
