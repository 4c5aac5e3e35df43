//! Residents come in while step 3 stands open: what was compared is compared with the record of now, and its age is its own.

use std::sync::Arc;

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use domain::steps::verification::RecordSource;
use jiff::{SignedDuration, Timestamp};
use openssl::x509::X509;
use packet::pki::{Authority, Role, Validity};
use station::Error;
use station::clock::HeldClock;
use station::view::{
    CentreAnswerState, DiffResult, DiffSource, ExtractSource, OperatorFinger, RecordedAnswer, ResidentRow,
    Verification,
};
use store::{Act, Ctx, ExtractSignature, VerificationRow};
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up, today};
use crate::card_data::meanwhile;

/// An extract of a wilayah that was made `days` ago: the centre's of that version, or with 0 a file that somebody brought.
pub fn arrives(bench: &mut Bench, whose: (u64, &str), days: i64, people: &[Resident]) {
    // Whole seconds, and never one that has not come yet: the age would be a day less.
    let taken = Timestamp::now().as_second() - 86_400 * days;
    arrives_of(bench, whose, Timestamp::from_second(taken).unwrap(), people);
}

/// The same, made at `taken`.
fn arrives_of(bench: &mut Bench, (version, wilayah): (u64, &str), taken: Timestamp, people: &[Resident]) {
    let lines: String = people.iter().map(training::line).collect();
    let header = serde_json::json!({
        "format": "rekam-residents", "version": 1, "wilayah": wilayah,
        "taken_at": taken.to_string(),
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

/// What the form was held against, as it is kept and sealed.
fn source(bench: &mut Bench) -> RecordSource {
    let id = PermohonanId::parse(&bench.id).unwrap();
    let kept = meanwhile(bench, |store, _| store.read(|view| view.permohonan(id)).unwrap().unwrap());
    let state: domain::State = serde_json::from_str(&kept.state_json).unwrap();
    state.verification.comparison.expect("compared").source
}

/// The centre was asked about this visit at `at`, and answered with `record`.
fn answered(bench: &mut Bench, at: Timestamp, record: &Resident) {
    let permohonan = PermohonanId::parse(&bench.id).unwrap();
    let elements = record.elements();
    let attributes: serde_json::Map<String, serde_json::Value> =
        elements.iter().map(|(key, value)| ((*key).to_owned(), serde_json::json!(value))).collect();
    let person = serde_json::json!({
        "nik": record.nik, "kk": record.nomor_kk, "attributes": attributes, "status": "UNREGISTERED",
        "as_of": at.to_string(),
    });
    let row = VerificationRow {
        kind: "answer".into(),
        unsur: "centre".into(),
        found_json: person.to_string(),
        decision: "found".into(),
        reason: String::new(),
        operator: None,
        decided_ms: 0,
    };
    meanwhile(bench, |store, _| {
        let act = Act::VerificationDecide { permohonan, kind: "centre".into() };
        store
            .transact(act, &Ctx { operator: None, now: at }, |tx| tx.add_verification(permohonan, &row))
            .unwrap();
    });
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
fn a_value_that_only_the_record_of_now_has_is_seen_and_read_aloud_before_step_3_ends() {
    let mut who = Resident { golongan_darah: String::new(), ..other_grown_up("") };
    who.nik.replace_range(12.., "9901");
    let mut bench = Bench::of(Some(who.clone()), |_, _| ());
    assert_eq!(differs(&bench), [""; 0], "the form was filled from the record");
    all_but_the_differences(&bench);
    assert!(seen(&bench).can_go_on, "of a blood group nothing is known");

    arrives(&mut bench, (0, "18.09"), 0, &[Resident { golongan_darah: "4".into(), ..who }]);
    stopped(&bench, "the blood group was shown to nobody");
    let shown = seen(&bench);
    let row = shown.rows.iter().find(|row| row.unsur == "golongan_darah").expect("it stands there now");
    assert_eq!((row.result, shown.read_aloud_at.is_none()), (DiffResult::OnlyRecord, true), "unheard");
    let unread = bench.station.finish_verification(&bench.id);
    assert!(matches!(unread, Err(Error::Refused(Refusal::NotReadAloud))), "which is read aloud first");
    bench.station.mark_read_aloud(&bench.id).unwrap();
    bench.station.finish_verification(&bench.id).unwrap();
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
    arrives(&mut bench, (0, "18.13"), 0, &[]);
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
fn a_person_of_two_extracts_is_offered_once_and_the_form_is_filled_from_the_younger() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let was = other_grown_up("");
    let before = Resident { alamat: "Jalan Lama No. 1".into(), ..was.clone() };
    arrives(&mut bench, (0, "18.09"), 30, &[before]);
    let station = &bench.station;
    let times = |rows: Vec<ResidentRow>| rows.iter().filter(|row| row.nik == was.nik).count();
    assert_eq!(times(station.resident_suggest(&was.nik, false).unwrap()), 1, "by NIK");
    assert_eq!(times(station.resident_suggest(&was.nama, false).unwrap()), 1, "while a name is typed");
    assert_eq!(times(station.resident_suggest(&was.nama, true).unwrap()), 1, "and after");
    assert_eq!(times(station.resident_family(&was.nomor_kk).unwrap()), 1, "in the family");
    let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    let form = station.prefill(&id, &was.nik).unwrap();
    let address = form.fields.iter().find(|field| field.unsur == "alamat").expect("a field");
    assert_eq!(address.value, was.alamat, "not the file of a month ago, though it was put in last");
}

#[test]
fn the_packet_says_how_old_the_record_was() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (own, other) = (other_grown_up(""), other_grown_up(&bench.nik));
    arrives(&mut bench, (0, "18.13"), 0, &[]);
    arrives(&mut bench, (41, "18.02"), 90, &[other]);
    meanwhile(&mut bench, |store, ctx| {
        store.bookkeep(ctx.now, |ledger| ledger.note_extract_check(true)).unwrap();
    });
    arrives(&mut bench, (0, "18.01"), 60, &[own]);
    seen(&bench);
    let source = source(&mut bench);
    let RecordSource::Extract { as_of } = source else { panic!("{source:?}") };
    let days = Timestamp::now().duration_since(as_of).as_hours() / 24;
    assert_eq!(days, 60, "and not as old as the centre's last word");
}

/// Tomorrow noon at the office: no midnight is near.
fn noon() -> Timestamp {
    let day = today().tomorrow().unwrap().at(12, 0, 0, 0);
    day.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).unwrap().timestamp()
}

fn hours(many: i64) -> SignedDuration {
    SignedDuration::from_hours(many)
}

#[test]
fn the_centres_answer_of_another_day_counts_no_more() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (was, asked) = (other_grown_up(""), noon());
    answered(&mut bench, asked, &Resident { alamat: "Jalan Pusat No. 9".into(), ..was.clone() });
    bench.restart_by(Arc::new(HeldClock::at(asked + hours(1))));
    assert_eq!(seen(&bench).centre.state, CentreAnswerState::Found, "of the same day");
    assert_eq!(differs(&bench), ["alamat"], "so the centre's record stands beside the form");
    bench.station.return_to_applicant(&bench.id, &["data_beda".into()], "").unwrap();
    assert_eq!(
        source(&mut bench),
        RecordSource::Online { as_of: Some(asked) },
        "and it is kept of when it is"
    );

    arrives_of(&mut bench, (0, "18.13"), asked + hours(24 * 6), &[was]);
    bench.restart_by(Arc::new(HeldClock::at(asked + hours(24 * 7))));
    bench.station.resume(&bench.id).unwrap();
    let late = seen(&bench);
    assert_ne!(late.centre.state, CentreAnswerState::Found, "nobody asked today");
    assert_eq!(differs(&bench), [""; 0], "the extract of now says what the form says");
    assert_eq!((late.recorded.centre_list_at, late.recorded.centre_hit), (None, None), "nor of a recording");
    let held = source(&mut bench);
    assert_eq!(held, RecordSource::Extract { as_of: asked + hours(24 * 6) }, "and that is what is sealed");
}

#[test]
fn the_centres_answer_counts_until_an_extract_that_was_taken_later_has_this_nik() {
    for (later, counts) in [(-1, true), (1, false)] {
        let mut bench = Bench::before_step_4(|_, _| ());
        let (was, asked) = (other_grown_up(""), noon());
        arrives_of(&mut bench, (0, "18.09"), asked + hours(later), std::slice::from_ref(&was));
        answered(&mut bench, asked, &Resident { alamat: "Jalan Pusat No. 9".into(), ..was });
        bench.restart_by(Arc::new(HeldClock::at(asked + hours(2))));
        assert_eq!(differs(&bench) == ["alamat"], counts, "the extract is of {later} hours after");
    }
}
