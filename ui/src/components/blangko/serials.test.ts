import { describe, expect, it } from 'vitest';
import type { Movement } from '$lib/backend/contract';
import { expand, heldSerials, rangeWords, typedSerials } from './serials';

const range = (from: string, to = from, count = 1) => ({ from, to, count });
const move = (number: number, kind: Movement['kind'], ...serials: ReturnType<typeof range>[]) =>
  ({ number, kind, item: 'blangko', serials, reason: kind, at: `2026-11-2${number}T03:00:00Z` }) as Movement;

describe('numbers of blangko', () => {
  it('are read one by one or as ranges, whatever their groups', () => {
    expect(typedSerials('0718-224-913\n0718 224 914; 0718224915')).toEqual(['0718224913', '0718224914', '0718224915']);
    expect(typedSerials('0718-224-001 s/d 0718-224-100, 0718-224-200 - 0718-224-210')).toEqual([
      '0718224001-0718224100',
      '0718224200-0718224210',
    ]);
    expect(typedSerials(' \n , ')).toEqual([]);
  });

  it('run on over the groups of a range', () => {
    expect(expand(range('0718-224-999', '0718-225-001', 3))).toEqual(['0718-224-999', '0718-225-000', '0718-225-001']);
    expect(expand(range('AB0098', 'AB0101', 4)), 'letters stay').toEqual(['AB0098', 'AB0099', 'AB0100', 'AB0101']);
    expect(expand(range('0001', '9999', 9999), 2)).toHaveLength(2);
    expect(rangeWords(range('1', '3', 3), 's/d')).toBe('1 s/d 3');
  });

  it('are held until the ledger says that they moved on', () => {
    const ledger = [
      move(3, 'released', range('0718-224-901')),
      move(2, 'held', range('0718-224-901', '0718-224-902', 2)),
    ];
    expect(heldSerials(ledger).map((h) => h.serial)).toEqual(['0718-224-902']);
    expect(heldSerials([...ledger, move(4, 'held', range('0718-224-901'))])).toHaveLength(2);
    expect(heldSerials([...ledger, move(5, 'spoiled', range('0718224902'))]), 'spoiled is no longer held').toEqual([]);
  });
});
