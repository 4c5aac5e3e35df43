// docs/screens.md names pictures that are really drawn, and every mock-up has its row.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const doc = readFileSync(resolve(root, 'docs/screens.md'), 'utf8');
const shots = readFileSync(resolve(root, 'ui/scripts/shots.mjs'), 'utf8');

describe('the record of the screens', () => {
  it('names pictures that are drawn', () => {
    const named = [...doc.matchAll(/`(\d\d-[a-z-]+)`/g)].map(([, name]) => name!.replace(/-gelap$/, ''));
    expect(named.length, 'there are many').toBeGreaterThan(60);
    expect(named.filter((name) => !shots.includes(`'${name}'`))).toEqual([]);
  });

  it('has a row for each mock-up', () => {
    const rows = [...doc.matchAll(/^\| (\d\d) /gm)].map(([, number]) => Number(number));
    expect([...new Set(rows)]).toEqual(Array.from({ length: 18 }, (_, n) => n + 1));
  });
});
