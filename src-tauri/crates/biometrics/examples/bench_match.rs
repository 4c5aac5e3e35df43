//! Search comparisons a second and misses, ours beside BOZORTH3 in the same run on the same drawn touches.
//!
//! JSON lines: name, value, unit, reference (BOZORTH3), ratio. Release builds only. Rates are per second of one core's
//! own time where the system tells it, so that a busy machine does not blur them. Drawn prints prove the code and
//! rank the two; they are never an error rate on people.
#![expect(clippy::print_stdout, reason = "the lines are the result")]

use std::time::Instant;

use biometrics::matching::search::{Probe, Scratch, SearchPrint, likeness};
use biometrics::matching::{Template, compare};
use domain::Finger;
use synth::{Impression, Person};

const FINGERS: usize = 40;
const TOUCHES: usize = 5;
/// BOZORTH3 compares every so many pairs of different fingers; ours compares all.
const EVERY: usize = 7;

fn main() {
    if cfg!(debug_assertions) {
        println!(r#"{{"name":"match_1n","error":"release build needed"}}"#);
        return;
    }
    let all: Vec<Template> = (0..FINGERS * TOUCHES).filter_map(touch).collect();
    if all.len() != FINGERS * TOUCHES {
        println!(r#"{{"name":"match_1n","error":"a drawn print could not be read"}}"#);
        return;
    }
    let prints: Vec<SearchPrint> = all.iter().map(SearchPrint::new).collect();
    let start = busy();
    let probes: Vec<Probe> = prints.iter().cloned().map(Probe::new).collect();
    let prepare = (busy() - start) / probes.len() as f64;
    let (mut ours, mut theirs) = (Scores::default(), Scores::default());
    let mut scratch = Scratch::default();
    let mut turn = 0;
    for i in 0..all.len() {
        let (others, own) = (0..i / TOUCHES * TOUCHES, i / TOUCHES * TOUCHES..i);
        ours.run(others.clone(), false, |j| likeness(&probes[i], &prints[j], &mut scratch));
        ours.run(own.clone(), true, |j| likeness(&probes[i], &prints[j], &mut scratch));
        let some = others.filter(|_| {
            turn += 1;
            turn % EVERY == 0
        });
        theirs.run(some, false, |j| compare(&all[i], &all[j]));
        theirs.run(own, true, |j| compare(&all[i], &all[j]));
    }
    line("match_1n_rate", ours.rate(false), "comparisons/s", theirs.rate(false), r#","aim":17500"#);
    line("match_1n_rate_same_finger", ours.rate(true), "comparisons/s", theirs.rate(true), "");
    for (name, share) in
        [("match_1n_miss_fmr_1e2", 1e-2), ("match_1n_miss_fmr_1e3", 1e-3), ("match_1n_miss_fmr_0", 0.0)]
    {
        let ((mine, limit), (bozorth, other)) = (ours.misses(share), theirs.misses(share));
        let more = format!(
            r#","limit":{limit},"reference_limit":{other},"genuine":{},"impostor":{},"reference_impostor":{}"#,
            ours.same.len(),
            ours.different.len(),
            theirs.different.len()
        );
        line(name, mine, "missed pairs", bozorth, &more);
    }
    println!(
        r#"{{"name":"match_1n_prepare","value":{:.1},"unit":"µs","reference":null,"ratio":null}}"#,
        prepare * 1e6
    );
}

fn touch(number: usize) -> Option<Template> {
    let finger = number / TOUCHES;
    let person = Person::new(9000 + (finger / 10) as u64);
    let image = person.finger(Finger::ALL[finger % 10], &Impression::hard(number as u64));
    Template::extract(&image, 500).ok()
}

fn line(name: &str, value: f64, unit: &str, reference: f64, more: &str) {
    // Nothing missed by either is a draw.
    let ratio = if reference == 0.0 { f64::from(u8::from(value == 0.0)) } else { value / reference };
    println!(
        r#"{{"name":"{name}","value":{value:.0},"unit":"{unit}","reference":{reference:.0},"reference_name":"bozorth3","ratio":{ratio:.3}{more}}}"#
    );
}

#[derive(Default)]
struct Scores {
    same: Vec<u32>,
    different: Vec<u32>,
    same_s: f64,
    different_s: f64,
}

impl Scores {
    fn run(&mut self, others: impl Iterator<Item = usize>, same: bool, mut score: impl FnMut(usize) -> u32) {
        let start = busy();
        let scores = others.map(&mut score);
        if same {
            self.same.extend(scores)
        } else {
            self.different.extend(scores)
        }
        let spent = busy() - start;
        if same { self.same_s += spent } else { self.different_s += spent }
    }

    fn rate(&self, same: bool) -> f64 {
        if same {
            self.same.len() as f64 / self.same_s
        } else {
            self.different.len() as f64 / self.different_s
        }
    }

    /// Pairs of one finger below the limit that lets `share` of the other pairs through; and that limit.
    fn misses(&self, share: f64) -> (f64, u32) {
        let mut sorted = self.different.clone();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let limit = sorted.get((sorted.len() as f64 * share) as usize).map_or(0, |score| score + 1);
        (self.same.iter().filter(|score| **score < limit).count() as f64, limit)
    }
}

/// Seconds this thread has worked; where the system does not tell, seconds on the clock.
fn busy() -> f64 {
    use std::sync::LazyLock;
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanos.map_or_else(|| BEGIN.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}
