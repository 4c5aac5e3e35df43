// The capture of the twin: how it starts, and what follows from its parts.
import type {
  BodyPart,
  Capture,
  EyeName,
  FingerName,
  FingerState,
  Modality,
  RematchFinger,
  SlapName,
} from '../contract';
import { LEFT, ON_GLASS, RIGHT } from '../../../components/capture/hands';

const FINGERS: FingerName[] = [...RIGHT, ...LEFT];
const ORDER: Modality[] = ['portrait', 'fingers', 'irises', 'signature', 'rematch'];
export const GOOD = { score: 78, source: 'rekam', reasons: [], good: true } as FingerState['quality'];

export const same = (a: BodyPart, b: BodyPart) => JSON.stringify(a) === JSON.stringify(b);

export function chipFinger(finger: FingerName, chip: number): RematchFinger {
  return {
    finger,
    chip,
    state: 'pending',
    recordedId: `print-${finger}`,
    nowId: null,
    limit: 40,
    attempts: [],
    device: 'fingerprint_scanner',
    belowEnrolment: false,
    instead: null,
  };
}

/** Nothing taken yet. */
export function fresh(): Capture {
  const reason = (part: 'finger' | 'eye' | 'signature', code: string, label: string, photo = false) => ({
    part,
    code,
    label,
    photo,
  });
  return {
    readAloudAt: null,
    mustLook: false,
    lookDueAt: null,
    tries: 3,
    modality: 'portrait',
    tabs: [],
    portrait: {
      attempts: [],
      measured: (['single_face', 'size_position', 'light', 'sharpness', 'exposure', 'backdrop'] as const).map(
        (check) => ({ check, ok: true, value: check === 'size_position' ? '74%' : '', advice: null }),
      ),
      judged: (['eyes_open', 'no_glasses', 'forehead_visible', 'head_upright'] as const).map((line) => ({
        line,
        ticked: false,
        excuse: null,
        by: null,
        at: null,
      })),
      backdrop: { colour: 'biru', birthYear: 2008 },
      approval: { state: 'none', since: null, attempt: null },
      weak: false,
      otherBackdrop: null,
      accepted: false,
      tries: 0,
      faceless: null,
      head: { crown: 0.175, chin: 0.765 },
    },
    slaps: (['right_four', 'left_four', 'thumbs'] as SlapName[]).map((slap) => ({
      slap,
      state: 'pending',
      attempts: 0,
      tries: 0,
      unread: null,
      bestAttempt: null,
      accepted: null,
      expected: ON_GLASS[slap],
    })),
    fingers: FINGERS.map((finger) => ({ finger, state: 'pending', captureId: null, quality: null, attempts: 0 })),
    eyes: (['right', 'left'] as EyeName[]).map((eye) => ({
      eye,
      state: 'pending',
      captureId: null,
      quality: null,
      attempts: [],
    })),
    lensAnswer: null,
    signature: { state: 'pending', captureId: null, takenAt: null, source: null },
    rematch: [chipFinger('right_index', 1), chipFinger('left_index', 2)],
    exceptions: [],
    witnesses: [
      { id: 'op-2', name: 'Yuliana' },
      { id: 'op-3', name: 'Bambang Setiawan' },
    ],
    exceptionReasons: [
      reason('finger', 'amputated', 'Tidak ada, amputasi', true),
      reason('finger', 'bandaged', 'Luka atau perban', true),
      reason('finger', 'unreadable', 'Tidak terbaca'),
      reason('finger', 'stiff', 'Kaku, tidak bisa ditempelkan', true),
      reason('eye', 'missing_or_blind', 'Tidak ada, atau tidak melihat'),
      reason('eye', 'bandaged', 'Perban sesudah operasi'),
      reason('eye', 'unreadable', 'Tidak terbaca'),
      reason('eye', 'lid_closed', 'Kelopak tidak bisa dibuka'),
      reason('signature', 'thumb_right', 'Cap jempol kanan'),
      reason('signature', 'thumb_left', 'Cap jempol kiri'),
      reason('signature', 'line', 'Garis di papan'),
      reason('signature', 'empty', 'Dikosongkan, dengan saksi'),
      reason('finger', 'other', 'Sebab lain'),
      reason('eye', 'other', 'Sebab lain'),
    ],
    devices: (
      ['camera', 'signature_pad', 'fingerprint_scanner', 'iris_scanner', 'card_reader', 'document_printer'] as const
    ).map((role) => ({ role, state: 'ready' })),
    trouble: null,
    notices: [],
    duplicates: { due: false, open: false, limit: 40, now: null, matches: [] },
    saved: [],
    canFinish: false,
    why: null,
  };
}

/** Brings everything that follows from the parts up to date: exceptions, tabs, what is open. */
export function settle(c: Capture): Capture {
  for (const e of c.exceptions) {
    const said = e.reason !== 'other' || e.words.trim() !== '';
    e.valid =
      said && e.witness !== null && e.photo !== 'needed' && (e.permanence === 'permanent' || e.returnOn !== null);
    for (const f of c.fingers) if (same(e.part, { finger: f.finger })) f.state = 'exception';
    for (const x of c.eyes) if (same(e.part, { eye: x.eye })) x.state = 'exception';
    if ('other' in e.part && e.valid && c.signature.state === 'pending') c.signature.state = 'exception';
  }
  for (const s of c.slaps)
    if (
      s.state !== 'done' &&
      ON_GLASS[s.slap].every((n) => c.fingers.find((f) => f.finger === n)?.state === 'exception')
    )
      s.state = 'excepted';
  const open = c.slaps.filter((s) => s.state !== 'done' && s.state !== 'excepted');
  open.forEach((s, i) => (s.state = i === 0 ? 'current' : 'pending'));
  const p = c.portrait;
  const done: Record<Modality, boolean> = {
    portrait:
      p.attempts.some((a) => a.best || a.chosen) &&
      p.judged.every((j) => j.ticked || j.excuse) &&
      ['approved', 'verbal'].includes(p.approval.state),
    fingers: open.length === 0,
    irises: c.eyes.every((e) => ['good', 'accepted_low', 'exception'].includes(e.state)),
    signature: c.signature.state !== 'pending',
    rematch: c.rematch.every((r) => ['matched', 'noted', 'exception'].includes(r.state)),
  };
  c.tabs = ORDER.map((modality) => ({
    modality,
    state: c.modality === modality ? 'current' : done[modality] ? 'done' : 'todo',
  }));
  const first = ORDER.find((m) => !done[m]);
  c.canFinish = !first && c.exceptions.every((e) => e.valid);
  c.why = c.canFinish ? null : { key: `capture_open_${first ?? 'exception'}`, args: {} };
  return c;
}
