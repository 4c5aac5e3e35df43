import { afterEach, describe, expect, it } from 'vitest';
import { bytes, clock, date, dmy, groups, iso, longDate, number, run, when } from '$lib/shared/format';
import { setLanguage } from '$lib/shared/strings.svelte';
import { isoDay, setZone, zoneLabel } from '$lib/shared/zone.svelte';

afterEach(() => {
  void setLanguage('id');
  setZone('wib');
});

describe('numbers and times', () => {
  it('are written as at an Indonesian counter', () => {
    const at = '2026-11-23T03:38:06Z';
    expect(clock(at), 'hours and minutes with a dot').toBe('10.38');
    expect(clock(at, true), 'with seconds').toBe('10.38.06');
    expect(date(at), 'short month').toBe('23 Nov 2026');
    expect(number(9800), 'dot for thousands').toBe('9.800');
    expect(bytes(1_840_000), 'comma for decimals').toBe('1,84\u00a0MB');
    expect(run(623), 'a run of minutes').toBe('10.23');
  });

  it('follow the language', async () => {
    await setLanguage('en');
    expect(clock('2026-11-23T03:38:00Z'), 'colon in English').toBe('10:38');
    expect(number(9800), 'comma for thousands').toBe('9,800');
  });

  it.each([
    ['wib', '23.30', '23 Nov 2026', 'Senin, 23 Nov 2026', '2026-11-23', 'WIB'],
    ['wita', '00.30', '24 Nov 2026', 'Selasa, 24 Nov 2026', '2026-11-24', 'WITA'],
    ['wit', '01.30', '24 Nov 2026', 'Selasa, 24 Nov 2026', '2026-11-24', 'WIT'],
  ] as const)('are those of the station in %s, not of the computer', (zone, time, day, long, iso, label) => {
    setZone(zone);
    const at = '2026-11-23T16:30:00Z';
    expect(clock(at), 'as on the paper').toBe(time);
    expect(date(at), 'the civil day changes at the station’s midnight').toBe(day);
    expect(longDate(at), 'with its weekday').toBe(long);
    expect(isoDay(at), 'also where a day is asked for').toBe(iso);
    const noon = new Date('2026-11-23T05:00:00Z');
    expect(when(at, noon), 'another day of the station carries its date').toBe(
      zone === 'wib' ? time : `24 Nov ${time}`,
    );
    expect(zoneLabel(), 'and says which').toBe(label);
  });

  it.each([
    ['14-03-2008', '2008-03-14'],
    ['14/3/2008', '2008-03-14'],
    ['14032008', '2008-03-14'],
    ['1-1-2008', '2008-01-01'],
    ['1112008', '1112008'],
    ['01112008', '2008-11-01'],
    ['11-12008', '11-12008'],
    ['belum tahu', 'belum tahu'],
  ])('a typed date %s becomes %s', (typed, stored) => {
    expect(iso(typed), 'what is not a date stays as typed').toBe(stored);
  });

  it('show a stored date as it is said', () => {
    expect(dmy('2008-03-14'), 'day first').toBe('14-03-2008');
    expect(dmy('2008'), 'a bare year stays').toBe('2008');
  });

  it('set a NIK in groups that join to the bare digits', () => {
    const nik = '1804015403089002';
    expect(groups(nik), '6-6-4').toEqual(['180401', '540308', '9002']);
    expect(groups(nik).join(''), 'copying gives 16 digits').toBe(nik);
  });
});
