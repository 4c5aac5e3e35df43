//! The print that is looked for: its edges in a table by shape, so that another print's edges find theirs at once.

use super::angle::apart;
use super::print::{MOST, SearchPrint};

/// Pixels of length in one row of the table.
const LENGTH_BIN: i32 = 12;
/// Rows by length: 160 px and the tolerance.
const LENGTHS: usize = 15;
/// Angle units in one column of the table.
const ANGLE_BIN: i32 = 16;
const ANGLES: usize = 16;
const CELLS: usize = LENGTHS * ANGLES * ANGLES;
/// Angles of two impressions of an edge differ by at most this many units (about 20°).
const ANGLE_SLACK: i32 = 14;

/// How far the lengths of one edge may differ in two impressions, in pixels.
const fn length_slack(length: i32) -> i32 {
    4 + length / 16
}

/// An edge in the table: its shape and its two minutiae, in either sense.
#[derive(Clone, Copy, Default)]
pub(super) struct Entry {
    length: u8,
    alpha: u8,
    beta: u8,
    pub(super) from: u8,
    pub(super) to: u8,
}

/// A print prepared to be compared with many; about 100 kB, made once per search.
pub struct Probe {
    pub(super) print: SearchPrint,
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Probe {
    /// Fills the table.
    pub fn new(print: SearchPrint) -> Self {
        let mut counts = vec![0u32; CELLS + 1];
        each_entry(&print, |cell, _| counts[cell + 1] += 1);
        for cell in 0..CELLS {
            counts[cell + 1] += counts[cell];
        }
        let starts = counts.clone();
        let mut entries = vec![Entry::default(); starts[CELLS] as usize];
        each_entry(&print, |cell, entry| {
            entries[counts[cell] as usize] = entry;
            counts[cell] += 1;
        });
        Self { print, starts, entries }
    }

    /// Adds to `support`, for every pair (minutia here, minutia there), the edges that agree; `reached` takes the
    /// pairs whose support came to two.
    pub(super) fn support(&self, other: &SearchPrint, support: &mut [u8], reached: &mut Vec<u16>) {
        let edges =
            other.length.iter().zip(&other.alpha).zip(&other.beta).zip(other.from.iter().zip(&other.to));
        for (((&length, &alpha), &beta), (&from, &to)) in edges {
            let cell = cell(i32::from(length) / LENGTH_BIN, i32::from(alpha), i32::from(beta));
            let (start, end) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
            for entry in &self.entries[start..end] {
                let difference = (i32::from(entry.length) - i32::from(length)).abs();
                let slack = length_slack(i32::from(entry.length.max(length)));
                if difference <= slack
                    && apart(entry.alpha, alpha) <= ANGLE_SLACK
                    && apart(entry.beta, beta) <= ANGLE_SLACK
                {
                    for (here, there) in [(entry.from, from), (entry.to, to)] {
                        let at = usize::from(here) * MOST + usize::from(there);
                        let sum = support[at].saturating_add(1);
                        support[at] = sum;
                        if sum == 2 {
                            reached.push(at as u16);
                        }
                    }
                }
            }
        }
    }
}

fn cell(row: i32, alpha: i32, beta: i32) -> usize {
    let column = |angle: i32| (angle / ANGLE_BIN) as usize;
    (row as usize * ANGLES + column(alpha)) * ANGLES + column(beta)
}

/// Every cell in which an edge of the other print may look for this one, with the edge in that sense.
fn each_entry(print: &SearchPrint, mut put: impl FnMut(usize, Entry)) {
    for edge in 0..print.length.len() {
        let there = Entry {
            length: print.length[edge],
            alpha: print.alpha[edge],
            beta: print.beta[edge],
            from: print.from[edge],
            to: print.to[edge],
        };
        let back = Entry { alpha: there.beta, beta: there.alpha, from: there.to, to: there.from, ..there };
        for entry in [there, back] {
            let length = i32::from(entry.length);
            // The longer of the two decides the slack, so reach a little further and let the exact test decide.
            let slack = length_slack(length) + 1;
            let rows = (length - slack).max(0) / LENGTH_BIN
                ..=((length + slack) / LENGTH_BIN).min(LENGTHS as i32 - 1);
            for row in rows {
                for alpha in columns(entry.alpha) {
                    for beta in columns(entry.beta) {
                        put((row as usize * ANGLES + alpha) * ANGLES + beta, entry);
                    }
                }
            }
        }
    }
}

/// The columns an angle may fall into within the tolerance; it goes round.
fn columns(angle: u8) -> impl Iterator<Item = usize> {
    let first = (i32::from(angle) - ANGLE_SLACK).div_euclid(ANGLE_BIN);
    let last = (i32::from(angle) + ANGLE_SLACK).div_euclid(ANGLE_BIN);
    (first..=last).map(|column| column.rem_euclid(ANGLES as i32) as usize)
}
