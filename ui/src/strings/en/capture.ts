import type id from '../id/capture';

export default {
  'capture.title': 'Photo and biometrics',
} satisfies Record<keyof typeof id, string>;
