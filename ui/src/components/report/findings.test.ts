import { describe, expect, it } from 'vitest';
import type { Funnel, Report, SpoilageMonth, StepTime } from '$lib/backend/contract';
import {
  dryDay,
  firstDay,
  funnelFinding,
  funnelRows,
  periodName,
  productionFinding,
  shift,
  spoilageFinding,
  stepsFinding,
} from './findings';

const made = (day: string, recorded: number, printed: number) => ({ day, recorded, printed, handedOver: 0 });
const step = (name: string, median: number | null, standard = 300) =>
  ({ step: name, median, p90: median, standard, visits: median === null ? 0 : 1, late: 0 }) as StepTime;
const month = (name: string, share: number, spent = 100): SpoilageMonth => ({ month: name, spoiled: 0, spent, share });
const funnel = (over: Partial<Funnel>): Funnel => ({
  recorded: 418,
  sent: 411,
  acknowledged: 409,
  printReady: 391,
  printed: 381,
  handedOver: 341,
  oldestUnsentDays: 3,
  waitingAge: 5,
  onShelf: 40,
  oldestOnShelfDays: 34,
  refused: 1,
  unsendable: 2,
  queued: 6,
  ...over,
});

describe('the periods of a report', () => {
  it('step by their own length and stay inside a shorter month', () => {
    expect(shift('day', '2026-03-01', -1)).toBe('2026-02-28');
    expect(shift('week', '2026-01-03', -1)).toBe('2025-12-27');
    expect(shift('month', '2026-03-31', -1)).toBe('2026-02-28');
    expect(shift('year', '2028-02-29', 1)).toBe('2029-02-28');
  });

  it('begin a week on Monday, on a Sunday too', () => {
    expect(firstDay('week', '2026-11-23')).toBe('2026-11-23');
    expect(firstDay('week', '2026-11-29')).toBe('2026-11-23');
  });

  it('are named as people say them', () => {
    expect(periodName('month', '2026-11-23')).toBe('November 2026');
    expect(periodName('week', '2026-11-25')).toBe('23 Nov sampai 29 Nov 2026');
    expect(periodName('day', '2026-11-25')).toBe('25 Nov 2026');
  });
});

describe('the findings of a report', () => {
  it('name the last finished day that printed nothing while others did', () => {
    const days = [made('2026-11-12', 22, 25), made('2026-11-13', 19, 0), made('2026-11-16', 26, 41)];
    expect(dryDay(days)?.day).toBe('2026-11-13');
    expect(dryDay(days.slice(0, 2)), 'two days show no custom').toBeNull();
    expect(dryDay([...days.slice(0, 1), days[2]!, made('2026-11-17', 3, 0)]), 'today is not over').toBeNull();
  });

  it('say an empty period is empty rather than an average of nothing', () => {
    const report = { period: 'month', production: [made('2026-11-02', 0, 0)], averagePerDay: 0 } as unknown as Report;
    expect(productionFinding(report)).toBe('Belum ada perekaman pada masa ini.');
  });

  it('name the steps over their standard, and exactly at it is within', () => {
    expect(stepsFinding([step('form', 300)])).toContain('dalam bakunya');
    expect(stepsFinding([step('form', 301)])).toBe('Satu langkah melewati baku: *isi formulir*.');
    expect(stepsFinding([step('form', 301), step('status', 400), step('print', null)])).toBe(
      'Dua langkah melewati baku: *isi formulir* dan *periksa status*.',
    );
    expect(stepsFinding([step('form', null)])).toContain('Belum ada langkah');
  });

  it('call a trend only what went the same way twice, and leave out months without blangko', () => {
    expect(spoilageFinding([month('2026-08', 440), month('2026-09', 290), month('2026-11', 180)])).toBe(
      'Turun dua bulan berturut-turut, kini *1,8%*.',
    );
    expect(spoilageFinding([month('2026-09', 290), month('2026-10', 0, 0), month('2026-11', 180)])).toBe(
      'Kini *1,8%*, bulan sebelumnya 2,9%.',
    );
    expect(spoilageFinding([month('2026-11', 0, 0)])).toBe('Belum ada blangko terpakai.');
  });

  it('tell who stands between two stages and never count below nought', () => {
    const rows = funnelRows(funnel({}));
    expect(rows.map((r) => r.note)).toEqual([
      '',
      '4 belum terkirim, tertua 3 hari, 2 tidak dapat dikirim',
      '1 ditolak, 2 menunggu tanda terima',
      '18 masih diproses pusat',
      '5 menunggu usia 17, 6 di antrean',
      '40 belum diambil, tertua 34 hari',
    ]);
    for (const row of funnelRows(funnel({ sent: 500, printed: 500, refused: 900 })))
      expect(row.note).not.toMatch(/-\d/);
    expect(funnelFinding(funnel({ recorded: 0 }))).toBe('Belum ada perekaman pada masa ini.');
  });
});
