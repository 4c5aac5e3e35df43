//! One sans-IO codec per wire protocol: no clock, no thread, no device crate.

pub mod apdu;
pub mod atr;
pub mod card_reason;
pub mod escpos;
pub mod evolis;
pub mod ipp;
pub mod ktpel;
pub mod mjpeg;
pub mod personalisation;
pub mod pwg;
pub mod sbi;
pub mod scp03;
pub mod topaz;
pub mod zfm;
