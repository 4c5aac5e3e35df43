// The form of one application: what is typed, what is saved, what is found. A field is saved 250 ms after the last key,
// and while somebody types on, every 300 ms.
import { backend } from '$lib/backend/backend';
import type { AppError, CodeRow, Form, FormField, ResidentRow } from '$lib/backend/contract';
import { appError, session } from '$lib/domain/session.svelte';
import { debounce } from '$lib/shared/debounce';
import { dmy, iso } from '$lib/shared/format';

const WAIT_MS = 250;
const AT_MOST_MS = 300;

/** Widths of the first page's fields in twelfths of their block. */
export const FIRST: Record<string, number> = {
  nik: 6,
  nomor_kk: 6,
  telepon: 6,
  disabilitas: 6,
  nama: 12,
  tempat_lahir: 7,
  tanggal_lahir: 5,
  jenis_kelamin: 6,
  golongan_darah: 6,
  agama: 12,
  status_perkawinan: 7,
  kewarganegaraan: 5,
  alamat: 12,
  rt: 3,
  rw: 3,
  kelurahan: 12,
  pekerjaan: 12,
};
/** Some fields that stand together; a wide block takes both columns, since a name on the card has up to sixty letters. */
export interface Block {
  fields: string[];
  wide?: boolean;
}
/**
 * The first page in reading order: the numbers and the telephone as F-1.02 begins, the name, then two columns. What only
 * a foreigner has is on the second.
 */
export const BLOCKS: Block[] = [
  { fields: ['nik', 'nomor_kk'] },
  { fields: ['telepon', 'disabilitas'] },
  { fields: ['nama'], wide: true },
  {
    fields: [
      'tempat_lahir',
      'tanggal_lahir',
      'jenis_kelamin',
      'golongan_darah',
      'agama',
      'status_perkawinan',
      'kewarganegaraan',
    ],
  },
  { fields: ['alamat', 'rt', 'rw', 'kelurahan', 'pekerjaan'] },
];
export const ON_FIRST = BLOCKS.flatMap((block) => block.fields);

export class Entry {
  form = $state.raw<Form | undefined>();
  typed = $state<Record<string, string>>({});
  pending = $state<Record<string, true>>({});
  family = $state.raw<ResidentRow[]>([]);
  #savers: Record<string, ReturnType<typeof debounce<[string]>>> = {};
  #turns: Record<string, Promise<void>> = {};
  #inFlight = new Set<Promise<unknown>>();
  /** Why a field could not be saved, until it is. */
  #unsaved = new Map<string, AppError>();
  #codes = new Map<string, Promise<CodeRow[]>>();

  constructor(private readonly id: string) {}

  async read(): Promise<void> {
    const form = await session.run(() => backend().form(this.id));
    if (form) this.take(form);
    await this.readFamily();
  }

  take(form: Form): void {
    this.form = form;
    this.typed = Object.fromEntries(form.fields.map((f) => [f.unsur, this.show(f)]));
  }

  show(field: FormField): string {
    return field.input === 'date' ? dmy(field.value) : field.value;
  }

  /** What was typed; saved a moment later. */
  type(field: FormField, text: string): void {
    this.typed[field.unsur] = text;
    this.pending[field.unsur] = true;
    (this.#savers[field.unsur] ??= debounce((value: string) => this.save(field, value), WAIT_MS, AT_MOST_MS))(text);
  }

  /** A date that was left shows the day that it was read as. */
  settle(field: FormField): void {
    const text = this.typed[field.unsur] ?? '';
    const shown = field.input === 'date' ? dmy(iso(text)) : text;
    if (shown === text) return;
    if (this.pending[field.unsur]) this.type(field, shown);
    else this.typed[field.unsur] = shown;
  }

  /** Saves of one field go one after the other: an earlier value never lands on a later one. */
  save(field: FormField, text: string): Promise<void> {
    const now = () => this.#save(field, text);
    const saved = (this.#turns[field.unsur] ?? Promise.resolve()).then(now, now);
    this.#track(saved);
    return (this.#turns[field.unsur] = saved);
  }

  async #save(field: FormField, text: string): Promise<void> {
    const value = field.input === 'date' ? iso(text) : text;
    // No deed of the officer: what something else has told stays to be read, and the form stands still under the hand.
    const saved = await session.read(async () => {
      try {
        const done = await backend().saveField(this.id, field.unsur, value);
        this.#saved(field.unsur);
        return done;
      } catch (e) {
        const failed = appError(e);
        this.#unsaved.set(field.unsur, failed);
        throw failed;
      }
    });
    if (!saved || !this.form) return;
    const fields = this.form.fields.map((f) => (f.unsur === saved.field.unsur ? saved.field : f));
    this.form = { ...this.form, fields, canSubmit: saved.canSubmit, why: saved.why };
    if (this.typed[field.unsur] === text || field.input === 'code' || field.input === 'wilayah')
      delete this.pending[field.unsur];
    if (session.permohonan?.id === this.id) {
      session.permohonan = { ...session.permohonan, name: saved.name, nik: saved.nik };
    }
    if (field.unsur === 'nik') await this.#readFilled();
    if (field.unsur === 'nomor_kk') await this.readFamily();
    if (field.unsur === 'kewarganegaraan') await this.#readFields();
  }

  /** The field is saved: what was told of it is over. */
  #saved(unsur: string): void {
    if (session.problem !== null && session.problem === this.#unsaved.get(unsur)) session.problem = null;
    this.#unsaved.delete(unsur);
  }

  /** Another NIK takes along what the record of the first one brought. What is being typed stays as it is. */
  async #readFilled(): Promise<void> {
    const form = await session.read(() => backend().form(this.id));
    if (!form) return;
    // A field that was saved after the form was read is not put back.
    const at = (f: FormField | undefined) => Date.parse(f?.savedAt ?? '') || 0;
    const known = new Map(this.form?.fields.map((f) => [f.unsur, f]));
    const fields = form.fields.map((f) => (at(known.get(f.unsur)) > at(f) ? (known.get(f.unsur) ?? f) : f));
    this.form = { ...form, fields };
    for (const f of fields) if (!this.pending[f.unsur]) this.typed[f.unsur] = this.show(f);
    await this.readFamily();
  }

  /** Reads which fields there are: of a foreigner those of the stay too. What is being typed stays as it is. */
  async #readFields(): Promise<void> {
    const form = await session.read(() => backend().form(this.id));
    if (!form) return;
    this.form = form;
    for (const f of form.fields) this.typed[f.unsur] ??= this.show(f);
  }

  /** Saves what still waits, and waits until it is durable. */
  async flush(): Promise<void> {
    for (const saver of Object.values(this.#savers)) void saver.flush();
    await Promise.all([...this.#inFlight]);
  }

  async prefill(nik: string): Promise<boolean> {
    await this.flush();
    const form = await session.run(() => backend().prefill(this.id, nik));
    if (!form) return false;
    this.take(form);
    this.pending = {};
    await session.visit(this.id).catch(() => undefined);
    await this.readFamily();
    return true;
  }

  async readFamily(): Promise<void> {
    const kk = this.value('nomor_kk').replace(/\D/g, '');
    this.family = kk.length === 16 ? ((await session.read(() => backend().residentFamily(kk))) ?? []) : [];
  }

  /** The rows of a code table; nothing when they could not be read, which is told, and is tried again the next time. */
  async codes(table: string): Promise<CodeRow[] | undefined> {
    const known = this.#codes.get(table) ?? backend().codes(table);
    this.#codes.set(table, known);
    const rows = await session.read(() => known);
    if (!rows) this.#codes.delete(table);
    return rows;
  }

  value(unsur: string): string {
    return this.form?.fields.find((f) => f.unsur === unsur)?.value ?? '';
  }

  get missing(): FormField[] {
    return (this.form?.fields ?? []).filter(
      (f) => (f.required && f.value === '') || f.findings.some((x) => x.level === 'hard'),
    );
  }

  #track(work: Promise<unknown>): void {
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work)).catch(() => undefined);
  }
}
