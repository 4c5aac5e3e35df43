export default {
  'errors.title': 'x',
} as const;
