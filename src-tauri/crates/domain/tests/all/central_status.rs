use domain::central_status::{CentralStatus, KnownStatus, Mirror, MirrorEntry, Transition, transition};
use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;

fn status(text: &str) -> CentralStatus {
    CentralStatus::received(text)
}

fn entry(text: &str, as_of: i64) -> MirrorEntry {
    let as_of = Timestamp::from_second(as_of).unwrap();
    MirrorEntry { status: status(text), source: "daftar".into(), as_of, seen_at: as_of, of_another: false }
}

fn ways(mirror: &Mirror) -> Vec<(&str, Transition)> {
    mirror.in_time().into_iter().map(|(entry, known)| (entry.status.raw(), known)).collect()
}

#[rstest]
#[case("PRINT_READY_RECORD", Some(KnownStatus::PrintReadyRecord))]
#[case(" print ready record", Some(KnownStatus::PrintReadyRecord))]
#[case("PRR", Some(KnownStatus::PrintReadyRecord))]
#[case("Sent For Enrollment", Some(KnownStatus::SentForEnrollment))]
#[case("ADJUDICATE_IN_PROCESS", None)]
#[case("", None)]
fn spelling_varies_and_meaning_does_not(#[case] text: &str, #[case] known: Option<KnownStatus>) {
    assert_eq!(status(text).known(), known, "{text}");
    assert_eq!(status(text).raw(), text, "the text stays as it came");
}

#[test]
fn one_list_says_by_which_statuses_a_recording_stands_for_its_person_and_by_which_no_longer() {
    use KnownStatus as S;
    let all = |wanted: Option<bool>| -> Vec<KnownStatus> {
        S::ALL.into_iter().filter(|known| status(known.name()).stands() == wanted).collect()
    };
    let no_longer = [
        S::Unregistered,
        S::EnrollFailureAtCentral,
        S::SearchFailureAtCentral,
        S::EnrollFailureAtRegional,
        S::RequestValidation,
        S::DuplicateRecord,
    ];
    assert_eq!(all(Some(false)), no_longer);
    assert_eq!(all(Some(true)), [S::PrintReadyRecord], "by one alone it stands again");
    assert_eq!(all(None).len(), 9, "the others decide neither way");
    assert_eq!(status("DITOLAK").stands(), None, "nor does what nobody knows by name");
    assert_eq!(status("request validation").stands(), Some(false), "in whatever spelling");
}

#[test]
fn the_table_explains_and_never_forbids() {
    let explain = |from: &str, to: &str| transition(Some(&status(from)), &status(to));
    assert_eq!(explain("RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD"), Transition::Likely, "in the table");
    assert_eq!(explain("CARD_ISSUED", "PRINT_READY_RECORD"), Transition::Unverified, "a reprint");
    assert_eq!(explain("CARD_ISSUED", "UNREGISTERED"), Transition::Unlisted, "not in the table");
    assert_eq!(explain("SFE", "sent_for_enrollment"), Transition::None, "the same status in other spelling");
    let mut mirror = Mirror::default();
    mirror.append(entry("CARD_ISSUED", 1));
    mirror.append(entry("ENTAH_APA", 2));
    assert_eq!(
        ways(&mirror),
        [("CARD_ISSUED", Transition::None), ("ENTAH_APA", Transition::Unlisted)],
        "flagged"
    );
    assert_eq!(mirror.current().unwrap().status.raw(), "ENTAH_APA", "unknown text is shown raw");
}

/// Source: ktp-el §4.2. A station that asks now and then hears of some steps only.
#[rstest]
#[case("UNREGISTERED", "PRINT_READY_RECORD", Transition::Skipped)]
#[case("RECEIVED_AT_CENTRAL", "UNREGISTERED", Transition::Skipped)]
#[case("PRINT_READY_RECORD", "CARD_ISSUED", Transition::Skipped)]
#[case("CARD_ISSUED", "CARD_PRINTED", Transition::Skipped)]
#[case("PRINT_READY_RECORD", "CARD_PRINTED", Transition::Unverified)]
#[case("ADJUDICATE_RECORD", "UNREGISTERED", Transition::Likely)]
#[case("CARD_ISSUED", "UNREGISTERED", Transition::Unlisted)]
#[case("PRINT_READY_RECORD", "DUPLICATE_RECORD", Transition::Unlisted)]
#[case("CARD_SHIPPED", "RECEIVED_AT_CENTRAL", Transition::Unlisted)]
#[case("UNREGISTERED", "ENTAH_APA", Transition::Unlisted)]
#[case("ENTAH_APA", "PRINT_READY_RECORD", Transition::Unlisted)]
fn a_step_that_was_not_heard_is_told_apart_from_a_way_that_is_none(
    #[case] from: &str,
    #[case] to: &str,
    #[case] known: Transition,
) {
    assert_eq!(transition(Some(&status(from)), &status(to)), known, "{from} → {to}");
}

#[test]
fn from_before_the_card_everything_may_follow_and_no_card_leads_back_to_a_record_in_doubt() {
    use KnownStatus as S;
    let of_card =
        [S::PrintReadyRecord, S::SentForCardPrinting, S::CardPrinted, S::CardShipped, S::CardIssued];
    for from in S::ALL {
        for to in S::ALL.into_iter().filter(|to| *to != from) {
            let known = transition(Some(&status(from.name())), &status(to.name()));
            let back = of_card.contains(&from) && !of_card.contains(&to);
            assert_eq!(known == Transition::Unlisted, back, "{from:?} → {to:?}");
        }
    }
}

#[test]
fn a_late_arriving_older_entry_is_kept_but_not_current() {
    let mut mirror = Mirror::default();
    mirror.append(entry("PRINT_READY_RECORD", 200));
    mirror.append(entry("SENT_FOR_ENROLLMENT", 100));
    assert!(mirror.current().unwrap().status.is_print_ready(), "what was true last counts");
    assert_eq!(mirror.entries().len(), 2, "nothing is dropped");
    assert_eq!(mirror.age_s(Timestamp::from_second(260).unwrap(), None), Some(60), "age of what counts");
    let told = [("SENT_FOR_ENROLLMENT", Transition::None), ("PRINT_READY_RECORD", Transition::Skipped)];
    assert_eq!(ways(&mirror), told, "it stands where it was true, and is no odd change of what came later");
    let mut other = entry("DUPLICATE_RECORD", 150);
    other.of_another = true;
    mirror.append(other);
    assert_eq!(ways(&mirror), told, "words of another recording lie on no way of this one");
}

#[test]
fn a_paper_says_what_was_true_last_of_what_was_known_when_it_was_made() {
    let mut mirror = Mirror::default();
    let at = |second| Timestamp::from_second(second).unwrap();
    // The answer at the desk, then the feed's own, older word of it.
    mirror.append(entry("PRINT_READY_RECORD", 500));
    mirror.append(MirrorEntry { seen_at: at(510), ..entry("PRINT_READY_RECORD", 300) });
    mirror.append(MirrorEntry { seen_at: at(900), ..entry("CARD_PRINTED", 800) });
    let known = |second| mirror.current_at(at(second)).map(|entry| entry.as_of);
    assert_eq!(known(499), None, "nothing was known");
    assert_eq!(
        (known(500), known(520)),
        (Some(at(500)), Some(at(500))),
        "not the older word that came later"
    );
    assert_eq!(known(900), Some(at(800)), "nor what became true before it was known");
    assert_eq!(mirror.current(), mirror.current_at(at(900)));
}

#[test]
fn a_word_of_a_later_time_than_the_clock_is_noticed_once_two_clocks_may_not_differ_so_much() {
    let mut mirror = Mirror::default();
    let at = |second| Timestamp::from_second(second).unwrap();
    assert!(!mirror.is_ahead_of(at(0)), "nothing is known");
    mirror.append(entry("PRINT_READY_RECORD", 10_000));
    mirror.append(entry("RECEIVED_AT_CENTRAL", 5_000));
    assert!(!mirror.is_ahead_of(at(9_400)) && mirror.is_ahead_of(at(9_399)), "ten minutes");
    assert_eq!(mirror.age_s(at(9_399), None), Some(0), "an age is never negative");
}

#[test]
fn a_word_is_as_old_as_it_was_last_known_to_stand() {
    let mut mirror = Mirror::default();
    let at = |second| Timestamp::from_second(second).unwrap();
    assert_eq!(mirror.age_s(at(900), Some(at(800))), None, "nothing is known");
    mirror.append(entry("PRINT_READY_RECORD", 100));
    assert_eq!(mirror.age_s(at(900), None), Some(800), "as the centre said it");
    assert_eq!(mirror.age_s(at(900), Some(at(700))), Some(200), "and took nothing back until then");
    assert_eq!(mirror.age_s(at(900), Some(at(50))), Some(800), "before it was said nothing is known of it");
    assert_eq!(mirror.age_s(at(900), Some(at(901))), Some(800), "of another clock");
}

#[test]
fn a_word_of_another_recording_stays_and_nothing_goes_by_it_until_it_is_of_this_one() {
    let mut mirror = Mirror::default();
    assert!(!mirror.is_of_another(), "nothing is known");
    let (own, other) = (entry("RECEIVED_AT_CENTRAL", 100), entry("PRINT_READY_RECORD", 200));
    mirror.append(own.clone());
    mirror.append(other.clone());
    mirror.attribute(&other, true);
    let now = Timestamp::from_second(260).unwrap();
    assert_eq!(mirror.current(), Some(&own), "what is of this one counts");
    assert_eq!(mirror.about_record(), Some(&own));
    assert_eq!(mirror.age_s(now, None), Some(160), "with its age");
    assert_eq!(mirror.entries().len(), 2, "nothing is taken back");
    mirror.attribute(&own, true);
    assert!(mirror.is_of_another() && mirror.current().is_none(), "of this one nothing is known");
    let said_again = MirrorEntry { of_another: false, ..other };
    mirror.attribute(&said_again, false);
    assert!(mirror.current().unwrap().status.is_print_ready(), "it was of this one after all");
    let old =
        r#"{"status":"PRR","source":"x","as_of":"2026-11-01T00:00:00Z","seen_at":"2026-11-01T00:00:00Z"}"#;
    let old: MirrorEntry = serde_json::from_str(old).unwrap();
    assert!(!old.of_another, "an older program knew of one recording only");
}

#[test]
fn a_record_stuck_after_an_earlier_recording_is_recognised() {
    let mut mirror = Mirror::default();
    mirror.append(entry("SENT_FOR_ENROLLMENT", 0));
    mirror.append(entry("SFE", 1_000));
    let now = Timestamp::from_second(2_000).unwrap();
    assert!(mirror.is_stuck_as_recorded_before(now, true, 1_500), "counted from when it was first SFE");
    assert!(!mirror.is_stuck_as_recorded_before(now, false, 1_500), "never recorded before: only waiting");
}

proptest! {
    #[test]
    fn any_status_text_survives_storage(text in "\\PC{0,60}") {
        let json = serde_json::to_string(&status(&text)).unwrap();
        let back: CentralStatus = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(back.raw(), text);
    }
}
