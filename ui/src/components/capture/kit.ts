// Words, times and errors for the screens of steps 4 and 5.
import type { AppError } from '$lib/backend/contract';
import { clock } from '$lib/shared/format';
import { known, say as words, type Args } from '$lib/shared/strings.svelte';
import { inSentence } from '../print/words';

/** The words of a key that is put together at run time; the key itself when it is unknown, so that it is noticed. */
export function t(key: string, args: Args = {}): string {
  return words(key, args, key);
}

/** The words for a code of the shell: its own, else what it said when that is a sentence, else "other". */
export function say(
  prefix: string,
  code: string | null | undefined,
  args: Args = {},
  suffix = '',
  otherwise?: string,
): string {
  const key = `${prefix}.${code ?? 'other'}${suffix}`;
  if (known(key)) return t(key, args);
  if (otherwise !== undefined) return otherwise;
  if (code && /\s/.test(code)) return suffix ? '' : code;
  return t(`${prefix}.other${suffix}`, args);
}

/** What is wrong with one part, named in its sentence: "Telunjuk kiri kurang menekan". */
export function adviceOf(code: string, part: string, args: Args = {}): string {
  return say(
    'capture.advice',
    code,
    { ...args, part },
    '.of',
    `${part}: ${inSentence(say('capture.advice', code, args))}`,
  );
}

/** Desk time of a moment, "10.38"; empty when there is none. */
export function hhmm(at: string | null | undefined): string {
  return at && !Number.isNaN(Date.parse(at)) ? clock(at) : '';
}

/** What happened, what is safe, what next. An unknown error still says all three. */
export function three(e: AppError): { happened: string; safe: string; next: string } {
  const role = e.args['role'];
  const args: Args = role ? { ...e.args, device: words(`device.${role}`, {}, role) } : e.args;
  const part = (name: string): string => {
    const own = [`errors.${e.key}.${name}`, `capture.error.${e.key}.${name}`].find(known);
    return t(own ?? `capture.error.${name}`, args);
  };
  return { happened: part('happened'), safe: part('safe'), next: part('next') };
}
