export default {
  'capture.title': 'Foto dan biometrik',
} as const;
