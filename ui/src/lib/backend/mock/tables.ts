// The tables of the twin's office: codes, regions, fields of the form, residents, kinds of application. All made up.
import type { CodeRow, FormField, KindOption, ReasonText, ResidentRow, Step, WilayahRow } from '../contract';

export const CODES: Record<string, string[]> = {
  jenis_kelamin: ['LAKI-LAKI', 'PEREMPUAN'],
  golongan_darah: ['A', 'B', 'AB', 'O', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-', 'TIDAK TAHU'],
  agama: ['ISLAM', 'KRISTEN', 'KATHOLIK', 'HINDU', 'BUDHA', 'KHONGHUCU', 'KEPERCAYAAN TERHADAP TUHAN YME / LAINNYA'],
  status_perkawinan: [
    'BELUM KAWIN',
    'KAWIN TERCATAT',
    'KAWIN BELUM TERCATAT',
    'CERAI HIDUP TERCATAT',
    'CERAI HIDUP BELUM TERCATAT',
    'CERAI MATI',
  ],
  pekerjaan: [
    'BELUM/TIDAK BEKERJA',
    'MENGURUS RUMAH TANGGA',
    'PELAJAR/MAHASISWA',
    'PENSIUNAN',
    'PEGAWAI NEGERI SIPIL',
    'PETANI/PEKEBUN',
    'NELAYAN/PERIKANAN',
    'WIRASWASTA',
  ],
  kewarganegaraan: ['WNI', 'WNA', 'DUA KEWARGANEGARAAN'],
  shdk: [
    'KEPALA KELUARGA',
    'SUAMI',
    'ISTRI',
    'ANAK',
    'MENANTU',
    'CUCU',
    'ORANGTUA',
    'MERTUA',
    'FAMILI LAIN',
    'LAINNYA',
  ],
  pendidikan: [
    'TIDAK/BELUM SEKOLAH',
    'BELUM TAMAT SD/SEDERAJAT',
    'TAMAT SD/SEDERAJAT',
    'SLTP/SEDERAJAT',
    'SLTA/SEDERAJAT',
    'DIPLOMA I/II',
    'AKADEMI/DIPLOMA III',
    'DIPLOMA IV/STRATA I',
  ],
  disabilitas: [
    'CACAT FISIK',
    'CACAT NETRA/BUTA',
    'CACAT RUNGU/WICARA',
    'CACAT MENTAL/JIWA',
    'CACAT FISIK DAN MENTAL',
    'CACAT LAINNYA',
    'TIDAK CACAT',
  ],
};
export const rowsOf = (table: string): CodeRow[] =>
  (CODES[table] ?? []).map((label, n) => ({ code: String(n + 1), label }));
export const WILAYAH: WilayahRow[] = [
  { code: '1813011001', name: 'Pasar Krui', path: 'Pesisir Tengah, Pesisir Barat' },
  { code: '1813012002', name: 'Kampung Jawa', path: 'Pesisir Tengah, Pesisir Barat' },
  { code: '1813012003', name: 'Rawas', path: 'Pesisir Tengah, Pesisir Barat' },
  { code: '1813022001', name: 'Biha', path: 'Pesisir Selatan, Pesisir Barat' },
  { code: '1813042003', name: 'Penggawa V Ulu', path: 'Karya Penggawa, Pesisir Barat' },
  { code: '1813112001', name: 'Bangkunat', path: 'Bangkunat, Pesisir Barat' },
];
export type Spec = [unsur: string, label: string, input: FormField['input'], required: boolean, table?: string];
const FIELDS: Spec[] = [
  ['nik', 'NIK', 'nik', true],
  ['nomor_kk', 'Nomor KK', 'kk', true],
  ['nama', 'Nama lengkap', 'text', true],
  ['tempat_lahir', 'Tempat lahir', 'text', true],
  ['tanggal_lahir', 'Tanggal lahir', 'date', true],
  ['jenis_kelamin', 'Jenis kelamin', 'code', true, 'jenis_kelamin'],
  ['golongan_darah', 'Golongan darah', 'code', false, 'golongan_darah'],
  ['alamat', 'Alamat', 'text', true],
  ['rt', 'RT', 'rt', false],
  ['rw', 'RW', 'rt', false],
  ['kelurahan', 'Kel. / pekon', 'wilayah', true],
  ['agama', 'Agama', 'code', true, 'agama'],
  ['status_perkawinan', 'Status perkawinan', 'code', true, 'status_perkawinan'],
  ['pekerjaan', 'Pekerjaan', 'code', true, 'pekerjaan'],
  ['kewarganegaraan', 'Kewarganegaraan', 'code', true, 'kewarganegaraan'],
  ['disabilitas', 'Disabilitas', 'code', false, 'disabilitas'],
  ['telepon', 'Telepon', 'text', false],
];
/** What a foreigner gives besides. */
const FOREIGN: Spec[] = [
  ['negara', 'Negara', 'text', true],
  ['paspor', 'Nomor paspor', 'text', true],
  ['nomor_itap', 'Nomor ITAP', 'text', true],
  ['itap_berlaku', 'ITAP berlaku sampai', 'date', true],
];
/** The fields of an application of `kind`. */
export const fieldsOf = (kind: string): Spec[] => (kind.endsWith('_wna') ? [...FIELDS, ...FOREIGN] : FIELDS);
export const RESIDENTS: (ResidentRow & { kk: string })[] = [
  {
    nik: '1804015403089002',
    maskedNik: '180401••••••9002',
    name: 'SITI RAHMAWATI',
    born: '2008-03-14',
    place: 'Pasar Krui',
    kk: '1813012106159004',
  },
  {
    nik: '1804011507069005',
    maskedNik: '180401••••••9005',
    name: 'SITI RAHMA',
    born: '2006-07-15',
    place: 'Rawas',
    kk: '1813012106159009',
  },
  {
    nik: '1813010402109004',
    maskedNik: '181301••••••9004',
    name: 'RIZKI RAMADHAN',
    born: '2010-02-04',
    place: 'Kampung Jawa',
    kk: '1813012106159010',
  },
];
export const KINDS: KindOption[] = [
  {
    kind: 'baru_wni',
    label: 'Baru, WNI',
    hint: 'Belum pernah rekam, 16 tahun ke atas atau sudah kawin',
    papers: ['Formulir F-1.02 ditandatangani', 'Fotokopi KK'],
    recordsBiometrics: true,
  },
  {
    kind: 'baru_wna',
    label: 'Baru, orang asing ITAP',
    hint: 'Pemegang ITAP yang belum pernah rekam',
    papers: ['Formulir F-1.02 ditandatangani', 'Fotokopi KK', 'Dokumen perjalanan', 'Kartu ITAP'],
    recordsBiometrics: true,
  },
  {
    kind: 'pindah_datang_wni',
    label: 'Pindah datang',
    hint: 'Datang dari daerah lain; yang pernah rekam tidak direkam lagi',
    papers: ['Formulir F-1.02 ditandatangani', 'Surat keterangan pindah', 'Fotokopi KK'],
    recordsBiometrics: false,
  },
  {
    kind: 'perubahan_data',
    label: 'Perubahan data',
    hint: 'Data di KK sudah diperbarui',
    papers: ['Formulir F-1.02 ditandatangani', 'Fotokopi KK', 'KTP-el lama', 'Bukti perubahan (F-1.06)'],
    recordsBiometrics: false,
  },
  {
    kind: 'hilang',
    label: 'Hilang',
    hint: 'Ada surat kehilangan dari kepolisian',
    papers: ['Formulir F-1.02 ditandatangani', 'Surat kehilangan kepolisian', 'Fotokopi KK'],
    recordsBiometrics: false,
  },
  {
    kind: 'rusak',
    label: 'Rusak',
    hint: 'Kartu lama diserahkan',
    papers: ['Formulir F-1.02 ditandatangani', 'KTP-el yang rusak', 'Fotokopi KK'],
    recordsBiometrics: false,
  },
  {
    kind: 'luar_domisili',
    label: 'Luar domisili',
    hint: 'Rekam di sini, alamat di daerah lain, tanpa perubahan data',
    papers: ['Formulir F-1.02 ditandatangani', 'Fotokopi KK'],
    recordsBiometrics: true,
  },
  {
    kind: 'foto_tanda_tangan',
    label: 'Ganti foto atau tanda tangan',
    hint: 'Sidik jari dicocokkan dahulu',
    papers: ['Formulir F-1.02 ditandatangani', 'KTP-el lama', 'Fotokopi KK'],
    recordsBiometrics: true,
  },
];
export const STANDARD: Record<Step, number> = {
  form: 300,
  requirements: 300,
  verification: 300,
  capture: 600,
  attestation: 300,
  print_request: 300,
  status: 300,
  print: 300,
  handover: 180,
};

/** The ready-made reasons to return a visit, as `station/src/requirements.rs` lists them. */
export const RETURN_REASONS: ReasonText[] = [
  { code: 'kartu_keluarga', text: 'Fotokopi KK belum ada atau tidak terbaca' },
  { code: 'formulir_permohonan', text: 'Formulir belum ditandatangani' },
  { code: 'surat_pindah', text: 'Surat keterangan pindah belum ada' },
  { code: 'surat_kehilangan', text: 'Surat kehilangan dari kepolisian belum ada' },
  { code: 'ktp_lama', text: 'KTP-el lama belum diserahkan' },
  { code: 'bukti_perubahan', text: 'Bukti perubahan data belum ada' },
  { code: 'data_beda', text: 'Data di formulir berbeda dengan data penduduk' },
  { code: 'bukan_di_sini', text: 'Perlu diurus di loket pendaftaran penduduk dahulu' },
  { code: 'belum_16', text: 'Belum 16 tahun dan belum pernah kawin, jadi belum dapat direkam' },
];
