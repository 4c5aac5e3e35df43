//! Bytes and time-outs; no knowledge of any device.

pub mod http;
pub mod memory;
pub mod pcsc;
pub mod ports;
pub mod replay;
pub mod serial;
pub mod tcp;
