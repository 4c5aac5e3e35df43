use crate::letters::Letters;
use crate::picture::Picture;
use crate::sheet::amplop_pemulihan::AmplopPemulihan;
use crate::sheet::berita_acara::BeritaAcara;
use crate::sheet::berkas_permohonan::BerkasPermohonan;
use crate::sheet::formulir_f102::FormulirF102;
use crate::sheet::formulir_perekaman::FormulirPerekaman;
use crate::sheet::foto_pemusnahan::FotoPemusnahan;
use crate::sheet::halaman_register::{BukuRegister, HalamanRegister};
use crate::sheet::laporan::Laporan;
use crate::sheet::laporan_harian::LaporanHarian;
use crate::sheet::laporan_stok::LaporanStok;
use crate::sheet::lembar_data_pribadi::LembarDataPribadi;
use crate::sheet::nomor_antrean::NomorAntrean;
use crate::sheet::slip_pengembalian::SlipPengembalian;
use crate::sheet::slip_status::SlipStatus;
use crate::sheet::surat_keterangan::SuratKeterangan;
use crate::sheet::tanda_pengambilan::TandaPengambilan;

/// Letterhead and station, from settings.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// First line, for example `PEMERINTAH KABUPATEN PESISIR BARAT`.
    pub government: String,
    /// Second line, for example `DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL`.
    pub office: String,
    /// Short name for slips, for example `Disdukcapil Kabupaten Pesisir Barat`; empty for the second line.
    pub short: String,
    /// Where letters are signed, for example `Krui`.
    pub place: String,
    /// Wording, numbers, signer, validity, service hours.
    pub letters: Letters,
    /// Address, postcode, telephone, e-mail in one line; may be empty.
    pub address: String,
    /// The region's emblem; without one a plain shield stands in.
    pub emblem: Option<Picture>,
    /// For example `Stasiun Krui 02`.
    pub station_name: String,
    /// For example `18.13-02`.
    pub station_code: String,
    /// Program and version for the footer, for example `Rekam 1.4.2`.
    pub program: String,
}

/// One paper to be made.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Letterhead and station.
    pub office: Office,
    /// Marks the paper across and in head and foot as LATIHAN, the number with `L-`, the QR with `LATIHAN:`.
    pub training: bool,
    /// Marks the paper across and in head and foot as DRAF: a preview that nobody may take for the paper itself. Stands
    /// before the mark of training.
    pub draft: bool,
    /// When it is made, in the words of the paper, for example `23-11-2026 pukul 11.02`.
    pub printed: String,
    /// 0 for the first print; otherwise the paper is marked `CETAK ULANG ke-n`.
    pub reprint: u32,
    /// What it says.
    pub sheet: Sheet,
}

impl Sheet {
    /// Whether the paper speaks in the office's name, over the name of its signer: such wording the office confirms
    /// before it reaches anybody.
    pub const fn is_official_letter(&self) -> bool {
        match self {
            Sheet::SuratKeterangan(_) | Sheet::BeritaAcara(_) => true,
            Sheet::FormulirPerekaman(_)
            | Sheet::SlipPengembalian(_)
            | Sheet::SlipStatus(_)
            | Sheet::FormulirF102(_)
            | Sheet::HalamanRegister(_)
            | Sheet::BukuRegister(_)
            | Sheet::AmplopPemulihan(_)
            | Sheet::BerkasPermohonan(_)
            | Sheet::FotoPemusnahan(_)
            | Sheet::TandaPengambilan(_)
            | Sheet::LaporanHarian(_)
            | Sheet::Laporan(_)
            | Sheet::LaporanStok(_)
            | Sheet::LembarDataPribadi(_)
            | Sheet::NomorAntrean(_) => false,
        }
    }
}

/// Which paper, with its values. Texts are printed as given; empty ones become a dash.
#[derive(Clone, Debug)]
pub enum Sheet {
    /// Formulir Permohonan Perekaman, A4.
    FormulirPerekaman(Box<FormulirPerekaman>),
    /// Slip for returned papers, A4.
    SlipPengembalian(Box<SlipPengembalian>),
    /// Slip that says why there is no card yet, A4.
    SlipStatus(Box<SlipStatus>),
    /// F-1.02, blank or prefilled, A4.
    FormulirF102(Box<FormulirF102>),
    /// Pages of the register of one day, A4 landscape.
    HalamanRegister(Box<HalamanRegister>),
    /// The register of any period, a checkpoint at the end of each day, A4 landscape.
    BukuRegister(Box<BukuRegister>),
    /// Recovery code for an envelope, A4.
    AmplopPemulihan(Box<AmplopPemulihan>),
    /// Cover of a folder, A4.
    BerkasPermohonan(Box<BerkasPermohonan>),
    /// Pickup slip with its stub, A5 landscape.
    TandaPengambilan(Box<TandaPengambilan>),
    /// Surat Keterangan Perekaman, A4.
    SuratKeterangan(Box<SuratKeterangan>),
    /// Berita Acara pemusnahan, A4.
    BeritaAcara(Box<BeritaAcara>),
    /// Photograph of a destruction beside its Berita Acara, A4.
    FotoPemusnahan(Box<FotoPemusnahan>),
    /// Report of one day, A4.
    LaporanHarian(Box<LaporanHarian>),
    /// Report over a period, or tables that were asked for, A4.
    Laporan(Box<Laporan>),
    /// Stock report of one day, A4.
    LaporanStok(Box<LaporanStok>),
    /// Sheet on personal data, A4.
    LembarDataPribadi(LembarDataPribadi),
    /// Queue number, 80 mm.
    NomorAntrean(Box<NomorAntrean>),
}
