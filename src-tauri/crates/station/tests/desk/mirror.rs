//! A word of the centre in the mirror, as a courier or the line would leave it there.

use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::Refusal;
use station::Error;
use station::view::{Freshness, QueueTab, StatusOutcome, StockItem};
use store::{Act, Argon2Cost, CentralStatusRow, Ctx, KeySlots, Store, StoreOptions};

use crate::bench::Bench;
use crate::card_data::meanwhile;
use crate::identity::{another_recorded_under_the_nik, says_of};
use crate::printing::{FIRST, print_on, ready, sits};
use crate::sealed::sealed;
use crate::suket::at_step_7;

/// A recording that another station made.
pub const ELSEWHERE: &str = "01932f6e-0000-7000-8000-00000000e15e";

/// The centre says `status` of what the applicant recorded, or of the applicant; the station is down meanwhile.
pub fn centre_says(bench: &mut Bench, status: &str) {
    centre_said(bench, status, 0);
}

/// The same, said this many hours ago.
fn centre_said(bench: &mut Bench, status: &str, hours: i64) {
    centre_said_at(bench, status, jiff::Timestamp::now().as_millisecond() - hours * 3_600_000);
}

/// The same, with the centre's own time of it.
fn centre_said_at(bench: &mut Bench, status: &str, as_of_ms: i64) {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = OperatorId::parse("dewi").unwrap();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let visit = PermohonanId::parse(&bench.id).unwrap();
    // Of whoever was recorded elsewhere the word names the NIK alone.
    let packet = store.read(|view| view.packet_of(visit)).unwrap().map(|packet| packet.id.to_string());
    let row = CentralStatusRow {
        nik: bench.nik.clone(),
        status: status.to_owned(),
        as_of_ms,
        received_ms: 0,
        source: "courier".into(),
        packet: packet.unwrap_or_default(),
        detail: String::new(),
    };
    let ctx = Ctx { operator: Some(operator), now };
    store.transact(Act::CentralStatuses { count: 1 }, &ctx, |tx| tx.add_central_status(&row)).unwrap();
    drop(store);
    bench.restart();
}

#[test]
fn a_mirror_that_is_too_old_says_so_instead_of_guessing_and_a_fresh_word_goes_on() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let none = bench.station.status_check(&id).unwrap();
    assert!(none.now.is_none() && !none.can_slip, "nothing is known, so nothing is claimed");
    assert_eq!(none.slip_why.map(|why| why.key).as_deref(), Some("status_unknown"));

    centre_said(&mut bench, "PRINT_READY_RECORD", 8 * 24);
    let old = bench.station.status_check(&id).unwrap();
    let now = old.now.expect("what was said last is shown");
    assert_eq!((now.freshness, now.raw.as_str()), (Freshness::Stale, "PRINT_READY_RECORD"), "with its age");
    assert!(now.age_seconds >= 8 * 24 * 3_600 && now.age_seconds > old.limit_seconds, "{}", now.age_seconds);
    assert!(!old.can_slip, "eight days are no ground for a slip");
    assert_eq!(old.slip_why.map(|why| why.key).as_deref(), Some("status_too_old"), "and why");
    let refused = bench.station.give_pickup_slip(&id);
    assert!(matches!(refused, Err(Error::Refused(Refusal::StatusTooOld { .. }))), "{refused:?}");
    let seen = bench.station.status_check(&id).unwrap();
    assert!(seen.slip.is_none() && seen.outcome == StatusOutcome::Open, "nothing was given");
    assert!(seen.can_refuse, "nobody waits at the counter for a line that is down: {:?}", seen.refuse_why);
    assert!(seen.reasons.iter().any(|reason| reason.code == "outdated"), "with a reason of its own");
    let told = bench.station.tell_applicant(&id, "outdated").unwrap();
    assert_eq!(told.outcome, StatusOutcome::Told);
    let again = bench.station.status_check(&id).unwrap();
    assert!(again.can_refuse && !again.can_slip, "the same old word brings nobody back");

    centre_said(&mut bench, "PRINT_READY_RECORD", 0);
    let fresh = bench.station.status_check(&id).unwrap();
    assert_eq!(fresh.now.map(|now| now.freshness), Some(Freshness::Fresh), "the centre said it again");
    assert!(fresh.reasons.iter().all(|reason| reason.code != "outdated"), "no reason any more");
    let late = bench.station.tell_applicant(&id, "outdated");
    assert!(matches!(late, Err(Error::NotNow { key: "reason_untrue", .. })), "it is not old: {late:?}");
    let words = fresh.history.iter().filter(|line| line.raw == "PRINT_READY_RECORD").count();
    assert_eq!(words, 2, "both words stay");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
}

/// A stick brings what the centre said of this recording so many hours ago, or nothing of it; its feed is whole until `whole` hours
/// ago.
fn stick_brings(bench: &mut Bench, said: Option<(&str, i64)>, whole: i64) {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let own = meanwhile(bench, |store, _| store.read(|view| view.packet_of(visit)).unwrap().unwrap().id);
    brings(bench, ("courier", &own.to_string()), said, whole);
}

/// The same of the recording that is named, by whichever way.
pub fn brings(bench: &mut Bench, (source, packet): (&str, &str), said: Option<(&str, i64)>, whole: i64) {
    let nik = bench.nik.clone();
    meanwhile(bench, |store, ctx| {
        let ago = |hours: i64| ctx.now.as_millisecond() - hours * 3_600_000;
        if let Some((status, hours)) = said {
            let row = CentralStatusRow {
                nik,
                status: status.to_owned(),
                as_of_ms: ago(hours),
                received_ms: 0,
                source: source.into(),
                packet: packet.to_owned(),
                detail: String::new(),
            };
            let act = Act::CentralStatuses { count: 1 };
            store
                .transact(act, ctx, |tx| {
                    tx.add_central_status(&row)?;
                    tx.move_cursor("aaaa-1")
                })
                .unwrap();
        }
        store.bookkeep(ctx.now, |ledger| ledger.feed_is_whole(ago(whole))).unwrap();
    });
}

/// What calls the applicant back, as their row in the queue says it.
fn called_by(bench: &Bench) -> Option<String> {
    let queue = bench.station.queue(QueueTab::All).unwrap();
    let mut rows = queue.mine.into_iter().chain(queue.others);
    let row = rows.find(|row| row.id == bench.id).expect("it waits in the queue");
    row.answer.map(|answer| answer.raw)
}

#[test]
fn a_card_that_has_been_ready_for_a_week_is_given_where_the_feed_is_known_to_be_whole() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    stick_brings(&mut bench, Some(("PRINT_READY_RECORD", 9 * 24)), 8 * 24);
    let old = bench.station.status_check(&id).unwrap();
    let before = old.now.expect("what was said last");
    assert!(!old.can_slip && before.freshness == Freshness::Stale, "nobody knows of it since");
    bench.station.tell_applicant(&id, "outdated").unwrap();
    assert_eq!(called_by(&bench), None, "they left over this word");

    stick_brings(&mut bench, None, 0);
    assert_eq!(called_by(&bench).as_deref(), Some("PRINT_READY_RECORD"), "it stands: the card can be made");
    let seen = bench.station.status_check(&id).unwrap();
    let now = seen.now.expect("what was said last");
    assert!(
        now.freshness == Freshness::Fresh && now.age_seconds < 3_600,
        "known to stand: {}",
        now.age_seconds
    );
    assert_eq!(now.as_of, before.as_of, "since when it stands is said");
    assert!(seen.can_slip, "{:?}", seen.slip_why);
    assert!(seen.reasons.iter().all(|reason| reason.code != "outdated"), "it is not old");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
}

#[test]
fn a_word_that_is_not_of_this_stations_recording_grows_old_however_whole_the_feed_is() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    // Recorded elsewhere: this station's feed says nothing of what becomes of it.
    brings(&mut bench, ("courier", ELSEWHERE), Some(("PRINT_READY_RECORD", 8 * 24)), 0);
    let seen = bench.station.status_check(&bench.id).unwrap();
    assert_eq!(seen.now.map(|now| now.freshness), Some(Freshness::Stale));
    assert_eq!(seen.slip_why.map(|why| why.key).as_deref(), Some("status_too_old"));
}

#[test]
fn an_answer_at_the_desk_that_says_the_same_does_not_end_what_the_feed_is_known_to_say() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let visit = PermohonanId::parse(&id).unwrap();
    let own = meanwhile(&mut bench, |store, _| store.read(|view| view.packet_of(visit)).unwrap().unwrap().id);
    stick_brings(&mut bench, Some(("PRINT_READY_RECORD", 12 * 24)), 0);
    brings(&mut bench, ("persons", &own.to_string()), Some(("PRR", 9 * 24)), 0);
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.map(|now| now.freshness), Some(Freshness::Fresh), "the feed is whole");
    assert!(seen.can_slip, "{:?}", seen.slip_why);
    let told = bench.station.mirrored_status(&own.to_string()).unwrap().unwrap();
    assert_eq!(told.0.raw(), "PRINT_READY_RECORD", "what the feed said, which comes with its reason");
    brings(&mut bench, ("persons", &own.to_string()), Some(("ADJUDICATE_RECORD", 8 * 24)), 0);
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.map(|now| now.freshness), Some(Freshness::Stale), "the feed did not say that");
}

/// Two people, or one twice, under one NIK: what is said of the one is said of nobody else.
#[test]
fn what_the_centre_says_of_another_recording_under_the_nik_opens_no_slip() {
    let bench = sealed();
    let first = PermohonanId::parse(&bench.id).unwrap();
    let (mut bench, second, _) = another_recorded_under_the_nik(bench);
    bench.id = second.to_string();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    says_of(&mut bench, first, "PRINT_READY_RECORD", now);
    meanwhile(&mut bench, |store, ctx| {
        store.bookkeep(ctx.now, |ledger| ledger.feed_is_whole(ctx.now.as_millisecond())).unwrap();
    });
    let unknown = |bench: &Bench, why: &str| {
        let seen = bench.station.status_check(&id).unwrap();
        assert!(seen.now.is_none() && !seen.can_slip, "{why}");
        assert!(
            seen.history.iter().all(|line| line.key != "print_ready_record"),
            "{why}: {:?}",
            seen.history
        );
        assert_eq!(seen.slip_why.map(|why| why.key).as_deref(), Some("status_unknown"), "{why}");
        assert!(seen.can_refuse, "{why}: nobody waits at the counter for it");
    };
    unknown(&bench, "the first one is ready, and nobody has looked at this one");
    let refused = bench.station.give_pickup_slip(&id);
    assert!(matches!(refused, Err(Error::Refused(Refusal::StatusUnknown))), "{refused:?}");
    // Asked at the desk, the centre answers for the NIK: with the name of a recording, or of an older centre without one.
    brings(&mut bench, ("persons", ELSEWHERE), Some(("PRR", 0)), 0);
    brings(&mut bench, ("persons", ""), Some(("PRR", 0)), 0);
    unknown(&bench, "nor by an answer for the NIK");
    let told = bench.station.tell_applicant(&id, "trouble").unwrap();
    assert_eq!((told.outcome, called_by(&bench)), (StatusOutcome::Told, None), "and nobody is called");

    let now = jiff::Timestamp::now().as_millisecond();
    says_of(&mut bench, second, "PRINT_READY_RECORD", now);
    assert_eq!(called_by(&bench).as_deref(), Some("PRINT_READY_RECORD"), "its own word calls");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
}

#[test]
fn what_the_centre_says_of_another_recording_under_the_nik_takes_no_card_back() {
    let bench = sealed();
    let first = PermohonanId::parse(&bench.id).unwrap();
    let (mut bench, second, _) = another_recorded_under_the_nik(bench);
    bench.id = first.to_string();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let bench = ready(bench);
    print_on(&bench, FIRST);
    let mut bench = bench;
    let now = jiff::Timestamp::now().as_millisecond();
    for (at, status) in (1i64..).zip(["RECEIVED_AT_CENTRAL", "ADJUDICATE_RECORD", "DUPLICATE_RECORD"]) {
        says_of(&mut bench, second, status, now + at);
        sits(&bench, "yuliana");
        assert_eq!(bench.station.handover(&id).unwrap().withdrawn, None, "{status} of the second");
    }
    says_of(&mut bench, first, "DUPLICATE_RECORD", now + 9);
    sits(&bench, "yuliana");
    assert!(bench.station.handover(&id).unwrap().withdrawn.is_some(), "its own word does");
}

#[test]
fn a_card_that_ended_by_another_request_is_not_handed_over_because_the_record_is_ready_for_yet_another() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let bench = ready(bench);
    print_on(&bench, FIRST);
    let mut bench = bench;
    let visit = PermohonanId::parse(&id).unwrap();
    let job = meanwhile(&mut bench, |store, _| {
        let row = store.read(|view| view.permohonan(visit)).unwrap().expect("it is kept");
        let state: serde_json::Value = serde_json::from_str(&row.state_json).unwrap();
        state["print_request"]["job"].as_str().expect("a request runs").to_owned()
    });
    let withdrawn = |bench: &Bench| {
        sits(bench, "yuliana");
        bench.station.handover(&id).unwrap().withdrawn
    };
    assert_eq!(withdrawn(&bench), None);
    brings(&mut bench, ("sync", &job), Some(("CARD_LOST", 0)), 0);
    let why = withdrawn(&bench).expect("its owner reported it lost elsewhere");
    assert_eq!(why.args["said"], "card_lost", "in its own words");
    stick_brings(&mut bench, Some(("PRINT_READY_RECORD", 0)), 0);
    assert!(withdrawn(&bench).is_some(), "the record is ready for the other card, not for this one");
    brings(&mut bench, ("sync", &job), Some(("PRINT_READY_RECORD", 0)), 0);
    assert_eq!(withdrawn(&bench), None, "the loss is taken back: said of this card");

    // Lost once more, and its record is taken back before that loss is.
    brings(&mut bench, ("sync", &job), Some(("CARD_LOST", 0)), 0);
    brings(&mut bench, ("sync", &job), Some(("DUPLICATE_RECORD", 0)), 0);
    assert!(withdrawn(&bench).is_some(), "no longer lost, and its record stands for nobody");
    stick_brings(&mut bench, Some(("PRINT_READY_RECORD", 0)), 0);
    assert_eq!(withdrawn(&bench), None, "the record is given again");
}

#[test]
fn a_card_of_an_earlier_recording_goes_by_the_one_that_stands_and_by_what_is_taken_back_of_the_last_one() {
    let bench = sealed();
    let first = PermohonanId::parse(&bench.id).unwrap();
    let (mut bench, second, _) = another_recorded_under_the_nik(bench);
    let at = jiff::Timestamp::now().as_millisecond() - 3_600_000;
    says_of(&mut bench, first, "PRINT_READY_RECORD", at);
    at_step_7(&mut bench);
    let id = bench.id.clone();
    let seen = |bench: &Bench| {
        let seen = bench.station.status_check(&id).unwrap();
        (seen.now.map(|now| now.raw).unwrap_or_default(), seen.can_slip)
    };
    let ready = ("PRINT_READY_RECORD".to_owned(), true);
    for (after, status) in [(1i64, "RECEIVED_AT_CENTRAL"), (2, "ADJUDICATE_RECORD")] {
        says_of(&mut bench, second, status, at + after);
        assert_eq!(seen(&bench), ready, "{status} of one that nobody has found unique");
    }
    says_of(&mut bench, second, "PRINT_READY_RECORD", at + 3);
    says_of(&mut bench, second, "ADJUDICATE_RECORD", at + 4);
    assert_eq!(seen(&bench), ("ADJUDICATE_RECORD".to_owned(), false), "both stand: the newest word");
    says_of(&mut bench, second, "DUPLICATE_RECORD", at + 5);
    assert_eq!(seen(&bench), ready, "the first stands, and what was taken over of the second counts no more");
    let history = bench.station.status_check(&id).unwrap().history;
    assert!(
        history.iter().all(|line| line.raw != "ADJUDICATE_RECORD"),
        "nor does the page say it: {history:?}"
    );

    says_of(&mut bench, first, "ENROLL_FAILURE_AT_CENTRAL", at + 6);
    let (status, can_slip) = seen(&bench);
    assert!(
        status == "ENROLL_FAILURE_AT_CENTRAL" && !can_slip,
        "none stands: what is taken back is: {status}"
    );
    says_of(&mut bench, second, "PRINT_READY_RECORD", at + 7);
    assert_eq!(seen(&bench), ready, "the centre decided otherwise");
}

#[test]
fn a_computer_whose_clock_went_back_calls_no_word_of_the_centre_fresh() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_said(&mut bench, "PRINT_READY_RECORD", 0);
    assert!(bench.station.status_check(&id).unwrap().can_slip, "by the right clock");
    let month = jiff::SignedDuration::from_hours(30 * 24);
    let dead = station::clock::HeldClock::at(jiff::Timestamp::now() - month);
    bench.restart_by(std::sync::Arc::new(dead));
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.map(|now| now.freshness), Some(Freshness::ClockBehind));
    assert!(!seen.can_slip);
    assert_eq!(seen.slip_why.map(|why| why.key).as_deref(), Some("clock_behind"));
    for refused in [bench.station.give_pickup_slip(&id), bench.station.issue_suket(&id, "gangguan jaringan")]
    {
        let said = refused.unwrap_err().to_view();
        assert_eq!(said.key, "refused_clock_behind", "no paper of a wrong day");
        assert!(said.args["at"].ends_with('Z'), "what the clock is held against: {:?}", said.args);
    }
    assert!(seen.can_refuse, "the reason can be told: {:?}", seen.refuse_why);
    bench.restart();
    assert!(bench.station.status_check(&id).unwrap().can_slip, "the clock is right again");
}

#[test]
fn when_the_centre_was_asked_stays_on_the_page_also_where_it_could_not_be_reached() {
    let mut bench = Bench::before_step_4(|_, config| config.sync.centre = "https://127.0.0.1:1".into());
    at_step_7(&mut bench);
    let before = bench.station.status_check(&bench.id).unwrap();
    assert!(before.has_centre && before.asked_at.is_none(), "nobody has asked yet");
    let asked = bench.station.refresh_status(&bench.id).unwrap();
    assert!(asked.cause.is_some(), "nobody answers there");
    assert!(asked.asked_at.is_some(), "and when that was");
    let again = bench.station.status_check(&bench.id).unwrap();
    assert_eq!(again.asked_at, asked.asked_at, "also when the page is read again");
}

#[test]
fn of_two_words_of_one_moment_the_later_one_counts_and_stands_above() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let at = jiff::Timestamp::now().as_millisecond();
    for word in ["ADJUDICATE_RECORD", "PRINT_READY_RECORD"] {
        centre_said_at(&mut bench, word, at);
        bench.station.status_check(&id).unwrap();
    }
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.map(|now| now.raw).as_deref(), Some("PRINT_READY_RECORD"));
    let words: Vec<&str> = seen.history.iter().map(|line| line.raw.as_str()).collect();
    assert_eq!(words[..2], ["PRINT_READY_RECORD", "ADJUDICATE_RECORD"], "newest first: {words:?}");
}

#[test]
fn that_the_centre_knows_nothing_yet_stands_once_however_often_it_was_asked() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let at = jiff::Timestamp::now().as_millisecond();
    for (after, word) in
        ["UNREGISTERED", "UNREGISTERED", "UNREGISTERED", "PRINT_READY_RECORD"].iter().enumerate()
    {
        centre_said_at(&mut bench, word, at + i64::try_from(after).unwrap());
        bench.station.status_check(&id).unwrap();
    }
    let seen = bench.station.status_check(&id).unwrap().history;
    let words: Vec<&str> = seen.iter().map(|line| line.raw.as_str()).collect();
    assert_eq!(words[..2], ["PRINT_READY_RECORD", "UNREGISTERED"], "newest first: {words:?}");
    assert_eq!(words.iter().filter(|word| **word == "UNREGISTERED").count(), 1, "{words:?}");
    assert!(seen.iter().all(|line| !line.unlisted), "what lay between was only not heard");
}

#[test]
fn an_odd_change_is_named_at_its_own_line_and_a_word_that_arrives_late_is_none() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    let at = jiff::Timestamp::now().as_millisecond();
    for (after, word) in [(5, "PRINT_READY_RECORD"), (9, "DUPLICATE_RECORD"), (1, "RECEIVED_AT_CENTRAL")] {
        centre_said_at(&mut bench, word, at + after);
        bench.station.status_check(&id).unwrap();
    }
    let seen = bench.station.status_check(&id).unwrap().history;
    let odd: Vec<&str> = seen.iter().filter(|line| line.unlisted).map(|line| line.raw.as_str()).collect();
    assert_eq!(odd, ["DUPLICATE_RECORD"], "{seen:?}");
}

/// What a signed letter gives as the reason is true: blangko are short of a card that could be printed, and of no other.
#[test]
fn a_letter_for_want_of_blangko_needs_a_card_that_could_be_printed_and_calls_when_they_come() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_said(&mut bench, "RECEIVED_AT_CENTRAL", 1);
    let early = bench.station.status_check(&id).unwrap();
    assert!(early.can_refuse && early.reasons.iter().all(|reason| reason.code != "blangko"), "not offered");
    let untrue = bench.station.issue_suket(&id, "blangko");
    assert!(matches!(untrue, Err(Error::NotNow { key: "reason_untrue", .. })), "nor taken: {untrue:?}");

    centre_said(&mut bench, "PRINT_READY_RECORD", 0);
    let ready = bench.station.status_check(&id).unwrap();
    assert!(ready.can_slip && ready.can_refuse, "without blangko both exits are open");
    let untrue = bench.station.issue_suket(&id, "processing");
    assert!(matches!(untrue, Err(Error::NotNow { key: "reason_untrue", .. })), "it is ready: {untrue:?}");
    let given = bench.station.issue_suket(&id, "blangko").unwrap();
    assert_eq!((given.outcome, given.suket.is_some()), (StatusOutcome::Suket, true));
    let answered = |bench: &Bench| {
        let queue = bench.station.queue(QueueTab::All).unwrap();
        let row = queue
            .mine
            .into_iter()
            .chain(queue.others)
            .find(|row| row.id == id)
            .expect("it waits in the queue");
        row.answer.map(|answer| answer.raw)
    };
    assert_eq!(answered(&bench), None, "the word that stands calls nobody while there is none");

    bench.station.lock().unwrap();
    bench.station.sign_in("rizal", training::PASSWORD).unwrap();
    bench.station.receive_stock(StockItem::Blangko, 1, "0718-224-901", "SJ-1").unwrap();
    bench.station.lock().unwrap();
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    assert_eq!(answered(&bench).as_deref(), Some("PRINT_READY_RECORD"), "once there is one, it does");
    let back = bench.station.status_check(&id).unwrap();
    assert!(back.can_slip && !back.can_refuse, "and there is only the slip");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
}
