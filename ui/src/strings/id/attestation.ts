export default {
  'attestation.title': 'Tanda tangan',
} as const;
