// Chooses the backend once: the shell, or in development and tests its in-memory twin.
import type { Backend } from './contract';
import { shellBackend } from './tauri';

let chosen: Backend | undefined;

/** The one door. Throws when `start` has not run. */
export function backend(): Backend {
  if (!chosen) throw new Error('the backend has not been started');
  return chosen;
}

/** Puts a twin in the door's place (component tests). */
export function use(twin: Backend): void {
  chosen = twin;
}

/** The mock is left out of the shipped window: the branch is compiled away. */
export async function start(): Promise<void> {
  if (chosen) return;
  const wanted = new URLSearchParams(location.search);
  if (import.meta.env.DEV && (wanted.has('mock') || !('__TAURI_INTERNALS__' in window))) {
    const { mockBackend } = await import('./mock');
    chosen = mockBackend(wanted.get('mock') ?? '');
  } else {
    chosen = shellBackend;
  }
}
