//! Grown ridges of one finger, kept per process.

use std::collections::HashMap;
use std::f32::consts::PI;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use domain::Finger;

use super::field::Field;
use crate::chance::Chance;
use crate::noise::Smooth;
use crate::{Person, finger};

/// The map is grown at 250 ppi: ridges of 4.5 px are still well sampled and a quarter of the work.
pub(super) const SCALE: f32 = 2.0;
pub(super) const COLS: usize = finger::WIDTH as usize / 2;
pub(super) const ROWS: usize = finger::HEIGHT as usize / 2;

const SECTORS: usize = 32;
const PERIODS: [f32; 5] = [4.05, 4.275, 4.5, 4.725, 4.95];
const REACH: usize = 4;
const SPAN: usize = 2 * REACH + 1;
const ROUNDS: usize = 26;
/// About 200 kB each; a whole desk of people stays far below 100 MB.
const KEPT: usize = 160;

/// Ridge map, `COLS × ROWS`, −1 valley … 1 ridge.
pub(super) type Master = Vec<f32>;

type Cache = Mutex<HashMap<(u64, u8), Arc<Master>>>;

static CACHE: LazyLock<Cache> = LazyLock::new(Default::default);

/// The ridges of a finger: from the cache, or grown now.
pub(super) fn master(person: Person, finger: Finger) -> Arc<Master> {
    let key = (person.seed, finger.code());
    if let Some(found) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Arc::clone(found);
    }
    let grown = Arc::new(grow(person, finger));
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= KEPT {
        cache.clear();
    }
    cache.insert(key, Arc::clone(&grown));
    grown
}

/// Ridge growth: noise, filtered again and again along the flow until it is ridges.
fn grow(person: Person, finger: Finger) -> Master {
    let field = Field::new(person, finger);
    let mut chance = Chance::new(person.seed, 300 + u64::from(finger.code()));
    let widths = Smooth::new(&mut chance, COLS as f32, ROWS as f32, 40.0);
    let bank = bank();
    let (stride, lines) = (COLS + 2 * REACH, ROWS + 2 * REACH);
    let mut choice = vec![0u16; COLS * ROWS];
    for y in 0..ROWS {
        for x in 0..COLS {
            let sector = field.sector(x as f32 * SCALE, y as f32 * SCALE, SECTORS);
            let period = 4.5 * (1.0 + 0.06 * widths.at(x as f32, y as f32));
            let nearest = ((period - PERIODS[0]) / 0.225).round().clamp(0.0, 4.0) as usize;
            choice[y * COLS + x] = (sector * PERIODS.len() + nearest) as u16;
        }
    }
    let mut now: Vec<f32> = (0..stride * lines).map(|_| chance.normal()).collect();
    let mut next = now.clone();
    for _ in 0..ROUNDS {
        let mut power = 0.0;
        for y in 0..ROWS {
            for x in 0..COLS {
                let kernel = &bank[usize::from(choice[y * COLS + x])];
                // Column by column, so that eight of them are added at a time.
                let (mut columns, mut last) = ([0.0f32; SPAN - 1], 0.0);
                for (j, weights) in kernel.chunks_exact(SPAN).enumerate() {
                    let row = &now[(y + j) * stride + x..][..SPAN];
                    for (sum, (a, b)) in columns.iter_mut().zip(row.iter().zip(weights)) {
                        *sum += a * b;
                    }
                    last += row[SPAN - 1] * weights[SPAN - 1];
                }
                let sum = columns.iter().sum::<f32>() + last;
                next[(y + REACH) * stride + x + REACH] = sum;
                power += sum * sum;
            }
        }
        let gain = 1.6 / (power / (COLS * ROWS) as f32).sqrt().max(1e-6);
        for y in 0..lines {
            for x in 0..stride {
                // The border mirrors the inside, so that ridges run off the edge instead of piling up there.
                let inside_x = x.clamp(REACH, stride - REACH - 1);
                let inside_y = y.clamp(REACH, lines - REACH - 1);
                let at = (2 * inside_y - y) * stride + 2 * inside_x - x;
                now[y * stride + x] = squash(next[at] * gain);
            }
        }
    }
    (0..COLS * ROWS).map(|i| now[(i / COLS + REACH) * stride + i % COLS + REACH]).collect()
}

/// Near enough to tanh and several times cheaper.
fn squash(v: f32) -> f32 {
    let v = v.clamp(-3.0, 3.0);
    v * (27.0 + v * v) / (27.0 + 9.0 * v * v)
}

/// Gabor-like kernels for every direction and period, mean 0.
fn bank() -> Vec<Vec<f32>> {
    let mut bank = Vec::with_capacity(SECTORS * PERIODS.len());
    for sector in 0..SECTORS {
        let angle = sector as f32 / SECTORS as f32 * PI - PI / 2.0;
        let (sin, cos) = angle.sin_cos();
        for period in PERIODS {
            let mut kernel = Vec::with_capacity(SPAN * SPAN);
            for j in 0..SPAN {
                for i in 0..SPAN {
                    let (x, y) = (i as f32 - REACH as f32, j as f32 - REACH as f32);
                    let (along, across) = (x * cos + y * sin, y * cos - x * sin);
                    let envelope = (-(along * along) / 9.7 - (across * across) / 6.5).exp();
                    kernel.push(envelope * (2.0 * PI * across / period).cos());
                }
            }
            let mean = kernel.iter().sum::<f32>() / kernel.len() as f32;
            kernel.iter_mut().for_each(|k| *k -= mean);
            bank.push(kernel);
        }
    }
    bank
}
