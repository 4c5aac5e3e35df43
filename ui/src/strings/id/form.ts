export default {
  'form.title': 'x',
} as const;
