// The keys of a dialog are those of the actions that stand in it now, and its focus does not fall on the way out.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import Dialog from './Dialog.svelte';
import { dispatch } from './keys';

beforeEach(() => window.addEventListener('keydown', dispatch));
afterEach(() => {
  cleanup();
  window.removeEventListener('keydown', dispatch);
});

const children = createRawSnippet(() => ({ render: () => '<p>a question</p>' }));
const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

it('takes the key of an action that came while it was open', async () => {
  const [photograph, leave] = [vi.fn(), vi.fn()];
  const props = { title: 'A question', close: () => undefined, children };
  const camera = { id: 'photo', label: 'photograph', key: 'F4', run: photograph };
  const shown = render(Dialog, { ...props, actions: [camera] });
  press('F4');
  expect(photograph).toHaveBeenCalledOnce();
  press('F7');
  await shown.rerender({ ...props, actions: [{ id: 'leave', label: 'no photograph', key: 'F7', run: leave }] });
  press('F7');
  expect(leave, 'the camera went, and what stands in its place has its key').toHaveBeenCalledOnce();
  press('F4');
  expect(photograph, 'what is gone answers nothing').toHaveBeenCalledOnce();
});

it('leaves a typed space nothing to press when the field under the hand goes away', async () => {
  // What may have the focus is looked for among what is drawn, and jsdom draws nothing.
  const drawn = vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
  try {
    const words = createRawSnippet(() => ({ render: () => '<textarea data-autofocus></textarea>' }));
    render(Dialog, { title: 'A question', close: () => undefined, children: words });
    const field = document.querySelector('textarea')!;
    await waitFor(() => expect(document.activeElement).toBe(field));
    field.remove();
    await waitFor(() => expect(document.activeElement).not.toBe(document.body));
    expect(document.activeElement).toBe(document.querySelector('[role="dialog"]'));
  } finally {
    drawn.mockRestore();
  }
});
