// Step 5 at the desk: every line that is read aloud is in sight or said to stand below, and the form is shown at true size by a key.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { A4_WIDTH_PX } from '../src/components/capture/attestation';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();
afterEach(() => vi.restoreAllMocks());

/** The panel is 300 pixels high; its lines need as much as `needs` says at each size of the letters. */
function drawn(needs: Record<string, number>): void {
  const size = (name: 'clientHeight' | 'scrollHeight', of: (e: Element) => number) =>
    vi.spyOn(Element.prototype, name, 'get').mockImplementation(function (this: Element) {
      return this.matches('[data-testid="read-lines"]') ? of(this) : 0;
    });
  size('clientHeight', () => 300);
  size('scrollHeight', (e) => needs[[...e.classList].find((name) => /^s\d$/.test(name))!]!);
  // The last of the lines ends where all of them do.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const box = this.closest('[data-testid="read-lines"]');
    const rows = box ? [...box.querySelectorAll('dd')] : [];
    const n = rows.indexOf(this as HTMLElement) + 1;
    const bottom = n > 0 ? (n / rows.length) * box!.scrollHeight : 300;
    return { bottom, top: 0, left: 0, right: 0, width: 0, height: 0, x: 0, y: 0 } as DOMRect;
  });
}

async function step5(part = ''): Promise<void> {
  history.replaceState(null, '', `?part=${part}`);
  open();
  await see('page-queue');
  router.go('attestation', 'a020');
  await see('read-lines');
}

describe('what is read aloud', () => {
  it('is written smaller until all of it is in sight', async () => {
    drawn({ s0: 340, s1: 310, s2: 290 });
    await step5();
    await waitFor(() => expect(get('read-lines')!.classList).toContain('s2'), PATIENCE);
    expect(get('read-below'), 'nothing is left out').toBeNull();
  });

  it('keeps its letters where they fit', async () => {
    drawn({ s0: 300 });
    await step5();
    expect(get('read-lines')!.classList).toContain('s0');
  });

  it('says how many lines stand below where even the smallest letters do not fit, and the arrows scroll', async () => {
    drawn({ s0: 500, s1: 450, s2: 400 });
    await step5();
    await waitFor(() => expect(get('read-below')?.textContent).toContain('Masih ada 3 baris'), PATIENCE);
    const scrolled = vi.fn();
    get('read-lines')!.scrollBy = scrolled;
    press('ArrowDown');
    expect(scrolled).toHaveBeenCalledWith({ top: 60 });
  });
});

describe('the form at step 5', () => {
  it('is as large as its paper after one key, and fits its panel after the same key', async () => {
    await step5('seal');
    const page = await see('form-page');
    expect(page.style.width).toBe(`${A4_WIDTH_PX / 2}px`);
    expect(get('true-size')!.textContent).toContain('Ukuran sebenarnya');
    press('F8');
    await waitFor(() => expect(get('form-page')!.style.width).toBe(`${A4_WIDTH_PX}px`), PATIENCE);
    expect(document.activeElement, 'the arrows move the paper').toBe(get('form-page')!.parentElement);
    press('F8');
    await waitFor(() => expect(get('form-page')!.style.width).toBe(`${A4_WIDTH_PX / 2}px`), PATIENCE);
  });

  it('is moved by the arrows at true size also where lines of the data stand below', async () => {
    drawn({ s0: 500, s1: 450, s2: 400 });
    await step5('seal');
    await waitFor(() => expect(get('read-below')).not.toBeNull(), PATIENCE);
    press('F8');
    const paper = (await see('form-page')).parentElement!;
    await waitFor(() => expect(document.activeElement).toBe(paper), PATIENCE);
    const [list, sheet] = [vi.fn(), vi.fn()];
    get('read-lines')!.scrollBy = list;
    paper.scrollBy = sheet;
    press('PageDown');
    expect(sheet, 'signature and exceptions stand in its lower half').toHaveBeenCalledWith({ top: 240 });
    expect(list).not.toHaveBeenCalled();
  });
});
