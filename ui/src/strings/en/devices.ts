import type id from '../id/devices';

export default {
  'devices.title': 'x',
} satisfies Record<keyof typeof id, string>;
