import { expect, it } from 'vitest';
import { use } from '$lib/backend/backend';
import type { Backend, FormField } from '$lib/backend/contract';
import { session } from '$lib/domain/session.svelte';
import { Entry } from './entry.svelte';

it('an earlier value of a field never lands after a later one', async () => {
  const landed: string[] = [];
  const waits = [80, 0];
  const saveField = async (_id: string, _unsur: string, value: string): Promise<never> => {
    await new Promise((done) => setTimeout(done, waits.shift() ?? 0));
    landed.push(value);
    return undefined as never;
  };
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  const field = { unsur: 'alamat', input: 'text', value: '' } as FormField;
  await Promise.all([entry.save(field, 'JL. MEL'), entry.save(field, 'JL. MELATI 3')]);
  expect(landed).toEqual(['JL. MEL', 'JL. MELATI 3']);
});

it('a citizenship brings the fields that it needs and leaves what is being typed alone', async () => {
  const field = (unsur: string, value = ''): FormField =>
    ({ unsur, value, input: 'text', findings: [], required: true }) as unknown as FormField;
  const stay = ['negara', 'paspor', 'nomor_itap', 'itap_berlaku'];
  let value = 'WNI';
  const form = async () => ({
    canSubmit: false,
    why: null,
    fields: [field('alamat'), field('kewarganegaraan', value), ...(value === 'WNA' ? stay.map((of) => field(of)) : [])],
  });
  const saveField = async (_id: string, unsur: string, text: string) => {
    value = text;
    return { field: field(unsur, text), canSubmit: false, why: null, name: '', nik: '', savedAt: '' };
  };
  use({ form, saveField } as unknown as Backend);
  const entry = new Entry('a1');
  await entry.read();
  entry.type(field('alamat'), 'JL. MEL');
  await entry.save(field('kewarganegaraan', 'WNI'), 'WNA');
  expect(entry.form?.fields.map((f) => f.unsur)).toEqual(['alamat', 'kewarganegaraan', ...stay]);
  expect(entry.typed['alamat'], 'not yet saved, and not taken away').toBe('JL. MEL');
  expect(entry.missing.map((f) => f.unsur)).toEqual(['alamat', ...stay]);
  await entry.flush(); // what still waits would land in the next test
});

it('a date that was left shows the day that it was read as', () => {
  const entry = new Entry('a1');
  const field = { unsur: 'itap_berlaku', input: 'date', value: '' } as FormField;
  const left = (typed: string): string | undefined => {
    entry.typed[field.unsur] = typed;
    entry.settle(field);
    return entry.typed[field.unsur];
  };
  expect(left('01112008')).toBe('01-11-2008');
  expect(left('1/11/2008')).toBe('01-11-2008');
  expect(left('1112008'), 'two days at once are none').toBe('1112008');
});

it('what was chosen from a list is waited for before a paper is made or the step ends', async () => {
  let landed = false;
  const saveField = async (): Promise<never> => {
    await new Promise((done) => setTimeout(done, 60));
    landed = true;
    return undefined as never;
  };
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  void entry.save({ unsur: 'agama', input: 'code', value: '' } as FormField, '1');
  await entry.flush();
  expect(landed).toBe(true);
});

it('a look-up that fails is told, and is no list without rows', async () => {
  const broken = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };
  let works = false;
  const codes = async () => (works ? [{ code: '1', label: 'ISLAM' }] : Promise.reject(broken));
  const residentFamily = () => Promise.reject(broken);
  use({ codes, residentFamily } as unknown as Backend);
  const entry = new Entry('a1');
  session.problem = null;
  expect(await entry.codes('agama')).toBeUndefined();
  expect(session.problem).toMatchObject({ key: 'database_damaged' });
  works = true;
  expect(await entry.codes('agama'), 'looked up again').toHaveLength(1);
  session.problem = null;
  entry.form = { canSubmit: false, why: null, fields: [{ unsur: 'nomor_kk', value: '1813010101019001' }] } as never;
  await entry.readFamily();
  expect(entry.family).toEqual([]);
  expect(session.problem).toMatchObject({ key: 'database_damaged' });
});

it('a field that is saved takes away what was told of its own saving, and nothing else', async () => {
  const refusal = (key: string) => ({ code: 'store', key, tone: 'bad', args: {} });
  let full = false;
  const saveField = async (_id: string, unsur: string, value: string) =>
    full
      ? Promise.reject(refusal('disk_full'))
      : { field: { unsur, value, findings: [] }, canSubmit: false, why: null, name: '', nik: '', savedAt: '' };
  const residentSuggest = () => Promise.reject(refusal('database_damaged'));
  use({ saveField, residentSuggest } as unknown as Backend);
  const entry = new Entry('a1');
  entry.form = { canSubmit: false, why: null, fields: [] } as never;
  const field = (unsur: string) => ({ unsur, input: 'text', value: '' }) as FormField;
  session.problem = null;
  await session.read(() => residentSuggest());
  await entry.save(field('nama'), 'SITI');
  expect(session.problem, 'the look that failed can still be read').toMatchObject({ key: 'database_damaged' });
  full = true;
  await entry.save(field('nama'), 'SITI A');
  expect(session.problem).toMatchObject({ key: 'disk_full' });
  full = false;
  await entry.save(field('alamat'), 'JL. MELATI');
  expect(session.problem, 'the name is still unsaved').toMatchObject({ key: 'disk_full' });
  await entry.save(field('nama'), 'SITI A');
  expect(session.problem).toBeNull();
});

const text = (unsur: string, value = ''): FormField =>
  ({ unsur, value, input: 'text', findings: [], required: false }) as unknown as FormField;
const saved = (unsur: string, value: string) => ({
  field: text(unsur, value),
  canSubmit: true,
  why: null,
  name: '',
  nik: '',
  savedAt: '',
});

it('what could not be saved is said by whoever waits for it, and is tried once more', async () => {
  const full = { code: 'store', key: 'disk_full', tone: 'bad', args: {} };
  let room = false;
  const landed: string[] = [];
  const saveField = async (_id: string, unsur: string, value: string) => {
    if (!room) throw full;
    landed.push(value);
    return saved(unsur, value);
  };
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('alamat', 'JL. LAMA')] } as never);
  session.problem = null;
  entry.type(text('alamat'), 'JL. BARU');
  expect(await entry.flush()).toBe(false);
  expect(entry.unsaved).toEqual(['alamat']);
  session.problem = null;
  expect(await entry.flush(), 'nobody goes on by pressing twice').toBe(false);
  expect(session.problem, 'and it is said again').toMatchObject({ key: 'disk_full' });
  room = true;
  expect(await entry.flush()).toBe(true);
  expect([landed, entry.unsaved, session.problem]).toEqual([['JL. BARU'], [], null]);
});

it('what was chosen from a list and could not be saved stops too, until something is chosen again', async () => {
  let works = false;
  const saveField = async (_id: string, unsur: string, value: string) =>
    works ? saved(unsur, value) : Promise.reject({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  const faith = { unsur: 'agama', input: 'code', value: '1' } as FormField;
  await entry.save(faith, '2');
  works = true;
  expect(await entry.flush(), 'the list shows the former choice again').toBe(false);
  await entry.save(faith, '2');
  expect(await entry.flush()).toBe(true);
});

it('what is typed while an earlier value is being saved is waited for too', async () => {
  const landed: string[] = [];
  const saveField = async (_id: string, unsur: string, value: string) => {
    await new Promise((done) => setTimeout(done, 40));
    landed.push(value);
    return saved(unsur, value);
  };
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('alamat')] } as never);
  entry.type(text('alamat'), 'JL. MEL');
  const flushed = entry.flush();
  entry.type(text('alamat'), 'JL. MELATI');
  expect(await flushed).toBe(true);
  expect(landed).toEqual(['JL. MEL', 'JL. MELATI']);
});

it('what is typed while a record fills the form stands on the screen and on the disk', async () => {
  const disk: Record<string, string> = { nama: '', alamat: '' };
  const form = () => ({ canSubmit: true, why: null, fields: Object.entries(disk).map(([u, value]) => text(u, value)) });
  const prefill = async () => {
    await new Promise((done) => setTimeout(done, 400));
    Object.assign(disk, { nama: 'SITI', alamat: 'JL. CATATAN' });
    return form();
  };
  const saveField = async (_id: string, unsur: string, value: string) => {
    disk[unsur] = value;
    return saved(unsur, value);
  };
  use({ prefill, saveField, permohonan: () => Promise.reject(new Error('not asked here')) } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take(form() as never);
  const filled = entry.prefill('1813010101019001');
  await new Promise((done) => setTimeout(done, 20));
  // Its wait is over before the record has come: it must not be written under the record.
  entry.type(text('alamat'), 'JL. MELATI 3');
  expect(await filled).toBe(true);
  expect(entry.typed, 'on the screen').toEqual({ nama: 'SITI', alamat: 'JL. MELATI 3' });
  expect(await entry.flush()).toBe(true);
  expect(disk, 'and on the disk').toEqual({ nama: 'SITI', alamat: 'JL. MELATI 3' });
  expect(entry.typed).toEqual({ nama: 'SITI', alamat: 'JL. MELATI 3' });
});

it('no record fills the form while something that was typed could not be saved', async () => {
  let filled = 0;
  const saveField = () => Promise.reject({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  const prefill = async () => ((filled += 1), { canSubmit: true, why: null, fields: [] });
  use({ prefill, saveField } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('nik')] } as never);
  entry.type(text('nik'), '1813010101019001');
  expect(await entry.prefill('1813010101909001')).toBe(false);
  expect(filled).toBe(0);
});

it('a field that is asked for no more keeps nobody waiting', async () => {
  const saveField = async (_id: string, unsur: string, value: string) =>
    unsur === 'paspor' ? Promise.reject({ code: 'form', key: 'invalid', tone: 'hold', args: {} }) : saved(unsur, value);
  const form = async () => ({ canSubmit: true, why: null, fields: [text('kewarganegaraan', 'WNI')] });
  use({ saveField, form } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('kewarganegaraan'), text('paspor')] } as never);
  entry.type(text('paspor'), 'X');
  expect(await entry.flush()).toBe(false);
  await entry.save(text('kewarganegaraan'), 'WNI');
  expect(await entry.flush()).toBe(true);
});

it('whoever leaves is told once of what could not be saved, and is then let go', async () => {
  const saveField = () => Promise.reject({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('alamat')] } as never);
  expect(await entry.leave(), 'nothing is unsaved').toBe(true);
  entry.type(text('alamat'), 'JL. BARU');
  session.problem = null;
  expect(await entry.leave()).toBe(false);
  expect(session.problem).toMatchObject({ key: 'disk_full' });
  expect(await entry.leave(), 'a broken disk keeps nobody in').toBe(true);
});

it('a field that went away while it was being saved keeps nobody waiting either', async () => {
  let refuse: (why: unknown) => void = () => undefined;
  const saveField = (_id: string, unsur: string, value: string) =>
    unsur === 'paspor' ? new Promise((_, fail) => (refuse = fail)) : Promise.resolve(saved(unsur, value));
  const form = async () => ({ canSubmit: true, why: null, fields: [text('kewarganegaraan', 'WNI')] });
  use({ saveField, form } as unknown as Backend);
  const entry = new Entry('a1');
  entry.take({ canSubmit: true, why: null, fields: [text('kewarganegaraan'), text('paspor')] } as never);
  session.problem = null;
  void entry.save(text('paspor'), 'X');
  await entry.save(text('kewarganegaraan'), 'WNI');
  expect(entry.form?.fields.map((f) => f.unsur)).toEqual(['kewarganegaraan']);
  refuse({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  expect(await entry.flush()).toBe(true);
  expect([entry.unsaved, session.problem]).toEqual([[], null]);
  void entry.save(text('paspor'), 'Y');
  await new Promise((done) => setTimeout(done));
  refuse({ code: 'store', key: 'disk_full', tone: 'bad', args: {} });
  expect(await entry.flush(), 'asked for again, it counts again').toBe(false);
});
