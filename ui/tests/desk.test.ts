// The desk in jsdom with the twin: what an operator does by keyboard in steps 1 to 3.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

describe('the desk', () => {
  it('opens an application with F2 and a digit and saves each field by itself', async () => {
    const backend = open();
    await see('page-queue');
    press('F2');
    await see('kind-baru_wni');
    press('1');
    await see('open-dialog');
    get('dialog-primary')!.click();
    await see('page-form');
    const id = router.id!;
    type(await see('field-nik'), '1804015403089002');
    await waitFor(async () => {
      const nik = (await backend.form(id)).fields.find((f) => f.unsur === 'nik');
      expect(nik?.value, 'the field is durable without any button').toBe('1804015403089002');
    }, PATIENCE);
    await waitFor(() => expect(get('saved-nik')?.textContent, 'and says so').toContain('tersimpan'), PATIENCE);
    expect(get('finding-nik_retired'), 'what was found is told at once').not.toBeNull();
  });

  it('fills the form from the record with F5 and goes on to the papers with Enter', async () => {
    open();
    await see('page-queue');
    router.go('form', 'a021');
    type(await see('field-nik'), '1804015403089002');
    await waitFor(
      () => expect(get('action-prefill')?.getAttribute('aria-disabled'), 'F5 waits for a whole NIK').toBeNull(),
      PATIENCE,
    );
    press('F5');
    await waitFor(
      () => expect((get('field-nama') as HTMLInputElement).value, 'the record fills the form').toBe('SITI RAHMAWATI'),
      PATIENCE,
    );
    await waitFor(
      () => expect(get('primary')?.getAttribute('aria-disabled'), 'nothing is missing').toBeNull(),
      PATIENCE,
    );
    press('Enter');
    await see('page-requirements');
  });

  it('takes along with another NIK what the record of the first one brought, and names it as a source no more', async () => {
    open();
    await see('page-queue');
    router.go('form', 'a021');
    const value = (unsur: string) => (get(`field-${unsur}`) as HTMLInputElement).value;
    type(await see('field-nik'), '1804015403089002');
    await waitFor(() => expect(get('action-prefill')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F5');
    await waitFor(() => expect(value('nama'), 'the record fills the form').toBe('SITI RAHMAWATI'), PATIENCE);
    const source = () => get('form-source')?.textContent ?? '';
    expect(source(), 'and is named').toContain(t('extract.centre'));
    type(await see('field-alamat'), 'JALAN DIKETIK');
    await waitFor(() => expect(get('saved-alamat')?.textContent).toContain('tersimpan'), PATIENCE);
    type(await see('field-nik'), '1813010101909001');
    await waitFor(() => expect(value('nama'), 'nobody typed that name').toBe(''), PATIENCE);
    expect(value('alamat'), 'what was typed stays').toBe('JALAN DIKETIK');
    expect(source(), 'the extract knows nothing of this NIK').not.toContain(t('extract.centre'));
  });

  it('tells a refusal in three sentences and Esc takes it away', async () => {
    open();
    await see('page-queue');
    router.go('form', 'a021');
    type(await see('field-nik'), '1813010101909001');
    await waitFor(
      () => expect(get('action-prefill')?.getAttribute('aria-disabled'), 'F5 is ready').toBeNull(),
      PATIENCE,
    );
    press('F5');
    const problem = await see('problem');
    for (const part of ['Yang terjadi', 'Yang aman', 'Langkah berikutnya']) {
      expect(problem.textContent, `${part} is said`).toContain(part);
    }
    press('Escape');
    await waitFor(() => expect(get('problem'), 'Esc closes the message, not the form').toBeNull(), PATIENCE);
    expect(get('page-form'), 'the form stays').not.toBeNull();
  });

  it('ticks papers by digit and accepts them with Enter', async () => {
    open();
    await see('page-queue');
    router.go('requirements', 'a015');
    await see('tick-p1');
    press('1');
    await waitFor(() => expect(get('paper-p0')?.dataset['state'], 'digit 1 ticks the first').toBe('seen'), PATIENCE);
    press('2');
    await waitFor(
      () => expect(get('primary')?.getAttribute('aria-disabled'), 'all required papers are there').toBeNull(),
      PATIENCE,
    );
    get('primary')!.click();
    await see('page-verification');
  });

  it('ticks the one of two papers that was shown, and asks for the other no more', async () => {
    const backend = open();
    await see('page-queue');
    await backend.saveField('a015', 'tanggal_lahir', '2012-03-14');
    await backend.saveField('a015', 'status_perkawinan', '2');
    router.go('requirements', 'a015');
    const first = await see('paper-p2');
    const second = await see('paper-p2-1');
    expect(get('papers-left')!.textContent, 'the two are one line').toBe('3 belum ada');
    expect(first.textContent).toContain('wajib salah satu: ini atau SPTJM');
    press('4');
    await waitFor(() => expect(second.dataset['state'], 'the SPTJM was shown').toBe('seen'), PATIENCE);
    expect(first.dataset['state'], 'and no marriage book').toBe('missing');
    expect(first.textContent, 'nor is it wanted').toContain('Tidak perlu');
    expect(get('papers-left')!.textContent).toBe('2 belum ada');
    press('1');
    press('2');
    await waitFor(
      () => expect(get('primary')?.getAttribute('aria-disabled'), 'one of the two is enough').toBeNull(),
      PATIENCE,
    );
  });

  it('returns papers with a reason and never by one key alone', async () => {
    const backend = open();
    await see('page-queue');
    router.go('requirements', 'a015');
    await see('tick-p0');
    press('F7');
    await see('return-dialog');
    expect(get('dialog-why')!.textContent, 'what is missing').toBe('Pilih satu dengan angka.');
    press('F8');
    expect((await backend.permohonan('a015')).state, 'without a reason nothing is returned').toBe('open');
    press('1');
    await waitFor(
      () => expect(get('return-confirm')?.getAttribute('aria-disabled'), 'a reason is chosen').toBeNull(),
      PATIENCE,
    );
    get('return-confirm')!.click();
    await see('paper-dialog');
    get('paper-print')!.click();
    await see('paper-job');
    press('Escape');
    await see('page-queue');
    const returned = await backend.permohonan('a015');
    expect(returned.returned?.reasons, 'the reason is kept').toEqual(['Fotokopi KK belum ada atau tidak terbaca']);
  });

  it('chooses nothing for the operator and takes F5 and F6', async () => {
    const backend = open();
    await see('page-queue');
    router.go('verification', 'a017');
    await see('diff-alamat');
    expect(get('diff-alamat')?.dataset['result'], 'a difference waits for a person').toBe('differs');
    press('F5');
    await waitFor(() => expect(get('diff-alamat')?.dataset['result'], 'F5 takes the form').toBe('form'), PATIENCE);
    await waitFor(
      () => expect(get('diff-pekerjaan')?.getAttribute('aria-current'), 'the next difference is chosen').toBe('true'),
      PATIENCE,
    );
    press('F6');
    await waitFor(
      () => expect(get('diff-pekerjaan')?.dataset['result'], 'F6 takes the record').toBe('record'),
      PATIENCE,
    );
    expect((await backend.verification('a017')).open, 'no difference is left').toBe(0);
  });

  it('answers beside the comparison by keys: recorded before, the warning, the old card', async () => {
    const backend = open();
    await see('page-queue');
    router.go('verification', 'a017');
    const never = await see('recorded-never');
    press('1');
    await waitFor(
      async () => expect((await backend.verification('a017')).recorded.answer, '1 answers').toBe('never'),
      PATIENCE,
    );
    expect(never.getAttribute('aria-keyshortcuts')).toBe('1');
    press('F8');
    const dialog = await see('warning-dialog');
    press('Escape');
    await waitFor(() => expect(dialog.isConnected, 'F8 asked about the warning').toBe(false), PATIENCE);
    press('F4');
    await waitFor(
      async () => expect((await backend.verification('a017')).recorded.card, 'F4 looks at the reader').toBe('no_card'),
      PATIENCE,
    );
  });

  it('shows no applicant while locked and comes back to the same step', async () => {
    const backend = open();
    await see('page-queue');
    router.go('verification', 'a017');
    await waitFor(() => expect(get('who')?.textContent, 'the applicant is at the desk').toContain('Rizki'), PATIENCE);
    session.apply(await backend.lock());
    await see('page-signin');
    expect(document.body.textContent, 'no name of an applicant').not.toContain('Rizki');
    type(await see('password'), 'rahasia panjang');
    await waitFor(
      () => expect(get('primary')?.getAttribute('aria-disabled'), 'the password can be tried').toBeNull(),
      PATIENCE,
    );
    get('primary')!.click();
    await see('page-verification');
    expect(router.id, 'the same applicant').toBe('a017');
  });

  it('leads whoever else signs in to the queue, not to the work of the officer before', async () => {
    const backend = open();
    await see('page-queue');
    router.go('capture', 'a017');
    session.apply(await backend.lock());
    await see('page-signin');
    session.apply(await backend.signIn('rizal', 'rahasia panjang'));
    await see('page-queue');
  });

  it.each([
    ['capture', 'capture'],
    ['attestation', 'attestation'],
  ] as const)('says why %s could not be opened and offers both ways on', async (screen, call) => {
    const backend = open();
    await see('page-queue');
    const read = backend[call].bind(backend);
    const refused = { code: 'not_allowed', key: 'not_allowed', tone: 'hold', args: {} };
    Object.assign(backend, { [call]: () => Promise.reject(refused) });
    router.go(screen, 'a017');
    const words = await see('failed');
    expect(words.textContent, 'in words').toContain(t('errors.not_allowed.next'));
    Object.assign(backend, { [call]: read });
    get('again')!.click();
    await waitFor(() => expect(get('failed'), 'read once more').toBeNull(), PATIENCE);
    Object.assign(backend, { [call]: () => Promise.reject(refused) });
    router.go('queue');
    await see('page-queue');
    router.go(screen, 'a018');
    await see('failed');
    press('Escape');
    await see('page-queue');
  });

  it('counts the pause after a wrong password in seconds', async () => {
    open('backoff');
    const pause = await see('backoff');
    expect(pause.textContent, 'how long').toMatch(/\d+\s*detik lagi/);
    expect(get('primary')?.getAttribute('aria-disabled'), 'Enter cannot try early').toBe('true');
  });

  it('shuts the field for whoever was tried in vain and for nobody else', async () => {
    open('backoff');
    await see('backoff');
    get('person-rizal')!.click();
    await gone('backoff');
    const field = get('password') as HTMLInputElement;
    expect(field.readOnly, 'this one may sign in at once').toBe(false);
    type(field, 'kata sandi rizal');
    await waitFor(() => expect(get('primary')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    await see('page-queue');
  });

  it('returns whoever is sent away at step 1 with a slip, whatever is filled in', async () => {
    const backend = open();
    await see('page-queue');
    router.go('form', 'a021');
    await see('form-source');
    press('F7');
    await see('return-dialog');
    press('9');
    await waitFor(() => expect(get('return-confirm')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F8');
    await see('paper-dialog');
    const returned = (await backend.permohonan('a021')).returned;
    expect(returned?.reasons[0], 'the reason is on the slip').toContain('Belum 16 tahun');
  });

  it('goes on to no step, record or paper where a field could not be saved, and says so in that field', async () => {
    const backend = open();
    await see('page-queue');
    router.go('form', 'a021');
    type(await see('field-nik'), '1804015403089002');
    await waitFor(() => expect(get('action-prefill')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('F5');
    await waitFor(() => expect(get('primary')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    const { saveField } = backend;
    const done: string[] = [];
    const watched = ['submitForm', 'prefill', 'applicationForm', 'returnToApplicant', 'requirements'] as const;
    for (const deed of watched) {
      const work = backend[deed] as unknown as (...args: unknown[]) => Promise<never>;
      Object.assign(backend, { [deed]: (...args: unknown[]) => (done.push(deed), work(...args)) });
    }
    backend.saveField = () => Promise.reject({ code: 'store', key: 'database_damaged', tone: 'bad', args: {} });
    const address = (await see('field-alamat')) as HTMLInputElement;
    type(address, 'JALAN BARU');
    await see('problem');
    for (const key of ['F5', 'F7', 'F9', 'Enter']) {
      press('Escape');
      await waitFor(() => expect(get('problem')).toBeNull(), PATIENCE);
      get('field-nik')!.focus();
      press(key);
      await see('problem');
      await waitFor(() => expect(document.activeElement, key).toBe(address), PATIENCE);
      expect(done, key).toEqual([]);
    }
    expect(get('page-form'), 'nobody goes on with the old address').not.toBeNull();
    expect(address.value).toBe('JALAN BARU');
    backend.saveField = saveField;
    press('Enter');
    await see('page-requirements');
    const kept = (await backend.form('a021')).fields.find((f) => f.unsur === 'alamat');
    expect(kept?.value).toBe('JALAN BARU');
  });

  it('shows a name that was chosen from the list once its record is taken, and not where it could not be', async () => {
    const backend = open();
    await see('page-queue');
    router.go('form', 'a021');
    const field = (await see('field-nama')) as HTMLInputElement;
    // The page puts the hand where the work begins, which closes a list that is open elsewhere.
    await waitFor(() => expect(document.activeElement?.id).toMatch(/^f-/), PATIENCE);
    const { saveField } = backend;
    backend.saveField = () => Promise.reject({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
    const taken: string[] = [];
    const { prefill } = backend;
    backend.prefill = (id, nik) => (taken.push(nik), prefill(id, nik));
    type(field, 'SIT');
    (await see('option-1804015403089002')).click();
    await see('problem');
    field.blur();
    await new Promise((done) => setTimeout(done, 50));
    expect([field.value, taken], 'what would be kept is what stands there').toEqual(['SIT', []]);
    backend.saveField = saveField;
    type(field, 'SITI');
    (await see('option-1804015403089002')).click();
    await waitFor(() => expect(field.value).toBe('SITI RAHMAWATI'), PATIENCE);
    expect(taken).toEqual(['1804015403089002']);
    const kept = (await backend.form('a021')).fields.find((f) => f.unsur === 'nama');
    expect(kept?.value).toBe('SITI RAHMAWATI');
  });

  it.each([
    ['nama', 'residentSuggest', 'SIT'],
    ['kelurahan', 'wilayahSearch', 'ngam'],
  ] as const)('says that it could not look for %s, and not that there is none', async (unsur, call, text) => {
    const backend = open();
    await see('page-queue');
    router.go('form', 'a021');
    const field = await see(`field-${unsur}`);
    const refused = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };
    Object.assign(backend, { [call]: () => Promise.reject(refused) });
    type(field, text);
    expect((await see('problem')).textContent).toContain(t('errors.database_damaged.happened'));
    await waitFor(() => expect(field.getAttribute('aria-expanded'), 'no list').toBe('false'), PATIENCE);
    expect(document.querySelector(`#f-${unsur}-list`)?.hasAttribute('hidden'), 'nor is one said to be empty').toBe(
      true,
    );
  });

  it('says at step 1 that nothing is missing and still it does not go on', async () => {
    const backend = open();
    const { form } = backend;
    const why = { key: 'plan_too_young', args: { from: '2028-01-01' } };
    backend.form = async (id) => {
      const seen = await form(id);
      const fields = seen.fields.map((f) => ({ ...f, required: false }));
      return { ...seen, fields, canSubmit: false, why };
    };
    await see('page-queue');
    router.go('form', 'a021');
    await waitFor(() => expect(get('form-missing')?.textContent).toBe('Belum dapat diteruskan'), PATIENCE);
    expect(document.body.textContent, 'why, and from when on').toContain('boleh direkam mulai');
  });

  it('makes the first officer a supervisor, for only a supervisor makes one', async () => {
    const backend = open('new');
    const { setup } = backend;
    backend.setup = async () => ({ ...(await setup()), current: 'devices_operator' });
    const tick = (await see('role-supervisor')) as HTMLInputElement;
    expect([tick.checked, tick.disabled]).toEqual([true, true]);
    const refused = backend.setupOperator('Dewi', ['operator'], 'kata sandi panjang');
    await expect(refused).rejects.toMatchObject({ key: 'setup_supervisor' });
  });

  it('begins with the first start on a new station', async () => {
    open('new');
    await see('page-setup');
    type(await see('station-code'), 'PSB-1813-01');
    type(await see('setup-centre'), 'https://pusat.example:8443');
    type(await see('activation-code'), '54SM-DNWP-R3XC-F1J7-0CD8-NKPM-C8RG-9VVH');
    await waitFor(
      () => expect(get('primary')?.getAttribute('aria-disabled'), 'the code is complete').toBeNull(),
      PATIENCE,
    );
    press('Enter');
    await see('station-name');
  });

  it('lets the operator say with F9 that the data were read aloud, without which no thumbprint stands in', async () => {
    history.replaceState(null, '', '?part=thumb');
    const backend = open();
    await see('page-queue');
    router.go('attestation', 'a021');
    await see('read-aloud');
    expect(get('attest-signature')?.dataset['state'], 'nothing stands in yet').toBe('hold');
    await expect(backend.signBySubstitute('a021')).rejects.toMatchObject({ key: 'refused_not_read_aloud' });
    expect(get('seal')?.getAttribute('aria-disabled'), 'and nothing is sealed').toBe('true');
    press('F9');
    await waitFor(() => expect(get('attest-signature')?.dataset['state']).toBe('ok'), PATIENCE);
    await waitFor(() => expect(get('seal')?.getAttribute('aria-disabled'), 'now it may').toBeNull(), PATIENCE);
    expect(get('read-aloud'), 'said once').toBeNull();
    history.replaceState(null, '', '?');
  });
});
