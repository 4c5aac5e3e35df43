use super::changes::Cursor;
use super::compare::Inventory;
use super::finalise::Finalise;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::pki::Role;
use crate::signed::Signer;
use crate::verify::Trust;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Folder at the top of the medium; below it `<station>/<batch>/`.
pub const ROOT_FOLDER: &str = "rekam-kurir";
/// Signed manifest of a batch.
pub const MANIFEST_FILE: &str = "manifest.cms";
/// Written last, empty: without it the batch was not copied to its end.
pub const MARK_FILE: &str = "SELESAI";
/// Folder of a batch in which the centre leaves its answer.
pub const REPLY_FOLDER: &str = "balasan";
/// In [`REPLY_FOLDER`]: the change feed, a [`Document`] of format `rekam-feed/1` over NDJSON.
pub const STATUS_FILE: &str = "perubahan.cms";

/// In [`REPLY_FOLDER`]: the authority's revocation list, X.509 CRL in DER.
pub const REVOCATIONS_FILE: &str = "pencabutan.crl";

/// In [`REPLY_FOLDER`]: name of the receipt of one enrolment.
pub fn receipt_file(enrolment: Uuid) -> String {
    format!("{}.resi.cms", enrolment.hyphenated())
}

/// What a batch on a medium holds: a [`Document`] signed by the station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourierManifest {
    /// Always [`CourierManifest::FORMAT`].
    pub format: String,
    /// Names the batch and its folder.
    pub batch: Uuid,
    /// Station code: that of the signing certificate.
    pub station: String,
    /// When the batch was made, UTC.
    pub created: Timestamp,
    /// True for training.
    pub training: bool,
    /// Where the station's change feed stands; the centre answers from here.
    pub cursor: Cursor,
    /// As over the network.
    pub inventory: Inventory,
    /// The packets, ascending by sequence; each in a folder of its enrolment id as `id.cms`, `bio.cms`, `dok.cms`.
    pub packets: Vec<CourierPacket>,
}

/// One packet of a batch: the body of its finalisation.
pub type CourierPacket = Finalise;

impl CourierManifest {
    /// Name and version of the document.
    pub const FORMAT: &'static str = "rekam-courier/1";

    /// Signs; answers DER.
    ///
    /// # Errors
    /// As [`Document::sign`].
    pub fn sign(&self, station: &dyn Signer, at: Timestamp) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|e| Error::Document { reason: e.to_string() })?;
        Document::sign(&bytes, Self::FORMAT, station, at)
    }

    /// Believes a manifest: signed by the station that it names, every packet its own and sound.
    ///
    /// # Errors
    /// As [`Document::verify`]; `Document` when it speaks of another station or a packet's body is unsound.
    pub fn verify(der: &[u8], trust: &Trust) -> Result<(Self, crate::pki::Certificate)> {
        let refuse = |reason: String| Error::Document { reason };
        let document = Document::verify(der, Self::FORMAT, Role::Station, trust)?;
        let manifest: Self = serde_json::from_slice(&document.content).map_err(|e| refuse(e.to_string()))?;
        if manifest.format != Self::FORMAT {
            return Err(refuse("another format".to_owned()));
        }
        if manifest.station != document.signer.common_name() {
            return Err(refuse("signed by another station".to_owned()));
        }
        if manifest.training != trust.training {
            return Err(Error::TrainingMixed { what: "courier and verifier" });
        }
        for packet in &manifest.packets {
            packet.check().map_err(|e| refuse(e.to_string()))?;
            if packet.station != manifest.station || packet.training != manifest.training {
                return Err(refuse("packet of another station".to_owned()));
            }
        }
        Ok((manifest, document.signer))
    }
}
