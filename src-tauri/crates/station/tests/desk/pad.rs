//! The wired signature pad: where the pen stands, who ends the writing, and what is kept of the pad.

use std::time::Duration;

use devices::driver::signature::FINISHED_AFTER;
use devices::driver::signature::strokes::Strokes;
use devices::{Fault, Role};
use domain::ids::PermohonanId;
use sim::topaz::Gesture;
use station::view::{
    Capture, DeviceState, SignatureProgress, SignaturePurpose, SignatureSource, StrokePoint,
};
use station::{Error, News};

use crate::bench::{Bench, LONG, fault_of};
use crate::card_data::meanwhile;
use crate::exceptions::confirmed_without_signature;

/// Somebody writes on the pad while the station listens; `meanwhile` runs as soon as it does.
fn on_the_pad<T: Send>(
    bench: &Bench,
    purpose: SignaturePurpose,
    meanwhile: impl Fn(&dyn Fn() -> bool) -> T,
) -> (station::Result<Capture>, T) {
    std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_signature(&id, purpose));
        bench.until(Role::SignaturePad, "busy", |state| state == DeviceState::Busy);
        let done = meanwhile(&|| signing.is_finished());
        (signing.join().expect("no panic"), done)
    })
}

/// What becomes of one movement of the pen.
fn written(bench: &Bench, purpose: SignaturePurpose, gesture: Gesture) -> station::Result<Capture> {
    let (kept, ()) = on_the_pad(bench, purpose, |finished| {
        let began = std::time::Instant::now();
        // What was drawn before the pad listens belongs to nobody: then it is drawn once more.
        while !finished() {
            assert!(began.elapsed() < LONG, "the writing ends");
            bench.training.desk.lines().expect("serial lines").draw(gesture);
            let drawn = std::time::Instant::now();
            while !finished() && drawn.elapsed() < Duration::from_secs(4) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    });
    kept
}

#[test]
fn the_pen_is_shown_where_it_is_on_this_pad_and_the_pad_is_kept_with_what_was_written() {
    // This pad was measured: twice as wide as one of its model is shipped.
    let mut bench = Bench::with(|_, config| config.devices.signature_width_mm = 224.0);
    bench.approved();
    bench.until_present(Role::SignaturePad);
    let news = bench.station.news();
    let kept = written(&bench, SignaturePurpose::Specimen, Gesture::Line);
    assert_eq!(kept.expect("a line is a mark").signature.state, SignatureProgress::Done);
    let points: Vec<StrokePoint> = std::iter::from_fn(|| news.try_recv().ok())
        .filter_map(|one| match one {
            News::PadStroke(points) => Some(points),
            _ => None,
        })
        .flatten()
        .collect();
    let least = points.iter().map(|point| point.x).fold(f32::MAX, f32::min);
    let most = points.iter().map(|point| point.x).fold(f32::MIN, f32::max);
    // The line runs from 0.2 to 0.79 of the model's 112 mm, 16.5 mm below its edge.
    assert!((least - 0.1).abs() < 0.01 && (most - 0.395).abs() < 0.01, "from {least} to {most}");
    assert!(
        points.iter().all(|point| (point.y - 16.5 / 224.0).abs() < 0.01),
        "both ways by the same measure"
    );

    let id = PermohonanId::parse(&bench.id).unwrap();
    let rows = meanwhile(&mut bench, |store, _| store.read(|look| look.signatures(id)).unwrap());
    let beside: serde_json::Value = serde_json::from_str(&rows[0].device_json).unwrap();
    let said = |key: &str| beside["pad"][key].as_str().unwrap_or_default().to_owned();
    assert!(said("device").starts_with("signature_pad:"), "which pad: {beside}");
    assert!(said("driver").starts_with("topaz "), "by which driver: {beside}");
    assert!(beside["pad"]["taken_at"].is_object() && beside["dropped"] == 0, "when, and how clean: {beside}");
}

#[test]
fn the_operator_says_that_the_writing_is_over_and_the_pad_is_not_waited_for() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 60);
    bench.approved();
    bench.until_present(Role::SignaturePad);
    bench.station.finish_pad().expect("nothing happens while nobody writes");
    let (nothing, ()) =
        on_the_pad(&bench, SignaturePurpose::Specimen, |_| bench.station.finish_pad().unwrap());
    assert_eq!(
        fault_of(nothing),
        Fault::NothingPresented,
        "the station does not wait for its time to run out"
    );
    assert_eq!(bench.seen().signature.state, SignatureProgress::Pending, "and an empty pad is no signature");
}

/// The applicant holds the pen over the pad until the station has seen it, for as long as `holds`, and signs then. What
/// the station says, and whether it had seen the pen write.
fn signs_after(bench: &Bench, holds: Duration) -> (station::Result<Capture>, bool) {
    let news = bench.station.news();
    let lines = bench.training.desk.lines().expect("serial lines");
    let seen = |down: bool| {
        news.try_iter().any(|one| match one {
            News::PadStroke(points) => points.iter().any(|point| point.down || !down),
            _ => false,
        })
    };
    let told = std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_signature(&id, SignaturePurpose::Specimen));
        while !seen(false) && !signing.is_finished() {
            lines.draw(Gesture::Hover);
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(holds);
        lines.draw(Gesture::Sign);
        signing.join().expect("no panic")
    });
    (told, seen(true))
}

/// How many strokes are kept, and how many the applicant makes.
fn strokes_kept(bench: &mut Bench) -> (usize, usize) {
    let id = PermohonanId::parse(&bench.id).unwrap();
    let rows = meanwhile(bench, |store, _| store.read(|look| look.signatures(id)).unwrap());
    let kept: Strokes = serde_json::from_str(&rows[0].strokes_json).unwrap();
    let person = synth::Person::new(bench.training.desk.person().get().seed);
    (kept.lines().count(), person.signature().len())
}

#[test]
fn an_applicant_who_holds_the_pen_over_the_pad_before_writing_is_waited_for() {
    let mut bench = Bench::with(|_, config| config.capture.timeout_seconds = 60);
    bench.approved();
    bench.until_present(Role::SignaturePad);
    let (kept, _) = signs_after(&bench, FINISHED_AFTER + Duration::from_millis(500));
    assert_eq!(kept.expect("a pen that hovers has not finished").signature.state, SignatureProgress::Done);
    let (kept, made) = strokes_kept(&mut bench);
    assert_eq!(kept, made, "every stroke");
}

#[test]
fn a_signature_that_is_written_while_the_time_runs_out_is_kept_whole() {
    // Two seconds after the last stroke the writing is over: by then this time is, too.
    let mut bench = Bench::with(|_, config| config.capture.timeout_seconds = FINISHED_AFTER.as_secs());
    bench.approved();
    let began = std::time::Instant::now();
    loop {
        bench.until_present(Role::SignaturePad);
        let (kept, wrote) = signs_after(&bench, Duration::ZERO);
        // On a machine that stood still the time may be over before the pen wrote: then once more.
        if wrote {
            assert_eq!(kept.expect("nothing of it is lost").signature.state, SignatureProgress::Done);
            break;
        }
        assert_eq!(fault_of(kept), Fault::NothingPresented, "a pen that only hovered, and the pad is well");
        assert!(began.elapsed() < LONG, "the pen never writes in time");
    }
    let (kept, made) = strokes_kept(&mut bench);
    assert_eq!(kept, made, "every stroke");
}

#[test]
fn what_the_pad_showed_is_wiped_from_the_windows_where_nothing_came_of_it() {
    let bench = Bench::new();
    bench.approved();
    bench.until_present(Role::SignaturePad);
    let news = bench.station.news();
    written(&bench, SignaturePurpose::Specimen, Gesture::Dot).expect_err("a dot");
    let told: Vec<bool> = news
        .try_iter()
        .filter_map(|one| match one {
            News::PadStroke(points) => Some(points.is_empty()),
            _ => None,
        })
        .collect();
    assert!(told.len() > 1 && told.ends_with(&[true]), "the dot, and then that it is gone: {told:?}");
    assert_eq!(told.iter().filter(|wiped| **wiped).count(), 1, "not before");
}

#[test]
fn a_dot_on_the_pad_and_a_line_too_short_to_be_a_signature_are_told_as_a_dot() {
    let bench = Bench::new();
    bench.approved();
    bench.until_present(Role::SignaturePad);
    for gesture in [Gesture::Dot, Gesture::ShortLine] {
        let refused = written(&bench, SignaturePurpose::Specimen, gesture);
        assert!(
            matches!(refused, Err(Error::NotNow { key: "signature_dot", .. })),
            "the words of the window, and none about the pad: {gesture:?}: {refused:?}"
        );
        assert_eq!(bench.seen().signature.state, SignatureProgress::Pending, "{gesture:?} is not kept");
    }
}

#[test]
fn a_short_line_on_the_pad_is_the_mark_of_somebody_who_cannot_sign() {
    let bench = confirmed_without_signature("line");
    let (station, id) = (&bench.station, bench.id.as_str());
    station.mark_read_aloud(id).unwrap();
    bench.until_present(Role::SignaturePad);
    let dot = written(&bench, SignaturePurpose::Attestation, Gesture::Dot);
    assert!(matches!(dot, Err(Error::NotNow { key: "signature_dot", .. })), "a dot is a slip: {dot:?}");
    written(&bench, SignaturePurpose::Attestation, Gesture::ShortLine).expect("2 mm, as in the window");
    let kept = station.attestation(id).unwrap().signature;
    assert_eq!((kept.state, kept.source), (SignatureProgress::Done, Some(SignatureSource::Topaz)));
}
