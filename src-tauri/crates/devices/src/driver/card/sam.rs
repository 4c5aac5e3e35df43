//! The module that holds the card keys: it authenticates itself to the card and protects every command.
//!
//! A SAM of the authority, in a reader's second slot, would speak through this port; none is built. The one below is the
//! open software SAM of training cards.

use openssl::pkey::{Id, PKey};
use openssl::sign::{Signer, Verifier};
use serde::{Deserialize, Serialize};

use crate::protocol::apdu::{CommandApdu, ResponseApdu, StatusWord};
use crate::protocol::personalisation::{PersonalisationLog, Profile, SamKind, TrainingSam};
use crate::protocol::scp03::{Handshake, Opening, Scp03Error, SecureChannel};

/// Why a SAM does not help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "sam")]
pub enum SamError {
    /// The card's keys are not those of this SAM. No try has been used.
    #[error("card is not of this SAM")]
    NotAuthentic,
    /// The card refused the SAM's cryptogram; a try may have been used.
    #[error("card refuses the SAM ({status:04X})")]
    Refused {
        /// Status word of the card.
        status: u16,
    },
    /// An answer was changed on its way, or belongs to another command.
    #[error("answer does not verify")]
    Broken,
    /// Called in the wrong order.
    #[error("no channel is open")]
    NotOpen,
    /// The SAM itself failed.
    #[error("SAM failed: {what}")]
    Failed {
        /// What, without keys or data.
        what: String,
    },
}

impl From<Scp03Error> for SamError {
    fn from(error: Scp03Error) -> Self {
        match error {
            Scp03Error::CardCryptogram => Self::NotAuthentic,
            Scp03Error::AnswerMac | Scp03Error::Cipher => Self::Broken,
            other => Self::Failed { what: other.to_string() },
        }
    }
}

/// What to do next while the channel is being opened.
#[derive(Debug)]
pub enum SamStep {
    /// Send this to the card and hand the answer back.
    Send(CommandApdu),
    /// The channel is open.
    Open,
}

/// A security module. The station never sees a card key through it.
///
/// # Errors
/// [`SamError`]; the session is over and is begun anew.
pub trait Sam: Send {
    /// Who it is, for the log.
    fn name(&self) -> String;
    /// Begins mutual authentication with a card that has just been selected.
    fn begin(&mut self) -> Result<SamStep, SamError>;
    /// Takes the card's answer to the last [`SamStep::Send`].
    fn advance(&mut self, answer: &ResponseApdu) -> Result<SamStep, SamError>;
    /// Protects a command.
    fn wrap(&mut self, command: &CommandApdu) -> Result<CommandApdu, SamError>;
    /// Checks and opens the answer to the last wrapped command.
    fn unwrap(&mut self, answer: &ResponseApdu) -> Result<ResponseApdu, SamError>;
    /// Signs content or a log. The same message always gives the same signature.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, SamError>;
    /// Forgets the open channel.
    fn close(&mut self);
}

enum At {
    Closed,
    Updating(Handshake),
    Authenticating(SecureChannel),
    Open(SecureChannel),
}

/// The open software SAM of a training profile: SCP03 with keys that everybody may read.
pub struct SoftSam {
    profile: String,
    keys: TrainingSam,
    at: At,
}

impl std::fmt::Debug for SoftSam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftSam({})", self.profile)
    }
}

impl SoftSam {
    /// The SAM of a training profile; `None` for a profile whose SAM is Dukcapil's.
    pub fn new(profile: &Profile) -> Option<Self> {
        match &profile.sam {
            SamKind::Training(keys) => {
                Some(Self { profile: profile.id.clone(), keys: keys.clone(), at: At::Closed })
            }
            SamKind::Dukcapil => None,
        }
    }

    /// Checks a signature of the SAM of a training profile over `message`.
    pub fn verifies(profile: &Profile, message: &[u8], signature: &[u8]) -> bool {
        let SamKind::Training(keys) = &profile.sam else { return false };
        let check = || {
            let key = PKey::private_key_from_raw_bytes(keys.sign.bytes(), Id::ED25519)?;
            let public = PKey::public_key_from_raw_bytes(&key.raw_public_key()?, Id::ED25519)?;
            Verifier::new_without_digest(&public)?.verify_oneshot(signature, message)
        };
        check().unwrap_or(false)
    }

    /// Checks the signature of a personalisation log of a training card.
    pub fn verifies_log(profile: &Profile, log: &PersonalisationLog) -> bool {
        let signature = hex::decode(&log.signature).unwrap_or_default();
        Self::verifies(profile, &log.message(), &signature)
    }
}

fn library(_: openssl::error::ErrorStack) -> SamError {
    SamError::Failed { what: "cryptographic library refused".to_owned() }
}

impl Sam for SoftSam {
    fn name(&self) -> String {
        format!("soft-sam {} (latihan)", self.profile)
    }

    fn begin(&mut self) -> Result<SamStep, SamError> {
        let mut challenge = [0; 8];
        openssl::rand::rand_bytes(&mut challenge).map_err(library)?;
        let handshake = Handshake::with_masters(self.keys.masters.clone(), self.keys.level, challenge);
        let command = handshake.command();
        self.at = At::Updating(handshake);
        Ok(SamStep::Send(command))
    }

    fn advance(&mut self, answer: &ResponseApdu) -> Result<SamStep, SamError> {
        let refused = Err(SamError::Refused { status: answer.status.into() });
        match std::mem::replace(&mut self.at, At::Closed) {
            At::Updating(_) | At::Authenticating(_) if answer.status != StatusWord::Success => refused,
            At::Updating(handshake) => {
                let Opening { command, channel, .. } = handshake.accept(&answer.data)?;
                self.at = At::Authenticating(channel);
                Ok(SamStep::Send(command))
            }
            At::Authenticating(channel) => {
                self.at = At::Open(channel);
                Ok(SamStep::Open)
            }
            At::Closed | At::Open(_) => Err(SamError::NotOpen),
        }
    }

    fn wrap(&mut self, command: &CommandApdu) -> Result<CommandApdu, SamError> {
        match &mut self.at {
            At::Open(channel) => Ok(channel.wrap(command)?),
            _ => Err(SamError::NotOpen),
        }
    }

    fn unwrap(&mut self, answer: &ResponseApdu) -> Result<ResponseApdu, SamError> {
        match &mut self.at {
            At::Open(channel) => Ok(channel.unwrap(answer)?),
            _ => Err(SamError::NotOpen),
        }
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, SamError> {
        let key = PKey::private_key_from_raw_bytes(self.keys.sign.bytes(), Id::ED25519).map_err(library)?;
        Signer::new_without_digest(&key).and_then(|mut s| s.sign_oneshot_to_vec(message)).map_err(library)
    }

    fn close(&mut self) {
        self.at = At::Closed;
    }
}
