//! Words that are typed for a deed that nobody has confirmed yet: kept with the visit as they are typed, there again when the same
//! is asked, also of somebody else, and gone in the transaction of the deed, or once the visit is at another step or has ended;
//! those about one picture also once there is another.

use domain::Unsur;
use domain::capture::Target;
use domain::permohonan::{Event, Phase, Refusal, step_action};
use domain::plan::Step;
use domain::role::Action;
use domain::steps::attestation::AttestationEvent;
use domain::steps::capture::CaptureEvent;
use domain::steps::verification::VerificationEvent;

use crate::capture::JUDGED;
use crate::capture::mix_ups::kind_of;
use crate::session::Desk;
use crate::view::{self, DraftFor, EyeName, FingerName, JudgedLine, NoticeKind, SlapName};
use crate::visit::{Visit, iso_ms, may};
use crate::{Error, Result, Station};

/// Most letters of a draft, as of the fields that it is typed in.
const MOST: usize = 200;

/// The window's word for one of its closed words.
fn key<T: serde::Serialize>(word: &T) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(_) | Err(_) => String::new(),
    }
}

fn is_one<T: serde::de::DeserializeOwned>(text: &str) -> bool {
    serde_json::from_value::<T>(serde_json::Value::String(text.to_owned())).is_ok()
}

/// Whether the words can be about this: nothing but the closed words of the window stands beside them.
fn is_about(what: DraftFor, about: &str) -> bool {
    match what {
        DraftFor::WarningReason => about.split_once(':').is_some_and(|(unsur, rule)| {
            Unsur::from_key(unsur).is_some() && is_one::<domain::finding::Rule>(rule)
        }),
        DraftFor::ProofNote => Unsur::from_key(about).is_some(),
        DraftFor::ExcuseNote => is_one::<JudgedLine>(about),
        DraftFor::SlapNote => is_one::<SlapName>(about),
        DraftFor::EyeNote => is_one::<EyeName>(about),
        DraftFor::RematchNote => is_one::<FingerName>(about),
        DraftFor::NoticeAnswer => is_one::<NoticeKind>(about),
        DraftFor::ReturnReason
        | DraftFor::ReturnCodes
        | DraftFor::CancelReason
        | DraftFor::NeverReason
        | DraftFor::OperatorWitness
        | DraftFor::IdentityWitness
        | DraftFor::PortraitNote
        | DraftFor::BackdropNote
        | DraftFor::CutNote
        | DraftFor::DisputeNote => about.is_empty(),
    }
}

/// The steps at which it is asked for; every one for a reason to cancel.
fn steps(what: DraftFor) -> &'static [Step] {
    match what {
        DraftFor::CancelReason => &Step::ALL,
        DraftFor::ReturnReason | DraftFor::ReturnCodes => {
            &[Step::Form, Step::Requirements, Step::Verification]
        }
        DraftFor::WarningReason
        | DraftFor::ProofNote
        | DraftFor::NeverReason
        | DraftFor::OperatorWitness
        | DraftFor::IdentityWitness => &[Step::Verification],
        DraftFor::PortraitNote
        | DraftFor::BackdropNote
        | DraftFor::CutNote
        | DraftFor::ExcuseNote
        | DraftFor::SlapNote
        | DraftFor::EyeNote
        | DraftFor::RematchNote
        | DraftFor::NoticeAnswer => &[Step::Capture],
        DraftFor::DisputeNote => &[Step::Attestation],
    }
}

/// The drafts whose words an event says, or makes nobody's by asking anew, as the store knows them; none for an event that moves
/// the visit, with which all go.
pub(crate) fn said_by(event: &Event) -> Vec<(String, String)> {
    let gone: Vec<(DraftFor, String)> = match event {
        Event::Verification(event) => of_verification(event).into_iter().collect(),
        Event::Capture(CaptureEvent::LowAccepted { target, .. }) => of_weak(*target),
        Event::Capture(CaptureEvent::AttemptAccepted { attempt }) => of_picture(attempt.target),
        Event::Capture(CaptureEvent::Chosen { target, .. }) => of_picture(*target),
        Event::Capture(CaptureEvent::CutByHand { .. }) => {
            let mut gone = of_picture(Target::Portrait);
            gone.push((DraftFor::CutNote, String::new()));
            gone
        }
        Event::Capture(event) => of_capture(event).into_iter().collect(),
        Event::Attestation(
            AttestationEvent::ApplicantConfirmed { .. } | AttestationEvent::ApplicantDisputed { .. },
        ) => vec![(DraftFor::DisputeNote, String::new())],
        _ => Vec::new(),
    };
    gone.into_iter().map(|(what, about)| (key(&what), about)).collect()
}

/// What is asked before a picture goes on that is weak, or of another backdrop: one answer is about both.
fn of_weak(target: Target) -> Vec<(DraftFor, String)> {
    match target {
        Target::Portrait => {
            vec![(DraftFor::PortraitNote, String::new()), (DraftFor::BackdropNote, String::new())]
        }
        Target::Slap(slap) => vec![(DraftFor::SlapNote, key(&SlapName::from(slap)))],
        Target::Eye(eye) => vec![(DraftFor::EyeNote, key(&EyeName::from(eye)))],
        Target::Signature => Vec::new(),
    }
}

/// What is written about one picture: of the next one, or of another that counts from now on, it says nothing.
fn of_picture(target: Target) -> Vec<(DraftFor, String)> {
    let lines = JUDGED.into_iter().filter(|_| target == Target::Portrait);
    let excuses = lines.map(|(_, line)| (DraftFor::ExcuseNote, key(&line)));
    of_weak(target).into_iter().chain(excuses).collect()
}

fn of_verification(event: &VerificationEvent) -> Option<(DraftFor, String)> {
    Some(match event {
        VerificationEvent::WarningConfirmed { unsur, rule, .. } => {
            (DraftFor::WarningReason, format!("{}:{}", unsur.key(), rule.key()))
        }
        VerificationEvent::DifferenceResolved { unsur, .. } => (DraftFor::ProofNote, unsur.key().to_owned()),
        VerificationEvent::RecordedBefore { .. } | VerificationEvent::NeverAgainst { .. } => {
            (DraftFor::NeverReason, String::new())
        }
        VerificationEvent::OperatorFingerWitnessed { .. } => (DraftFor::OperatorWitness, String::new()),
        VerificationEvent::IdentityWitnessed { .. } => (DraftFor::IdentityWitness, String::new()),
        _ => return None,
    })
}

fn of_capture(event: &CaptureEvent) -> Option<(DraftFor, String)> {
    Some(match event {
        CaptureEvent::Excused { check, .. } => {
            let (_, line) = JUDGED.into_iter().find(|(judged, _)| judged == check)?;
            (DraftFor::ExcuseNote, key(&line))
        }
        CaptureEvent::RematchExited { exit } => (DraftFor::RematchNote, key(&FingerName::from(exit.finger))),
        // Asked anew it is about other attempts, or about somebody else: what was typed before says nothing of them.
        CaptureEvent::WarningRaised { warning, .. } | CaptureEvent::WarningAnswered { warning, .. } => {
            (DraftFor::NoticeAnswer, key(&kind_of(*warning)))
        }
        CaptureEvent::FoundUnderAnotherNik { .. } | CaptureEvent::NothingNewFound { .. } => {
            (DraftFor::NoticeAnswer, key(&NoticeKind::FoundUnderAnotherNik))
        }
        _ => return None,
    })
}

impl Station {
    /// The words that were typed for something of a visit and that nobody has confirmed yet; `None` where there are none.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `NotAllowed` (the step is not the officer's), `Invalid`, `Refused` (it is not asked for where the
    /// visit stands), `Store`.
    pub fn draft(&self, id: &str, what: DraftFor, about: &str) -> Result<Option<view::Draft>> {
        let desk = self.desk(Action::ReadQueue)?;
        let visit = self.visit(&desk, id)?;
        is_asked(&desk, &visit, what, about)?;
        draft_view(&desk, &visit, what, about)
    }

    /// Keeps what is typed for something of a visit in the place of what was typed before; blank words are none. When this
    /// returns, it is on the disk, and no deed: nothing of it stands in the register.
    ///
    /// # Errors
    /// As [`Self::draft`]; `Invalid` also for more than 200 letters.
    pub fn save_draft(
        &self,
        id: &str,
        what: DraftFor,
        about: &str,
        text: &str,
    ) -> Result<Option<view::Draft>> {
        let desk = self.desk(Action::ReadQueue)?;
        if text.chars().count() > MOST {
            return Err(Error::Invalid { what: "text" });
        }
        let visit = self.visit(&desk, id)?;
        is_asked(&desk, &visit, what, about)?;
        let of = visit.id();
        desk.store.bookkeep(desk.now, |ledger| {
            // Words of a step that has just ended would never go.
            let stands = ledger.permohonan(of)?;
            if stands.is_none_or(|row| row.step != visit.row.step || row.status != visit.row.status) {
                return Err(store::Error::ChangedMeanwhile);
            }
            ledger.save_draft(of, &key(&what), about, text)
        })?;
        draft_view(&desk, &visit, what, about)
    }
}

fn draft_view(desk: &Desk, visit: &Visit, what: DraftFor, about: &str) -> Result<Option<view::Draft>> {
    let kept = desk.store.read(|look| look.draft(visit.id(), &key(&what), about))?;
    Ok(kept.map(|kept| view::Draft { text: kept.words, saved_at: iso_ms(kept.saved_ms).unwrap_or_default() }))
}

/// Whether the officer at the desk could be asked for these words where the visit stands now.
fn is_asked(desk: &Desk, visit: &Visit, what: DraftFor, about: &str) -> Result<()> {
    if !is_about(what, about) {
        return Err(Error::Invalid { what: "about" });
    }
    let (at, phase) = (visit.state.step, &visit.state.phase);
    let action = if what == DraftFor::CancelReason { Action::Cancel } else { step_action(at) };
    if !may(desk, action) {
        return Err(Error::NotAllowed { action });
    }
    if phase.is_final() {
        return Err(Refusal::Ended.into());
    }
    if what == DraftFor::CancelReason {
        return Ok(());
    }
    if !matches!(phase, Phase::Open) {
        return Err(Refusal::NotOpen.into());
    }
    match steps(what) {
        asked if asked.contains(&at) => Ok(()),
        asked => Err(Refusal::OtherStep { at, event: asked.first().copied().unwrap_or(at) }.into()),
    }
}

#[cfg(test)]
mod tests {
    use domain::Eye;
    use domain::capture::{Attempt, ChoiceReason, JudgedCheck, Searched, Warning};
    use domain::finger::Slap;
    use domain::role::{Role, Witness};
    use domain::steps::attestation::AnsweredBy;
    use domain::steps::verification::Choice;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn a_deed_says_the_words_of_its_own_draft() {
        let unsur = Unsur::Alamat;
        let rule = domain::finding::Rule::NikLength;
        let confirmed = VerificationEvent::WarningConfirmed { unsur, rule, reason: "x".into() };
        let resolved = VerificationEvent::DifferenceResolved { unsur, choice: Choice::Form };
        let disputed = AttestationEvent::ApplicantDisputed { by: AnsweredBy::Operator, note: "x".into() };
        let low = |target| Event::Capture(CaptureEvent::LowAccepted { target, note: "x".into() });
        let swapped = CaptureEvent::WarningAnswered { warning: Warning::HandsSwapped, note: "x".into() };
        let witness = Witness::Family { name: "SITI CONTOH".into(), relation: "ibu".into() };
        let excused = CaptureEvent::Excused { check: JudgedCheck::FaceUncovered, note: "x".into(), witness };
        let asked_anew = CaptureEvent::WarningRaised { warning: Warning::SameEyeTwice, attempts: Vec::new() };
        let found = CaptureEvent::FoundUnderAnotherNik { search: Searched::default() };
        let nobody = CaptureEvent::NothingNewFound { search: Searched::default() };
        let another = "found_under_another_nik";
        for (event, what, about) in [
            (Event::Verification(confirmed), DraftFor::WarningReason, format!("alamat:{}", rule.key())),
            (Event::Verification(resolved), DraftFor::ProofNote, "alamat".to_owned()),
            (low(Target::Slap(Slap::LeftFour)), DraftFor::SlapNote, "left_four".to_owned()),
            (low(Target::Eye(Eye::Right)), DraftFor::EyeNote, "right".to_owned()),
            (Event::Capture(excused), DraftFor::ExcuseNote, "forehead_visible".to_owned()),
            (Event::Capture(swapped), DraftFor::NoticeAnswer, "hands_swapped".to_owned()),
            (Event::Capture(asked_anew), DraftFor::NoticeAnswer, "same_eye_twice".to_owned()),
            (Event::Capture(found), DraftFor::NoticeAnswer, another.to_owned()),
            (Event::Capture(nobody), DraftFor::NoticeAnswer, another.to_owned()),
            (Event::Attestation(disputed), DraftFor::DisputeNote, String::new()),
        ] {
            assert!(is_about(what, &about), "the window can ask for {what:?} of {about:?}");
            assert_eq!(said_by(&event), [(key(&what), about)]);
        }
        let either = ["portrait_note", "backdrop_note"].map(|what| (what.to_owned(), String::new()));
        assert_eq!(said_by(&low(Target::Portrait)), either, "whichever of the two was asked");
        assert!(said_by(&Event::Continued).is_empty());
    }

    #[test]
    fn what_is_written_about_one_picture_goes_with_the_next_and_with_another_that_counts() {
        let taken = |target| {
            let attempt = Attempt {
                id: domain::ids::CaptureId::new(crate::clock::new_uuid()),
                at: jiff::Timestamp::UNIX_EPOCH,
                target,
                parts: Vec::new(),
                device: String::new(),
                algorithm: String::new(),
                backdrop: None,
            };
            Event::Capture(CaptureEvent::AttemptAccepted { attempt })
        };
        let chosen = Event::Capture(CaptureEvent::Chosen {
            target: Target::Portrait,
            attempt: domain::ids::CaptureId::new(crate::clock::new_uuid()),
            reason: Some(ChoiceReason::Applicant),
        });
        let photo = "portrait_note: backdrop_note: excuse_note:eyes_open excuse_note:no_glasses \
                     excuse_note:forehead_visible excuse_note:head_upright";
        for (event, gone) in [
            (taken(Target::Portrait), photo),
            (chosen, photo),
            (taken(Target::Slap(Slap::Thumbs)), "slap_note:thumbs"),
            (taken(Target::Eye(Eye::Left)), "eye_note:left"),
            (taken(Target::Signature), ""),
        ] {
            let words: Vec<_> =
                said_by(&event).iter().map(|(what, about)| format!("{what}:{about}")).collect();
            assert_eq!(words.join(" "), gone, "{event:?}");
        }
    }

    #[test]
    fn words_are_kept_only_where_they_are_asked_for_and_only_of_who_may_say_them() {
        let dir = tempfile::tempdir().unwrap();
        let officers = vec![
            plain::officer("loket", &[Role::RegisterOfficer]),
            plain::officer("cetak", &[Role::Printing]),
        ];
        let station = plain::start(plain::config(dir.path()), plain::provision(true, officers));
        station.sign_in("loket", PASSWORD).unwrap();
        let kind = station.kinds().unwrap()[0].kind.clone();
        let (id, other) = (station.open(&kind).unwrap().id, station.open(&kind).unwrap().id);
        let kept = |id: &str, what| station.draft(id, what, "").unwrap().map(|draft| draft.text);
        let save = |what, about: &str, text: &str| station.save_draft(&id, what, about, text);

        let answer = save(DraftFor::ReturnReason, "", "belum 16 ta").unwrap().unwrap();
        assert!(answer.text == "belum 16 ta" && !answer.saved_at.is_empty());
        assert_eq!(kept(&other, DraftFor::ReturnReason), None, "nothing of another visit's");
        assert_eq!(kept(&id, DraftFor::CancelReason), None, "nor for anything else");
        let long = "x".repeat(MOST + 1);
        let refused = save(DraftFor::ReturnReason, "", &long);
        assert!(matches!(refused, Err(Error::Invalid { what: "text" })), "{refused:?}");
        let refused = save(DraftFor::ReturnReason, "alamat", "x");
        assert!(matches!(refused, Err(Error::Invalid { what: "about" })), "{refused:?}");
        let refused = save(DraftFor::DisputeNote, "", "x");
        assert!(matches!(refused, Err(Error::Refused(Refusal::OtherStep { .. }))), "{refused:?}");
        assert_eq!(kept(&id, DraftFor::ReturnReason).as_deref(), Some("belum 16 ta"), "as it was");

        station.sign_in("cetak", PASSWORD).unwrap();
        let refused = save(DraftFor::ReturnReason, "", "x");
        assert!(matches!(refused, Err(Error::NotAllowed { action: Action::FillForm })), "{refused:?}");
        let refused = station.draft(&id, DraftFor::CancelReason, "");
        assert!(matches!(refused, Err(Error::NotAllowed { action: Action::Cancel })), "{refused:?}");

        station.sign_in("loket", PASSWORD).unwrap();
        save(DraftFor::CancelReason, "", "pemohon pulang").unwrap();
        station.cancel(&id, "pemohon pulang").unwrap();
        let refused = station.draft(&id, DraftFor::CancelReason, "");
        assert!(matches!(refused, Err(Error::Refused(Refusal::Ended))), "{refused:?}");
        let desk = station.desk(Action::ReadQueue).unwrap();
        let of = domain::ids::PermohonanId::parse(&id).unwrap();
        for what in [DraftFor::ReturnReason, DraftFor::CancelReason] {
            let left = desk.store.read(|look| look.draft(of, &key(&what), "")).unwrap();
            assert!(left.is_none(), "gone with the visit: {what:?}");
        }
    }
}
