import type { Form } from '$lib/backend/contract';
import { clock, date } from '$lib/shared/format';
import { say } from '$lib/shared/strings.svelte';
import { paperWords, unsurWords } from './words';

/** Operands as they are said: the shell names an element or a reason by its key, a day by its date, a moment by date and time. */
export function spoken(args: Record<string, string>): Record<string, string> {
  const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value);
  const isMoment = (value: string) => /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value);
  // The number of a blangko stays on one line.
  const isSerial = (value: string) => /^\d{4}-\d{3}-\d{3}$/.test(value);
  const words = (value: string) =>
    isSerial(value)
      ? value.replaceAll('-', '-\u2060')
      : isDay(value)
        ? date(value)
        : isMoment(value)
          ? `${date(value)} ${clock(value)}`
          : value;
  const said = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, words(value)]));
  // What the centre says, in words beside its own.
  const status = args['said'];
  if (status !== undefined) said['said'] = say(`status.${status}`, {}, status);
  const reason = args['why'];
  if (reason !== undefined) said['why'] = say(`why.${reason}`, {}, reason);
  const field = args['field'];
  if (field !== undefined) said['field'] = say(`print.missing.fit_${field}`, {}, field);
  const check = args['check'];
  if (check !== undefined) said['check'] = say(`check.${check}`, {}, check);
  const first = args['first'];
  return first === undefined ? said : { ...said, first: unsurWords(first, paperWords(first)) };
}

/** The line beside the primary button: why it cannot be pressed, in words. */
export function why(reason: Form['why']): string {
  if (reason === null) return '';
  const args = spoken(reason.args);
  return say(`why.${reason.key}`, args, say(`errors.${reason.key}.next`, args, say('why.other')));
}
