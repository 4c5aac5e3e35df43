// The strip under every page: what it says of the stock.
import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { BlangkoStrip } from '$lib/backend/contract';
import { mockBackend } from '$lib/backend/mock';
import { session } from '$lib/domain/session.svelte';
import Strip from '$lib/domain/Strip.svelte';
import { t } from '$lib/shared/strings.svelte';

afterEach(() => void (session.strip = undefined));

const kind = (item: BlangkoStrip['item'], count: number, low = false): BlangkoStrip => ({ item, count, days: 6, low });

/** The words of the stock, and whether they are amber. */
async function said(blangko: BlangkoStrip[]): Promise<[string, boolean]> {
  session.strip = { ...(await mockBackend().strip()), blangko };
  const shown = render(Strip, { open: () => undefined });
  const cell = screen.getByTestId('strip-5');
  const answer: [string, boolean] = [cell.querySelector('b')!.textContent, cell.classList.contains('hold')];
  shown.unmount();
  return answer;
}

it('an office that keeps one kind of blangko reads how many and how long', async () => {
  expect(await said([kind('blangko', 312)])).toEqual(['312, ±6 hari', false]);
  expect(await said([kind('blangko', 12, true)])).toEqual(['12, ±6 hari', true]);
  expect(await said([])).toEqual([t('strip.blangko_none'), false]);
  expect(await said([kind('blangko_wna', 3)]), 'of foreigners only: named').toEqual(['WNA 3', false]);
});

it('an office that keeps both reads both, and which of them is to be ordered', async () => {
  expect(await said([kind('blangko', 312), kind('blangko_wna', 8)])).toEqual(['WNI 312, WNA 8', false]);
  expect(await said([kind('blangko', 312), kind('blangko_wna', 3, true)])).toEqual(['WNI 312, WNA 3 (pesan)', true]);
  expect(await said([kind('blangko', 0, true), kind('blangko_wna', 8)])).toEqual(['WNI 0 (pesan), WNA 8', true]);
});
