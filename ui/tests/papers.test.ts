// The papers of step 2 over the twin: a note beside a page that is being taken, pages that are taken back, the way back from
// steps 3 and 5, and a paper of several pages at step 3.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Requirements } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const state = (item: string) => get(`paper-${item}`)?.dataset['state'];

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const broken = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };

/** Step 2 of a visit over a twin that takes its time to keep a note; what it kept, and what it was asked, in that order. */
async function slow(ms: number, fails: () => boolean = () => false) {
  router.go('requirements', 'a015');
  const backend = open();
  await see('page-requirements');
  const first = (await backend.requirements('a015')).items.find((item) => item.state === 'missing')!.id;
  const { setRequirement, noteRequirement } = backend;
  const asked: string[] = [];
  backend.noteRequirement = async (id, item, note) => {
    await wait(ms);
    if (fails()) throw broken;
    asked.push(note);
    return noteRequirement(id, item, note);
  };
  backend.setRequirement = (id, item, seen) => {
    asked.push(seen ? 'seen' : 'taken back');
    return setRequirement(id, item, seen);
  };
  const field = (await see(`note-${first}`)) as HTMLInputElement;
  const kept = async () => (await backend.requirements('a015')).items.find((item) => item.id === first)!;
  return { backend, first, asked, field, kept };
}

describe('what is written beside a paper', () => {
  it('loses nothing that is typed while an answer is under way', async () => {
    const { asked, field, kept } = await slow(80);
    type(field, 'abc');
    await wait(290);
    type(field, 'abcd');
    await waitFor(() => expect(asked).toContain('abc'), PATIENCE);
    await wait(20);
    expect(field.value, 'the answer takes no letter away').toBe('abcd');
    await waitFor(async () => expect((await kept()).note).toBe('abcd'), PATIENCE);
    expect(field.value).toBe('abcd');
  });

  it('stands before the tick that follows it, and is not put back by it', async () => {
    const { first, asked, field, kept } = await slow(80);
    type(field, 'fotokopi lama');
    field.blur();
    get(`tick-${first}`)!.click();
    await waitFor(() => expect(state(first)).toBe('seen'), PATIENCE);
    expect(asked).toEqual(['fotokopi lama', 'seen']);
    expect(await kept()).toMatchObject({ state: 'seen', note: 'fotokopi lama' });
    expect(field.value).toBe('fotokopi lama');
  });

  it('is saved while somebody types on', async () => {
    const { asked, field } = await slow(0);
    for (let n = 1; n <= 12; n += 1) {
      type(field, 'x'.repeat(n));
      await wait(100);
    }
    expect(asked.length, 'nobody paused').toBeGreaterThanOrEqual(3);
  });

  it('stops the tick and the step where it could not be saved, and is said until it is', async () => {
    let fails = true;
    const { backend, first, asked, field, kept } = await slow(0, () => fails);
    let accepted = 0;
    const { acceptRequirements } = backend;
    backend.acceptRequirements = (id) => ((accepted += 1), acceptRequirements(id));
    for (const item of (await backend.requirements('a015')).items.filter((one) => one.id !== first))
      await backend.setRequirement('a015', item.id, true);
    asked.length = 0;
    type(field, 'fotokopi lama');
    get(`tick-${first}`)!.focus();
    get(`tick-${first}`)!.click();
    await see('problem');
    await waitFor(() => expect(document.activeElement).toBe(field), PATIENCE);
    expect([asked, state(first)]).toEqual([[], 'missing']);
    fails = false;
    get(`tick-${first}`)!.click();
    await waitFor(() => expect(state(first)).toBe('seen'), PATIENCE);
    expect(asked, 'what stood in the field went first').toEqual(['fotokopi lama', 'seen']);
    fails = true;
    type(field, 'fotokopi baru');
    get('primary')!.focus();
    get('primary')!.click();
    await see('problem');
    await waitFor(() => expect(document.activeElement).toBe(field), PATIENCE);
    expect(accepted, 'nobody goes on without it').toBe(0);
    expect(get('page-requirements')).not.toBeNull();
    fails = false;
    get('primary')!.click();
    await see('page-verification');
    expect(await kept()).toMatchObject({ note: 'fotokopi baru' });
  });
});

describe('a digit that is pressed while another list of papers is on its way', () => {
  it.each([
    ['asks for the paper that was on the screen', (items: Requirements['items']) => [...items].reverse(), true],
    [
      'asks for none of the other list',
      (items: Requirements['items']) => items.map((one) => ({ ...one, id: `lain-${one.id}` })),
      false,
    ],
  ])('%s', async (_name, other, there) => {
    router.go('requirements', 'a015');
    const backend = open();
    const { requirements, setRequirement } = backend;
    const here = await requirements('a015');
    const second = here.items[1]!.id;
    let answered = false;
    backend.requirements = async (id) => ({ ...(await requirements(id)), fromAbroad: false });
    backend.setFromAbroad = async () => {
      await wait(200);
      answered = true;
      return { ...here, items: other(here.items), fromAbroad: true };
    };
    const asked: string[] = [];
    backend.setRequirement = (id, item, seen) => {
      asked.push(item);
      return setRequirement(id, item, seen);
    };
    await see('page-requirements');
    await see(`tick-${second}`);
    press('F6');
    await wait(20);
    press('2');
    expect(answered, 'the list of before is still on the screen').toBe(false);
    await waitFor(() => expect(get('from-abroad')).not.toBeNull(), PATIENCE);
    await wait(50);
    expect(asked).toEqual(there ? [second] : []);
  });
});

describe('a paper', () => {
  it('keeps its page when a note is written while it is photographed', async () => {
    router.go('requirements', 'a015');
    const backend = open();
    await see('page-requirements');
    const first = (await backend.requirements('a015')).items.find((item) => item.state === 'missing')!.id;
    const asked: string[] = [];
    const { photographRequirement, setRequirement, noteRequirement } = backend;
    let taken: () => void = () => undefined;
    const camera = new Promise<void>((done) => (taken = done));
    backend.photographRequirement = async (id, item): Promise<Requirements> => {
      await camera;
      return photographRequirement(id, item);
    };
    backend.setRequirement = (id, item, seen) => {
      asked.push(`${item} ${seen ? 'seen' : 'taken back'}`);
      return setRequirement(id, item, seen);
    };
    backend.noteRequirement = (id, item, note) => {
      asked.push(`${item}: ${note}`);
      return noteRequirement(id, item, note);
    };
    (await see(`tick-${first}`)).focus();
    press('F4');
    type(`note-${first}`, 'fotokopi lama');
    taken();
    await waitFor(() => expect(state(first)).toBe('attached'), PATIENCE);
    get(`note-${first}`)!.blur();
    await waitFor(() => expect(asked).toEqual([`${first}: fotokopi lama`]), PATIENCE);
    expect((await backend.requirements('a015')).items.find((item) => item.id === first)).toMatchObject({
      state: 'attached',
      note: 'fotokopi lama',
    });
    expect(state(first), 'and is shown').toBe('attached');
  });

  it('is taken back with its pages by a key and a second look, and asked for again', async () => {
    router.go('requirements', 'a015');
    const backend = open();
    await see('page-requirements');
    const first = (await backend.requirements('a015')).items[0]!.id;
    (await see(`tick-${first}`)).focus();
    press('F8');
    expect(get('take-back-dialog'), 'there is no page to take back').toBeNull();
    press('F4');
    await waitFor(() => expect(state(first)).toBe('attached'), PATIENCE);
    press('F8');
    await see('take-back-dialog');
    expect(state(first), 'not by one key').toBe('attached');
    press('F8');
    await gone('take-back-dialog');
    await waitFor(() => expect(state(first)).toBe('missing'), PATIENCE);
  });

  it('of several pages that a shell names twice does not stop step 3', async () => {
    router.go('verification', 'a017');
    const backend = open();
    const { verification } = backend;
    backend.verification = async (id) => {
      const seen = await verification(id);
      const [paper] = seen.papers;
      return { ...seen, papers: [paper!, paper!] };
    };
    await see('page-verification');
    expect((await see('to-papers')).closest('section')!.querySelectorAll('li')).toHaveLength(2);
  });

  for (const [screen, visit, key] of [
    ['verification', 'a017', '7'],
    ['attestation', 'a020', 'F3'],
  ] as const) {
    it(`is put right from ${screen} by a key`, async () => {
      router.go(screen, visit);
      const backend = open();
      const asked: string[] = [];
      backend.goBack = (id, to) => (asked.push(id, to), Promise.reject(new Error('as far as this test goes')));
      await see(`page-${screen}`);
      await waitFor(() => expect(get('to-papers') ?? get('papers')).not.toBeNull(), PATIENCE);
      press(key);
      await waitFor(() => expect(asked).toEqual([visit, 'requirements']), PATIENCE);
    });
  }
});
