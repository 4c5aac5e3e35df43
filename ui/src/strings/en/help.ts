import type id from '../id/help';

export default {
  'help.title': 'x',
} satisfies Record<keyof typeof id, string>;
