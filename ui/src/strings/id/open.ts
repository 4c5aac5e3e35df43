export default {
  'open.free': 'Semua pelayanan gratis.',
  'open.go': 'Buka permohonan',
  'open.kind': 'Jenis permohonan',
  'open.no_record': 'Tanpa perekaman biometrik',
  'open.papers': 'Berkas yang perlu dibawa',
  'open.records': 'Dengan perekaman biometrik',
  'open.renews': 'Yang diganti',
  'open.renews_both': 'Foto dan tanda tangan',
  'open.renews_portrait': 'Foto saja',
  'open.renews_signature': 'Tanda tangan saja',
  'open.title': 'Permohonan apa?',
} as const;
