// Which backdrop is due, and why: never a colour that no rule gives.
import { cleanup, render } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Backdrop } from '$lib/backend/contract';
import Measured from './Measured.svelte';

afterEach(cleanup);

describe('the backdrop that is due', () => {
  it.each([
    ['blue for an even year', { colour: 'biru', birthYear: 2008 }, 'Latar biru Lahir 2008, tahun genap.'],
    ['red for an odd one', { colour: 'merah', birthYear: 2007 }, 'Latar merah Lahir 2007, tahun ganjil.'],
    ['no colour without a year', { colour: 'bebas', birthYear: null }, 'Latar polos Tahun lahir belum diketahui.'],
    ['no colour for a foreigner', { colour: 'bebas', birthYear: 2008 }, 'Latar polos Orang asing: tahun lahir tidak'],
  ] as [string, Backdrop, string][])('is %s', (_, backdrop, words) => {
    const { container } = render(Measured, { measured: [], backdrop });
    const shown = container.querySelector('.backdrop')?.textContent?.replace(/\s+/g, ' ').trim();
    expect(shown).toContain(words);
    expect(container.querySelector('.swatch')?.classList.contains(backdrop.colour)).toBe(true);
  });
});
