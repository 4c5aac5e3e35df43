// A hand or a pair of eyes with exceptions is finished, and never called whole.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Capture, FingerState } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, open, see } from './window';

describe('a finished part', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  async function at(part: 'fingers' | 'irises', excepted: string[]): Promise<void> {
    history.replaceState(null, '', '?part=irises');
    const backend = open();
    const capture = backend.capture.bind(backend);
    const state = (name: string): FingerState['state'] => (excepted.includes(name) ? 'exception' : 'good');
    backend.capture = async (id) => {
      const c: Capture = await capture(id);
      c.modality = part;
      c.notices = [];
      for (const f of c.fingers) f.state = state(f.finger);
      for (const s of c.slaps) s.state = 'done';
      for (const e of c.eyes) e.state = state(e.eye);
      return c;
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see(`page-capture-${part}`);
  }
  const says = (text: string) => waitFor(() => expect(document.body.textContent).toContain(text), PATIENCE);

  it('counts the fingers that were taken and those that cannot be', async () => {
    await at('fingers', ['right_index', 'left_little']);
    await says(t('capture.fingers.why.excepted', { n: 8, count: 2 }));
    expect(document.body.textContent).not.toContain(t('capture.fingers.why.done'));
  });

  it('calls ten fingers ten', async () => {
    await at('fingers', []);
    await says(t('capture.fingers.why.done'));
  });

  it('counts one eye of two', async () => {
    await at('irises', ['left']);
    await says(t('capture.iris.why.excepted', { n: 1, count: 1 }));
    expect(document.body.textContent).not.toContain(t('capture.iris.why.done'));
  });

  it('calls both irises both', async () => {
    await at('irises', []);
    await says(t('capture.iris.why.done'));
  });
});
