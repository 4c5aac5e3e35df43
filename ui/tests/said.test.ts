// How screens say what they are given: reasons in a list, the offset of a printer, what the centre told several times.
import { describe, expect, it } from 'vitest';
import { toldOnce } from '$lib/domain/sync_words';
import { offsetWords, reasonListed } from '../src/components/print/words';

describe('a reason in a list', () => {
  it('begins small behind other words, and with a capital letter alone', () => {
    expect(reasonListed(['', 'A-004'], 'spoil_reason', 'misprint')).toMatch(/^A-004, [a-z]/);
    expect(reasonListed(['', ''], 'spoil_reason', 'misprint')).toMatch(/^[A-Z]/);
    expect(reasonListed(['A-004'], 'spoil_reason', ''), 'nothing is added for none').toBe('A-004');
  });

  it('stays as it was written when somebody wrote it', () => {
    expect(reasonListed(['A-004'], 'spoil_reason', 'other: Jatuh ke lantai')).toBe('A-004, Jatuh ke lantai');
  });
});

describe('the offset of a printer', () => {
  it('has a direction instead of a sign', () => {
    expect(offsetWords({ xMm: 0.2, yMm: -0.1 })).toBe('Selisih: 0,2 mm ke kanan, 0,1 mm ke atas');
    expect(offsetWords({ xMm: -1.5, yMm: 0.3 })).toBe('Selisih: 1,5 mm ke kiri, 0,3 mm ke bawah');
  });
});

describe('what the centre told', () => {
  const notice = (receivedAt: string, kind: string) => ({ receivedAt, kind, numbers: [], reason: '' }) as never;

  it('stands once when it was told several times in a row, with its newest time', () => {
    const told = toldOnce([
      notice('2026-11-28T05:00:00Z', 'operator'),
      notice('2026-11-28T04:00:00Z', 'operator'),
      notice('2026-11-28T03:00:00Z', 'no_such_kind'),
      notice('2026-11-28T02:00:00Z', 'operator'),
    ]);
    expect(told.map(({ at, times }) => [at.slice(11, 13), times])).toEqual([
      ['05', 2],
      ['03', 1],
      ['02', 1],
    ]);
  });
});
