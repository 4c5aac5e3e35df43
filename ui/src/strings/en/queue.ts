import type id from '../id/queue';

export default {
  'queue.title': 'x',
} satisfies Record<keyof typeof id, string>;
