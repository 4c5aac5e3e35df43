export default {
  'open.free': 'Semua pelayanan gratis.',
  'open.go': 'Buka permohonan',
  'open.kind': 'Jenis permohonan',
  'open.no_record': 'Tanpa perekaman biometrik',
  'open.papers': 'Berkas yang perlu dibawa',
  'open.records': 'Dengan perekaman biometrik',
  'open.title': 'Permohonan apa?',
} as const;
