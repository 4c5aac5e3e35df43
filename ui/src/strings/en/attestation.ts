import type id from '../id/attestation';

export default {
  'attestation.title': 'Signature',
} satisfies Record<keyof typeof id, string>;
