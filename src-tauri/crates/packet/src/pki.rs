//! Keys, certificates, requests and the authority that issues them. P-256 only.
//!
//! Subject: `C=ID, O=Rekam, OU=<role>[, OU=LATIHAN], CN=<name>`. The role decides the key usage; the mark
//! `OU=LATIHAN` makes a training certificate, and the same mark on the authority makes a training authority.

mod authority;
mod certificate;
mod identity;
mod revocation;

pub use authority::{Authority, Validity};
pub use certificate::{Certificate, Role};
pub use identity::{CertificateRequest, Identity, KeyPair};
pub use revocation::RevocationList;
