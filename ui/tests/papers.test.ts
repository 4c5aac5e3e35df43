// The papers of step 2 over the twin: a note beside a page that is being taken, pages that are taken back, the way back from
// steps 3 and 5, and a paper of several pages at step 3.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Requirements } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const state = (item: string) => get(`paper-${item}`)?.dataset['state'];

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
    backend.setRequirement = (id, item, seen, note) => {
      asked.push(`${item} ${seen ? 'seen' : 'taken back'}`);
      return setRequirement(id, item, seen, note);
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
