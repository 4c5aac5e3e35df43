// Fingers that are recorded under another NIK: two records line by line, every finger with its number, questions to ask.
import { waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from './kit';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from '../../../tests/window';

eachBeginsAtTheQueue();

// Noon at the office: what was recorded some minutes ago is of today.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-25T05:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The screen at the moment `part` of the twin. */
async function found(part: string): Promise<HTMLElement> {
  history.replaceState(null, '', `?part=${part}`);
  open();
  await see('page-queue');
  router.go('capture', 'a016');
  await see('page-capture-found');
  return see('record-A-009');
}
const plain = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
const lines = (table: HTMLElement) => [...table.querySelectorAll('tbody tr')].map((row) => plain(row.textContent));

describe('two records whose fingers are alike', () => {
  it('stand side by side with both portraits and all that tells two people apart', async () => {
    const table = await found('found');
    expect(plain(get('found-told')?.textContent), 'what happened, in a sentence').toMatch(
      /8 dari 9 jari mirip dengan rekaman 10 Apr 2025/,
    );
    const pictures = () => [...table.querySelectorAll<HTMLImageElement>('img')];
    await waitFor(() => expect(pictures().length, 'two portraits').toBe(2), PATIENCE);
    expect(pictures().map((one) => one.alt)).toEqual(['Foto sekarang', 'Foto rekaman A-009']);
    expect(new Set(pictures().map((one) => one.src)).size, 'of two recordings').toBe(2);
    const [photo, nik, nama, lahir, kk, alamat, direkam] = lines(table);
    expect(photo, 'what became of it, and whose eye judges').toMatch(/kartu diserahkan 2 Mei 2025.*Anda lihat$/);
    expect(nik, 'two numbers, which differ').toMatch(/^NIK.*1804015403089002.*1806025403089003.*Beda$/);
    expect(nama, 'the same name').toMatch(/Siti Rahmawati.*Siti Rahmawati.*Sama$/);
    expect(lahir).toMatch(/Krui, 14-03-2008.*Krui, 14-03-2008.*Sama$/);
    expect(kk, 'the ends of both numbers').toMatch(/180401••••••9007.*180602••••••9011.*Beda$/);
    expect(alamat).toMatch(/Pesisir Barat.*Tanggamus.*Beda$/);
    expect(direkam, 'when, where and by whom').toMatch(
      /Hari ini \d\d\.\d\d, Dewi Anggraini.*10 Apr 2025 10\.40, stasiun ini, Maya Sari/,
    );
    const tips = [...table.querySelectorAll('li')];
    expect(tips.length, 'ten fingers, as the hands lie').toBe(10);
    expect(tips[0]!.textContent, 'a finger that was not compared has no number').toMatch(/–$/);
    expect(tips.filter((tip) => tip.classList.contains('alike')).length, 'eight from the limit on').toBe(8);
    expect(document.body.textContent, 'questions, and none that accuses').toContain('Tanyakan kepada');
  });

  it('say in words what is not here any more, and judge nothing by it', async () => {
    const table = await found('found_bare');
    await waitFor(() => expect(table.querySelectorAll('img').length, 'the portrait of now').toBe(1), PATIENCE);
    const [photo, , , , kk, alamat, direkam] = lines(table);
    expect(get('found-told')?.textContent).toContain(t('capture.notice.found_under_another_nik'));
    expect(photo, 'where the other one went').toContain(t('capture.two.photo.removed'));
    expect(photo, 'and what became of it').toMatch(/dibatalkan.*Tidak dinilai$/);
    for (const line of [kk, alamat]) expect(line, 'no empty place').toMatch(/Tidak tercatat ?Tidak dinilai$/);
    expect(direkam).toMatch(/petugas tidak tercatat$/);
  });

  it('wait in the queue when they are held', async () => {
    await found('found');
    get('found-hold')!.click();
    await see('page-queue');
    await waitFor(() => expect(get('page-capture-found')).toBeNull(), PATIENCE);
  });

  it('give way to the fingers when these are taken again, and come back', async () => {
    await found('found');
    press('F4');
    await see('page-capture-fingers');
    expect(get('capture-slap'), 'read when the operator says so').not.toBeNull();
    expect(get('accept-note')?.getAttribute('aria-disabled'), 'answered only beside both records').toBe('true');
    press('Escape');
    await see('page-capture-found');
  });

  it('are answered with a reason, and the recording goes on', async () => {
    await found('found');
    press('F8');
    const text = (await see('note-text')) as HTMLTextAreaElement;
    expect(get('note-keep')?.getAttribute('aria-disabled'), 'not without a reason').toBe('true');
    text.value = 'saudara kembar, surat ada';
    text.dispatchEvent(new Event('input', { bubbles: true }));
    await waitFor(() => expect(get('note-keep')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    get('note-keep')!.click();
    await see('page-capture-fingers');
    expect(get('two-records'), 'answered').toBeNull();
    expect(get('fingers-next'), 'on to the irises').not.toBeNull();
  });
});
