//! The limits of step 4 are settings: raised between step 4 and the seal, they open it again.

use domain::permohonan::Refusal;
use station::Error;
use station::view::Step;

use crate::bench::Bench;
use crate::sealed::{attested, matched};

fn reopened<T>(result: station::Result<T>) {
    let refused = match result {
        Err(Error::Refused(Refusal::CaptureReopened { missing })) => !missing.is_empty(),
        Err(_) | Ok(_) => false,
    };
    assert!(refused, "step 4 does not stand by the limits of now");
}

#[test]
fn a_limit_raised_after_step_4_is_told_and_nothing_is_sealed_until_step_4_stands_again() {
    let mut bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(&bench);
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    assert!(bench.station.attestation(&bench.id).unwrap().can_seal);
    let limit = bench.training.config.capture.finger_score;
    bench.training.config.capture.finger_score = 100;
    bench.restart();
    let shown = bench.station.attestation(&bench.id).unwrap();
    assert_eq!((shown.can_seal, shown.why.unwrap().key.as_str()), (false, "capture_reopened"));
    reopened(bench.station.seal(&bench.id));
    reopened(bench.station.render_form(&bench.id));
    let packets = bench.dir.path().join("packets");
    assert!(!packets.exists() || packets.read_dir().unwrap().next().is_none(), "nothing was written");
    bench.station.go_back(&bench.id, Step::Capture).unwrap();
    let seen = bench.seen();
    assert!(!seen.can_finish && seen.why.is_some(), "and step 4 says what is missing");
    bench.training.config.capture.finger_score = limit;
    bench.restart();
    bench.station.finish_capture(&bench.id).expect("by the limits that it was recorded by");
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    assert!(bench.station.seal(&bench.id).unwrap().packet.is_some());
}
