//! Random walks of events against a small reference model of the visit.

use domain::document::Berkas;
use domain::permohonan::{Phase, ReturnReason};
use domain::steps::attestation::{AnsweredBy, AttestationEvent};
use domain::steps::capture::CaptureEvent;
use domain::steps::handover::{Collector, HandoverEvent, HandoverLine};
use domain::steps::print::{ChipCheck, PrintEvent, SpoilReason};
use domain::steps::requirements::RequirementsEvent;
use domain::steps::status::StatusEvent;
use domain::steps::verification::VerificationEvent;
use domain::stock::NomorBlangko;
use domain::{Event, Finger, JenisPermohonan, Refusal, State, Step};
use jiff::civil::date;
use proptest::prelude::*;
use proptest_state_machine::{StateMachineTest, prop_state_machine};

use crate::desk::Desk;
use crate::visit_slip::{Act, Slip, Where};

fn perform(desk: &mut Desk, act: Act) -> Result<(), Refusal> {
    match act {
        Act::Form => desk.form(),
        Act::Paper => desk.paper(Berkas::FormulirPermohonan).and_then(|()| desk.paper(Berkas::KartuKeluarga)),
        Act::Accept => desk.does(Event::Requirements(RequirementsEvent::Accepted)),
        Act::Return => {
            let reasons = vec![ReturnReason { berkas: None, unsur: None, words: "Lengkapi.".into() }];
            desk.does(Event::Requirements(RequirementsEvent::Returned { reasons }))
        }
        Act::Compare => desk.compared(&[]),
        Act::Recorded(recorded) => desk.verification(VerificationEvent::RecordedBefore { recorded }),
        Act::Read => desk.verification(VerificationEvent::ReadAloud),
        Act::Identified => desk.identified(),
        Act::Verify => desk.verification(VerificationEvent::Verified),
        Act::Photo => desk.photo(),
        Act::Biometrics => desk.biometrics(),
        Act::Finish => desk.capture(CaptureEvent::Finished),
        Act::Confirm => desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }),
        Act::Dispute => desk.attestation(AttestationEvent::ApplicantDisputed {
            by: AnsweredBy::Operator,
            note: "alamat".into(),
        }),
        Act::Sign => desk.sign(),
        Act::Render => desk.rendered(),
        Act::Seal => desk.sealed(),
        Act::Request => desk.request(),
        Act::Status(ready) => {
            let entry = desk.status(if ready { "PRINT_READY_RECORD" } else { "PROCESSING" });
            desk.does(Event::Status(StatusEvent::Seen { entry }))
        }
        Act::Slip => desk.does(Event::Status(StatusEvent::PickupSlipGiven { later: false })),
        Act::Suket => desk.does(Event::Status(StatusEvent::SuketChosen {
            reason: "masih diproses".into(),
            no_blangko: false,
            elsewhere: false,
        })),
        Act::CardData => {
            let as_of = desk.now();
            desk.print(PrintEvent::CardDataReceived { as_of })
        }
        Act::Start => {
            desk.ids += 1;
            let blangko = format!("0718{:06}", desk.ids);
            desk.start_print(&blangko)
        }
        Act::Printed => desk.print(PrintEvent::Printed),
        Act::Spoiled => desk.spoil(SpoilReason::Misprint, ""),
        Act::Unknown => desk.print(PrintEvent::ResultUnknown),
        Act::NotFound => desk.miss("printer dan laci kosong"),
        Act::NotPrinted => desk.print(PrintEvent::NotPrinted { note: "masih di baki".into() }),
        Act::OtherNumber => {
            desk.ids += 1;
            let blangko = NomorBlangko::parse(&format!("0719{:06}", desk.ids)).unwrap();
            desk.print(PrintEvent::OtherBlangko { blangko })
        }
        Act::Chip => desk.print(PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }),
        Act::Good => desk.accept_card(),
        Act::Finger => desk.hand(HandoverEvent::FingerTried { finger: Finger::LeftIndex, score: 77 }),
        Act::Witnessed => {
            let witness = desk.officer();
            desk.hand(HandoverEvent::FingerWitnessed { note: "diwakili".into(), witness, untried: None })
        }
        Act::Collector(other) => {
            let collector = if other {
                Collector::Other {
                    name: "Wakil Contoh".into(),
                    nik: "1813010101809001".into(),
                    relation: "anak".into(),
                    letter_seen: true,
                    slip_seen: false,
                    no_slip: "hilang".into(),
                }
            } else {
                Collector::Own
            };
            desk.hand(HandoverEvent::CollectorSet { collector })
        }
        Act::Face => desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }),
        Act::Lines => desk.judge(HandoverLine::FaceSame).and_then(|()| desk.judge(HandoverLine::DataRead)),
        Act::Envelope => desk.judge(HandoverLine::EnvelopeSealed),
        Act::Receipt => desk.receipt(),
        Act::Held => desk.hold("jari tidak cocok"),
        Act::CardDisputed => desk.dispute("Tanggal lahir keliru"),
        Act::Lost => desk.lose("rak kosong"),
        Act::CalledOff => desk.call_off("Pusat: data ganda"),
        Act::HandOver => desk.give(),
        Act::Back(to) => desk.does(Event::WentBack { to: Step::from_number(to).unwrap() }),
        Act::Resume => desk.does(Event::Resumed),
        Act::Birthday => {
            desk.today = date(2027, 6, 1);
            Ok(())
        }
        Act::Cancel => desk.does(Event::Cancelled { reason: "batal".into() }),
        Act::Expire => {
            desk.second += 91 * 86_400;
            let outcome = desk.does(Event::Expired);
            desk.second -= 91 * 86_400;
            outcome
        }
    }
}

struct Walk;

impl StateMachineTest for Walk {
    type SystemUnderTest = Desk;
    type Reference = Slip;

    fn init_test(slip: &Slip) -> Desk {
        // 16 years old on the day of the visit, or long grown.
        Desk::new(JenisPermohonan::BaruWni, if slip.minor { "2010-06-01" } else { "1990-01-01" })
    }

    fn apply(mut desk: Desk, slip: &Slip, act: Act) -> Desk {
        let before = desk.state.clone();
        let mirror_before = before.status.mirror.entries().len();
        let outcome = perform(&mut desk, act);
        if outcome.is_err() && !matches!(act, Act::Photo | Act::Biometrics | Act::Paper) {
            assert_eq!(desk.state, before, "a refusal changes nothing: {act:?}");
        }
        let place = match desk.state.phase {
            Phase::Open => Where::Open,
            Phase::Returned { .. } => Where::Returned,
            Phase::HeldForAge { .. } => Where::Held,
            Phase::Waiting { .. } => Where::Waiting,
            Phase::Cancelled { .. } | Phase::Expired | Phase::Closed => Where::Ended,
        };
        assert_eq!((desk.state.step.number(), place), (slip.at, slip.place), "after {act:?} → {outcome:?}");
        assert!(desk.state.status.mirror.entries().len() >= mirror_before, "the mirror is append-only");
        assert!(
            desk.state.capture.attempts.len() >= before.capture.attempts.len(),
            "no attempt is ever lost"
        );
        assert!(
            before.attestation.packet.is_none() || desk.state.attestation.packet.is_some(),
            "a seal is for good"
        );
        desk
    }

    fn check_invariants(desk: &Desk, slip: &Slip) {
        assert!(desk.state.plan.has(desk.state.step), "the visit stands on a step of its plan");
        assert_eq!(
            desk.state.attestation.packet.is_some(),
            slip.sealed,
            "sealed exactly when the slip says so"
        );
        assert_eq!(desk.state.print.card.is_some(), slip.card, "a card exists exactly when the slip says so");
        if slip.place == Where::Ended {
            assert!(!desk.queued, "what has ended waits for no print");
        }
        let stored: State = serde_json::from_str(&serde_json::to_string(&desk.state).unwrap()).unwrap();
        assert_eq!(stored, desk.state, "every state survives storage");
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn any_walk_of_events_agrees_with_the_reference(sequential 1..90 => Walk);
}
