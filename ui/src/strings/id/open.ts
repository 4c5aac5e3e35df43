export default {
  'open.title': 'x',
} as const;
