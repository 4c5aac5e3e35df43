// Step 5 and the applicant's screen without a shell.
import type { ApplicantScreen, Attestation, Backend, SignatureState } from '../contract';
import { formPageSvg, svgUrl } from './pictures';
import { answered, printed, printsOf } from './prints';
import { longDay, refuse, type Visit, type World } from './world';

type Part = Pick<
  Backend,
  | 'attestation'
  | 'answerData'
  | 'renderForm'
  | 'documentPage'
  | 'printDocument'
  | 'paperPrints'
  | 'answerPrint'
  | 'seal'
  | 'signBySubstitute'
  | 'applicantScreen'
  | 'clearApplicant'
  | 'openApplicantScreen'
>;

/** The signature under the attestation comes in through the capture part of the mock. */
export const signed = new WeakMap<World, NonNullable<SignatureState['source']>>();
/** Reading aloud is said through the verification part of the mock. */
export const readAloud = new WeakSet<World>();

const LINES: Attestation['lines'] = [
  { unsur: 'nama', label: 'Nama', value: 'Siti Rahmawati' },
  { unsur: 'nik', label: 'NIK', value: '1804015403089002' },
  { unsur: 'tempat_lahir', label: 'Lahir', value: 'Krui, 14 Maret 2008' },
  { unsur: 'jenis_kelamin', label: 'Jenis kelamin', value: 'Perempuan' },
  { unsur: 'golongan_darah', label: 'Golongan darah', value: 'O' },
  { unsur: 'alamat', label: 'Alamat', value: 'Jl. Merdeka Gg. Cengkih 7, RT 003 RW 001, Pasar Krui, Pesisir Tengah' },
  { unsur: 'agama', label: 'Agama', value: 'Islam' },
  { unsur: 'status_perkawinan', label: 'Status', value: 'Belum kawin, WNI' },
  { unsur: 'pekerjaan', label: 'Pekerjaan', value: 'Pelajar/Mahasiswa' },
  { unsur: 'nomor_kk', label: 'Nomor KK', value: '1813012106159004' },
  { unsur: 'telepon', label: 'Telepon', value: '0812-0000-0001' },
];
const AT = '2026-11-23T03:43:00Z';
/** The lines of the visit that is open: every applicant of the twin differs from the first in what stands here. */
const linesOf = (v: Visit): Attestation['lines'] =>
  LINES.map((line) => {
    const own: Record<string, string> = {
      nama: v.name,
      nik: v.nik,
      nomor_kk: v.values['nomor_kk'] ?? line.value,
      tempat_lahir: v.values['tanggal_lahir'] ? `Krui, ${longDay(v.values['tanggal_lahir'])}` : line.value,
    };
    return { ...line, value: own[line.unsur] ?? line.value };
  });

/** A moment that is set up by ?part= in the address: answer, wrong, signature, thumb, line, empty, seal, sealed, approve_photo_early, or a view of the applicant's screen. */
export function attestationMock(world: World): Part {
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  const training = world.scene.includes('training');
  let view: ApplicantScreen['view'] = 'confirm_data';
  const a: Attestation = {
    lines: LINES,
    portraitId: 'portrait-3',
    photoApprovedAt: '2026-11-23T03:34:00Z',
    answer: { state: 'none', at: null, note: '', by: null },
    readAloudAt: null,
    signature: { state: 'pending', captureId: null, takenAt: null, source: null },
    substitute: null,
    form: null,
    packet: null,
    exceptions: [],
    photoExceptions: part === 'seal_excused' ? 1 : 0,
    canSeal: false,
    why: null,
  };
  const say = (state: 'correct' | 'wrong', note: string, by: 'screen' | 'operator') => {
    a.answer = { state, at: AT, note, by };
    view = state === 'correct' ? 'sign' : 'wait';
  };
  const sign = (source: NonNullable<SignatureState['source']>) => {
    a.signature = { state: 'done', captureId: 'signature-2', takenAt: AT, source };
    view = 'wait';
  };
  const form = () => (a.form = { documentId: 'doc-1', pages: 1, renderedAt: AT, printedAt: null });
  const seal = () => {
    a.packet = {
      packetId: '019ab2f4-7c11-7d02-9a51-3f2e6b90c1aa',
      sealedAt: AT,
      sequence: 148,
      training,
      parts: [
        { part: 'id', bytes: 214_311, sha256: '8f1c02ab77e4d9105b6a3c88e0f94d21aa5be71c9b34f0d6e2c1458870ad93be' },
        { part: 'bio', bytes: 1_604_882, sha256: '03d7e9c15f82a6b440917cde28be65a1f7c3098bd4ea51260c9df7ab3416e508' },
        { part: 'dok', bytes: 402_117, sha256: 'c64a1e7f9d20b8530e6fa94bd7128c35e01f57a9b2d4c8660713ea9f5db8427c' },
      ],
    };
    view = 'done';
  };
  if (['thumb', 'line', 'empty'].includes(part)) {
    say('correct', '', 'operator');
    view = 'wait';
    a.signature.state = 'exception';
    a.substitute = {
      id: '1',
      part: { other: 'signature' },
      reason: part === 'thumb' ? 'thumb_right' : part,
      words: '',
      permanence: 'permanent',
      returnOn: null,
      photo: 'not_needed',
      photoId: null,
      witness: { name: 'Hendra Saputra', at: AT },
      substitute: null,
      valid: true,
    };
    a.exceptions = [a.substitute];
  }
  if (part === 'wrong') say('wrong', 'Nomor rumah keliru.', 'screen');
  if (['signature', 'seal', 'seal_excused', 'sealed'].includes(part)) say('correct', '', 'screen');
  if (['seal', 'seal_excused', 'sealed'].includes(part)) {
    sign('pen');
    form();
  }
  if (part === 'sealed') seal();
  if (part === 'approve_photo_early') view = 'approve_photo';
  if (['idle', 'wait', 'approve_photo', 'finger_guide', 'iris_guide', 'sign', 'specimen', 'done'].includes(part)) {
    view = part === 'specimen' ? 'sign' : (part as ApplicantScreen['view']);
    if (part === 'sign') say('correct', '', 'screen');
  }
  const answer = (): Promise<Attestation> => {
    if (readAloud.has(world)) a.readAloudAt ??= AT;
    const source = signed.get(world);
    const drawn = !a.substitute || a.substitute.reason === 'line';
    if (source && drawn && a.signature.state !== 'done') sign(source);
    const ready = a.signature.state === 'done' || (!drawn && a.readAloudAt !== null);
    a.canSeal = a.answer.state === 'correct' && ready && a.form !== null && a.packet === null;
    const silent = a.substitute !== null && a.readAloudAt === null;
    const open =
      a.answer.state !== 'correct'
        ? 'not_confirmed'
        : silent
          ? 'not_read_aloud'
          : ready
            ? 'not_rendered'
            : 'not_signed';
    a.why = a.canSeal || a.packet ? null : { key: open, args: {} };
    return Promise.resolve(structuredClone(a));
  };
  return {
    attestation(id) {
      a.lines = linesOf(world.visit(id));
      return answer();
    },
    answerData(_id, state, note, by) {
      say(state, note, by);
      world.tell({ event: 'applicant_changed' });
      return answer();
    },
    renderForm() {
      form();
      return answer();
    },
    documentPage() {
      const of = (unsur: string) => a.lines.find((line) => line.unsur === unsur)?.value ?? '';
      const nik = of('nik').replace(/^(\d{6})(\d{6})/, '$1 $2 ');
      return Promise.resolve(svgUrl(formPageSvg(of('nama'), training, nik, of('tempat_lahir').replace('Krui, ', ''))));
    },
    async printDocument(documentId, reason) {
      const job = printed(world, documentId, reason, { state: 'printing', reason: null, printer: 'Printer Dokumen' });
      if (a.form) a.form.printedAt = AT;
      return job;
    },
    paperPrints: async (documentId) => printsOf(world, documentId),
    answerPrint: async (attempt, cameOut) => answered(world, attempt, cameOut),
    async signBySubstitute() {
      if (!a.substitute) return refuse('no_signature_exception');
      if (a.readAloudAt === null) return refuse('refused_not_read_aloud');
      if (a.substitute.reason === 'line') return refuse('line_not_drawn');
      return answer();
    },
    seal() {
      seal();
      return answer();
    },
    clearApplicant: async () => undefined,
    async applicantScreen() {
      await answer();
      const early = ['approve_photo', 'finger_guide', 'iris_guide'].includes(view) || part === 'specimen';
      const lines = (view === 'confirm_data' || view === 'sign') && !early ? LINES : [];
      return {
        view,
        salutation: 'Ibu Siti',
        step: early ? 4 : 5,
        lines: lines,
        portraitId: 'portrait-3',
        photoApproved: view !== 'approve_photo',
        photoJudged: part !== 'approve_photo_early',
        guide: view === 'finger_guide' ? { slap: 'left_four', finger: null, missing: ['left_little'] } : null,
        answered: a.answer.state,
        next: early ? 'attestation' : 'pickup_slip',
        id: world.visits[0]?.id ?? 'mock',
        line: view === 'sign' && a.substitute?.reason === 'line',
        purpose: view === 'sign' ? (part === 'specimen' ? 'specimen' : 'attestation') : null,
        signed: view === 'sign' && part !== 'specimen' ? a.signature.captureId : null,
      };
    },
    openApplicantScreen() {
      world.applicantOpen = true;
      world.tell({ event: 'applicant_changed' });
      return Promise.resolve();
    },
  };
}
