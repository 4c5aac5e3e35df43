// How numbers, times and identities are written. Indonesian: 1,84 · 10.38 · 23 Nov 2026. Times are the station's.
import { language } from './strings.svelte';
import { isoDay, local } from './zone.svelte';

const locale = () => (language() === 'id' ? 'id-ID' : 'en-GB');
const MONTHS_ID = ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'];
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** Made once for each language and precision: making one takes longer than a line of a table has. */
const formats = new Map<string, Intl.NumberFormat>();

export function number(n: number, digits = 0): string {
  const key = `${locale()} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(n);
}

/** 10.38 in Indonesian, 10:38 in English. */
export function clock(at: string | number | Date, seconds = false): string {
  const d = local(at);
  const dot = language() === 'id' ? '.' : ':';
  return [d.hour, d.minute, ...(seconds ? [d.second] : [])].map(two).join(dot);
}

/** 23 Nov 2026 */
export function date(at: string | number | Date): string {
  const d = local(at);
  return `${d.day} ${(language() === 'id' ? MONTHS_ID : MONTHS_EN)[d.month]} ${d.year}`;
}

/** 23 Nov */
export function dayMonth(at: string | number | Date): string {
  return date(at).replace(/ \d{4}$/, '');
}

/** Senin, 23 Nov 2026 */
export function longDate(at: string | number | Date): string {
  const noon = new Date(`${isoDay(at)}T12:00:00Z`);
  return `${new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(noon)}, ${date(at)}`;
}

/** Today: the time; another day: date and time. */
export function when(at: string, now = new Date()): string {
  return isoDay(at) === isoDay(now) ? clock(at) : `${dayMonth(at)} ${clock(at)}`;
}

/** 10.23: minutes and seconds of a run. */
export function run(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return `${Math.floor(s / 60)}${language() === 'id' ? '.' : ':'}${two(s % 60)}`;
}

/** 1,84 MB; the number and its unit are never on two lines. */
export function bytes(n: number): string {
  if (n >= 1e9) return `${number(n / 1e9)}\u00a0GB`;
  if (n >= 1e6) return `${number(n / 1e6, n < 1e7 ? 2 : 0)}\u00a0MB`;
  return `${number(n === 0 ? 0 : Math.max(1, n / 1e3))}\u00a0kB`;
}

/** The 6-6-4 groups of a NIK or KK number. */
export function groups(digits: string): string[] {
  return [digits.slice(0, 6), digits.slice(6, 12), digits.slice(12)].filter((g) => g !== '');
}

/** "SITI RAHMAWATI" stays; a code-like date 2008-03-14 becomes 14-03-2008. */
export function dmy(iso: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return m ? `${m[3]}-${m[2]}-${m[1]}` : iso;
}

/**
 * 14-03-2008, 14/3/2008 or 14032008 becomes 2008-03-14; what is not a date stays as typed. Seven digits in a row are two dates
 * at once (1112008 is 11 January and 1 November) and therefore none.
 */
export function iso(text: string): string {
  const typed = text.trim();
  const m = /^(\d{2})(\d{2})(\d{4})$/.exec(typed) ?? /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(typed);
  return m ? `${m[3]}-${two(Number(m[2]))}-${two(Number(m[1]))}` : typed;
}
