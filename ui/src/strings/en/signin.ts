import type id from '../id/signin';

export default {
  'signin.title': 'x',
} satisfies Record<keyof typeof id, string>;
