// What dialogs have in common stands in one place each.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.svelte'))
  .map((name) => ({ name, text: readFileSync(resolve(src, name), 'utf8') }));
const dialogs = files.filter(({ name }) => name.endsWith('Dialog.svelte') && !name.endsWith('shared/Dialog.svelte'));
const naming = (what: RegExp, among = files) => among.filter(({ text }) => what.test(text)).map(({ name }) => name);

describe('one place', () => {
  it('holds how the name of a field stands in a dialog', () => {
    expect(dialogs.length, 'there are dialogs').toBeGreaterThan(20);
    expect(naming(/^ {2}(div > |label)?\.label \{/m, dialogs), 'styles/dialog.css says it').toEqual([]);
  });

  it('holds a field of several lines, and one with offers', () => {
    expect(naming(/<textarea/, dialogs), 'lib/shared/Field.svelte').toEqual([]);
    expect(naming(/<datalist/), 'lib/shared/Field.svelte').toEqual(['lib/shared/Field.svelte']);
  });

  it('holds the frame of a face', () => {
    expect(naming(/\.face:has\(/), 'components/handover/Face.svelte').toEqual(['components/handover/Face.svelte']);
  });

  it('holds that a dialog closes when its act went through', () => {
    expect(naming(/attempt\.run\(async \(\) => \{\s+await [^;]+;\s+close\(\);\s+\}\)/), 'Attempt.close').toEqual([]);
  });
});
