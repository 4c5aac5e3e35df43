// Moments of the capture that are worth looking at: ?part= in the address.
import { LEFT, RIGHT } from '../../../components/capture/hands';
import type { Capture, ExceptionState, FingerName, FingerState } from '../contract';
import { GOOD } from './capture_state';
import type { Pose } from './pictures';

/** A desk time in WIB. */
const desk = (hhmm: string) => `2026-11-23T${hhmm.replace('.', ':')}:00+07:00`;

/** Brings `c` to the moment `scene`; an unknown one leaves it as it is. */
export function setUp(c: Capture, scene: string, poses: Map<string, Pose>): void {
  const finger = (name: FingerName) => c.fingers.find((f) => f.finger === name)!;
  const good = (...names: FingerName[]) =>
    names.forEach((n) =>
      Object.assign(finger(n), { state: 'good', attempts: 1, captureId: `print-${n}`, quality: GOOD }),
    );
  const weak = (name: FingerName, state: FingerState['state'], attempts: number, code: string, score: number) =>
    Object.assign(finger(name), {
      state,
      attempts,
      captureId: `print-${name}`,
      quality: { score, source: 'rekam', reasons: [code], good: false },
    });
  const shots: [Pose, string[], string[]][] = [
    [{ backdrop: 'biru', eyesClosed: true }, [], ['eyes_open']],
    [{ backdrop: 'biru', tilt: 9 }, [], ['head_upright']],
    [{ backdrop: 'biru' }, [], []],
    [{ backdrop: 'biru', dark: true }, ['too_dark'], []],
  ];
  shots.forEach(([pose], i) => poses.set(`portrait-${i + 1}`, pose));
  const SCENES = [
    'portrait',
    'portrait_weak',
    'portrait_backdrop',
    'portrait_faceless',
    'portrait_excused',
    'fingers',
    'fingers_unread',
    'trouble',
    'same',
    'nik_changed',
    'found',
    'found_bare',
    'notice',
    'irises_another_day',
    'irises_ask',
    'irises',
    'irises_unread',
    'exceptions',
    'signature',
    'rematch',
    'rematch_unread',
    'rematch_instead',
    'rematch_done',
    'rematch_due',
    'rematch_swapped',
  ];
  if (!SCENES.includes(scene)) return;
  const faceless = { stillId: 'still-1', takenAt: desk('10.34'), newest: true, widthPx: 480, heightPx: 640 };
  if (scene === 'portrait_faceless') {
    c.portrait.measured = c.portrait.measured.map((m) =>
      m.check === 'single_face'
        ? { ...m, ok: false, value: '0', advice: 'no_face' }
        : { ...m, ok: null, value: '', advice: null },
    );
    return void Object.assign(c.portrait, { tries: 3, faceless });
  }
  c.portrait.attempts = shots.map(([, reasons, judgedReasons], i) => ({
    captureId: `portrait-${i + 1}`,
    number: i + 1,
    takenAt: desk(`10.3${i}`),
    good: i === 2,
    best: i === 2,
    chosen: i === 2,
    reasons,
    judgedReasons,
    widthPx: 900,
    heightPx: 1200,
  }));
  c.portrait.tries = shots.length;
  const open = scene.startsWith('portrait');
  c.portrait.judged.forEach((j, i) =>
    Object.assign(j, { ticked: i < 3 || !open, by: 'Dewi Anggraini', at: desk('10.32') }),
  );
  c.portrait.approval = { state: open ? 'waiting' : 'approved', since: desk('10.32'), attempt: 3 };
  c.portrait.weak = scene === 'portrait_weak';
  if (scene === 'portrait_excused')
    c.portrait.judged[3]!.excuse = { note: 'leher kaku sejak lahir', witness: 'Yuliana' };
  // Approved beside red; then the year of birth was corrected.
  if (scene === 'portrait_backdrop') {
    poses.set('portrait-3', { backdrop: 'merah' });
    c.portrait.judged.forEach((j) => (j.ticked = true));
    c.portrait.approval.state = 'approved';
    Object.assign(c.portrait, { weak: true, otherBackdrop: 'merah' });
    Object.assign(c.portrait.attempts[2]!, { good: false, reasons: ['backdrop_due'] });
  }
  if (open) return;

  c.modality = 'fingers';
  good('right_index', 'right_middle', 'right_little');
  weak('right_ring', 'accepted_low', 3, 'dry', 38);
  Object.assign(c.slaps[0]!, { state: 'done', attempts: 3, tries: 3, bestAttempt: 2, accepted: 'with_note' });
  const little: ExceptionState = {
    id: 'exc-1',
    part: { finger: 'left_little' },
    reason: 'amputated',
    words: '',
    permanence: 'permanent',
    returnOn: null,
    photo: 'taken',
    photoId: 'hand-1',
    witness: { name: 'Yuliana', at: desk('10.35') },
    substitute: null,
    valid: true,
  };
  c.exceptions.push(little);
  // A worn ring finger that the scanner never gives.
  if (scene === 'fingers_unread')
    return void Object.assign(c.slaps[1]!, {
      state: 'current',
      tries: 3,
      expected: ['left_ring', 'left_middle', 'left_index'],
      unread: { at: desk('10.37'), reason: 'not_read', fingers: ['left_ring'] },
    });
  Object.assign(c.slaps[1]!, { attempts: 1, tries: 1 });
  if (scene === 'fingers') return void weak('left_index', 'weak', 1, 'low_pressure', 31);
  if (scene === 'notice')
    return void (c.notices = [{ kind: 'same_finger_twice', parts: ['right_index', 'left_index'] }]);
  if (scene === 'same') return void (c.mustLook = true);
  if (scene === 'nik_changed') return void (c.notices = [{ kind: 'nik_changed', parts: [] }]);
  if (scene === 'trouble') {
    c.trouble = {
      role: 'fingerprint_scanner',
      reason: 'unplugged',
      since: new Date(Date.now() - 14_000).toISOString(),
      during: 'left_four',
      saved: ['portrait', 'right_four'],
      next: 'left_four',
    };
    c.devices = c.devices.map((d) => (d.role === 'fingerprint_scanner' ? { ...d, state: 'absent' } : d));
    c.saved = [
      { label: 'portrait_approved', args: {}, at: desk('10.33'), state: 'saved' },
      { label: 'right_four', args: {}, at: desk('10.36'), state: 'saved' },
      { label: 'exception', args: { part: 'left_little' }, at: desk('10.35'), state: 'saved' },
      { label: 'left_four', args: {}, at: null, state: 'waiting' },
      ...['thumbs', 'eye_right', 'eye_left', 'signature'].map((label) => ({
        label,
        args: {},
        at: null,
        state: 'todo' as const,
      })),
    ];
    return;
  }
  good('left_index', 'left_middle', 'left_ring', 'left_thumb', 'right_thumb');
  for (const s of c.slaps.slice(1))
    Object.assign(s, { state: 'done', attempts: 1, tries: 1, bestAttempt: 1, accepted: 'good' });
  if (scene.startsWith('found')) return foundBefore(c, scene, poses);
  c.modality = 'irises';
  if (scene === 'irises_ask') return;
  if (scene === 'irises_another_day') {
    // What was taken yesterday stands; yesterday's answer about lenses does not.
    for (const [i, e] of c.eyes.entries())
      Object.assign(e, {
        state: 'good',
        captureId: `iris-${e.eye}`,
        quality: { ...GOOD, source: 'device' },
        attempts: [{ number: 1, at: desk(i ? '11.21' : '11.20'), reasons: [], good: true }],
      });
    c.notices = [{ kind: 'same_eye_twice', parts: [] }];
    return;
  }
  c.lensAnswer = { worn: false, at: desk('11.19') };
  Object.assign(c.eyes[0]!, {
    state: 'good',
    captureId: 'iris-right',
    quality: { ...GOOD, source: 'device' },
    attempts: [{ number: 1, at: desk('11.20'), reasons: [], good: true }],
  });
  Object.assign(c.eyes[1]!, {
    state: 'weak',
    quality: { score: 34, source: 'device', reasons: ['lid_covers'], good: false },
    attempts: [{ number: 1, at: desk('11.20'), reasons: ['lid_covers'], good: false }],
  });
  if (scene === 'irises') return;
  if (scene === 'irises_unread')
    return void Object.assign(c.eyes[1]!, {
      state: 'pending',
      quality: null,
      attempts: ['nothing_seen', 'not_read'].map((code, i) => ({
        number: i + 1,
        at: desk(`11.2${i}`),
        reasons: [code],
        good: false,
      })),
    });
  if (scene === 'exceptions') {
    good('left_little');
    c.exceptions = [
      { ...little, part: { finger: 'left_index' }, substitute: 'left_middle' },
      {
        ...little,
        id: 'exc-2',
        part: { eye: 'left' },
        reason: 'bandaged',
        words: '',
        permanence: 'temporary',
        returnOn: '2026-12-14',
        photo: 'not_needed',
        photoId: null,
        witness: null,
        valid: false,
      },
      {
        ...little,
        id: 'exc-3',
        part: { other: 'signature' },
        reason: 'thumb_right',
        words: '',
        photo: 'not_needed',
        photoId: null,
        witness: null,
        valid: false,
      },
    ];
    return;
  }
  Object.assign(c.eyes[1]!, { state: 'good', captureId: 'iris-left', quality: { ...GOOD, source: 'device' } });
  c.modality = 'signature';
  if (scene === 'signature') return;
  c.signature = { state: 'done', captureId: 'signature-1', takenAt: desk('10.39'), source: 'pen' };
  c.modality = 'rematch';
  Object.assign(c.rematch[0]!, {
    state: 'matched',
    nowId: 'now-right_index',
    attempts: [{ number: 1, at: desk('10.39'), score: 118, reasons: [] }],
  });
  const two = [
    { number: 1, at: desk('10.39'), score: 22, reasons: ['tilted_left'] },
    { number: 2, at: desk('10.40'), score: 27, reasons: ['tip_only'] },
  ];
  Object.assign(
    c.rematch[1]!,
    scene === 'rematch' || scene === 'rematch_swapped'
      ? { state: 'not_yet', nowId: 'now-left_index', attempts: two }
      : {
          state: 'matched',
          nowId: 'now-left_index',
          attempts: [{ number: 1, at: desk('10.40'), score: 96, reasons: [] }],
        },
  );
  // A fingertip that the one-finger module does not read any more.
  if (scene === 'rematch_unread')
    Object.assign(c.rematch[1]!, {
      state: 'not_yet',
      nowId: 'now-left_index',
      attempts: [
        { number: 1, at: desk('10.39'), score: 22, reasons: [] },
        { number: 2, at: desk('10.40'), score: null, reasons: ['not_read'] },
        { number: 3, at: desk('10.41'), score: null, reasons: ['nothing_seen'] },
      ],
    });
  // The one-finger module is not there: the slap scanner stands in for it.
  if (scene === 'rematch_instead') {
    c.rematch.forEach((f) => Object.assign(f, { instead: 'absent' }));
    Object.assign(c.rematch[1]!, { state: 'pending', nowId: null, attempts: [] });
  }
  // The NIK was corrected after the capture: the search is made for it once more.
  if (scene === 'rematch_due') c.duplicates.due = true;
  if (scene === 'rematch_swapped') c.notices = [{ kind: 'hands_swapped', parts: ['right_four', 'left_four'] }];
}

/** The same fingers were recorded before under another NIK; `found_bare`: its portrait is gone and little is on record. */
export function foundBefore(c: Capture, scene: string, poses: Map<string, Pose>): void {
  const bare = scene === 'found_bare';
  poses.set('portrait-earlier', { backdrop: 'biru', tilt: -3, shift: -4 });
  const scores = [96, 104, 71, 58, 121, 88, 92, 64, 22];
  c.notices = [{ kind: 'found_under_another_nik', parts: [] }];
  c.duplicates = {
    ...c.duplicates,
    open: true,
    now: {
      ticket: 'A-016',
      photo: 'kept',
      photoId: 'portrait-3',
      recordedAt: new Date(Date.now() - 150_000).toISOString(),
      recordedBy: 'Dewi Anggraini',
    },
    matches: [
      {
        id: 'a009',
        earlier: {
          ticket: 'A-009',
          photo: bare ? 'removed' : 'kept',
          photoId: bare ? null : 'portrait-earlier',
          recordedAt: '2025-04-10T03:40:00Z',
          recordedBy: bare ? '' : 'Maya Sari',
        },
        state: bare ? 'cancelled' : 'done',
        answer: bare ? null : { key: 'card_issued', raw: 'CARD_ISSUED', asOf: '2025-05-02T04:00:00Z', ready: false },
        handedOverAt: bare ? null : '2025-05-02T03:20:00Z',
        lines: [
          { unsur: 'nik', now: '1804015403089002', earlier: '1806025403089003', same: false },
          { unsur: 'nama', now: 'Siti Rahmawati', earlier: 'Siti Rahmawati', same: true },
          { unsur: 'tempat_lahir', now: 'Krui, 14-03-2008', earlier: 'Krui, 14-03-2008', same: true },
          {
            unsur: 'nomor_kk',
            now: '180401••••••9007',
            earlier: bare ? '' : '180602••••••9011',
            same: bare ? null : false,
          },
          {
            unsur: 'alamat',
            now: 'Jl. Merdeka Gg. Cengkih 7 RT 003 RW 001, Pasar Krui, Pesisir Tengah, Pesisir Barat',
            earlier: bare ? '' : 'Jl. Samudra 21 RT 2 RW 4, Kuripan, Kota Agung, Tanggamus',
            same: bare ? null : false,
          },
        ],
        fingers: [...RIGHT, ...LEFT]
          .filter((finger) => finger !== 'left_little')
          .map((finger, n) => ({ finger, score: scores[n]!, alike: scores[n]! >= c.duplicates.limit })),
      },
    ],
  };
}
