//! Step 9: the card reaches the right hand once, and everything that stands in the way is said in words.

#[cfg(unix)]
mod chip;
mod follow_up;
mod kept_back;
mod lost;
pub mod old_card;
#[cfg(unix)]
mod unread;

use domain::permohonan::{CardNews, Refusal};
use domain::steps::handover::HandoverLine as Line;
use station::Error;
use station::view::{
    ChipPhotoState, Collector, CollectorKind, FingerName, Handover, HandoverFingerState, HandoverLine,
    OldCardState, Period, RailState, ReceiptSubstitute, RegisterFilter, SignatureProgress, SignatureSource,
    Step, StockItem, StrokePoint, VisitState,
};
use store::{Argon2Cost, Ctx, KeySlots, Store, StoreOptions};

use crate::bench::Bench;
use crate::printing::{print_on, printed, sits};

/// The station's books, opened beside it while it is locked.
pub fn books<T>(bench: &Bench, work: impl FnOnce(&Store, &Ctx) -> T) -> T {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = domain::ids::OperatorId::parse("rizal").unwrap();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let done = work(&store, &Ctx { operator: Some(operator), now });
    drop(store);
    bench.station.sign_in("rizal", training::PASSWORD).unwrap();
    done
}

/// What the centre is to be told of this visit's cards, in order.
fn reports(bench: &Bench) -> Vec<(CardNews, domain::ids::JobId, String)> {
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    books(bench, |store, _| {
        let rows = store.read(|look| look.card_reports_of(id)).unwrap();
        rows.into_iter().map(|row| (row.news, row.job, row.serial)).collect()
    })
}

fn lay(bench: &Bench, finger: domain::Finger) {
    bench.training.desk.lines().unwrap().lay(finger);
}

/// The applicant's own finger, until it matches.
pub fn matches(bench: &Bench) -> Handover {
    bench.until_present(devices::Role::FingerVerifier);
    lay(bench, domain::Finger::RightIndex);
    for _ in 0..4 {
        let seen = bench.station.handover_finger(&bench.id, FingerName::RightIndex).unwrap();
        if seen.finger.state == HandoverFingerState::Matched {
            return seen;
        }
    }
    panic!("the applicant's own finger matches within the tries");
}

/// Another officer answers; where no finger was tried, with the word that none can be laid down.
pub fn witnessed(bench: &Bench, note: &str) -> Handover {
    bench.station.handover_witness(&bench.id, note, true, "hendra", training::PASSWORD).unwrap()
}

fn strokes() -> Vec<StrokePoint> {
    let point = |x: f32, t: f32, down| StrokePoint { x, y: 0.2, t, p: 0.5, down };
    vec![point(0.2, 0.0, true), point(0.6, 80.0, true), point(0.7, 160.0, true), point(0.7, 161.0, false)]
}

pub fn signed(bench: &Bench) -> Handover {
    bench.station.save_receipt(&bench.id, SignatureSource::Pen, &strokes()).unwrap()
}

pub fn tick_all(bench: &Bench) -> Handover {
    let mut seen = bench.station.handover(&bench.id).unwrap();
    for line in seen.photo.lines.clone() {
        seen = bench.station.judge_handover(&bench.id, line.line, true).unwrap();
    }
    seen
}

/// Photo and name on the screen are held against the person, and the card is given.
pub fn given(bench: &Bench) -> station::view::Permohonan {
    let person = bench.station.handover(&bench.id).unwrap().person;
    bench.station.confirm_handover(&bench.id, &person.name, person.photo_id.as_deref()).unwrap();
    bench.station.close_handover(&bench.id).unwrap()
}

fn key_of<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_view().key
}

fn other(letter_seen: bool) -> Collector {
    Collector {
        kind: CollectorKind::Other,
        name: "  Made Artini ".into(),
        nik: "1813 0245 0790 9003".into(),
        relation: "istri".into(),
        letter_seen,
        slip_seen: true,
        no_slip: String::new(),
    }
}

fn register_lines(bench: &Bench) -> u32 {
    let all =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    bench.station.register(&all).unwrap().total
}

#[test]
fn the_applicant_takes_the_card_with_the_own_finger_and_the_visit_closes_once() {
    let bench = printed();
    let (station, id) = (&bench.station, bench.id.as_str());
    let shelf = station.unclaimed().unwrap();
    assert_eq!((shelf.len(), shelf[0].place.as_str(), shelf[0].days), (1, "B2-07", 0), "it waits");
    assert_eq!(shelf[0].serial, "0718-224-913");
    assert!(!shelf[0].slip_number.is_empty(), "with the number of its slip");
    let slip = shelf[0].slip_number.clone();
    sits(&bench, "dewi");
    let found = station.search(&slip).unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [id], "found by the slip");
    assert!(station.search("TP/9999/00001").unwrap().rows.is_empty(), "and by no other");
    sits(&bench, "rizal");
    let found = station.search(&slip).unwrap();
    assert!(found.rows.len() == 1 && found.residents.is_empty(), "the printing desk reads no residents");

    let seen = station.handover(id).unwrap();
    assert_eq!((seen.serial.as_str(), seen.shelf.as_str()), ("0718-224-913", "B2-07"));
    assert_eq!(seen.finger.state, HandoverFingerState::NotTried);
    assert_eq!(seen.finger.finger, FingerName::RightIndex, "the finger of the chip first");
    assert_eq!(seen.old_card.state, OldCardState::NotNeeded, "a first card");
    assert_eq!(seen.photo.state, ChipPhotoState::NotRead);
    assert_eq!(
        seen.photo.lines.iter().map(|line| line.line).collect::<Vec<_>>(),
        [HandoverLine::FaceSame, HandoverLine::DataRead],
        "what only an eye can judge"
    );
    assert_eq!(seen.why.map(|why| why.key).as_deref(), Some("finger_unmatched"), "what is open first");
    assert_eq!(station.permohonan(id).unwrap().rail[8].state, RailState::Current, "the rail is at step 9");

    let seen = matches(&bench);
    assert!(seen.finger.score.unwrap() >= seen.finger.limit && !seen.finger.tries.is_empty());
    for picture in [&seen.finger.record_image_id, &seen.finger.live_image_id, &seen.photo.record_photo_id] {
        let bytes = station.image(picture.as_ref().expect("a picture is kept")).unwrap();
        assert!(bytes.starts_with(b"\x89PNG") || bytes.starts_with(&[0xff, 0xd8]), "it can be looked at");
    }
    let differs = station.compare_handover_photo(id, false).unwrap();
    assert_eq!(differs.photo.state, ChipPhotoState::SeenDiffers);
    assert_eq!(differs.why.map(|why| why.key).as_deref(), Some("photo_unmatched"), "not to this person");
    assert_eq!(
        station.compare_handover_photo(id, true).unwrap().photo.state,
        ChipPhotoState::SeenSame,
        "the chip was left out, so an eye compared"
    );
    let early = station.close_handover(id);
    let both = vec![Line::FaceSame, Line::DataRead];
    assert!(
        matches!(early, Err(Error::Refused(Refusal::LinesUnjudged { ref lines })) if *lines == both),
        "{early:?}"
    );
    let judged = tick_all(&bench);
    assert!(judged.photo.lines.iter().all(|line| line.ticked && line.by.as_deref() == Some("Rizal Fahmi")));
    let none = station.judge_handover(id, HandoverLine::EnvelopeSealed, true);
    assert!(matches!(none, Err(Error::Invalid { .. })), "no envelope for the applicant: {none:?}");
    let early = station.close_handover(id);
    assert!(matches!(early, Err(Error::Refused(Refusal::ReceiptUnsigned))), "{early:?}");
    assert_eq!(key_of(station.save_receipt(id, SignatureSource::Pen, &[])), "signature_empty");
    let seen = signed(&bench);
    assert_eq!(seen.receipt.state, SignatureProgress::Done);
    let receipt = seen.receipt.capture_id.expect("the receipt is kept");
    assert_eq!(station.image(&receipt).unwrap()[..4], *b"\x89PNG");
    let moved = station.set_shelf(id, " B2-08 ").unwrap();
    assert_eq!(moved.shelf, "B2-08");
    assert_eq!(station.unclaimed().unwrap()[0].place, "B2-08", "found where it lies");
    assert!(moved.can_close, "nothing is open: {:?}", moved.why);

    let unseen = station.close_handover(id);
    assert!(
        matches!(unseen, Err(Error::Refused(Refusal::PersonUnconfirmed))),
        "not without a last look: {unseen:?}"
    );
    let person = moved.person;
    assert!(!person.masked_nik.contains(&bench.nik[6..12]) && !person.birth.is_empty(), "who it is, masked");
    let photo = station.image(person.photo_id.as_ref().expect("the photo of the record")).unwrap();
    assert!(photo.starts_with(b"\x89PNG") || photo.starts_with(&[0xff, 0xd8]), "a face to hold against");
    for (name, photo) in
        [("ORANG LAIN", person.photo_id.as_deref()), (person.name.as_str(), Some("handover:lain"))]
    {
        let stale = station.confirm_handover(id, name, photo);
        assert_eq!(key_of(stale), "handover_person_changed", "a screen that still shows somebody else");
    }
    let unseen = station.close_handover(id);
    assert!(
        matches!(unseen, Err(Error::Refused(Refusal::PersonUnconfirmed))),
        "and opens nothing: {unseen:?}"
    );
    let looked = station.confirm_handover(id, &person.name, person.photo_id.as_deref()).unwrap();
    assert!(looked.can_close, "nothing is open: {:?}", looked.why);
    sits(&bench, "dewi");
    let other = station.close_handover(id);
    assert!(
        matches!(other, Err(Error::Refused(Refusal::FingerUnmatched))),
        "each checks for oneself: {other:?}"
    );
    let blank = station.handover(id).unwrap();
    assert!(blank.checked_earlier && !blank.can_close, "the screen says that it counts no more");
    assert_eq!(
        (blank.finger.state, blank.receipt.state),
        (HandoverFingerState::NotYet, SignatureProgress::Pending),
        "and asks for it anew"
    );
    assert!(blank.photo.lines.iter().all(|line| !line.ticked), "nothing is judged: {:?}", blank.photo.lines);
    assert_eq!(blank.photo.state, ChipPhotoState::NotRead, "an eye's word was of another officer");
    sits(&bench, "rizal");
    assert!(!station.handover(id).unwrap().checked_earlier, "the first officer's sitting goes on");
    let done = station.close_handover(id).unwrap();
    assert_eq!(done.state, VisitState::Done);
    assert!(station.unclaimed().unwrap().is_empty(), "it has left the shelf");
    let lines = register_lines(&bench);
    assert_eq!(station.close_handover(id).unwrap().state, VisitState::Done, "a second click is the same");
    assert_eq!(register_lines(&bench), lines, "and leaves no second line");
    let after = station.set_shelf(id, "B2-07");
    assert!(matches!(after, Err(Error::Refused(Refusal::Ended))), "nothing changes any more: {after:?}");

    let told = reports(&bench);
    let news: Vec<CardNews> = told.iter().map(|one| one.0).collect();
    assert_eq!(
        news,
        [CardNews::Requested, CardNews::Issued, CardNews::Active],
        "the centre is told in order"
    );
    assert_eq!(told[2].2, "0718224913", "of this card");
    let visit = domain::ids::PermohonanId::parse(id).unwrap();
    let all = store::ReportPeriod { from_ms: 0, to_ms: i64::MAX, offset_s: 0 };
    let (steps, row) = books(&bench, |store, _| {
        store.read(|look| Ok((look.report_step_times(&all)?, look.handover(visit)?.unwrap()))).unwrap()
    });
    let last = steps.last().map(|step| (step.step.as_str(), step.visits));
    assert_eq!(last, Some(("handover", 1)), "the last step has come to its end too");
    assert!(row.handed_ms > 0 && row.receipt > 0, "when, and with which receipt");
}

#[test]
fn a_finger_that_does_not_match_is_tried_as_often_as_the_rules_allow_and_then_witnessed() {
    let mut bench = printed();
    let id = bench.id.clone();
    lay(&bench, domain::Finger::LeftMiddle);
    for number in 1..=2 {
        let seen = bench.station.handover_finger(&id, FingerName::RightIndex).unwrap().finger;
        assert_eq!((seen.state, seen.tries.len()), (HandoverFingerState::NotYet, number), "another finger");
    }
    bench.restart();
    sits(&bench, "rizal");
    bench.until_present(devices::Role::FingerVerifier);
    let kept = bench.station.handover(&id).unwrap().finger;
    assert_eq!((kept.tries.len(), kept.most_tries), (2, 4), "a restart gives no new tries");
    assert!(bench.station.image(&kept.live_image_id.unwrap()).is_ok(), "the last print is still there");
    let fifth = bench.station.handover_finger(&id, FingerName::LeftRing).map(|seen| seen.finger.tries.len());
    assert_eq!(fifth.ok(), Some(3), "any finger on record may be tried");
    bench.station.handover_finger(&id, FingerName::RightIndex).unwrap();
    lay(&bench, domain::Finger::RightIndex);
    let spent = bench.station.handover_finger(&id, FingerName::RightIndex);
    assert!(
        matches!(spent, Err(Error::Refused(Refusal::TriesSpent { limit: 4 }))),
        "the last was the fourth: {spent:?}"
    );
    assert_eq!(
        spent.unwrap_err().to_view().args.get("limit").map(String::as_str),
        Some("4"),
        "it says how many"
    );

    let station = &bench.station;
    let own = station.handover_witness(&id, "wajah sama", false, "rizal", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "nobody witnesses for oneself: {own:?}");
    let bare = station.handover_witness(&id, "  ", false, "hendra", training::PASSWORD);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "with a note: {bare:?}");
    assert_eq!(
        key_of(station.handover_witness(&id, "wajah sama", false, "hendra", "salah")),
        "witness_password"
    );
    let note = "jari terkelupas, wajah sama";
    let seen = station.handover_witness(&id, note, false, "hendra", training::PASSWORD).unwrap().finger;
    assert_eq!(seen.state, HandoverFingerState::Witnessed);
    assert_eq!(seen.witness.as_deref(), Some("Hendra Saputra"), "who answered for it");
    assert_eq!(seen.note, "jari terkelupas, wajah sama");
}

#[test]
fn somebody_else_collects_with_identity_letter_envelope_and_a_witness_only() {
    let bench = printed();
    let (station, id) = (&bench.station, bench.id.as_str());
    matches(&bench);
    let nobody = Collector { name: " ".into(), ..other(true) };
    let bare = station.set_collector(id, &nobody);
    assert!(matches!(bare, Err(Error::Refused(Refusal::CollectorIncomplete))), "who? {bare:?}");
    let same = Collector { nik: bench.nik.clone(), ..other(true) };
    assert_eq!(key_of(station.set_collector(id, &same)), "collector_is_applicant");

    let seen = station.set_collector(id, &other(false)).unwrap();
    assert_eq!((seen.collector.name.as_str(), seen.collector.slip_seen), ("Made Artini", true));
    assert_ne!(seen.finger.state, HandoverFingerState::Matched, "the applicant's finger says nothing of her");
    let lines: Vec<HandoverLine> = seen.photo.lines.iter().map(|line| line.line).collect();
    assert_eq!(lines, [HandoverLine::EnvelopeSealed], "she does not read the card");
    let finger = station.handover_finger(id, FingerName::RightIndex);
    assert!(matches!(finger, Err(Error::Refused(Refusal::FingerMustBeWitnessed))), "{finger:?}");
    witnessed(&bench, "KTP-el pengambil dilihat");
    station.compare_handover_photo(id, true).unwrap();
    tick_all(&bench);
    assert_eq!(signed(&bench).why.map(|why| why.key).as_deref(), Some("letter_missing"), "said beforehand");
    let refused = station.close_handover(id);
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::LetterMissing))),
        "not without the letter: {refused:?}"
    );
    assert_eq!(station.unclaimed().unwrap().len(), 1, "the card stays on the shelf");

    let without = Collector { slip_seen: false, no_slip: "  ".into(), ..other(true) };
    station.set_collector(id, &without).unwrap();
    witnessed(&bench, "surat kuasa asli dilihat");
    tick_all(&bench);
    assert_eq!(signed(&bench).why.map(|why| why.key).as_deref(), Some("slip_missing"), "said beforehand");
    let refused = station.close_handover(id);
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::SlipMissing))),
        "neither the slip nor the reason: {refused:?}"
    );
    let said = Collector { no_slip: " hilang di jalan ".into(), ..without };
    let said = station.set_collector(id, &said).unwrap().collector;
    assert_eq!((said.slip_seen, said.no_slip.as_str()), (false, "hilang di jalan"), "kept as it was written");

    let with = station.set_collector(id, &other(true)).unwrap();
    assert!(with.collector.letter_seen && with.collector.no_slip.is_empty());
    sits(&bench, "dewi");
    let later = station.handover(id).unwrap().collector;
    assert_eq!((later.name.as_str(), later.letter_seen, later.slip_seen), ("Made Artini", false, false));
    sits(&bench, "rizal");
    assert!(station.handover(id).unwrap().collector.letter_seen, "the first officer saw it and goes on");
    witnessed(&bench, "surat kuasa asli dilihat");
    tick_all(&bench);
    let signed =
        station.receipt_by_substitute(id, ReceiptSubstitute::Empty, "hendra", training::PASSWORD).unwrap();
    assert_eq!(signed.receipt.state, SignatureProgress::Exception, "she cannot write");
    assert!(signed.receipt.capture_id.is_none(), "no mark at all");
    let alone = station.receipt_by_substitute(id, ReceiptSubstitute::ThumbRight, "rizal", training::PASSWORD);
    assert!(matches!(alone, Err(Error::SamePerson)), "two people see it: {alone:?}");
    lay(&bench, domain::Finger::RightThumb);
    let thumb = station
        .receipt_by_substitute(id, ReceiptSubstitute::ThumbRight, "hendra", training::PASSWORD)
        .unwrap();
    let print = thumb.receipt.capture_id.expect("the thumbprint is kept");
    assert_eq!(station.image(&print).unwrap()[..4], *b"\x89PNG");
    assert_eq!(given(&bench).state, VisitState::Done);
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = bench.station.register(&book).unwrap().rows;
    let taken: Vec<_> =
        rows.iter().map(|row| row.collector.as_str()).filter(|words| !words.is_empty()).collect();
    assert_eq!(
        taken,
        ["Made Artini (istri)"],
        "the book says who took the card, in the line of the hand-over"
    );
}

#[test]
fn a_card_with_wrong_data_is_withheld_voided_and_printed_anew_under_a_new_request() {
    let mut bench = printed();
    let id = bench.id.clone();
    matches(&bench);
    bench.station.compare_handover_photo(&id, true).unwrap();
    tick_all(&bench);
    signed(&bench);
    let own = bench.station.dispute_card(&id, "alamat salah", "rizal", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "a second officer has seen it: {own:?}");
    let bare = bench.station.dispute_card(&id, " ", "hendra", training::PASSWORD);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "what is wrong? {bare:?}");
    let back = bench.station.dispute_card(&id, "alamat salah", "hendra", training::PASSWORD).unwrap();
    assert_eq!((back.state, back.step), (VisitState::Returned, Step::Print), "back to the printing");
    let returned = back.returned.expect("with its slip");
    assert!(returned.document_id.is_some() && returned.reasons == ["alamat salah"], "{returned:?}");
    assert!(bench.station.unclaimed().unwrap().is_empty(), "nobody is given that card");
    let twice = bench.station.dispute_card(&id, "alamat salah", "hendra", training::PASSWORD);
    assert!(matches!(twice, Err(Error::Refused(Refusal::OtherStep { .. }))), "a second click: {twice:?}");
    let blangko = bench.station.blangko().unwrap();
    let item = blangko.items.iter().find(|item| item.item == StockItem::Blangko).unwrap();
    assert_eq!((item.on_hand, item.spoiled), (9, 1), "accounted as spoiled");

    let row = |bench: &Bench| bench.station.search(&bench.nik).unwrap().rows.remove(0);
    assert!(!row(&bench).may_open, "whoever prints does not take it up");
    bench.restart();
    sits(&bench, "hendra");
    assert!(row(&bench).may_open, "the supervisor does");
    let taken_up = bench.station.resume(&id).unwrap();
    assert!(!taken_up.yours, "and it goes on at the printing desk");
    assert!(!row(&bench).may_open, "which is not the supervisor's");
    sits(&bench, "rizal");
    assert!(row(&bench).may_open && bench.station.take(&id).unwrap().yours, "but the printer's");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    crate::printing::photographed(&bench, crate::printing::FIRST);
    print_on(&bench, "0718224914");
    let anew = bench.station.handover(&id).unwrap();
    assert_eq!(anew.serial, "0718-224-914", "another card");
    assert_eq!(anew.finger.state, HandoverFingerState::NotTried, "and every check anew");
    assert!(anew.finger.live_image_id.is_none() && anew.finger.tries.is_empty());
    assert_eq!((anew.photo.state, anew.receipt.state), (ChipPhotoState::NotRead, SignatureProgress::Pending));
    let told = reports(&bench);
    let requests: Vec<_> = told.iter().filter(|one| one.0 == CardNews::Requested).map(|one| one.1).collect();
    assert!(requests.len() == 2 && requests[0] != requests[1], "a request of its own: {requests:?}");
    let last = told.last().unwrap();
    assert_eq!((last.0, last.1, last.2.as_str()), (CardNews::Issued, requests[1], "0718224914"));
}

#[test]
fn a_recording_whose_card_was_disputed_stays_the_record_of_its_person() {
    let mut bench = printed();
    bench.station.dispute_card(&bench.id, "alamat salah", "hendra", training::PASSWORD).unwrap();
    sits(&bench, "dewi");
    crate::identity::comes_for(&mut bench, "perubahan_data");
    let seen = bench.station.verification(&bench.id).unwrap();
    assert!(seen.recorded.here_hit, "its packet is on the way or at the centre");
    let fingers = seen.identity.expect("this kind asks for it").fingers;
    assert!(!fingers.is_empty(), "and who comes for the correction is known by the fingers of it");
}

#[test]
fn a_restart_in_the_middle_of_the_hand_over_loses_nothing() {
    let mut bench = printed();
    let id = bench.id.clone();
    bench.station.set_collector(&id, &other(true)).unwrap();
    witnessed(&bench, "surat kuasa asli dilihat");
    bench.station.compare_handover_photo(&id, true).unwrap();
    tick_all(&bench);
    bench.station.set_shelf(&id, "").unwrap();
    let before = signed(&bench);
    bench.restart();
    sits(&bench, "rizal");
    let after = bench.station.handover(&id).unwrap();
    let whole = |seen: &Handover| serde_json::to_value(seen).unwrap();
    assert_eq!(whole(&after), whole(&before), "every panel as it was");
    assert!(after.can_close && after.shelf.is_empty());
    assert_eq!(given(&bench).state, VisitState::Done, "and it goes on");
}

#[test]
fn the_receipt_is_signed_on_the_pad() {
    let bench = printed();
    bench.until_present(devices::Role::SignaturePad);
    let seen = std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_receipt(&id));
        let busy = |state| state == station::view::DeviceState::Busy;
        bench.until(devices::Role::SignaturePad, "busy", busy);
        // What was drawn before the pad listens belongs to nobody: then the receiver signs once more.
        while !signing.is_finished() {
            bench.training.desk.lines().expect("serial lines").draw(sim::topaz::Gesture::Sign);
            let drawn = std::time::Instant::now();
            while !signing.is_finished() && drawn.elapsed() < std::time::Duration::from_secs(4) {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        signing.join().expect("no panic")
    });
    let receipt = seen.expect("kept").receipt;
    assert_eq!((receipt.state, receipt.source), (SignatureProgress::Done, Some(SignatureSource::Topaz)));
}
