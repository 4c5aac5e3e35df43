import type id from '../id/later';

export default {
  'later.home': 'To the queue',
  'later.text':
    'Steps 8 and 9 are not in this version of Rekam yet. Recording, print request and pickup slip are kept.',
} satisfies Record<keyof typeof id, string>;
