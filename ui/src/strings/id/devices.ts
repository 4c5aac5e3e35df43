export default {
  'devices.title': 'x',
} as const;
