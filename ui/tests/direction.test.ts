// Names that are written from the right: they keep their own direction and turn nothing that stands beside them.
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import Combobox from '$lib/shared/Combobox.svelte';
import Field from '$lib/shared/Field.svelte';
import { say } from '$lib/shared/strings.svelte';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

const LATIN = 'Siti Rahmawati';
const ARABIC = 'سيتي رحموات';

describe('a field', () => {
  afterEach(cleanup);

  it('takes the direction of the words in it, and none for numbers and passwords', () => {
    const dir = (props: object) => {
      render(Field, { id: 'f', label: 'f', value: '', testid: 'f', ...props });
      const found = get('f')!.getAttribute('dir');
      cleanup();
      return found;
    };
    expect(dir({}), 'one line').toBe('auto');
    expect(dir({ rows: 3 }), 'several lines').toBe('auto');
    expect(dir({ mono: true }), 'compared digit by digit').toBeNull();
    expect(dir({ numeric: true })).toBeNull();
    expect(dir({ type: 'password' })).toBeNull();
  });

  it('does so with a list under it', () => {
    const row = { name: ARABIC };
    render(Combobox<typeof row>, {
      id: 'c',
      value: ARABIC,
      find: () => [row],
      keyOf: () => 'a',
      textOf: (r) => r.name,
      choose: () => undefined,
      none: '-',
      testid: 'c',
    });
    expect(get('c')!.getAttribute('dir')).toBe('auto');
  });

  /** Fields that hold codes, paths and addresses of machines, which are always written from the left. */
  const FROM_LEFT = [
    'activation-code',
    'exception-return',
    'kabupaten',
    'recover-cert',
    'recover-key',
    'setup-centre',
    'staff-cert',
    'staff-file',
    'staff-key',
    'station-code',
  ];
  it('is nowhere written in without a direction of its own', () => {
    const src = resolve(import.meta.dirname, '../src');
    const bare: string[] = [];
    for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.svelte')) continue;
      const text = readFileSync(resolve(src, name), 'utf8');
      for (const [tag] of text.matchAll(/<(?:input|textarea)\b(?:[^>{]|\{[^}]*\}|=>)*>/g)) {
        if (
          /type=(?:"|\{[^}]*')(?:checkbox|radio|range|password)|inputmode="numeric"|\bnum\b|\{\.\.\.common\}|\bdir=/.test(
            tag,
          )
        )
          continue;
        const testid = /data-testid=(?:"|\{`)([\w-]+)/.exec(tag)?.[1];
        if (!testid || !FROM_LEFT.includes(testid)) bare.push(`${name}: ${testid ?? tag}`);
      }
    }
    expect(bare).toEqual([]);
  });
});

describe('a sentence', () => {
  it('isolates a name that is written from the right and leaves every other as it is', () => {
    expect(say('form.missing', { n: LATIN }), 'as it was').not.toContain('\u2068');
    expect(say('form.missing', { n: ARABIC })).toContain(`\u2068${ARABIC}\u2069`);
  });

  it('lets no hidden character in a name turn the words after it', () => {
    const said = say('form.missing', { n: 'SITI \u202eIDAR\u2069' });
    expect(said, 'the override ends with the name, whatever ends inside it').toContain('\u2068SITI \u202eIDAR\u2069');
  });
});

describe('the form', () => {
  eachBeginsAtTheQueue();

  it('gives the name the whole width and the direction of its letters, and a NIK neither', async () => {
    open();
    await see('page-queue');
    router.go('form', 'a017');
    const name = await see('field-nama');
    expect(name.getAttribute('dir')).toBe('auto');
    expect(name.closest('.block')?.classList.contains('wide'), 'both columns').toBe(true);
    expect(name.closest('.block')?.querySelectorAll('.cell').length, 'and shares them with nothing').toBe(1);
    expect((await see('field-nik')).getAttribute('dir'), 'digits').toBe('ltr');
    expect((await see('field-alamat')).getAttribute('dir')).toBe('auto');
  });

  it('has one page for a citizen, and a second with what only a foreigner has', async () => {
    const backend = open();
    await see('page-queue');
    router.go('form', 'a017');
    await see('field-disabilitas');
    expect(get('action-page'), 'no page for nothing').toBeNull();
    router.go('queue');
    await see('page-queue');
    const { id } = await backend.open('baru_wna');
    router.go('form', id);
    await see('action-page');
    await waitFor(
      () => expect(document.activeElement?.id, 'begins where something is missing').toBe('f-nik'),
      PATIENCE,
    );
    get('action-page')!.click();
    const first = await see('field-negara');
    await waitFor(() => expect(document.activeElement, 'the work goes on there').toBe(first), PATIENCE);
  });
});
