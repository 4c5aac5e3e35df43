//! Frame quality per 720p frame against a JPEG decode of the same frame in the same run. Release builds only.
//!
//! Prints one JSON line: name, value and reference in milliseconds, their ratio, the unit.
#![expect(clippy::print_stdout, reason = "the line is the result")]

use std::time::Instant;

use biometrics::codec::{self, Limits};
use biometrics::portrait::{Backdrop, Expect, FrameWatch};
use synth::{Person, PortraitLook};

/// A whole number of search rounds.
const PAIRS: usize = 60;

fn main() {
    if cfg!(debug_assertions) {
        println!(r#"{{"name":"frame_quality_720p","error":"release build needed"}}"#);
        return;
    }
    let frame = Person::new(5).portrait(&PortraitLook::default());
    let Ok(jpeg) = codec::encode_jpeg(&frame, 85) else { return };
    let expect = Expect::backdrop(Backdrop::Red);
    let limits = Limits::default();
    let mut watch = FrameWatch::new();
    let (mut quality, mut decode) = (Vec::new(), Vec::new());
    for round in 0..PAIRS + 3 {
        let start = Instant::now();
        std::hint::black_box(watch.measure(&frame, &expect));
        let mine = start.elapsed();
        let start = Instant::now();
        let _ = std::hint::black_box(codec::decode_rgb(&jpeg, &limits));
        let reference = start.elapsed();
        if round >= 3 {
            quality.push(mine.as_secs_f64() * 1e3);
            decode.push(reference.as_secs_f64() * 1e3);
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    // The mean, not the median: only every third frame is searched for a face, and the search is what costs.
    let (value, reference) = (mean(&quality), mean(&decode));
    let ratio = value / reference;
    quality.sort_by(f64::total_cmp);
    let (cheap, searched) = (quality[PAIRS / 3], quality[PAIRS * 5 / 6]);
    println!(
        r#"{{"name":"frame_quality_720p","value":{value:.3},"unit":"ms","reference":{reference:.3},"reference_name":"zune_jpeg_decode_720p","ratio":{ratio:.3},"aim":10.0,"without_search":{cheap:.3},"with_search":{searched:.3}}}"#
    );
}
