import type id from '../id/later';

export default {
  'later.home': 'To the queue',
  'later.text':
    'Steps 6 to 9 are done outside this version of Rekam. The recording is sealed and kept on this computer.',
} satisfies Record<keyof typeof id, string>;
