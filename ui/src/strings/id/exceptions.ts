export default {
  'exceptions.title': 'Pengecualian',
} as const;
