//! Whoever was sent home at step 7 and what the centre says afterwards.

use domain::central_status::{KnownStatus, Mirror};
use domain::steps::status::{StatusEvent, answer};

use crate::desk::Desk;
use crate::visit::{status, to_print_request};

/// Everything the station knows, as the text of what ends the wait.
fn ends(desk: &Desk, mirror: &Mirror) -> Option<String> {
    answer(&desk.state, mirror, desk.whole).map(|entry| entry.status.raw().to_owned())
}

/// The centre says it a minute later; the visit itself does not hear of it.
fn says(desk: &mut Desk, mirror: &mut Mirror, text: &str) {
    desk.second += 60;
    mirror.append(desk.status(text));
    desk.second += 60;
}

/// At step 7, and all that is known so far.
fn waits(known: &str) -> (Desk, Mirror) {
    let mut desk = to_print_request();
    desk.request().unwrap();
    let mut mirror = Mirror::default();
    says(&mut desk, &mut mirror, known);
    let entry = mirror.entries()[0].clone();
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(
        &mut desk,
        StatusEvent::SuketChosen { reason: "masih diproses".into(), no_blangko: false, elsewhere: false },
    )
    .unwrap();
    (desk, mirror)
}

#[test]
fn print_ready_and_every_answer_that_somebody_here_must_act_on_end_the_wait() {
    let with_centre = [
        KnownStatus::BioCaptured,
        KnownStatus::Processing,
        KnownStatus::SentForEnrollment,
        KnownStatus::ReceivedAtCentral,
        KnownStatus::AdjudicateRecord,
    ];
    for known in KnownStatus::ALL {
        let (mut desk, mut mirror) = waits("SENT_FOR_ENROLLMENT");
        assert_eq!(ends(&desk, &mirror), None, "nothing new");
        says(&mut desk, &mut mirror, known.name());
        let wanted = (!with_centre.contains(&known)).then(|| known.name().to_owned());
        assert_eq!(ends(&desk, &mirror), wanted, "{known:?}");
    }
    let (mut desk, mut mirror) = waits("SENT_FOR_ENROLLMENT");
    says(&mut desk, &mut mirror, "DITOLAK");
    assert_eq!(ends(&desk, &mirror).as_deref(), Some("DITOLAK"), "somebody looks at what is not known");
}

#[test]
fn the_applicant_is_told_once_of_each_answer_and_called_for_print_ready_until_the_slip_is_given() {
    let (mut desk, mut mirror) = waits("DUPLICATE_RECORD");
    assert_eq!(ends(&desk, &mirror), None, "this is what the letter says");
    says(&mut desk, &mut mirror, "DUP");
    assert_eq!(ends(&desk, &mirror), None, "the same in other spelling");
    says(&mut desk, &mut mirror, "REQUEST_VALIDATION");
    assert!(ends(&desk, &mirror).is_some(), "another answer");
    let entry = mirror.current().unwrap().clone();
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    assert!(ends(&desk, &mirror).is_some(), "somebody looked, and nobody was told");
    status(
        &mut desk,
        StatusEvent::ReturnedToApplicant {
            reason: "perlu validasi".into(),
            code: String::new(),
            no_blangko: false,
            elsewhere: false,
        },
    )
    .unwrap();
    assert_eq!(ends(&desk, &mirror), None, "told");

    says(&mut desk, &mut mirror, "PRR");
    desk.second += 400 * 86_400;
    assert_eq!(ends(&desk, &mirror).as_deref(), Some("PRR"), "however long nobody came");
    let mut late = desk.status("DUPLICATE_RECORD");
    late.as_of = domain::Timestamp::from_second(1_000_000_000).unwrap();
    mirror.append(late);
    assert_eq!(ends(&desk, &mirror).as_deref(), Some("PRR"), "an older word that came late changes nothing");
    let entry = desk.status("PRINT_READY_RECORD");
    mirror.append(entry.clone());
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
    assert_eq!(ends(&desk, &mirror), None, "nobody waits any more");
}

#[test]
fn who_left_over_a_word_that_was_too_old_is_called_once_it_is_known_to_stand() {
    let (mut desk, mut mirror) = waits("SENT_FOR_ENROLLMENT");
    says(&mut desk, &mut mirror, "PRINT_READY_RECORD");
    let entry = mirror.current().unwrap().clone();
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    desk.second += 8 * 86_400;
    let home = |no_blangko| StatusEvent::ReturnedToApplicant {
        reason: "status lama".into(),
        code: "outdated".into(),
        no_blangko,
        elsewhere: false,
    };
    status(&mut desk, home(false)).unwrap();
    assert_eq!(ends(&desk, &mirror), None, "they left over this very word");
    desk.whole = domain::Timestamp::from_second(desk.second - 3_600).ok();
    assert_eq!(ends(&desk, &mirror), None, "so much was known when they left");
    desk.second += 3_600;
    desk.whole = Some(desk.now());
    assert_eq!(ends(&desk, &mirror).as_deref(), Some("PRINT_READY_RECORD"), "it stands after they left");
    status(&mut desk, home(true)).unwrap();
    desk.second += 3_600;
    desk.whole = Some(desk.now());
    assert_eq!(ends(&desk, &mirror), None, "who waits for a blangko waits for no word");
}
