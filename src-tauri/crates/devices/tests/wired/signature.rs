//! The signature: pad contract (simulator always, `REKAM_HW=1` with `REKAM_HW_TOPAZ=<port>` on hardware),
//! refusal of nothing, what is a dot, picture and series.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use devices::driver::signature::series::Series;
use devices::driver::signature::strokes::{NotASignature, PenSource, Strokes};
use devices::driver::signature::topaz::TopazPad;
use devices::driver::signature::{PenRecording, PenSample};
use devices::protocol::topaz::{Model, Packet};
use devices::{Budget, CancelToken, Device, DeviceError, DeviceState, FactKey, Fault, SignaturePad};
use sim::topaz::{Gesture, TopazSim, packets};
use sim::{DeskPerson, FaultPlan, Person, SimFault};

const LONG: Duration = Duration::from_secs(60);

struct Bench {
    _dir: tempfile::TempDir,
    port: PathBuf,
    plan: FaultPlan,
    sim: TopazSim,
}

fn bench(paced: bool) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let (port, plan) = (dir.path().join("ttyTopaz"), FaultPlan::new());
    let desk = DeskPerson::new(Person::new(3));
    let sim = TopazSim::plug(&port, Model::SigLite, paced, desk, plan.clone()).unwrap();
    Bench { _dir: dir, port, plan, sim }
}

impl Bench {
    fn pad(&self) -> TopazPad {
        TopazPad::on_port(self.port.to_str().unwrap(), Model::SigLite)
    }

    /// Records while the person makes `gesture`; the line is known to be open by a first pen hover.
    fn record(&self, pad: &TopazPad, gesture: Gesture) -> Result<PenRecording, DeviceError> {
        let (done, heard) = (CancelToken::new(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            let recorder = scope.spawn(|| {
                pad.record(
                    &mut |_| {
                        heard.fetch_add(1, Ordering::SeqCst);
                    },
                    &done,
                    &Budget::of(LONG),
                )
            });
            // What is drawn before the recorder listens is thrown away, so hover until it is heard.
            let silent = self.plan.now();
            self.plan.clear();
            while heard.load(Ordering::SeqCst) == 0 && !recorder.is_finished() {
                self.sim.draw(Gesture::Hover);
                std::thread::yield_now();
            }
            if let Some(fault) = silent {
                self.plan.set_times(fault, 1);
            }
            self.sim.draw(gesture);
            done.cancel();
            recorder.join().unwrap()
        })
    }

    /// Records until the time is over while the person makes `gesture`, once the pen was heard to hover; and whether it was
    /// heard to write.
    fn timed(
        &self,
        pad: &TopazPad,
        gesture: Gesture,
        fault: Option<SimFault>,
    ) -> (Result<PenRecording, DeviceError>, bool) {
        let (near, wrote) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let budget = Budget::of(Duration::from_secs(1)).with_grace(LONG);
        let recorded = std::thread::scope(|scope| {
            let recorder = scope.spawn(|| {
                pad.record(
                    &mut |sample: PenSample| {
                        near.fetch_add(1, Ordering::SeqCst);
                        wrote.fetch_add(usize::from(sample.down), Ordering::SeqCst);
                    },
                    &CancelToken::new(),
                    &budget,
                )
            });
            while near.load(Ordering::SeqCst) == 0 && !recorder.is_finished() {
                self.sim.draw(Gesture::Hover);
                std::thread::yield_now();
            }
            if let Some(fault) = fault {
                self.plan.set_times(fault, 1);
            }
            self.sim.draw(gesture);
            recorder.join().unwrap()
        });
        (recorded, wrote.into_inner() > 0)
    }
}

#[test]
fn a_signature_arrives_point_by_point_with_its_pressure() {
    let bench = bench(false);
    let recording = bench.record(&bench.pad(), Gesture::Sign).expect("the person signed");
    let strokes = Strokes::from(&recording);
    let drawn = synth::Person::new(3).signature();
    assert_eq!(strokes.lines().count(), drawn.len(), "one line for each stroke of the hand");
    let points: usize = strokes.lines().map(<[PenSample]>::len).sum();
    assert_eq!(points, drawn.iter().map(Vec::len).sum::<usize>(), "no point is lost");
    assert!(strokes.samples.iter().any(|s| s.pressure.is_some_and(|p| p > 300)), "pressure was measured");
    assert!(recording.samples.is_sorted_by_key(|s| s.t_ms), "in order of time");
    if std::env::var("REKAM_HW").as_deref() == Ok("1") {
        let port = std::env::var("REKAM_HW_TOPAZ").expect("REKAM_HW=1 needs REKAM_HW_TOPAZ=<port>");
        let report = TopazPad::on_port(&port, Model::SigLite).test(&Budget::of(LONG));
        assert!(report.is_ok(), "touch the pad with its pen: {report:?}");
    }
}

#[test]
fn the_test_of_a_pad_passes_only_when_a_pen_was_heard() {
    let bench = bench(false);
    let pad = bench.pad();
    let silent = pad.test(&Budget::of(Duration::from_millis(300))).expect_err("nobody took the pen");
    assert_eq!(silent.fault(), Fault::NothingPresented, "an open line alone proves nothing");
    std::thread::scope(|scope| {
        let test = scope.spawn(|| pad.test(&Budget::of(LONG)));
        while !test.is_finished() {
            bench.sim.draw(Gesture::Hover);
            std::thread::yield_now();
        }
        let report = test.join().unwrap().expect("the pen came near");
        let [heard] = report.findings.as_slice() else { panic!("one fact: {:?}", report.findings) };
        assert_eq!(heard.key, FactKey::PenPoints);
        assert!(heard.value.parse::<usize>().unwrap() > 0, "as many as came: {}", heard.value);
    });
}

#[test]
fn a_signature_at_the_real_line_speed_is_whole() {
    let bench = bench(true);
    let recording = bench.record(&bench.pad(), Gesture::Line).expect("the person drew a line");
    assert_eq!(Strokes::from(&recording).lines().map(<[PenSample]>::len).sum::<usize>(), 60, "every point");
}

#[test]
fn nothing_is_refused_by_the_pad_and_what_is_written_is_measured_by_what_was_asked_for() {
    let bench = bench(false);
    let pad = bench.pad();
    let error = bench.record(&pad, Gesture::Hover).expect_err("no ink");
    assert_eq!(error.fault(), Fault::NothingPresented, "a pen that never touches writes nothing");
    let dot = Err(NotASignature::Dot);
    for (gesture, signature, line) in [
        (Gesture::Dot, dot, dot),
        (Gesture::ShortLine, dot, Ok(())),
        (Gesture::Line, Ok(()), Ok(())),
        (Gesture::Sign, Ok(()), Ok(())),
    ] {
        let strokes = Strokes::from(&bench.record(&pad, gesture).expect("the pen touched"));
        assert_eq!((strokes.check(), strokes.check_line()), (signature, line), "{gesture:?}");
    }
}

#[test]
fn stray_bytes_and_bad_samples_cost_no_good_point() {
    for fault in [SimFault::Garbage, SimFault::PoorQuality] {
        let bench = bench(false);
        bench.plan.set(fault);
        let recording = bench.record(&bench.pad(), Gesture::Line).expect("the line is still there");
        let points: usize = Strokes::from(&recording).lines().map(<[PenSample]>::len).sum();
        assert_eq!(points, 60, "{fault:?} stands between the packets, not in them");
        assert_eq!(recording.dropped > 0, fault == SimFault::PoorQuality, "bad samples are counted");
    }
}

#[test]
fn a_pad_pulled_while_signing_gives_no_half_signature() {
    let bench = bench(false);
    bench.plan.set(SimFault::UnplugMidCapture);
    let error = bench.record(&bench.pad(), Gesture::Sign).expect_err("pulled in the middle");
    assert_eq!(error.fault(), Fault::Unplugged, "the operator is told about the cable");
}

#[test]
fn what_is_being_written_when_the_time_is_over_comes_back_whole_once_the_pen_is_up() {
    let bench = bench(false);
    let (pad, patience) = (bench.pad(), Budget::of(LONG));
    // The hand rests in the middle of the line until the time is over.
    let recorded = loop {
        let (recorded, wrote) = bench.timed(&pad, Gesture::Line, Some(SimFault::Slow(1500)));
        // On a machine that stood still the time may be over before the pen wrote: then once more.
        if wrote {
            break recorded;
        }
        patience.check().expect("the pen writes in time");
    };
    let recording = recorded.expect("nobody said that it is finished, and nothing is lost");
    let points: usize = Strokes::from(&recording).lines().map(<[PenSample]>::len).sum();
    assert_eq!(points, 60, "the whole line");
    assert_eq!(pad.state(), DeviceState::Ready, "the pad is well");
}

#[test]
fn a_pen_that_hovers_until_the_time_is_over_has_written_nothing_and_the_pad_is_well() {
    let bench = bench(false);
    let pad = bench.pad();
    let (recorded, wrote) = bench.timed(&pad, Gesture::Hover, None);
    assert_eq!(recorded.expect_err("no ink").fault(), Fault::NothingPresented);
    assert!(!wrote, "it never touched");
    assert_eq!(pad.state(), DeviceState::Ready, "nobody need look at the pad");
    assert!(bench.record(&pad, Gesture::Line).is_ok(), "and whoever comes next writes on it");
}

#[test]
fn the_operators_word_is_heard_while_the_pen_stays_in_range() {
    // A pen that hovers and has not written, and one that goes on writing.
    for gesture in [Gesture::Hover, Gesture::Dot] {
        let bench = bench(true);
        let (pad, done, heard) = (bench.pad(), CancelToken::new(), AtomicUsize::new(0));
        let budget = Budget::of(LONG);
        let recorded = std::thread::scope(|scope| {
            let recorder = scope.spawn(|| {
                let mut sink = |sample: PenSample| {
                    heard.fetch_add(usize::from(sample.down || gesture == Gesture::Hover), Ordering::SeqCst);
                };
                pad.record(&mut sink, &done, &budget)
            });
            while !recorder.is_finished() {
                bench.sim.draw(gesture);
                if heard.load(Ordering::SeqCst) > 0 {
                    done.cancel();
                }
            }
            recorder.join().unwrap()
        });
        assert!(!budget.left().is_zero(), "{gesture:?}: not only when the time was over");
        if gesture == Gesture::Hover {
            assert_eq!(recorded.expect_err("no ink").fault(), Fault::NothingPresented);
        } else {
            assert!(recorded.is_ok(), "what was written is kept: {recorded:?}");
        }
        assert_eq!(pad.state(), DeviceState::Ready, "{gesture:?}: the pad is well");
    }
}

#[test]
fn a_pad_whose_port_another_program_holds_is_busy() {
    let dir = tempfile::tempdir().unwrap();
    let (port, plan) = (dir.path().join("ttyTopaz"), FaultPlan::new());
    plan.set(SimFault::Busy);
    let desk = DeskPerson::new(Person::new(3));
    let held = TopazSim::plug(&port, Model::SigLite, false, desk, plan.clone()).unwrap();
    let pad = TopazPad::on_port(port.to_str().unwrap(), Model::SigLite);
    held.draw(Gesture::Sign);
    let fault = pad.record(&mut |_| {}, &CancelToken::new(), &Budget::of(LONG)).expect_err("held").fault();
    assert_eq!(fault, Fault::Busy, "and not absent");
    assert_eq!(pad.test(&Budget::of(LONG)).expect_err("held").fault(), Fault::Busy, "its test says so, too");
}

#[test]
fn a_cancelled_recording_is_thrown_away() {
    let bench = bench(false);
    let cancel = CancelToken::new();
    cancel.cancel();
    let result = bench.pad().record(&mut |_| {}, &CancelToken::new(), &Budget::new(LONG, &cancel));
    assert_eq!(result.expect_err("called off").fault(), Fault::Cancelled, "and says so");
}

fn mouse(points: &[(i32, i32, bool)]) -> Strokes {
    let sample = |(i, &(x, y, down)): (usize, &(i32, i32, bool))| PenSample {
        t_ms: i as u32 * 8,
        x,
        y,
        pressure: None,
        down,
    };
    Strokes { source: PenSource::Mouse, dpi: 96, samples: points.iter().enumerate().map(sample).collect() }
}

#[test]
fn pointer_input_is_judged_by_the_same_rule() {
    assert_eq!(mouse(&[]).check(), Err(NotASignature::Empty), "nothing");
    assert_eq!(mouse(&[(9, 9, false), (99, 99, false)]).check(), Err(NotASignature::Empty), "hover only");
    assert_eq!(mouse(&[(9, 9, true), (12, 11, true)]).check(), Err(NotASignature::Dot), "a click");
    assert_eq!(mouse(&[(9, 9, true), (80, 12, true)]).check(), Ok(()), "a line");
    assert_eq!(
        mouse(&[(i32::MIN, 0, true), (i32::MAX, 0, true)]).check(),
        Ok(()),
        "extremes do not overflow"
    );
}

#[test]
fn the_picture_shows_ink_where_the_pen_was_and_white_elsewhere() {
    let strokes =
        mouse(&[(0, 0, true), (96, 0, true), (96, 0, false), (0, 48, false), (0, 48, true), (96, 48, true)]);
    let image = strokes.draw(300).expect("there is ink");
    let at = |x_mm: f32, y_mm: f32| {
        let px = |mm: f32| ((mm + 3.0) * 300.0 / 25.4) as u32;
        image.pixels[(px(y_mm) * image.width + px(x_mm)) as usize]
    };
    assert!(at(12.0, 0.0) < 64 && at(12.0, 12.7) < 64, "both lines are dark");
    assert_eq!(at(12.0, 6.0), 255, "the lifted pen leaves no ink between them");
    assert!(mouse(&[]).draw(300).is_none(), "no ink, no picture");
    let wide = mouse(&[(i32::MIN, 0, true), (i32::MAX, 9, true)]).draw(300).expect("drawn, smaller");
    assert!(wide.width <= 4100, "stray coordinates do not ask for gigabytes");
}

#[test]
fn the_series_comes_back_from_its_bytes() {
    let all: Vec<PenSample> = packets(synth::Person::new(5), Gesture::Sign, Model::SigLite)
        .iter()
        .filter_map(|p| match *p {
            Packet::Position { down, x, y, .. } => {
                Some(PenSample { t_ms: 10, x: x.into(), y: y.into(), pressure: Some(77), down })
            }
            _ => None,
        })
        .enumerate()
        .map(|(i, s)| PenSample { t_ms: i as u32 * 5, ..s })
        .collect();
    let strokes = Strokes { source: PenSource::Topaz, dpi: 410, samples: all };
    let json = Series::from(&strokes).to_json().unwrap();
    assert_eq!(Series::from_json(&json).unwrap().strokes(), strokes, "nothing is lost on disk");
    let cut = String::from_utf8(json).unwrap().replacen("\"t\":[0,", "\"t\":[", 1);
    assert!(Series::from_json(cut.as_bytes()).is_err(), "channels of different length are refused");
    let plain = Series::from(&mouse(&[(0, 0, true), (50, 0, true)]));
    assert_eq!(plain.f, None, "a mouse has no pressure channel");
}

#[test]
fn a_pad_that_is_away_is_absent_and_one_that_hesitates_or_is_not_touched_is_told_apart() {
    let bench = bench(false);
    let away = TopazPad::on_port("/dev/ttyTopaz-none", Model::SigLite);
    let fault =
        away.record(&mut |_| {}, &CancelToken::new(), &Budget::of(LONG)).expect_err("no port").fault();
    assert_eq!(fault, Fault::Absent);
    bench.plan.set(SimFault::Slow(700));
    let recording = bench.record(&bench.pad(), Gesture::Line).expect("it comes after all");
    let points: usize = Strokes::from(&recording).lines().map(<[PenSample]>::len).sum();
    assert_eq!(points, 60, "a line that pauses in the middle loses no point");
    // The line of the recording before is given back a moment later, and each try uses the fault up.
    let patience = Budget::of(LONG);
    let fault = loop {
        bench.plan.set(SimFault::NoFinger);
        match bench.record(&bench.pad(), Gesture::Sign).expect_err("nobody signs").fault() {
            Fault::Busy => patience.pause(Duration::from_millis(20)).expect("the line is free again"),
            fault => break fault,
        }
    };
    assert_eq!(fault, Fault::NothingPresented);
}
