//! A period of the Buku Register in parts: what is set and kept at once is bounded, however long the period is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use jiff::civil::Date;
use store::{BookFilter, BookLine};

use super::CHUNK;
use crate::session::Desk;
use crate::{News, Result, Station, held};

/// Lines of one part: some seventy sheets. Ours: the typesetter holds a part in memory whole, a printer has it done before
/// anybody loses patience, and a stop waits for no more than it.
pub(super) const LINES: usize = 2_000;

/// Work on the register that can be stopped. Each has a stop of its own: the next work takes back none of before.
#[derive(Debug)]
pub(super) struct Work(Arc<AtomicBool>);

impl Work {
    /// Somebody wants it to stop.
    pub(super) fn stops(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The work on the register that is under way; what ended is not in it any more.
#[derive(Debug, Default)]
pub(crate) struct Works(Mutex<Vec<Weak<AtomicBool>>>);

impl Works {
    pub(super) fn begin(&self) -> Work {
        let stop = Arc::new(AtomicBool::new(false));
        let mut works = held(&self.0);
        works.retain(|work| work.strong_count() > 0);
        works.push(Arc::downgrade(&stop));
        Work(stop)
    }

    /// Stops all of it.
    pub(super) fn stop(&self) {
        held(&self.0).iter().filter_map(Weak::upgrade).for_each(|work| work.store(true, Ordering::Relaxed));
    }
}

/// Lines that are set at once: whole days, or a piece of one day that alone has more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// First and last day, both included.
    pub days: (Date, Date),
    /// Which days these are of those that have lines, from 1.
    pub places: (u32, u32),
    /// First and last line; lines of other days may stand between them where a clock was set back.
    pub rows: (u64, u64),
    /// Which piece of how many of its one day; `None` for whole days.
    pub piece: Option<(u32, u32)>,
    /// How many lines.
    pub lines: usize,
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Cuts the days of a period, each with its lines in order, into parts of at most `most` lines. No day is cut that fits.
fn cut(days: &BTreeMap<Date, Vec<u64>>, most: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (at, (day, rows)) in days.iter().enumerate() {
        let place = count(at + 1);
        let pieces = rows.len().div_ceil(most);
        for (n, piece) in rows.chunks(most).enumerate() {
            let (Some(&first), Some(&last)) = (piece.first(), piece.last()) else { continue };
            match parts.last_mut() {
                Some(open) if pieces == 1 && open.piece.is_none() && open.lines + piece.len() <= most => {
                    open.days.1 = *day;
                    open.places.1 = place;
                    open.rows = (open.rows.0.min(first), open.rows.1.max(last));
                    open.lines += piece.len();
                }
                _ => parts.push(Part {
                    days: (*day, *day),
                    places: (place, place),
                    rows: (first, last),
                    piece: (pieces > 1).then(|| (count(n + 1), count(pieces))),
                    lines: piece.len(),
                }),
            }
        }
    }
    parts
}

impl Station {
    /// Work on the register begins that can be stopped: a stop of before is none of it.
    pub(super) fn register_work_begins(&self) -> Work {
        self.register_works.begin()
    }

    /// Tells which day of how many is being set. Whoever waits for it is at the desk, though no key is pressed.
    pub(super) fn tell_part(&self, part: &Part, parts: &[Part]) -> Result<()> {
        let days = parts.last().map_or(0, |last| last.places.1);
        self.news.tell(News::RegisterSet { day: part.places.0, days });
        self.touch()
    }

    /// The parts of the lines of a period that answer to `text`; `None` when somebody stopped it. Lines that come later belong
    /// to none of them.
    pub(super) fn book_parts(
        &self,
        desk: &Desk,
        work: &Work,
        (text, from, to): (&str, Date, Date),
    ) -> Result<Option<Vec<Part>>> {
        let mut days: BTreeMap<Date, Vec<u64>> = BTreeMap::new();
        self.walk_book(desk, (text, from, to), &mut |lines| {
            for line in lines {
                days.entry(self.day_of(line.row.line.entry.at)).or_default().push(line.row.line.row);
            }
            Ok(!work.stops())
        })?;
        // Walked from the newest line down.
        days.values_mut().for_each(|rows| rows.reverse());
        Ok((!work.stops()).then(|| cut(&days, LINES)))
    }

    /// The lines of a part by their days, each day in its order.
    pub(super) fn part_lines(
        &self,
        desk: &Desk,
        text: &str,
        part: &Part,
    ) -> Result<BTreeMap<Date, Vec<BookLine>>> {
        let mut asked = BookFilter {
            from_row: part.rows.0,
            before: part.rows.1.saturating_add(1),
            limit: CHUNK,
            ..self.book_filter(text, part.days.0, part.days.1)?
        };
        let mut days: BTreeMap<Date, Vec<BookLine>> = BTreeMap::new();
        loop {
            let lines = desk.store.read(|look| look.register_lines(&asked))?;
            let Some(last) = lines.last() else { break };
            asked.before = last.row.line.row;
            for line in lines {
                days.entry(self.day_of(line.row.line.entry.at)).or_default().push(line);
            }
        }
        days.values_mut().for_each(|lines| lines.reverse());
        Ok(days)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(lines: &[u64]) -> BTreeMap<Date, Vec<u64>> {
        let mut row = 0;
        let mut next = |lines: u64| {
            row += lines;
            (row - lines + 1..=row).collect::<Vec<u64>>()
        };
        (1..).zip(lines).map(|(day, lines)| (date(2026, 11, day), next(*lines))).collect()
    }

    #[test]
    fn a_period_is_cut_between_its_days_and_no_line_is_lost_or_taken_twice() {
        let parts = cut(&days(&[3, 4, 5, 3, 1]), 8);
        let seen: Vec<_> =
            parts.iter().map(|part| (part.days.0.day(), part.days.1.day(), part.lines)).collect();
        assert_eq!(seen, [(1, 2, 7), (3, 4, 8), (5, 5, 1)], "as many whole days as fit");
        assert_eq!(parts.iter().map(|part| part.rows).collect::<Vec<_>>(), [(1, 7), (8, 15), (16, 16)]);
        assert_eq!(parts.iter().map(|part| part.places).collect::<Vec<_>>(), [(1, 2), (3, 4), (5, 5)]);
        assert!(parts.iter().all(|part| part.piece.is_none()), "no day was cut");
        assert!(cut(&days(&[]), 8).is_empty());
    }

    #[test]
    fn a_day_that_alone_is_too_long_is_cut_and_shares_no_part_with_another() {
        let parts = cut(&days(&[2, 17, 2]), 8);
        let seen: Vec<_> = parts.iter().map(|part| (part.days.0.day(), part.rows, part.piece)).collect();
        assert_eq!(
            seen,
            [
                (1, (1, 2), None),
                (2, (3, 10), Some((1, 3))),
                (2, (11, 18), Some((2, 3))),
                (2, (19, 19), Some((3, 3))),
                (3, (20, 21), None)
            ]
        );
        assert_eq!(cut(&days(&[8]), 8).len(), 1, "one that just fits is whole");
    }

    #[test]
    fn a_day_that_comes_twice_by_a_clock_that_was_set_back_has_one_page() {
        let book =
            BTreeMap::from([(date(2026, 11, 1), vec![1, 2, 6]), (date(2026, 11, 2), vec![3, 4, 5, 7])]);
        let parts = cut(&book, 8);
        assert_eq!(parts.len(), 1);
        assert_eq!((parts[0].rows, parts[0].lines), ((1, 7), 7));
    }
}
