// What a report says in one sentence each, and the words of its axes. Counts only; `*` marks what is printed bold.
import type { Funnel, ProductionDay, Report, ReportPeriod, SpoilageMonth, StepTime } from '$lib/backend/contract';
import { date, number } from '$lib/shared/format';
import { language, say, t } from '$lib/shared/strings.svelte';

/** Share of spoiled blangko that another district reported for 2016, in percent: the only published figure to compare with. */
export const ELSEWHERE = 4.7;

/** Noon of a civil day in the zone where the calendar is counted; days are added to it without summer time. */
const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const text = (at: Date) => at.toISOString().slice(0, 10);
const short = (day: string) => date(noon(day)).replace(/ \d{4}$/, '');
const locale = () => (language() === 'id' ? 'id-ID' : 'en-GB');
const inUtc = (day: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(noon(day));

/** "Nov" of 2026-11 or 2026-11-23. */
export const monthName = (day: string) => date(noon(`${day.slice(0, 7)}-15`)).split(' ')[1]!;

/** The same day one period earlier (-1) or later (1); the last day of a shorter month is kept within it. */
export function shift(period: ReportPeriod, day: string, by: number): string {
  const at = noon(day);
  if (period === 'day') at.setUTCDate(at.getUTCDate() + by);
  else if (period === 'week') at.setUTCDate(at.getUTCDate() + 7 * by);
  else {
    const wanted = at.getUTCDate();
    at.setUTCDate(1);
    at.setUTCMonth(at.getUTCMonth() + (period === 'year' ? 12 * by : by));
    const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    at.setUTCDate(Math.min(wanted, last));
  }
  return text(at);
}

/** First day of the period that holds `day`; weeks begin on Monday. */
export function firstDay(period: ReportPeriod, day: string): string {
  if (period === 'month') return `${day.slice(0, 7)}-01`;
  if (period === 'year') return `${day.slice(0, 4)}-01-01`;
  const at = noon(day);
  if (period === 'week') at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return text(at);
}

/** "23 Nov 2026", "16 sampai 22 Nov 2026", "November 2026", "2026". */
export function periodName(period: ReportPeriod, day: string): string {
  if (period === 'year') return day.slice(0, 4);
  if (period === 'month') return inUtc(day, { month: 'long', year: 'numeric' });
  if (period === 'day') return date(noon(day));
  const from = firstDay('week', day);
  return t('report.from_to', { from: short(from), to: date(noon(shift('day', from, 6))) });
}

/** "1 sampai 23 Nov, 418 perekaman, data stasiun ini" */
export function leadWords(report: Report): string {
  const n = number(report.production.reduce((sum, day) => sum + day.recorded, 0));
  if (report.from === report.to) return t('report.lead_day', { n });
  const same = report.from.slice(0, 7) === report.to.slice(0, 7);
  const from = same ? String(Number(report.from.slice(8))) : short(report.from);
  return t('report.lead', { range: t('report.from_to', { from, to: short(report.to) }), n });
}

/** "23" within a month, "Sen 23" within a week, "Nov" within a year. */
export function dayLabel(period: ReportPeriod, day: string): string {
  if (period === 'year' || day.length === 7) return monthName(day);
  if (period === 'month') return String(Number(day.slice(8)));
  return `${inUtc(day, { weekday: 'short' })} ${Number(day.slice(8))}`;
}

/** Each nth label is written, so that no two touch. */
export const every = (count: number, width: number, each: number) =>
  Math.max(1, Math.ceil((count * each) / Math.max(1, width)));

/** The last day that recorded and printed nothing although other days printed. */
export function dryDay(days: ProductionDay[]): ProductionDay | null {
  if (days.length < 3 || !days.some((d) => d.printed > 0)) return null;
  // The last day is not over yet.
  return days.slice(0, -1).findLast((d) => d.recorded > 0 && d.printed === 0) ?? null;
}

export function productionFinding(report: Report): string {
  const recorded = report.production.reduce((sum, day) => sum + day.recorded, 0);
  const printed = report.production.reduce((sum, day) => sum + day.printed, 0);
  if (recorded === 0 && printed === 0) return t('report.production_none');
  if (report.averagePerDay !== null && report.period !== 'day')
    return t('report.production_average', { n: number(report.averagePerDay), m: number(recorded) });
  return t('report.production_total', { n: number(recorded), m: number(printed) });
}

const join = (words: string[]) =>
  words.length < 2
    ? (words[0] ?? '')
    : t('report.and', { first: words.slice(0, -1).join(', '), last: words.at(-1) ?? '' });

export const isLate = (step: StepTime) => step.median !== null && step.median > step.standard;

export function stepsFinding(steps: StepTime[]): string {
  if (steps.every((s) => s.median === null)) return t('report.steps_none');
  const late = steps.filter(isLate).map((s) => `*${t(`step.${s.step}`).toLowerCase()}*`);
  if (late.length === 0) return t('report.steps_all_in');
  const n = say(`report.count_${late.length}`, {}, number(late.length));
  return t('report.steps_late', { n, steps: join(late) });
}

/** Months with any blangko used; a month without has no share. */
export const usedMonths = (months: SpoilageMonth[]) => months.filter((m) => m.spent + m.spoiled > 0);

export function spoilageFinding(all: SpoilageMonth[]): string {
  const months = usedMonths(all);
  const now = months.at(-1);
  if (!now) return t('report.spoilage_none');
  const share = t('report.percent', { n: number(now.share / 100, 1) });
  const run = (better: (a: number, b: number) => boolean) => {
    let n = 0;
    while (n + 1 < months.length && better(months.at(-1 - n)!.share, months.at(-2 - n)!.share)) n += 1;
    return n;
  };
  const down = run((a, b) => a < b);
  const up = run((a, b) => a > b);
  const times = (n: number) => say(`report.count_${n}`, {}, number(n)).toLowerCase();
  if (down >= 2) return t('report.spoilage_down', { n: times(down), share });
  if (up >= 2) return t('report.spoilage_up', { n: times(up), share });
  const before = months.at(-2);
  if (!before) return t('report.spoilage_now', { share });
  return t('report.spoilage_before', { share, before: t('report.percent', { n: number(before.share / 100, 1) }) });
}

export interface FunnelRow {
  id: 'recorded' | 'sent' | 'acknowledged' | 'ready' | 'printed' | 'handed';
  count: number;
  note: string;
}

/** Where people are between recording and card; a part that counts nothing is not said. */
export function funnelRows(f: Funnel): FunnelRow[] {
  const parts = (...list: [number, string][]) =>
    list
      .filter(([n]) => n > 0)
      .map(([, words]) => words)
      .join(', ');
  const left = (a: number, b: number) => Math.max(0, a - b);
  // Each packet stands in one state: what was refused, or cannot be sent, is none of those that were sent.
  const unsent = left(left(left(f.recorded, f.sent), f.refused), f.unsendable);
  const receipt = left(f.sent, f.acknowledged);
  const centre = left(f.acknowledged, f.printReady);
  const aged = (n: number, days: number | null, one: 'report.unsent' | 'report.on_shelf') =>
    days === null ? t(one, { n: number(n) }) : t(`${one}_oldest`, { n: number(n), days: number(days) });
  return [
    { id: 'recorded', count: f.recorded, note: '' },
    {
      id: 'sent',
      count: f.sent,
      note: parts(
        [unsent, aged(unsent, f.oldestUnsentDays, 'report.unsent')],
        [f.unsendable, t('report.unsendable', { n: number(f.unsendable) })],
      ),
    },
    {
      id: 'acknowledged',
      count: f.acknowledged,
      note: parts(
        [f.refused, t('report.refused', { n: number(f.refused) })],
        [receipt, t('report.receipt_waits', { n: number(receipt) })],
      ),
    },
    { id: 'ready', count: f.printReady, note: parts([centre, t('report.at_centre', { n: number(centre) })]) },
    {
      id: 'printed',
      count: f.printed,
      note: parts(
        [f.waitingAge, t('report.waiting_age', { n: number(f.waitingAge) })],
        [f.queued, t('report.in_queue', { n: number(f.queued) })],
      ),
    },
    {
      id: 'handed',
      count: f.handedOver,
      note: parts([f.onShelf, aged(f.onShelf, f.oldestOnShelfDays, 'report.on_shelf')]),
    },
  ];
}

export function funnelFinding(f: Funnel): string {
  if (f.recorded === 0) return t('report.funnel_none');
  return t('report.funnel_found', { n: number(f.handedOver), m: number(f.recorded) });
}
