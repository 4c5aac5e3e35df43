// Screenshots of the screens with the twin, light and dark, in both languages (REKAM_SHOTS_LANGUAGE=en), each judged by axe:
// npm run shots -- <folder> [name…]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const [folder = 'shots', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
/** What does not hold what stands in it, as the walks of the real window ask it. */
const PANELS = readFileSync(new URL('../../tests/e2e/panels.js', import.meta.url), 'utf8');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Built once with the twin inside, instead of some hundred modules for every picture.
process.env.NODE_ENV = 'development';
const outDir = mkdtempSync(join(tmpdir(), 'rekam-shots-'));
process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
await build({ mode: 'development', logLevel: 'error', build: { outDir, emptyOutDir: true } });
const server = await preview({ logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
const base = server.resolvedUrls.local[0];

const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(150);
    }
  };
const tap = (testid, wait) => async (page) => {
  await page.click(`[data-testid="${testid}"]`);
  await page.waitForTimeout(wait);
};
const SHOTS = [
  ['01-antrean', '', 'queue'],
  ['01-ditahan', 'held', 'queue'],
  ['01-ulang-tahun', 'birthday', 'queue'],
  ['01-siap-cetak', 'print-ready', 'queue'],
  [
    '01-ditemukan',
    'print-ready',
    'queue',
    async (page) => {
      await page.fill('[data-testid="search"]', 'A-017');
      await page.waitForTimeout(700);
    },
  ],
  ['01-jawaban-pusat', 'duplicate', 'queue'],
  ['01-datang-lagi', 'returns', 'queue'],
  ['01-datang-lagi-siapa', 'returns', 'queue', press('F10')],
  ['01-perbaikan', 'corrections', 'queue'],
  ['01-perbaikan-siapa', 'corrections', 'queue', press('F11')],
  ['01-perbaikan-formulir', 'corrections', 'queue', press('F11', 'F9')],
  ['01-kosong', 'empty', 'queue'],
  ['01-latihan', 'training', 'queue'],
  ['01-paket-asing', 'packets', 'queue'],
  ['07-paket-asing', 'packets', 'sync'],
  ['01-baru', '', 'queue', press('F2')],
  ['01-batal', '', 'queue', press('F7')],
  ['01-pindai', 'scan-foreign', 'queue', press('F4')],
  ['01-nomor-tidak-keluar', 'roll-empty', 'queue', press('F5')],
  ['01-lembar', '', 'queue', press('F8')],
  ['01-bantuan', '', 'queue', press('F1')],
  ['01-strip', '', 'queue', press('Alt+6')],
  ['02-formulir', '', 'form/a017'],
  [
    '02-formulir-nik',
    '',
    'form/a021',
    async (page) => {
      await page.fill('[data-testid="field-nik"]', '1804015403089002');
      await page.waitForTimeout(700);
    },
  ],
  [
    '02-formulir-lain',
    '',
    'queue',
    async (page) => {
      await press('F2', '2', 'Enter')(page);
      await page.waitForSelector('[data-testid="page-form"]');
      await page.waitForTimeout(500);
      await press('F6')(page);
    },
  ],
  [
    '02-formulir-kode',
    '',
    'form/a017',
    async (page) => {
      await page.focus('[data-testid="field-pekerjaan"]');
      await press('ArrowDown')(page);
    },
  ],
  ['02-berkas', '', 'requirements/a015', press('1', '2')],
  ['02-berkas-dipotret', '', 'requirements/a015', press('F4')],
  ['02-berkas-penuh', '', 'requirements/a015', press('F4'), 'full'],
  ['02-berkas-tarik', '', 'requirements/a015', press('F4', 'F8')],
  ['02-kembali', '', 'requirements/a015', press('F7', '1')],
  ['02-verifikasi', '', 'verification/a017'],
  [
    '02-catatan-berubah',
    '',
    'verification/a014',
    async (page) => {
      await press('1')(page);
      await page.waitForTimeout(300);
      await press('Enter')(page);
      await page.waitForTimeout(500);
    },
    'newer',
  ],
  ['02-orangnya', '', 'verification/a014', press('ArrowRight')],
  ['02-bacakan', '', 'verification/a017', press('F9')],
  ['02-kartu-lama', 'old-card', 'verification/a018', tap('read-card', 700)],
  ['02-kartu-lama-rekaman', 'old-card-record', 'verification/a018', tap('read-card', 700)],
  ['02-kartu-bank', 'bank-card', 'verification/a018', tap('read-card', 700)],
  [
    '08-gangguan',
    '',
    'form/a021',
    async (page) => {
      await page.fill('[data-testid="field-nik"]', '1813010101909001');
      await page.waitForTimeout(600);
      await press('F5')(page);
      await page.waitForSelector('[data-testid="problem"]');
    },
  ],
  ['03-foto', '', 'capture/a016'],
  ['03-foto-disetujui', '', 'capture/a016', undefined, 'portrait'],
  ['03-foto-latihan', 'training', 'capture/a016', undefined, 'portrait'],
  ['03-foto-satu-layar', 'one-screen', 'capture/a016', undefined, 'portrait'],
  ['03-foto-diputar', 'one-screen', 'capture/a016', press('F2'), 'portrait'],
  ['03-foto-lain', '', 'capture/a016', press('F6', 'ArrowLeft'), 'portrait'],
  ['03-foto-lemah', '', 'capture/a016', undefined, 'portrait_weak'],
  ['03-foto-lemah-diterima', '', 'capture/a016', press('F9'), 'portrait_weak'],
  ['03-foto-latar-lain', '', 'capture/a016', undefined, 'portrait_backdrop'],
  ['03-foto-tanpa-wajah', '', 'capture/a016', undefined, 'portrait_faceless'],
  ['03-foto-dipotong', '', 'capture/a016', press('F9'), 'portrait_faceless'],
  ['03-foto-dipotong-diputar', '', 'capture/a016', press('F9', 'F4'), 'portrait_faceless'],
  ['03-foto-tidak-dapat', '', 'capture/a016', press('F4'), 'portrait'],
  ['03-foto-baris-tidak-dapat', '', 'capture/a016', undefined, 'portrait_excused'],
  ['04-sidik-jari', '', 'capture/a016', undefined, 'fingers'],
  ['04-sidik-jari-latihan', 'training', 'capture/a016', undefined, 'fingers'],
  ['04-jari-sama', '', 'capture/a016', undefined, 'notice'],
  ['04-jari-tidak-terbaca', '', 'capture/a016', undefined, 'fingers_unread'],
  ['04-dulu-pernah', '', 'capture/a016', undefined, 'found'],
  ['04-dulu-pernah-latihan', 'training', 'capture/a016', undefined, 'found'],
  ['04-dulu-pernah-sedikit', '', 'capture/a016', undefined, 'found_bare'],
  ['04-dulu-pernah-orang-lain', '', 'capture/a016', press('F8'), 'found'],
  ['04-orang-sama', '', 'capture/a016', undefined, 'same'],
  ['08-pemindai-lepas', '', 'capture/a016', undefined, 'trouble'],
  ['10-iris-lensa', '', 'capture/a016', undefined, 'irises_ask'],
  ['10-iris', '', 'capture/a016', undefined, 'irises'],
  ['10-iris-tidak-terbaca', '', 'capture/a016', undefined, 'irises_unread'],
  ['10-iris-hari-lain', '', 'capture/a016', undefined, 'irises_another_day'],
  ['10-tanda-tangan', '', 'capture/a016', undefined, 'signature'],
  ['10-tanda-tangan-latihan', 'training', 'capture/a016', undefined, 'signature'],
  ['15-pengecualian', '', 'capture/a016', press('F7'), 'exceptions'],
  ['15-pengecualian-latihan', 'training', 'capture/a016', press('F7'), 'exceptions'],
  [
    '15-sebab-lain',
    'training',
    'capture/a016',
    async (page) => {
      await press('F7')(page);
      await page.locator('[data-testid="exception-reason-other"]').first().click();
      await page.waitForTimeout(300);
      await page.locator('[data-testid="exception-words"]').first().fill('kuku lepas');
      await page.locator('[data-testid="exception-temporary"]').first().click();
      await page.waitForTimeout(300);
      await page.locator('[data-testid="exception-words"]').first().focus();
    },
    'exceptions',
  ],
  ['16-cocok-ulang', '', 'capture/a016', undefined, 'rematch'],
  ['16-tidak-terbaca', '', 'capture/a016', undefined, 'rematch_unread'],
  ['16-pengganti-modul', '', 'capture/a016', undefined, 'rematch_instead'],
  ['16-cocok-ulang-selesai', '', 'capture/a016', undefined, 'rematch_done'],
  ['16-tangan-tertukar', '', 'capture/a016', undefined, 'rematch_swapped'],
  ['05-pengesahan', '', 'attestation/a020'],
  ['05-pengesahan-keliru', '', 'attestation/a020', undefined, 'wrong'],
  ['05-pengesahan-tanda-tangan', '', 'attestation/a020', undefined, 'signature'],
  ['05-pengesahan-segel', '', 'attestation/a020', undefined, 'seal'],
  ['05-pengesahan-ukuran', '', 'attestation/a020', press('F8'), 'seal'],
  ['05-pengesahan-tersegel', '', 'attestation/a020', undefined, 'sealed'],
  ['05-pemohon-data', '', 'applicant', undefined, 'confirm_data'],
  ['05-pemohon-foto', '', 'applicant', undefined, 'approve_photo'],
  ['05-pemohon-foto-menunggu', '', 'applicant', undefined, 'approve_photo_early'],
  ['05-pemohon-jari', '', 'applicant', undefined, 'finger_guide'],
  ['05-pemohon-tanda-tangan', 'training', 'applicant', undefined, 'sign'],
  ['06-ajukan', '', 'print_request/a016'],
  ['06-sampul', '', 'print_request/a016', press('F9')],
  ['06-sampul-utuh', '', 'print_request/a016', press('F9', 'F7')],
  ['06-sampul-keluarkah', '', 'print_request/a016', press('F9', 'F9'), 'print_unknown'],
  ['06-sampul-ulang', '', 'print_request/a016', press('F9', 'F9', 'F5'), 'print_unknown'],
  ['06-ajukan-ditahan', '', 'print_request/a016', undefined, 'held'],
  ['06-ajukan-dahulukan', '', 'print_request/a016', press('F8')],
  ['07-status', '', 'status/a016'],
  ['07-status-lama', '', 'status/a016', undefined, 'stale'],
  ['07-status-ganda', '', 'status/a016', press('F7'), 'duplicate'],
  ['07-status-blangko', '', 'status/a016', undefined, 'later'],
  ['07-status-tanpa-printer', '', 'status/a016', undefined, 'no_printer'],
  ['07-sinkronisasi', '', 'sync'],
  ['07-sinkronisasi-latihan', 'training', 'sync'],
  ['07-izin-habis', 'permit', 'sync'],
  ['07-aktivasi', '', 'sync', press('F6')],
  ['07-rekonsiliasi', '', 'sync', press('F7')],
  ['07-kurir', '', 'sync', press('F9')],
  ['08-cetak', '', 'print/a016'],
  ['08-peringatan', '', 'print/a016', undefined, 'warned'],
  ['08-ditarik', '', 'print/a016', undefined, 'withdrawn'],
  ['08-hasil', '', 'print/a016', press('F5'), 'reported'],
  ['08-belum-pasti', '', 'print/a016', undefined, 'unknown_print'],
  ['08-berhenti', '', 'print/a016', undefined, 'stopped'],
  ['08-masih-dipegang', '', 'print/a016', press('Enter', 'F5'), 'earlier_there'],
  ['08-ternyata-keluar', '', 'print/a016', press('Enter', 'F5'), 'earlier_came_out'],
  ['08-sudah-diteruskan', '', 'print/a016', press('Enter', 'F5'), 'earlier_handed_on'],
  ['08-uji-masih-dipegang', '', 'print_queue', press('F9', 'F9'), 'test_there'],
  [
    '08-kata-printer',
    '',
    'print/a016',
    async (page) => {
      await press('F8', 'Enter')(page);
      await page.fill('[data-testid="reason-words"]', 'blangkonya masih putih');
      await press('F8')(page);
    },
    'came_out',
  ],
  ['08-cip-putus', '', 'print/a016', undefined, 'torn'],
  ['08-mutu', '', 'print/a016', undefined, 'quality'],
  ['08-sekali-jalan', '', 'print/a016', undefined, 'go'],
  ['08-sekali-jalan-cip', '', 'print/a016', undefined, 'go_writing'],
  ['08-sekali-jalan-cetak', '', 'print/a016', undefined, 'go_printing'],
  ['08-kotak-tolak', '', 'print/a016', undefined, 'go_rejected'],
  ['08-di-dalam', '', 'print/a016', undefined, 'go_inside'],
  ['08-rusak', '', 'print/a016', press('F6'), 'quality'],
  ['08-nomor', '', 'print/a016', press('F5', 'Enter'), 'reported'],
  ['08-rusak-tanpa-kamera', '', 'print/a016', press('F2'), 'spoiled_blind'],
  ['08-rusak-tercatat', '', 'print/a016', undefined, 'spoiled'],
  ['08-rusak-di-printer', '', 'print/a016', undefined, 'spoiled_inside'],
  ['08-cip-di-printer', '', 'print/a016', press('F3'), 'spoiled_inside'],
  ['08-antrean-cetak', '', 'print_queue'],
  ['08-antrean-cetak-wna', '', 'print_queue', undefined, 'wna'],
  ['08-antrean-cetak-tanpa-wna', '', 'print_queue', press('End'), 'wna_none'],
  ['08-giliran', '', 'print_queue', press('F8')],
  ['08-giliran-ubah', '', 'print_queue', press('ArrowDown', 'F8')],
  ['08-cetak-uji', '', 'print_queue', press('F9')],
  ['09-serah-terima', '', 'handover/a016'],
  ['09-ditarik', '', 'handover/a016', undefined, 'withdrawn'],
  ['09-ditarik-batalkan', '', 'handover/a016', press('F6'), 'withdrawn'],
  ['09-ditahan', '', 'handover/a016', undefined, 'held'],
  ['09-ditahan-diperbaiki', '', 'handover/a016', undefined, 'both'],
  ['09-tempat-di-rak', '', 'handover/a016', press('F2'), 'held'],
  ['09-sesuai-formulir', '', 'handover/a016', undefined, 'agrees'],
  ['09-saksi-tanpa-jari', '', 'handover/a016', press('F8')],
  ['09-hampir', '', 'handover/a016', undefined, 'almost'],
  ['09-habis', '', 'handover/a016', press('F8'), 'spent'],
  ['09-orang-lain', '', 'handover/a016', press('F7'), 'other'],
  ['09-beda', '', 'handover/a016', press('F6'), 'differs'],
  ['09-kartu-lama', '', 'handover/a016', press('F9')],
  ['09-tanda-terima', '', 'handover/a016', press('F5')],
  ['09-tak-bisa-menulis', '', 'handover/a016', press('F5', 'F8')],
  ['09-dengan-mata', '', 'handover/a016', press('F3'), 'eye'],
  ['09-cocokkan', '', 'handover/a016', press('Enter'), 'done'],
  ['09-rak-dari-antrean', '', 'queue', press('F6')],
  ['09-blangko', '', 'blangko'],
  ['09-blangko-beda', '', 'blangko', undefined, 'disagrees'],
  ['09-blangko-ditemukan', '', 'blangko', press('ArrowDown', 'ArrowDown'), 'found'],
  ['09-blangko-wna', '', 'blangko', undefined, 'wna'],
  ['09-blangko-baris', '', 'blangko', press('ArrowDown', 'ArrowDown')],
  ['09-blangko-terima', '', 'blangko', press('F2')],
  ['09-blangko-hitung', '', 'blangko', press('F5'), 'counted'],
  ['09-blangko-rusak', '', 'blangko', press('F6')],
  [
    '09-blangko-foto',
    '',
    'blangko',
    async (page) => {
      await page.click('[data-testid="photo-0718-224-899"]');
      await page.click('[data-testid="photo-show-0718-224-899"]');
      await page.waitForTimeout(500);
    },
  ],
  ['09-blangko-baca', '', 'blangko', undefined, 'readonly'],
  [
    '09-blangko-selisih',
    '',
    'blangko',
    async (page) => {
      await press('F5')(page);
      await page.fill('[data-testid="counted"]', '0718224688-0718224998');
      await press('F5')(page);
    },
  ],
  ['09-blangko-berita', '', 'blangko', press('F8')],
  [
    '09-blangko-pemusnahan',
    '',
    'blangko',
    async (page) => {
      await press('End', 'F3', 'F4')(page);
      await page.waitForTimeout(500);
    },
  ],
  ['09-blangko-pemusnahan-buta', '', 'blangko', press('End', 'F3'), 'blind'],
  ['09-blangko-kosong', 'empty', 'blangko'],
  ['09-rak', '', 'blangko', press('F9')],
  ['09-rak-simpan', '', 'blangko', press('F9', 'F9')],
  ['09-blangko-hari', '', 'blangko', press('F10')],
  ['09-laporan', '', 'reports'],
  ['11-petugas', '', 'staff'],
  ['11-petugas-sendiri', 'empty', 'staff'],
  ['11-petugas-tambah', '', 'staff', press('F2')],
  ['11-petugas-tangguhkan', '', 'staff', press('ArrowDown', 'F6')],
  ['11-petugas-jari', '', 'staff', press('ArrowDown', 'F8')],
  ['11-petugas-kode', '', 'staff', press('F7')],
  ['11-pemulihan', 'locked', 'signin', press('F8')],
  ['09-laporan-kosong', 'empty', 'reports'],
  ['09-laporan-rincian', '', 'reports', press('F6')],
  ['09-laporan-masa', '', 'reports', press('F5')],
  ['09-laporan-simpan', '', 'reports', press('F9', 'Enter')],
  ['11-masuk', 'locked', 'signin'],
  ['11-izin-habis', 'permit-locked', 'signin'],
  ['11-jeda', 'backoff', 'signin'],
  ['11-penyelia', 'locked', 'signin', press('F7')],
  ['13-perangkat', 'dirty', 'devices', press('ArrowDown', 'ArrowDown', 'ArrowDown')],
  ['13-tujuh-alat', '', 'devices', undefined, 'seven'],
  ['13-sembilan-alat', '', 'devices', press('ArrowDown'), 'full'],
  ['13-dukungan', '', 'devices', press('F9')],
  ['13-kartu-di-dalam', '', 'devices', press('F7'), 'inside'],
  ['13-kartu-siapa', '', 'devices', press('F7')],
  ['13-kartu-dikerjakan', '', 'devices', press('F7'), 'running'],
  ['13-kotak-tolak', '', 'devices', undefined, 'rejected'],
  ['13-tanda-gangguan', '', 'devices', undefined, 'stuck'],
  ['13-kotak-tolak-nomor', '', 'devices', press('F8'), 'rejected'],
  ['14-register', '', 'register', press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown')],
  ['14-betulkan', '', 'register', press('F2')],
  [
    '14-bulan',
    '',
    'register',
    async (page) => {
      await page.click('[data-testid="tab-month"]');
      await page.waitForTimeout(300);
      await press('End', 'End', 'End')(page);
    },
  ],
  [
    '14-cetak-bulan',
    '',
    'register',
    async (page) => {
      await page.click('[data-testid="tab-month"]');
      await page.waitForTimeout(300);
      await page.click('[aria-keyshortcuts="Enter"]');
      await page.waitForTimeout(900);
    },
  ],
  ['14-simpan', '', 'register', press('F9', 'Enter')],
  ['14-cocokkan', '', 'register', press('F4')],
  ['14-rantai-putus', 'broken', 'register'],
  ['15-setelan', '', 'settings'],
  ['15-setelan-penyelia', 'supervisor', 'settings'],
  ['15-naskah', 'supervisor', 'settings', press('F7')],
  ['15-halaman-pemeriksa', 'supervisor', 'settings', press('F8')],
  ['15-naskah-siap', 'wording', 'settings', press('F7')],
  ['17-gagal-mulai', '', 'failed'],
  ['17-gagal-mulai-tersimpan', '', 'failed', press('F9')],
  ['17-gagal-mulai-macet', 'hung', 'failed'],
  ['18-mulai', 'new', 'setup'],
  [
    '18-mulai-nanti',
    'new',
    'setup',
    async (page) => {
      await page.click('[data-testid="setup-later"]');
      await page.fill('[data-testid="station-code"]', 'PSB-1813-01');
    },
  ],
  [
    '18-stasiun',
    'new',
    'setup',
    async (page) => {
      await page.fill('[data-testid="station-code"]', 'PSB-1813-01');
      await page.click('[data-testid="setup-later"]');
      await page.click('[data-testid="primary"]');
      await page.waitForTimeout(300);
    },
  ],
  [
    '18-kunci',
    'new',
    'setup',
    async (page) => {
      await page.fill('[data-testid="station-code"]', 'PSB-1813-01');
      await page.click('[data-testid="setup-later"]');
      await page.click('[data-testid="primary"]');
      await page.waitForTimeout(300);
      await page.fill('[data-testid="station-name"]', 'Krui 03');
      await page.fill('[data-testid="station-place"]', 'Tim keliling');
      await press('Enter')(page);
      await press('Enter')(page);
      await page.waitForTimeout(300);
      await page.click('[data-testid="recovery-noted"]');
      await page.fill('[data-testid="recovery-answer-0"]', '9RTA');
    },
  ],
  [
    '18-petugas',
    'new',
    'setup',
    async (page) => {
      await page.fill('[data-testid="station-code"]', 'PSB-1813-01');
      await page.click('[data-testid="setup-later"]');
      await page.click('[data-testid="primary"]');
      await page.waitForTimeout(300);
      await page.fill('[data-testid="station-name"]', 'Krui 03');
      await page.fill('[data-testid="station-place"]', 'Tim keliling');
      await press('Enter')(page);
      await press('Enter')(page);
      await page.waitForTimeout(300);
      await page.click('[data-testid="recovery-noted"]');
      await page.fill('[data-testid="recovery-answer-0"]', '9RTA');
      await page.fill('[data-testid="recovery-answer-1"]', 'VE8B');
      await page.fill('[data-testid="recovery-holder"]', 'Hendra Saputra');
      await page.fill('[data-testid="recovery-place"]', 'Lemari besi');
      await page.click('[data-testid="primary"]');
      await page.waitForTimeout(300);
    },
  ],
  ['20-panjang-masuk', 'long-locked', 'signin'],
  ['20-panjang-penyelia', 'long-locked', 'signin', press('F7')],
  ['20-panjang-antrean', 'long', 'queue'],
  ['20-panjang-antrean-tunggal', 'long', 'queue', press('ArrowDown', 'ArrowDown')],
  ['20-panjang-batal', 'long', 'queue', press('F7')],
  ['20-panjang-formulir', 'long', 'form/a017'],
  ['20-panjang-formulir-kanan', 'long', 'form/a019'],
  [
    '20-kanan-formulir',
    '',
    'form/a021',
    async (page) => {
      await page.fill('[data-testid="field-alamat"]', 'شارع كروي 7، RT 003');
      await page.fill('[data-testid="field-nama"]', 'سيتي رحموات بنت عبد الله');
    },
  ],
  [
    '20-ketik-panjang',
    '',
    'form/a021',
    async (page) => {
      await page.focus('[data-testid="field-nama"]');
      await page.keyboard.type('RADEN AYU SITI NURHALIZAH KUSUMANINGRUM PUTRI WIRYAWAN HADINOTO SASTRODIWIRYO');
    },
  ],
  ['20-panjang-berkas', 'long', 'requirements/a015'],
  ['20-panjang-verifikasi', 'long', 'verification/a017'],
  ['20-panjang-bacakan', 'long', 'verification/a017', press('F9')],
  ['20-panjang-foto', 'long', 'capture/a016', undefined, 'portrait'],
  ['20-panjang-jari', 'long', 'capture/a016', undefined, 'fingers'],
  ['20-panjang-orang-sama', 'long', 'capture/a016', undefined, 'same'],
  ['20-panjang-pemindai', 'long', 'capture/a016', undefined, 'trouble'],
  ['20-panjang-pengecualian', 'long', 'capture/a016', press('F7'), 'exceptions'],
  ['20-panjang-cocok', 'long', 'capture/a016', undefined, 'rematch'],
  ['20-panjang-pengesahan', 'long', 'attestation/a020'],
  ['20-panjang-pemohon', 'long', 'applicant', undefined, 'confirm_data'],
  ['20-panjang-pemohon-foto', 'long', 'applicant', undefined, 'approve_photo'],
  ['20-panjang-pemohon-jari', 'long', 'applicant', undefined, 'finger_guide'],
  ['20-panjang-pemohon-tanda-tangan', 'long', 'applicant', undefined, 'sign'],
  ['20-panjang-ajukan', 'long', 'print_request/a016'],
  ['20-panjang-status', 'long', 'status/a016'],
  ['20-panjang-cetak', 'long', 'print/a016'],
  ['20-panjang-antrean-cetak', 'long', 'print_queue'],
  ['20-panjang-serah', 'long', 'handover/a016'],
  ['20-panjang-cocokkan', 'long', 'handover/a016', press('Enter'), 'done'],
  ['20-panjang-wakil', 'long', 'handover/a016', press('F7'), 'other'],
  ['20-panjang-blangko', 'long', 'blangko'],
  ['20-panjang-register', 'long', 'register', press('ArrowDown', 'ArrowDown')],
  ['20-panjang-betulkan', 'long', 'register', press('F2')],
  ['20-panjang-sinkronisasi', 'long', 'sync'],
  ['20-panjang-laporan', 'long', 'reports'],
  ['20-panjang-laporan-rincian', 'long', 'reports', press('F6')],
  ['20-panjang-petugas', 'long', 'staff'],
  ['20-panjang-petugas-peran', 'long', 'staff', press('F5')],
  ['20-panjang-setelan', 'long', 'settings'],
];

/** Lines that are read to the applicant and stand below the edge of their panel. */
const UNSEEN = () => {
  const box = document.querySelector('[data-testid="read-lines"]');
  return box && box.scrollHeight > box.clientHeight + 1 ? box.scrollHeight - box.clientHeight : 0;
};

/** What the notice of a problem covers although it asks for it: fields, and whatever has the focus. */
const COVERED = () => {
  const notice = document.querySelector('main > .problem')?.getBoundingClientRect();
  if (!notice) return [];
  const shown = (e) => {
    const box = e.getBoundingClientRect();
    // What its own list has scrolled away is not there to be covered.
    const frame = e.closest('.scroll')?.getBoundingClientRect() ?? box;
    return { top: Math.max(box.top, frame.top), bottom: Math.min(box.bottom, frame.bottom) };
  };
  return [...document.querySelectorAll('main [data-testid^="field-"], main :focus')]
    .filter((e) => !e.closest('.problem'))
    .filter((e) => shown(e).bottom > shown(e).top && shown(e).bottom > notice.top + 1)
    .map((e) => e.dataset.testid ?? e.tagName);
};

/** Words of an explained NIK that are broken in the middle. */
const BROKEN = () =>
  [...document.querySelectorAll('[data-testid="nik-panel"] .nk span')].flatMap((span) => {
    const node = span.firstChild;
    return [...(node?.textContent ?? '').matchAll(/\S+/g)]
      .filter(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        return range.getClientRects().length > 1;
      })
      .map(([word]) => word);
  });

/** Texts that leave their place: cut off without a sign of it, or written beyond the panel that they stand in. */
function leaves() {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (text === '' || !parent || parent.closest('script, style, svg, option, .sr')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    for (let e = parent; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      const place = e.getBoundingClientRect();
      if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible') break;
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') break;
      const bound = style.overflowX !== 'visible' || e.matches('.panel, button, td, th, .dialog, .mast, .strip, .rail');
      if (bound && (box.right > place.right + 1 || box.left < place.left - 1)) {
        found.add(`"${text.slice(0, 40)}" leaves ${e.tagName.toLowerCase()}.${[...e.classList].join('.')}`);
        break;
      }
      if (style.position === 'fixed') break;
    }
  }
  return [...found];
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
let bad = 0;
for (const [name, scene, hash, act, part = ''] of SHOTS) {
  if (only.length > 0 && !only.some((o) => name.startsWith(o))) continue;
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, timezoneId: 'Asia/Jakarta' });
  page.on('pageerror', (e) => console.log(name, 'PAGE ERROR', e.message));
  page.on('console', (m) => m.type() === 'error' && console.log(name, 'CONSOLE', m.text()));
  await page.goto(
    `${base}?mock=${scene}${process.env.REKAM_SHOTS_LANGUAGE === 'en' ? '-english' : ''}&part=${part}#/${hash}`,
  );
  await page.waitForSelector('[data-testid^="page-"]');
  await page.waitForTimeout(500);
  await act?.(page);
  await page.waitForTimeout(200);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme);
    await page.screenshot({ path: `${folder}/${name}${theme === 'dark' ? '-gelap' : ''}.png` });
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const v of found.violations) {
      bad += 1;
      console.log(
        `${name} ${theme}: ${v.id} (${v.nodes.length}) ${v.nodes[0].html.slice(0, 160)} :: ${v.nodes[0].any[0]?.message ?? v.help}`,
      );
    }
    const over = await page.evaluate(() => {
      const body = document.querySelector('.main');
      return body ? body.scrollHeight - body.clientHeight : 0;
    });
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('.bar button, .dialog-bar button')]
        .filter((b) => {
          const bar = b.parentElement;
          const end = bar.getBoundingClientRect().right - parseFloat(getComputedStyle(bar).paddingRight);
          return b.getBoundingClientRect().right > end + 1;
        })
        .map((b) => b.dataset.testid),
    );
    for (const what of await page.evaluate(`(() => {${PANELS}\n})()`)) console.log(`${name} ${theme}: ${what}`);
    const left = await page.evaluate(leaves);
    for (const what of left) console.log(`${name} ${theme}: ${what}`);
    if (outside.length > 0) console.log(`${name} ${theme}: outside its bar: ${outside.join(', ')}`);
    if (over > 1) console.log(`${name} ${theme}: main overflows by ${over}px`);
    const covered = await page.evaluate(COVERED);
    if (covered.length > 0) console.log(`${name} ${theme}: the notice covers ${covered.join(', ')}`);
    const broken = await page.evaluate(BROKEN);
    if (broken.length > 0) console.log(`${name} ${theme}: broken in the middle: ${broken.join(', ')}`);
    const unseen = await page.evaluate(UNSEEN);
    if (unseen > 0) console.log(`${name} ${theme}: ${unseen}px of what is read aloud are not on the screen`);
  }
  await page.close();
}
await browser.close();
await server.close();
console.log(bad === 0 ? 'axe: no violations' : `axe: ${bad} violations`);
process.exit(bad === 0 ? 0 : 1);
