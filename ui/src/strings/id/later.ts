export default {
  'later.home': 'Ke antrean',
  'later.text':
    'Langkah 6 sampai 9 dikerjakan di luar Rekam versi ini. Rekaman sudah tersegel dan tersimpan di komputer ini.',
} as const;
