//! Whether the applicant was recorded before: here, by the centre's word, by the own answer, by the card that is shown.

use domain::role::Action;
use domain::steps::verification::VerificationEvent;
use store::VerificationRow;

use crate::references::earlier_recordings;
use crate::session::Desk;
use crate::view::{self, RecordedAnswer};
use crate::visit::{Visit, iso, to_json};
use crate::{Result, Station};

/// What a card on the reader told beside its photograph.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct CardFound {
    /// Hex.
    uid: Option<String>,
}

impl Station {
    pub(super) fn recorded_view(
        &self,
        desk: &Desk,
        visit: &Visit,
        card: Option<&VerificationRow>,
    ) -> Result<view::RecordedView> {
        let nik = visit.biodata.nik();
        let (mine, known) = match &nik {
            Some(nik) => desk.store.read(|view| {
                let mine = earlier_recordings(view, nik.as_str(), visit.id())?;
                Ok((mine, view.recorded_nik(nik.as_str())?))
            })?,
            None => (Vec::new(), None),
        };
        let asked = self.recorded_at_centre(desk, visit)?;
        let sealed = desk.store.read(|view| view.peek_packet_sequence())?.saturating_sub(1);
        let read = card.filter(|row| row.decision == "has_card");
        Ok(view::RecordedView {
            here: u32::try_from(sealed).unwrap_or(0),
            here_hit: !mine.is_empty(),
            // The resident extract does not say who was recorded; only the centre's word does.
            centre_list_at: asked.as_ref().map(|(at, _)| iso(*at)),
            centre_hit: asked
                .map(|(_, hit)| hit)
                .or(known.filter(|(_, source)| source == "centre").map(|_| true)),
            answer: visit
                .state
                .verification
                .recorded_before
                .map(|recorded| if recorded { RecordedAnswer::Elsewhere } else { RecordedAnswer::Never }),
            card: match card.map(|row| row.decision.as_str()) {
                None => view::CardCheck::NotRead,
                Some("has_card") => view::CardCheck::HasCard,
                Some(_) => view::CardCheck::NoCard,
            },
            // Another card is another picture: the window keeps what it has under a name.
            card_photo_id: read.map(|row| format!("card:{}:{}", visit.id(), row.decided_ms)),
            card_uid: read.and_then(|row| serde_json::from_str::<CardFound>(&row.found_json).ok()?.uid),
            record_photo_id: match read {
                Some(_) => self.portrait_on_record(desk, visit)?.map(|_| format!("record:{}", visit.id())),
                None => None,
            },
        })
    }

    /// Notes what the applicant answered to "have you been recorded before?".
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn answer_recorded(&self, id: &str, answer: RecordedAnswer) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        let recorded = answer == RecordedAnswer::Elsewhere;
        self.decide(&desk, &mut visit, VerificationEvent::RecordedBefore { recorded }, None)
    }

    /// Looks whether a KTP-el lies on the reader, and reads its free photograph and its number.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (a card of another kind), `Device`, `Store`.
    pub fn read_card(&self, id: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let read = self.equipment.ktpel(self.reading())?;
        let decision = if read.is_some() { "has_card" } else { "no_card" };
        let uid = read.as_ref().and_then(|read| crate::equipment::uid_of(&read.card));
        let photo = read.map(|read| read.jpeg);
        let row = VerificationRow {
            kind: "answer".into(),
            unsur: "card".into(),
            found_json: to_json("card", &CardFound { uid })?,
            decision: decision.into(),
            reason: String::new(),
            operator: None,
            decided_ms: 0,
        };
        desk.transact(store::Act::VerificationDecide { permohonan, kind: "card".into() }, |tx| {
            if let Some(jpeg) = &photo {
                tx.add_halaman(permohonan, "card_photo", "image/jpeg", jpeg)?;
            }
            tx.add_verification(permohonan, &row)
        })?;
        self.verification_view(&desk, &visit)
    }
}
