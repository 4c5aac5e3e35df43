//! Whoever was to come again for a part that could not be taken for a time: called from that day on until seen to.

use std::sync::Arc;

use domain::permohonan::Refusal;
use jiff::{Span, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::{
    BodyPart, DueReturn, EyeName, FingerName, Period, Permanence, PhotoState, QueueTab, RegisterFilter,
};

use crate::bench::Bench;
use crate::traces::looks;

fn returns(bench: &Bench) -> Vec<DueReturn> {
    bench.station.queue(QueueTab::All).unwrap().returns
}

/// One exception until `day`, or for good, with all that makes it whole.
fn excepted(bench: &Bench, part: BodyPart, day: Option<&str>) {
    let (station, id) = (&bench.station, bench.id.as_str());
    let lasts = if day.is_some() { Permanence::Temporary } else { Permanence::Permanent };
    let put = station.put_exception(id, part, "bandaged", lasts, day, "").unwrap();
    let one = put.exceptions.iter().find(|one| one.part == part).unwrap();
    if one.photo == PhotoState::Needed {
        station.exception_photo(id, &one.id).unwrap();
    }
    let standing = bench.seen().exceptions;
    let one = standing.iter().find(|one| one.part == part).unwrap();
    station.witness_exception(id, &one.id, "hendra", training::PASSWORD).unwrap();
}

#[test]
fn somebody_with_a_bandage_is_called_from_the_day_on_that_was_agreed_until_somebody_has_seen_to_it() {
    let mut bench = Bench::new();
    bench.approved();
    let today = jiff::tz::Offset::constant(7).to_datetime(Timestamp::now()).date();
    let day = today.checked_add(Span::new().days(14)).unwrap();
    let later = today.checked_add(Span::new().days(30)).unwrap();
    let finger = BodyPart::Finger(FingerName::RightRing);
    excepted(&bench, finger, Some(&day.to_string()));
    let eye = BodyPart::Eye(EyeName::Left);
    excepted(&bench, eye, Some(&later.to_string()));
    excepted(&bench, BodyPart::Finger(FingerName::LeftRing), None);
    let id = bench.id.clone();
    assert!(returns(&bench).is_empty(), "not before the day");
    let early = bench.station.settle_return(&id, "sudah datang");
    assert!(matches!(early, Err(Error::NotFound { .. })), "nothing to settle: {early:?}");

    let at = |days: i64| {
        let wall = day.checked_add(Span::new().days(days)).unwrap().at(0, 30, 0, 0);
        Arc::new(HeldClock::at(jiff::tz::Offset::constant(7).to_timestamp(wall).unwrap()))
    };
    bench.restart_by(at(-1));
    assert!(returns(&bench).is_empty(), "not a day before");
    for days in [0, 5] {
        bench.restart_by(at(days));
        let looked = looks(&bench);
        let due = returns(&bench);
        assert_eq!(looks(&bench), looked, "whoever sees the list has looked into nobody's data");
        bench.station.sign_in("dewi", training::PASSWORD).unwrap();
        assert_eq!(due.len(), 1, "from the day on, {days} days after");
        assert_eq!((due[0].id.as_str(), due[0].since.as_str()), (id.as_str(), day.to_string().as_str()));
        assert_eq!(due[0].parts, [finger], "what is only for a time, and whose day has come");
        assert!(!due[0].sealed && !due[0].masked_nik.contains(&bench.nik), "who, without the NIK in clear");
    }
    let bare = bench.station.settle_return(&id, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "not without a word: {bare:?}");
    bench.station.settle_return(&id, "sudah direkam lagi").unwrap();
    assert!(returns(&bench).is_empty(), "seen to");
    let twice = bench.station.settle_return(&id, "lagi");
    assert!(matches!(twice, Err(Error::NotFound { .. })), "once: {twice:?}");
    let today =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let lines = bench.station.register(&today).unwrap().rows;
    let said: Vec<_> = lines.iter().filter(|row| row.event == "return_settled").collect();
    assert_eq!(said.len(), 1, "one line of the register");
    assert_eq!(said[0].permohonan_id.as_deref(), Some(id.as_str()), "about this visit");
    bench.restart_by(at(40));
    let second = returns(&bench);
    assert_eq!(second.len(), 1, "the eye's day is another one");
    assert_eq!((second[0].since.as_str(), &second[0].parts[..]), (later.to_string().as_str(), &[eye][..]));
    bench.station.settle_return(&id, "mata sudah direkam").unwrap();
    assert!(returns(&bench).is_empty(), "seen to as well");
    bench.restart_by(at(60));
    assert!(returns(&bench).is_empty(), "for good");
}
