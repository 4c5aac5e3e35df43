// The form of one application: what is typed, what is saved, what is found.
import { backend } from '$lib/backend/backend';
import type { CodeRow, Form, FormField, ResidentRow } from '$lib/backend/contract';
import { session } from '$lib/domain/session.svelte';
import { Typed } from '$lib/domain/typed.svelte';
import { dmy, iso } from '$lib/shared/format';

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
  family = $state.raw<ResidentRow[]>([]);
  /** No save is a deed of the officer: what something else has told stays to be read, and the form stands still under the hand. */
  readonly #fields = new Typed((unsur, text) => this.#keep(unsur, text), session);
  #inputs: Record<string, FormField['input']> = {};
  #codes = new Map<string, Promise<CodeRow[]>>();

  constructor(private readonly id: string) {}

  get typed(): Record<string, string> {
    return this.#fields.text;
  }
  get pending(): Record<string, true> {
    return this.#fields.pending;
  }
  /** The fields that could not be saved. */
  get unsaved(): string[] {
    return this.#fields.unsaved;
  }

  async read(): Promise<void> {
    const form = await session.run(() => backend().form(this.id));
    if (form) this.take(form);
    await this.readFamily();
  }

  /** Shows another form; what is being typed stays as it is. */
  take(form: Form): void {
    this.form = form;
    this.#fields.forget((unsur) => !form.fields.some((f) => f.unsur === unsur));
    for (const f of form.fields) if (!this.pending[f.unsur]) this.typed[f.unsur] = this.show(f);
  }

  show(field: FormField): string {
    return field.input === 'date' ? dmy(field.value) : field.value;
  }

  /** What was typed; saved a moment later. */
  type(field: FormField, text: string): void {
    this.#inputs[field.unsur] = field.input;
    this.#fields.type(field.unsur, text);
  }

  /** A date that was left shows the day that it was read as. */
  settle(field: FormField): void {
    const text = this.typed[field.unsur] ?? '';
    const shown = field.input === 'date' ? dmy(iso(text)) : text;
    if (shown === text) return;
    if (this.pending[field.unsur]) this.type(field, shown);
    else this.typed[field.unsur] = shown;
  }

  save(field: FormField, text: string): Promise<void> {
    this.#inputs[field.unsur] = field.input;
    return this.#fields.save(field.unsur, text);
  }

  async #keep(unsur: string, text: string): Promise<(() => Promise<unknown>) | undefined> {
    const value = this.#inputs[unsur] === 'date' ? iso(text) : text;
    const saved = await backend().saveField(this.id, unsur, value);
    if (!saved || !this.form) return undefined;
    const fields = this.form.fields.map((f) => (f.unsur === saved.field.unsur ? saved.field : f));
    this.form = { ...this.form, fields, canSubmit: saved.canSubmit, why: saved.why };
    if (session.permohonan?.id === this.id) {
      session.permohonan = { ...session.permohonan, name: saved.name, nik: saved.nik };
    }
    // Another NIK takes along what the record of the first one brought; of a foreigner the fields of the stay are asked for too.
    if (unsur === 'nik' || unsur === 'kewarganegaraan') return () => this.#again(unsur === 'nik');
    return unsur === 'nomor_kk' ? () => this.readFamily() : undefined;
  }

  async #again(family: boolean): Promise<void> {
    const form = await session.read(() => backend().form(this.id));
    if (!form) return;
    // A field that was saved after the form was read is not put back.
    const at = (f: FormField | undefined) => Date.parse(f?.savedAt ?? '') || 0;
    const known = new Map(this.form?.fields.map((f) => [f.unsur, f]));
    const fields = form.fields.map((f) => (at(known.get(f.unsur)) > at(f) ? (known.get(f.unsur) ?? f) : f));
    this.take({ ...form, fields });
    if (family) await this.readFamily();
  }

  /** Saves what still waits, and waits until it is durable; false where something could not be saved, which is told. */
  flush(): Promise<boolean> {
    return this.#fields.flush();
  }

  /** As `flush`, for whoever leaves the form: told once, what cannot be saved keeps nobody in. */
  leave(): Promise<boolean> {
    return this.#fields.leave();
  }

  /** Fills the form from a record; nothing happens while what was typed before could not be saved. */
  async prefill(nik: string): Promise<boolean> {
    if (!(await this.flush())) return false;
    const filled = await this.#fields.hold(async () => {
      const form = await session.run(() => backend().prefill(this.id, nik));
      if (form) this.take(form);
      return form !== undefined;
    });
    if (!filled) return false;
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
}
