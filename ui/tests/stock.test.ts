// The stock page in jsdom with the twin: what who keeps the stock does by keyboard.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, choose, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();

async function start(part = ''): Promise<ReturnType<typeof open>> {
  window.history.replaceState(null, '', `${window.location.pathname}?part=${part}`);
  const backend = open();
  await see('page-queue');
  press('b', { altKey: true });
  await see('page-blangko');
  await see('stock-blangko');
  return backend;
}

describe('the stock page', () => {
  it('opens by its letter and takes a delivery by both ends of its numbers', async () => {
    const backend = await start();
    press('F2');
    type(await see('stock-from'), '0718-225-001');
    type(get('stock-last')!, '0718-225-500');
    await waitFor(() => expect(get('stock-counted')!.textContent, 'how many the ends name').toContain('500'), PATIENCE);
    type(get('stock-document')!, 'SJ-2026/131');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    await waitFor(() => expect(get('stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    const blangko = (await backend.blangko()).items.find((i) => i.item === 'blangko');
    expect(blangko?.onHand, 'twelve and three hundred, and five hundred').toBe(812);
  });

  it('takes the orange blangko of foreigners as a stock of their own, and shows none where none ever came', async () => {
    const backend = await start();
    expect(get('stock-blangko_wna'), 'an office without them').toBeNull();
    press('F2');
    await see('stock-from');
    get('item-blangko_wna')!.click();
    type(get('stock-from')!, '0718-900-001');
    type(get('stock-last')!, '0718-900-008');
    type(get('stock-document')!, 'SJ-2026/140');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    await waitFor(() => expect(get('stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    const { items } = await backend.blangko();
    expect(items.find((i) => i.item === 'blangko_wna')?.onHand, 'theirs').toBe(8);
    expect(items.find((i) => i.item === 'blangko')?.onHand, 'and citizens’ as before').toBe(312);
    await see('stock-blangko_wna');
    expect(get('ranges-wna')!.textContent, 'their numbers apart').toContain('0718');
  });

  it('names ends that make no range beside the button and does not send them', async () => {
    await start();
    press('F2');
    type(await see('stock-from'), '0718-225-500');
    type(get('stock-last')!, '0718-225-001');
    type(get('stock-document')!, 'SJ-2026/131');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBe('true'), PATIENCE);
    press('Enter');
    expect(get('stock-dialog'), 'still open').not.toBeNull();
  });

  it('keeps a difference open until it is explained', async () => {
    const backend = await start();
    press('F5');
    type(await see('counted'), '0718224688-0718224998');
    await waitFor(() => expect(get('count-run')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F5');
    await see('count-result');
    await see('open-count');
    expect(get('count-run')!.getAttribute('aria-disabled'), 'no words, no change').toBe('true');
    type(get('explanation')!, 'terselip di map kiriman');
    await waitFor(() => expect(get('count-run')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F5');
    await waitFor(() => expect(get('count-dialog')).toBeNull(), PATIENCE);
    expect((await backend.blangko()).openCount, 'explained').toBeNull();
  });

  it('writes off ribbon by prints beside a second officer, with a reason', async () => {
    const backend = await start();
    const ribbon = async () => (await backend.blangko()).items.find((i) => i.item === 'ribbon')!;
    const before = (await ribbon()).onHand;
    press('F6');
    await see('spoil-stock-dialog');
    get('item-ribbon')!.click();
    type(await see('spoil-quantity'), '25');
    expect(get('spoil-serial'), 'prints have no number').toBeNull();
    choose('spoil-reason', 'damaged');
    choose('witness-who', 'hendra');
    type('witness-password', 'benar');
    await waitFor(() => expect(get('spoil-save')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F6');
    await waitFor(() => expect(get('spoil-stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    expect((await ribbon()).onHand).toBe(before - 25);
  });

  it('shows a lost card that was found apart from the stock, and F3 writes it off by its number', async () => {
    const backend = await start('found');
    const aside = (await see('found-cards')).textContent;
    expect(aside, 'named by where they are, not by how they came there').toContain('Kartu yang disisihkan');
    expect(aside).toContain('kartu yang hilang dan ditemukan kembali');
    expect(get('stock-blangko')!.textContent, 'beside what can be used').toContain('disisihkan 1');
    expect(get('ranges')!.textContent, 'and not in it').not.toContain('871');
    const before = (await backend.blangko()).items[0]!.onHand;
    // Two are held; then it comes.
    for (const _ of [0, 1]) press('ArrowDown');
    await waitFor(() => expect(get('line-found-0718-224-871')!.getAttribute('aria-current')).toBe('true'), PATIENCE);
    press('F3');
    expect(((await see('spoil-serial')) as HTMLInputElement).value, 'its number is there').toBe('0718-224-871');
    choose('spoil-reason', 'other');
    type('spoil-words', 'kartu temuan');
    choose('witness-who', 'hendra');
    type('witness-password', 'benar');
    await waitFor(() => expect(get('spoil-save')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F6');
    await waitFor(() => expect(get('spoil-stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    expect(get('found-cards'), 'none is left').toBeNull();
    const seen = await backend.blangko();
    expect(seen.items[0]!.onHand, 'it was no stock').toBe(before);
    expect(
      seen.toDestroy.map((piece) => piece.serial),
      'it waits for its Berita Acara',
    ).toContain('0718-224-871');
    press('F6');
    expect(((await see('spoil-serial')) as HTMLInputElement).value, 'by F6 nothing is filled in').toBe('');
  });

  it('notes what a paper announces without taking it into the book, once', async () => {
    const backend = await start();
    const before = (await backend.blangko()).items.find((i) => i.item === 'blangko')!.onHand;
    const announce = async () => {
      press('F2');
      type(await see('stock-from'), '0718-226-001');
      type(get('stock-quantity')!, '50');
      type(get('stock-document')!, 'ALOK-2026/9');
      await waitFor(() => expect(get('stock-allot')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
      press('F6');
    };
    await announce();
    await waitFor(() => expect(get('stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    const seen = await backend.blangko();
    expect(seen.allotments[0]).toMatchObject({ allotment: 'ALOK-2026/9', count: 50, received: 0 });
    expect(seen.items.find((i) => i.item === 'blangko')!.onHand, 'nothing came').toBe(before);
    await announce();
    await waitFor(() => expect(get('stock-dialog')!.textContent).toContain('sudah dicatat'), PATIENCE);
  });

  it('takes a blank of a factory fault back out of what is to be destroyed, and no other', async () => {
    const backend = await start();
    await backend.spoilStock('0718-224-688', 'factory', 'hendra', 'benar');
    const back = async (serial: string) => {
      press('F7');
      type(await see('stock-from'), serial);
      type(get('stock-quantity')!, '1');
      type(get('stock-document')!, 'BA-1');
      type(get('stock-reason')!, 'cacat pabrik');
      await waitFor(() => expect(get('stock-return')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
      press('F7');
    };
    await back('0718-224-688');
    await waitFor(() => expect(get('stock-dialog'), 'the dialog is done').toBeNull(), PATIENCE);
    expect((await backend.blangko()).toDestroy.map((one) => one.serial)).not.toContain('0718-224-688');
    await back('0718-224-899');
    await waitFor(
      () => expect(get('stock-dialog')!.textContent, 'a misprinted card stays here').toContain('bukan cacat pabrik'),
      PATIENCE,
    );
  });

  it('makes the report of an earlier day by F10, and of none that lies ahead', async () => {
    const backend = await start();
    const asked: string[] = [];
    const made = backend.stockReport;
    backend.stockReport = (day) => {
      asked.push(day);
      return made(day);
    };
    press('F10');
    await see('report-day-dialog');
    type(get('stock-day')!, '31-12-2999');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBe('true'), PATIENCE);
    press('Enter');
    expect(asked, 'a day that lies ahead has no report').toEqual([]);
    type(get('stock-day')!, '02-11-2026');
    await waitFor(() => expect(get('dialog-primary')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    await see('paper-dialog');
    expect(asked).toEqual(['2026-11-02']);
  });

  it('lists held pieces and lets go of one with a note', async () => {
    const backend = await start();
    get('release-0718-224-913')!.click();
    type(await see('release-note'), 'utuh di laci printer');
    await waitFor(() => expect(get('release-do')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F5');
    await waitFor(() => expect(get('release-0718-224-913'), 'no longer held').toBeNull(), PATIENCE);
    expect((await backend.blangko()).held.map((one) => one.serial)).toEqual(['0718-224-687']);
  });

  it('photographs a destruction from the line of its Berita Acara until it is signed off, and opens its paper', async () => {
    const backend = await start();
    press('End');
    press('F3');
    await see('destruction-dialog');
    expect(get('destruction-sign')!.getAttribute('aria-disabled'), 'nothing to sign off').toBe('true');
    const act = async () => (await backend.blangko()).acts[0];
    press('F4');
    await waitFor(async () => expect((await act())?.photoId).not.toBeNull(), PATIENCE);
    await waitFor(() => expect(get('destruction-sign')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    expect(get('destruction-photo')!.textContent, 'it can be taken again').toContain(t('blangko.photo_again'));
    press('F8');
    await see('paper-dialog');
    expect((await act())?.photoPaper, 'its paper').not.toBeNull();
    press('Escape');
    await waitFor(() => expect(get('paper-dialog')).toBeNull(), PATIENCE);
    press('F3');
    await see('paper-dialog');
    expect(get('destruction-dialog'), 'nothing to take again').toBeNull();
  });

  it('keeps a reason in place of the photograph of a destruction where no camera is', async () => {
    const backend = open();
    const blind = await backend.blangko();
    blind.camera = false;
    backend.blangko = async () => structuredClone(blind);
    await see('page-queue');
    press('b', { altKey: true });
    await see('acts');
    press('End');
    press('F3');
    await see('destruction-dialog');
    expect(get('destruction-photo'), 'no camera').toBeNull();
    expect(get('destruction-leave')!.getAttribute('aria-disabled'), 'no words').toBe('true');
    const asked: string[] = [];
    backend.leaveDestructionPhoto = async (number, note) => {
      asked.push(note);
      blind.acts.find((a) => a.number === number)!.photoNote = note;
      return structuredClone(blind);
    };
    type('destruction-words', 'kamera dipakai di loket lain');
    await waitFor(() => expect(get('destruction-leave')!.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F7');
    expect((await see('destruction-note')).textContent).toContain('kamera dipakai di loket lain');
    expect(asked).toEqual(['kamera dipakai di loket lain']);
    const sign = () => get('destruction-sign')!.getAttribute('aria-disabled');
    await waitFor(() => expect(sign(), 'it can be signed off').toBeNull(), PATIENCE);
  });

  it('says what a Berita Acara still lacks, and makes it once the three witnesses are named', async () => {
    const backend = await start();
    const before = (await backend.blangko()).acts.length;
    press('F8');
    expect((await see('dialog-why')).textContent, 'beside the button').toContain('ketiga saksi');
    press('F8');
    expect((await backend.blangko()).acts.length, 'nothing is destroyed').toBe(before);
    // Nobody has photographed this one yet.
    get('piece-0718-224-899')!.click();
    for (const n of [0, 1, 2]) {
      type(get(`witness-name-${n}`)!, `Saksi Contoh ${n}`);
      type(get(`witness-position-${n}`)!, 'Kepala Seksi');
    }
    await waitFor(() => expect(get('dialog-why'), 'nothing lacks').toBeNull(), PATIENCE);
    press('F8');
    await see('paper-dialog');
    expect((await backend.blangko()).acts.length).toBe(before + 1);
  });
});
