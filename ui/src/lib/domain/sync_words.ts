// The centre's causes and findings in words. A stored cause is `key` or `key:operand`.
import type { SyncStatus } from '$lib/backend/contract';
import { known, say, t } from '$lib/shared/strings.svelte';

export interface Three {
  happened: string;
  safe: string;
  next: string;
}

function three(key: string, operand: string): Three {
  const args = { status: operand, days: operand, code: operand, n: operand, what: operand };
  // Without an operand its brackets go too.
  const part = (name: string) => say(`${key}.${name}`, args).replaceAll(' ()', '');
  return { happened: part('happened'), safe: part('safe'), next: part('next') };
}

/** A cause that this build does not know is told as a failure of the line. */
export function causeWords(stored: string): Three {
  const [code = '', ...rest] = stored.split(':');
  const operand = rest.join(':');
  return known(`sync.cause.${code}.happened`)
    ? three(`sync.cause.${code}`, code === 'refused' ? centreWhy(operand) : operand)
    : three('errors.sync_line', '');
}

type Told = SyncStatus['notices'][number];

function noticeWords(notice: Told): string {
  const numbers = notice.numbers.length > 0 ? t('sync.notice_numbers', { n: notice.numbers.join(', ') }) : '';
  const words = say(`sync.notice.${notice.kind}`, {}, t('sync.notice.unknown'));
  return [words, numbers, notice.reason].filter((x) => x !== '').join(' ');
}

/** What the centre told, in its order; the same told several times in a row stands once, with its newest time and how often. */
export function toldOnce(notices: Told[]): { at: string; words: string; times: number }[] {
  const list: { at: string; words: string; times: number }[] = [];
  for (const notice of notices) {
    const words = noticeWords(notice);
    const last = list.at(-1);
    if (last?.words === words) last.times += 1;
    else list.push({ at: notice.receivedAt, words, times: 1 });
  }
  return list;
}

/** The centre's word for why: one of its statuses, one of ours, or as it came. */
export function centreWhy(word: string): string {
  const status = word.replace(/^not_now_/, '').toLowerCase();
  const key = [`status.${status}`, `sync.why.${word}`].find((one) => known(one));
  return key ? say(key) : word;
}

/** A subject names what it is about, and in brackets the centre's word. */
export function findingWords(kind: string, subject: string): Three {
  const [, about, word] = /^(.*) \(([^()]*)\)$/.exec(subject) ?? [];
  return known(`sync.finding.${kind}.happened`)
    ? three(`sync.finding.${kind}`, about && word ? `${about} (${centreWhy(word)})` : subject)
    : three('errors.sync_line', '');
}
