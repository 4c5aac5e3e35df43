export default {
  'verification.title': 'x',
} as const;
