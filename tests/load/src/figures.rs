//! Times in order, and a table for people.

use std::time::Duration;

/// Times of one kind of request.
#[derive(Clone, Debug, Default)]
pub struct Spread(Vec<u64>);

impl Spread {
    /// Adds one time.
    pub fn add(&mut self, time: Duration) {
        self.0.push(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// Adds all times of another one.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds below which this share of the times lies; `share` in 0..=1. Nothing measured: 0.
    pub fn ms(&self, share: f64) -> f64 {
        let mut times = self.0.clone();
        times.sort_unstable();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (share.clamp(0.0, 1.0) * times.len().saturating_sub(1) as f64).round() as usize;
        #[allow(clippy::cast_precision_loss)] // microseconds of a test's length
        let ms = times.get(at).copied().unwrap_or(0) as f64 / 1000.0;
        (ms * 100.0).round() / 100.0
    }
}

/// Columns of equal width, for people.
#[derive(Clone, Debug, Default)]
pub struct Table(Vec<Vec<String>>);

impl Table {
    /// Begins with the names of the columns.
    pub fn new(names: &[&str]) -> Self {
        Self(vec![names.iter().map(|name| (*name).to_owned()).collect()])
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.0.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |n: usize| self.0.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max();
        for row in &self.0 {
            for n in 0..columns {
                let cell = row.get(n).map_or("", String::as_str);
                write!(f, "{cell:>width$}  ", width = width(n).unwrap_or(0))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
