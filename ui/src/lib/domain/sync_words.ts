// The centre's causes and findings in words. A stored cause is `key` or `key:operand`.
import { known, say } from '$lib/shared/strings.svelte';

export interface Three {
  happened: string;
  safe: string;
  next: string;
}

function three(key: string, operand: string): Three {
  const args = { status: operand, days: operand, code: operand, n: operand, what: operand };
  const part = (name: string) => say(`${key}.${name}`, args);
  return { happened: part('happened'), safe: part('safe'), next: part('next') };
}

/** A cause that this build does not know is told as a failure of the line. */
export function causeWords(stored: string): Three {
  const [code = '', ...rest] = stored.split(':');
  return known(`sync.cause.${code}.happened`)
    ? three(`sync.cause.${code}`, rest.join(':'))
    : three('errors.sync_line', '');
}

export function findingWords(kind: string, subject: string): Three {
  return known(`sync.finding.${kind}.happened`)
    ? three(`sync.finding.${kind}`, subject)
    : three('errors.sync_line', '');
}
