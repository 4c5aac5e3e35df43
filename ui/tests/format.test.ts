import { afterEach, describe, expect, it } from 'vitest';
import { bytes, clock, date, dmy, groups, iso, number, run } from '$lib/shared/format';
import { setLanguage } from '$lib/shared/strings.svelte';

afterEach(() => setLanguage('id'));

describe('numbers and times', () => {
  it('are written as at an Indonesian counter', () => {
    const at = new Date(2026, 10, 23, 10, 38, 6);
    expect(clock(at), 'hours and minutes with a dot').toBe('10.38');
    expect(clock(at, true), 'with seconds').toBe('10.38.06');
    expect(date(at), 'short month').toBe('23 Nov 2026');
    expect(number(9800), 'dot for thousands').toBe('9.800');
    expect(bytes(1_840_000), 'comma for decimals').toBe('1,84 MB');
    expect(run(623), 'a run of minutes').toBe('10.23');
  });

  it('follow the language', () => {
    setLanguage('en');
    expect(clock(new Date(2026, 10, 23, 10, 38)), 'colon in English').toBe('10:38');
    expect(number(9800), 'comma for thousands').toBe('9,800');
  });

  it.each([
    ['14-03-2008', '2008-03-14'],
    ['14/3/2008', '2008-03-14'],
    ['14032008', '2008-03-14'],
    ['belum tahu', 'belum tahu'],
  ])('a typed date %s becomes %s', (typed, stored) => {
    expect(iso(typed), 'what is not a date stays as typed').toBe(stored);
  });

  it('show a stored date as it is said', () => {
    expect(dmy('2008-03-14'), 'day first').toBe('14-03-2008');
    expect(dmy('2008'), 'a bare year stays').toBe('2008');
  });

  it('set a NIK in groups that join to the bare digits', () => {
    const nik = '1804015403080002';
    expect(groups(nik), '6-6-4').toEqual(['180401', '540308', '0002']);
    expect(groups(nik).join(''), 'copying gives 16 digits').toBe(nik);
  });
});
