// Step 8 in jsdom with the twin: the card by keyboard, and what its chip goes without.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { Backend } from '$lib/backend/contract';
import { mockBackend } from '../src/lib/backend/mock';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, choose, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

/** The printing desk at step 8 of one visit; `part` as in the twin. */
async function start(part = ''): Promise<Backend> {
  window.history.replaceState(null, '', `${window.location.pathname}?part=${part}`);
  router.go('print', 'a016');
  const backend = open();
  await see('page-print');
  await see('work');
  return backend;
}
const pressable = (testid: string) =>
  waitFor(() => expect(get(testid)?.getAttribute('aria-disabled') ?? '', testid).toBe(''), PATIENCE);
const phase = (wanted: string) =>
  waitFor(() => expect(get('work')?.dataset['phase'], 'the stage').toBe(wanted), PATIENCE);

describe('the card', () => {
  it('gives its room to the work when a notice stands below, and takes it back afterwards', async () => {
    const width = () => document.querySelector<HTMLElement>('.face')?.style.width;
    await start('came_out');
    const before = width();
    await see('result-not_printed');
    press('F8');
    await pressable('primary');
    get('primary')!.click();
    type(await see('reason-words'), 'blangkonya masih putih');
    await pressable('not-printed-confirm');
    press('F8');
    await waitFor(
      () => expect(get('dialog-failed')?.textContent).toContain(t('errors.print_came_out.happened')),
      PATIENCE,
    );
    expect((get('reason-words') as HTMLInputElement).value, 'to be read beside it').toBe('blangkonya masih putih');
    press('Escape');
    await gone('not-printed-dialog');
    session.problem = { code: 'not_now', key: 'print_came_out', tone: 'hold', args: {} };
    expect((await see('problem')).dataset['key']).toBe('print_came_out');
    await waitFor(() => expect(width(), 'the answers stay in sight').toBe('250px'), PATIENCE);
    press('Escape');
    await gone('problem');
    await waitFor(() => expect(width()).toBe(before), PATIENCE);
  });

  it('is drawn at its true size by a key and back, also where a notice leaves it little room', async () => {
    const face = () => document.querySelector<HTMLElement>('.face img')?.style.width;
    const magnified = (n: number) => expect(get('true-size')!.closest('section')!.textContent).toContain(`${n}%`);
    await start('came_out');
    await waitFor(() => expect(face()).toBeDefined(), PATIENCE);
    const before = face();
    press('F10');
    // 85.60 mm at 96 dots an inch.
    await waitFor(() => expect(face()).toBe('323.5px'), PATIENCE);
    magnified(100);
    expect(get('true-size')!.getAttribute('aria-pressed')).toBe('true');
    press('F10');
    await waitFor(() => expect(face()).toBe(before), PATIENCE);
    get('true-size')!.click();
    session.problem = { code: 'store', key: 'store', tone: 'bad', args: {} };
    await see('problem');
    await waitFor(() => expect(document.querySelector<HTMLElement>('.face')!.style.width).toBe('323.5px'), PATIENCE);
    expect(face(), 'a notice makes the true size no smaller').toBe('323.5px');
    magnified(100);
  });

  it.each(['earlier_there', 'earlier_came_out', 'test_there'])('is not sent while it is told: %s', async (part) => {
    await start(part);
    await pressable('primary');
    get('primary')!.click();
    (await see('start-confirm')).click();
    expect((await see('problem')).dataset['key']).toBe(`print_${part}`);
    expect(get('work')?.dataset['phase']).toBe('blangko');
  });

  it('shows how far it has come where the printer writes the chip too, and asks for no card on a reader', async () => {
    await start('go_writing');
    const lines = await see('one-go');
    expect(lines.dataset['stage']).toBe('writing');
    expect(lines.querySelector('[aria-current="step"]')?.textContent?.trim()).toBe('Cip ditulis');
    expect(get('work')?.textContent, 'how much of it').toContain('4 dari 7 bagian tertulis');
    expect(get('work')?.textContent).not.toContain('Letakkan kartu');
    expect(get('result-printed'), 'nothing is judged yet').toBeNull();
  });

  it('is shown again when data come for it, and the window says where it cannot be shown', async () => {
    const backend = await start();
    await waitFor(() => expect(document.querySelector('img[alt="' + t('card.face') + '"]')).not.toBeNull(), PATIENCE);
    const [read, asked] = [backend.cardPrint.bind(backend), [] as string[]];
    backend.cardPrint = async (id) => ({ ...(await read(id)), missing: ['record'] });
    backend.cardFace = (id) => (asked.push(id), Promise.reject(new Error('no record')));
    await backend.setTurn('a016', 'normal', '');
    expect((await see('no-face')).textContent).toBe(t('card.no_face'));
    expect(asked, 'read anew with the data').toEqual(['a016']);
  });

  it('is not read once more after its page was left', async () => {
    const backend = await start();
    const [read, asked] = [backend.cardPrint.bind(backend), [] as unknown[]];
    let go: () => unknown = () => undefined;
    backend.cardPrint = async (id) => {
      asked.push(id);
      await new Promise((done) => (go = () => done(null)));
      return read(id);
    };
    await backend.setTurn('a016', 'normal', '');
    await waitFor(() => expect(asked).toHaveLength(1), PATIENCE);
    await backend.setTurn('a016', 'normal', '');
    router.go('queue');
    await see('page-queue');
    go();
    await backend.queue('all');
    await new Promise((turn) => setTimeout(turn, 0));
    expect(asked, 'the reading that was under way, and none for a visit that is not at the desk').toEqual(['a016']);
    expect(session.problem).toBeNull();
  });

  it('says that a foreigner’s card needs an orange blangko, and of which kind the stock is', async () => {
    await start('wna');
    expect((await see('needs-wna')).textContent).toContain(t('card.needs_wna'));
    expect(get('stock')!.textContent, 'and the count is of it').toContain(t('card.blangko_wna_n'));
  });

  it('says nothing of orange for a citizen’s card', async () => {
    await start();
    expect(get('stock')!.textContent).toContain(t('card.blangko_n'));
    expect(get('stock')!.textContent).not.toContain(t('card.blangko_wna_n'));
    expect(get('needs-wna')).toBeNull();
  });

  it('of a foreigner is told apart in the queue, with the stock of its own blangko beside that of citizens', async () => {
    window.history.replaceState(null, '', `${window.location.pathname}?part=wna`);
    router.go('print_queue');
    open();
    expect((await see('needs-wna-A-024')).textContent?.trim()).toBe(t('card.blangko_wna'));
    expect(get('needs-wna-A-011'), 'a citizen’s needs no word').toBeNull();
    expect((await see('stock-on-hand')).closest('.kind')!.textContent).toContain(t('card.blangko_wni_n'));
    expect(get('wna-on-hand')!.closest('.kind')!.textContent).toContain(t('card.blangko_wna_n'));
    expect([get('stock-on-hand')!.textContent, get('wna-on-hand')!.textContent]).toEqual(['312', '18']);
    expect(get('wna-awaited'), 'enough are there').toBeNull();
  });

  it('of a foreigner waits for a blangko that is not there: the queue says so', async () => {
    window.history.replaceState(null, '', `${window.location.pathname}?part=wna_none`);
    router.go('print_queue');
    open();
    expect((await see('wna-awaited')).textContent).toContain(t('card.wna_none'));
    expect(get('wna-on-hand')!.textContent).toBe('0');
  });

  it('of no foreigner leaves the queue with one kind of blangko, and no word of the other', async () => {
    window.history.replaceState(null, '', window.location.pathname);
    router.go('print_queue');
    open();
    expect((await see('stock')).textContent).toContain(t('card.blangko_n'));
    expect(get('stock')!.textContent, 'citizens’ alone').not.toMatch(/WNA|WNI/);
    expect(get('wna-on-hand')).toBeNull();
  });

  it('does not bear what was not verified: the window says what differs, and goes back to step 3 by a key', async () => {
    await start('differs');
    const said = (await see('differs')).textContent;
    for (const words of ['Alamat', 'JL. MERDEKA NO. 27', 'JL. SUDIRMAN NO. 4', t('card.differs_next')])
      expect(said).toContain(words);
    expect(get('work')?.textContent, 'said once').not.toContain(t('print.missing.record_differs'));
    expect(get('primary')?.getAttribute('aria-disabled'), 'no blangko is taken').toBe('true');
    press('F4');
    await see('page-verification');
  });

  it('that was called wrong is not made of the same data again: the window says so, and goes back to step 3 by a key', async () => {
    const backend = await start();
    const read = backend.cardPrint.bind(backend);
    const went: string[] = [];
    backend.cardPrint = async (id) => ({ ...(await read(id)), missing: ['record_disputed'], canStart: false });
    backend.goBack = (_id, to) => (went.push(to), Promise.reject(new Error('enough')));
    await backend.setTurn('a016', 'normal', '');
    expect((await see('disputed')).textContent).toContain(t('card.disputed'));
    press('F4');
    await waitFor(() => expect(went).toEqual(['verification']), PATIENCE);
  });

  it('is printed by whoever may not read its status, and nothing is said of that', async () => {
    const backend = mockBackend('');
    let refuse: (why: unknown) => void = () => undefined;
    const late = new Promise<never>((_, reject) => (refuse = reject));
    backend.statusCheck = () => late;
    use(backend);
    router.go('print', 'a016');
    render(App);
    await see('work');
    refuse({ code: 'not_allowed', key: 'not_allowed', tone: 'hold', args: {} });
    await late.catch(() => undefined);
    await Promise.resolve();
    expect(session.problem).toBeNull();
  });

  it('that may still be inside the printer is brought out by a key and then judged', async () => {
    const backend = await start('go_inside');
    const notice = await see('card-inside');
    expect(notice.textContent).toContain(t('card.inside'));
    press('F4');
    await gone('card-inside');
    const job = (await backend.cardPrint('a016')).job;
    expect([job?.inside, job?.why?.key]).toEqual([false, 'print_brought_to_reject']);
    await see('result-spoiled');
  });

  it('is printed after a question, judged by a key, and spoiled only beside a second officer', async () => {
    const backend = await start();
    await phase('blangko');
    get('primary')!.click();
    await see('start');
    expect((await backend.cardPrint('a016')).job, 'asking prints nothing').toBeNull();
    get('start-confirm')!.click();
    await phase('face');
    await see('result-spoiled');
    press('F6');
    await waitFor(() => expect(get('result-spoiled')?.getAttribute('aria-checked')).toBe('true'), PATIENCE);
    get('primary')!.click();
    await see('spoil-dialog');
    press('1');
    press('F6');
    const who = (await see('witness-who')) as HTMLSelectElement;
    who.value = [...who.options].map((o) => o.value).find((value) => value !== '')!;
    who.dispatchEvent(new Event('change', { bubbles: true }));
    type('witness-password', 'sandi saksi');
    get('witness-confirm')!.click();
    await gone('witness-dialog');
    await phase('blangko');
    const after = await backend.cardPrint('a016');
    expect([after.spoiled.length, after.card], 'spoiled, and no card').toEqual([1, null]);
  });

  it('is printed on although the book of ribbon and film stands at nothing, which is said beside it', async () => {
    await start('supplies');
    const [differs, unbooked] = [await see('supply-differs'), await see('supply-unbooked')];
    expect(differs.textContent, 'by both words').toContain('buku menunjukkan 0, printer masih punya 140 cetak');
    expect(unbooked.textContent, 'by the book alone').toContain('menurut buku sudah habis');
    await phase('blangko');
    get('primary')!.click();
    await see('start');
  });

  it('is warned of by the printer itself before the blangko is taken, in words, and printed on', async () => {
    await start('warned');
    await phase('blangko');
    expect((await see('printer-warning-cleaning_due')).textContent).toContain('Printer minta dibersihkan');
    expect((await see('printer-warning-feeder_low')).textContent).toContain('tinggal sedikit');
    expect(get('primary')!.ariaDisabled, 'it hinders nothing').not.toBe('true');
    get('primary')!.click();
    await see('start');
  });

  it('counts as printed only with the number that stands on the card, and is booked on that one', async () => {
    const backend = await start('reported');
    await phase('face');
    press('F5');
    await waitFor(() => expect(get('result-printed')?.getAttribute('aria-checked')).toBe('true'), PATIENCE);
    get('primary')!.click();
    await see('number-dialog');
    type('number', '0718-224-914');
    press('Enter');
    await waitFor(() => expect(get('dialog-failed')?.textContent).toContain('0718-224-914'), PATIENCE);
    expect((await backend.cardPrint('a016')).card, 'another number counts nothing').toBeNull();
    press('F6');
    await gone('number-dialog');
    await phase('chip');
    expect((await backend.cardPrint('a016')).card, 'unless the card does carry it').toBe('0718-224-914');
  });

  it('changes its number with that of another card only by a key of its own, beside words that name both', async () => {
    const backend = await start('reported');
    await phase('face');
    press('F5');
    await waitFor(() => expect(get('result-printed')?.getAttribute('aria-checked')).toBe('true'), PATIENCE);
    get('primary')!.click();
    await see('number-dialog');
    type('number', '0718-224-915');
    press('Enter');
    await waitFor(() => expect(get('number-other')?.ariaDisabled, 'another number').not.toBe('true'), PATIENCE);
    press('F6');
    const hint = await see('number-exchange-hint');
    expect(hint.textContent, 'both cards and both numbers').toMatch(/A-016.*0718-224-915.*A-010.*0718-224-913/s);
    expect((await backend.cardPrint('a016')).job?.serial, 'nothing by the refusal').toBe('0718-224-913');
    press('F6');
    expect(get('number-other'), 'the key before it does nothing more').toBeNull();
    expect((await backend.cardPrint('a016')).job?.serial, 'also pressed twice').toBe('0718-224-913');
    press('F8');
    await gone('number-dialog');
    await phase('chip');
    expect((await backend.cardPrint('a016')).card, 'booked under its own').toBe('0718-224-915');
  });

  it.each(['chip', 'torn'])('names the number of the card whose chip is to be written: %s', async (part) => {
    const backend = await start(part);
    await phase('chip');
    const { card } = await backend.cardPrint('a016');
    const lay = t(part === 'torn' ? 'card.chip_lay_again' : 'card.chip_lay', {
      serial: card!.replaceAll('-', '-\u2060'),
    });
    expect(lay.replaceAll('\u2060', '')).toContain(card);
    await waitFor(() => expect(document.querySelector('.bar')?.textContent).toContain(lay), PATIENCE);
  });

  it('is void under the number that it carries, also where that is booked for another card', async () => {
    for (const [number, key] of [
      ['0718-224-914', ''],
      ['0718-224-915', 'F8'],
    ] as const) {
      const backend = await start('go_rejected');
      await phase('face');
      press('F6');
      await waitFor(() => expect(get('result-spoiled')?.getAttribute('aria-checked')).toBe('true'), PATIENCE);
      get('primary')!.click();
      expect((await see('spoil-dialog')).textContent).toContain(t('card.spoil_number_hint'));
      press('3');
      type('spoil-number', number);
      press('F6');
      if (key) {
        const hint = await see('spoil-exchange-hint');
        expect(hint.textContent, 'both cards').toMatch(/A-016.*A-010/s);
        await pressable('spoil-exchange');
        press(key);
      }
      const who = (await see('witness-who')) as HTMLSelectElement;
      expect((await backend.cardPrint('a016')).job?.serial, 'before the witness').toBe(number);
      who.value = [...who.options].map((o) => o.value).find((value) => value !== '')!;
      who.dispatchEvent(new Event('change', { bubbles: true }));
      type('witness-password', 'sandi saksi');
      get('witness-confirm')!.click();
      await gone('witness-dialog');
      expect((await backend.cardPrint('a016')).spoiled[0]?.serial, 'not the booked one').toBe(number);
      cleanup();
    }
  });

  it('waits for the photograph of a spoiled card, and ends its chip', async () => {
    const backend = await start('spoiled');
    await phase('blangko');
    expect(get('primary')!.getAttribute('aria-disabled'), 'no next card before the photograph').toBe('true');
    expect((await see('spoiled-chip-0718-224-912')).textContent, 'the chip lives').toContain('belum dimatikan');
    press('F2');
    await waitFor(() => expect(get('action-photo'), 'photographed').toBeNull(), PATIENCE);
    // The key is heard once the camera is done.
    await waitFor(() => {
      press('F3');
      expect(get('action-chip-end'), 'ended').toBeNull();
    }, PATIENCE);
    const [one] = (await backend.cardPrint('a016')).spoiled;
    expect([one?.photoId, one?.chip]).toEqual(['rusak-0718-224-912', 'ended']);
    await waitFor(
      () => expect(get('primary')!.getAttribute('aria-disabled'), 'and it goes on').not.toBe('true'),
      PATIENCE,
    );
  });

  it('asks why there is no photograph where no camera works', async () => {
    const backend = await start('spoiled_blind');
    await phase('blangko');
    press('F2');
    await see('no-photo-dialog');
    type('reason-words', 'kamera rusak');
    press('F7');
    await gone('no-photo-dialog');
    await waitFor(
      async () => expect((await backend.cardPrint('a016')).spoiled[0]?.photoNote).toBe('kamera rusak'),
      PATIENCE,
    );
  });

  it('gives up what nobody finds only beside a second officer, and prints on another blangko', async () => {
    const backend = await start('unknown_print');
    const before = (await backend.cardPrint('a016')).nextSerial;
    await see('result-not_found');
    press('F7');
    await waitFor(() => expect(get('result-not_found')!.ariaChecked, 'by its key').toBe('true'), PATIENCE);
    get('primary')!.click();
    expect((await see('not-found-dialog')).textContent, 'what is done').toContain(t('card.not_found_text'));
    type('note-words', 'printer dan laci kosong');
    press('F7');
    expect((await backend.cardPrint('a016')).job, 'not alone').not.toBeNull();
    choose('witness-who', get('witness-who')!.querySelector<HTMLOptionElement>('option:not([value=""])')!.value);
    type('witness-password', 'sandi saksi');
    await waitFor(() => expect(get('note-save')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F7');
    await gone('not-found-dialog');
    await phase('blangko');
    const after = await backend.cardPrint('a016');
    expect([after.job, after.spoiled.length]).toEqual([null, 0]);
    expect(after.nextSerial, 'the lost one is not offered').not.toBe(before);
  });

  it('gives up a good card that is gone before its quality was judged, and calls it neither good nor spoiled', async () => {
    const backend = await start('quality');
    await phase('quality');
    expect((await see('action-lost')).getAttribute('aria-keyshortcuts'), 'its key').toBe('F8');
    press('F8');
    expect((await see('not-found-dialog')).textContent, 'what is done').toContain(t('card.lost_text'));
    type('note-words', 'meja dan laci kosong');
    press('F7');
    expect((await backend.cardPrint('a016')).card, 'not alone').not.toBeNull();
    choose('witness-who', get('witness-who')!.querySelector<HTMLOptionElement>('option:not([value=""])')!.value);
    type('witness-password', 'sandi saksi');
    await waitFor(() => expect(get('note-save')?.ariaDisabled).not.toBe('true'), PATIENCE);
    press('F7');
    await gone('not-found-dialog');
    await phase('blangko');
    const after = await backend.cardPrint('a016');
    expect([after.card, after.spoiled.length]).toEqual([null, 0]);
  });

  it('says what its chip goes without before it is accepted', async () => {
    await start('quality');
    await phase('quality');
    const without = await see('chip-without');
    expect(without.textContent, 'in words').toContain('sidik jari 2, tidak muat');
  });
});
