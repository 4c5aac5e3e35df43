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
  entry.typed['alamat'] = 'JL. MEL';
  await entry.save(field('kewarganegaraan', 'WNI'), 'WNA');
  expect(entry.form?.fields.map((f) => f.unsur)).toEqual(['alamat', 'kewarganegaraan', ...stay]);
  expect(entry.typed['alamat'], 'not yet saved, and not taken away').toBe('JL. MEL');
  expect(entry.missing.map((f) => f.unsur)).toEqual(['alamat', ...stay]);
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
