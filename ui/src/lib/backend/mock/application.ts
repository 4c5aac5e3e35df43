// Steps 1 and 2 of the twin: the form and the papers. ?part=full: no page fits into the packet any more.
import type { Backend, Finding, Form, FormField, Requirements } from '../contract';
import { fill, SITI } from './people';
import { momentOf } from './print_desk';
import { KINDS, RESIDENTS, RETURN_REASONS, WILAYAH, fieldsOf, rowsOf, type Spec } from './tables';
import { refuse, type Visit, type World } from './world';

type Part = Pick<
  Backend,
  | 'form'
  | 'saveField'
  | 'prefill'
  | 'residentSuggest'
  | 'residentFamily'
  | 'codes'
  | 'wilayahSearch'
  | 'submitForm'
  | 'applicationForm'
  | 'requirements'
  | 'setRequirement'
  | 'noteRequirement'
  | 'setFromAbroad'
  | 'photographRequirement'
  | 'acceptRequirements'
  | 'returnToApplicant'
>;

/** Where the shell lets a visit go back to the applicant. */
const RETURNS_FROM: Visit['step'][] = ['form', 'requirements', 'verification', 'attestation'];

export function nikFindings(nik: string): Finding[] {
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
    const fields = fieldsOf(v.kind).map((spec) => field(v, spec));
    const missing = fields.filter((f) => f.required && f.value === '').length;
    const hard = fields.some((f) => f.findings.some((x) => x.level === 'hard'));
    return {
      id: v.id,
      kind: v.kind,
      kindLabel: v.kindLabel,
      fields,
      prefilledFrom:
        v.extra['prefilled'] !== undefined && v.extra['prefilled'] === v.values['nik']
          ? { source: 'centre', takenAt: new Date(Date.now() - 3 * 864e5).toISOString() }
          : null,
      canSubmit: missing === 0 && !hard,
      why:
        missing > 0
          ? { key: 'form_missing', args: { n: String(missing) } }
          : hard
            ? { key: 'form_hard', args: { n: '1' } }
            : null,
      correction: (v.extra['correction'] as Form['correction']) ?? null,
    };
  };
  const papers = (v: Visit): Requirements => {
    const own = (v.extra['papers'] ??= {}) as Record<
      string,
      { seen: boolean; note: string; pages: { captureId: string }[] }
    >;
    const kind = KINDS.find((k) => k.kind === v.kind) ?? KINDS[0]!;
    const abroad = v.kind === 'pindah_datang_wni' ? v.extra['abroad'] === true : null;
    const lines = kind.papers.map((label) => [label]);
    if (abroad) lines.splice(1, 1, ['Dokumen perjalanan'], ['SKP dari Perwakilan RI', 'Surat pindah luar negeri']);
    const young = (v.values['tanggal_lahir'] ?? '') > new Date(Date.now() - 17 * 365.25 * 86_400_000).toISOString();
    if (young && (v.values['status_perkawinan'] ?? '1') !== '1')
      lines.push(['Buku nikah atau akta kawin', 'SPTJM perkawinan belum tercatat']);
    const items = lines.flatMap((any, line) => {
      const idOf = (n: number): string => (n === 0 ? `p${line}` : `p${line}-${n}`);
      const met = any.some((_, n) => own[idOf(n)]?.seen);
      return any.map((label, n) => {
        const has = own[idOf(n)];
        return {
          id: idOf(n),
          line,
          label,
          others: any.filter((other) => other !== label),
          required: !met || (has?.seen ?? false),
          state: has?.pages.length ? ('attached' as const) : has?.seen ? ('seen' as const) : ('missing' as const),
          pages: has?.pages ?? [],
          note: has?.note ?? '',
        };
      });
    });
    const open = items.filter((i) => i.required && i.state === 'missing');
    const left = new Set(open.map((i) => i.line)).size;
    return {
      items,
      fromAbroad: abroad,
      canAccept: left === 0,
      why:
        left > 0
          ? {
              key: 'papers_missing',
              args: { count: String(left), first: lines[open[0]?.line ?? 0]?.join(' atau ') ?? '' },
            }
          : null,
      reasons: RETURN_REASONS,
      age: { years: 18, months: 8, mayPrint: true, mayRecord: true },
    };
  };
  const ready = async <T>(make: () => T): Promise<T> => structuredClone(make());

  return {
    form: (id) => ready(() => form(world.visit(id))),
    async saveField(id, unsur, value) {
      const v = world.visit(id);
      const spec = fieldsOf(v.kind).find((f) => f[0] === unsur) ?? refuse('invalid', { what: unsur });
      v.values[unsur] = spec[2] === 'nik' || spec[2] === 'kk' ? value.replace(/[\s.-]/g, '') : value;
      const brought = (v.extra['brought'] ??= new Set()) as Set<string>;
      brought.delete(unsur);
      const of = v.extra['prefilled'];
      if (unsur === 'nik' && of !== undefined && of !== v.values['nik'] && /^\d{16}$/.test(v.values['nik']!)) {
        for (const gone of brought) v.values[gone] = '';
        v.name = v.values['nama'] ?? '';
        delete v.extra['prefilled'];
        brought.clear();
      }
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
      v.extra['prefilled'] = nik;
      v.extra['brought'] = new Set([...Object.keys(SITI), 'nama', 'tanggal_lahir'].filter((unsur) => unsur !== 'nik'));
      for (const [unsur] of fieldsOf(v.kind))
        if (v.values[unsur]) saved.set(`${id}/${unsur}`, new Date().toISOString());
      changed(v);
      return structuredClone(form(v));
    },
    residentSuggest: async (text) => RESIDENTS.filter((r) => r.name.startsWith(text.toUpperCase())),
    residentFamily: async (kk) => RESIDENTS.filter((r) => r.kk === kk),
    codes: async (table) => rowsOf(table),
    wilayahSearch: async (text) =>
      WILAYAH.filter((w) => `${w.name} ${w.path}`.toLowerCase().includes(text.toLowerCase())),
    applicationForm: async () => ({ documentId: 'f102', pages: 1, prints: 0 }),
    async submitForm(id) {
      const v = world.visit(id);
      const now = form(v);
      if (!now.canSubmit) refuse(now.why?.key ?? 'not_now', now.why?.args ?? {});
      return world.advance(v);
    },

    requirements: (id) => ready(() => papers(world.visit(id))),
    async setRequirement(id, item, seen) {
      const v = world.visit(id);
      papers(v);
      const own = v.extra['papers'] as Record<string, { seen: boolean; note: string; pages: { captureId: string }[] }>;
      own[item] = { note: '', pages: [], ...own[item], seen };
      if (!seen) own[item]!.pages = [];
      return structuredClone(papers(v));
    },
    async noteRequirement(id, item, note) {
      const v = world.visit(id);
      papers(v);
      const own = v.extra['papers'] as Record<string, { seen: boolean; note: string; pages: { captureId: string }[] }>;
      own[item] = { seen: false, pages: [], ...own[item], note };
      return structuredClone(papers(v));
    },
    async setFromAbroad(id, yes) {
      const v = world.visit(id);
      Object.assign(v.extra, { abroad: yes, papers: {} });
      return structuredClone(papers(v));
    },
    async photographRequirement(id, item) {
      if (momentOf() === 'full') refuse('papers_full', { limit: '30' });
      const v = world.visit(id);
      papers(v);
      const own = v.extra['papers'] as Record<string, { seen: boolean; note: string; pages: { captureId: string }[] }>;
      const has = (own[item] ??= { seen: true, note: '', pages: [] });
      has.seen = true;
      has.pages.push({ captureId: `paper-${item}-${has.pages.length + 1}` });
      return structuredClone(papers(v));
    },
    acceptRequirements: async (id) => world.advance(world.visit(id)),
    async returnToApplicant(id, codes, note) {
      const v = world.visit(id);
      if (!RETURNS_FROM.includes(v.step)) refuse('refused_other_step');
      const reasons = codes.map((code) => RETURN_REASONS.find((known) => known.code === code)?.text ?? code);
      if (note.trim() !== '') reasons.push(note.trim());
      if (reasons.length === 0) refuse('refused_reason_missing');
      v.state = 'returned';
      // A paper among the reasons is looked at again where papers are.
      v.extra['forPaper'] = codes.some((code) => !['data_beda', 'bukan_di_sini', 'belum_16'].includes(code));
      v.returned = { reasons, note: '', at: new Date().toISOString(), documentId: 'doc-slip', hasSlipPrinter: true };
      world.tell({ event: 'queue_changed' });
      return world.view(v);
    },
  };
}
