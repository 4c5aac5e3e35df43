import type { Primary } from './action';
import { t } from './strings.svelte';

/**
 * The button that goes on while its page does not know yet what comes next: it names no deed that the data may not allow. Where
 * they could not be read it reads `again`.
 */
export const loadingPrimary = (again?: () => unknown): Primary =>
  again
    ? { label: t('common.read_again'), run: again, tone: 'hold' }
    : { label: t('common.opening'), run: () => undefined, off: true, tone: 'plain' };
