export default {
  'applicant.title': 'Selamat datang',
} as const;
