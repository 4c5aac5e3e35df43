import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      $strings: fileURLToPath(new URL('./src/strings', import.meta.url)),
    },
    // Component tests run Svelte's browser half in jsdom.
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  // Every file by its own address: the policy of the window allows no inlined typeface.
  build: { target: 'safari16', chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  clearScreen: false,
  server: { strictPort: true },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
