export default {
  'help.title': 'x',
} as const;
