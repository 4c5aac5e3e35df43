use crate::picture::Picture;
use crate::sheet::amplop_pemulihan::AmplopPemulihan;
use crate::sheet::formulir_f102::FormulirF102;
use crate::sheet::formulir_perekaman::FormulirPerekaman;
use crate::sheet::halaman_register::HalamanRegister;
use crate::sheet::slip_pengembalian::SlipPengembalian;

/// Letterhead and station, from settings.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// First line, for example `PEMERINTAH KABUPATEN PESISIR BARAT`.
    pub government: String,
    /// Second line, for example `DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL`.
    pub office: String,
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
    /// When it is made, in the words of the paper, for example `23-11-2026 pukul 11.02`.
    pub printed: String,
    /// What it says.
    pub sheet: Sheet,
}

/// Which paper, with its values. Texts are printed as given; empty ones become a dash.
#[derive(Clone, Debug)]
pub enum Sheet {
    /// Formulir Permohonan Perekaman, A4.
    FormulirPerekaman(Box<FormulirPerekaman>),
    /// Slip for returned papers, A4.
    SlipPengembalian(Box<SlipPengembalian>),
    /// F-1.02, blank or prefilled, A4.
    FormulirF102(Box<FormulirF102>),
    /// Pages of the register of one day, A4 landscape.
    HalamanRegister(Box<HalamanRegister>),
    /// Recovery code for an envelope, A4.
    AmplopPemulihan(Box<AmplopPemulihan>),
}
