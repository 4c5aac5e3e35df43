// Exchanged hands that only the second match noticed: asked about there, with the keys of the page of the fingers.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see, type } from './window';

const text = (id: string) => get(id)?.textContent ?? '';
const off = (id: string) => get(id)!.getAttribute('aria-disabled') === 'true';

describe('hands that fit the other way round', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function atTheMatch() {
    history.replaceState(null, '', '?part=rematch_swapped');
    const backend = open();
    await see('page-queue');
    router.go('capture', 'a016');
    await see('hands-swapped');
    return backend;
  }

  it('are asked about beside the second match, and no other way on is offered before', async () => {
    await atTheMatch();
    expect(text('hands-swapped')).toContain(t('capture.notice.hands_swapped'));
    expect(text('hands-swapped')).toContain(t('capture.notice.hands_swapped.detail'));
    for (const id of ['rematch-slap', 'rematch-chip', 'rematch-note']) expect(get(id), id).toBeNull();
    expect(get('rematch-take'), 'another finger may have lain there: it can be tried again').not.toBeNull();
  });

  it('are taken again with F4, one after the other, and both are answered for before the step goes on', async () => {
    const backend = await atTheMatch();
    const taken = vi.spyOn(backend, 'captureSlap');
    press('F4');
    await see('page-capture-fingers');
    expect(document.body.textContent).toContain(t('capture.notice.hands_swapped.detail'));
    press('F4');
    await waitFor(() => expect(get('slap-left_four')!.getAttribute('aria-pressed')).toBe('true'), PATIENCE);
    get('capture-slap')!.click();
    await waitFor(
      () => expect(document.body.textContent).toContain(t('capture.notice.hands_swapped.retaken')),
      PATIENCE,
    );
    expect(taken.mock.calls.map(([, slap]) => slap)).toEqual(['right_four', 'left_four']);
    await see('fingers-next');
  });

  it('may be confirmed with F8 and a reason; what was offered before is offered again', async () => {
    const backend = await atTheMatch();
    const answered = vi.spyOn(backend, 'answerNotice');
    press('F8');
    await see('note-text');
    expect(off('note-keep'), 'not without a reason').toBe(true);
    type('note-text', 'telunjuk kiri yang menempel');
    await waitFor(() => expect(off('note-keep')).toBe(false), PATIENCE);
    get('note-keep')!.click();
    await see('rematch-note');
    expect(answered.mock.calls[0]).toEqual(['a016', 'hands_swapped', 'telunjuk kiri yang menempel']);
    expect(get('hands-swapped')).toBeNull();
  });
});
