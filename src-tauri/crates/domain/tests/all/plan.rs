use domain::document::{Berkas, RequirementFacts, requirements};
use domain::ids::OperatorId;
use domain::plan::{CaptureScope, JenisPermohonan as J, PlanFacts, PlanRefusal, plan};
use domain::role::{Witness, allowed};
use domain::{Action, Role};
use jiff::civil::date;
use rstest::rstest;

fn facts(already_recorded: Option<bool>) -> PlanFacts {
    PlanFacts {
        already_recorded,
        born: Some(date(1990, 1, 1)),
        married_ever: false,
        today: date(2026, 11, 23),
        new_portrait: true,
        new_signature: false,
    }
}

#[test]
fn a_scope_takes_what_it_captures_and_nothing_else() {
    use domain::capture::Target;
    let targets = [
        Target::Portrait,
        Target::Slap(domain::finger::Slap::RightFour),
        Target::Eye(domain::Eye::Left),
        Target::Signature,
    ];
    let taken = |scope: CaptureScope| targets.map(|target| scope.takes(target));
    assert_eq!(taken(CaptureScope::None), [false; 4]);
    assert_eq!(taken(CaptureScope::Full), [true; 4]);
    assert_eq!(taken(CaptureScope::Portrait), [true, false, false, false]);
    assert_eq!(taken(CaptureScope::Signature), [false, false, false, true]);
    assert_eq!(taken(CaptureScope::PortraitAndSignature), [true, false, false, true]);
}

const ALL: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];
const NO_CAPTURE: &[u8] = &[1, 2, 3, 6, 7, 8, 9];

#[rstest]
#[case(J::BaruWni, None, ALL, CaptureScope::Full, false)]
#[case(J::BaruWni, Some(true), NO_CAPTURE, CaptureScope::None, true)]
#[case(J::BaruWna, Some(false), ALL, CaptureScope::Full, false)]
#[case(J::PindahDatangWni, None, NO_CAPTURE, CaptureScope::None, true)]
#[case(J::PindahDatangWni, Some(false), ALL, CaptureScope::Full, false)]
#[case(J::PindahDatangWna, Some(true), NO_CAPTURE, CaptureScope::None, true)]
#[case(J::PerubahanData, Some(true), NO_CAPTURE, CaptureScope::None, true)]
#[case(J::PerpanjanganWna, None, NO_CAPTURE, CaptureScope::None, true)]
#[case(J::Hilang, Some(true), NO_CAPTURE, CaptureScope::None, true)]
#[case(J::Rusak, Some(true), NO_CAPTURE, CaptureScope::None, true)]
#[case(J::LuarDomisili, Some(false), ALL, CaptureScope::Full, false)]
#[case(J::FotoTandaTangan, Some(true), ALL, CaptureScope::Portrait, true)]
fn every_kind_has_its_steps(
    #[case] kind: J,
    #[case] recorded: Option<bool>,
    #[case] steps: &[u8],
    #[case] capture: CaptureScope,
    #[case] identity_check: bool,
) {
    let plan = plan(kind, &facts(recorded)).unwrap();
    let numbers: Vec<u8> = plan.steps.iter().map(|step| step.number()).collect();
    assert_eq!(
        (numbers.as_slice(), plan.capture, plan.identity_check),
        (steps, capture, identity_check),
        "{kind:?}"
    );
}

#[test]
fn a_visit_that_makes_no_sense_has_no_plan() {
    let child = PlanFacts { born: Some(date(2011, 3, 1)), ..facts(None) };
    assert_eq!(plan(J::BaruWni, &child), Err(PlanRefusal::TooYoung { from: date(2027, 3, 1) }), "15 years");
    let bride = PlanFacts { married_ever: true, ..child };
    assert_eq!(plan(J::BaruWni, &bride).unwrap().print_from, None, "married: recorded and printed at once");
    let sixteen = PlanFacts { born: Some(date(2010, 1, 1)), ..facts(None) };
    assert_eq!(plan(J::BaruWni, &sixteen).unwrap().print_from, Some(date(2027, 1, 1)), "printed at 17");
    assert_eq!(
        plan(J::Hilang, &facts(Some(false))),
        Err(PlanRefusal::NeverRecorded { kind: J::Hilang }),
        "nothing to reprint"
    );
    let nothing = PlanFacts { new_portrait: false, ..facts(Some(true)) };
    assert_eq!(
        plan(J::FotoTandaTangan, &nothing),
        Err(PlanRefusal::NothingAsked),
        "neither photo nor signature"
    );
    let unborn = PlanFacts { born: Some(date(2027, 1, 1)), ..facts(None) };
    assert_eq!(plan(J::BaruWni, &unborn), Err(PlanRefusal::NotYetBorn), "born tomorrow");
}

/// The checklist of a kind as ktp-el §7.3 has it, after the form.
#[rstest]
#[case(J::BaruWni, &[Berkas::KartuKeluarga])]
#[case(J::BaruWna, &[Berkas::KartuKeluarga, Berkas::DokumenPerjalanan, Berkas::KartuItap])]
#[case(J::PindahDatangWni, &[Berkas::KartuKeluarga, Berkas::SuratPindah])]
#[case(
    J::PindahDatangWna,
    &[Berkas::KartuKeluarga, Berkas::DokumenPerjalanan, Berkas::KartuItap, Berkas::KtpLama]
)]
#[case(J::PerubahanData, &[Berkas::KartuKeluarga, Berkas::KtpLama, Berkas::BuktiPerubahan])]
#[case(J::PerpanjanganWna, &[Berkas::KtpLama, Berkas::KartuItap, Berkas::DokumenPerjalanan])]
#[case(J::Hilang, &[Berkas::KartuKeluarga, Berkas::SuratKehilangan])]
#[case(J::Rusak, &[Berkas::KartuKeluarga, Berkas::KtpRusak])]
#[case(J::LuarDomisili, &[Berkas::KartuKeluarga])]
#[case(J::FotoTandaTangan, &[Berkas::KartuKeluarga, Berkas::KtpLama])]
fn each_kind_asks_for_its_own_papers(#[case] kind: J, #[case] rest: &[Berkas]) {
    for from_abroad in [false, true] {
        for minor_married in [false, true] {
            let mut due = vec![vec![Berkas::FormulirPermohonan]];
            if from_abroad && kind == J::PindahDatangWni {
                due.extend([vec![Berkas::KartuKeluarga], vec![Berkas::DokumenPerjalanan]]);
                due.push(vec![Berkas::SkpPerwakilan, Berkas::SuratPindahLuarNegeri]);
            } else {
                due.extend(rest.iter().map(|berkas| vec![*berkas]));
            }
            if minor_married {
                due.push(vec![Berkas::BuktiNikah, Berkas::Sptjm]);
            }
            let facts = RequirementFacts { from_abroad, minor_married };
            let asked: Vec<Vec<Berkas>> =
                requirements(kind, facts).into_iter().map(|line| line.any_of).collect();
            assert_eq!(asked, due, "{kind:?}, {facts:?}");
        }
    }
}

#[test]
fn either_of_two_papers_is_enough() {
    let facts = RequirementFacts { from_abroad: true, minor_married: false };
    let abroad = requirements(J::PindahDatangWni, facts);
    let either = abroad.iter().find(|line| line.any_of.contains(&Berkas::SkpPerwakilan)).unwrap();
    assert!(either.is_met(&[Berkas::SuratPindahLuarNegeri]) && !either.is_met(&[Berkas::SuratPindah]));
}

#[test]
fn roles_open_their_own_desk_and_no_other() {
    assert!(allowed(&[Role::Operator], Action::Capture), "operator captures");
    assert!(
        !allowed(&[Role::Printing, Role::Supervisor], Action::Capture),
        "others do not, not even the supervisor"
    );
    assert!(allowed(&[Role::Operator, Role::Printing], Action::PrintCard), "a person can hold several roles");
    assert!(!allowed(&[], Action::ReadQueue), "no role, nothing");
    for role in Role::ALL {
        assert!(allowed(&[role], Action::ReadRegister), "{role:?} may check the chain");
        let ends = allowed(&[role], Action::SettleFinding);
        assert_eq!(
            ends,
            role == Role::Supervisor,
            "and who answers for the register ends a finding: {role:?}"
        );
    }
    for action in Action::ALL {
        assert!(!action.roles().is_empty(), "{action:?} must be possible for somebody");
    }
}

#[test]
fn a_witness_is_another_person() {
    let dewi = OperatorId::parse("dewi").unwrap();
    assert!(
        !Witness::Officer { operator: dewi.clone() }.is_another_than(&dewi),
        "the operator cannot witness"
    );
    let mother = Witness::Family { name: "Ibu Uji".into(), relation: "ibu".into() };
    assert!(mother.is_another_than(&dewi), "a relative is another person");
    assert_eq!(format!("{mother:?}"), "Family(••••)", "a name never reaches a log");
}
