// What comes with the window and what is read when it is first opened, by the graph of imports.
import { cleanup, render } from '@testing-library/svelte';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import Unread from '$lib/domain/Unread.svelte';
import { Later } from '$lib/domain/later.svelte';
import { SCREENS } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { Pages, pages } from '../src/routes/pages.svelte';
import { get, PATIENCE } from './window';

const src = resolve(import.meta.dirname, '../src');

/** The file or the package that `name` is, as `from` imports it; null for a type's or a style's. */
function target(name: string, from: string): string | null {
  if (name.endsWith('.css')) return null;
  const path = name.startsWith('$lib/')
    ? resolve(src, 'lib', name.slice(5))
    : name.startsWith('$strings/')
      ? resolve(src, 'strings', name.slice(9))
      : name.startsWith('.')
        ? resolve(dirname(from), name)
        : null;
  if (path === null) return name;
  return ['', '.ts', '/index.ts']
    .map((end) => path + end)
    .find((file) => /\.(ts|svelte)$/.test(file) && existsSync(file))!;
}

/** Everything that a file brings with it at once: what it only asks for later does not count. */
function comesWith(entry: string): string[] {
  const seen = new Set<string>();
  const due = [entry];
  while (due.length > 0) {
    const file = due.pop()!;
    if (seen.has(file)) continue;
    seen.add(file);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    for (const [, kind, name] of text.matchAll(
      /^\s*(import|export)\s(?!type\s)(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm,
    )) {
      const found = kind === undefined ? null : target(name!, file);
      if (found) due.push(found);
    }
  }
  return [...seen].map((file) => file.replace(`${src}/`, '')).sort();
}

afterEach(() => {
  cleanup();
  session.problem = null;
});

describe('the first screen', () => {
  const window = comesWith(resolve(src, 'window.ts'));

  it('is followed through the imports, so that an empty answer is no praise', () => {
    for (const file of ['App.svelte', 'lib/shared/icons.ts', 'strings/id/common.ts', '@lucide/svelte/icons/check'])
      expect(window, `${file} comes with the window`).toContain(file);
    expect(comesWith(resolve(src, 'routes/reports/ReportsPage.svelte')), 'the reports draw').toContain('layercake');
    expect(comesWith(resolve(src, 'routes/queue/QueuePage.svelte')), 'the queue asks').toContain('bits-ui');
  });

  it('brings no screen, no dialog, no chart and no second language with it', () => {
    const heavy = (file: string) =>
      /^(bits-ui|layercake|d3-)/.test(file) ||
      /^components\//.test(file) ||
      (/^routes\//.test(file) && file !== 'routes/pages.svelte.ts') ||
      /^strings\/en/.test(file) ||
      /Dialog\.svelte$/.test(file);
    expect(window.filter(heavy), 'read later').toEqual([]);
  });

  it.each(['routes/signin/SigninPage.svelte', 'routes/failed/FailedPage.svelte', 'routes/setup/SetupPage.svelte'])(
    '%s asks for no dialog and no chart before it is needed',
    (page) => {
      const heavy = (file: string) => /^(bits-ui|layercake|d3-)/.test(file);
      expect(comesWith(resolve(src, page)).filter(heavy), 'read later').toEqual([]);
    },
  );

  it('is painted before the program is read, with the mark that the program shows', () => {
    expect(comesWith(resolve(src, 'main.ts')), 'the frame waits for nothing').toEqual(['main.ts']);
    const html = readFileSync(resolve(src, '../index.html'), 'utf8');
    const drawn = (text: string) => [...text.matchAll(/\sd="([^"]+)"/g)].map((m) => m[1]);
    expect(drawn(html), 'the same mark').toEqual(drawn(readFileSync(resolve(src, 'lib/domain/Brand.svelte'), 'utf8')));
    expect(drawn(html).length, 'a mark').toBeGreaterThan(0);
    for (const other of ['applicant', 'failed'])
      expect(html, `the window of ${other} hides the frame of the desk`).toContain(`id="/${other}"`);
  });
});

describe('the parts that come later', () => {
  it('are there for every screen', async () => {
    for (const screen of SCREENS) {
      await pages.read(screen);
      expect(pages.failed, `${screen} is read`).toBeNull();
      expect(pages.visit(screen) ?? pages.plain(screen), `${screen} has a part`).toBeDefined();
    }
  });

  it('say so when they cannot be read, and can be asked for again', () => {
    let asked = 0;
    render(Unread, { again: () => (asked += 1) });
    expect(get('page-unread')!.textContent, 'what happened').toContain('tidak terbaca');
    expect(get('primary')!.textContent, 'the way on').toContain('Coba lagi');
    get('primary')!.click();
    expect(asked, 'asked again').toBe(1);
  });

  it('leave a dialog closed that cannot be read, and tell why', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let broken = true;
    const dialog = new Later(() =>
      broken ? Promise.reject(new TypeError('importing failed')) : Promise.resolve({ default: 'a dialog' }),
    );
    await dialog.open();
    expect(dialog.part, 'nothing opens').toBeUndefined();
    expect(session.problem?.key, 'it is told').toBe('unread');
    broken = false;
    await dialog.open();
    expect(dialog.part, 'the next try opens it').toBe('a dialog');
    dialog.close();
    expect(dialog.part, 'closed').toBeUndefined();
    vi.restoreAllMocks();
  });

  it('are read ahead for the roles of who is at work, and for no others', async () => {
    vi.useFakeTimers();
    const own = new Pages();
    const stop = own.foresee(['printing']);
    await vi.waitFor(() => {
      for (const screen of ['queue', 'print_queue', 'blangko'] as const)
        expect(own.plain(screen), `${screen} is read ahead`).toBeDefined();
      for (const screen of ['print', 'status'] as const) expect(own.visit(screen), screen).toBeDefined();
    }, PATIENCE);
    expect(own.visit('capture'), 'no part of another role').toBeUndefined();
    expect(own.plain('reports'), 'nor what is seldom opened').toBeUndefined();
    stop();

    const left = new Pages();
    left.foresee(['operator'])();
    await vi.advanceTimersByTimeAsync(10_000);
    await left.settled();
    expect(left.plain('queue'), 'nothing is read for who has left').toBeUndefined();
    vi.useRealTimers();
  });
});
