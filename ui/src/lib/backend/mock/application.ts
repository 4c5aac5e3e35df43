// Queue and steps 1 to 3 of the twin.
import type {
  Backend,
  DiffRow,
  Finding,
  Form,
  FormField,
  IdentityCheck,
  Queue,
  QueueRow,
  Requirements,
  Role,
  Step,
  Verification,
} from '../contract';
import { readAloud } from './attestation';
import { fill, SITI } from './people';
import { FIELDS, KINDS, RESIDENTS, STANDARD, WILAYAH, rowsOf, type Spec } from './tables';
import { ORDER, refuse, type Visit, type World } from './world';

type Part = Pick<
  Backend,
  | 'queue'
  | 'search'
  | 'kinds'
  | 'open'
  | 'permohonan'
  | 'take'
  | 'cancel'
  | 'resume'
  | 'pause'
  | 'goBack'
  | 'form'
  | 'saveField'
  | 'prefill'
  | 'residentSuggest'
  | 'residentFamily'
  | 'codes'
  | 'wilayahSearch'
  | 'submitForm'
  | 'requirements'
  | 'setRequirement'
  | 'photographRequirement'
  | 'acceptRequirements'
  | 'returnToApplicant'
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
const ROLE_STEPS: Record<Role | 'all', Step[]> = {
  all: ORDER,
  supervisor: ORDER,
  operator: ['verification', 'capture', 'attestation'],
  register_officer: ['form', 'requirements'],
  customer_service: ['status'],
  printing: ['print'],
};

function nikFindings(nik: string): Finding[] {
  const finding = (level: Finding['level'], rule: string, text: string) => [{ level, rule, text }];
  if (nik === '') return [];
  if (!/^\d{16}$/.test(nik)) return finding('hard', 'nik_length', `NIK harus 16 angka, baru ${nik.length}.`);
  const day = Number(nik.slice(6, 8));
  if (day < 1 || (day > 31 && day < 41) || day > 71)
    return finding('hard', 'nik_day', 'Angka ke-7 dan 8 bukan tanggal lahir.');
  return nik.startsWith('180401')
    ? finding(
        'info',
        'nik_retired',
        'Kode 18.04.01 dipakai sebelum pemekaran 2012 dan kini masuk Pesisir Barat. NIK tidak pernah berubah, jadi tidak perlu diperbaiki.',
      )
    : [];
}

export function applicationMock(world: World): Part {
  fill(world);
  const changed = (v: Visit) => world.tell({ event: 'permohonan_changed', id: v.id });
  const saved = new Map<string, string>();
  let next = 22;

  const shown = (spec: Spec, value: string) => {
    if (spec[2] === 'code') return rowsOf(spec[4]!).find((r) => r.code === value)?.label ?? '';
    if (spec[2] === 'wilayah') {
      const place = WILAYAH.find((w) => w.code === value);
      return place ? `${place.name}, ${place.path}` : '';
    }
    return value;
  };
  const field = (v: Visit, spec: Spec): FormField => {
    const [unsur, label, input, required, table] = spec;
    const value = v.values[unsur] ?? '';
    return {
      unsur,
      label,
      value,
      shown: shown(spec, value),
      input,
      table: table ?? null,
      required,
      findings: unsur === 'nik' ? nikFindings(value) : [],
      savedAt: saved.get(`${v.id}/${unsur}`) ?? null,
    };
  };
  const form = (v: Visit): Form => {
    const fields = FIELDS.map((spec) => field(v, spec));
    const missing = fields.filter((f) => f.required && f.value === '').length;
    const hard = fields.some((f) => f.findings.some((x) => x.level === 'hard'));
    return {
      id: v.id,
      kind: v.kind,
      kindLabel: v.kindLabel,
      fields,
      prefilledFrom: v.extra['prefilled']
        ? { source: 'district', takenAt: new Date(Date.now() - 3 * 864e5).toISOString() }
        : null,
      canSubmit: missing === 0 && !hard,
      why:
        missing > 0
          ? { key: 'form_missing', args: { n: String(missing) } }
          : hard
            ? { key: 'form_hard', args: { n: '1' } }
            : null,
    };
  };
  const row = (v: Visit): QueueRow => {
    const standardSeconds = STANDARD[v.step];
    const waitingSeconds = v.used[v.step] ?? 0;
    return {
      id: v.id,
      ticket: v.ticket,
      name: v.name,
      maskedNik: v.nik === '' ? '' : `${v.nik.slice(0, 6)}••••••${v.nik.slice(12)}`,
      kind: v.kind,
      printFrom: v.printFrom,
      step: v.step,
      waitingSeconds,
      standardSeconds,
      late: waitingSeconds > standardSeconds,
      with: v.with,
      state: v.state === 'returned' || v.state === 'held' ? v.state : 'open',
      detail: {
        sex: v.nik === '' ? null : Number(v.nik.slice(6, 8)) > 40 ? 'female' : 'male',
        age: v.nik === '' ? null : (126 - Number(v.nik.slice(10, 12))) % 100,
        place: v.place,
        kept: v.step === 'capture' && v.resumedFrom ? 1 : 0,
      },
    };
  };
  const live = () => world.visits.filter((v) => v.state === 'open' || v.state === 'held' || v.state === 'returned');

  const papers = (v: Visit): Requirements => {
    const own = (v.extra['papers'] ??= {}) as Record<
      string,
      { seen: boolean; note: string; pages: { captureId: string }[] }
    >;
    const kind = KINDS.find((k) => k.kind === v.kind) ?? KINDS[0]!;
    const items = kind.papers.map((label, n) => {
      const id = `p${n}`;
      const has = own[id];
      return {
        id,
        label,
        required: true,
        state: has?.pages.length ? ('attached' as const) : has?.seen ? ('seen' as const) : ('missing' as const),
        pages: has?.pages ?? [],
        note: has?.note ?? '',
      };
    });
    const left = items.filter((i) => i.state === 'missing').length;
    return {
      items,
      canAccept: left === 0,
      why:
        left > 0
          ? {
              key: 'papers_missing',
              args: { count: String(left), first: items.find((i) => i.state === 'missing')?.label ?? '' },
            }
          : null,
      reasons: [
        { code: 'kk_lama', text: 'KK belum diperbarui' },
        { code: 'formulir_kosong', text: 'Formulir belum ditandatangani' },
        { code: 'surat_kurang', text: 'Surat pengantar yang diwajibkan belum ada' },
        { code: 'usia', text: 'Usia belum 16 tahun dan belum pernah kawin' },
        { code: 'tidak_terbaca', text: 'Fotokopi tidak terbaca' },
      ],
      age: { years: 18, months: 8, mayPrint: true, mayRecord: true },
    };
  };
  interface Checks {
    answer: 'never' | 'elsewhere' | null;
    card: 'not_read' | 'no_card' | 'has_card';
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
      chosen: { golongan_darah: { source: 'form', note: 'kartu PMI' } },
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
    const diff = (unsur: string, label: string, form: string, record: string, needsProof = false): DiffRow => {
      const chosen = c.chosen[unsur];
      return {
        unsur,
        label,
        form,
        record,
        result: form.toUpperCase() === record ? 'same' : chosen ? chosen.source : 'differs',
        note: chosen?.note ?? '',
        needsProof,
      };
    };
    const rows = [
      diff('nik', 'NIK', v.nik, v.nik),
      diff('nomor_kk', 'Nomor KK', '1813012106150004', '1813012106150004'),
      diff('nama', 'Nama lengkap', v.name, v.name.toUpperCase()),
      diff('tempat_lahir', 'Tempat, tgl lahir', `Krui, ${born(v)}`, `KRUI, ${born(v)}`),
      diff(
        'jenis_kelamin',
        'Jenis kelamin',
        v.values['jenis_kelamin'] === '1' ? 'Laki-laki' : 'Perempuan',
        v.values['jenis_kelamin'] === '1' ? 'LAKI-LAKI' : 'PEREMPUAN',
      ),
      diff('golongan_darah', 'Golongan darah', 'O', 'TIDAK TAHU', true),
      diff('alamat', 'Alamat', 'Jl. Merdeka Gg. Cengkih 7', 'JL. MERDEKA'),
      diff('rt', 'RT / RW', '003 / 001', '003 / 001'),
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
    const left = warnings.filter((w) => w.confirmed === null).length;
    const why: Verification['why'] =
      open > 0
        ? { key: 'verification_differences', args: { n: String(open) } }
        : left > 0
          ? { key: 'verification_warnings', args: { n: String(left) } }
          : c.answer === null
            ? { key: 'verification_recorded', args: {} }
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
        hereHit: false,
        centreListAt: new Date(Date.now() - 3 * 864e5).toISOString(),
        centreHit: false,
        answer: c.answer,
        card: c.card,
        cardPhotoId: null,
      },
      centre: { state: c.asked ? 'found' : 'not_asked', askedAt: c.asked, cause: null, status: null },
      extract: {
        source: 'district',
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
      readAloudAt: c.read,
      canGoOn: why === null,
      why,
    };
  };
  const ready = async <T>(make: () => T): Promise<T> => structuredClone(make());

  return {
    queue: async (role): Promise<Queue> => {
      const all = live()
        .filter((v) => ROLE_STEPS[role].includes(v.step))
        .map(row)
        .sort((a, b) => b.waitingSeconds - b.standardSeconds - (a.waitingSeconds - a.standardSeconds));
      const count = (r: Role | 'all') => live().filter((v) => ROLE_STEPS[r].includes(v.step)).length;
      return {
        tabs: (['operator', 'register_officer', 'customer_service', 'printing', 'all'] as const).map((r) => ({
          role: r,
          count: count(r),
        })),
        mine: all.filter((r) => r.with === null),
        others: all.filter((r) => r.with !== null),
        perStep: ORDER.map((step) => ({
          step,
          count: live().filter((v) => v.step === step).length,
          late: live().filter((v) => v.step === step && row(v).late).length,
        })),
        serving: live().length,
        late: live().filter((v) => row(v).late).length,
        today: { recorded: 23, printed: 0, handedOver: 0, averageMinutes: 41 },
        expired: world.expired,
        expireDays: 90,
      };
    },
    search: async (text) => {
      const q = text.toLowerCase();
      return {
        rows: world.visits.filter((v) => `${v.ticket} ${v.name} ${v.nik}`.toLowerCase().includes(q)).map(row),
        residents: RESIDENTS.filter((r) => `${r.nik} ${r.name}`.toLowerCase().includes(q)),
      };
    },
    kinds: async () => structuredClone(KINDS),
    async open(kind) {
      const option = KINDS.find((k) => k.kind === kind) ?? KINDS[0]!;
      const n = (next += 1);
      const v: Visit = {
        id: `a0${n}`,
        ticket: `A-0${n}`,
        name: '',
        nik: '',
        kind: option.kind,
        kindLabel: option.label,
        printFrom: null,
        state: 'open',
        step: 'form',
        used: { form: 0 },
        skipped: option.recordsBiometrics ? [] : ['capture', 'attestation'],
        with: null,
        place: '',
        resumedFrom: null,
        returned: null,
        applicantScreen: 'wait',
        values: {},
        extra: {},
      };
      world.visits.push(v);
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },
    permohonan: async (id) => world.view(world.visit(id)),
    async take(id) {
      const v = world.visit(id);
      v.with = null;
      return world.view(v);
    },
    async cancel(id) {
      const v = world.visit(id);
      v.state = 'cancelled';
      return world.view(v);
    },
    async resume(id) {
      const v = world.visit(id);
      v.state = 'open';
      v.returned = null;
      return world.view(v);
    },
    pause: async (id) => world.view(world.visit(id)),
    async goBack(id, to) {
      const v = world.visit(id);
      v.step = to;
      return world.view(v);
    },

    form: (id) => ready(() => form(world.visit(id))),
    async saveField(id, unsur, value) {
      const v = world.visit(id);
      const spec = FIELDS.find((f) => f[0] === unsur) ?? refuse('invalid', { what: unsur });
      v.values[unsur] = spec[2] === 'nik' || spec[2] === 'kk' ? value.replace(/[\s.-]/g, '') : value;
      const at = new Date().toISOString();
      saved.set(`${id}/${unsur}`, at);
      if (unsur === 'nama') v.name = value;
      if (unsur === 'nik') v.nik = v.values[unsur]!;
      const now = form(v);
      return { field: field(v, spec), savedAt: at, canSubmit: now.canSubmit, why: now.why, name: v.name, nik: v.nik };
    },
    async prefill(id, nik) {
      const v = world.visit(id);
      const hit = RESIDENTS.find((r) => r.nik === nik) ?? refuse('resident_unknown');
      v.values = { ...v.values, ...SITI, nik, nama: hit.name, tanggal_lahir: hit.born };
      v.name = hit.name;
      v.nik = nik;
      v.extra['prefilled'] = true;
      for (const [unsur] of FIELDS) if (v.values[unsur]) saved.set(`${id}/${unsur}`, new Date().toISOString());
      changed(v);
      return structuredClone(form(v));
    },
    residentSuggest: async (text) => RESIDENTS.filter((r) => r.name.startsWith(text.toUpperCase())),
    residentFamily: async (kk) => RESIDENTS.filter((r) => r.kk === kk),
    codes: async (table) => rowsOf(table),
    wilayahSearch: async (text) =>
      WILAYAH.filter((w) => `${w.name} ${w.path}`.toLowerCase().includes(text.toLowerCase())),
    async submitForm(id) {
      const v = world.visit(id);
      const now = form(v);
      if (!now.canSubmit) refuse(now.why?.key ?? 'not_now', now.why?.args ?? {});
      return world.advance(v);
    },

    requirements: (id) => ready(() => papers(world.visit(id))),
    async setRequirement(id, item, seen, note) {
      const v = world.visit(id);
      papers(v);
      const own = v.extra['papers'] as Record<string, { seen: boolean; note: string; pages: { captureId: string }[] }>;
      own[item] = { pages: [], ...own[item], seen, note };
      if (!seen) own[item]!.pages = [];
      return structuredClone(papers(v));
    },
    async photographRequirement(id, item) {
      const v = world.visit(id);
      papers(v);
      const own = v.extra['papers'] as Record<string, { seen: boolean; note: string; pages: { captureId: string }[] }>;
      const has = (own[item] ??= { seen: true, note: '', pages: [] });
      has.seen = true;
      has.pages.push({ captureId: `paper-${item}-${has.pages.length + 1}` });
      return structuredClone(papers(v));
    },
    acceptRequirements: async (id) => world.advance(world.visit(id)),
    async returnToApplicant(id, reasons, note) {
      const v = world.visit(id);
      v.state = 'returned';
      v.returned = { reasons, note, at: new Date().toISOString(), documentId: 'doc-slip', hasSlipPrinter: true };
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },

    verification: (id) => ready(() => verification(world.visit(id))),
    async askCentre(id) {
      const v = world.visit(id);
      checks(v).asked = new Date().toISOString();
      return structuredClone(verification(v));
    },
    async chooseSource(id, unsur, source, note) {
      const v = world.visit(id);
      checks(v).chosen[unsur] = { source, note };
      return structuredClone(verification(v));
    },
    async confirmWarning(id, rule, reason) {
      const v = world.visit(id);
      if (reason.trim().length < 3) refuse('reason_needed');
      checks(v).warned[rule] = reason;
      return structuredClone(verification(v));
    },
    async answerRecorded(id, answer) {
      const v = world.visit(id);
      checks(v).answer = answer;
      return structuredClone(verification(v));
    },
    async readCard(id) {
      const v = world.visit(id);
      await new Promise((done) => setTimeout(done, 500));
      checks(v).card = 'no_card';
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
    finishVerification: async (id) => world.advance(world.visit(id)),
  };
}
