import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * The window freezes Object.prototype, and then `x.toString = …` fails on whatever inherits from it; the chart library
 * does that while it loads. A property of its own, made just before, takes the assignment.
 */
const ownBeforeAssigned: Plugin = {
  name: 'own-before-assigned',
  transform(code, id) {
    if (!/node_modules\/d3-/.test(id)) return null;
    const own = (target: string, name: string) =>
      `Object.defineProperty(${target}, '${name}', { value: undefined, writable: true, configurable: true });`;
    const changed = code.replace(
      /^(\s*)([\w.]*prototype)\.(constructor|toString) = /gm,
      (all, space: string, target: string, name: string) => `${space}${own(target, name)}${all}`,
    );
    return changed === code ? null : { code: changed, map: null };
  },
};

export default defineConfig({
  plugins: [svelte(), ownBeforeAssigned],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      $strings: fileURLToPath(new URL('./src/strings', import.meta.url)),
    },
    // Component tests run Svelte's browser half in jsdom.
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  // Every file by its own address: the policy of the window allows no inlined typeface.
  // Parts are asked for by link or import only: the policy lets nothing be fetched.
  build: { target: 'safari16', chunkSizeWarningLimit: 900, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  clearScreen: false,
  server: { strictPort: true },
  test: {
    environment: 'jsdom',
    // One document for all files of a worker: each file puts its own state up first, and a document costs half a second.
    isolate: false,
    // Vitest leaves one processor to somebody who types meanwhile.
    maxWorkers: '100%',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
