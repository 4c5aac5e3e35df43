// The wired signature pad: the operator ends the writing with Enter, wherever somebody signs on it.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { BackendEvent } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

eachBeginsAtTheQueue();

describe('a signature on the pad', () => {
  it.each([
    ['capture', 'a016', 'signature', 'page-capture-signature', 'sign-use-pad', 'sign-finish'],
    ['attestation', 'a020', 'signature', 'page-attestation', 'use-pad', 'pad-finish'],
  ] as const)('of %s ends when Enter says so', async (route, id, part, page, use, finish) => {
    history.replaceState(null, '', `?part=${part}`);
    const backend = open();
    let done: (() => void) | undefined;
    const real = backend.padSignature.bind(backend);
    // Nobody ever lifts this pen.
    backend.padSignature = async (of, purpose) => {
      await new Promise<void>((over) => (done = over));
      return real(of, purpose);
    };
    let finished = 0;
    const told = backend.finishPad.bind(backend);
    backend.finishPad = async () => {
      finished += 1;
      done?.();
      await told();
    };
    await see('page-queue');
    router.go(route, id);
    await see(page);
    const key = await waitFor(() => {
      const button = document.querySelector<HTMLElement>(`[data-testid="${use}"]`);
      expect(button, 'the pad is offered').not.toBeNull();
      return button!;
    }, PATIENCE);
    key.click();
    const over = await see(finish);
    expect(over.textContent).toContain('Selesai');
    // Wherever the focus is; on the button itself the window's own Enter would do.
    over.blur();
    press('Enter');
    await waitFor(() => expect(finished, 'told once').toBe(1), PATIENCE);
    await waitFor(() => expect(get(finish), 'and nothing is waited for').toBeNull(), PATIENCE);
  });

  it('leaves no strokes behind where nothing came of it', async () => {
    history.replaceState(null, '', '?part=signature');
    const backend = open();
    const { listen } = backend;
    const listeners: ((event: BackendEvent) => void)[] = [];
    backend.listen = (handler) => (listeners.push(handler), listen(handler));
    let fail: (() => void) | undefined;
    const point = { x: 0.2, y: 0.1, t: 0, p: 0.5, down: true };
    backend.padSignature = async () => {
      for (const tell of listeners) tell({ event: 'pad_stroke', points: [point, { ...point, x: 0.3, t: 9 }] });
      await new Promise<void>((over) => (fail = over));
      throw { code: 'device', key: 'device_unplugged', tone: 'hold', args: { role: 'signature_pad' } };
    };
    await see('page-queue');
    router.go('capture', 'a016');
    await see('page-capture-signature');
    const empty = () => document.querySelector('.pad > span');
    expect(empty(), 'nothing is written yet').not.toBeNull();
    (await see('sign-use-pad')).click();
    await waitFor(() => expect(empty(), 'the pen is seen').toBeNull(), PATIENCE);
    fail!();
    await waitFor(() => expect(empty(), 'and nothing of it stands there any longer').not.toBeNull(), PATIENCE);
  });
});
