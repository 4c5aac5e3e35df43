import type id from '../id/requirements';

export default {
  'requirements.title': 'x',
} satisfies Record<keyof typeof id, string>;
