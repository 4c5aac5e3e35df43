//! The comparison itself: pairs of minutiae with the same surroundings, the placement most of them agree on, and how
//! many minutiae fit under that placement beyond what chance would give.

use super::angle::{TURN, apart, cos, direction, log2, sin};
use super::print::{MOST, SearchPrint};
use super::probe::Probe;

/// Pairs looked at for a common placement.
const SEEDS: usize = 32;
/// Two minutiae fit when they lie this close, in pixels.
const NEAR: i32 = 13;
/// … and their angles differ by at most this many units (about 25°).
const ALIKE: i32 = 18;
/// Pairs agree on a placement when one foretells the other's position to this many pixels and a share of the distance.
const FORETOLD: i32 = 9;
/// … and their turns differ by at most this many units.
const TURNED: i32 = 16;
/// Support below which two prints have no placement in common worth a closer look.
const WORTH: u32 = 22;
/// Bits from which a placement is worth settling once more on what fits.
const REFINED: u32 = 40;
/// Placements looked at closely.
const PLACEMENTS: usize = 1;

/// Pixels under a minutia's reach.
const REACH_AREA: i64 = 531;

/// Working memory of comparisons; make one per thread and reuse it: comparing then allocates nothing.
pub struct Scratch {
    support: Vec<u8>,
    reached: Vec<u16>,
    seeds: Vec<Seed>,
    moved: Vec<Moved>,
    columns: [i32; MOST],
    matched: Vec<(u8, u8)>,
}

/// A pair of minutiae, one of each print, and how many edges speak for it.
#[derive(Clone, Copy)]
struct Seed {
    weight: u8,
    a: u8,
    b: u8,
    turn: u8,
    spent: bool,
}

/// A minutia of the first print where it comes to lie on the second.
#[derive(Clone, Copy)]
struct Moved {
    x: i32,
    y: i32,
    angle: u8,
}

/// Takes the first print to the second: a turn, then a shift.
#[derive(Clone, Copy)]
struct Placement {
    turn: i32,
    dx: i32,
    dy: i32,
}

fn turned(turn: i32, x: i32, y: i32) -> (i32, i32) {
    let (sin, cos) = (sin(turn), cos(turn));
    ((x * cos - y * sin + 8192) >> 14, (x * sin + y * cos + 8192) >> 14)
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            support: vec![0; MOST * MOST],
            reached: Vec::with_capacity(MOST * MOST),
            seeds: Vec::with_capacity(MOST * MOST),
            moved: Vec::with_capacity(MOST),
            columns: [0; MOST],
            matched: Vec::with_capacity(MOST),
        }
    }
}

/// Likeness of two prints: bits of surprise at how many minutiae fit. Symmetric.
///
/// 0 for nothing in common. Help for a person, never a verdict.
pub fn likeness(probe: &Probe, other: &SearchPrint, scratch: &mut Scratch) -> u32 {
    scratch.support.fill(0);
    scratch.reached.clear();
    probe.support(other, &mut scratch.support, &mut scratch.reached);
    // From here on the two prints stand in an order of their own, whichever was the probe.
    let swap = other.digest < probe.print.digest;
    let (first, second) = if swap { (other, &probe.print) } else { (&probe.print, other) };
    scratch.choose(first, second, swap);
    let mut best = 0;
    for _ in 0..PLACEMENTS {
        let Some(root) = scratch.root(first, second) else { break };
        let rough = scratch.place(first, second, root);
        let bits = scratch.fit(first, second, rough);
        best = best.max(bits);
        if bits < REFINED {
            continue;
        }
        let Some(finer) = placement(first, second, scratch.matched.iter().map(|p| (p.0, p.1, 1))) else {
            continue;
        };
        best = best.max(scratch.fit(first, second, finer));
    }
    best
}

impl Scratch {
    /// The pairs with most support, in an order that does not depend on who was the probe.
    fn choose(&mut self, first: &SearchPrint, second: &SearchPrint, swap: bool) {
        self.seeds.clear();
        for &at in &self.reached {
            let (here, there) = (usize::from(at) / MOST, usize::from(at) % MOST);
            let (a, b) = if swap { (there, here) } else { (here, there) };
            let turn = second.angle[b].wrapping_sub(first.angle[a]);
            let weight = self.support[usize::from(at)];
            self.seeds.push(Seed { weight, a: a as u8, b: b as u8, turn, spent: false });
        }
        let order = |s: &Seed| (std::cmp::Reverse(s.weight), s.a, s.b);
        if self.seeds.len() > SEEDS {
            self.seeds.select_nth_unstable_by_key(SEEDS, order);
            self.seeds.truncate(SEEDS);
        }
        self.seeds.sort_unstable_by_key(order);
    }

    /// The pair that most others agree with, if enough do.
    fn root(&self, first: &SearchPrint, second: &SearchPrint) -> Option<Seed> {
        let mut best: Option<(u32, Seed)> = None;
        for seed in self.seeds.iter().filter(|s| !s.spent) {
            let worth: u32 = self
                .seeds
                .iter()
                .filter(|s| !s.spent && agree(first, second, *seed, **s))
                .map(|s| u32::from(s.weight))
                .sum();
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, *seed));
            }
        }
        best.filter(|(worth, _)| *worth >= WORTH).map(|(_, seed)| seed)
    }

    /// The placement on which the root and all that agree with it settle; they are spent.
    fn place(&mut self, first: &SearchPrint, second: &SearchPrint, root: Seed) -> Placement {
        self.matched.clear();
        for seed in &mut self.seeds {
            if !seed.spent && (agree(first, second, root, *seed) || (seed.a, seed.b) == (root.a, root.b)) {
                seed.spent = true;
                self.matched.push((seed.a, seed.b));
            }
        }
        let found = placement(first, second, self.matched.iter().map(|p| (p.0, p.1, 1)));
        found.unwrap_or(Placement { turn: 0, dx: 0, dy: 0 })
    }

    /// Bits of surprise of a placement; `matched` then holds the minutiae that fit.
    fn fit(&mut self, first: &SearchPrint, second: &SearchPrint, placement: Placement) -> u32 {
        self.moved.clear();
        let mut frame = Frame::EMPTY;
        for i in 0..first.len() {
            let (x, y) = turned(placement.turn, i32::from(first.x[i]), i32::from(first.y[i]));
            let angle = (i32::from(first.angle[i]) + placement.turn).rem_euclid(TURN) as u8;
            self.moved.push(Moved { x: x + placement.dx, y: y + placement.dy, angle });
            frame.take(x + placement.dx, y + placement.dy);
        }
        let mut ground = Frame::EMPTY;
        for (x, y) in second.x.iter().zip(&second.y) {
            ground.take(i32::from(*x), i32::from(*y));
        }
        let common = frame.common(ground);
        self.columns = [i32::MAX; MOST];
        self.matched.clear();
        for (a, moved) in self.moved.iter().enumerate() {
            if !common.holds(moved.x, moved.y) {
                continue;
            }
            let mut row = i32::MAX;
            for b in 0..second.len() {
                let (dx, dy) = (moved.x - i32::from(second.x[b]), moved.y - i32::from(second.y[b]));
                let square = dx * dx + dy * dy;
                if square > NEAR * NEAR {
                    continue;
                }
                let off = apart(moved.angle, second.angle[b]);
                if off <= ALIKE {
                    let cost = square + off * off / 4;
                    row = row.min(cost << 7 | b as i32);
                    self.columns[b] = self.columns[b].min(cost << 7 | a as i32);
                }
            }
            if row != i32::MAX {
                self.matched.push((a as u8, (row & 127) as u8));
            }
        }
        let columns = &self.columns;
        self.matched.retain(|(a, b)| columns[usize::from(*b)] & 127 == i32::from(*a));
        let inside = self.moved.iter().filter(|m| common.holds(m.x, m.y)).count();
        let there = second.x.iter().zip(&second.y);
        let outside = there.filter(|(x, y)| common.holds(i32::from(**x), i32::from(**y))).count();
        surprise(self.matched.len(), inside, outside, common.area())
    }
}

/// Does one pair foretell where the other lies?
fn agree(first: &SearchPrint, second: &SearchPrint, s: Seed, t: Seed) -> bool {
    if s.a == t.a || s.b == t.b {
        return false;
    }
    let difference = i32::from(t.turn.wrapping_sub(s.turn) as i8);
    if difference.abs() > TURNED {
        return false;
    }
    let step = |p: &SearchPrint, i: u8, j: u8| {
        let (i, j) = (usize::from(i), usize::from(j));
        (i32::from(p.x[j]) - i32::from(p.x[i]), i32::from(p.y[j]) - i32::from(p.y[i]))
    };
    let ((ax, ay), (bx, by)) = (step(first, s.a, t.a), step(second, s.b, t.b));
    let (x, y) = turned(i32::from(s.turn) + difference / 2, ax, ay);
    let slack = FORETOLD + (bx.abs() + by.abs()) / 8;
    (x - bx).pow(2) + (y - by).pow(2) <= slack * slack
}

/// Turn and shift that bring pairs of minutiae together best (least squares); `None` for fewer than two pairs.
fn placement(
    first: &SearchPrint,
    second: &SearchPrint,
    pairs: impl Iterator<Item = (u8, u8, i64)> + Clone,
) -> Option<Placement> {
    let at = |p: &SearchPrint, i: u8| (i64::from(p.x[usize::from(i)]), i64::from(p.y[usize::from(i)]));
    let (mut n, mut sum) = (0, [0i64; 4]);
    for (a, b, weight) in pairs.clone() {
        let ((ax, ay), (bx, by)) = (at(first, a), at(second, b));
        n += weight;
        for (total, value) in sum.iter_mut().zip([ax, ay, bx, by]) {
            *total += value * weight;
        }
    }
    if pairs.clone().count() < 2 {
        return None;
    }
    let middle = sum.map(|total| total / n);
    let (mut along, mut across) = (0i64, 0i64);
    for (a, b, weight) in pairs {
        let ((ax, ay), (bx, by)) = (at(first, a), at(second, b));
        let (ax, ay, bx, by) = (ax - middle[0], ay - middle[1], bx - middle[2], by - middle[3]);
        along += weight * (ax * bx + ay * by);
        across += weight * (ax * by - ay * bx);
    }
    // Only the ratio matters; keep both within 32 bits.
    let shift = (64 - (along.unsigned_abs() | across.unsigned_abs()).leading_zeros()).saturating_sub(30);
    let turn = i32::from(direction((along >> shift) as i32, (across >> shift) as i32));
    let (x, y) = turned(turn, middle[0] as i32, middle[1] as i32);
    Some(Placement { turn, dx: middle[2] as i32 - x, dy: middle[3] as i32 - y })
}

/// The part of the plane in which minutiae were found.
#[derive(Clone, Copy)]
struct Frame {
    left: i32,
    right: i32,
    low: i32,
    high: i32,
}

impl Frame {
    const EMPTY: Self = Self { left: i32::MAX, right: i32::MIN, low: i32::MAX, high: i32::MIN };

    fn take(&mut self, x: i32, y: i32) {
        self.left = self.left.min(x);
        self.right = self.right.max(x);
        self.low = self.low.min(y);
        self.high = self.high.max(y);
    }

    /// What both have in common, with the reach of a minutia around.
    fn common(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left).saturating_sub(NEAR),
            right: self.right.min(other.right).saturating_add(NEAR),
            low: self.low.max(other.low).saturating_sub(NEAR),
            high: self.high.min(other.high).saturating_add(NEAR),
        }
    }

    fn holds(self, x: i32, y: i32) -> bool {
        (self.left..=self.right).contains(&x) && (self.low..=self.high).contains(&y)
    }

    fn area(self) -> i64 {
        i64::from(self.right.saturating_sub(self.left)).max(1)
            * i64::from(self.high.saturating_sub(self.low)).max(1)
    }
}

/// How surprising `fitting` pairs are among `inside` and `outside` minutiae of an area, in bits.
///
/// The binomial likelihood ratio of the share that fits against the share expected by chance.
fn surprise(fitting: usize, inside: usize, outside: usize, area: i64) -> u32 {
    let (k, n) = (fitting as i64, inside.min(outside) as i64);
    let by_chance = inside as i64 * outside as i64 * REACH_AREA * i64::from(2 * ALIKE + 1) / area.max(1);
    // In 1/256 of a minutia, as `by_chance` is: the angle's 256 units cancel the fraction.
    let by_chance = by_chance.clamp(1, (n * 256 - 1).max(1));
    if k * 256 <= by_chance {
        return 0;
    }
    let log = |value: i64| log2(u32::try_from(value).unwrap_or(u32::MAX));
    let rest = n - k;
    let mut bits = k * (log(k * 256) - log(by_chance));
    if rest > 0 {
        bits += rest * (log(rest * 256) - log(n * 256 - by_chance));
    }
    (bits.max(0) >> 16) as u32
}
