import { describe, expect, it } from 'vitest';
import { between, rangeWords, typedSerials } from './serials';

describe('numbers of blangko', () => {
  it('are read one by one or as ranges, whatever their groups', () => {
    expect(typedSerials('0718-224-913\n0718 224 914; 0718224915')).toEqual(['0718224913', '0718224914', '0718224915']);
    expect(typedSerials('0718-224-001 s/d 0718-224-100, 0718-224-200 - 0718-224-210')).toEqual([
      '0718224001-0718224100',
      '0718224200-0718224210',
    ]);
    expect(typedSerials(' \n , ')).toEqual([]);
  });

  it('make a range when letters and length are alike and the last is not before the first', () => {
    expect(between('0718-224-999', '0718 225 001'), 'over the groups').toBe(3);
    expect(between('AB0098', 'ab0098')).toBe(1);
    expect(between('0718-224-910', '0718-224-901'), 'backwards').toBeNull();
    expect(between('0718224901', '718224910'), 'of another length').toBeNull();
    expect(between('AB0001', 'AC0009'), 'other letters').toBeNull();
    expect(between('0718224901', ''), 'no number').toBeNull();
    expect(between('0000001', '0999999'), 'more than a delivery holds').toBeNull();
  });

  it('are said as one number or as both ends', () => {
    expect(rangeWords({ from: '1', to: '3', count: 3 }, 's/d')).toBe('1 s/d 3');
    expect(rangeWords({ from: '7', to: '7', count: 1 }, 's/d')).toBe('7');
  });
});
