export default {
  'help.attestation': 'Pemohon memeriksa data dan menandatangani. Sesudah itu rekaman disegel.',
  'help.capture':
    'Foto, sidik jari, iris, tanda tangan, lalu cocokkan ulang dua jari.\nTiap hasil langsung tersimpan; yang terbaik dipakai. Bagian tubuh yang tidak bisa direkam dicatat sebagai pengecualian dengan F7.',
  'help.devices':
    'Angka menguji alat pada baris itu. Uji tidak menyimpan gambar.\nF5 memilih alat lain untuk baris terpilih, F3 mencari alat yang baru dicolok.',
  'help.form':
    'Ketik NIK, lalu F5 mengisi dari data penduduk. Nama juga dapat dicari: ketik tiga huruf, pilih dengan panah.\nTiap isian tersimpan sendiri; tandanya ada di kanan atas kolom. Enter pindah ke isian berikut yang masih kosong.',
  'help.key_applicant': 'Layar pemohon: membuka, atau ke depan',
  'help.key_escape': 'tidak pernah menghapus apa pun',
  'help.key_menu': 'Menu atas, huruf yang bergaris bawah',
  'help.key_strip': 'Keadaan stasiun di baris bawah',
  'help.queue':
    'Yang genap 17 tahun dan yang sudah dijawab pusat paling atas, lalu yang terlambat dan yang menunggu paling lama. Panah memilih, Enter membuka, F2 membuka permohonan baru, F3 mencari, F9 mengubah giliran cetak.',
  'help.register':
    'Baris register tidak pernah diubah atau dihapus. F2 menulis baris baru yang membetulkan baris terpilih.\nF6 memeriksa rantainya dari awal, F4 mencocokkan halaman tercetak, F9 menyimpan tabel, Enter mencetak halaman hari atau masa yang tampil, sepanjang apa pun.',
  'help.reports':
    'Panah kiri dan kanan membuka masa sebelum dan sesudahnya, F5 memilih masa atau tanggal.\nF6 menunjukkan semua angkanya sebagai tabel, F9 menyimpannya. Laporan tidak memuat nama pemohon atau NIK.',
  'help.requirements':
    'Angka mencentang berkas pada baris itu, F4 memotretnya. Bila belum lengkap, F7 mengembalikan dengan alasan.',
  'help.settings':
    'Bahasa dan tampilan berlaku saat dipilih. Penyelia juga memuat data penduduk, memastikan naskah surat, dan menyimpan halaman pemeriksa kode.',
  'help.setup': 'Isi bagian demi bagian. Tiap bagian tersimpan; komputer boleh dimatikan dan dilanjutkan nanti.',
  'help.signin': 'Pilih nama dengan panah, ketik kata sandi, Enter. Tiap kali salah, jeda menjadi dua kali lebih lama.',
  'help.sync':
    'Paket terkirim sendiri begitu ada jaringan; Enter mengirim sekarang juga.\nPanah memilih paket, F4 menghentikan atau melanjutkannya. F5 menguji sambungan, F9 menulis ke flashdisk.',
  'help.title': 'Bantuan',
  'help.unavailable': 'Belum ada bantuan khusus untuk layar ini.',
  'help.verification':
    'Panah memilih baris yang beda. F5 memakai isi formulir, F6 memakai data penduduk. F9 membuka data besar untuk dibacakan kepada pemohon.\n1 dan 2 menjawab apakah pernah direkam di tempat lain, F8 memastikan peringatan, F4 membaca KTP-el lama, F3 bertanya ke pusat.\nBila orangnya dicocokkan: panah kiri dan kanan memilih jari, 3 mencocokkan, 4 dengan saksi. Bila data diubah: 5 membaca jari Anda, 6 dengan saksi.',
} as const;
