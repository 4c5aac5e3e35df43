//! The wired signature pad: where the pen stands, who ends the writing, and what is kept of the pad.

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
            while !finished() && drawn.elapsed() < std::time::Duration::from_secs(4) {
                std::thread::sleep(std::time::Duration::from_millis(20));
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
