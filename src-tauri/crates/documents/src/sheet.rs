//! One file per paper: its values and how they are laid before the template.

pub(crate) mod amplop_pemulihan;
pub(crate) mod berita_acara;
pub(crate) mod berkas_permohonan;
pub(crate) mod formulir_f102;
pub(crate) mod formulir_perekaman;
pub(crate) mod foto_pemusnahan;
pub(crate) mod halaman_register;
pub(crate) mod laporan;
pub(crate) mod laporan_harian;
pub(crate) mod laporan_stok;
pub(crate) mod lembar_data_pribadi;
pub(crate) mod nomor_antrean;
pub(crate) mod slip_pengembalian;
pub(crate) mod slip_status;
pub(crate) mod surat_keterangan;
pub(crate) mod tanda_pengambilan;

/// `23 November 2026`.
pub(crate) fn long_date(date: domain::Date) -> String {
    format!("{} {} {}", date.day(), domain::terbilang::month(date.month()), date.year())
}

/// Writes a `Debug` that names the paper and nothing of its content.
macro_rules! masked_debug {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}
pub(crate) use masked_debug;
