export default {
  'allowed.camera': 'Kosong, atau alamat http:// tanpa nama dan kata sandi, misalnya "http://10.0.0.5/video".',
  'allowed.card_address':
    'Alamat menurut jenis printernya: alamat:porta untuk evolis, alamat ipp:// untuk ipp, jalur lengkap sebuah folder untuk folder.',
  'allowed.card_name': 'Nama printer pada layanan Evolis; wajib diisi bila card_printer = "evolis".',
  'allowed.centre': 'Kosong, atau alamat https:// pusat.',
  'allowed.encoder':
    '"contact" atau "contactless", dan hanya bila card_printer = "evolis"; kosong bila tidak ada penyandi cip.',
  'allowed.encoder_reader':
    'Bagian dari nama PC/SC pembaca di dalam printer; wajib diisi bila card_printer_encoder diisi.',
  'allowed.filled': 'Teks yang berisi.',
  'allowed.fingers': 'Daftar jari tanpa yang sama: "thumb", "index", "middle", "ring", "little".',
  'allowed.flag': 'true atau false.',
  'allowed.folders': 'Daftar jalur lengkap folder, misalnya ["/media/kantor"].',
  'allowed.line': 'Kosong, porta serial ("/dev/ttyUSB0", "COM3"), atau jati diri alat USB ("usb:0403:6001:A1B2C3").',
  'allowed.makers': 'Kosong, atau berkas PEM yang dapat dibaca dan memuat sertifikat penyedia alat.',
  'allowed.number': 'Bilangan dari {least} sampai {most}.',
  'allowed.one_of': 'Salah satu dari {words}.',
  'allowed.over': 'Bilangan di atas {than}, paling banyak {most}.',
  'allowed.own_folder':
    'Kosong, atau folder tempat rekam.toml ini. Folder data dipilih saat program dijalankan (--data).',
  'allowed.port_from': 'Porta 1 sampai 65535, atau 0 bila tidak ada rentang.',
  'allowed.port_to': 'Tidak sebelum sbi_port_from dan paling banyak {most} porta; 0 bila sbi_port_from = 0.',
  'allowed.ports': 'Daftar porta 1 sampai 65535 tanpa yang sama.',
  'allowed.printer': 'Kosong, atau alamat ipp://, misalnya "ipp://localhost:631/printers/loket".',
  'allowed.proxy': 'Kosong, atau alamat proksi dengan http:// di depannya.',
  'allowed.regency_code': 'Empat angka kode kabupaten atau kota, tanpa titik.',
  'allowed.ribbon': 'Kosong, atau KUNCI=NILAI dipisah titik koma.',
  'allowed.slip_printer': 'Kosong, alamat:porta, atau porta serial.',
  'allowed.speed': 'Salah satu kecepatan {words}.',
  'allowed.text': 'Teks di antara tanda kutip.',
  'allowed.unknown': 'Tidak ada setelan bernama begitu; periksa ejaannya.',
  'allowed.whole': 'Bilangan bulat dari {least} sampai {most}.',
} as const;
