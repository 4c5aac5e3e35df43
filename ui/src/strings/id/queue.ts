export default {
  'queue.title': 'x',
} as const;
