//! The personalisation log: what was written on which card, as data that is signed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::journal::CardId;
use super::plan::Plan;

/// One file in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFile {
    /// Name in the profile.
    pub name: String,
    /// File identifier, as in SELECT.
    pub fid: u16,
    /// Length of the file's content, bytes.
    pub length: u32,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
}

/// What was written; no personal data but the UID and digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalisationLog {
    /// Id of the profile.
    pub profile: String,
    /// True when the card is a training card.
    pub training: bool,
    /// The card.
    pub card: CardId,
    /// Digest of the plan, hex.
    pub plan: String,
    /// Files in order.
    pub files: Vec<LogFile>,
    /// Who signed, in the SAM's words.
    pub sam: String,
    /// Signature of the SAM over [`PersonalisationLog::message`], hex.
    pub signature: String,
}

impl PersonalisationLog {
    /// The log of a plan that was read back from `card`, not yet signed.
    pub fn of(plan: &Plan, training: bool, card: CardId, sam: String) -> Self {
        let file = |file: &super::plan::PlannedFile| LogFile {
            name: file.name.clone(),
            fid: file.fid,
            length: file.bytes.len() as u32,
            sha256: hex::encode(Sha256::digest(&file.bytes)),
        };
        Self {
            profile: plan.profile.clone(),
            training,
            card,
            plan: plan.id(),
            files: plan.files.iter().map(file).collect(),
            sam,
            signature: String::new(),
        }
    }

    /// What is signed: a fixed text of every member but the signature, one a line.
    pub fn message(&self) -> Vec<u8> {
        let mut text = format!(
            "rekam-personalisation-log-1\n{}\n{}\n{}\n{}\n{}\n",
            self.profile, self.training, self.card.0, self.plan, self.sam
        );
        for file in &self.files {
            text.push_str(&format!("{:04X} {} {}\n", file.fid, file.length, file.sha256));
        }
        text.into_bytes()
    }
}
