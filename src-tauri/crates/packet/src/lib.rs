//! The sealed packet of one recording: three parts, signed twice, encrypted to two recipients.
//!
//! Layout, certificates and checks are specified in `docs/protocols/packet.md`; the command line
//! program `openssl cms` opens every part without this crate. Nothing here reads a clock: times are handed in.
#![forbid(unsafe_code)]

mod archive;
mod document;
mod envelope;
mod error;
mod file;
mod header;
mod manifest;
mod packet;
mod part;
mod register;
mod signed;
mod verify;

pub mod pki;
pub mod seal;
pub mod wire;

#[cfg(test)]
mod hostile_test;

pub use archive::{Entry, MAX_ENTRIES, MAX_PART_BYTES};
pub use document::{Document, sign_detached, signer_of_detached};
pub use envelope::open;
pub use error::{Error, Result};
pub use file::{SealedFile, digest_hex, flush_name, make_folder, sha1};
pub use header::{Header, Station};
pub use manifest::{FORMAT, FORMAT_VERSION, Manifest, ManifestEntry};
pub use packet::{Packet, Plain, Recipients, Sealed, SealedPart};
pub use part::{Part, Suite};
pub use register::{REGISTER_FILE, RegisterStretch, StretchError, StretchLine, StretchOf};
pub use signed::{SignedPart, Signer, SignerRole};
pub use verify::{Trust, VerifiedPart};
