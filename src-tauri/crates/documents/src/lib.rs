//! The station's papers: plain values in, PDF and page pictures out.
//!
//! Layout lives in `assets/print/*.typ`, typefaces in `assets/fonts`; both are built in. The same values
//! give the same bytes: no clock, no network, no fonts of the system.

mod error;
mod office;
mod picture;
mod press;
mod qr;
mod sheet;
mod tidy;
mod world;

pub use error::{Error, Result};
pub use office::{Office, Paper, Sheet};
pub use picture::Picture;
pub use press::{Press, Rendered};
pub use sheet::amplop_pemulihan::AmplopPemulihan;
pub use sheet::formulir_f102::{F102_KEYS, FormulirF102};
pub use sheet::formulir_perekaman::{FingerLine, FormulirPerekaman, JenisPermohonan, PERNYATAAN};
pub use sheet::halaman_register::{Checkpoint, HalamanRegister, RegisterContent, RegisterLine, RegisterRow};
pub use sheet::slip_pengembalian::{Reason, SlipPengembalian};
