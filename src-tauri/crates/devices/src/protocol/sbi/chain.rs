//! The hash chain over samples: `SHA-256(prev ‖ SHA-256(sample))`, starting from SHA-256 of nothing.

use sha2::{Digest, Sha256};

/// One link of the chain.
pub type Link = [u8; 32];

/// The link before the first sample (E3B0C442…B855).
pub fn start() -> Link {
    Sha256::digest([]).into()
}

/// SHA-256 of a sample; also what tells a replayed sample.
pub fn fingerprint(sample: &[u8]) -> Link {
    Sha256::digest(sample).into()
}

/// The link after `sample`.
pub fn next(previous: &Link, sample: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(fingerprint(sample));
    hash.finalize().into()
}

/// Upper-case hex as SBI writes it.
pub fn word(link: &Link) -> String {
    hex::encode_upper(link)
}

/// Reads a link in any case; an empty text means the start.
pub fn parse(text: &str) -> Option<Link> {
    if text.is_empty() {
        return Some(start());
    }
    hex::decode(text).ok()?.try_into().ok()
}
