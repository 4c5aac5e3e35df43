// A live picture that does not come: the page says so and why, and no more once the picture is there.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PreviewMeasure } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { LATE_AFTER_MS } from '../src/components/capture/preview';
import { PATIENCE, eachBeginsAtTheQueue, get, gone, open, see } from './window';

type Frame = (m: PreviewMeasure, jpeg: Blob) => Promise<void>;

describe('a live picture that does not come', () => {
  eachBeginsAtTheQueue();
  afterEach(() => {
    history.replaceState(null, '', location.pathname);
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('is told with what its device says, and no more once it is there', async () => {
    vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 3, close: () => undefined }));
    vi.stubGlobal('requestAnimationFrame', (then: () => void) => setTimeout(then, 0));
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    history.replaceState(null, '', '?part=fingers');
    const backend = open();
    const frames: Frame[] = [];
    backend.preview = async (_role, _id, _slap, onFrame) => {
      frames.push(onFrame);
      return () => Promise.resolve();
    };
    const devices = backend.devices.bind(backend);
    backend.devices = async () => {
      const all = await devices();
      const scanner = all.rows.find((row) => row.role === 'fingerprint_scanner')!;
      Object.assign(scanner, { state: 'faulted', reason: 'not_ready' });
      return all;
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-fingers');
    await waitFor(() => expect(frames.length).toBe(1), PATIENCE);
    await see('no-picture');
    // So much later, without waiting for it.
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + LATE_AFTER_MS);
    const said = () => get('no-picture')?.textContent?.toLowerCase() ?? '';
    await waitFor(() => expect(said()).toContain(t('capture.live.late.fingerprint_scanner').toLowerCase()), PATIENCE);
    expect(said()).toContain(t('trouble.not_ready').toLowerCase());
    expect(said()).toContain(t('capture.live.late.next').toLowerCase());
    await frames[0]!({ seq: 0, at: 0, droppedBefore: 0, face: null, checks: [], advice: null }, new Blob());
    await gone('no-picture');
  });
});
