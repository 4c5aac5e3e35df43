import type id from '../id/register';

export default {
  'register.title': 'x',
} satisfies Record<keyof typeof id, string>;
