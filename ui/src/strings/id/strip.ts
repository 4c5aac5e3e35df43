export default {
  'strip.after_sign_in': 'sesudah masuk',
  'strip.blangko': 'Blangko',
  'strip.blangko_happened': 'Stok blangko dan bukunya dibuka sesudah petugas masuk.',
  'strip.blangko_low': '{kind} (pesan)',
  'strip.blangko_next': 'Masuk, lalu buka Blangko di menu.',
  'strip.blangko_none': 'belum ada',
  'strip.blangko_safe': 'Tiap gerakan blangko tetap tercatat.',
  'strip.blangko_title': 'Blangko',
  'strip.blangko_value': '{n}, ±{d} hari',
  'strip.blangko_wna': 'WNA {n}',
  'strip.blangko_wni': 'WNI {n}',
  'strip.devices': 'Alat',
  'strip.devices_ready': '{n} dari {m}',
  'strip.disk': 'Ruang simpan',
  'strip.disk_value': '{free}, cukup ±{n}',
  'strip.label': 'Keadaan stasiun',
  'strip.lock': 'Kunci layar',
  'strip.look': '{device}',
  'strip.network': 'Jaringan',
  'strip.nobody': 'Belum masuk',
  'strip.not_sent': 'tidak dikirim',
  'strip.offline': 'Luring',
  'strip.offline_since': 'Luring sejak {at}',
  'strip.online': 'Tersambung',
  'strip.person_happened': 'Tiap tindakan dicatat atas nama petugas yang masuk.',
  'strip.person_next': 'Bila meninggalkan loket atau berganti petugas, kunci layar.',
  'strip.person_safe': 'Saat terkunci, nama, NIK, dan foto pemohon tidak tampil. Pekerjaan tetap tersimpan.',
  'strip.person_title': 'Petugas di loket ini',
  'strip.ready': 'siap',
  'strip.unsent': 'Belum terkirim',
  'strip.unsent_value': '{n} · tertua {d} hari',
  'unsettled.cut_off.happened':
    'Kartu, cip, atau cetakan kertas yang terputus pada jalan sebelumnya belum dapat dijadikan pertanyaan.',
  'unsettled.cut_off.next':
    'Lihat printer dan pembaca kartu, dan jangan cetak ulang dahulu. Beri ruang di disk; dicoba lagi sendiri.',
  'unsettled.cut_off.safe': 'Pesanan, blangko, dan cetakannya tetap tercatat.',
  'unsettled.looks.happened': 'Disk penuh: siapa yang membuka permohonan belum dapat ditulis.',
  'unsettled.looks.next':
    'Kosongkan ruang di disk dan jangan matikan komputer; catatannya ditulis sendiri begitu ada ruang.',
  'unsettled.looks.safe':
    'Permohonan tetap dapat dilihat dan yang sudah disimpan tetap ada. Isian baru belum dapat disimpan.',
  'unsettled.renewal.happened': 'Sertifikat stasiun hampir habis dan pusat belum memberi yang baru.',
  'unsettled.renewal.next':
    'Hubungi kabupaten sebelum sertifikat habis; dicoba lagi sendiri tiap kali pusat terhubung.',
  'unsettled.renewal.safe': 'Perekaman dan pengiriman tetap berjalan dengan sertifikat yang lama.',
  'unsettled.revocations.happened':
    'Pusat mencabut akses seorang petugas, tetapi kuncinya di komputer ini belum dapat dihapus.',
  'unsettled.revocations.next':
    'Jangan biarkan petugas itu memakai komputer ini. Beri ruang di disk; dicoba lagi sendiri.',
  'unsettled.revocations.safe': 'Pencabutannya sudah tercatat.',
  'unsettled.unknown_packets.happened':
    'Ada paket tersegel yang tidak dikenal basis data ini, misalnya sesudah salinannya dipulihkan.',
  'unsettled.unknown_packets.next':
    'Laporkan ke penyelia sebelum siapa pun direkam ulang. Folder itu diserahkan ke dinas, lalu dipindahkan dari sini.',
  'unsettled.unknown_packets.safe': 'Paketnya utuh di folder packets/unknown dan tidak dihapus.',
  'unsettled.unread_packets.happened': 'Ada file paket tersegel di folder packets yang tidak dapat dibaca.',
  'unsettled.unread_packets.next':
    'Laporkan ke penyelia: disknya mungkin rusak, atau izin folder itu berubah. Dicoba lagi sendiri.',
  'unsettled.unread_packets.safe': 'Tidak ada yang dihapus. Isian dan gambar tetap di basis data.',
} as const;
