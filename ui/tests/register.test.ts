// The register and the reports in jsdom with the twin.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

eachBeginsAtTheQueue();

const lines = () => document.querySelectorAll('tr[data-event]');

describe('the register', () => {
  it('corrects by a new line that names the old one, and not without words', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    press('F2');
    const text = await see('correct-text');
    expect(get('dialog-primary')?.getAttribute('aria-disabled'), 'nothing is written without words').toBe('true');
    type(text, 'Nama ibu: Aminah.');
    await waitFor(() => expect(get('dialog-primary')?.getAttribute('aria-disabled')).toBeNull(), PATIENCE);
    press('Enter');
    const line = await see('register-11853');
    expect(line.textContent, 'it names the old number').toContain('11.852');
    expect(get('register-11852'), 'the old line stays').not.toBeNull();
  });

  it('keeps few lines in the window however far one goes down', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    get('tab-month')!.click();
    await waitFor(() => expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe('611'), PATIENCE);
    const list = document.querySelector<HTMLElement>('#register-list')!;
    for (let n = 0; n < 12; n += 1) {
      list.scrollTop = 43 * 50 * (n + 1);
      list.dispatchEvent(new Event('scroll'));
      await new Promise((done) => setTimeout(done, 20));
      expect(lines().length, 'lines in the document').toBeLessThan(60);
    }
    await waitFor(() => expect(get('register-11252'), 'a line far down is drawn').not.toBeNull(), PATIENCE);
    expect(get('register-11852'), 'and the first is not').toBeNull();
  });
});

describe('the end of the register', () => {
  it('is the oldest line, whatever had not been read yet', async () => {
    open();
    await see('page-queue');
    router.go('register');
    await see('register-11852');
    get('tab-month')!.click();
    await waitFor(() => expect(get('tab-month')?.textContent, 'says how many').toContain('610'), PATIENCE);
    // Nothing is drawn here, so nobody tells the page that it was scrolled.
    const chosen = (line: string) => {
      document.querySelector('#register-list')!.dispatchEvent(new Event('scroll'));
      expect(get(line)?.getAttribute('aria-current')).toBe('true');
    };
    press('End');
    await waitFor(() => chosen('register-11243'), PATIENCE);
    press('Home');
    await waitFor(() => chosen('register-11852'), PATIENCE);
    expect(get('tab-today')?.textContent, 'and of that period alone').not.toMatch(/\d/);
  });
});

describe('the reports', () => {
  it('step to an earlier period with the left arrow and never into the future', async () => {
    open();
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    const title = () => document.querySelector('#page-title')?.textContent;
    const now = title();
    press('ArrowRight');
    expect(title(), 'there is no later period').toBe(now);
    press('ArrowLeft');
    await waitFor(() => expect(title()).not.toBe(now), PATIENCE);
    press('ArrowRight');
    await waitFor(() => expect(title()).toBe(now), PATIENCE);
  });

  it('say where a table was saved only after it was', async () => {
    history.replaceState(null, '', '?part=refused');
    open();
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    press('F9');
    await see('radio-folder-/home/loket/Dokumen');
    get('dialog-primary')!.click();
    await see('problem');
    expect(get('saved-file'), 'a refusal is not a saved file').toBeNull();
    history.replaceState(null, '', '?');
    get('dialog-primary')!.click();
    expect((await see('saved-file')).textContent, 'the path is named').toContain('/home/loket/Dokumen/');
  });

  it('hold every table of the report under F6, with words where one is empty', async () => {
    open('empty');
    await see('page-queue');
    router.go('reports');
    await see('chart-funnel');
    press('F6');
    await see('report-details');
    for (const id of ['operators', 'returns', 'exceptions', 'quality', 'unsent', 'unclaimed'])
      expect(get(`table-${id}`)?.querySelector('p')?.textContent, `${id} says it is empty`).toBeTruthy();
  });
});
