//! The station's papers: plain values in, PDF and page pictures out.
//!
//! Layout lives in `assets/print/*.typ`, typefaces in `assets/fonts`; both are built in. The same values
//! give the same bytes: no clock, no network, no fonts of the system.
#![forbid(unsafe_code)]

mod card;
mod error;
mod escpos;
mod join;
mod letters;
mod office;
pub mod page;
mod picture;
mod press;
mod qr;
mod sheet;
mod tidy;
mod wording;
mod world;

pub use card::{
    CROSSES, CardBox, CardFace, CardPage, CardPrint, CardPrinter, CardTemplate, DPI, Field, Fitted,
    HEIGHT_MM, Ink, Placement, Preprinted, Reading, TrainingMark, WIDTH_MM,
};
pub use error::{Error, Result};
pub use escpos::{COLUMNS, roll};
pub use join::join;
pub use letters::{
    Chapter, Letters, MinutesText, NASKAH, PickupText, PrivacyText, ReturnText, Service, Signer, SuketText,
};
pub use office::{Office, Paper, Sheet};
pub use picture::Picture;
pub use press::{Press, Rendered};
pub use qr::read_codes;
pub use sheet::amplop_pemulihan::AmplopPemulihan;
pub use sheet::berita_acara::{BeritaAcara, Hadir, Keping, KepingLine, SaldoBlangko};
pub use sheet::berkas_permohonan::{BerkasLine, BerkasPermohonan};
pub use sheet::formulir_f102::{F102_KEYS, FormulirF102};
pub use sheet::formulir_perekaman::{FingerLine, FormulirPerekaman, JenisPermohonan, PERNYATAAN};
pub use sheet::foto_pemusnahan::FotoPemusnahan;
pub use sheet::halaman_register::{
    BukuRegister, Checkpoint, HalamanRegister, Part, RegisterContent, RegisterDay, RegisterLine, RegisterRow,
};
pub use sheet::laporan::{Laporan, LaporanBaris, LaporanTabel};
pub use sheet::laporan_harian::{
    BelumDiambilLine, LaporanHarian, PetugasLine, ProduksiLine, RusakLine, StokLine,
};
pub use sheet::laporan_stok::{GerakanLine, HitunganLine, LaporanStok};
pub use sheet::lembar_data_pribadi::LembarDataPribadi;
pub use sheet::nomor_antrean::NomorAntrean;
pub use sheet::slip_pengembalian::{Reason, SlipPengembalian};
pub use sheet::slip_status::SlipStatus;
pub use sheet::surat_keterangan::SuratKeterangan;
pub use sheet::tanda_pengambilan::TandaPengambilan;
pub use wording::{Gap, GapWhy};
