// Step 6 in jsdom with the twin: the cover is of what lies in the folder now.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, press, see } from './window';

eachBeginsAtTheQueue();

describe('the cover of the papers', () => {
  it('is shown again while nothing changed, and made anew after a page more', async () => {
    router.go('print_request', 'a016');
    const backend = open();
    const made: string[] = [];
    const renderCover = backend.renderCover.bind(backend);
    backend.renderCover = async (id) => (made.push(id), renderCover(id));
    await see('conditions');
    const shown = async () => {
      press('F9');
      await see('paper-dialog');
      press('Escape');
      await gone('paper-dialog');
    };
    await shown();
    await shown();
    expect(made, 'the one that is there').toEqual(['a016']);
    press('F2');
    const none = t('print_request.cover_none');
    await waitFor(() => expect(get('cover')?.textContent).toContain(none), PATIENCE);
    await waitFor(() => expect(get('primary')?.ariaDisabled, 'the camera is done').not.toBe('true'), PATIENCE);
    await shown();
    expect(made, 'another one, of the folder as it is').toEqual(['a016', 'a016']);
    expect(get('cover')?.textContent).not.toContain(none);
  });
});
