// Step 4 without a shell: the same answers, from memory. ?part= in the address sets up a moment that is worth looking at.
import type {
  Backend,
  BodyPart,
  Capture,
  ExceptionState,
  EyeName,
  FingerName,
  FingerState,
  Modality,
  PreviewMeasure,
  RematchFinger,
  SlapName,
  StrokePoint,
} from '../contract';
import { LEFT, ON_GLASS, RIGHT, slapOf } from '../../../components/capture/hands';
import { signed } from './attestation';
import {
  irisPairSvg,
  irisSvg,
  portraitSvg,
  printSvg,
  signatureSvg,
  slapSvg,
  svgToJpeg,
  svgUrl,
  type DrawnFinger,
  type Pose,
} from './pictures';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'capture'
  | 'gotoModality'
  | 'preview'
  | 'takePortrait'
  | 'judgePortrait'
  | 'choosePortrait'
  | 'approvePortrait'
  | 'refusePortrait'
  | 'captureSlap'
  | 'acceptSlap'
  | 'answerNotice'
  | 'findDuplicates'
  | 'stopDuplicates'
  | 'answerLens'
  | 'captureIrises'
  | 'acceptEye'
  | 'rematch'
  | 'rematchNote'
  | 'changeChipFinger'
  | 'cancelDevice'
  | 'putException'
  | 'exceptionPhoto'
  | 'witnessException'
  | 'removeException'
  | 'saveSignature'
  | 'padSignature'
  | 'finishCapture'
  | 'image'
>;

const FINGERS: FingerName[] = [...RIGHT, ...LEFT];
const ORDER: Modality[] = ['portrait', 'fingers', 'irises', 'signature', 'rematch'];
const NOW = '2026-11-23T03:40:00Z';
/** A desk time in WIB. */
const desk = (hhmm: string) => `2026-11-23T${hhmm.replace('.', ':')}:00+07:00`;
const GOOD = { score: 78, source: 'rekam', reasons: [], good: true } as FingerState['quality'];

/** Step 4: photo, fingers, irises, signature, re-match, exceptions. */
export function captureMock(world: World): Part {
  const c = fresh();
  const poses = new Map<string, Pose>();
  const scene = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  setUp(c, scene, poses);
  let stop: (() => void) | null = null;
  const wait = (ms: number) =>
    new Promise<void>((done, fail) => {
      const timer = setTimeout(done, ms);
      stop = () => {
        clearTimeout(timer);
        fail({ code: 'cancelled', key: 'cancelled', tone: 'hold', args: {} });
      };
    });
  const answer = (): Promise<Capture> => Promise.resolve(structuredClone(settle(c)));
  const finger = (name: FingerName) => c.fingers.find((f) => f.finger === name)!;
  const clearJudged = () => c.portrait.judged.forEach((j) => Object.assign(j, { ticked: false, by: null, at: null }));

  return {
    capture: answer,
    gotoModality(_id, modality) {
      c.modality = modality;
      c.trouble = null;
      return answer();
    },
    async preview(role, _id, onFrame) {
      let running = true;
      const frames = await drawFrames(role, c);
      void (async () => {
        for (let seq = 0; running; seq += 1) {
          const frame = frames[seq % frames.length]!;
          await onFrame({ ...frame.measure, seq, at: seq * 66 }, frame.jpeg);
          await new Promise((done) => setTimeout(done, 66));
        }
      })();
      return () => {
        running = false;
        return Promise.resolve();
      };
    },
    async takePortrait() {
      await wait(150);
      const number = c.portrait.attempts.length + 1;
      const captureId = `portrait-${number}`;
      poses.set(captureId, { backdrop: c.portrait.backdrop.colour });
      for (const a of c.portrait.attempts) Object.assign(a, { best: false, chosen: false });
      c.portrait.attempts.push({
        captureId,
        number,
        takenAt: NOW,
        good: true,
        best: true,
        chosen: true,
        reasons: [],
        judgedReasons: [],
        widthPx: 900,
        heightPx: 1200,
      });
      clearJudged();
      c.portrait.approval = { state: 'waiting', since: NOW, attempt: number };
      return answer();
    },
    judgePortrait(_id, line, ticked) {
      const found = c.portrait.judged.find((j) => j.line === line);
      if (found) Object.assign(found, { ticked, by: ticked ? 'Dewi Anggraini' : null, at: ticked ? NOW : null });
      return answer();
    },
    choosePortrait(_id, captureId) {
      for (const a of c.portrait.attempts) a.chosen = a.captureId === captureId;
      clearJudged();
      c.portrait.approval = {
        state: 'waiting',
        since: NOW,
        attempt: c.portrait.attempts.find((a) => a.chosen)?.number ?? null,
      };
      return answer();
    },
    approvePortrait(_id, by) {
      c.portrait.approval.state = by === 'verbal' ? 'verbal' : 'approved';
      return answer();
    },
    refusePortrait() {
      c.portrait.approval.state = 'refused';
      return answer();
    },
    async captureSlap(_id, slap) {
      await wait(400);
      const state = c.slaps.find((s) => s.slap === slap)!;
      state.attempts += 1;
      const taken = ON_GLASS[slap].map(finger).filter((f) => f.state !== 'exception');
      for (const f of taken)
        Object.assign(f, { attempts: f.attempts + 1, state: 'good', captureId: `print-${f.finger}`, quality: GOOD });
      Object.assign(state, { state: 'done', bestAttempt: state.attempts, accepted: 'good' });
      c.notices = [];
      return {
        capture: await answer(),
        accepted: true,
        attempt: state.attempts,
        advice: null,
        fingers: taken.map((f) => ({ finger: f.finger, captureId: f.captureId!, quality: f.quality! })),
      };
    },
    acceptSlap(_id, slap) {
      Object.assign(
        c.slaps.find((s) => s.slap === slap)!,
        { state: 'done', accepted: 'with_note' },
      );
      for (const name of ON_GLASS[slap]) if (finger(name).state === 'weak') finger(name).state = 'accepted_low';
      return answer();
    },
    findDuplicates() {
      c.duplicates.due = false;
      return answer();
    },
    async stopDuplicates() {},
    answerNotice(_id, kind) {
      c.notices = c.notices.filter((n) => n.kind !== kind);
      return answer();
    },
    answerLens(_id, worn) {
      c.lensAnswer = { worn, at: NOW };
      return answer();
    },
    async captureIrises(_id, eyes) {
      await wait(400);
      for (const e of c.eyes.filter((x) => eyes.includes(x.eye) && x.state !== 'exception')) {
        e.attempts.push({ number: e.attempts.length + 1, at: NOW, reasons: [], good: true });
        Object.assign(e, { state: 'good', captureId: `iris-${e.eye}`, quality: { ...GOOD, source: 'device' } });
      }
      return answer();
    },
    acceptEye(_id, eye) {
      c.eyes.find((e) => e.eye === eye)!.state = 'accepted_low';
      return answer();
    },
    async rematch(_id, name) {
      await wait(300);
      const r = c.rematch.find((x) => x.finger === name)!;
      r.attempts.push({ number: r.attempts.length + 1, at: NOW, score: 118, reasons: [] });
      Object.assign(r, { state: 'matched', nowId: `now-${name}` });
      return answer();
    },
    rematchNote(_id, name, _note, _witness, password) {
      if (password === 'salah') refuse('witness_password');
      c.rematch.find((x) => x.finger === name)!.state = 'noted';
      return answer();
    },
    changeChipFinger(_id, chip, name) {
      c.rematch = c.rematch.map((r) => (r.chip === chip ? chipFinger(name, chip) : r));
      return answer();
    },
    cancelDevice() {
      stop?.();
      return Promise.resolve();
    },
    putException(_id, part, reason, permanence, returnOn, words) {
      const known = c.exceptions.find((e) => same(e.part, part));
      const needs = c.exceptionReasons.find((r) => r.code === reason)?.photo ?? false;
      const photo: ExceptionState['photo'] = needs ? (known?.photo === 'taken' ? 'taken' : 'needed') : 'not_needed';
      const next = {
        part,
        reason,
        words,
        permanence,
        returnOn,
        photo,
        photoId: null,
        witness: null,
        substitute: null,
        valid: false,
      };
      if (known) Object.assign(known, next);
      else c.exceptions.push({ id: `exc-${c.exceptions.length + 1}`, ...next });
      return answer();
    },
    async exceptionPhoto(_id, exceptionId) {
      await wait(200);
      Object.assign(
        c.exceptions.find((e) => e.id === exceptionId)!,
        { photo: 'taken', photoId: 'hand-1' },
      );
      return answer();
    },
    async witnessException(_id, exceptionId, witnessId, password) {
      if (password === 'salah') refuse('witness_password');
      const w = c.witnesses.find((x) => x.id === witnessId)!;
      c.exceptions.find((e) => e.id === exceptionId)!.witness = { name: w.name, at: NOW };
      return answer();
    },
    removeException(_id, exceptionId) {
      const gone = c.exceptions.find((e) => e.id === exceptionId);
      c.exceptions = c.exceptions.filter((e) => e.id !== exceptionId);
      for (const f of c.fingers) if (gone && same(gone.part, { finger: f.finger })) f.state = 'pending';
      for (const e of c.eyes) if (gone && same(gone.part, { eye: e.eye })) e.state = 'pending';
      return answer();
    },
    saveSignature(_id, purpose, source) {
      if (purpose === 'specimen') c.signature = { state: 'done', captureId: 'signature-1', takenAt: NOW, source };
      else signed.set(world, source);
      world.tell({ event: 'applicant_changed' });
      return answer();
    },
    async padSignature(_id, purpose) {
      const path = penPath();
      for (let i = 0; i < path.length; i += 6) {
        await wait(30);
        world.tell({ event: 'pad_stroke', points: path.slice(i, i + 6) });
      }
      if (purpose === 'specimen')
        c.signature = { state: 'done', captureId: 'signature-1', takenAt: NOW, source: 'topaz' };
      else signed.set(world, 'topaz');
      return answer();
    },
    finishCapture: async (id) =>
      settle(c).canFinish ? world.advance(world.visit(id)) : refuse('capture_not_finished'),
    image: (captureId) => Promise.resolve(svgUrl(draw(captureId, poses, c))),
  };
}

const same = (a: BodyPart, b: BodyPart) => JSON.stringify(a) === JSON.stringify(b);

function chipFinger(finger: FingerName, chip: number): RematchFinger {
  return {
    finger,
    chip,
    state: 'pending',
    recordedId: `print-${finger}`,
    nowId: null,
    limit: 40,
    attempts: [],
    device: 'Pemindai 4 jari',
    belowEnrolment: false,
  };
}

function fresh(): Capture {
  const reason = (part: 'finger' | 'eye' | 'signature', code: string, label: string, photo = false) => ({
    part,
    code,
    label,
    photo,
  });
  return {
    readAloudAt: null,
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
        by: null,
        at: null,
      })),
      backdrop: { colour: 'biru', birthYear: 2008 },
      approval: { state: 'none', since: null, attempt: null },
    },
    slaps: (['right_four', 'left_four', 'thumbs'] as SlapName[]).map((slap) => ({
      slap,
      state: 'pending',
      attempts: 0,
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
      reason('finger', 'unreadable', 'Tidak terbaca, sudah 3 kali'),
      reason('finger', 'stiff', 'Kaku, tidak bisa ditempelkan'),
      reason('eye', 'missing', 'Tidak ada, atau tidak melihat'),
      reason('eye', 'bandaged', 'Perban sesudah operasi'),
      reason('eye', 'unreadable', 'Tidak terbaca, sudah 3 kali'),
      reason('eye', 'lid_closed', 'Kelopak tidak bisa dibuka'),
      reason('signature', 'thumb_right', 'Cap jempol kanan'),
      reason('signature', 'thumb_left', 'Cap jempol kiri'),
      reason('signature', 'line', 'Garis di papan'),
      reason('signature', 'empty', 'Dikosongkan, dengan saksi'),
    ],
    devices: (
      ['camera', 'signature_pad', 'fingerprint_scanner', 'iris_scanner', 'card_reader', 'document_printer'] as const
    ).map((role) => ({ role, state: 'ready' })),
    trouble: null,
    notices: [],
    duplicates: { due: false, open: false, limit: 40, matches: [] },
    saved: [],
    canFinish: false,
    why: null,
  };
}

/** Brings everything that follows from the parts up to date: exceptions, tabs, what is open. */
function settle(c: Capture): Capture {
  for (const e of c.exceptions) {
    e.valid = e.witness !== null && e.photo !== 'needed' && (e.permanence === 'permanent' || e.returnOn !== null);
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
      p.judged.every((j) => j.ticked) &&
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

function setUp(c: Capture, scene: string, poses: Map<string, Pose>): void {
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
    'fingers',
    'trouble',
    'notice',
    'irises_ask',
    'irises',
    'exceptions',
    'signature',
    'rematch',
    'rematch_done',
  ];
  if (!SCENES.includes(scene)) return;
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
  c.portrait.judged.forEach((j, i) =>
    Object.assign(j, { ticked: i < 3 || scene !== 'portrait', by: 'Dewi Anggraini', at: desk('10.32') }),
  );
  c.portrait.approval = { state: scene === 'portrait' ? 'waiting' : 'approved', since: desk('10.32'), attempt: 3 };
  if (scene === 'portrait') return;

  c.modality = 'fingers';
  good('right_index', 'right_middle', 'right_little');
  weak('right_ring', 'accepted_low', 3, 'dry', 38);
  Object.assign(c.slaps[0]!, { state: 'done', attempts: 3, bestAttempt: 2, accepted: 'with_note' });
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
  c.slaps[1]!.attempts = 1;
  if (scene === 'fingers') return void weak('left_index', 'weak', 1, 'low_pressure', 31);
  if (scene === 'notice')
    return void (c.notices = [{ kind: 'same_finger_twice', parts: ['right_index', 'left_index'] }]);
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
      { label: 'rest', args: {}, at: null, state: 'todo' },
    ];
    return;
  }
  good('left_index', 'left_middle', 'left_ring', 'left_thumb', 'right_thumb');
  for (const s of c.slaps.slice(1)) Object.assign(s, { state: 'done', attempts: 1, bestAttempt: 1, accepted: 'good' });
  c.modality = 'irises';
  if (scene === 'irises_ask') return;
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
    scene === 'rematch'
      ? { state: 'not_yet', nowId: 'now-left_index', attempts: two }
      : {
          state: 'matched',
          nowId: 'now-left_index',
          attempts: [{ number: 1, at: desk('10.40'), score: 96, reasons: [] }],
        },
  );
}

const RIDGE = { index: 'b', middle: 'e', ring: 'c', little: 'd', thumb: 'a' } as const;
const ridge = (name: string) => RIDGE[(name.split('_')[1] ?? 'index') as keyof typeof RIDGE] ?? 'b';

function draw(captureId: string, poses: Map<string, Pose>, c: Capture): string {
  if (captureId.startsWith('portrait'))
    return portraitSvg(600, 800, poses.get(captureId) ?? { backdrop: c.portrait.backdrop.colour });
  if (captureId.startsWith('iris')) return irisSvg(640, 410);
  if (captureId.startsWith('signature')) return signatureSvg();
  if (captureId === 'now-left_index' && c.rematch.some((r) => r.state === 'not_yet'))
    return printSvg('b', { rotate: -16, ink: 0.4, tipOnly: true });
  if (captureId.startsWith('now-')) return printSvg(ridge(captureId.slice(4)), { rotate: 6, ink: 0.88 });
  if (captureId.startsWith('hand')) return slapSvg(600, 420, [null, null, null, null]);
  return printSvg(ridge(captureId.replace('print-', '')));
}

type Still = Omit<PreviewMeasure, 'seq' | 'at'>;

async function drawFrames(role: string, c: Capture): Promise<{ measure: Still; jpeg: Blob }[]> {
  const plain: Still = { droppedBefore: 0, face: null, checks: [], advice: null, iris: null };
  if (role === 'camera') {
    const bad = c.portrait.attempts.length > 0 && c.portrait.approval.state === 'waiting';
    const checks = c.portrait.measured.map((m) =>
      bad && m.check === 'light' ? { ...m, ok: false, value: 'dark_left', advice: 'dark_left' } : m,
    );
    const measure: Still = {
      ...plain,
      face: { x: 0.32, y: 0.2, w: 0.36, h: 0.62 },
      advice: bad ? 'dark_left' : null,
      checks,
    };
    return Promise.all(
      [0, 1].map(async (shift) => ({
        measure,
        jpeg: await svgToJpeg(
          portraitSvg(960, 720, { backdrop: c.portrait.backdrop.colour, darkLeft: bad, shift }, 'meet'),
          960,
          720,
        ),
      })),
    );
  }
  if (role === 'iris_scanner') {
    const lid = c.eyes.some((e) => e.eye === 'left' && e.state === 'weak');
    const measure: Still = {
      ...plain,
      advice: lid ? 'lid_covers' : null,
      iris: { distanceCm: c.lensAnswer ? 18 : null, eye: lid ? 'left' : null },
    };
    return Promise.all(
      [1, 0.94].map(async (opening) => ({
        measure,
        jpeg: await svgToJpeg(irisPairSvg(1280, 411, lid, opening), 1280, 411),
      })),
    );
  }
  const slap = c.slaps.find((s) => s.state === 'current')?.slap ?? 'left_four';
  const state = (name: FingerName) => c.fingers.find((f) => f.finger === name)?.state;
  const drawn: DrawnFinger[] = ON_GLASS[slap].map((name) =>
    state(name) === 'exception' ? null : { ridge: ridge(name), ink: state(name) === 'weak' ? 0.38 : 0.92 },
  );
  const low = c.fingers.some((f) => slapOf(f.finger) === slap && f.state === 'weak');
  return [
    {
      measure: { ...plain, advice: low ? 'low_pressure' : null },
      jpeg: await svgToJpeg(slapSvg(756, 524, drawn), 756, 524),
    },
  ];
}

function penPath(): StrokePoint[] {
  return Array.from({ length: 61 }, (_, i) => {
    const u = i / 60;
    return {
      x: 0.15 + 0.7 * u,
      y: 0.2 + 0.1 * Math.sin(u * 22) * (1 - u * 0.5),
      t: i * 16,
      p: 0.4 + 0.3 * Math.sin(u * 9) ** 2,
      down: i < 60,
    };
  });
}
