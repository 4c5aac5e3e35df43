//! The papers that a station gives out or keeps.

use serde::{Deserialize, Serialize};

use crate::stock::keyed;

keyed!(
    /// A kind of rendered paper, by the key under which it is stored.
    DocumentKind {
        /// Formulir Permohonan Perekaman, signed in step 5.
        FormulirPerekaman = "formulir_perekaman",
        /// F-1.02, blank or filled.
        FormulirF102 = "f_1_02",
        /// Slip of a returned visit.
        SlipPengembalian = "slip_pengembalian",
        /// Queue number, given when a visit begins.
        NomorAntrean = "nomor_antrean",
        /// Cover of the Berkas Permohonan, step 6.
        SampulBerkas = "sampul_berkas",
        /// Pickup slip, step 7.
        TandaPengambilan = "tanda_pengambilan",
        /// Surat Keterangan Perekaman, step 7.
        Suket = "suket",
        /// Slip that says why there is no card yet, step 7.
        SlipStatus = "slip_status",
        /// Picture of the card's face, step 8.
        MukaKartu = "muka_kartu",
        /// Receipt of the hand-over, step 9.
        TandaTerima = "tanda_terima",
        /// A page of the Buku Register.
        HalamanRegister = "halaman_register",
        /// Report of a day.
        LaporanHarian = "laporan_harian",
        /// Report over a period.
        Laporan = "laporan",
        /// Report of the stock.
        LaporanStok = "laporan_stok",
        /// Berita Acara of destruction.
        BeritaAcara = "berita_acara",
        /// Photograph of a destruction, beside its Berita Acara and under its number.
        FotoPemusnahan = "foto_pemusnahan",
        /// Sheet on personal data.
        LembarDataPribadi = "lembar_data_pribadi",
        /// Calibration print of a card printer.
        CetakUji = "cetak_uji",
        /// A kept paper as it was printed once more, marked on each page; it bears the number of that paper.
        CetakUlang = "cetak_ulang",
    }
);
