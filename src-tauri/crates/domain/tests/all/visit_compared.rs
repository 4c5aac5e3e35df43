//! Step 3: what differs from the record is decided and confirmed by the operator.

use domain::document::Berkas;
use domain::finding::Rule;
use domain::role::Witness;
use domain::steps::requirements::RequirementsEvent;
use domain::steps::verification::{Choice, RecordSource, VerificationEvent};
use domain::{Event, Finger, JenisPermohonan, Refusal, Step, Unsur};

use crate::desk::Desk;
use crate::visit::desk;

#[test]
fn step_3_chooses_nothing_for_the_operator() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    use VerificationEvent as V;
    assert_eq!(desk.verification(V::Verified), Err(Refusal::NotCompared), "compare first");
    desk.compared(&[Unsur::Alamat]).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::DifferencesOpen { unsur: vec![Unsur::Alamat] }),
        "decide"
    );
    let wrong = V::DifferenceResolved { unsur: Unsur::Nama, choice: Choice::Form };
    assert_eq!(desk.verification(wrong), Err(Refusal::NoDifference { unsur: Unsur::Nama }), "names agree");
    desk.verification(V::ReadAloud).unwrap();
    desk.verification(V::DifferenceResolved { unsur: Unsur::Alamat, choice: Choice::Form }).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::RecordedBeforeUnanswered),
        "ask before any capture"
    );
    desk.verification(V::RecordedBefore { recorded: false }).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::NotReadAloud),
        "what was read is no longer what stands here"
    );
    desk.verification(V::ReadAloud).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::OperatorFingerMissing),
        "a correction needs the own finger"
    );
    desk.verification(V::OperatorFingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    assert_eq!(desk.verification(V::Verified), Err(Refusal::OperatorFingerMissing), "12 is below the limit");
    let own = Witness::Officer { operator: desk.operator.clone() };
    let witnessed = V::OperatorFingerWitnessed { note: "pemindai rusak".into(), witness: own };
    assert_eq!(desk.verification(witnessed), Err(Refusal::WitnessIsOperator), "not oneself");
    desk.verification(V::OperatorFingerTried { finger: Finger::RightIndex, score: 55 }).unwrap();
    desk.biodata.set(Unsur::Nama, "Budi C0ntoh");
    let warnings = vec![(Unsur::Nama, Rule::NameDigit)];
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::WarningsUnconfirmed { warnings }),
        "a warning is confirmed"
    );
    let confirm =
        V::WarningConfirmed { unsur: Unsur::Nama, rule: Rule::NameDigit, reason: "sesuai KK".into() };
    desk.verification(confirm).unwrap();
    desk.verification(V::Verified).unwrap();
    assert_eq!(desk.state.step, Step::Capture, "now to the camera");
}

#[test]
fn a_value_of_the_record_is_judged_before_step_3_ends_as_one_that_was_typed() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    use VerificationEvent as V;
    desk.compared(&[Unsur::NomorKk]).unwrap();
    desk.verification(V::DifferenceResolved { unsur: Unsur::NomorKk, choice: Choice::Record }).unwrap();
    desk.verification(V::RecordedBefore { recorded: false }).unwrap();
    desk.verification(V::ReadAloud).unwrap();
    desk.biodata.set(Unsur::NomorKk, "18130101");
    let refused = Err(Refusal::FieldsRefused { unsur: vec![Unsur::NomorKk] });
    assert_eq!(desk.verification(V::Verified), refused, "eight digits are no KK, whoever wrote them");
    desk.biodata.set(Unsur::NomorKk, "1813010107159001");
    desk.biodata.set(Unsur::Pekerjaan, "");
    let missing = Err(Refusal::FieldsMissing { unsur: vec![Unsur::Pekerjaan] });
    assert_eq!(desk.verification(V::Verified), missing, "no card is printed with a blank line");
    desk.biodata.set(Unsur::Pekerjaan, "3");
    desk.verification(V::Verified).unwrap();
}

#[test]
fn a_confirmation_is_of_the_side_that_was_chosen() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    use VerificationEvent as V;
    let unsur = Unsur::Nama;
    let choose = |choice| V::DifferenceResolved { unsur, choice };
    desk.biodata.set(unsur, "Budi C0ntoh");
    desk.compared(&[unsur]).unwrap();
    let rule = Rule::NameDigit;
    desk.verification(V::WarningConfirmed { unsur, rule, reason: "sesuai KK".into() }).unwrap();
    desk.verification(choose(Choice::Form)).unwrap();
    assert_eq!(desk.state.verification.confirmed.len(), 1, "the form held all along");
    desk.verification(choose(Choice::Record)).unwrap();
    assert!(desk.state.verification.confirmed.is_empty(), "of the other name nothing was said");
}

/// At step 3 of a kind, with an address that the record has otherwise and a blood group that it alone has.
fn address_differs(kind: JenisPermohonan) -> Desk {
    let mut desk = Desk::new(kind, "1990-01-01");
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    let compared = VerificationEvent::Compared {
        source: RecordSource::Online { as_of: None },
        differing: [Unsur::Alamat].into(),
        only_record: [Unsur::GolonganDarah].into(),
        stay_until: None,
        record: String::new(),
    };
    desk.verification(compared).unwrap();
    desk
}

#[test]
fn away_from_home_the_record_holds_and_nothing_of_it_is_changed() {
    use VerificationEvent as V;
    let choose = |unsur, choice| V::DifferenceResolved { unsur, choice };
    let mut home = address_differs(JenisPermohonan::BaruWni);
    home.verification(choose(Unsur::Alamat, Choice::Form)).unwrap();
    let mut desk = address_differs(JenisPermohonan::LuarDomisili);
    for unsur in [Unsur::Alamat, Unsur::GolonganDarah] {
        let refused = desk.verification(choose(unsur, Choice::Form));
        assert_eq!(refused, Err(Refusal::KindChangesNoData { unsur }), "neither corrected nor left blank");
    }
    // As a program left it that allowed it.
    let held = desk.state.verification.comparison.as_mut().unwrap();
    held.resolved.insert(Unsur::Alamat, Choice::Form);
    desk.verification(V::RecordedBefore { recorded: false }).unwrap();
    desk.verification(V::ReadAloud).unwrap();
    desk.verification(V::OperatorFingerTried { finger: Finger::RightIndex, score: 55 }).unwrap();
    let refused = desk.verification(V::Verified);
    assert_eq!(refused, Err(Refusal::KindChangesNoData { unsur: Unsur::Alamat }), "nor with the own finger");
    desk.verification(choose(Unsur::Alamat, Choice::Record)).unwrap();
    desk.verification(V::ReadAloud).unwrap();
    desk.verification(V::Verified).unwrap();
    assert_eq!(desk.state.step, Step::Capture, "with the record's data it goes on");
}
