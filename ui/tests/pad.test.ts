// The wired signature pad: the operator ends the writing with Enter, wherever somebody signs on it.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
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
});
