//! The card of a foreigner is prolonged shortly before the stay ends, and not long before.

use domain::document::Berkas;
use domain::finding::Rule;
use domain::steps::requirements::RequirementsEvent;
use domain::steps::verification::{RecordSource, VerificationEvent};
use domain::{Event, JenisPermohonan, Refusal, Unsur};
use jiff::Span;
use rstest::rstest;

use crate::desk::Desk;

/// A foreigner at step 3, held against a record whose stay ends in so many days; `None` for a record without one.
fn compared(kind: JenisPermohonan, ends_in: Option<i64>) -> Desk {
    let mut desk = Desk::new(kind, "1990-01-01");
    for (unsur, value) in [
        (Unsur::Kewarganegaraan, "WNA"),
        (Unsur::Negara, "Timor-Leste"),
        (Unsur::Paspor, "C1234567"),
        (Unsur::NomorItap, "2D11XX0001-A"),
        (Unsur::ItapBerlaku, "2031-11-30"),
    ] {
        desk.biodata.set(unsur, value);
    }
    desk.form().unwrap();
    for berkas in [
        Berkas::FormulirPermohonan,
        Berkas::KartuKeluarga,
        Berkas::KtpLama,
        Berkas::KtpRusak,
        Berkas::KartuItap,
        Berkas::DokumenPerjalanan,
    ] {
        desk.paper(berkas).unwrap();
    }
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    let stay_until = ends_in.map(|days| desk.today.checked_add(Span::new().days(days)).unwrap());
    let source = RecordSource::Online { as_of: None };
    desk.verification(VerificationEvent::Compared {
        source,
        differing: Default::default(),
        only_record: Default::default(),
        stay_until,
        record: String::new(),
    })
    .unwrap();
    desk
}

#[rstest]
#[case(JenisPermohonan::PerpanjanganWna, Some(200), true)]
#[case(JenisPermohonan::PerpanjanganWna, Some(31), true)]
#[case(JenisPermohonan::PerpanjanganWna, Some(30), false)]
#[case(JenisPermohonan::PerpanjanganWna, Some(-3), false)]
#[case(JenisPermohonan::PerpanjanganWna, None, false)]
#[case(JenisPermohonan::Rusak, Some(200), false)]
fn a_prolongation_more_than_thirty_days_before_the_stay_ends_needs_a_reason(
    #[case] kind: JenisPermohonan,
    #[case] ends_in: Option<i64>,
    #[case] early: bool,
) {
    let mut desk = compared(kind, ends_in);
    let (unsur, rule) = (Unsur::ItapBerlaku, Rule::ProlongedEarly);
    let found = matches!(
        desk.verification(VerificationEvent::Verified),
        Err(Refusal::WarningsUnconfirmed { warnings }) if warnings.contains(&(unsur, rule))
    );
    assert_eq!(found, early, "{kind:?}, {ends_in:?} days");
    let confirmed = desk.verification(VerificationEvent::WarningConfirmed {
        unsur,
        rule,
        reason: "ITAP baru sudah terbit".into(),
    });
    match early {
        true => confirmed.expect("with its reason"),
        false => assert_eq!(confirmed, Err(Refusal::NoSuchWarning { unsur, rule }), "nothing to confirm"),
    }
    let again = desk.verification(VerificationEvent::Verified);
    let still =
        matches!(&again, Err(Refusal::WarningsUnconfirmed { warnings }) if warnings.contains(&(unsur, rule)));
    assert!(!still, "answered: {again:?}");
}

#[test]
fn a_comparison_of_before_the_rule_is_still_read() {
    let old = r#"{"source":{"from":"online"},"found":true,"differing":[],"resolved":{},"note":""}"#;
    let read: domain::steps::verification::Comparison = serde_json::from_str(old).unwrap();
    assert_eq!(read.stay_until, None, "it says nothing of a stay");
    assert_eq!(read.source, RecordSource::Online { as_of: None }, "nor of when the centre was asked");
}
