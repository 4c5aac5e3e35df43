import type id from '../id/settings';

export default {
  'settings.title': 'x',
} satisfies Record<keyof typeof id, string>;
