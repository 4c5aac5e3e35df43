use domain::Step;
use domain::sop::{PauseReason, SopClock};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

#[test]
fn the_standards_add_up_to_48_minutes() {
    assert_eq!(Step::ALL.iter().map(|step| step.standard_minutes()).sum::<u32>(), 48, "SOP 2018");
    for step in Step::ALL {
        assert_eq!(Step::from_number(step.number()), Some(step), "numbers 1–9");
    }
}

#[test]
fn device_trouble_and_pauses_are_counted_apart() {
    let mut clock = SopClock::default();
    clock.start(Step::Form, at(0));
    clock.pause(PauseReason::DeviceTrouble, at(60));
    clock.pause(PauseReason::Applicant, at(100));
    clock.resume(at(400));
    clock.start(Step::Requirements, at(450));
    let form = clock.of(Step::Form, at(9999));
    assert_eq!((form.used_s, form.trouble_s, form.paused_s), (110, 40, 300), "work, trouble, pause");
    assert!(!clock.is_late(Step::Form, at(9999)), "pauses do not make a step late");
    assert!(!clock.is_late(Step::Requirements, at(450 + 300)), "exactly the standard is in time");
    assert!(clock.is_late(Step::Requirements, at(450 + 301)), "one second more is late");
}

#[test]
fn time_in_which_nobody_was_at_the_desk_is_no_work() {
    let mut clock = SopClock::default();
    clock.start(Step::Form, at(0));
    clock.away(at(60), at(60_000));
    let form = clock.of(Step::Form, at(60_030));
    assert_eq!((form.used_s, form.paused_s), (90, 59_940), "work before and after, a night between");
    assert_eq!(clock.paused(), None, "and it runs");
    let once = clock.clone();
    clock.away(at(60), at(60_000));
    assert_eq!(clock, once, "what was counted is not counted again");
    clock.pause(PauseReason::DeviceTrouble, at(60_100));
    clock.away(at(60_200), at(70_000));
    assert_eq!(clock.paused(), Some(PauseReason::DeviceTrouble), "a clock that stands keeps its reason");
    assert_eq!(clock.of(Step::Form, at(70_050)).trouble_s, 150, "but no device fails while nobody is there");
    clock.pause(PauseReason::Applicant, at(70_050));
    let stood = clock.clone();
    clock.away(at(70_060), at(70_070));
    assert_eq!(clock, stood, "nor is the applicant's own pause anything else");
    clock.away(at(9), at(8));
    assert_eq!(clock.of(Step::Form, at(70_000)).used_s, 160, "nor backwards");
}

#[test]
fn a_clock_set_back_never_gives_negative_time() {
    let mut clock = SopClock::default();
    clock.start(Step::Form, at(100));
    clock.stop(at(50));
    assert_eq!(clock.total_s(at(60)), 0, "no time, not negative time");
}

#[test]
fn a_stored_clock_goes_on_where_it_was() {
    let mut clock = SopClock::default();
    clock.start(Step::Capture, at(0));
    let stored: SopClock = serde_json::from_str(&serde_json::to_string(&clock).unwrap()).unwrap();
    assert_eq!(stored.of(Step::Capture, at(10)).used_s, 10, "the running step is part of the data");
}
