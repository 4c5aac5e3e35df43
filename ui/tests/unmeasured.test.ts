// What nothing was measured on is not shown as measured, and nobody is told to press before a picture is.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MeasuredCheck, PreviewMeasure } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

const CHECKS = ['single_face', 'size_position', 'light', 'sharpness', 'exposure', 'backdrop'] as const;
const page = () => document.body.textContent;

describe('a portrait that is not measured', () => {
  eachBeginsAtTheQueue();
  afterEach(() => {
    history.replaceState(null, '', location.pathname);
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  type Frame = (m: PreviewMeasure, jpeg: Blob) => Promise<void>;

  /** The page over a camera that sends what the test gives it. */
  async function at(part: string): Promise<Frame> {
    vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 3, close: () => undefined }));
    vi.stubGlobal('requestAnimationFrame', (then: () => void) => setTimeout(then, 0));
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    history.replaceState(null, '', `?part=${part}`);
    const backend = open();
    let frame: Frame | null = null;
    backend.preview = async (_role, _id, _slap, onFrame) => {
      frame = onFrame;
      return () => Promise.resolve();
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-portrait');
    await waitFor(() => expect(frame).not.toBeNull(), PATIENCE);
    return frame!;
  }

  it('without a face says only that there is none', async () => {
    await at('portrait_faceless');
    const line = await see('measured-single_face');
    expect(line.textContent).toContain(t('capture.reason.no_face'));
    for (const check of CHECKS.slice(1, 5)) {
      const row = get(`measured-${check}`)!;
      expect(row.textContent!.trim(), 'its name alone').toBe(t(`capture.check.${check}`));
      expect(row.className).toContain('coming');
    }
    expect(page(), 'the backdrop was not measured either').not.toContain(t('capture.backdrop.bad'));
    expect(page()).not.toContain(t('capture.backdrop.ok'));
  });

  it('after tries without a face does not say that nothing was tried', async () => {
    await at('portrait_faceless');
    await see('no-face');
    expect(page()).not.toContain(t('capture.portrait.empty'));
  });

  it('is called ready by its measures, and not before they come', async () => {
    const frame = await at('portrait');
    const send = (seq: number, checks: MeasuredCheck[]) =>
      frame({ seq, at: seq * 66, droppedBefore: 0, face: null, checks, advice: null }, new Blob());
    expect(page(), 'no picture yet').not.toContain(t('capture.portrait.advice.none'));
    expect(page()).toContain(t('capture.portrait.advice.wait'));
    await send(0, []);
    expect(page(), 'a picture, and no measures').not.toContain(t('capture.portrait.advice.none'));
    await send(
      1,
      CHECKS.map((check) => ({ check, ok: true, value: '1', advice: null })),
    );
    await waitFor(() => expect(page()).toContain(t('capture.portrait.advice.none')), PATIENCE);
    expect(page()).not.toContain(t('capture.portrait.advice.wait'));
  });
});
