import type { Primary } from './action';
import { t } from './strings.svelte';

/** The button that goes on while its page does not know yet what comes next: it names no deed that the data may not allow. */
export const loadingPrimary = (): Primary => ({
  label: t('common.opening'),
  run: () => undefined,
  off: true,
  tone: 'plain',
});
