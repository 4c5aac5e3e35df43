// Step 9 in jsdom with the twin: what the counter does by keyboard until the card is in the hand.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Backend } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, choose, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const stands = (testid: string, state: string) =>
  waitFor(() => expect(get(testid)?.dataset['state'], testid).toBe(state), PATIENCE);

/** The counter at step 9 of one visit; `part` as in the twin. */
async function start(part = ''): Promise<Backend> {
  window.history.replaceState(null, '', `${window.location.pathname}?part=${part}`);
  router.go('handover', 'a016');
  const backend = open();
  await see('page-handover');
  await see('finger');
  return backend;
}
const primary = () => get('primary')?.getAttribute('aria-disabled') === null;
const officer = async (): Promise<string> => {
  const [first] = [...((await see('witness-who')) as HTMLSelectElement).options].filter((o) => o.value !== '');
  expect(first, 'a second officer is there').toBeDefined();
  return first!.value;
};

describe('the hand-over', () => {
  it('takes in another old card after the first was destroyed, and changes that one no more', async () => {
    await start('burned');
    expect((await see('old-destroyed')).textContent).toContain('Sudah dimusnahkan menurut Berita Acara.');
    expect(get('old-open')?.textContent).toContain(t('handover.old_more'));
    press('F9');
    await see('old-card-dialog');
    press('3');
    press('F9');
    await gone('old-card-dialog');
    expect(get('old-destroyed'), 'this one lies in its box').toBeNull();
    expect(get('old-open')?.textContent).toContain(t('handover.old_change'));
  });

  it('is done by keyboard alone, in any order, and closes only when nothing is open', async () => {
    const backend = await start();
    expect(primary(), 'nothing is done yet').toBe(false);
    press('F3');
    await stands('photo', 'identical');
    press('F9');
    await see('old-card-dialog');
    press('3');
    press('F9');
    await gone('old-card-dialog');
    await stands('old-card', 'withdrawn');
    await see('judge-old_card_boxed');
    for (const digit of ['1', '2', '3']) press(digit);
    await waitFor(async () => {
      const lines = (await backend.handover('a016')).photo.lines;
      expect(
        lines.map((line) => line.ticked),
        'each by its digit',
      ).toEqual([true, true, true]);
    }, PATIENCE);
    press('F4');
    await stands('finger', 'not_yet');
    press('F4');
    await stands('finger', 'matched');
    expect(primary(), 'the receipt is open').toBe(false);
    await backend.saveReceipt('a016', 'pen', []);
    press('F2');
    await see('shelf-dialog');
    press('Escape');
    await gone('shelf-dialog');
    router.go('queue');
    await see('page-queue');
    router.go('handover', 'a016');
    await see('page-handover');
    await waitFor(() => expect(primary(), 'all four are done').toBe(true), PATIENCE);
    // The button has the focus, where Enter is the browser's own click.
    expect(document.activeElement?.getAttribute('data-testid'), 'the focus waits there').toBe('primary');
    get('primary')!.click();
    await see('confirm-dialog');
    const { person } = await backend.handover('a016');
    expect(get('confirm-name')?.textContent, 'whose card it is').toBe(person.name);
    press('Enter');
    press('Escape');
    await gone('confirm-dialog');
    expect((await backend.permohonan('a016')).state, 'neither Enter nor Esc gives it away').not.toBe('done');
    await waitFor(() => expect(primary(), 'and it can be asked again').toBe(true), PATIENCE);
    get('primary')!.click();
    await see('confirm-dialog');
    press('F9');
    await waitFor(async () => expect((await backend.permohonan('a016')).state).toBe('done'), PATIENCE);
  });

  it('refuses a name that is not the applicant, and a card that nobody was held against', async () => {
    const backend = await start('done');
    const { person } = await backend.handover('a016');
    await expect(backend.closeHandover('a016')).rejects.toMatchObject({ key: 'refused_person_unconfirmed' });
    await expect(backend.confirmHandover('a016', 'ORANG LAIN', person.photoId)).rejects.toMatchObject({
      key: 'handover_person_changed',
    });
    await backend.confirmHandover('a016', person.name, person.photoId);
    expect((await backend.closeHandover('a016')).state).toBe('done');
  });

  it('lets a second officer answer when the tries are spent', async () => {
    const backend = await start('spent');
    press('F8');
    await see('witness-note-dialog');
    const who = await officer();
    choose('witness-who', who);
    type('note-words', 'jari terluka, wajah sama');
    type('witness-password', 'sandi saksi');
    press('F8');
    await gone('witness-note-dialog');
    await stands('finger', 'witnessed');
    expect((await backend.handover('a016')).finger.note, 'with the note').toBe('jari terluka, wajah sama');
  });

  it('lets nobody answer for the finger before a try, but for a hand that cannot be laid down', async () => {
    const backend = await start();
    press('F8');
    await see('witness-note-dialog');
    const who = await officer();
    choose('witness-who', who);
    type('note-words', 'perban di kedua tangan');
    type('witness-password', 'sandi saksi');
    press('F8');
    expect(get('witness-note-dialog'), 'F4 comes first').not.toBeNull();
    expect((await backend.handover('a016')).finger.state, 'nobody has answered').toBe('not_tried');
    get('note-tick')!.click();
    await waitFor(() => expect(get('note-save')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F8');
    await gone('witness-note-dialog');
    await stands('finger', 'witnessed');
  });

  it('says of a reader that failed in this sitting what it is, and asks for no hand that cannot be laid down', async () => {
    await start('device_failed');
    press('F8');
    const dialog = await see('witness-note-dialog');
    expect(dialog.textContent).toContain(t('handover.witness_text_device_failed'));
    expect(get('note-tick'), 'a press was made').toBeNull();
  });

  it('keeps a good card on the shelf with its reason, and says so to the next officer', async () => {
    const backend = await start('spent');
    press('F2');
    await see('shelf-dialog');
    press('F8');
    expect((await backend.handover('a016')).held, 'not without a reason').toBeNull();
    type('shelf-reason', 'jari bukan jari pemilik kartu');
    await waitFor(() => expect(get('shelf-hold')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F8');
    await see('page-queue');
    expect((await backend.permohonan('a016')).state, 'it can be given later').not.toBe('returned');
    router.go('handover', 'a016');
    expect((await see('handover-held')).textContent).toContain('jari bukan jari pemilik kartu');
  });

  it('gives a card that agrees with the signed form, and keeps what is to be corrected', async () => {
    const backend = await start();
    press('F6');
    await see('dispute-dialog');
    await see('dispute-form');
    press('F9');
    expect(get('dispute-dialog'), 'what is to be corrected comes first').not.toBeNull();
    type('note-words', 'gelar belum tercantum');
    await waitFor(() => expect(get('dispute-agrees')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F9');
    await gone('dispute-dialog');
    expect((await see('handover-correction')).textContent).toContain('gelar belum tercantum');
    const lines = (await backend.handover('a016')).photo.lines.map((one) => one.line);
    expect(lines, 'nobody ticks that the data are right').toEqual(['face_same']);
  });

  it('compares by eye where bytes cannot, and says who may not be given the card', async () => {
    const backend = await start('eye');
    press('F3');
    await see('photo-dialog');
    press('F6');
    await gone('photo-dialog');
    await stands('photo', 'seen_differs');
    expect((await backend.handover('a016')).canClose, 'not to another person').toBe(false);
    press('F3');
    await see('photo-dialog');
    press('F9');
    await gone('photo-dialog');
    await stands('photo', 'seen_same');
  });

  it.each(['no_reader', 'reader_failed'] as const)(
    'compares by eye where the chip cannot be read: %s',
    async (part) => {
      await start(part);
      expect((await see('photo-verdict')).textContent).toContain(t(`handover.photo_unread_${part}`));
      expect(get('photo')?.textContent, 'nobody is sent to that reader').not.toContain(t('handover.photo_put'));
      press('F3');
      await see('photo-dialog');
      expect(get('photo-eye-why')?.textContent).toContain(t(`handover.photo_eye_text_${part}`));
      press('F9');
      await gone('photo-dialog');
      await stands('photo', 'seen_same');
      expect(get('photo-verdict')?.textContent).toContain(t('handover.photo_seen_same'));
      press('F3');
      await see('photo-dialog');
      press('F3');
      await gone('photo-dialog');
      await stands('photo', 'identical');
    },
  );

  it('takes what was written on the pad when Enter says that it is all', async () => {
    const backend = await start();
    let over: (() => void) | undefined;
    const real = backend.padReceipt.bind(backend);
    // Nobody ever lifts this pen.
    backend.padReceipt = async (id) => {
      await new Promise<void>((done) => (over = done));
      return real(id);
    };
    backend.finishPad = async () => over?.();
    press('F5');
    const dialog = await see('receipt-dialog');
    await waitFor(() => expect(get('receipt-pad')?.ariaDisabled, 'the pad is there').not.toBe('true'), PATIENCE);
    press('F5');
    await waitFor(() => expect(get('dialog-primary')?.textContent).toContain('Selesai'), PATIENCE);
    expect(dialog.textContent, 'and says so').toContain('Enter bila selesai');
    (document.activeElement as HTMLElement).blur();
    press('Enter');
    await gone('receipt-dialog');
    await stands('receipt', 'done');
  });

  it('takes a thumb, seen by a second officer, from a hand that cannot write', async () => {
    await start();
    press('F5');
    await see('receipt-dialog');
    press('F8');
    await see('substitute-dialog');
    const who = await officer();
    choose('witness-who', who);
    type('witness-password', 'salah');
    press('F8');
    await waitFor(() => expect(get('dialog-failed')?.textContent?.trim(), 'refused in words').not.toBe(''), PATIENCE);
    type('witness-password', 'sandi saksi');
    press('F8');
    await gone('substitute-dialog');
    await stands('receipt', 'exception');
  });

  it('withholds a card with wrong data only beside a second officer', async () => {
    const backend = await start();
    press('F6');
    await see('dispute-dialog');
    type('note-words', 'tanggal lahir salah');
    press('F6');
    expect((await backend.permohonan('a016')).state, 'nobody has seen it yet').not.toBe('returned');
    const who = await officer();
    choose('witness-who', who);
    type('witness-password', 'sandi saksi');
    press('F6');
    await waitFor(async () => expect((await backend.permohonan('a016')).state).toBe('returned'), PATIENCE);
    expect((await see('handed-on')).textContent, 'what became of it').toContain('dikembalikan ke pemohon');
  });
});

describe('whoever comes to step 9', () => {
  it('brings a card that was reported lost: it is taken in where none is asked for', async () => {
    const backend = open();
    const read = backend.handover.bind(backend);
    let needless = true;
    backend.handover = async (id) => {
      const seen = await read(id);
      return needless ? { ...seen, oldCard: { ...seen.oldCard, state: 'not_needed' } } : seen;
    };
    router.go('handover', 'a016');
    await stands('old-card', 'not_needed');
    expect(get('old-card')!.textContent).toContain(t('handover.old_not_needed'));
    press('F9');
    await see('old-card-dialog');
    expect(get('old-card-absent'), 'that none is there needs no note').toBeNull();
    expect(get('old-card-dialog')!.textContent).toContain(t('handover.old_text_optional'));
    press('1');
    needless = false;
    press('F9');
    await gone('old-card-dialog');
    await stands('old-card', 'withdrawn');
    await see('judge-old_card_boxed');
  });

  it('waits for the device alone: neither shelf nor line is asked of the visit meanwhile', async () => {
    const backend = await start();
    let lay = (): void => undefined;
    const tried = backend.handoverFinger.bind(backend);
    backend.handoverFinger = async (id, finger) => {
      await new Promise<void>((resolve) => (lay = resolve));
      return tried(id, finger);
    };
    press('F4');
    await waitFor(() => expect(get('finger')?.textContent).toContain(t('handover.finger_reading')), PATIENCE);
    press('F2');
    press('1');
    for (const testid of ['shelf-open', 'receipt-open', 'old-open', 'collector-open']) {
      expect(get(testid)?.ariaDisabled, testid).toBe('true');
      get(testid)!.click();
    }
    get('judge-face_same')!.click();
    lay();
    await stands('finger', 'not_yet');
    expect(document.querySelector('[role="dialog"]'), 'no dialog was opened').toBeNull();
    expect((await backend.handover('a016')).photo.lines[0]?.ticked, 'nothing was judged').toBe(false);
    press('1');
    await waitFor(async () => expect((await backend.handover('a016')).photo.lines[0]?.ticked).toBe(true), PATIENCE);
  });

  it('in the place of the applicant brings the slip, or the reason is written', async () => {
    const backend = await start();
    press('F7');
    await see('collector-dialog');
    type('collector-name', 'Made Artini');
    type('collector-nik', '1813024507909003');
    type('collector-relation', 'istri');
    get('collector-letter')!.click();
    await waitFor(
      () => expect(get('collector-dialog')?.textContent).toContain(t('handover.collector_missing_slip')),
      PATIENCE,
    );
    get('dialog-primary')!.click();
    expect((await backend.handover('a016')).collector.kind, 'neither slip nor reason').toBe('own');
    type('collector-no-slip', 'hilang di jalan');
    await waitFor(() => expect(get('dialog-primary')?.ariaDisabled).not.toBe('true'), PATIENCE);
    get('dialog-primary')!.click();
    await gone('collector-dialog');
    expect((await backend.handover('a016')).collector).toMatchObject({ slipSeen: false, noSlip: 'hilang di jalan' });
    expect(get('collector')?.textContent).toContain(t('handover.slip_without', { why: 'hilang di jalan' }));
  });

  it('is told that what another day has shown counts no more', async () => {
    await start('earlier');
    expect((await see('handover-earlier')).textContent).toContain(t('handover.earlier'));
  });
});

describe('a card that is not on its shelf', () => {
  it('is given up only with words and a second officer, and printed again', async () => {
    const backend = await start();
    press('F2');
    await see('shelf-dialog');
    press('F7');
    expect((await see('lost-dialog')).textContent, 'what is done').toContain(t('handover.lost_text'));
    press('F7');
    expect((await backend.permohonan('a016')).step, 'nobody has looked yet').not.toBe('print');
    type('note-words', 'rak B2 dan laci kosong');
    const who = await officer();
    choose('witness-who', who);
    type('witness-password', 'sandi saksi');
    await waitFor(() => expect(get('note-save')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F7');
    await waitFor(async () => expect((await backend.permohonan('a016')).step).toBe('print'), PATIENCE);
  });
});

describe('the shelf', () => {
  it('is open from the queue with F6, the longest waiting first', async () => {
    router.go('queue');
    open();
    await see('page-queue');
    press('F6');
    await see('unclaimed-dialog');
    await see('unclaimed-A-003');
    const rows = [...document.querySelectorAll('[data-testid^="unclaimed-A-"]')];
    expect(rows.map((row) => row.getAttribute('data-testid'))).toEqual(['unclaimed-A-003', 'unclaimed-A-011']);
  });

  it('is saved as a list with F9, and the list says that it names people', async () => {
    router.go('queue');
    open();
    await see('page-queue');
    press('F6');
    await see('unclaimed-A-003');
    press('F9');
    const dialog = await see('save-dialog');
    expect(dialog.textContent).toContain('menyebut nama pemohon');
    await waitFor(() => expect(get('dialog-primary')!.ariaDisabled).not.toBe('true'), PATIENCE);
    get('dialog-primary')!.click();
    expect((await see('saved-file')).textContent).toContain('kartu-belum-diambil.xlsx');
    press('Escape');
    await see('unclaimed-A-003');
  });
});
