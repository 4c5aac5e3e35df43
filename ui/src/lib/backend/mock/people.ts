// Made-up applicants in the queue of the mock-ups.
import type { Visit, World } from './world';

const base = (v: Partial<Visit> & Pick<Visit, 'id' | 'ticket' | 'name' | 'nik' | 'kindLabel' | 'step'>): Visit => ({
  kind: 'baru_wni',
  printFrom: null,
  state: 'open',
  used: {},
  skipped: [],
  with: null,
  place: 'Pekon Pasar Krui',
  resumedFrom: null,
  returned: null,
  applicantScreen: 'wait',
  values: {},
  extra: {},
  ...v,
});
const NO_CAPTURE: Visit['skipped'] = ['capture', 'attestation'];

export const SITI: Record<string, string> = {
  nik: '1804015403089002',
  nomor_kk: '1813012106159004',
  nama: 'SITI RAHMAWATI',
  tempat_lahir: 'KRUI',
  tanggal_lahir: '2008-03-14',
  jenis_kelamin: '2',
  golongan_darah: '4',
  alamat: 'JL. MERDEKA GG. CENGKIH 7',
  rt: '003',
  rw: '001',
  kelurahan: '1813011001',
  agama: '1',
  status_perkawinan: '1',
  pekerjaan: '3',
  kewarganegaraan: '1',
  shdk: '4',
  pendidikan: '4',
  nama_ibu: 'ROHANA',
  nama_ayah: 'M. SALEH',
  telepon: '0812-0000-0001',
};

/** The second visit stands at step 4, or at the later step by which the window is opened (`#/print/a016`). */
function broughtTo(): Pick<Visit, 'step' | 'used'> {
  const used = { form: 250, requirements: 205, verification: 168, capture: 391 };
  const opened = typeof location === 'undefined' ? '' : (location.hash.split('/')[1] ?? '');
  const later = ['print_request', 'status', 'print', 'handover'] as const;
  const at = later.findIndex((step) => step === opened);
  if (at < 0) return { step: 'capture', used };
  const seconds = { print_request: 125, status: 90, print: 130, handover: 80 };
  const since = Object.fromEntries(later.slice(0, at + 1).map((step) => [step, seconds[step]]));
  return { step: later[at]!, used: { ...used, attestation: 220, ...since } };
}

export function fill(world: World): void {
  if (world.scene === 'empty' || world.scene === 'new') return;
  world.visits = [
    base({
      id: 'a014',
      ticket: 'A-014',
      name: 'Nur’aini',
      nik: '1804135206789002',
      kind: 'hilang',
      kindLabel: 'Hilang',
      step: 'verification',
      used: { form: 280, requirements: 190, verification: 545 },
      skipped: NO_CAPTURE,
      place: 'Pekon Way Napal',
      values: { ...SITI, nik: '1804135206789002', nama: "NUR'AINI" },
    }),
    base({
      id: 'a016',
      ticket: 'A-016',
      name: 'Siti Rahmawati',
      nik: '1804015403089002',
      kindLabel: 'Baru, WNI',
      ...broughtTo(),
      values: { ...SITI },
      applicantScreen: 'wait',
    }),
    base({
      id: 'a017',
      ticket: 'A-017',
      name: 'Rizki Ramadhan',
      nik: '1813010402109004',
      kindLabel: 'Baru, WNI',
      printFrom: '2027-02-14',
      step: 'verification',
      used: { form: 250, requirements: 205, verification: 168 },
      place: 'Pekon Kampung Jawa',
      values: {
        ...SITI,
        nik: '1813010402109004',
        nama: 'RIZKI RAMADHAN',
        tanggal_lahir: '2010-02-04',
        jenis_kelamin: '1',
      },
      applicantScreen: 'confirm_data',
    }),
    base({
      id: 'a018',
      ticket: 'A-018',
      name: 'Wayan Sudiarta',
      nik: '1808221208809001',
      kind: 'pindah_datang_wni',
      kindLabel: 'Pindah datang',
      step: 'verification',
      used: { form: 210, requirements: 130, verification: 125 },
      skipped: NO_CAPTURE,
      place: 'Pekon Sukarame',
      values: { ...SITI },
    }),
    base({
      id: 'a019',
      ticket: 'A-019',
      name: 'Marlina Zainuddin',
      nik: '1813085009899003',
      kind: 'foto_tanda_tangan',
      kindLabel: 'Ganti foto',
      step: 'capture',
      used: { form: 200, requirements: 130, verification: 180, capture: 65 },
      place: 'Pekon Bambang',
      values: { ...SITI },
    }),
    base({
      id: 'a020',
      ticket: 'A-020',
      name: 'Nurmala Effendi',
      nik: '1813026507069001',
      kindLabel: 'Baru, WNI',
      step: 'attestation',
      used: { form: 250, requirements: 205, verification: 168, capture: 560, attestation: 70 },
      place: 'Pekon Biha',
      values: {
        ...SITI,
        nik: '1813026507069001',
        nomor_kk: '1813022611089007',
        nama: 'NURMALA EFFENDI',
        tanggal_lahir: '2006-07-25',
      },
      applicantScreen: 'confirm_data',
    }),
    base({
      id: 'a012',
      ticket: 'A-012',
      name: 'Bambang Irawan',
      nik: '1813060101909001',
      kindLabel: 'Baru, WNI',
      step: 'verification',
      used: { form: 240, requirements: 200, verification: 240 },
      with: 'Maya Sari',
      place: 'Pekon Bangkunat',
    }),
    base({
      id: 'a015',
      ticket: 'A-015',
      name: 'Ahmad Fauzi',
      nik: '1804171105929001',
      kind: 'luar_domisili',
      kindLabel: 'Luar domisili',
      step: 'requirements',
      used: { form: 260, requirements: 125 },
      with: 'Yuliana',
      place: 'Pekon Negeri Ratu',
      values: { ...SITI, nama: 'AHMAD FAUZI' },
    }),
    base({
      id: 'a021',
      ticket: 'A-021',
      name: '',
      nik: '',
      kindLabel: 'Baru, WNI',
      step: 'form',
      used: { form: 35 },
      with: 'Yuliana',
      place: '',
      values: {},
    }),
  ];
  // Rizki was recorded at 16: 'held' before the birthday, 'birthday' when it has come.
  if (world.scene === 'held' || world.scene === 'birthday')
    Object.assign(world.visit('a017'), {
      state: 'held',
      step: 'print_request',
      ...(world.scene === 'birthday' ? { printFrom: '2026-11-20' } : {}),
    });
  // Has a Suket; the centre answers in 'print-ready' and 'duplicate', and has not yet in 'with-centre'.
  const answers = {
    'with-centre': null,
    'print-ready': { key: 'print_ready_record', raw: 'PRINT_READY_RECORD', asOf: '2026-11-22T02:10:00Z', ready: true },
    duplicate: { key: 'duplicate_record', raw: 'DUPLICATE_RECORD', asOf: '2026-11-22T02:10:00Z', ready: false },
  };
  if (world.scene in answers)
    Object.assign(world.visit('a017'), {
      state: 'held',
      step: 'status',
      printFrom: null,
      extra: { answer: answers[world.scene as keyof typeof answers] },
    });
}
