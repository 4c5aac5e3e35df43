import type { Form } from '$lib/backend/contract';
import { say } from '$lib/shared/strings.svelte';
import { unsurWords } from './words';

/** Operands as they are said: the shell names an element by its key. */
export function spoken(args: Record<string, string>): Record<string, string> {
  const first = args['first'];
  return first === undefined ? args : { ...args, first: unsurWords(first) };
}

/** The line beside the primary button: why it cannot be pressed, in words. */
export function why(reason: Form['why']): string {
  if (reason === null) return '';
  const args = spoken(reason.args);
  return say(`why.${reason.key}`, args, say(`errors.${reason.key}.next`, args, say('why.other')));
}
