//! One sans-IO codec per wire protocol: no clock, no thread, no device crate.

pub mod apdu;
pub mod ipp;
pub mod ktpel;
pub mod mjpeg;
pub mod sbi;
pub mod topaz;
pub mod zfm;
