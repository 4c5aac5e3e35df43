export default {
  'signin.title': 'x',
} as const;
