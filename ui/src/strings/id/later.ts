export default {
  'later.home': 'Ke antrean',
  'later.text':
    'Langkah 8 dan 9 belum ada di Rekam versi ini. Rekaman, permintaan cetak, dan Tanda Pengambilan sudah tersimpan.',
} as const;
