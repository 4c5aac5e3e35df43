// Which screen is shown. The address is #/<screen>/<id>, so that a reload comes back to the same place.
import type { Step } from '$lib/backend/contract';

export const SCREENS = [
  'queue',
  'form',
  'requirements',
  'verification',
  'capture',
  'attestation',
  'print_request',
  'status',
  'print',
  'handover',
  'print_queue',
  'blangko',
  'register',
  'sync',
  'reports',
  'devices',
  'staff',
  'settings',
  'setup',
  'signin',
  'applicant',
  'failed',
] as const;
export type Screen = (typeof SCREENS)[number];

class Router {
  screen = $state<Screen>('queue');
  id = $state<string | null>(null);

  constructor() {
    if (typeof window === 'undefined') return;
    this.#read();
    window.addEventListener('hashchange', () => this.#read());
  }

  #read(): void {
    const [, screen = '', id = ''] = location.hash.split('/');
    this.screen = (SCREENS as readonly string[]).includes(screen) ? (screen as Screen) : 'queue';
    this.id = id === '' ? null : decodeURIComponent(id);
  }

  go(screen: Screen, id: string | null = null): void {
    location.hash = id === null ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`;
    this.#read();
  }

  /** The screen of a step of one application. */
  step(step: Step, id: string): void {
    this.go(step, id);
  }
}

export const router = new Router();
