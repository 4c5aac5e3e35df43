import type id from '../id/errors';

export default {
  'errors.title': 'x',
} satisfies Record<keyof typeof id, string>;
