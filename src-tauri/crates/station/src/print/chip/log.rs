//! The signed logs of the chips that this station wrote, held against their signatures and against its journals.

use devices::driver::card::sam::SoftSam;
use devices::protocol::personalisation::{PersonalisationLog, Profile, SamKind};
use domain::role::Action;
use store::ChipWrite;

use crate::visit::iso_ms;
use crate::{Result, Station};

/// What the log of a chip is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogVerdict {
    /// The SAM's signature holds, and the log is of the card that the journal names.
    Holds,
    /// The signature does not hold: the log was changed, or nobody's SAM signed it.
    Broken,
    /// A whole log, of another card or another content than the journal's.
    OtherCard,
    /// No log can be read there.
    Unreadable,
    /// Written and read back, and no log is kept.
    Missing,
    /// The key of its SAM is not here: only who has the SAM can check it.
    NoKey,
}

/// The log of one chip, checked. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ChipLogCheck {
    /// Number of the card.
    pub blangko: String,
    /// Number of the chip, hexadecimal.
    pub uid: String,
    /// Profile that the chip was written by.
    pub profile: String,
    /// When it was read back, UTC; empty when it was not.
    pub written_at: String,
    /// Who signed, in the SAM's words; empty where no log can be read.
    pub sam: String,
    /// Files in the log.
    pub files: usize,
    /// SHA-256 of the log as it is kept, hexadecimal: what step 8 shows.
    pub digest: String,
    /// What it is worth.
    pub verdict: LogVerdict,
}

impl Station {
    /// Checks the log of every chip that this station wrote, or those of one card, oldest first.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn chip_logs(&self, blangko: Option<&str>) -> Result<Vec<ChipLogCheck>> {
        let desk = self.desk(Action::ReadRegister)?;
        let known: Vec<Profile> = [Profile::training(), Profile::ktpel()].into_iter().flatten().collect();
        let kept = desk.store.read(|view| view.chip_logs())?;
        Ok(kept
            .iter()
            .filter(|(journal, _)| blangko.is_none_or(|wanted| journal.begun.blangko.as_str() == wanted))
            .map(|(journal, log)| checked(&known, journal, log))
            .collect())
    }
}

fn checked(known: &[Profile], journal: &ChipWrite, log: &[u8]) -> ChipLogCheck {
    let read: Option<PersonalisationLog> = serde_json::from_slice(log).ok();
    let verdict = match &read {
        _ if log.is_empty() => LogVerdict::Missing,
        None => LogVerdict::Unreadable,
        Some(read) => judged(known, journal, read),
    };
    ChipLogCheck {
        blangko: journal.begun.blangko.as_str().to_owned(),
        uid: journal.begun.uid.clone(),
        profile: journal.begun.profile.clone(),
        written_at: iso_ms(journal.ended_ms).unwrap_or_default(),
        sam: read.as_ref().map(|log| log.sam.clone()).unwrap_or_default(),
        files: read.as_ref().map_or(0, |log| log.files.len()),
        digest: if log.is_empty() { String::new() } else { packet::digest_hex(log) },
        verdict,
    }
}

fn judged(known: &[Profile], journal: &ChipWrite, log: &PersonalisationLog) -> LogVerdict {
    let begun = &journal.begun;
    // Which key is asked is the journal's word, not the log's.
    let profile = known.iter().find(|profile| profile.id == begun.profile);
    let Some(profile) = profile.filter(|profile| matches!(profile.sam, SamKind::Training(_))) else {
        return LogVerdict::NoKey;
    };
    if !SoftSam::verifies_log(profile, log) {
        return LogVerdict::Broken;
    }
    let same = log.card.0 == begun.uid
        && log.profile == begun.profile
        && log.plan.as_bytes() == begun.digest.as_slice();
    if same { LogVerdict::Holds } else { LogVerdict::OtherCard }
}

#[cfg(test)]
mod tests {
    use super::*;
    use devices::driver::card::sam::Sam;
    use devices::protocol::personalisation::CardId;
    use store::{ChipEnd, ChipState, NewChipWrite};

    fn journal(uid: &str, profile: &str, plan: &str) -> ChipWrite {
        ChipWrite {
            id: 1,
            begun: NewChipWrite {
                permohonan: domain::ids::PermohonanId::new(crate::clock::new_uuid()),
                blangko: domain::stock::NomorBlangko::parse("0718-224-913").unwrap(),
                uid: uid.into(),
                profile: profile.into(),
                digest: plan.as_bytes().to_vec(),
                total: 3,
            },
            doing: 0,
            done: 3,
            state: ChipState::Verified,
            cause: String::new(),
            begun_ms: 1,
            ended_ms: 2,
            end: ChipEnd::None,
            end_cause: String::new(),
        }
    }

    /// The log of a training card, signed by its SAM.
    fn signed(profile: &Profile) -> PersonalisationLog {
        let mut sam = SoftSam::new(profile).unwrap();
        let mut log = PersonalisationLog {
            profile: profile.id.clone(),
            training: true,
            card: CardId("04A1".into()),
            plan: "ab12".into(),
            files: Vec::new(),
            sam: sam.name(),
            signature: String::new(),
        };
        let signature = sam.sign(&log.message()).unwrap();
        log.signature = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        log
    }

    #[test]
    fn a_log_holds_only_as_it_was_signed_and_only_for_its_own_card() {
        let profile = Profile::training().unwrap();
        let known = [profile.clone()];
        let log = signed(&profile);
        let kept = |log: &PersonalisationLog| serde_json::to_vec(log).unwrap();
        let verdict = |journal: &ChipWrite, bytes: &[u8]| checked(&known, journal, bytes).verdict;
        let own = journal("04A1", &profile.id, "ab12");
        assert_eq!(verdict(&own, &kept(&log)), LogVerdict::Holds);
        let mut changed = log.clone();
        changed.card = CardId("04FF".into());
        assert_eq!(verdict(&own, &kept(&changed)), LogVerdict::Broken, "a changed word");
        let mut unsigned = log.clone();
        unsigned.signature = "00".repeat(64);
        assert_eq!(verdict(&own, &kept(&unsigned)), LogVerdict::Broken, "nobody's signature");
        assert_eq!(verdict(&journal("04FF", &profile.id, "ab12"), &kept(&log)), LogVerdict::OtherCard);
        assert_eq!(verdict(&journal("04A1", &profile.id, "cd34"), &kept(&log)), LogVerdict::OtherCard);
        assert_eq!(verdict(&own, b"{"), LogVerdict::Unreadable);
        assert_eq!(verdict(&own, b""), LogVerdict::Missing);
        let mut real = log.clone();
        real.profile = "ktp-el".into();
        assert_eq!(
            verdict(&own, &kept(&real)),
            LogVerdict::Broken,
            "a training card does not become a real one"
        );
        let real = journal("04A1", "ktp-el", "ab12");
        assert_eq!(verdict(&real, &kept(&log)), LogVerdict::NoKey, "Dukcapil's SAM is not here");
    }
}
