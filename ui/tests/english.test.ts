// The English window in jsdom with the twin: no label of it is left in Indonesian.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { mockBackend } from '../src/lib/backend/mock';
import { KINDS } from '../src/lib/backend/mock/tables';
import { MENU } from '$lib/domain/menu';
import { router, type Screen } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { joinedLines, paperWords } from '$lib/domain/words';
import { setLanguage } from '$lib/shared/strings.svelte';
import { en } from '$strings/english';
import { id, type Key } from '$strings/index';

const english = new Set<string>(Object.values(en));
const indonesian = new Map<string, Key>();
for (const key of Object.keys(id) as Key[]) if (!english.has(id[key])) indonesian.set(id[key], key);
// What the record and the office themselves say stays as they say it.
for (const key of ['sex.female.title', 'sex.male.title', 'setup.place_example'] as const) indonesian.delete(id[key]);

/** Phrases of the Indonesian words, between their operands: a sentence that the window puts together is found by them too. */
const spoken = Object.values(en).join('\n').toLowerCase();
const phrases = [...indonesian].flatMap(([text, key]) =>
  text
    .split(/\{\w+\}/)
    .map((part) => part.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '').toLowerCase())
    .filter((part) => part.length > 9 && /\p{L} \p{L}/u.test(part) && !spoken.includes(part))
    .map((part) => [part, key] as const),
);

/** The first words of the Indonesian window in `text`. */
function leak(text: string): Key | undefined {
  const whole = indonesian.get(text);
  if (whole) return whole;
  const within = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return phrases.find(([part]) => within.includes(` ${part.replace(/[^\p{L}\p{N}]+/gu, ' ')} `))?.[1];
}

/** Texts and names on the screen that are words of the Indonesian window. */
function leaks(): string[] {
  const said: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) said.push(walker.currentNode.textContent?.trim() ?? '');
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(e.getAttribute(name) ?? '');
  return said.filter((text) => leak(text) !== undefined).map((text) => `${text} (${leak(text)!})`);
}

afterEach(() => {
  cleanup();
  void setLanguage('id');
});

describe('the English window', () => {
  it.each([
    ['queue', null, '', 'page-queue', []],
    ['queue', null, '', 'kind-baru_wni', ['F2']],
    ['queue', null, '', 'page-queue', ['F1']],
    ['print_request', 'a012', '', 'page-print_request', []],
    ['form', 'a017', '', 'page-form', []],
    ['requirements', 'a015', '', 'page-requirements', []],
    ['requirements', 'a015', '', 'page-requirements', ['F7']],
    ['verification', 'a017', '', 'page-verification', []],
    ['verification', 'a017', '', 'read-aloud', ['F9']],
    ['capture', 'a016', '', 'page-capture-portrait', []],
    ['attestation', 'a020', '', 'page-attestation', []],
    ['register', null, '', 'page-register', []],
    ['sync', null, '', 'page-sync', []],
    ['sync', null, '', 'courier-dialog', ['F9']],
    ['sync', null, 'inactive', 'activate-dialog', ['F6']],
    ['devices', null, '', 'page-devices', []],
    ['settings', null, '', 'page-settings', []],
    ['signin', null, 'locked', 'page-signin', []],
    ['setup', null, 'new', 'page-setup', []],
  ] as const)('leaves no Indonesian label on %s %s %s: %s %j', async (screen, which, scene, testid, keys) => {
    session.station = undefined;
    session.permohonan = null;
    session.problem = null;
    const backend = mockBackend(scene);
    await backend.saveSettings({ language: 'en', theme: 'light' });
    use(backend);
    router.go(screen as Screen, which);
    render(App);
    const here = () => document.querySelector(`[data-testid="${keys.length > 0 ? 'page-' + screen : testid}"]`);
    await waitFor(() => expect(here(), `${screen} is open`).not.toBeNull(), { timeout: 15_000 });
    const read = () => expect(document.querySelector('.loading'), 'everything is read').toBeNull();
    await waitFor(read, { timeout: 15_000 });
    const there = () => document.querySelector(`[data-testid="${testid}"]`);
    await waitFor(
      () => {
        // A key that comes before the page has read its data does nothing: it is pressed again.
        if (!there())
          for (const key of keys)
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        expect(there(), `${testid} is on the screen`).not.toBeNull();
      },
      { timeout: 15_000 },
    );
    await waitFor(read, { timeout: 15_000 });
    expect(leaks(), 'words of the other language').toEqual([]);
  });

  it('finds words of the other language within a text', () => {
    expect(leak('Perempuan, golongan darah O')).toBe('line.beside.golongan_darah');
    expect(leak('Seen: Dokumen perjalanan.')).toBe('berkas.dokumen_perjalanan');
    expect(leak('Female, blood group O')).toBeUndefined();
  });

  it('says by key what the station names in Indonesian: papers, and what shares a line', async () => {
    await setLanguage('en');
    const papers = KINDS.flatMap((kind) => kind.papers);
    expect(
      papers.filter((paper) => leak(paperWords(paper))),
      'every paper of the twin',
    ).toEqual([]);
    expect(paperWords('Fotokopi KK')).toBe('Copy of the KK');
    expect(paperWords('Buku nikah atau akta kawin atau SPTJM perkawinan belum tercatat')).toBe(
      'Buku nikah or akta kawin or SPTJM of a marriage not registered',
    );
    expect(paperWords('Surat yang tidak dikenal'), 'what this build does not know stays').toBe(
      'Surat yang tidak dikenal',
    );
    const line = (unsur: string, value: string) => ({ unsur, label: unsur, value });
    const read = joinedLines([line('jenis_kelamin', 'Perempuan'), line('golongan_darah', 'O'), line('agama', 'Islam')]);
    expect(read.map((one) => one.value)).toEqual(['Perempuan, blood group O', 'Islam']);
    expect(joinedLines([line('golongan_darah', 'O')]), 'nothing before it').toEqual([line('golongan_darah', 'O')]);
    await setLanguage('id');
    expect(joinedLines([line('negara', 'JEPANG'), line('paspor', 'TR1')])[0]!.value).toBe('JEPANG, paspor TR1');
    expect(paperWords('Fotokopi KK')).toBe('Fotokopi KK');
  });

  it('shows the letter of every page, also where it is not in the word', async () => {
    session.station = undefined;
    session.permohonan = null;
    const backend = mockBackend('');
    await backend.saveSettings({ language: 'en', theme: 'light' });
    use(backend);
    router.go('queue');
    render(App);
    const letters = () => [...document.querySelectorAll('nav.tabs u')].map((u) => u.textContent.toLowerCase());
    await waitFor(() => expect(letters()).toEqual(MENU.map((item) => item.letter)), { timeout: 15_000 });
  });
});
