export default {
  'errors.camera_there.happened': 'Kartu rusak ini belum dipotret, padahal kamera tersambung.',
  'errors.camera_there.next': 'Potret kartunya. Keterangan hanya dipakai bila tidak ada kamera.',
  'errors.camera_there.safe': 'Kartu sudah tercatat rusak.',
  'errors.card_data_differ.happened': 'Data dari pusat lain dari formulir yang sudah diverifikasi.',
  'errors.card_data_differ.next':
    'Bila pusat yang belum benar, minta datanya dibetulkan di sana. Bila formulir yang salah, kembali ke langkah 3.',
  'errors.card_data_differ.safe': 'Belum ada yang dicetak, blangko tetap di stok.',
  'errors.card_data_disputed.happened': 'Data dari pusat masih sama dengan kartu yang dinyatakan salah.',
  'errors.card_data_disputed.next':
    'Minta datanya dibetulkan di pusat; stasiun ini bertanya lagi sendiri. Bila ternyata datanya benar, kembali ke langkah 3.',
  'errors.card_data_disputed.safe': 'Belum ada yang dicetak, blangko tetap di stok.',
  'errors.card_data_missing.happened': 'Data untuk kartu belum lengkap.',
  'errors.card_data_missing.next': 'Lengkapi yang tertulis di halaman ini, atau tunggu data dari pusat.',
  'errors.card_data_missing.safe': 'Belum ada yang dicetak.',
  'errors.card_does_not_fit.happened': 'Ada isian yang tidak muat pada kartu, atau hurufnya tidak ada di huruf kartu.',
  'errors.card_does_not_fit.next':
    'Minta kantor menyesuaikan templat kartunya (kartu.toml), atau perbaiki isian yang keliru.',
  'errors.card_does_not_fit.safe': 'Belum ada yang dicetak, blangko tetap di stok.',
  'errors.card_inside_first.happened':
    'Kartu sebuah permohonan mungkin masih di dalam printer, jadi kartu rusak ini belum dapat diambil.',
  'errors.card_inside_first.next': 'Keluarkan kartu itu dulu di langkah 8 atau di Perangkat (F7), lalu ulangi.',
  'errors.card_inside_first.safe': 'Printer tidak bergerak dan tidak ada yang berubah di buku.',
  'errors.card_not_printed.happened': 'Kartu ini keluar sebelum mukanya dicetak.',
  'errors.card_not_printed.next':
    'Catat rusak dengan F6. Hanya bila cipnya belum disentuh: catat belum tercetak dengan F8.',
  'errors.card_not_printed.safe': 'Blangkonya tetap tercatat di printer.',
  'errors.card_out_at_station.happened': 'Sebuah kartu sedang berada di penyandi printer.',
  'errors.card_out_at_station.next': 'Tunggu sampai cipnya selesai. Sesudah itu langkah 8 menanyakan hasilnya.',
  'errors.card_out_at_station.safe': 'Kartunya tidak digerakkan.',
  'errors.card_out_running.happened': 'Printer sedang mengerjakan kartu sebuah permohonan.',
  'errors.card_out_running.next':
    'Tunggu sampai printer selesai, lalu ulangi. Untuk menghentikannya, buka permohonannya di langkah 8.',
  'errors.card_out_running.safe': 'Kartunya tidak digerakkan dan perintahnya tetap berjalan.',
  'errors.card_running.happened': 'Menurut pusat, kartu lain atas orang ini sedang diurus di tempat lain.',
  'errors.card_running.next':
    'Tanyakan kepada pemohon di mana kartunya diminta. Setelah yang itu selesai atau dibatalkan, lanjutkan di sini.',
  'errors.card_running.safe': 'Belum ada yang dicetak. Permohonan dan urutannya tetap.',
  'errors.card_stays_inside.happened': 'Kartunya belum keluar dari printer.',
  'errors.card_stays_inside.next':
    'Buka Perangkat lalu F7 untuk mengeluarkannya. Bila macet, buka penutup printer dan ambil dengan tangan.',
  'errors.card_stays_inside.safe': 'Keadaan cipnya sudah tercatat dan kartunya tetap rusak di buku.',
  'errors.chip_begun.happened': 'Cip kartu ini sudah mulai ditulis.',
  'errors.chip_begun.next': 'Lanjutkan penulisan, atau catat kartu rusak dengan F6.',
  'errors.chip_begun.safe': 'Bagian yang sudah tertulis tercatat.',
  'errors.chip_begun_elsewhere.happened': 'Kartu di pembaca bukan kartu yang tadi mulai ditulis.',
  'errors.chip_begun_elsewhere.next': 'Letakkan kartu yang tadi, atau catat kartu rusak dengan F6.',
  'errors.chip_begun_elsewhere.safe': 'Jurnal cip tersimpan.',
  'errors.chip_data.happened': 'Data untuk cip belum lengkap.',
  'errors.chip_data.next': 'Periksa NIK dan foto pemohon.',
  'errors.chip_data.safe': 'Tidak ada yang ditulis.',
  'errors.chip_final.happened': 'Cip kartu ini sudah dikunci dengan data lain.',
  'errors.chip_final.next': 'Catat kartu rusak dengan F6, lalu cetak pada blangko baru.',
  'errors.chip_final.safe': 'Tidak ada yang diubah.',
  'errors.chip_foreign.happened': 'Kartu di pembaca memakai kunci asing.',
  'errors.chip_foreign.next':
    'Letakkan kartu yang baru dicetak. Bila hanya kartu ini yang asing, catat rusak dengan F6. Bila kartu lain juga, SAM-nya yang salah: panggil penyelia.',
  'errors.chip_foreign.safe': 'Tidak ada yang ditulis ke kartu itu, dan percobaan kuncinya tidak berkurang.',
  'errors.chip_foreign_cipher.happened': 'Kartu mengenali SAM, tetapi kunci sandi keduanya tidak sama.',
  'errors.chip_foreign_cipher.next':
    'Panggil penyelia untuk memeriksa SAM dan profil cip. Jangan catat kartu rusak sebelum SAM diperiksa.',
  'errors.chip_foreign_cipher.safe':
    'Penulisan berhenti sebelum dimulai: isi cip tetap, dan percobaan kuncinya tidak berkurang.',
  'errors.chip_journal.happened': 'Jurnal cip tidak dapat disimpan, maka penulisan dihentikan.',
  'errors.chip_journal.next': 'Periksa ruang disk, lalu lanjutkan.',
  'errors.chip_journal.safe': 'Yang sudah tercatat tersimpan.',
  'errors.chip_last_try.happened': 'Kunci cip tinggal satu percobaan, dan percobaan itu tidak dipakai.',
  'errors.chip_last_try.next': 'Sisihkan kartu dan panggil penyelia.',
  'errors.chip_last_try.safe': 'Cip belum terkunci.',
  'errors.chip_locked.happened': 'Cip kartu ini terkunci.',
  'errors.chip_locked.next': 'Catat kartu rusak dengan F6, lalu cetak pada blangko baru.',
  'errors.chip_locked.safe': 'Tidak ada yang ditulis.',
  'errors.chip_needs_dukcapil.happened': 'Cip KTP-el asli tidak dapat ditulis di sini.',
  'errors.chip_needs_dukcapil.next': 'Tulis sebabnya dengan F7, atau tulis cip dengan penyandi dan SAM dari Dukcapil.',
  'errors.chip_needs_dukcapil.safe': 'Kartu yang tercetak dan catatannya tersimpan.',
  'errors.chip_no_uid.happened': 'Kartu tidak menyebut nomornya, sehingga tidak dapat dicatat.',
  'errors.chip_no_uid.next': 'Letakkan kartu lagi, atau coba pembaca lain.',
  'errors.chip_no_uid.safe': 'Tidak ada yang ditulis.',
  'errors.chip_not_ended.happened': 'Cip kartu rusak ini belum mati. {why}',
  'errors.chip_not_ended.next':
    'Letakkan kartu itu di pembaca, lalu ulangi. Bila tidak bisa, keadaan cip ikut tertulis di Berita Acara.',
  'errors.chip_not_ended.safe': 'Kartu sudah tercatat rusak dan percobaan ini ada di register.',
  'errors.chip_other_nik.happened': 'Kartu di pembaca berisi NIK lain.',
  'errors.chip_other_nik.next': 'Berhenti, pisahkan kartu itu, dan panggil penyelia.',
  'errors.chip_other_nik.safe': 'Tidak ada yang ditulis ke kartu itu.',
  'errors.chip_read_back.happened': 'Isi cip yang dibaca kembali tidak sama dengan yang ditulis.',
  'errors.chip_read_back.next': 'Ulangi sekali. Bila tetap berbeda, catat kartu rusak dengan F6.',
  'errors.chip_read_back.safe': 'Kartu tidak dianggap selesai.',
  'errors.chip_reader.happened': 'Tidak ada kartu yang terbaca.',
  'errors.chip_reader.next': 'Letakkan kartu di pembaca, lalu ulangi. Bila sudah, periksa kabel pembacanya.',
  'errors.chip_reader.safe': 'Tidak ada yang ditulis ke kartu.',
  'errors.chip_refused.happened': 'Cip menolak penulisan.',
  'errors.chip_refused.next': 'Letakkan kartu dengan rata dan ulangi. Bila tetap ditolak, catat kartu rusak dengan F6.',
  'errors.chip_refused.safe': 'Bagian yang sudah tertulis tercatat.',
  'errors.chip_too_large.happened': 'Data tidak muat di cip.',
  'errors.chip_too_large.next': 'Panggil penyelia: profil cip tidak cocok dengan kartu ini.',
  'errors.chip_too_large.safe': 'Tidak ada yang ditulis.',
  'errors.chip_torn.happened': 'Kartu terangkat sebelum cip selesai ditulis.',
  'errors.chip_torn.next': 'Letakkan kartu yang sama, lalu tekan Enter untuk melanjutkan.',
  'errors.chip_torn.safe': 'Bagian yang sudah tertulis tercatat.',
  'errors.chip_wrong_card.happened': 'Kartu di pembaca bukan kartu jenis ini.',
  'errors.chip_wrong_card.next': 'Letakkan kartu yang baru dicetak, lalu ulangi.',
  'errors.chip_wrong_card.safe': 'Tidak ada yang ditulis ke kartu itu.',
  'errors.destruction_camera.happened': 'Pemusnahan ini belum difoto, padahal kamera tersambung.',
  'errors.destruction_camera.next': 'Potret sisa kepingnya. Keterangan hanya dipakai bila tidak ada kamera.',
  'errors.destruction_camera.safe': 'Berita Acara dan isinya tidak berubah.',
  'errors.destruction_signed.happened': 'Foto pemusnahan ini sudah disahkan.',
  'errors.destruction_signed.next': 'Buka lampirannya dari baris Berita Acara bila perlu dicetak lagi.',
  'errors.destruction_signed.safe': 'Foto dan lampirannya tersimpan dan tidak berubah.',
  'errors.destruction_unshown.happened': 'Pemusnahan ini belum difoto dan belum diberi sebab.',
  'errors.destruction_unshown.next': 'Potret sisa kepingnya, atau tulis sebabnya bila tidak ada kamera, lalu sahkan.',
  'errors.destruction_unshown.safe': 'Berita Acara tersimpan. Tidak ada yang berubah.',
  'errors.no_card_printer.happened': 'Printer kartu belum tersambung.',
  'errors.no_card_printer.next': 'Nyalakan printer kartu dan periksa kabelnya.',
  'errors.no_card_printer.safe': 'Belum ada yang dicetak, blangko tetap di stok.',
  'errors.offset_leaves_card.happened': 'Dengan selisih ini sebagian isi kartu jatuh di luar kartu.',
  'errors.offset_leaves_card.next':
    'Ukur sekali lagi dari tepi kartu ke silang. Bila benar sejauh itu, perbaiki letak kartu di printer.',
  'errors.offset_leaves_card.safe': 'Selisih yang lama tetap berlaku.',
  'errors.print_came_out.happened': 'Printer menyebut kartu ini sudah diambil dari tumpukan atau sudah keluar.',
  'errors.print_came_out.next':
    'Cari dan lihat kartunya, lalu nyatakan hasilnya. Bila blangkonya memang utuh, pilih “Belum tercetak” sekali lagi.',
  'errors.print_came_out.safe': 'Blangkonya tetap tercatat pada kartu ini.',
  'errors.print_earlier_before.happened':
    'Menurut printer, kartu pada blangko {serial} keluar. Kartu itu dinyatakan tidak tercetak sebelum program ini diperbarui.',
  'errors.print_earlier_before.next':
    'Lihat blangko itu. Bila ada yang tercetak, catat rusak di halaman Blangko bersama petugas kedua. Lalu ulangi.',
  'errors.print_earlier_before.safe':
    'Blangko itu tetap tercatat di stok. Kartu yang sekarang belum dikirim ke printer.',
  'errors.print_earlier_came_out.happened':
    'Kartu pada blangko {serial}, yang dinyatakan tidak tercetak, ternyata keluar menurut printer.',
  'errors.print_earlier_came_out.next':
    'Cari kartu itu dan catat rusak di halaman Blangko bersama petugas kedua. Lalu cetak kartu ini dengan blangko lain.',
  'errors.print_earlier_came_out.safe':
    'Blangko itu sudah disisihkan di buku dan tidak ditawarkan lagi. Kartu yang sekarang belum dikirim ke printer.',
  'errors.print_earlier_finished.happened':
    'Printer menyatakan selesai kartu pada blangko {serial}, yang sudah dinyatakan rusak atau tidak ditemukan.',
  'errors.print_earlier_finished.next':
    'Lihat apakah ada kartu lagi di printer atau bakinya. Bila ada, catat menurut nomornya di halaman Blangko. Lalu ulangi.',
  'errors.print_earlier_finished.safe': 'Kartu yang sekarang belum dikirim ke printer.',
  'errors.print_earlier_handed_on.happened':
    'Antrean cetak komputer sudah meneruskan kartu pada blangko {serial}, yang hasilnya sudah dinyatakan di sini. Printernya tidak melaporkan apa-apa.',
  'errors.print_earlier_handed_on.next':
    'Cari kartu di printer dan bakinya, dan lihat blangko itu. Yang tercetak dicatat rusak menurut nomornya di halaman Blangko bersama petugas kedua. Lalu ulangi.',
  'errors.print_earlier_handed_on.safe':
    'Blangko itu tetap seperti tercatat di buku. Kartu yang sekarang belum dikirim ke printer.',
  'errors.print_earlier_there.happened':
    'Printer atau antreannya masih memegang kartu pada blangko {serial}; kartu itu akan keluar lebih dulu.',
  'errors.print_earlier_there.next':
    'Tunggu kartunya keluar, atau batalkan di printer atau di antrean cetak komputer (nama cetakan berawalan “rekam-”). Lalu ulangi.',
  'errors.print_earlier_there.safe': 'Kartu yang sekarang belum dikirim ke printer dan blangkonya tetap di stok.',
  'errors.print_earlier_unsure.happened':
    'Kartu pada blangko {serial} dinyatakan tidak tercetak, padahal cetakannya berhenti setelah printer mulai mengerjakannya.',
  'errors.print_earlier_unsure.next':
    'Lihat blangko itu. Bila ada yang tercetak, catat rusak di halaman Blangko bersama petugas kedua. Lalu ulangi.',
  'errors.print_earlier_unsure.safe': 'Kartu yang sekarang belum dikirim ke printer.',
  'errors.print_exchange_over.happened': 'Nomor {serial} tidak lagi tercatat pada kartu permohonan itu.',
  'errors.print_exchange_over.next': 'Baca sekali lagi nomor pada kartu, lalu catat.',
  'errors.print_exchange_over.safe': 'Tidak ada nomor yang ditukar.',
  'errors.print_exchange_running.happened':
    'Nomor {serial} tercatat pada kartu permohonan {ticket}, yang masih dikerjakan printer.',
  'errors.print_exchange_running.next': 'Tunggu sampai kartu itu keluar, lalu baca nomornya sekali lagi.',
  'errors.print_exchange_running.safe': 'Belum ada nomor yang berubah.',
  'errors.print_handed_on.happened': 'Antrean sudah meneruskan kartu ini ke printer, dan tidak melaporkan hasilnya.',
  'errors.print_handed_on.next':
    'Cari kartunya di printer. Bila blangkonya memang utuh, pilih “Belum tercetak” sekali lagi.',
  'errors.print_handed_on.safe': 'Blangkonya tetap tercatat pada kartu ini.',
  'errors.print_inside_first.happened':
    'Kartu permohonan {ticket} pada blangko {serial} mungkin masih di dalam printer, dan belum ada yang menyatakan hasilnya.',
  'errors.print_inside_first.next':
    'Buka langkah 8 permohonan {ticket}, keluarkan kartunya atau nyatakan hasilnya. Lalu ulangi.',
  'errors.print_inside_first.safe': 'Printer tidak bergerak dan tidak ada yang berubah di buku.',
  'errors.print_inside_unread.happened':
    'Kartu pada blangko {serial} mungkin masih di dalam printer, dan permohonannya ({ticket}) tidak dapat dibaca.',
  'errors.print_inside_unread.next':
    'Keluarkan kartunya di Perangkat, pada baris printer kartu, lalu ulangi. Laporkan permohonan itu ke penyelia.',
  'errors.print_inside_unread.safe': 'Printer tidak bergerak dan tidak ada yang berubah di buku.',
  'errors.print_maybe_taken.happened':
    'Cetakan ini berhenti setelah printer mulai mengerjakannya. Printer tidak menunjukkan apakah blangko sudah diambil.',
  'errors.print_maybe_taken.next': 'Lihat blangkonya di printer. Bila memang utuh, pilih “Belum tercetak” sekali lagi.',
  'errors.print_maybe_taken.safe': 'Cetakan tidak berjalan lagi, dan blangkonya tetap tercatat pada kartu ini.',
  'errors.print_number_differs.happened': 'Nomor di kartu {read}, yang tercatat {booked}.',
  'errors.print_number_differs.next': 'Baca sekali lagi nomor pada kartu. Bila memang {read}, tekan F6.',
  'errors.print_number_differs.safe': 'Belum ada blangko yang dihitung.',
  'errors.print_number_of_other.happened':
    'Nomor {serial} tercatat pada kartu permohonan {other}, yang hasilnya belum dinyatakan.',
  'errors.print_number_of_other.next':
    'Bandingkan kartu {ticket} dan kartu {other}. Bila blangkonya memang tertukar, tekan F8.',
  'errors.print_number_of_other.safe': 'Belum ada nomor yang berubah.',
  'errors.print_other_printer.happened':
    'Kartu ini dikirim ke printer lain ({printer}), bukan ke printer yang sekarang tersambung.',
  'errors.print_other_printer.next':
    'Batalkan cetakannya di printer itu atau di antreannya, lalu lihat blangkonya. Bila memang utuh, pilih “Belum tercetak” sekali lagi.',
  'errors.print_other_printer.safe': 'Blangkonya tetap tercatat pada kartu ini.',
  'errors.print_past_cancel.happened': 'Kartu sudah dicetak printer dan tidak dapat dibatalkan lagi.',
  'errors.print_past_cancel.next': 'Tunggu kartu keluar, lihat, lalu nyatakan hasilnya.',
  'errors.print_past_cancel.safe': 'Blangkonya tetap tercatat di printer.',
  'errors.print_still_there.happened':
    'Ada cetakan kartu yang masih tertinggal di printer atau antreannya, dan tidak bisa dibatalkan dari sini.',
  'errors.print_still_there.next':
    'Batalkan di printer atau di antrean cetak komputer (nama cetakan berawalan “rekam-”), atau tunggu kartunya keluar. Lalu ulangi.',
  'errors.print_still_there.safe': 'Blangkonya tetap tercatat, dan tidak ada kartu yang tercetak dua kali.',
  'errors.print_test_there.happened': 'Kartu uji masih di printer atau antreannya; kartu itu akan keluar lebih dulu.',
  'errors.print_test_there.next': 'Tunggu kartu uji keluar, atau batalkan di printer. Lalu ulangi.',
  'errors.print_test_there.safe': 'Belum ada yang dikirim ke printer dan stok blangko tetap.',
  'errors.print_unanswered.happened': 'Printer tersambung, tetapi tidak menjawab apakah masih memegang kartu.',
  'errors.print_unanswered.next':
    'Tunggu sebentar lalu ulangi. Bila printer tetap tidak menjawab, matikan dulu printernya, lalu ulangi.',
  'errors.print_unanswered.safe': 'Tidak ada yang dikirim dan tidak ada yang berubah di buku.',
  'errors.printer_not_ready.happened': 'Kartu belum dicetak. {why}',
  'errors.printer_not_ready.next': 'Benahi printernya. Rekam melihat sendiri bila printer siap, lalu cetak lagi.',
  'errors.printer_not_ready.safe': 'Blangko tetap di stok.',
  'errors.rejected_in_stock.happened': 'Menurut buku, blangko {serial} masih di stok dan siap dicetak.',
  'errors.rejected_in_stock.next':
    'Kartunya rusak: catat dulu di Blangko (F6), lalu isi nomornya lagi di sini. Masih bersih: kembalikan ke tumpukan dan tulis itu di keterangan.',
  'errors.rejected_in_stock.safe': 'Buku tidak diubah dan pertanyaannya tetap terbuka.',
  'errors.rejected_unknown.happened': 'Blangko {serial} tidak ada di buku stasiun ini.',
  'errors.rejected_unknown.next':
    'Baca lagi nomornya. Kartu yang bukan blangko stasiun ini: kosongkan nomornya dan tulis keterangan.',
  'errors.rejected_unknown.safe': 'Tidak ada yang dicatat dan pertanyaannya tetap terbuka.',
  'errors.spoiled_unshown.happened': 'Kartu rusak {serial} belum dipotret.',
  'errors.spoiled_unshown.next': 'Potret kartunya, atau tulis sebabnya bila tidak ada kamera, lalu ulangi.',
  'errors.spoiled_unshown.safe': 'Kartu sudah tercatat rusak. Tidak ada yang berubah.',
} as const;
