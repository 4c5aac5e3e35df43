// What the applicant is asked to lay on the glass: as many fingers as the hand has.
import { cleanup, render } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Guide as Fingers } from '$lib/backend/contract';
import Guide from '../src/routes/applicant/Guide.svelte';

afterEach(cleanup);

describe('the guide before the scanner', () => {
  it.each([
    ['four', { slap: 'left_four', finger: null, missing: [] }, 'Tempelkan 4 jari kiri'],
    [
      'three of a hand that lost one',
      { slap: 'left_four', finger: null, missing: ['left_little'] },
      'Tempelkan 3 jari kiri',
    ],
    [
      'four of the hand that is whole',
      { slap: 'right_four', finger: null, missing: ['left_little'] },
      'Tempelkan 4 jari kanan',
    ],
    [
      'the last one by its name',
      { slap: 'right_four', finger: null, missing: ['right_middle', 'right_ring', 'right_little'] },
      'Tempelkan telunjuk kanan',
    ],
    ['both thumbs', { slap: 'thumbs', finger: null, missing: [] }, 'Tempelkan kedua jempol'],
    ['the thumb that is there', { slap: 'thumbs', finger: null, missing: ['left_thumb'] }, 'Tempelkan jempol kanan'],
    ['one finger', { slap: null, finger: 'left_index', missing: [] }, 'Tempelkan telunjuk kiri'],
  ] as [string, Fingers, string][])('asks for %s', (_, guide, title) => {
    const { getByRole } = render(Guide, { guide });
    expect(getByRole('heading').textContent).toBe(title);
  });
});
