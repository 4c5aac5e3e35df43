export default {
  'settings.title': 'x',
} as const;
