// How steps 6 to 8 say codes, ages and reasons.
import { number } from '$lib/shared/format';
import { say, t } from '$lib/shared/strings.svelte';

/** A stored reason is a code, `code: words`, or words alone. */
export function reasonWords(prefix: string, stored: string): string {
  const [code = '', ...rest] = stored.split(': ');
  const known = say(`${prefix}.${code}`, {}, '');
  if (known === '') return stored;
  if (rest.length === 0) return known;
  return code === 'other' ? rest.join(': ') : `${known}, ${rest.join(': ')}`;
}

/** What the shell is told: the code, with the words behind it. */
export const storedReason = (code: string, words: string): string =>
  [code === '' ? '' : code, words].filter((x) => x !== '').join(': ');

/** Words that follow a colon; an abbreviation stays as it is. */
export const inSentence = (words: string): string =>
  /^.[a-z]/.test(words) ? words[0]!.toLowerCase() + words.slice(1) : words;

/** A reason at the end of a list such as "A-004, cetakan salah atau bergeser". What somebody wrote stays as it was written. */
export function reasonListed(before: string[], prefix: string, stored: string): string {
  const list = before.filter((x) => x !== '');
  const words = reasonWords(prefix, stored);
  const label = say(`${prefix}.${stored.split(': ')[0]}`, {}, '');
  const ours = label !== '' && words.startsWith(label);
  return [...list, list.length > 0 && ours ? inSentence(words) : words].filter((x) => x !== '').join(', ');
}

/** How far the printer is moved: "0,2 mm ke kanan, 0,1 mm ke atas". Millimetres, to the right and down when positive. */
export function offsetWords(offset: { xMm: number; yMm: number }): string {
  const of = (n: number) => ({ n: number(Math.abs(n), 1) });
  return t('card.offset', {
    x: t(offset.xMm < 0 ? 'card.offset_left' : 'card.offset_right', of(offset.xMm)),
    y: t(offset.yMm < 0 ? 'card.offset_up' : 'card.offset_down', of(offset.yMm)),
  });
}

/** "2 menit lalu" */
export function ageWords(seconds: number): string {
  if (seconds < 60) return t('status_age.now');
  if (seconds < 3600) return t('status_age.minutes', { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t('status_age.hours', { n: Math.floor(seconds / 3600) });
  return t('status_age.days', { n: Math.floor(seconds / 86_400) });
}

const GOOD = ['print_ready_record', 'card_printed', 'card_shipped', 'card_issued', 'sent_for_card_printing'];
const BAD = [
  'enroll_failure_at_central',
  'enroll_failure_at_regional',
  'search_failure_at_central',
  'duplicate_record',
];

/** Colour and shape of a status. */
export function statusTone(key: string): 'ok' | 'hold' | 'bad' {
  return GOOD.includes(key) ? 'ok' : BAD.includes(key) ? 'bad' : 'hold';
}

/** Magnification of the card in percent, when it is drawn `width` CSS pixels wide. */
export const magnification = (width: number): number => Math.round((width / ((85.6 / 25.4) * 96)) * 100);
