// A finger or an eye that the scanner does not give: the press is counted on screen, and the way on is named with its key.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

const says = (words: string) => waitFor(() => expect(document.body.textContent).toContain(words), PATIENCE);
const silent = (words: string) => waitFor(() => expect(document.body.textContent).not.toContain(words), PATIENCE);
const off = (id: string) => get(id)!.getAttribute('aria-disabled') === 'true';

describe('a press that gave nothing', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function at(part: string, page: string) {
    history.replaceState(null, '', `?part=${part}`);
    const backend = open();
    await see('page-queue');
    router.go('capture', 'a016');
    await see(page);
    return backend;
  }

  it('names the finger that is missing, and after the tries the exception', async () => {
    await at('fingers_unread', 'page-capture-fingers');
    const named = t('capture.unread.fingers', { fingers: t('capture.part.left_ring') });
    await says(named);
    await says(t('capture.unread.except', { done: '3' }));
    expect(get('attention-left_ring')!.textContent).toContain(t('capture.reason.not_read'));
    expect(get('slap-left_four')!.textContent).toContain(t('capture.slap.attempt', { number: '4' }));
    expect(get('failed'), 'no fault of a device').toBeNull();
    expect(off('exception')).toBe(false);
    get('capture-slap')!.click();
    await gone('attention-left_ring');
    await silent(named);
  });

  it('is said of a scanner that sees no finger as long as tries are left', async () => {
    const backend = await at('fingers_unread', 'page-capture-fingers');
    const seen = await backend.capture('a016');
    const slaps = seen.slaps.map((slap) =>
      slap.slap === 'left_four'
        ? { ...slap, tries: 1, unread: { at: slap.unread!.at, reason: 'nothing_seen', fingers: slap.expected } }
        : slap,
    );
    vi.spyOn(backend, 'captureSlap').mockResolvedValue({
      capture: { ...seen, slaps },
      accepted: false,
      attempt: 1,
      advice: null,
      fingers: [],
    });
    get('capture-slap')!.click();
    await says(t('capture.unread.nothing_seen'));
    await says(t('capture.unread.again', { done: '1', needed: '3' }));
    expect(get('attention-left_ring'), 'no finger in particular').toBeNull();
  });

  it('is a try of the eye, with its reason', async () => {
    await at('irises_unread', 'page-capture-irises');
    await says(t('capture.unread.eye.not_read', { eye: t('capture.eye.word.left') }));
    await says(t('capture.unread.eye.again', { done: '2', needed: '3', who: 'Ibu Siti' }));
    await says(t('capture.reason.not_read'));
    expect(off('again')).toBe(false);
  });

  it('leaves the last print of a chip finger on screen, and opens the note', async () => {
    await at('rematch_unread', 'page-capture-rematch');
    const panel = get('rematch-left_index')!;
    expect(panel.textContent).toContain(t('capture.unread.nothing_seen'));
    expect(panel.textContent).toContain(t('capture.unread.note', { done: '3' }));
    expect(panel.textContent, 'the print of 22 was compared').toContain('22');
    press('F8');
    await see('note-text');
  });
});
