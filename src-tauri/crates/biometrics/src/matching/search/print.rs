//! One print made ready for search: the best minutiae and their edges to neighbours, as flat arrays.

use super::angle::direction;
use crate::matching::Template;

/// Minutiae that take part, the most reliable ones.
pub(super) const MOST: usize = 88;
/// Edges each minutia starts, to its nearest neighbours.
const NEIGHBOURS: usize = 7;
/// Shortest edge in pixels: closer minutiae tell no direction.
const SHORTEST: i32 = 12;
/// Longest edge in pixels (500 ppi); it must fit a byte.
const LONGEST: i32 = 160;

/// A print ready for search; about 4 kB.
///
/// Positions in pixels at 500 ppi with y upwards, angles in 1/256 turn. The order of its arrays follows from the
/// minutiae alone, not from the order in which they were listed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SearchPrint {
    pub(super) x: Vec<i16>,
    pub(super) y: Vec<i16>,
    pub(super) angle: Vec<u8>,
    /// Length of each edge in pixels.
    pub(super) length: Vec<u8>,
    /// Direction of the edge seen from its first minutia, relative to that minutia's own.
    pub(super) alpha: Vec<u8>,
    /// Direction of the edge seen from its second minutia, relative to that minutia's own.
    pub(super) beta: Vec<u8>,
    pub(super) from: Vec<u8>,
    pub(super) to: Vec<u8>,
    /// Decides which of two prints is looked at first, so that the score does not depend on their order.
    pub(super) digest: u64,
}

impl SearchPrint {
    /// Takes the most reliable minutiae of a template and draws the edges between neighbours.
    pub fn new(template: &Template) -> Self {
        let mut chosen: Vec<(u8, i16, i16, u8)> = template
            .points()
            .map(|(x, y, degrees, quality)| {
                (quality, x as i16, y as i16, ((u32::from(degrees) * 256 + 180) / 360) as u8)
            })
            .collect();
        chosen.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
        chosen.truncate(MOST);
        let mut print = Self {
            x: chosen.iter().map(|m| m.1).collect(),
            y: chosen.iter().map(|m| m.2).collect(),
            angle: chosen.iter().map(|m| m.3).collect(),
            ..Self::default()
        };
        print.draw_edges();
        print.digest = print.digest();
        print
    }

    /// Number of minutiae.
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// True when there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    fn draw_edges(&mut self) {
        let count = self.len();
        let mut drawn = vec![false; count * count];
        let mut near: Vec<(i32, usize)> = Vec::with_capacity(count);
        for i in 0..count {
            near.clear();
            near.extend((0..count).filter(|j| *j != i).filter_map(|j| {
                let (dx, dy) = self.step(i, j);
                let square = dx * dx + dy * dy;
                (SHORTEST * SHORTEST..=LONGEST * LONGEST).contains(&square).then_some((square, j))
            }));
            near.sort_unstable();
            for &(square, j) in near.iter().take(NEIGHBOURS) {
                if drawn[j * count + i] {
                    continue;
                }
                drawn[i * count + j] = true;
                let (dx, dy) = self.step(i, j);
                let away = direction(dx, dy);
                self.length.push(square.isqrt() as u8);
                self.alpha.push(away.wrapping_sub(self.angle[i]));
                self.beta.push(away.wrapping_add(128).wrapping_sub(self.angle[j]));
                self.from.push(i as u8);
                self.to.push(j as u8);
            }
        }
    }

    fn step(&self, i: usize, j: usize) -> (i32, i32) {
        (i32::from(self.x[j]) - i32::from(self.x[i]), i32::from(self.y[j]) - i32::from(self.y[i]))
    }

    /// FNV-1a over the minutiae, seen from the first of them, so that a shifted print keeps it.
    fn digest(&self) -> u64 {
        (0..self.len()).fold(0xcbf2_9ce4_8422_2325, |sum, i| {
            let (dx, dy) = self.step(0, i);
            let word = u64::from(dx as u16) << 24 | u64::from(dy as u16) << 8 | u64::from(self.angle[i]);
            (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }
}

impl std::fmt::Debug for SearchPrint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchPrint({} minutiae, {} edges)", self.len(), self.length.len())
    }
}
