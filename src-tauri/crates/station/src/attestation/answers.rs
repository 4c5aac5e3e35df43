//! The devices' signed answers: as many as go into one part with the pictures.

use std::collections::{BTreeMap, BTreeSet};

use domain::Eye;
use domain::capture::Target;
use domain::finger::Slap;
use packet::{MAX_PART_BYTES, digest_hex};

use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// Most bytes of the answers in one packet. An answer holds its picture in base64 twice over, and attempts have no bound. Ours:
/// the file with the pictures has the rest of the part.
const ROOM: usize = 34 << 20;
const _: () = assert!((ROOM as u64) < MAX_PART_BYTES);

/// The answers by attempt.
pub(super) struct Answers {
    /// As they came.
    pub sent: serde_json::Map<String, serde_json::Value>,
    /// SHA-256 of those that stay here, in hex.
    pub left_out: BTreeMap<String, String>,
}

/// Which of `all`, the oldest first, go in: those that count whatever they weigh, of the others the newest as long as there is
/// `room`, bytes.
fn fitting(all: &[(bool, usize)], room: usize) -> Vec<bool> {
    let counted: usize = all.iter().filter(|(counts, _)| *counts).map(|(_, bytes)| bytes).sum();
    let mut left = room.saturating_sub(counted);
    let mut goes: Vec<bool> = all
        .iter()
        .rev()
        .map(|(counts, bytes)| {
            let fits = *bytes <= left;
            if !counts && fits {
                left -= bytes;
            }
            *counts || fits
        })
        .collect();
    goes.reverse();
    goes
}

impl Station {
    pub(super) fn answers(&self, desk: &Desk, visit: &Visit) -> Result<Answers> {
        let (capture, limits) = (&visit.state.capture, self.rules().thresholds);
        let targets = Slap::ALL.into_iter().map(Target::Slap).chain(Eye::ALL.into_iter().map(Target::Eye));
        let best = targets.chain([Target::Portrait]).filter_map(|target| capture.best(target, &limits));
        // What an answer of an officer rests on goes with it.
        let named = capture.warnings.iter().flat_map(|warning| {
            let searched = warning.search.iter().flat_map(|search| search.captures.iter().copied());
            warning.attempts.iter().copied().chain(searched)
        });
        let counting: BTreeSet<String> =
            best.map(|attempt| attempt.id).chain(named).map(|id| id.to_string()).collect();
        let mut samples = desk.store.read(|view| view.samples(visit.id()))?;
        samples.sort_by_key(|sample| (sample.taken_ms, sample.id));
        let mut all = Vec::new();
        for sample in samples {
            let bytes = desk.store.read(|view| view.sample_evidence(sample.id))?;
            // A device that signs nothing leaves none.
            if !bytes.is_empty() {
                all.push((sample.attempt, bytes));
            }
        }
        let weights: Vec<(bool, usize)> =
            all.iter().map(|(attempt, bytes)| (counting.contains(attempt), bytes.len())).collect();
        let mut answers = Answers { sent: serde_json::Map::new(), left_out: BTreeMap::new() };
        for ((attempt, bytes), goes) in all.into_iter().zip(fitting(&weights, ROOM)) {
            if goes {
                // What cannot be read is not left out in silence.
                let value = serde_json::from_slice(&bytes)
                    .map_err(|source| Error::Stored { what: "evidence", source })?;
                answers.sent.insert(attempt, value);
            } else {
                answers.left_out.insert(attempt, digest_hex(&bytes));
            }
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_goes_whatever_it_weighs_and_of_the_rest_the_newest_as_long_as_there_is_room() {
        let of = |all: &[(bool, usize)], room| fitting(all, room);
        assert_eq!(of(&[], 10), [false; 0]);
        assert_eq!(of(&[(false, 4), (true, 4), (false, 2)], 10), [true; 3], "all of it fits");
        assert_eq!(
            of(&[(false, 4), (true, 4), (false, 4)], 10),
            [false, true, true],
            "the oldest stays here"
        );
        assert_eq!(of(&[(true, 8), (false, 1), (true, 8)], 10), [true, false, true], "what counts fills it");
        assert_eq!(of(&[(false, 2), (false, 9), (false, 3)], 6), [true, false, true], "one is too large");
    }

    #[test]
    fn forty_slaps_of_raw_pictures_leave_room_for_the_pictures_themselves() {
        let slap = 4 * 350_000 * 18 / 10;
        let all: Vec<_> = (0..40).map(|n| (n % 20 == 0, slap)).collect();
        let sent: usize =
            all.iter().zip(fitting(&all, ROOM)).filter(|(_, goes)| *goes).map(|((_, b), _)| b).sum();
        assert!(sent <= ROOM && sent > ROOM - 2 * slap, "{sent}");
    }
}
