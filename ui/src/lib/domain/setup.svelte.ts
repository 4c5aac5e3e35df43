import type { Setup } from '$lib/backend/contract';

/** The first start, shared by its page and its rail. */
export const wizard = $state<{ setup: Setup | undefined }>({ setup: undefined });
export const PARTS = ['activation', 'station', 'wilayah', 'recovery', 'devices_operator'] as const;
