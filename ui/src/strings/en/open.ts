import type id from '../id/open';

export default {
  'open.title': 'x',
} satisfies Record<keyof typeof id, string>;
