//! Topaz serial signature pads (SigLite, SigGem, ClipGem): 5-byte packets, no initialisation.
//!
//! Sans-IO. Described in `docs/protocols/topaz.md`; read in two public sources, not yet run on hardware.

pub mod accumulator;
pub mod model;
pub mod packet;

pub use accumulator::Accumulator;
pub use model::{Calibration, Line, Model};
pub use packet::Packet;
