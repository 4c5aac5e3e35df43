//! Residents come in while step 3 stands open: what was compared is compared with the record of now, and its age is its own.

use domain::permohonan::Refusal;
use domain::steps::verification::RecordSource;
use jiff::{SignedDuration, Timestamp};
use openssl::x509::X509;
use packet::pki::{Authority, Role, Validity};
use station::Error;
use station::view::{DiffResult, DiffSource, ExtractSource, OperatorFinger, RecordedAnswer, Verification};
use store::ExtractSignature;
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up};
use crate::card_data::meanwhile;

/// An extract of a wilayah that was made `days` ago: the centre's of that version, or with 0 a file that somebody brought.
fn arrives(bench: &mut Bench, (version, wilayah): (u64, &str), days: i64, people: &[Resident]) {
    let taken = Timestamp::now() - SignedDuration::from_hours(24 * days);
    let lines: String = people.iter().map(training::line).collect();
    let header = serde_json::json!({
        "format": "rekam-residents", "version": 1, "wilayah": wilayah,
        "taken_at": taken.round(jiff::Unit::Second).unwrap().to_string(),
        "count": people.len(), "sha256": packet::digest_hex(lines.as_bytes()),
    })
    .to_string();
    let validity = Validity::days(Timestamp::now() - SignedDuration::from_hours(1), 2);
    let authority = Authority::new("Otoritas Uji", true, validity).unwrap();
    let signer = authority.issue_identity(Role::CentreSigner, "Pusat Uji", validity).unwrap();
    let cms = packet::sign_detached(header.as_bytes(), &signer).unwrap();
    let ca = X509::from_der(&authority.certificate().to_der().unwrap()).unwrap();
    let body = format!("{header}\n{lines}");
    meanwhile(bench, |store, ctx| {
        let signature = ExtractSignature { cms: &cms, ca: &ca };
        store.import_residents_of(version, body.as_bytes(), signature, ctx).unwrap();
    });
}

fn seen(bench: &Bench) -> Verification {
    bench.station.verification(&bench.id).unwrap()
}

fn differs(bench: &Bench) -> Vec<String> {
    let rows = seen(bench).rows.into_iter().filter(|row| row.result == DiffResult::Differs);
    rows.map(|row| row.unsur).collect()
}

/// All that step 3 asks but the differences.
fn all_but_the_differences(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    for warning in seen(bench).warnings.iter().filter(|warning| warning.confirmed.is_none()) {
        station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
    }
    station.answer_recorded(id, RecordedAnswer::Never, "").unwrap();
    station.mark_read_aloud(id).unwrap();
}

fn stopped(bench: &Bench, why: &str) {
    let ended = bench.station.finish_verification(&bench.id);
    let Err(Error::NotNow { key, .. }) = ended else { panic!("{why}: {:?}", ended.is_ok()) };
    assert_eq!(key, "record_changed", "{why}");
}

#[test]
fn step_3_does_not_end_over_a_record_that_came_while_the_page_stood_open() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let id = bench.id.clone();
    let was = other_grown_up("");
    assert_eq!(was.nik, bench.nik, "who sits here");
    assert_eq!(differs(&bench), [""; 0], "the form was filled from the record");
    all_but_the_differences(&bench);
    assert!(seen(&bench).can_go_on, "and the page says that it may end");

    let moved = Resident { alamat: "Jalan Baru No. 9".into(), ..was.clone() };
    arrives(&mut bench, (0, "18.09"), 0, std::slice::from_ref(&moved));
    stopped(&bench, "the address of now was shown to nobody");
    assert_eq!(differs(&bench), ["alamat"], "it stands there now");
    let open = bench.station.finish_verification(&id);
    assert!(matches!(open, Err(Error::Refused(Refusal::DifferencesOpen { .. }))), "and is to be decided");
    bench.station.choose_source(&id, "alamat", DiffSource::Record, "").unwrap();
    bench.station.mark_read_aloud(&id).unwrap();

    let again = Resident { alamat: "Jalan Baru No. 90".into(), ..was.clone() };
    arrives(&mut bench, (0, "18.09"), 0, &[again]);
    let late = bench.station.choose_source(&id, "alamat", DiffSource::Record, "");
    assert!(
        matches!(late, Err(Error::NotNow { key: "record_changed", .. })),
        "the text that was chosen is another one: {late:?}"
    );
    bench.station.choose_source(&id, "alamat", DiffSource::Record, "").unwrap();
    bench.station.mark_read_aloud(&id).unwrap();
    arrives(&mut bench, (0, "18.09"), 0, &[]);
    stopped(&bench, "what was chosen and read aloud is no record any more");
    assert_eq!(differs(&bench), [""; 0], "the record of now says what the form says");
    let unread = bench.station.finish_verification(&id);
    assert!(matches!(unread, Err(Error::Refused(Refusal::NotReadAloud))), "which is read aloud first");
    bench.station.mark_read_aloud(&id).unwrap();
    assert_eq!(seen(&bench).operator_finger, OperatorFinger::NotNeeded);
    bench.station.finish_verification(&id).unwrap();
}

#[test]
fn a_record_that_changes_nothing_stops_nobody() {
    let mut bench = Bench::before_step_4(|_, _| ());
    seen(&bench);
    all_but_the_differences(&bench);
    let same = Resident { golongan_darah: String::new(), ..other_grown_up("") };
    arrives(&mut bench, (0, "18.09"), 0, &[same]);
    bench.station.finish_verification(&bench.id).expect("an element that the record lacks is no difference");
}

#[test]
fn a_file_that_somebody_brought_is_as_old_as_it_is_whatever_the_centre_said_of_its_own() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (own, other) = (other_grown_up(""), other_grown_up(&bench.nik));
    let shown = |bench: &Bench| {
        let extract = seen(bench).extract.expect("one was imported");
        (extract.source, extract.age_days, extract.stale)
    };
    assert_eq!(shown(&bench), (ExtractSource::File, 0, false), "what the station was set up with");
    arrives(&mut bench, (41, "18.02"), 90, &[other]);
    meanwhile(&mut bench, |store, ctx| {
        store.bookkeep(ctx.now, |ledger| ledger.note_extract_check(true)).unwrap();
    });
    arrives(&mut bench, (0, "18.01"), 60, std::slice::from_ref(&own));
    assert_eq!(shown(&bench), (ExtractSource::File, 60, true), "the centre said nothing of this file");
    arrives(&mut bench, (42, "18.02"), 90, &[own]);
    assert_eq!(shown(&bench), (ExtractSource::Centre, 0, false), "of its own it said that nothing is newer");
}

#[test]
fn the_packet_says_how_old_the_record_was() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (own, other) = (other_grown_up(""), other_grown_up(&bench.nik));
    arrives(&mut bench, (41, "18.02"), 90, &[other]);
    meanwhile(&mut bench, |store, ctx| {
        store.bookkeep(ctx.now, |ledger| ledger.note_extract_check(true)).unwrap();
    });
    arrives(&mut bench, (0, "18.01"), 60, &[own]);
    seen(&bench);
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let state = meanwhile(&mut bench, |store, _| store.read(|view| view.permohonan(id)).unwrap().unwrap());
    let state: domain::State = serde_json::from_str(&state.state_json).unwrap();
    let source = state.verification.comparison.expect("compared").source;
    let RecordSource::Extract { as_of } = source else { panic!("{source:?}") };
    // An extract's day is kept to the second.
    let days = (Timestamp::now().duration_since(as_of).as_secs() + 60) / 86_400;
    assert_eq!(days, 60, "and not as old as the centre's last word");
}
