// The words for codes that the station sends. Names of offices are its own, Indonesian in every language.
import type { Role, StatusAnswer } from '$lib/backend/contract';
import { language, say, t } from '$lib/shared/strings.svelte';
import { id, type Key } from '$strings/index';
import { session } from './session.svelte';

/** A kind of application; `otherwise` when this build does not know it. */
export function kindWords(kind: string, otherwise = kind): string {
  return say(`kind.${kind}`, {}, otherwise);
}

/** When to choose a kind of application. */
export function kindHint(kind: string, otherwise = ''): string {
  return say(`kind.${kind}.hint`, {}, otherwise);
}

/** An element of the biodata; level 4 is called as this district does. */
export function unsurWords(unsur: string, otherwise = unsur): string {
  return say(`unsur.${unsur}`, { village: session.station?.villageWord.toLowerCase() ?? '' }, otherwise);
}

/** An element as a short label beside its value, where the line joins several. */
export function lineWords(unsur: string, otherwise = unsur): string {
  return say(`line.${unsur}`, {}, unsurWords(unsur, otherwise));
}

/** Elements that share the line of another: short ones, so that the letters stay large. */
const BESIDE: Record<string, string> = {
  golongan_darah: 'jenis_kelamin',
  itap_berlaku: 'nomor_itap',
  paspor: 'negara',
};

/** The lines of the data as they are read, what shares a line with the one before put beside it by name. */
export function joinedLines<T extends { unsur: string; value: string }>(lines: T[]): T[] {
  const joined: T[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last === undefined || BESIDE[line.unsur] !== last.unsur) joined.push(line);
    else {
      const named = say(`line.beside.${line.unsur}`, { value: line.value }, line.value);
      joined[joined.length - 1] = { ...last, value: `${last.value}, ${named}` };
    }
  }
  return joined;
}

/** Keys of the papers by the names that the station gives them; its own test holds that these are the same. */
const PAPERS = new Map<string, Key>(
  (Object.keys(id) as Key[]).filter((key) => key.startsWith('berkas.')).map((key) => [id[key], key]),
);

/** What the station puts between papers of which one will do. */
const OR = ' atau ';

/** A paper, or several of which one will do; a name that this build does not know stays. */
export function paperWords(named: string): string {
  const whole = PAPERS.get(named);
  if (whole) return t(whole);
  for (const [name, key] of PAPERS) {
    if (named.startsWith(name + OR))
      return t('papers.either', { one: t(key), other: paperWords(named.slice(name.length + OR.length)) });
  }
  return named;
}

/** Roles in one breath: only the first begins with a capital. */
export function roleWords(roles: Role[]): string {
  return roles
    .map((role) => t(`role.${role}`))
    .map((words, n) => (n === 0 ? words : words.charAt(0).toLowerCase() + words.slice(1)))
    .join(', ');
}

/** What a line of the Buku Register says. */
export function eventWords(event: string, otherwise = event): string {
  return say(`event.${event}`, {}, otherwise);
}

/** What the centre answered; a status that has no words here stays as it came. */
export function answerWords(answer: StatusAnswer | null): string {
  if (!answer) return '';
  return answer.key === 'unknown' ? answer.raw : say(`status.${answer.key}`, {}, answer.raw);
}

/** The reason of an exception on a finger, an eye or the signature. */
export function exceptionWords(part: string, code: string, otherwise = code): string {
  return say(`exception.${part}.${code}`, {}, otherwise);
}

/** A finding. In Indonesian the rule's own sentence, which names what it found. */
export function findingWords(finding: { rule: string; text: string }): string {
  if (language() === 'id' && finding.text !== '') return finding.text;
  return say(`finding.${finding.rule.split(':').at(-1) ?? ''}`, {}, finding.text);
}
