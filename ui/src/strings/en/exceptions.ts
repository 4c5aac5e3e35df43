import type id from '../id/exceptions';

export default {
  'exceptions.title': 'Exceptions',
} satisfies Record<keyof typeof id, string>;
