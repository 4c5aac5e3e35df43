import type { Key } from '$lib/shared/strings.svelte';
import type { Screen } from './router.svelte';

/** The menu without an applicant; Alt+letter opens each. */
export const MENU = [
  { screen: 'queue', label: 'frame.menu_queue', letter: 'a' },
  { screen: 'print_queue', label: 'frame.menu_print_queue', letter: 'c' },
  { screen: 'register', label: 'frame.menu_register', letter: 'r' },
  { screen: 'blangko', label: 'frame.menu_blangko', letter: 'b' },
  { screen: 'sync', label: 'frame.menu_sync', letter: 's' },
  { screen: 'reports', label: 'frame.menu_reports', letter: 'l' },
  { screen: 'devices', label: 'frame.menu_devices', letter: 'p' },
  { screen: 'staff', label: 'frame.menu_staff', letter: 'u' },
  { screen: 'settings', label: 'frame.menu_settings', letter: 't' },
] as const satisfies { screen: Screen; label: Key; letter: string }[];
