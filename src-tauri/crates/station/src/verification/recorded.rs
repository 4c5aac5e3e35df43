//! Whether the applicant was recorded before: here, by the centre's word, by the own answer, by the card that is shown.

use std::collections::BTreeSet;

use domain::register::Hash32;
use domain::role::Action;
use domain::steps::verification::{RecordedAt, VerificationEvent};
use jiff::Timestamp;
use store::VerificationRow;

use crate::references::earlier_recordings;
use crate::session::Desk;
use crate::view::{self, RecordedAnswer};
use crate::visit::{Visit, iso, to_json};
use crate::{Result, Station};

/// Name of the newest card on the reader among what was decided at step 3.
const CARD: &str = "card";
/// The same, where one lay there.
const HAS_CARD: &str = "has_card";
/// Where its photograph is kept; no paper of a checklist.
const CARD_PHOTO: &str = "card_photo";

/// What a card on the reader told beside its photograph.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct CardFound {
    /// Hex.
    uid: Option<String>,
    /// The NIK that was asked about: a card says nobody's name in what anyone may read. `None` from a program that did not keep it.
    #[serde(default)]
    nik: Option<String>,
}

/// What was found of a card, where it was asked about the NIK as it stands in the form now.
fn of_this_nik(row: &VerificationRow, visit: &Visit) -> Option<CardFound> {
    let found = serde_json::from_str::<CardFound>(&row.found_json).ok()?;
    (found.nik == nik_of(visit)).then_some(found)
}

fn nik_of(visit: &Visit) -> Option<String> {
    visit.biodata.nik().map(|nik| nik.as_str().to_owned())
}

impl Station {
    pub(super) fn recorded_view(
        &self,
        desk: &Desk,
        visit: &Visit,
        card: Option<&VerificationRow>,
    ) -> Result<view::RecordedView> {
        let (here, at_centre, asked) = self.known_recordings(desk, visit)?;
        let sealed = desk.store.read(|view| view.peek_packet_sequence())?.saturating_sub(1);
        let card = card.and_then(|row| of_this_nik(row, visit).map(|found| (row, found)));
        let read = card.as_ref().filter(|(row, _)| row.decision == HAS_CARD);
        Ok(view::RecordedView {
            here: u32::try_from(sealed).unwrap_or(0),
            here_hit: here,
            // The resident extract does not say who was recorded; only the centre's word does.
            centre_list_at: asked.map(iso),
            centre_hit: at_centre,
            never_because: visit.state.verification.never_against.as_ref().map(|said| said.reason.clone()),
            answer: visit
                .state
                .verification
                .recorded_before
                .map(|recorded| if recorded { RecordedAnswer::Elsewhere } else { RecordedAnswer::Never }),
            card: match card.as_ref().map(|(row, _)| row.decision.as_str()) {
                None => view::CardCheck::NotRead,
                Some(HAS_CARD) => view::CardCheck::HasCard,
                Some(_) => view::CardCheck::NoCard,
            },
            // Another card is another picture: the window keeps what it has under a name.
            card_photo_id: read.map(|(row, _)| format!("card:{}:{}", visit.id(), row.decided_ms)),
            card_uid: read.and_then(|(_, found)| found.uid.clone()),
            record_photo_id: match read {
                // Under another NIK it is another picture, as above.
                Some(_) => self
                    .portrait_on_record(desk, visit)?
                    .map(|jpeg| format!("record:{}:{}", visit.id(), Hash32::of(&jpeg).hex())),
                None => None,
            },
        })
    }

    /// Whether another visit recorded this NIK here, whether the centre has a recording as far as it said so, and when it
    /// was asked.
    fn known_recordings(
        &self,
        desk: &Desk,
        visit: &Visit,
    ) -> Result<(bool, Option<bool>, Option<Timestamp>)> {
        let Some(nik) = visit.biodata.nik() else { return Ok((false, None, None)) };
        let (mine, known) = desk.store.read(|view| {
            let mine = earlier_recordings(view, nik.as_str(), visit.id())?;
            Ok((mine, view.recorded_nik(nik.as_str())?))
        })?;
        let asked = self.recorded_at_centre(desk, visit)?;
        let told = known.filter(|(_, source)| source == "centre").map(|_| true);
        Ok((!mine.is_empty(), asked.map(|(_, hit)| hit).or(told), asked.map(|(at, _)| at)))
    }

    /// Where a recording of this NIK is known now.
    pub(super) fn recorded_at(&self, desk: &Desk, visit: &Visit) -> Result<BTreeSet<RecordedAt>> {
        let (here, at_centre, _) = self.known_recordings(desk, visit)?;
        let here = here.then_some(RecordedAt::Here);
        Ok(here.into_iter().chain((at_centre == Some(true)).then_some(RecordedAt::Centre)).collect())
    }

    /// Notes what the applicant answered to "have you been recorded before?". Where "never" meets a known recording, `reason`
    /// says why it is none of this person; else it is left aside.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (also such a "never" without a reason), `Store`.
    pub fn answer_recorded(
        &self,
        id: &str,
        answer: RecordedAnswer,
        reason: &str,
    ) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        let event = match answer {
            RecordedAnswer::Elsewhere => VerificationEvent::RecordedBefore { recorded: true },
            RecordedAnswer::Never if self.recorded_at(&desk, &visit)?.is_empty() => {
                VerificationEvent::RecordedBefore { recorded: false }
            }
            RecordedAnswer::Never => VerificationEvent::NeverAgainst { reason: reason.trim().to_owned() },
        };
        self.decide(&desk, &mut visit, event, None)
    }

    /// Looks whether a KTP-el lies on the reader, and reads its free photograph and its number. Only the newest look counts, for
    /// the NIK that it was asked about; the face of an earlier one is gone.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (a card of another kind), `Device`, `Store`.
    pub fn read_card(&self, id: &str) -> Result<view::Verification> {
        let desk = self.desk(Action::Verify)?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let nik = nik_of(&visit);
        let read = self.equipment.ktpel(self.reading())?;
        let decision = if read.is_some() { HAS_CARD } else { "no_card" };
        let uid = read.as_ref().and_then(|read| crate::equipment::uid_of(&read.card));
        let photo = read.map(|read| read.jpeg);
        let row = VerificationRow {
            kind: "answer".into(),
            unsur: CARD.into(),
            found_json: to_json("card", &CardFound { uid, nik })?,
            decision: decision.into(),
            reason: String::new(),
            operator: None,
            decided_ms: 0,
        };
        self.load_again(&desk, &mut visit)?;
        desk.transact(store::Act::VerificationDecide { permohonan, kind: CARD.into() }, |tx| {
            tx.expect_state(permohonan, &visit.row.state_json)?;
            tx.empty_pages(permohonan, CARD_PHOTO)?;
            if let Some(jpeg) = &photo {
                tx.add_halaman(permohonan, CARD_PHOTO, "image/jpeg", jpeg)?;
            }
            tx.add_verification(permohonan, &row)
        })?;
        self.verification_view(&desk, &visit)
    }

    /// The photograph of the card that was read last, JPEG; `None` where the NIK is another one by now, or it was emptied.
    pub(crate) fn card_photo(&self, desk: &Desk, visit: &Visit) -> Result<Option<Vec<u8>>> {
        let id = visit.id();
        let (rows, papers) = desk.store.read(|view| Ok((view.verifications(id)?, view.berkas(id)?)))?;
        let card = rows.iter().rev().find(|row| row.kind == "answer" && row.unsur == CARD);
        let read = card.filter(|row| row.decision == HAS_CARD).and_then(|row| of_this_nik(row, visit));
        let Some(paper) = papers.iter().find(|paper| paper.code == CARD_PHOTO).filter(|_| read.is_some())
        else {
            return Ok(None);
        };
        let pages = desk.store.read(|view| view.halaman(paper.id))?;
        Ok(pages.into_iter().next_back().map(|page| page.image).filter(|image| !image.is_empty()))
    }
}
