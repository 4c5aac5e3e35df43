import type { Form } from '$lib/backend/contract';
import { say } from '$lib/shared/strings.svelte';

/** The line beside the primary button: why it cannot be pressed, in words. */
export function why(reason: Form['why']): string {
  if (reason === null) return '';
  return say(`why.${reason.key}`, reason.args, say(`errors.${reason.key}.next`, reason.args, say('why.other')));
}
