import { afterEach } from 'vitest';
import { pages } from '../src/routes/pages.svelte';

// jsdom lacks these; the window has them.
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as unknown as typeof window.matchMedia;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
} as typeof ResizeObserver;
Element.prototype.scrollIntoView ??= () => undefined;
URL.createObjectURL ??= () => 'blob:mock';
URL.revokeObjectURL ??= () => undefined;
afterEach(async () => {
  location.hash = '';
  // What a window began to read ahead is read before the next one opens.
  await pages.settled();
});
