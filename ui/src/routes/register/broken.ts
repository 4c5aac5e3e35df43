// What is said of a chain that does not hold: how, and how far it is known. What stands behind the break nobody has judged.
import type { Verified } from '$lib/backend/contract';
import { number } from '$lib/shared/format';
import { t } from '$lib/shared/strings.svelte';

/** The sentences behind "the chain does not fit at no. n". */
export function brokenWords(verified: Verified): string {
  const whole =
    verified.upTo > 0 ? t('register.broken_whole', { n: number(verified.upTo) }) : t('register.broken_none');
  const kind = verified.kind === null ? '' : t(`register.broken_${verified.kind}`);
  return t('register.broken_next', { kind, whole }).trim();
}
