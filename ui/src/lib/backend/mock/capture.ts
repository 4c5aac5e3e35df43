// Step 4 without a shell: the same answers, from memory.
import type { Backend, Capture, ExceptionState, FingerName } from '../contract';
import { ON_GLASS } from '../../../components/capture/hands';
import { signed } from './attestation';
import { foundBefore, setUp } from './capture_moments';
import { draw, drawFrames, penPath } from './capture_pictures';
import { chipFinger, fresh, GOOD, same, settle } from './capture_state';
import { svgUrl, type Pose } from './pictures';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'capture'
  | 'gotoModality'
  | 'preview'
  | 'takePortrait'
  | 'judgePortrait'
  | 'excusePortrait'
  | 'choosePortrait'
  | 'approvePortrait'
  | 'refusePortrait'
  | 'acceptPortrait'
  | 'cutPortrait'
  | 'captureSlap'
  | 'acceptSlap'
  | 'answerNotice'
  | 'findDuplicates'
  | 'stopDuplicates'
  | 'seeApplicant'
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
  | 'finishPad'
  | 'finishCapture'
  | 'image'
>;

const NOW = '2026-11-23T03:40:00Z';

/** Step 4: photo, fingers, irises, signature, re-match, exceptions. */
export function captureMock(world: World): Part {
  const c = fresh();
  const poses = new Map<string, Pose>();
  const scene = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  setUp(c, scene, poses);
  let entered = 100;
  const exception = (id: string) => c.exceptions.find((e) => e.id === id) ?? refuse('not_found', { what: 'exception' });
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
  const clearJudged = () =>
    c.portrait.judged.forEach((j) => Object.assign(j, { ticked: false, excuse: null, by: null, at: null }));
  /** A photo that counts from now on and waits for the applicant. */
  function photo(number: number, reasons: string[]): void {
    const captureId = `portrait-${number}`;
    poses.set(captureId, { backdrop: c.portrait.backdrop.colour });
    for (const a of c.portrait.attempts) Object.assign(a, { best: false, chosen: false });
    if (c.portrait.otherBackdrop) Object.assign(c.portrait, { weak: false, otherBackdrop: null });
    c.portrait.attempts.push({
      captureId,
      number,
      takenAt: NOW,
      good: reasons.length === 0,
      best: true,
      chosen: true,
      reasons,
      judgedReasons: [],
      widthPx: 900,
      heightPx: 1200,
    });
    clearJudged();
    c.portrait.approval = { state: 'waiting', since: NOW, attempt: number };
  }

  return {
    capture: answer,
    gotoModality(_id, modality) {
      c.modality = modality;
      c.trouble = null;
      return answer();
    },
    async preview(role, _id, slap, onFrame) {
      let running = true;
      const frames = await drawFrames(role, c, slap);
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
      photo(c.portrait.attempts.length + 1, []);
      c.portrait.tries += 1;
      return answer();
    },
    judgePortrait(_id, captureId, line, ticked) {
      const { attempts } = c.portrait;
      const counts = attempts.find((a) => a.chosen) ?? attempts.find((a) => a.best);
      if (counts?.captureId !== captureId) refuse('refused_other_portrait');
      const found = c.portrait.judged.find((j) => j.line === line);
      const said = { by: ticked ? 'Dewi Anggraini' : null, at: ticked ? NOW : null };
      if (found) Object.assign(found, { ticked, excuse: null, ...said });
      return answer();
    },
    excusePortrait(_id, line, note, witness, password) {
      if (password === 'salah') refuse('witness_password');
      const found = c.portrait.judged.find((j) => j.line === line);
      const name = c.witnesses.find((w) => w.id === witness)?.name ?? witness;
      const excuse = { note, witness: name };
      if (found) Object.assign(found, { ticked: false, excuse, by: 'Dewi Anggraini', at: NOW });
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
    approvePortrait(_id, _captureId, by) {
      c.portrait.approval.state = by === 'verbal' ? 'verbal' : 'approved';
      return answer();
    },
    refusePortrait() {
      clearJudged();
      c.portrait.approval.state = 'refused';
      return answer();
    },
    acceptPortrait() {
      Object.assign(c.portrait, { weak: false, otherBackdrop: null, accepted: true });
      return answer();
    },
    cutPortrait(_id, _still, _place, _note, _witness, password) {
      if (password === 'salah') refuse('witness_password');
      const number = c.portrait.attempts.length + 1;
      photo(number, ['no_face']);
      Object.assign(c.portrait, { weak: false, accepted: true });
      if (c.portrait.faceless) c.portrait.faceless.newest = false;
      return answer();
    },
    async captureSlap(_id, slap) {
      await wait(400);
      const state = c.slaps.find((s) => s.slap === slap)!;
      state.attempts += 1;
      Object.assign(state, { tries: state.tries + 1, unread: null });
      const taken = ON_GLASS[slap].map(finger).filter((f) => f.state !== 'exception');
      for (const f of taken)
        Object.assign(f, { attempts: f.attempts + 1, state: 'good', captureId: `print-${f.finger}`, quality: GOOD });
      Object.assign(state, { state: 'done', bestAttempt: state.attempts, accepted: 'good' });
      c.notices = c.notices.flatMap((n) =>
        n.kind === 'hands_swapped' ? [{ ...n, parts: n.parts.filter((part) => part !== slap) }] : [],
      );
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
      if (c.duplicates.due && scene === 'rematch_due') foundBefore(c, scene, poses);
      c.duplicates.due = false;
      return answer();
    },
    async stopDuplicates() {},
    answerNotice(_id, kind) {
      c.notices = c.notices.filter((n) => n.kind !== kind);
      if (kind === 'found_under_another_nik') c.duplicates = { ...c.duplicates, open: false };
      return answer();
    },
    seeApplicant() {
      c.mustLook = false;
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
      const reworded = known?.reason === reason && known.permanence === permanence && known.returnOn === returnOn;
      if (reworded && !known.witness) {
        known.words = words;
        return answer();
      }
      const needs = c.exceptionReasons.find((r) => r.code === reason)?.photo ?? false;
      const photo: ExceptionState['photo'] = needs ? 'needed' : 'not_needed';
      const next = {
        // Another choice is an exception of its own: whoever has the one before finds it no more.
        id: `exc-${(entered += 1)}`,
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
      else c.exceptions.push(next);
      return answer();
    },
    async exceptionPhoto(_id, exceptionId) {
      await wait(200);
      Object.assign(exception(exceptionId), { photo: 'taken', photoId: 'hand-1' });
      return answer();
    },
    async witnessException(_id, exceptionId, witnessId, password) {
      if (password === 'salah') refuse('witness_password');
      const w = c.witnesses.find((x) => x.id === witnessId)!;
      exception(exceptionId).witness = { name: w.name, at: NOW };
      return answer();
    },
    async removeException(_id, exceptionId) {
      const gone = exception(exceptionId);
      c.exceptions = c.exceptions.filter((e) => e.id !== exceptionId);
      for (const f of c.fingers) if (same(gone.part, { finger: f.finger })) f.state = 'pending';
      for (const e of c.eyes) if (same(gone.part, { eye: e.eye })) e.state = 'pending';
      return answer();
    },
    saveSignature(_id, purpose, source) {
      if (purpose === 'specimen') c.signature = { state: 'done', captureId: 'signature-1', takenAt: NOW, source };
      else signed.set(world, source);
      world.tell({ event: 'applicant_changed' });
      return answer();
    },
    finishPad() {
      world.pen = false;
      return Promise.resolve();
    },
    async padSignature(_id, purpose) {
      const path = penPath();
      world.pen = true;
      for (let i = 0; i < path.length && world.pen; i += 6) {
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
