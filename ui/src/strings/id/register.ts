export default {
  'register.title': 'x',
} as const;
