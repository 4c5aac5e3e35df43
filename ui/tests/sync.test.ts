// The sync page in jsdom with the twin: what waits and why, stopping one packet, the line, the courier, activation.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

async function says(testid: string, words: string | RegExp): Promise<void> {
  await waitFor(() => expect(get(testid)?.textContent ?? '', testid).toMatch(words), PATIENCE);
}
async function start(scene = ''): Promise<void> {
  open(scene);
  await see('page-queue');
  router.go('sync');
  await see('page-sync');
}

describe('the sync page', () => {
  it('tells of each packet how far it came, its state and its cause', async () => {
    await start();
    await see('outbox');
    await says('packet-4027', /Ditolak pusat.*berubah setelah ditandatangani/s);
    await says('packet-4031', /Belum diakui/);
    await says('packet-4103', /Terhenti.*Dicoba lagi/s);
    await says('packet-4106', /Menunggu.*Belum mulai/s);
    await says('receipt-4026', /Diakui pusat.*Siap cetak.*PRINT_READY_RECORD/s);
    expect(get('packet-4026'), 'what was acknowledged no longer waits').toBeNull();
  });

  it('says what is safe and what comes next of the chosen packet', async () => {
    await start();
    await says('sync-cause', /menolak paket ini/);
    press('ArrowDown');
    await says('sync-cause', /tanda terima belum dibuat/);
    press('ArrowDown');
    await says('sync-cause', /terputus di tengah.*berlanjut dari titik putus/s);
  });

  it('stops the chosen packet with F4 and lets it go on with F4', async () => {
    await start();
    await see('outbox');
    for (let n = 0; n < 3; n += 1) press('ArrowDown');
    press('F4');
    await says('packet-4106', /Dihentikan petugas/);
    press('F4');
    await says('packet-4106', /Menunggu/);
  });

  it('sends a refused packet once more with F4, and says to call the kabupaten with its number', async () => {
    await start();
    await see('outbox');
    expect(get('action-turn')!.textContent).toContain('Kirim ulang');
    await says('sync-cause', /Hubungi kabupaten dengan nomor paket/);
    press('ArrowDown');
    await waitFor(() => expect(get('action-turn')!.textContent).toContain('Hentikan'), PATIENCE);
    expect(get('sync-cause')!.textContent, 'nothing that no key does').not.toContain('Buka paketnya');
  });

  it('tests the line with F5 and names what stands between', async () => {
    await start();
    await see('outbox');
    press('F5');
    await says('sync-line', /tidak tersambung ke jaringan mana pun/);
  });

  it('writes to a stick that is plugged in and takes answers back', async () => {
    await start();
    await see('outbox');
    press('F9');
    const folder = (await see('courier-folder')) as HTMLInputElement;
    await waitFor(() => expect(folder.value, 'the stick is filled in').toBe('/media/dewi/KURIR'), PATIENCE);
    press('Enter');
    await says('courier-done', /4 paket ditulis/);
    press('F8');
    await says('courier-done', /2 perubahan status diambil/);
  });

  it('says of every file that a stick was refused for what is wrong with it', async () => {
    await start();
    await see('outbox');
    press('F9');
    const folder = (await see('courier-folder')) as HTMLInputElement;
    await waitFor(() => expect(folder.value).toBe('/media/dewi/KURIR'), PATIENCE);
    folder.value = '/media/dewi/tertukar';
    folder.dispatchEvent(new Event('input', { bubbles: true }));
    press('F8');
    await says(
      'courier-done',
      /3 berkas ditolak\. Jawaban itu ditujukan kepada stasiun lain\. Periksa apakah medianya/,
    );
    await says('courier-done', /1 berkas ditolak\. Tanda tangannya tidak sah\. Laporkan ke kabupaten/);
  });

  it('asks a station without a centre for its code and says that nothing is lost', async () => {
    await start('inactive');
    await says('sync-cause', /belum diaktifkan.*tetap tersegel/s);
    press('F6');
    const code = (await see('activate-code')) as HTMLInputElement;
    const centre = get('activate-centre') as HTMLInputElement;
    const type = (input: HTMLInputElement, text: string) => {
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    type(centre, 'https://pusat.example:8443');
    type(code, 'kurang');
    await waitFor(() => expect(get('dialog-primary')?.getAttribute('aria-disabled')).not.toBe('true'), PATIENCE);
    press('Enter');
    await waitFor(() => expect(document.querySelector('.dialog')?.textContent).toMatch(/belum cocok/), PATIENCE);
    type(code, 'ABCD-EFGH-JKLM');
    press('Enter');
    await waitFor(() => expect(get('activate-dialog'), 'the dialog closes when it is done').toBeNull(), PATIENCE);
    await says('sync-line', /Aktif di pusat ini/);
  });

  it('says so when nothing waits', async () => {
    await start('empty');
    await says('outbox', /Kotak keluar kosong/);
  });
});
