import { afterEach, beforeEach } from 'vitest';
import { SCREENS } from '../src/lib/domain/router.svelte';
import { pages } from '../src/routes/pages.svelte';

// Compiling a screen is no part of any test: on a busy machine the first one to open it would run out of patience.
await Promise.all(SCREENS.map((screen) => pages.read(screen)));

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
// The files of a worker share one document: what one of them puts there late is not in the next one's test.
beforeEach(() => document.body.replaceChildren());
afterEach(async () => {
  location.hash = '';
  // What a window began to read ahead is read before the next one opens.
  await pages.settled();
});
