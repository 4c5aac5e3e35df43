// Words that are typed and not confirmed yet, of the twin: kept with the visit, and gone with the deed, the step and the visit.
import type { Backend, Draft, DraftFor, EyeName, JudgedLine } from '../contract';
import type { Visit, World } from './world';

type Part = Pick<Backend, 'draft' | 'saveDraft'>;

type Says = (args: unknown[]) => [DraftFor, string][];
const LINES: JudgedLine[] = ['eyes_open', 'no_glasses', 'forehead_visible', 'head_upright'];
/** What is asked before a photo goes on that is weak, or of another backdrop: one answer is about both. */
const WEAK_PHOTO: [DraftFor, string][] = [
  ['portrait_note', ''],
  ['backdrop_note', ''],
];
/** What is written about one photo says nothing of another. */
const PHOTO: [DraftFor, string][] = [...WEAK_PHOTO, ...LINES.map((line): [DraftFor, string] => ['excuse_note', line])];
/** What a deed says or makes nobody's, by its arguments. */
const SAYS = {
  confirmWarning: ([, rule]) => [['warning_reason', String(rule)]],
  chooseSource: ([, unsur]) => [['proof_note', String(unsur)]],
  answerRecorded: () => [['never_reason', '']],
  operatorFingerWitness: () => [['operator_witness', '']],
  identityWitness: () => [['identity_witness', '']],
  takePortrait: () => PHOTO,
  choosePortrait: () => PHOTO,
  acceptPortrait: () => WEAK_PHOTO,
  cutPortrait: () => [...PHOTO, ['cut_note', '']],
  excusePortrait: ([, line]) => [['excuse_note', String(line)]],
  captureSlap: ([, slap]) => [['slap_note', String(slap)]],
  acceptSlap: ([, slap]) => [['slap_note', String(slap)]],
  captureIrises: ([, eyes]) => (eyes as EyeName[]).map((eye): [DraftFor, string] => ['eye_note', eye]),
  acceptEye: ([, eye]) => [['eye_note', String(eye)]],
  rematchNote: ([, finger]) => [['rematch_note', String(finger)]],
  answerNotice: ([, kind]) => [['notice_answer', String(kind)]],
  answerData: () => [['dispute_note', '']],
} satisfies Partial<Record<keyof Backend, Says>>;

/** The drafts of where the visit stands now. */
function kept(v: Visit): Record<string, Draft> {
  const at = `${v.step}/${v.state}`;
  if (v.extra['draftsAt'] !== at) Object.assign(v.extra, { draftsAt: at, drafts: {} });
  return v.extra['drafts'] as Record<string, Draft>;
}

export function draftsMock(world: World): Part {
  return {
    async draft(id, what, about) {
      return kept(world.visit(id))[`${what}/${about}`] ?? null;
    },
    async saveDraft(id, what, about, text) {
      const drafts = kept(world.visit(id));
      const key = `${what}/${about}`;
      if (text.trim() === '') delete drafts[key];
      else drafts[key] = { text, savedAt: new Date().toISOString() };
      return drafts[key] ?? null;
    },
  };
}

/** A deed that is done takes its words along. */
export function forgetsDrafts(world: World, backend: Backend): void {
  for (const [name, says] of Object.entries<Says>(SAYS)) {
    const deed = backend[name as keyof Backend] as (...args: unknown[]) => Promise<unknown>;
    const forgets = async (...args: unknown[]): Promise<unknown> => {
      const answer = await deed.apply(backend, args);
      const v = world.visits.find((one) => one.id === args[0]);
      if (v) for (const [what, about] of says(args)) delete kept(v)[`${what}/${about}`];
      return answer;
    };
    Object.assign(backend, { [name]: forgets });
  }
}
