// The settings page in jsdom with the twin, and what every page tells of work that could not be done.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Role, Settings } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

async function start(scene = ''): Promise<ReturnType<typeof open>> {
  const backend = open(scene);
  await see('page-queue');
  router.go('settings');
  await see('page-settings');
  return backend;
}
/** Somebody of these roles sits at the desk from now on. */
function sit(role: Role): void {
  const station = session.station!;
  session.apply({ ...station, signedIn: { ...station.signedIn!, roles: [role] } });
}
const says = (testid: string, words: RegExp) =>
  waitFor(() => expect(get(testid)?.textContent ?? '', testid).toMatch(words), PATIENCE);
/** One of the choices of a list, by its value. */
function choose(name: string, value: string): void {
  const option = document.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`);
  expect(option, `${name} has ${value}`).not.toBeNull();
  option!.click();
}

describe('the settings page', () => {
  it('saves the page that checks codes of papers where the supervisor wants it, and offers it to nobody else', async () => {
    const backend = await start('supervisor');
    const saved: string[] = [];
    const save = backend.saveQrPage;
    backend.saveQrPage = async (folder) => (saved.push(folder), save(folder));
    press('F8');
    const dialog = await see('save-dialog');
    expect(dialog.textContent, 'what it is good for').toMatch(/Bank, sekolah.*tanpa jaringan/s);
    await waitFor(() => expect(document.querySelector('input[name="folder"]')).not.toBeNull(), PATIENCE);
    expect(document.querySelector('input[name="format"]'), 'there is one form').toBeNull();
    choose('folder', '/media/loket/FLASHDISK');
    await waitFor(() => expect(get('dialog-primary')!.ariaDisabled).not.toBe('true'), PATIENCE);
    get('dialog-primary')!.click();
    expect((await see('saved-file')).textContent).toContain(
      'Halaman tersimpan. /media/loket/FLASHDISK/periksa-qr.html',
    );
    expect(saved).toEqual(['/media/loket/FLASHDISK']);
    press('Escape');
    await gone('save-dialog');
    sit('operator');
    await waitFor(() => expect(get('qr-page')).toBeNull(), PATIENCE);
  });

  it('keeps both of two settings that are chosen before the first is saved', async () => {
    const backend = await start();
    // The shell takes its time, and the second choice does not wait for the first answer.
    const asked: Settings[] = [];
    const save = backend.saveSettings;
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    backend.saveSettings = async (settings) => {
      asked.push(settings);
      await slow;
      return save(settings);
    };
    choose('theme', 'dark');
    choose('language', 'en');
    await waitFor(() => expect(asked.length, 'the first is on its way').toBeGreaterThan(0), PATIENCE);
    answer();
    await waitFor(async () => {
      const station = await backend.stationState();
      expect([station.theme, station.language], 'both hold').toEqual(['dark', 'en']);
    }, PATIENCE);
    await waitFor(
      () => expect([session.station?.theme, session.station?.language], 'and both are shown').toEqual(['dark', 'en']),
      PATIENCE,
    );
  });

  it('takes the extract of a stick, tells how far it is, and how many it brought', async () => {
    const backend = await start();
    sit('supervisor');
    await see('action-residents');
    const take = backend.takeResidents;
    let go: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (go = resolve));
    backend.takeResidents = async (file) => {
      const taken = await take(file);
      await slow;
      return taken;
    };
    press('F6');
    const file = (await see('residents-file')) as HTMLInputElement;
    await waitFor(() => expect(file.value, 'the stick is filled in').toMatch(/KURIR.*\.ndjson$/), PATIENCE);
    press('Enter');
    await says('residents-progress', /Daftar nama/);
    press('Escape');
    expect(get('residents-dialog'), 'what runs is not left').not.toBeNull();
    go();
    await says('residents-done', /164\.210 penduduk wilayah 18\.13/);
    expect(get('residents-progress'), 'and it is over').toBeNull();
    press('Escape');
    await gone('residents-dialog');
  });

  it('says in three sentences why an extract is not taken', async () => {
    await start();
    sit('supervisor');
    await see('action-residents');
    press('F6');
    await see('residents-file');
    type('residents-file', '/media/dewi/KURIR/rusak.ndjson');
    press('Enter');
    await says('problem', /terpotong di perjalanan.*lama tetap dipakai.*Salin ulang/s);
    const dialog = get('residents-dialog')!;
    expect(dialog.querySelector('[data-testid="problem"]'), 'where it happened').not.toBeNull();
    expect(
      dialog.querySelectorAll('[data-testid="problem-close"]'),
      'Esc closes the dialog, and one button says so',
    ).toHaveLength(0);
    type('residents-file', '/media/dewi/KURIR/lama.ndjson');
    press('Enter');
    await says('problem', /lebih lama daripada yang sudah ada.*yang ada tetap dipakai.*minta berkas yang lebih baru/s);
    type('residents-file', '/media/dewi/KURIR/polos.ndjson');
    press('Enter');
    await says('problem', /tidak ada tanda tangannya.*lama tetap dipakai.*Salin kedua berkas/s);
    type('residents-file', '/media/dewi/KURIR/asing.ndjson');
    press('Enter');
    await says('problem', /Tanda tangan .* tidak sah.*lama tetap dipakai.*ditandatangani kabupaten/s);
    expect(get('problem')!.dataset['key'], 'as the station names it').toBe('extract_untrusted');
    expect(get('residents-done'), 'nothing was taken').toBeNull();
  });

  it('offers the extract only to who answers for it', async () => {
    await start();
    sit('supervisor');
    await see('action-residents');
    sit('operator');
    await gone('action-residents');
  });
});

describe('the wording of official letters', () => {
  it('names the lines that are still open and cannot be confirmed with them', async () => {
    await start();
    sit('supervisor');
    await see('action-wording');
    press('F7');
    await says('wording-gaps', /lambang\.png.*kosong.*signer\.name.*masih contoh/s);
    press('Enter');
    await says('wording-open', /Belum dipastikan/);
    expect(get('wording-confirmed'), 'nothing was confirmed').toBeNull();
    expect(get('wording-station'), 'the shipped patterns name the station').toBeNull();
  });

  it('is shown letter by letter, and confirmed by name', async () => {
    const backend = await start('wording');
    const drawn: string[] = [];
    const page = backend.wordingPage;
    backend.wordingPage = async (letter, dpi) => (drawn.push(letter), page(letter, dpi));
    sit('supervisor');
    await see('action-wording');
    press('F7');
    const sheet = await see('wording-sheet');
    expect(sheet.dataset.letter).toBe('suket');
    await waitFor(() => expect(sheet.querySelector('img')).not.toBeNull(), PATIENCE);
    expect(drawn, 'each letter is drawn once').toEqual(['suket']);
    press('F6');
    await waitFor(() => expect(get('wording-sheet')!.dataset.letter).toBe('suket_elsewhere'), PATIENCE);
    expect(get('wording-sheet')!.ariaLabel, 'which of the two it is').toContain('direkam di tempat lain');
    press('F6');
    await waitFor(() => expect(get('wording-sheet')!.dataset.letter).toBe('berita_acara'), PATIENCE);
    await waitFor(() => expect(get('dialog-primary')!.ariaDisabled).not.toBe('true'), PATIENCE);
    press('Enter');
    await says('wording-confirmed', /Dipastikan oleh Hendra Saputra/);
  });

  it('tells of a pattern that another station of the office would give as well, and lets it be confirmed', async () => {
    await start('wording-one-station');
    sit('supervisor');
    await see('action-wording');
    press('F7');
    await says(
      'wording-station',
      /Tanpa \{stasiun\}.*suket\.number.*minutes\.number.*nomor yang sama.*satu stasiun boleh/s,
    );
    await waitFor(() => expect(get('dialog-primary')!.ariaDisabled).not.toBe('true'), PATIENCE);
    press('Enter');
    await says('wording-confirmed', /Dipastikan oleh/);
    expect(get('wording-station'), 'it stays told').not.toBeNull();
  });

  it('is for nobody but a supervisor', async () => {
    await start();
    sit('supervisor');
    await see('action-wording');
    sit('operator');
    await gone('action-wording');
  });
});

describe('work that the program could not do by itself', () => {
  it('stands on every page until it is done', async () => {
    const backend = open('unsettled');
    await see('page-queue');
    await says('unsettled-cut_off', /terputus.*tetap tercatat.*jangan cetak ulang/s);
    router.go('sync');
    await see('page-sync');
    await says('unsettled-revocations', /mencabut akses seorang petugas/);
    await says('unsettled-renewal', /Sertifikat stasiun hampir habis.*tetap berjalan/s);
    const strip = await backend.strip();
    session.strip = { ...strip, unsettled: [] };
    await gone('unsettled-revocations');
  });
});
