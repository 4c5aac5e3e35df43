import type id from '../id/form';

export default {
  'form.title': 'x',
} satisfies Record<keyof typeof id, string>;
