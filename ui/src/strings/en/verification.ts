import type id from '../id/verification';

export default {
  'verification.title': 'x',
} satisfies Record<keyof typeof id, string>;
