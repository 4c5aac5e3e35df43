// Every screen is a part of its own, read when it is first opened. Once somebody is at work, the parts of that person's steps
// are read in quiet moments, so that no step waits for its screen.
import type { Component } from 'svelte';
import type { Role } from '$lib/backend/contract';
import type { Screen } from '$lib/domain/router.svelte';

/** Screens of one application take its id. */
export type VisitPage = Component<{ id: string }>;
type Load<Page> = () => Promise<{ default: Page }>;

const VISIT: Partial<Record<Screen, Load<VisitPage>>> = {
  form: () => import('./form/FormPage.svelte'),
  requirements: () => import('./requirements/RequirementsPage.svelte'),
  verification: () => import('./verification/VerificationPage.svelte'),
  capture: () => import('./capture/CapturePage.svelte'),
  attestation: () => import('./attestation/AttestationPage.svelte'),
  print_request: () => import('./print_request/PrintRequestPage.svelte'),
  status: () => import('./status/StatusPage.svelte'),
  print: () => import('./print/PrintPage.svelte'),
  handover: () => import('./handover/HandoverPage.svelte'),
};
const PLAIN: Partial<Record<Screen, Load<Component>>> = {
  queue: () => import('./queue/QueuePage.svelte'),
  print_queue: () => import('./print_queue/PrintQueuePage.svelte'),
  blangko: () => import('./blangko/BlangkoPage.svelte'),
  register: () => import('./register/RegisterPage.svelte'),
  sync: () => import('./sync/SyncPage.svelte'),
  reports: () => import('./reports/ReportsPage.svelte'),
  devices: () => import('./devices/DevicesPage.svelte'),
  staff: () => import('./staff/StaffPage.svelte'),
  settings: () => import('./settings/SettingsPage.svelte'),
  setup: () => import('./setup/SetupPage.svelte'),
  signin: () => import('./signin/SigninPage.svelte'),
  applicant: () => import('./applicant/ApplicantPage.svelte'),
  failed: () => import('./failed/FailedPage.svelte'),
};

/** Where each role works, in the order of the procedure; the other screens are read when they are opened. */
const OF_ROLE: Record<Role, Screen[]> = {
  register_officer: ['form', 'requirements'],
  customer_service: ['form', 'requirements', 'handover'],
  operator: ['verification', 'capture', 'attestation', 'print_request', 'status'],
  printing: ['print_queue', 'print', 'status', 'blangko'],
  supervisor: ['sync', 'register', 'reports', 'blangko', 'devices'],
};

export class Pages {
  #visit = $state.raw<Partial<Record<Screen, VisitPage>>>({});
  #plain = $state.raw<Partial<Record<Screen, Component>>>({});
  /** The screen that could not be read. */
  failed = $state.raw<Screen | null>(null);
  #reading = new Map<Screen, Promise<boolean>>();

  /** True for a screen of one application. */
  ofVisit(screen: Screen): boolean {
    return screen in VISIT;
  }
  visit(screen: Screen): VisitPage | undefined {
    return this.#visit[screen];
  }
  plain(screen: Screen): Component | undefined {
    return this.#plain[screen];
  }

  /** Reads the part of `screen` unless it is there; one that cannot be read stands in `failed` and may be tried again. */
  async read(screen: Screen): Promise<void> {
    const there = await this.#begin(screen);
    if (!there) this.failed = screen;
    else if (this.failed === screen) this.failed = null;
  }

  /** True when the part is there. */
  #begin(screen: Screen): Promise<boolean> {
    if (this.#visit[screen] || this.#plain[screen]) return Promise.resolve(true);
    const begun = this.#reading.get(screen);
    if (begun) return begun;
    const reading = this.#load(screen)
      .then(() => true)
      .catch((e: unknown) => {
        console.error(e);
        return false;
      })
      .finally(() => this.#reading.delete(screen));
    this.#reading.set(screen, reading);
    return reading;
  }

  async #load(screen: Screen): Promise<void> {
    const visit = VISIT[screen];
    const plain = PLAIN[screen];
    if (visit) {
      const page = (await visit()).default;
      this.#visit = { ...this.#visit, [screen]: page };
    } else if (plain) {
      const page = (await plain()).default;
      this.#plain = { ...this.#plain, [screen]: page };
    }
  }

  /**
   * Reads the parts of `roles` one after the other, each in a moment of its own; returns what stops it. What cannot be read
   * is told when it is opened.
   */
  foresee(roles: Role[]): () => void {
    let stopped = false;
    const due = [...new Set<Screen>(['queue', ...roles.flatMap((role) => OF_ROLE[role])])];
    const next = () => {
      const screen = due.shift();
      if (screen && !stopped) void this.#begin(screen).then(() => setTimeout(next, BREATH));
    };
    const first = setTimeout(next, BREATH);
    return () => {
      stopped = true;
      clearTimeout(first);
    };
  }

  /** When nothing is being read any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading.values());
  }
}

/** Between two parts read ahead the window answers keys, milliseconds. */
const BREATH = 250;

export const pages = new Pages();
