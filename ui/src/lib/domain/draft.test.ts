import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { use } from '$lib/backend/backend';
import type { Backend, Draft as Kept } from '$lib/backend/contract';
import { Draft } from './draft.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const full = { code: 'store', key: 'disk_full', tone: 'bad', args: {} };
const broken = { code: 'store', key: 'database_damaged', tone: 'bad', args: {} };

/** A shell that keeps drafts, and what was saved in it. */
function shell(before: Record<string, string> = {}) {
  const disk = new Map(Object.entries(before));
  const saved: string[] = [];
  const state = { full: false, unreadable: false };
  const kept = (key: string): Kept | null =>
    disk.has(key) ? { text: disk.get(key)!, savedAt: '2026-11-30T03:00:00Z' } : null;
  use({
    draft: async (id: string, what: string, about: string) => {
      if (state.unreadable) throw broken;
      return kept(`${id}/${what}/${about}`);
    },
    saveDraft: async (id: string, what: string, about: string, text: string) => {
      if (state.full) throw full;
      disk.set(`${id}/${what}/${about}`, text);
      saved.push(text);
      return kept(`${id}/${what}/${about}`);
    },
  } as unknown as Backend);
  return { disk, saved, state };
}
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

it('is on the disk within 300 ms of being typed, and there again on another page', async () => {
  const { disk } = shell();
  const draft = new Draft(() => 'a1');
  draft.open('eye_note', 'left');
  await pass();
  draft.text = 'kelopak turun';
  expect([draft.pending, draft.savedAt]).toEqual([true, null]);
  await pass(300);
  expect(disk.get('a1/eye_note/left')).toBe('kelopak turun');
  expect([draft.pending, draft.savedAt === null]).toEqual([false, false]);

  const again = new Draft(() => 'a1');
  again.open('eye_note', 'left');
  await pass();
  expect([again.text, again.savedAt === null]).toEqual(['kelopak turun', false]);
  again.open('eye_note', 'right');
  await pass();
  expect([again.text, again.savedAt], 'the other eye has none of it').toEqual(['', null]);
});

it('shows nothing of before while it reads what is on the disk, where it may have gone since', async () => {
  const { disk } = shell({ 'a1/portrait_note/': 'lampu rusak' });
  const draft = new Draft(() => 'a1');
  draft.open('portrait_note');
  await pass();
  expect(draft.text).toBe('lampu rusak');
  disk.clear();
  draft.open('portrait_note');
  expect([draft.text, draft.savedAt]).toEqual(['', null]);
  await pass();
  expect([draft.text, draft.savedAt]).toEqual(['', null]);
});

it('what is typed before the earlier words came stands', async () => {
  shell({ 'a1/return_reason/': 'yang lama' });
  const draft = new Draft(() => 'a1');
  draft.open('return_reason');
  draft.text = 'y';
  await pass();
  expect(draft.text).toBe('y');
});

it('a deed that is done takes the words along, and nothing of them is saved after it', async () => {
  const { saved } = shell();
  const draft = new Draft(() => 'a1');
  draft.open('return_reason');
  await pass();
  draft.text = 'akta menyusul';
  let end = (): void => undefined;
  const deed = draft.deed(async () => {
    expect(saved, 'on the disk before the deed').toEqual(['akta menyusul']);
    await new Promise<void>((done) => (end = done));
    return true;
  });
  await pass();
  draft.text = 'akta menyusul x';
  await pass(300);
  expect(await draft.deed(async () => true), 'a second press does nothing').toBe(false);
  end();
  expect(await deed).toBe(true);
  await pass(1_000);
  expect(saved).toEqual(['akta menyusul']);
  expect([draft.text, draft.savedAt, draft.pending]).toEqual(['', null, false]);
});

it('a deed that is refused leaves the words', async () => {
  const { disk } = shell();
  const draft = new Draft(() => 'a1');
  draft.open('cancel_reason');
  await pass();
  draft.text = 'pemohon pulang';
  expect(await draft.deed(async () => false)).toBe(false);
  await expect(draft.deed(() => Promise.reject(full))).rejects.toBe(full);
  await pass(300);
  expect([draft.text, disk.get('a1/cancel_reason/')]).toEqual(['pemohon pulang', 'pemohon pulang']);
});

it('says that it could not be read until other words are saved, and not for those of another question', async () => {
  const { state } = shell();
  state.unreadable = true;
  const draft = new Draft(() => 'a1');
  draft.open('eye_note', 'left');
  draft.text = 'kelopak turun';
  draft.open('eye_note', 'right');
  await pass(300);
  expect(draft.problem, 'what was saved meanwhile is of the other eye').toEqual(broken);
  draft.text = 'berair';
  await pass(300);
  expect([draft.problem, draft.pending, draft.savedAt === null]).toEqual([null, false, false]);
});

it('says so when it cannot be saved, keeps no deed from being done, and is tried again', async () => {
  const { state, saved } = shell();
  const draft = new Draft(() => 'a1');
  draft.open('dispute_note');
  await pass();
  state.full = true;
  draft.text = 'alamat lama';
  await pass(300);
  expect([draft.problem, draft.pending, draft.text]).toEqual([full, true, 'alamat lama']);
  state.full = false;
  draft.text = 'alamat yang lama';
  await pass(300);
  expect([draft.problem, draft.pending, saved]).toEqual([null, false, ['alamat yang lama']]);
  state.full = true;
  draft.text = 'alamat';
  expect(await draft.deed(async () => true)).toBe(true);
  expect([draft.problem, draft.text]).toEqual([null, '']);
});
