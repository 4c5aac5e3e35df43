//! How long the stock will last.

use serde::{Deserialize, Serialize};

/// Working days that the forecast looks back over: about a month. Source: our choice.
pub const LOOK_BACK_DAYS: usize = 20;

/// How long a stock lasts at the pace of the last working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysLeft {
    /// Whole working days that the stock still covers.
    pub days: u32,
    /// Working days that the pace was taken from; few of them make a rough guess.
    pub seen_days: u32,
    /// Used on these days in all.
    pub used: u32,
}

/// Returns how many working days `left` lasts, from the use of each of the last working days, newest last.
///
/// Days on which nothing was used count only when they were working days: the caller leaves Sundays and holidays out.
/// `None` when nothing was used, since no pace is known.
pub fn days_left(left: u32, used_per_day: &[u32]) -> Option<DaysLeft> {
    let seen = &used_per_day[used_per_day.len().saturating_sub(LOOK_BACK_DAYS)..];
    let used: u64 = seen.iter().copied().map(u64::from).sum();
    if used == 0 {
        return None;
    }
    let days = u64::from(left) * seen.len() as u64 / used;
    Some(DaysLeft {
        days: u32::try_from(days).unwrap_or(u32::MAX),
        seen_days: u32::try_from(seen.len()).unwrap_or(u32::MAX),
        used: u32::try_from(used).unwrap_or(u32::MAX),
    })
}

/// Says whether it is time to ask for more. Points in use: 500 (Madiun), 2 000 (Probolinggo), ktp-el §8.8.
pub fn must_reorder(left: u32, reorder_point: u32) -> bool {
    left < reorder_point
}
