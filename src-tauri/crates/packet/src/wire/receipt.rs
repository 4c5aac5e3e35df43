use super::finalise::{Digests, Finalise};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::pki::Role;
use crate::signed::Signer;
use crate::verify::Trust;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By which way a packet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Over the network.
    Network,
    /// On a courier's medium.
    Courier,
}

/// The centre's word that three sealed files are in its hands for good. It says nothing of their content.
///
/// Signed as a [`Document`] by [`Role::CentreSigner`] over canonical JSON: members in this order, no white space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Always [`Receipt::FORMAT`].
    pub format: String,
    /// Names this receipt: UUIDv7 of the centre.
    pub receipt: Uuid,
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Station code.
    pub station: String,
    /// The station's running number, from 1.
    pub sequence: u64,
    /// Digest and length of each sealed file.
    pub parts: Digests,
    /// When the last of them was safe, centre's clock, UTC, whole seconds.
    pub received_at: Timestamp,
    /// By which way it came first.
    pub via: Via,
    /// True for training.
    pub training: bool,
}

impl Receipt {
    /// Name and version of the document.
    pub const FORMAT: &'static str = "rekam-receipt/1";

    /// Makes the receipt of a finalisation; of `received_at` the whole seconds.
    pub fn of(finalise: &Finalise, receipt: Uuid, received_at: Timestamp, via: Via) -> Self {
        Self {
            format: Self::FORMAT.to_owned(),
            receipt,
            enrolment: finalise.enrolment,
            station: finalise.station.clone(),
            sequence: finalise.sequence,
            parts: finalise.parts.clone(),
            received_at: Timestamp::from_second(received_at.as_second()).unwrap_or(received_at),
            via,
            training: finalise.training,
        }
    }

    /// Returns the bytes that are signed: JSON without blanks, members in the order of this struct.
    ///
    /// # Errors
    /// `Document` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| Error::Document { reason: e.to_string() })
    }

    /// Signs; answers DER of CMS SignedData.
    ///
    /// # Errors
    /// As [`Document::sign`].
    pub fn sign(&self, centre: &dyn Signer, at: Timestamp) -> Result<Vec<u8>> {
        Document::sign(&self.to_bytes()?, Self::FORMAT, centre, at)
    }

    /// Believes a receipt: signed by the centre's signing certificate, canonical, for a real or training packet as `trust` says.
    ///
    /// The caller compares enrolment and digests with its outbox row: [`Receipt::acknowledges`].
    ///
    /// # Errors
    /// As [`Document::verify`]; `Document` when the content is no canonical receipt.
    pub fn verify(der: &[u8], trust: &Trust) -> Result<Self> {
        let document = Document::verify(der, Self::FORMAT, Role::CentreSigner, trust)?;
        let receipt: Self = serde_json::from_slice(&document.content)
            .map_err(|e| Error::Document { reason: e.to_string() })?;
        if receipt.format != Self::FORMAT || receipt.to_bytes()? != document.content {
            return Err(Error::Document { reason: "not the canonical form".to_owned() });
        }
        if receipt.training != trust.training {
            return Err(Error::TrainingMixed { what: "receipt and verifier" });
        }
        Ok(receipt)
    }

    /// True when it is for this very packet with these very bytes.
    pub fn acknowledges(&self, enrolment: Uuid, station: &str, parts: &Digests) -> bool {
        self.enrolment == enrolment && self.station == station && self.parts == *parts
    }
}
