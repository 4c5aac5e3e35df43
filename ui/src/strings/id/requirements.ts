export default {
  'requirements.title': 'x',
} as const;
