// The state that the parts of the mock share.
import type { AppError, BackendEvent, DueCorrection, ExpiredVisit, Permohonan, RailStep, Step } from '../contract';

export function refuse(key: string, args: Record<string, string> = {}, tone: AppError['tone'] = 'hold'): never {
  throw { code: 'refused', key, tone, args } satisfies AppError;
}
/** "14 Maret 2008", as the station writes a day for the applicant. */
export const longDay = (iso: string): string =>
  new Date(`${iso}T00:00:00Z`).toLocaleDateString('id-ID', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
export async function notYet(): Promise<never> {
  return refuse('not_available');
}

export const ORDER: Step[] = [
  'form',
  'requirements',
  'verification',
  'capture',
  'attestation',
  'print_request',
  'status',
  'print',
  'handover',
];
const STANDARD = [5, 5, 5, 10, 5, 5, 5, 5, 3];

export interface Visit {
  id: string;
  ticket: string;
  name: string;
  nik: string;
  kind: string;
  kindLabel: string;
  printFrom: string | null;
  state: Permohonan['state'];
  step: Step;
  /** Seconds used at each step so far. */
  used: Partial<Record<Step, number>>;
  skipped: Step[];
  with: string | null;
  place: string;
  resumedFrom: Permohonan['resumedFrom'];
  returned: Permohonan['returned'];
  applicantScreen: string;
  values: Record<string, string>;
  /** Anything a part of the mock keeps about this visit. */
  extra: Record<string, unknown>;
}

export class World {
  visits: Visit[] = [];
  expired: ExpiredVisit[] = [];
  /** Noted at the hand-over and not applied for yet. */
  corrections: DueCorrection[] = [];
  listeners = new Set<(e: BackendEvent) => void>();
  /** The centre's word came: a session that waited for it is whole. */
  heard: () => void = () => undefined;
  readonly scene: string;
  /** The window speaks English: the scene's name ends with "-english". */
  readonly english: boolean;
  /** The applicant's window stands open; on a desk of one screen only when it is asked for. */
  applicantOpen: boolean;
  /** The wired pad is being written on. */
  pen = false;
  constructor(scene: string) {
    this.english = scene.endsWith('-english');
    this.scene = scene.replace(/-english$/, '');
    this.applicantOpen = this.scene !== 'one-screen';
    if (this.scene === 'corrections')
      this.corrections = [
        {
          id: 'b003',
          ticket: 'A-007',
          name: 'Wayan Sukarta',
          maskedNik: '181301••••••9007',
          note: 'Gelar S.Pd. belum tercantum',
          at: '2026-11-20T03:00:00Z',
          followUp: null,
        },
        {
          id: 'b004',
          ticket: 'A-012',
          name: 'Rosmini',
          maskedNik: '181301••••••9012',
          note: 'Alamat masih yang lama',
          at: '2026-11-24T03:00:00Z',
          followUp: null,
        },
      ];
  }

  visit(id: string): Visit {
    return this.visits.find((v) => v.id === id) ?? refuse('not_found', { what: 'permohonan' });
  }

  tell(event: BackendEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  rail(v: Visit): RailStep[] {
    const at = ORDER.indexOf(v.step);
    return ORDER.map((step, n) => {
      const standardSeconds = STANDARD[n]! * 60;
      const usedSeconds = v.used[step] ?? null;
      const state: RailStep['state'] = v.skipped.includes(step)
        ? 'skipped'
        : n < at
          ? 'done'
          : n === at
            ? v.state === 'held'
              ? 'held'
              : 'current'
            : 'todo';
      return { step, number: n + 1, state, usedSeconds, standardSeconds, late: (usedSeconds ?? 0) > standardSeconds };
    });
  }

  view(v: Visit): Permohonan {
    const { id, ticket, name, nik, kind, kindLabel, state, step, applicantScreen, resumedFrom, returned } = v;
    const clockSeconds = Object.values(v.used).reduce((a, b) => a + b, 0);
    return {
      id,
      ticket,
      name,
      called: name.split(' ')[0] ?? '',
      nik,
      kind,
      kindLabel,
      state,
      step,
      rail: this.rail(v),
      clockSeconds,
      standardSeconds: 48 * 60,
      applicantScreen: this.applicantOpen ? applicantScreen : 'closed',
      resumedFrom,
      returned,
      yours: true,
    };
  }

  /** Closes the current step and opens the next that this kind needs. */
  advance(v: Visit): Permohonan {
    let n = ORDER.indexOf(v.step) + 1;
    while (v.skipped.includes(ORDER[n]!)) n += 1;
    v.step = ORDER[n]!;
    v.used[v.step] ??= 0;
    this.tell({ event: 'queue_changed' });
    this.tell({ event: 'permohonan_changed', id: v.id });
    return this.view(v);
  }
}
