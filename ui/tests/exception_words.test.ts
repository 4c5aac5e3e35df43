// The operator's own words of an exception: kept by themselves, before whatever follows from them.
import { waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { Capture } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const eye = (testid: string) =>
  document.querySelector<HTMLElement>(`[data-testid="exception-eye_left"] [data-testid="${testid}"]`);
const broken = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };

/** The exceptions of a visit of which the left eye has a reason of no list, over a twin that takes its time to keep one. */
async function exceptions(fails: () => boolean = () => false, ms = 80) {
  history.replaceState(null, '', '?part=exceptions');
  const backend = open();
  await see('page-queue');
  await backend.putException('a016', { eye: 'left' }, 'other', 'permanent', null, '');
  const { putException, witnessException } = backend;
  const asked: string[] = [];
  backend.putException = async (id, part, reason, permanence, returnOn, words): Promise<Capture> => {
    await wait(ms);
    if (fails()) throw broken;
    asked.push(`${reason} ${permanence} ${words}`);
    return putException(id, part, reason, permanence, returnOn, words);
  };
  backend.witnessException = (...args) => (asked.push('witness'), witnessException(...args));
  router.go('capture', 'a016');
  await see('page-capture-irises');
  press('F7');
  const field = (await see('exception-words')) as HTMLInputElement;
  const kept = async () => (await backend.capture('a016')).exceptions.find((e) => e.part.eye === 'left')!;
  return { backend, asked, field, kept };
}

it('are kept while they stand in the field, and before a witness is called for them', async () => {
  const { asked, field, kept } = await exceptions();
  type(field, 'kelopak');
  await waitFor(() => expect(eye('exception-witness'), 'said, so a witness may be called').not.toBeNull(), PATIENCE);
  expect(asked).toEqual(['other permanent kelopak']);
  type(field, 'kelopak bengkak');
  press('F5');
  await see('witness-who');
  expect(await kept(), 'the witness is shown what was written last').toMatchObject({ words: 'kelopak bengkak' });
  expect(field.value).toBe('kelopak bengkak');
  expect(asked).toEqual(['other permanent kelopak', 'other permanent kelopak bengkak']);
});

it('stop the witness where they could not be kept', async () => {
  let fails = false;
  const { asked, field } = await exceptions(() => fails);
  type(field, 'kelopak');
  await waitFor(() => expect(eye('exception-witness')).not.toBeNull(), PATIENCE);
  fails = true;
  type(field, 'kelopak bengkak');
  eye('exception-witness')!.focus();
  eye('exception-witness')!.click();
  await waitFor(() => expect(document.activeElement).toBe(field), PATIENCE);
  await wait(200);
  expect(get('witness-who'), 'nobody vouches for what was there before').toBeNull();
  expect(field.value).toBe('kelopak bengkak');
  fails = false;
  press('F5');
  await see('witness-who');
  expect(asked.at(-1)).toBe('other permanent kelopak bengkak');
});

it('and what is chosen beside them lose nothing of each other', async () => {
  const { field, kept } = await exceptions();
  type(field, 'kelopak bengkak');
  field.blur();
  eye('exception-temporary')!.click();
  await waitFor(
    async () => expect(await kept()).toMatchObject({ words: 'kelopak bengkak', permanence: 'temporary' }),
    PATIENCE,
  );
});

it('are kept when the page is left at once', async () => {
  const { field, kept } = await exceptions();
  type(field, 'kelopak bengkak');
  press('Escape');
  await waitFor(() => expect(get('page-capture-exceptions')).toBeNull(), PATIENCE);
  expect(await kept()).toMatchObject({ words: 'kelopak bengkak' });
});

it('a day of return that was refused stops the witness too', async () => {
  let fails = false;
  const { field, kept } = await exceptions(() => fails);
  type(field, 'kelopak bengkak');
  await waitFor(() => expect(eye('exception-witness')).not.toBeNull(), PATIENCE);
  eye('exception-temporary')!.click();
  const write = (text: string) => {
    const day = eye('exception-return') as HTMLInputElement;
    day.focus();
    day.value = text;
    day.dispatchEvent(new Event('change', { bubbles: true }));
    return day;
  };
  await waitFor(() => expect(eye('exception-return')).not.toBeNull(), PATIENCE);
  write('14122026');
  await waitFor(async () => expect(await kept()).toMatchObject({ returnOn: '2026-12-14' }), PATIENCE);
  await waitFor(() => expect((eye('exception-return') as HTMLInputElement).value).toBe('14-12-2026'), PATIENCE);
  fails = true;
  const day = write('24-12-2026');
  eye('exception-witness')!.click();
  await wait(250);
  expect(get('witness-who'), 'nobody vouches for the day before').toBeNull();
  expect([day.value, document.activeElement]).toEqual(['24-12-2026', day]);
  fails = false;
  press('F5');
  await see('witness-who');
  expect(await kept()).toMatchObject({ returnOn: '2026-12-24', words: 'kelopak bengkak' });
});

it.each([
  ['another choice', 'exception-temporary'],
  ['another reason', 'exception-reason-bandaged'],
])('are taken back with the exception by F4 right after %s', async (_choice, testid) => {
  const { kept } = await exceptions();
  eye(testid)!.click();
  press('F4');
  await waitFor(() => expect(get('page-capture-exceptions')).toBeNull(), PATIENCE);
  expect(await kept(), 'also what was chosen last').toBeUndefined();
  expect(get('failed'), 'nobody is sent to the queue').toBeNull();
});

it('and a choice hold no photograph back that is asked for right after them', async () => {
  history.replaceState(null, '', '?part=exceptions');
  const backend = open();
  await see('page-queue');
  const part = { finger: 'left_index' } as const;
  await backend.putException('a016', part, 'amputated', 'permanent', null, '');
  const { putException } = backend;
  backend.putException = async (...args) => (await wait(80), putException(...args));
  router.go('capture', 'a016');
  await see('page-capture-irises');
  press('F7');
  const panel = await see('exception-left_index');
  const of = (testid: string) => panel.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
  const kept = async () => (await backend.capture('a016')).exceptions.find((e) => e.part.finger === 'left_index');
  of('exception-temporary')!.click();
  of('exception-photo')!.click();
  await waitFor(async () => expect(await kept()).toMatchObject({ permanence: 'temporary', photo: 'taken' }), PATIENCE);
  expect(get('failed')).toBeNull();
});

it('that were refused say why, whatever was chosen behind them', async () => {
  let calls = 0;
  const { field, kept } = await exceptions(() => (calls += 1) === 1);
  type(field, 'kelopak bengkak');
  field.blur();
  await wait(20);
  eye('exception-temporary')!.click();
  await waitFor(async () => expect(await kept()).toMatchObject({ permanence: 'temporary' }), PATIENCE);
  expect((await see('failed')).textContent).toContain(t('errors.database_damaged.happened'));
  expect(field.value, 'and stand there to be kept').toBe('kelopak bengkak');
});

it('and a choice that was refused is said, whatever was chosen behind it', async () => {
  let calls = 0;
  const { kept } = await exceptions(() => (calls += 1) === 1);
  eye('exception-reason-bandaged')!.click();
  eye('exception-temporary')!.click();
  await waitFor(async () => expect(await kept()).toMatchObject({ permanence: 'temporary', reason: 'other' }), PATIENCE);
  expect((await see('failed')).textContent).toContain(t('errors.database_damaged.happened'));
});

it('and a choice behind another one do not undo it when the page is left at once', async () => {
  const { asked, kept } = await exceptions(undefined, 200);
  eye('exception-reason-bandaged')!.click();
  eye('exception-temporary')!.click();
  press('Escape');
  await waitFor(() => expect(get('page-capture-exceptions')).toBeNull(), PATIENCE);
  expect(asked, 'nothing typed, nothing waited for').toEqual([]);
  await waitFor(() => expect(asked).toHaveLength(2), PATIENCE);
  expect(await kept()).toMatchObject({ reason: 'bandaged', permanence: 'temporary' });
});

it('are none any more once another reason is chosen', async () => {
  const { asked, field, kept } = await exceptions();
  eye('exception-temporary')!.click();
  type(field, 'kelopak bengkak');
  field.blur();
  eye('exception-reason-bandaged')!.click();
  await waitFor(async () => expect(await kept()).toMatchObject({ reason: 'bandaged', words: '' }), PATIENCE);
  await wait(300);
  expect(asked.filter((one) => one.startsWith('bandaged'))).toEqual(['bandaged temporary ']);
});

it('stay with their part wherever the shell lists it after a choice', async () => {
  history.replaceState(null, '', '?part=exceptions');
  const backend = open();
  await see('page-queue');
  const { putException } = backend;
  await backend.putException('a016', { finger: 'left_index' }, 'bandaged', 'permanent', null, '');
  await backend.putException('a016', { eye: 'left' }, 'other', 'permanent', null, '');
  backend.putException = async (...args): Promise<Capture> => {
    const answer = await putException(...args);
    return { ...answer, exceptions: [...answer.exceptions].reverse() };
  };
  router.go('capture', 'a016');
  await see('page-capture-irises');
  press('F7');
  await see('exception-words');
  const current = () => document.querySelector('.cur')?.getAttribute('data-testid');
  eye('exception-words')!.focus();
  await waitFor(() => expect(current()).toBe('exception-eye_left'), PATIENCE);
  eye('exception-temporary')!.click();
  await waitFor(() => expect(eye('exception-return')).not.toBeNull(), PATIENCE);
  expect(current(), 'the keys act on the same part').toBe('exception-eye_left');
});
