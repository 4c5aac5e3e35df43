// How many letters a field of words still takes: told near its end and at it, beside the field. In jsdom with the twin.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Field from '$lib/shared/Field.svelte';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const left = (n: number, most: number) => t('common.letters_left', { n, most });

/** What stands beside the field as its letters become more. */
async function follows(field: HTMLElement | string, said: () => string | undefined, most: number): Promise<void> {
  type(field, 'x'.repeat(most - 20));
  await waitFor(() => expect(said()).toBe(left(20, most)), PATIENCE);
  type(field, 'x'.repeat(most - 1));
  await waitFor(() => expect(said()).toBe(left(1, most)), PATIENCE);
  type(field, 'x'.repeat(most));
  await waitFor(() => expect(said(), 'it takes no more').toBe(t('common.letters_full', { most })), PATIENCE);
  type(field, 'x'.repeat(most - 21));
  await waitFor(() => expect(said(), 'its end is far').toBeUndefined(), PATIENCE);
}

describe('what a field still takes', () => {
  it('is told of a note in a dialog', async () => {
    open('returns');
    await see('returns');
    press('F10');
    await see('returns-note');
    expect(get('returns-note')!.getAttribute('maxlength')).toBe('120');
    await follows('returns-note', () => get('returns-note-left')?.textContent, 120);
  });

  it('is told of the own words of an exception', async () => {
    history.replaceState(null, '', '?part=exceptions');
    const backend = open();
    await see('page-queue');
    await backend.putException('a016', { eye: 'left' }, 'other', 'permanent', null, '');
    router.go('capture', 'a016');
    await see('page-capture-irises');
    press('F7');
    const field = await see('exception-words');
    expect(field.getAttribute('maxlength'), 'as the station bounds it').toBe('120');
    await follows(field, () => get('exception-words-left')?.textContent, 120);
  });

  it('is not told of a number, which is as long as it is', () => {
    render(Field, { id: 'code', label: 'Kode', value: 'x'.repeat(24), maxlength: 24, testid: 'code' });
    expect(get('code')).not.toBeNull();
    expect(get('code-left')).toBeNull();
  });
});
