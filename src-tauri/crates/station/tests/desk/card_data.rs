//! What the exchange brings for a card, and what it could not tell, as the desk sees them.

use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::{CardNews, Refusal, State};
use jiff::Timestamp;
use station::Error;
use station::view::{DiffSource, FingerName, HandoverFingerState, OldCardState, Step, VisitState};
use store::{
    Act, Argon2Cost, CardData, CardFinger, CardReportState, Ctx, KeySlots, Store, StoreOptions, SyncFinding,
};
use synth::resident::Resident;

use crate::bench::{Bench, other_grown_up};
use crate::handing_over::{given, signed, tick_all, witnessed};
use crate::identity::{agreed, comes_for, lost};
use crate::mirror::centre_says;
use crate::printing::{FIRST, print_on, ready, sits};
use crate::sealed::sealed;

/// The database as the exchange has it, while nobody is at the desk.
pub fn meanwhile<T>(bench: &mut Bench, work: impl FnOnce(&Store, &Ctx) -> T) -> T {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = Timestamp::now();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&OperatorId::parse("dewi").unwrap(), training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let done = work(&store, &Ctx { operator: None, now });
    drop(store);
    bench.restart();
    done
}

/// The exchange brought the centre's record for what this visit asked for.
pub fn keep_card_data(store: &Store, ctx: &Ctx, visit: PermohonanId, data: &CardData) {
    let row = store.read(|view| view.permohonan(visit)).unwrap().unwrap();
    let state: State = serde_json::from_str(&row.state_json).unwrap();
    let data = CardData { job: state.print_request.job, ..data.clone() };
    let act = Act::CardDataKeep { permohonan: visit };
    store.transact(act, ctx, |tx| tx.set_card_data(visit, &data)).unwrap();
}

/// A lost card of somebody recorded elsewhere, at step 8.
pub fn at_step_8() -> Bench {
    let mut bench = Bench::before_step_4(|_, _| ());
    lost(&mut bench);
    let id = bench.id.clone();
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&id).unwrap();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    ready(bench)
}

fn lacks(bench: &Bench, what: &str) -> bool {
    bench.station.card_print(&bench.id).unwrap().missing.iter().any(|missing| missing == what)
}

#[test]
fn a_card_of_somebody_recorded_elsewhere_waits_for_the_centres_record_and_takes_it_when_it_is_here() {
    let mut bench = at_step_8();
    assert!(lacks(&bench, "record") && lacks(&bench, "portrait"), "nothing is invented");
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let data = |as_of_ms| CardData {
        source: "pusat".into(),
        as_of_ms,
        biodata_json: r#"{"nama":"ORANG CONTOH"}"#.into(),
        portrait_type: "image/jpeg".into(),
        portrait: b"\xff\xd8contoh".to_vec(),
        ..CardData::default()
    };
    meanwhile(&mut bench, |store, ctx| keep_card_data(store, ctx, visit, &data(1_795_000_000_000)));
    sits(&bench, "rizal");
    assert!(!lacks(&bench, "record") && !lacks(&bench, "portrait"), "the centre's record is taken");
    let taken = |store: &Store| {
        let row = store.read(|view| view.permohonan(visit)).unwrap().unwrap();
        let state: State = serde_json::from_str(&row.state_json).unwrap();
        (state.print.source, store.read(|view| view.register_head()).unwrap().unwrap().row)
    };
    let (first, _) = meanwhile(&mut bench, |store, _| taken(store));
    sits(&bench, "rizal");
    assert!(!lacks(&bench, "record"), "it stands after a restart");
    meanwhile(&mut bench, |store, ctx| keep_card_data(store, ctx, visit, &data(1_795_000_500_000)));
    sits(&bench, "rizal");
    assert!(!lacks(&bench, "record"), "a newer one");
    let (second, _) = meanwhile(&mut bench, |store, _| taken(store));
    assert_ne!(first, second, "is taken in its place, with its own time");
}

/// A portrait as the centre sends it.
pub fn portrait() -> Vec<u8> {
    let (width, height) = (300u32, 400u32);
    let pixels = (0..width * height).flat_map(|at| [(at % width) as u8, (at / width) as u8, 120]).collect();
    let image = domain::image::RgbImage::new(width, height, pixels).unwrap();
    biometrics::codec::encode_jpeg(&image, 85).unwrap()
}

/// The centre's record of the applicant arrives: what the form says, but for `changed`. The printing desk sits down.
pub fn record(bench: &mut Bench, as_of_ms: i64, changed: &[(&str, &str)]) {
    record_with(bench, as_of_ms, changed, portrait(), Vec::new());
}

/// The same, with another picture, and with these fingers.
pub fn record_with(
    bench: &mut Bench,
    as_of_ms: i64,
    changed: &[(&str, &str)],
    portrait: Vec<u8>,
    fingers: Vec<CardFinger>,
) {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store, ctx| {
        let mut biodata: serde_json::Map<String, serde_json::Value> = store
            .read(|view| view.isian(visit))
            .unwrap()
            .into_iter()
            .map(|field| (field.unsur, field.value.into()))
            .collect();
        biodata.extend(changed.iter().map(|(unsur, value)| ((*unsur).to_owned(), (*value).into())));
        let data = CardData {
            source: "pusat".into(),
            as_of_ms,
            biodata_json: serde_json::Value::Object(biodata).to_string(),
            portrait_type: "image/jpeg".into(),
            portrait,
            fingers,
            ..CardData::default()
        };
        keep_card_data(store, ctx, visit, &data);
    });
    sits(bench, "rizal");
}

/// What the card cannot be printed for, and what the centre says otherwise than the form.
fn stands_between(bench: &Bench) -> (Vec<String>, Vec<String>) {
    let seen = bench.station.card_print(&bench.id).unwrap();
    (seen.missing, seen.differs.into_iter().map(|one| one.label).collect())
}

fn refused(bench: &Bench, job: &str) -> &'static str {
    let Err(Error::NotNow { key, .. }) = bench.station.start_print(&bench.id, FIRST, job) else {
        panic!("nothing is printed")
    };
    key
}

#[test]
fn a_damaged_card_is_printed_anew_from_the_centres_record_and_the_old_one_is_taken_in() {
    let mut bench = Bench::before_step_4(|_, _| ());
    comes_for(&mut bench, "rusak");
    let id = bench.id.clone();
    let early = bench.station.finish_verification(&id);
    assert!(matches!(early, Err(Error::Refused(Refusal::IdentityUnchecked))), "who is it? {early:?}");
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    let on = bench.station.finish_verification(&id).unwrap();
    assert_eq!(on.step, Step::PrintRequest, "nobody is recorded anew");
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let mut bench = ready(bench);
    assert!(lacks(&bench, "record") && lacks(&bench, "portrait"), "nothing is invented");
    let early = bench.station.start_print(&id, FIRST, "00000000-0000-4000-8000-000000000701");
    assert!(matches!(early, Err(Error::NotNow { key: "card_data_missing", .. })), "nor printed: {early:?}");

    record(&mut bench, 1_795_000_000_000, &[("alamat", "JL. LAMA 1"), ("pendidikan", "9")]);
    let before = bench.station.card_face(&id).unwrap();
    let differs = (vec!["record_differs".to_owned()], vec!["Alamat".to_owned()]);
    assert_eq!(stands_between(&bench), differs, "not what was verified, of what the card shows");
    assert_eq!(refused(&bench, "00000000-0000-4000-8000-000000000703"), "card_data_differ");
    record(&mut bench, 1_795_000_500_000, &[]);
    assert_eq!(stands_between(&bench), (vec![], vec![]), "all is here");
    assert_ne!(bench.station.card_face(&id).unwrap(), before, "the newest record stands on the card");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, FIRST);

    let seen = bench.station.handover(&id).unwrap();
    assert_eq!(seen.old_card.state, OldCardState::Needed, "the damaged card is taken in");
    witnessed(&bench, "wajah sesuai KK");
    bench.station.compare_handover_photo(&id, true).unwrap();
    signed(&bench);
    let refused = bench.station.close_handover(&id);
    assert!(refused.is_err(), "not while the old card is out: {refused:?}");
    bench.station.withdraw_old_card(&id, "cracked", "Kotak 3").unwrap();
    tick_all(&bench);
    assert_eq!(given(&bench).state, VisitState::Done);
}

#[test]
fn what_an_officer_left_blank_at_step_3_is_not_printed_from_the_centres_record() {
    let mut who = Resident { golongan_darah: "4".into(), ..other_grown_up("") };
    who.nik.replace_range(12.., "9901");
    let mut bench = Bench::of(Some(who), |_, _| ());
    comes_for(&mut bench, "rusak");
    let id = bench.id.clone();
    // Nobody says a blood group any more: the doctor's letter says that the record's is wrong.
    bench.station.go_back(&id, Step::Form).unwrap();
    bench.station.save_field(&id, "golongan_darah", "").unwrap();
    bench.station.submit_form(&id).unwrap();
    agreed(&bench);
    bench.station.choose_source(&id, "golongan_darah", DiffSource::Form, "surat dokter").unwrap();
    bench.station.operator_finger_witness(&id, "jari luka", "hendra", training::PASSWORD).unwrap();
    bench.station.mark_read_aloud(&id).unwrap();
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&id).unwrap();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let mut bench = ready(bench);
    record(&mut bench, 1_795_000_000_000, &[("golongan_darah", "4")]);
    let differs = (vec!["record_differs".to_owned()], vec!["Golongan darah".to_owned()]);
    assert_eq!(stands_between(&bench), differs, "the centre still has what was struck");
    record(&mut bench, 1_795_000_500_000, &[]);
    assert_eq!(stands_between(&bench), (vec![], vec![]), "and now no more");
}

/// The applicant's own finger, until it matches.
fn the_finger_matches(bench: &Bench, look: impl Fn(FingerName) -> HandoverFingerState) {
    bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let matched = (0..3).any(|_| look(FingerName::RightIndex) == HandoverFingerState::Matched);
    assert!(matched, "the finger of the recording");
}

#[test]
fn changed_data_are_printed_from_the_centres_record_once_the_own_finger_has_matched_and_the_card_is_handed_over()
 {
    let mut bench = sealed();
    comes_for(&mut bench, "perubahan_data");
    let id = bench.id.clone();
    let early = bench.station.finish_verification(&id);
    assert!(matches!(early, Err(Error::Refused(Refusal::IdentityUnchecked))), "the finger first: {early:?}");
    bench.training.desk.lines().unwrap().lay(domain::Finger::LeftMiddle);
    let other = bench.station.identity_finger(&id, FingerName::RightIndex).unwrap().identity.unwrap();
    assert_eq!(other.state, HandoverFingerState::NotYet, "somebody else's");
    let early = bench.station.finish_verification(&id);
    assert!(matches!(early, Err(Error::Refused(Refusal::IdentityUnchecked))), "opens nothing: {early:?}");
    the_finger_matches(&bench, |finger| {
        bench.station.identity_finger(&id, finger).unwrap().identity.unwrap().state
    });
    let on = bench.station.finish_verification(&id).unwrap();
    assert_eq!(on.step, Step::PrintRequest, "nobody is recorded anew");
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();

    let mut bench = ready(bench);
    assert!(lacks(&bench, "record"), "the recording of this station is older than the change");
    assert_eq!(refused(&bench, "00000000-0000-4000-8000-000000000702"), "card_data_missing", "nor printed");
    // The centre still has them as they were before the change.
    let before = [("tempat_lahir", "KOTA LAMA"), ("alamat", "JL. LAMA 27")];
    record(&mut bench, 1_795_000_000_000, &before);
    let unchanged = bench.station.card_face(&id).unwrap();
    let (missing, differs) = stands_between(&bench);
    assert_eq!(missing, ["record_differs"], "the card does not bear what was verified");
    assert_eq!(differs, ["Tempat lahir", "Alamat"], "and which it is");
    assert_eq!(refused(&bench, "00000000-0000-4000-8000-000000000704"), "card_data_differ", "nor printed");
    record(&mut bench, 1_795_000_500_000, &[]);
    assert_eq!(stands_between(&bench), (vec![], vec![]), "all is here, and as it was verified");
    assert_ne!(bench.station.card_face(&id).unwrap(), unchanged, "what was changed stands on the card");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, FIRST);

    bench.until_present(devices::Role::FingerVerifier);
    let seen = bench.station.handover(&id).unwrap();
    assert_eq!(seen.finger.state, HandoverFingerState::NotTried, "asked anew at the hand-over");
    assert_eq!(seen.old_card.state, OldCardState::Needed, "the card with the old data is taken in");
    the_finger_matches(&bench, |finger| bench.station.handover_finger(&id, finger).unwrap().finger.state);
    bench.station.compare_handover_photo(&id, true).unwrap();
    bench.station.withdraw_old_card(&id, "good", "Kotak 3").unwrap();
    tick_all(&bench);
    assert!(signed(&bench).can_close, "nothing is open");
    assert_eq!(given(&bench).state, VisitState::Done);
    assert!(bench.station.unclaimed().unwrap().is_empty(), "it has left the shelf");
    let told = meanwhile(&mut bench, |store, _| {
        let visit = PermohonanId::parse(&id).unwrap();
        store.read(|look| look.card_reports_of(visit)).unwrap()
    });
    let told: Vec<CardNews> = told.into_iter().map(|row| row.news).collect();
    assert_eq!(
        told,
        [CardNews::Requested, CardNews::Issued, CardNews::OldWithdrawn, CardNews::Active],
        "the centre is told in order"
    );
}

#[test]
fn a_disputed_card_is_not_made_again_of_the_data_that_were_disputed() {
    let mut bench = Bench::before_step_4(|_, _| ());
    comes_for(&mut bench, "perubahan_data");
    let id = bench.id.clone();
    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&id).unwrap();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let mut bench = ready(bench);
    record(&mut bench, 1_795_000_000_000, &[]);
    assert!(!lacks(&bench, "record"), "here");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, FIRST);
    bench.station.dispute_card(&id, "alamat salah", "hendra", training::PASSWORD).unwrap();
    sits(&bench, "hendra");
    bench.station.resume(&id).unwrap();
    sits(&bench, "rizal");
    let what = ["record", "portrait", "signature"].map(str::to_owned);
    assert_eq!(stands_between(&bench).0, what, "what was given out for the card before is not its record");
    assert_eq!(refused(&bench, "00000000-0000-4000-8000-000000000705"), "card_data_missing", "nor printed");
    // Within seconds the centre gives out a record for the new request; the register needs days.
    record(&mut bench, 1_795_000_500_000, &[("pendidikan", "9")]);
    assert_eq!(stands_between(&bench).0, ["record_disputed"], "it says on the card what was disputed");
    assert_eq!(refused(&bench, "00000000-0000-4000-8000-000000000706"), "card_data_disputed", "nor printed");
    record(&mut bench, 1_795_000_600_000, &[("alamat", "JL. BETUL 2")]);
    assert_eq!(
        stands_between(&bench),
        (vec!["record_differs".to_owned()], vec!["Alamat".to_owned()]),
        "corrected: now the form is what is behind"
    );
    record(&mut bench, 1_795_000_700_000, &[]);
    assert_eq!(stands_between(&bench).0, ["record_disputed"], "and not when it is taken back");
    let another = [portrait(), b"lain".to_vec()].concat();
    record_with(&mut bench, 1_795_000_800_000, &[], another, Vec::new());
    assert_eq!(stands_between(&bench), (vec![], vec![]), "another picture is another card");
    record(&mut bench, 1_795_000_900_000, &[]);
    assert_eq!(
        stands_between(&bench).0,
        ["record_disputed"],
        "the picture that was disputed is not printed anew"
    );
    bench.station.go_back(&id, Step::Verification).unwrap();
    let state: State = meanwhile(&mut bench, |store, _| {
        let visit = PermohonanId::parse(&id).unwrap();
        let row = store.read(|view| view.permohonan(visit)).unwrap().unwrap();
        serde_json::from_str(&row.state_json).unwrap()
    });
    assert_eq!(state.print.disputed, None, "whoever verifies them anew may print them");
}

#[test]
fn a_refused_report_is_told_again_once_a_supervisor_has_seen_to_it() {
    let mut bench = at_step_8();
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let subject = meanwhile(&mut bench, |store, ctx| {
        let row = store.read(|view| view.card_reports_of(visit)).unwrap().remove(0);
        assert_eq!(row.news, CardNews::Requested, "the request of step 6");
        let ticket = store.read(|view| view.permohonan(visit)).unwrap().unwrap().ticket;
        let subject = format!("{ticket} (not_now_DUPLICATE_RECORD)");
        store.bookkeep(ctx.now, |ledger| ledger.found("card_request_refused", &subject)).unwrap();
        let (kind, state) = ("requested".to_owned(), "refused".to_owned());
        let act = Act::CardReportSettle { permohonan: visit, kind, state };
        let refused = CardReportState::Refused;
        store
            .transact(act, ctx, |tx| {
                tx.settle_card_report(row.id, refused, "refused:not_now_DUPLICATE_RECORD")
            })
            .unwrap();
        subject
    });
    sits(&bench, "hendra");
    let bare = bench.station.sync_finding_seen("card_request_refused", &subject, " ");
    assert!(bare.is_err(), "not without a word: {bare:?}");
    let seen =
        bench.station.sync_finding_seen("card_request_refused", &subject, "status sudah diperbaiki").unwrap();
    assert!(seen.findings.iter().all(|found| !found.stands), "it no longer stands");
    let (state, findings): (CardReportState, Vec<SyncFinding>) = meanwhile(&mut bench, |store, _| {
        store.read(|view| Ok((view.card_reports_of(visit)?.remove(0).state, view.sync_findings()?))).unwrap()
    });
    assert_eq!(state, CardReportState::Waiting, "and the report waits for the line again");
    assert_eq!(findings.len(), 1, "the finding itself is kept");
}

#[test]
fn a_recording_that_the_centre_wants_again_says_so_where_its_status_is_looked_at() {
    let mut bench = sealed();
    let (station, id) = (&bench.station, bench.id.clone());
    station.submit_print_request(&id).unwrap();
    assert_eq!(station.status_check(&id).unwrap().re_record, None, "nothing is asked for");
    let visit = PermohonanId::parse(&id).unwrap();
    meanwhile(&mut bench, |store, ctx| {
        let ticket = store.read(|view| view.permohonan(visit)).unwrap().unwrap().ticket;
        let number = store.read(|view| view.packet_of(visit)).unwrap().unwrap().sequence;
        let subject = format!("{number}, {ticket} (image_unreadable)");
        store.bookkeep(ctx.now, |ledger| ledger.found("re_record", &subject)).unwrap();
    });
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.re_record.as_deref(), Some("image_unreadable"), "with the centre's reason");
    let page = bench.station.sync_status().unwrap();
    assert!(
        page.findings.iter().any(|found| found.stands && found.kind == "re_record"),
        "and on the sync page"
    );
}
