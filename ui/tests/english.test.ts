// The English window in jsdom with the twin: no label of it is left in Indonesian.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { mockBackend } from '../src/lib/backend/mock';
import { MENU } from '$lib/domain/menu';
import { router, type Screen } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { setLanguage } from '$lib/shared/strings.svelte';
import { en } from '$strings/english';
import { id, type Key } from '$strings/index';

const english = new Set<string>(Object.values(en));
const indonesian = new Map<string, Key>();
for (const key of Object.keys(id) as Key[]) if (!english.has(id[key])) indonesian.set(id[key], key);
// What the record and the office themselves say stays as they say it.
for (const key of ['sex.female.title', 'sex.male.title', 'setup.place_example'] as const) indonesian.delete(id[key]);

/** Texts and names on the screen that are words of the Indonesian window. */
function leaks(): string[] {
  const said: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) said.push(walker.currentNode.textContent?.trim() ?? '');
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(e.getAttribute(name) ?? '');
  return said.filter((text) => indonesian.has(text)).map((text) => `${text} (${indonesian.get(text)!})`);
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
