use serde::{Deserialize, Serialize};

/// One of the three sealed parts, in the order of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Biodata as attested, portrait, signature, exceptions, evidence, register position; small, first.
    Id,
    /// ANSI/NIST-ITL file and the devices' own signed evidence.
    Bio,
    /// Scanned documents and the signed form; last.
    Dok,
}

impl Part {
    /// All three, in the order of sending.
    pub const ALL: [Part; 3] = [Part::Id, Part::Bio, Part::Dok];

    /// Name in file names, manifests and the wire: `id`, `bio`, `dok`.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Id => "id",
            Part::Bio => "bio",
            Part::Dok => "dok",
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Part {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Part::ALL.into_iter().find(|part| part.name() == text).ok_or(())
    }
}

/// The set of algorithms a packet is made with; a new one gets a new name, never a new meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Suite {
    /// ECDSA P-256 with SHA-256, ECDH P-256 key agreement, AES-256-GCM.
    #[default]
    #[serde(rename = "p256-sha256-aes256gcm")]
    P256,
}

impl Suite {
    /// Name in manifests and bindings.
    pub const fn name(self) -> &'static str {
        match self {
            Suite::P256 => "p256-sha256-aes256gcm",
        }
    }
}
