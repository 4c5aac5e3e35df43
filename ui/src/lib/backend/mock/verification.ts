// Step 3 of the twin: form against record. ?part=newer: nothing differs until the finishing key is pressed; then the record has changed.
import type { Backend, DiffRow, IdentityCheck, Verification } from '../contract';
import { nikFindings } from './application';
import { readAloud } from './attestation';
import { momentOf } from './print_desk';
import { refuse, type Visit, type World } from './world';

type Part = Pick<
  Backend,
  | 'verification'
  | 'askCentre'
  | 'chooseSource'
  | 'confirmWarning'
  | 'answerRecorded'
  | 'readCard'
  | 'operatorFinger'
  | 'operatorFingerWitness'
  | 'identityFinger'
  | 'identityWitness'
  | 'markReadAloud'
  | 'finishVerification'
>;

const born = (v: Visit) => (v.values['tanggal_lahir'] ?? '').split('-').reverse().join('-');

interface Checks {
  answer: 'never' | 'elsewhere' | null;
  card: 'not_read' | 'no_card' | 'has_card';
  /** A portrait of this person was recorded here before. */
  onRecord: boolean;
  /** Why "never" stands although it was. */
  never: string | null;
  chosen: Record<string, { source: 'form' | 'record'; note: string }>;
  warned: Record<string, string>;
  read: string | null;
  finger: boolean;
  asked: string | null;
  identity: IdentityCheck;
}
const checks = (v: Visit): Checks =>
  (v.extra['checks'] ??= {
    answer: null,
    card: 'not_read',
    onRecord: false,
    never: null,
    chosen: v.kind === 'luar_domisili' ? {} : { golongan_darah: { source: 'form', note: 'kartu PMI' } },
    warned: {},
    read: null,
    finger: false,
    asked: null,
    identity: {
      state: 'not_tried',
      finger: 'right_index',
      fingers: ['right_index', 'left_index', 'right_thumb'],
      score: null,
      limit: 40,
      tries: 0,
      recordedAt: '2021-03-12T03:00:00Z',
    },
  }) as Checks;
const verification = (v: Visit): Verification => {
  const c = checks(v);
  const before = momentOf() === 'newer' && v.extra['newer'] !== true;
  const diff = (unsur: string, label: string, form: string, record: string, needsProof = false): DiffRow => {
    const chosen = c.chosen[unsur];
    return {
      unsur,
      label,
      form,
      record: before ? form.toUpperCase() : record,
      result:
        before || form.toUpperCase() === record
          ? 'same'
          : chosen
            ? chosen.source
            : form === ''
              ? 'only_record'
              : 'differs',
      note: chosen?.note ?? '',
      needsProof,
    };
  };
  const rows = [
    diff('nik', 'NIK', v.nik, v.nik),
    diff('nomor_kk', 'Nomor KK', '1813012106159004', '1813012106159004'),
    diff('nama', 'Nama lengkap', v.name, v.name.toUpperCase()),
    diff('tempat_lahir', 'Tempat lahir', 'Krui', 'KRUI'),
    diff('tanggal_lahir', 'Tanggal lahir', born(v), born(v)),
    diff(
      'jenis_kelamin',
      'Jenis kelamin',
      v.values['jenis_kelamin'] === '1' ? 'Laki-laki' : 'Perempuan',
      v.values['jenis_kelamin'] === '1' ? 'LAKI-LAKI' : 'PEREMPUAN',
    ),
    diff('golongan_darah', 'Golongan darah', 'O', 'TIDAK TAHU', true),
    diff('alamat', 'Alamat', 'Jl. Merdeka Gg. Cengkih 7', 'JL. MERDEKA'),
    diff('rt', 'RT', '003', '003'),
    diff('rw', 'RW', '001', '001'),
    diff('kelurahan', 'Kel. / pekon', 'Pasar Krui', 'PASAR KRUI'),
    diff('agama', 'Agama', 'Islam', 'ISLAM'),
    diff('status_perkawinan', 'Status kawin', 'Belum kawin', 'BELUM KAWIN'),
    diff('pekerjaan', 'Pekerjaan', 'Pelajar/Mahasiswa', 'BELUM/TIDAK BEKERJA'),
    diff('kewarganegaraan', 'Kewarganegaraan', 'WNI', 'WNI'),
  ];
  const open = rows.filter((r) => r.result === 'differs').length;
  const warnings = [
    {
      rule: 'nik_age',
      text: 'NIK menunjukkan usia di bawah 17 tahun saat KK dicatat.',
      confirmed: c.warned['nik_age'] ?? null,
    },
  ];
  if (momentOf() === 'newer') warnings.length = 0;
  const left = warnings.filter((w) => w.confirmed === null).length;
  const why: Verification['why'] =
    open > 0
      ? { key: 'verification_differences', args: { n: String(open) } }
      : left > 0
        ? { key: 'verification_warnings', args: { n: String(left) } }
        : c.answer === null
          ? { key: 'verification_recorded', args: {} }
          : c.answer === 'never' && c.onRecord && c.never === null
            ? { key: 'never_unexplained', args: {} }
            : null;
  return {
    rows,
    open,
    done: rows.length - open,
    nik: {
      level: v.nik.startsWith('180401') ? 'info' : 'ok',
      parts: [
        { digits: v.nik.slice(0, 2), text: 'Lampung', word: null, sex: null, mark: false },
        {
          digits: v.nik.slice(2, 4),
          text: v.nik.startsWith('1804') ? 'Lampung Barat' : 'Pesisir Barat',
          word: null,
          sex: null,
          mark: false,
        },
        {
          digits: v.nik.slice(4, 6),
          text: v.nik.startsWith('180401') ? '' : 'Pesisir Tengah',
          word: v.nik.startsWith('180401') ? 'old_code' : null,
          sex: null,
          mark: v.nik.startsWith('180401'),
        },
        {
          digits: `${v.nik.slice(6, 8)} ${v.nik.slice(8, 10)} ${v.nik.slice(10, 12)}`,
          text: born(v),
          word: 'sex',
          sex: v.values['jenis_kelamin'] === '1' ? 'male' : 'female',
          mark: false,
        },
        { digits: v.nik.slice(12), text: '', word: 'serial', sex: null, mark: false },
      ],
      findings: nikFindings(v.nik),
    },
    recorded: {
      here: 4212,
      hereHit: c.onRecord,
      centreListAt: new Date(Date.now() - 3 * 864e5).toISOString(),
      centreHit: false,
      answer: c.answer,
      neverBecause: c.never,
      card: c.card,
      cardPhotoId: c.card === 'has_card' ? `card:${v.id}` : null,
      cardUid: c.card === 'has_card' ? '04A217C25D6180' : null,
      recordPhotoId: c.card === 'has_card' && c.onRecord ? `record:${v.id}` : null,
    },
    centre: { state: c.asked ? 'found' : 'not_asked', askedAt: c.asked, cause: null, status: null },
    extract: {
      source: 'centre',
      takenAt: new Date(Date.now() - 3 * 864e5).toISOString(),
      ageDays: 3,
      stale: true,
    },
    papers: [
      { label: 'Formulir F-1.02 ditandatangani', ok: true, state: 'attached' },
      { label: 'Fotokopi KK', ok: true, state: 'attached' },
    ],
    warnings,
    operatorFinger: c.finger
      ? 'done'
      : Object.values(c.chosen).some((x) => x.source === 'record')
        ? 'needed'
        : 'not_needed',
    identity: v.kind === 'hilang' ? c.identity : null,
    next: v.skipped.includes('capture') ? 'print_request' : 'capture',
    readAloudAt: c.read,
    canGoOn: why === null,
    mayChange: v.kind !== 'luar_domisili',
    why,
  };
};

export function verificationMock(world: World): Part {
  const ready = async <T>(make: () => T): Promise<T> => structuredClone(make());

  return {
    verification: (id) => ready(() => verification(world.visit(id))),
    async askCentre(id) {
      const v = world.visit(id);
      checks(v).asked = new Date().toISOString();
      return structuredClone(verification(v));
    },
    async chooseSource(id, unsur, source, note) {
      const v = world.visit(id);
      // Away from home the record's data stay.
      if (source === 'form' && v.kind === 'luar_domisili') refuse('refused_kind_changes_no_data');
      checks(v).chosen[unsur] = { source, note };
      return structuredClone(verification(v));
    },
    async confirmWarning(id, rule, reason) {
      const v = world.visit(id);
      if (reason.trim().length < 3) refuse('reason_needed');
      checks(v).warned[rule] = reason;
      return structuredClone(verification(v));
    },
    async answerRecorded(id, answer, reason) {
      const v = world.visit(id);
      const never = answer === 'never' && checks(v).onRecord;
      if (never && reason.trim() === '') refuse('refused_reason_missing');
      Object.assign(checks(v), { answer, never: never ? reason.trim() : null });
      return structuredClone(verification(v));
    },
    async readCard(id) {
      const v = world.visit(id);
      await new Promise((done) => setTimeout(done, 500));
      // Scenes: an old card lies on the reader, of somebody whose portrait is here or is not.
      if (world.scene === 'bank-card') refuse('not_a_ktpel');
      checks(v).card = world.scene.startsWith('old-card') ? 'has_card' : 'no_card';
      checks(v).onRecord = world.scene === 'old-card-record';
      return structuredClone(verification(v));
    },
    async operatorFinger(id) {
      const v = world.visit(id);
      checks(v).finger = true;
      return structuredClone(verification(v));
    },
    async operatorFingerWitness(id) {
      const v = world.visit(id);
      checks(v).finger = true;
      return structuredClone(verification(v));
    },
    async identityFinger(id, finger) {
      const v = world.visit(id);
      checks(v).identity = { ...checks(v).identity, state: 'matched', finger, score: 118 };
      return structuredClone(verification(v));
    },
    async identityWitness(id) {
      const v = world.visit(id);
      checks(v).identity = { ...checks(v).identity, state: 'witnessed' };
      return structuredClone(verification(v));
    },
    async markReadAloud(id) {
      const v = world.visit(id);
      if (v.step !== 'verification') readAloud.add(world);
      else checks(v).read = new Date().toISOString();
    },
    async finishVerification(id) {
      const v = world.visit(id);
      if (momentOf() === 'newer' && v.extra['newer'] !== true) {
        v.extra['newer'] = true;
        refuse('record_changed');
      }
      return world.advance(v);
    },
  };
}
