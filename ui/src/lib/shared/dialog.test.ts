// The keys of a dialog are those of the actions that stand in it now.
import { render } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import Dialog from './Dialog.svelte';
import { dispatch } from './keys';

beforeEach(() => window.addEventListener('keydown', dispatch));
afterEach(() => window.removeEventListener('keydown', dispatch));

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
