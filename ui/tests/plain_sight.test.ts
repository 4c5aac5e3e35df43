// What a page must show without being asked for it, and the key that does what a button says. In jsdom with the twin.
import { render, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Attention from '../src/components/capture/Attention.svelte';
import type { Attention as Line } from '../src/components/capture/hands';
import Guides from '../src/components/capture/Guides.svelte';
import { factWords } from '$lib/domain/facts';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();

describe('the fingers that need attention', () => {
  const line = (finger: Line['finger']) => ({ finger, kind: 'weak', attempts: 2, reason: 'dry', score: 40 }) as Line;

  it('leave no room for the word on dry fingers once there are two', () => {
    const hint = t('capture.attention.hint');
    const one = render(Attention, { list: [line('left_ring')], hint: true });
    expect(one.container.textContent).toContain(hint);
    one.unmount();
    const two = render(Attention, { list: [line('left_ring'), line('right_ring')], hint: true });
    expect(two.container.textContent).not.toContain(hint);
  });
});

describe('what a scanner says of itself', () => {
  it('is in words where it is one of the standard, else as it stands', () => {
    const told = (value: string) => factWords([{ key: 'sbi', value }]);
    expect(told('0.9.5 Slap')).toBe('SBI 0.9.5, empat jari');
    expect(told('0.9.5 Double')).toBe('SBI 0.9.5, dua mata');
    expect(told('0.9.5 Full face')).toBe('SBI 0.9.5, wajah');
    expect(told('0.9.5 Palm')).toBe('SBI 0.9.5, Palm');
    expect(told('0.9.5 ')).toBe('SBI 0.9.5');
  });
});

describe('the lines over the live picture', () => {
  it('stand where the limits want crown and chin, and the oval between them', () => {
    render(Guides, { head: { crown: 0.2, chin: 0.7 } });
    expect(get('guide-crown')!.style.top).toBe('20%');
    expect(get('guide-chin')!.style.top).toBe('70%');
    expect(get('guide-oval')!.style.top).toBe('20%');
    expect(get('guide-oval')!.style.height).toBe('50%');
    const eyes = parseFloat(get('guide-eyes')!.style.top);
    expect(eyes).toBeGreaterThan(40);
    expect(eyes).toBeLessThan(45);
  });
});

describe('the recovery code of the first start', () => {
  it('is covered by F5, which is also what is waited for', async () => {
    open('new');
    await see('page-setup');
    await see('station-code');
    type('station-code', 'PSB-1813-01');
    get('setup-later')!.click();
    const on = async (next: string) => {
      await waitFor(() => expect(get('primary')!.ariaDisabled).not.toBe('true'), PATIENCE);
      get('primary')!.click();
      return see(next);
    };
    await on('station-name');
    type('station-name', 'Krui 03');
    type('station-place', 'Krui');
    await on('kabupaten');
    await on('recovery-noted');
    const why = () => document.getElementById('why')!.textContent;
    await waitFor(() => expect(why()).toBe(t('setup.recovery_noted_why')), PATIENCE);
    expect(get('recovery-noted')!.getAttribute('aria-keyshortcuts')).toBe('F5');
    press('F5');
    await see('recovery-answer-0');
    await waitFor(() => expect(document.activeElement).toBe(get('recovery-answer-0')), PATIENCE);
    await waitFor(() => expect(why()).toBe(t('setup.recovery_why', { n: 3 })), PATIENCE);
  });
});
