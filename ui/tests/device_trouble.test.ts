// A device that is pulled out while it reads: which reading was cut, where it goes on, and what is kept, in words.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Capture, DeviceTrouble } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, open, see } from './window';

const says = (words: string | RegExp) =>
  waitFor(() => expect(document.body.textContent!.replace(/\s+/g, ' ')).toMatch(words), PATIENCE);
const rows = () => [...document.querySelectorAll('[data-testid="saved-row"]')].map((row) => row.textContent!.trim());

describe('a device in trouble', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function at(change: (c: Capture, trouble: DeviceTrouble) => void = () => undefined): Promise<void> {
    history.replaceState(null, '', '?part=trouble');
    const backend = open();
    const capture = backend.capture.bind(backend);
    backend.capture = async (id) => {
      const c = await capture(id);
      change(c, c.trouble!);
      return c;
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-trouble');
  }
  const kept = (label: string, state: Capture['saved'][number]['state']) => ({
    label,
    args: {},
    at: state === 'saved' ? '2026-11-23T03:33:00Z' : null,
    state,
  });

  it('names the hand that was being read, and goes on there', async () => {
    await at((c) => (c.fingers.find((f) => f.finger === 'left_little')!.state = 'pending'));
    await says(/saat 4 jari kiri sedang dibaca\. Bacaan yang terpotong itu tidak dipakai\./);
    await says(/Perekaman lanjut sendiri dari 4 jari kiri\./);
  });

  it('that was only missed names what it would have read', async () => {
    await at((_, trouble) => Object.assign(trouble, { reason: 'absent', during: 'eye_left', next: 'eye_left' }));
    await says(/saat iris kiri akan dibaca/);
  });

  it('says in one line what comes later', async () => {
    await at();
    await waitFor(() => expect(rows().length).toBe(5), PATIENCE);
    expect(rows()[3]).toContain('menunggu alat');
    expect(rows()[4]).toMatch(/^2 jempol, iris, dan tanda tangan\s+belum$/);
  });

  it('names one eye that comes later by its side', async () => {
    await at((c) => (c.saved = [kept('portrait', 'saved'), kept('eye_left', 'todo')]));
    await waitFor(() => expect(rows().at(-1)).toMatch(/^Iris kiri\s+belum$/), PATIENCE);
  });

  it('sets many lines in two columns, so that what is read below them stands above the bar', async () => {
    const labels = ['portrait', 'right_four', 'left_four', 'thumbs', 'eye_right', 'eye_left', 'signature'];
    await at((c) => (c.saved = labels.map((label) => kept(label, 'saved'))));
    await waitFor(() => expect(rows().length).toBe(7), PATIENCE);
    expect(document.querySelector('[data-testid="saved-row"]')!.closest('ul')!.className).toContain('many');
  });
});
