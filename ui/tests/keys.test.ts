import { afterEach, describe, expect, it, vi } from 'vitest';
import { waitFor } from '@testing-library/svelte';
import { keepFocus } from '$lib/shared/focus';
import { bind, dispatch } from '$lib/shared/keys';

const unbinders: (() => void)[] = [];
const on = (keys: Parameters<typeof bind>[0]) => unbinders.push(bind(keys));
function press(target: HTMLElement, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.addEventListener('keydown', dispatch, { once: true });
  target.dispatchEvent(event);
  return event;
}
function element<K extends keyof HTMLElementTagNameMap>(tag: K): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  document.body.append(e);
  return e;
}

afterEach(() => {
  unbinders.splice(0).forEach((undo) => undo());
  document.body.replaceChildren();
});

describe('the keyboard', () => {
  it('asks the last screen first', () => {
    const page = vi.fn();
    const dialog = vi.fn();
    on({ Escape: page });
    on({ Escape: dialog });
    press(document.body, { key: 'Escape' });
    expect(dialog, 'what lies on top answers').toHaveBeenCalledOnce();
    expect(page, 'what lies below does not').not.toHaveBeenCalled();
  });

  it('leaves digits and Space to a field that is typed in', () => {
    const tick = vi.fn();
    on({ '1': tick, ' ': tick, F5: tick });
    const input = element('input');
    press(input, { key: '1' });
    press(input, { key: ' ' });
    expect(tick, 'typing is never a command').not.toHaveBeenCalled();
    press(input, { key: 'F5' });
    expect(tick, 'F-keys work everywhere').toHaveBeenCalledOnce();
  });

  it('lets Enter press the button that has the focus', () => {
    const primary = vi.fn();
    on({ Enter: primary });
    press(element('button'), { key: 'Enter' });
    expect(primary, 'the button takes Enter itself').not.toHaveBeenCalled();
    press(element('input'), { key: 'Enter' });
    expect(primary, 'elsewhere Enter goes on').toHaveBeenCalledOnce();
  });

  it('does not go on twice while Enter is held down', () => {
    const primary = vi.fn();
    on({ Enter: primary });
    press(document.body, { key: 'Enter', repeat: true });
    expect(primary, 'a held key is one press').not.toHaveBeenCalled();
  });

  it('does not press the focused button again while Enter is held down', () => {
    const held = press(element('button'), { key: 'Enter', repeat: true });
    expect(held.defaultPrevented, 'the window must not click what the first press has put there').toBe(true);
    expect(press(element('button'), { key: 'Enter' }).defaultPrevented, 'a new press is the button’s').toBe(false);
    const lines = press(element('textarea'), { key: 'Enter', repeat: true });
    expect(lines.defaultPrevented, 'in a note a held Enter is more lines').toBe(false);
  });

  it('goes on from a note of one sentence, and writes another line in any other', () => {
    const primary = vi.fn();
    on({ Enter: primary });
    expect(press(element('textarea'), { key: 'Enter' }).defaultPrevented, 'another line').toBe(false);
    expect(primary).not.toHaveBeenCalled();
    const note = element('textarea');
    note.dataset['enter'] = 'on';
    expect(press(note, { key: 'Enter' }).defaultPrevented, 'no line is written').toBe(true);
    expect(primary, 'the key that the bar shows').toHaveBeenCalledOnce();
    press(note, { key: 'Enter', repeat: true });
    expect(primary, 'a held key is one press').toHaveBeenCalledOnce();
  });

  it('does not go back twice while Esc is held down', () => {
    const back = vi.fn();
    on({ Escape: back });
    press(document.body, { key: 'Escape' });
    press(document.body, { key: 'Escape', repeat: true });
    expect(back, 'one press leaves one screen').toHaveBeenCalledOnce();
  });

  it('finds Alt and a letter by the physical key', () => {
    const menu = vi.fn();
    on({ 'Alt+a': menu });
    press(document.body, { key: 'å', code: 'KeyA', altKey: true });
    expect(menu, 'layouts that compose another character still work').toHaveBeenCalledOnce();
  });

  it('never reloads in the middle of an application', () => {
    expect(press(document.body, { key: 'F5' }).defaultPrevented, 'F5 without a meaning does nothing').toBe(true);
  });
});

describe('the focus', () => {
  it('goes to the action that Enter starts when what had it is gone', async () => {
    document.body.innerHTML =
      '<main><button id="question">?</button></main><section class="bar"><button class="btn primary" id="on">on</button></section>';
    const stop = keepFocus();
    document.querySelector<HTMLElement>('#question')!.focus();
    document.querySelector('#question')!.remove();
    await waitFor(() => expect(document.activeElement?.id).toBe('on'), { timeout: 15_000 });
    stop();
  });

  it('stays where somebody put it', async () => {
    document.body.innerHTML =
      '<main><button id="question">?</button><input id="field" /></main><section class="bar"><button class="btn primary" id="on">on</button></section>';
    const stop = keepFocus();
    document.querySelector<HTMLElement>('#question')!.focus();
    document.querySelector('#question')!.remove();
    document.querySelector<HTMLElement>('#field')!.focus();
    await new Promise((later) => setTimeout(later, 20));
    expect(document.activeElement?.id, 'a page that appears takes it itself').toBe('field');
    stop();
  });
});
