//! The Buku Register on paper: each day ends with the checkpoint that it witnesses.

use documents::{BukuRegister, Checkpoint, RegisterContent, RegisterDay, RegisterLine, RegisterRow, Sheet};
use domain::paper::DocumentKind;
use domain::role::Action;
use domain::seal::Kind;
use jiff::civil::Date;
use store::{Act, BookLine, NewDocument};

use super::page_of;
use crate::applicant::long_date;
use crate::session::Desk;
use crate::view::{self, Period, RegisterFilter};
use crate::{Error, Result, Station, held, words};

/// Lines that a print of several days may have: some hundred sheets. One day is always printable, however busy it was: its page
/// is its witness, and there is no shorter period.
const PRINTED: usize = 5_000;

impl Station {
    /// Renders the page of one day, with a checkpoint of the chain.
    ///
    /// # Errors
    /// As [`Self::register_print_period`].
    pub fn register_print_day(&self, day: &str) -> Result<view::DocumentRef> {
        self.register_print_period(&RegisterFilter {
            period: Period::Range,
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
            text: String::new(),
            before: None,
        })
    }

    /// Renders the book of a period and keeps it; each of its days begins a sheet and ends with its checkpoint. A text in
    /// the filter is left aside: a page of the book is whole. The chain is verified before, as by [`Self::register_verify`]: no
    /// seal of this station vouches for a line that was changed.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (no line in the period, too many for one print of several days, a chain that
    /// is broken, or whose check was stopped), `Document`, `Store`.
    pub fn register_print_period(&self, filter: &RegisterFilter) -> Result<view::DocumentRef> {
        let desk = self.desk(Action::ReadRegister)?;
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let most = if from == to { usize::MAX } else { PRINTED };
        let lines = self.book_lines(&desk, ("", from, to), most, "register_too_long")?;
        let Some(last) = lines.last().map(|line| line.row.line.row) else {
            return Err(Error::not_now("register_nothing"));
        };
        let verified = self.verified(&desk)?.ok_or(Error::not_now("register_unchecked"))?;
        if let Some(broken_at) = verified.broken_at {
            return Err(Error::not_now_with("register_broken", &[("n", broken_at.to_string())]));
        }
        let station = held(&self.door).roster.station_code.clone();
        let mut days: Vec<(Date, Vec<&BookLine>)> = Vec::new();
        for line in &lines {
            let day = self.day_of(line.row.line.entry.at);
            match days.last_mut() {
                Some((of, its)) if *of == day => its.push(line),
                _ => days.push((day, vec![line])),
            }
        }
        let number = match from == to {
            true => format!("BR/{station}/{from}"),
            false => format!("BR/{station}/{from}/{to}"),
        };
        let sheet = BukuRegister {
            period: if from == to {
                String::new()
            } else {
                format!("{} sampai {}", crate::queue::dmy(from), crate::queue::dmy(to))
            },
            days: days
                .iter()
                .map(|(day, lines)| self.printed_day(&desk, *day, lines, &station))
                .collect::<Result<_>>()?,
            officer: desk.session.name.clone(),
            supervisor: self.supervisor(&desk)?,
        };
        let paper = self.paper(&desk, Sheet::BukuRegister(Box::new(sheet)))?;
        let rendered = self.press().render(&paper)?;
        let pages = u32::try_from(rendered.pages).unwrap_or(u32::MAX);
        let new = NewDocument {
            permohonan: None,
            kind: DocumentKind::HalamanRegister.key().into(),
            number: number.clone(),
            pdf: rendered.pdf,
        };
        let document = desk.transact(Act::CheckpointMake { row: last }, |tx| {
            tx.add_checkpoint(number.as_bytes())?;
            tx.note("nomor", &number);
            tx.add_document(&new)
        })?;
        Ok(view::DocumentRef { document_id: document.to_string(), pages })
    }

    /// One day: its lines, and the hash of the last of them with the station's seal.
    fn printed_day(&self, desk: &Desk, day: Date, lines: &[&BookLine], station: &str) -> Result<RegisterDay> {
        let head = lines.last().map(|line| &line.row.line);
        let (last, hash) = head.map(|line| (line.row.to_string(), line.hash.hex())).unwrap_or_default();
        let origin = origin(station);
        let number = format!("BR/{station}/{day}");
        let qr = self.seal_if_activated(desk, Kind::TitikPeriksa, &number, None, &[&origin, &last, &hash])?;
        Ok(RegisterDay {
            day: format!("{}, {}", domain::terbilang::weekday(day.weekday()), long_date(&day.to_string())),
            page: page_of(day),
            lines: lines.iter().map(|line| self.printed_line(line)).collect(),
            checkpoint: Checkpoint { origin, last, hash, qr: qr.unwrap_or_default() },
        })
    }

    fn printed_line(&self, line: &BookLine) -> RegisterLine {
        let entry = &line.row.line.entry;
        let noted = |key: &str| entry.detail.get(key).cloned().unwrap_or_default();
        let content = match entry.corrects {
            Some(old) => {
                RegisterContent::Correction(format!("Pembetulan atas no. {old}: {}", noted("pembetulan")))
            }
            None => RegisterContent::Event(RegisterRow {
                number: entry.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()).unwrap_or_default(),
                nik: line.nik.clone(),
                name: line.name.to_uppercase(),
                kind: words::kind_of(&line.kind).map(words::kind).unwrap_or_default().to_owned(),
                address: words::spoken_name(&line.address),
                event: super::event_label(entry.kind).to_owned(),
                blangko: line.blangko.clone(),
                collector: noted("pengambil"),
            }),
        };
        let officer =
            if line.officer == "station" { "Stasiun".to_owned() } else { short_name(&line.officer) };
        RegisterLine {
            no: line.row.line.row.to_string(),
            time: self.clock_text(entry.at),
            officer,
            note: noted("nomor"),
            content,
        }
    }
}

/// What a checkpoint of this station's book calls the book.
pub(super) fn origin(station: &str) -> String {
    format!("rekam-register/{station}")
}

/// Station and day of a page's number, `BR/<station>/<day>`; `None` for the number of anything else.
pub(super) fn page_parts(number: &str) -> Option<(&str, Date)> {
    let (station, day) = number.strip_prefix("BR/")?.rsplit_once('/')?;
    Some((station, day.parse().ok()?))
}

/// `Dewi Anggraini` as `Dewi A.`: the column is narrow.
fn short_name(name: &str) -> String {
    let mut parts = name.split_whitespace();
    match (parts.next(), parts.next().and_then(|second| second.chars().next())) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        (Some(first), None) => first.to_owned(),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pages_number_names_its_station_and_its_day() {
        let day = jiff::civil::date(2026, 11, 28);
        assert_eq!(page_parts("BR/18.13-02/2026-11-28"), Some(("18.13-02", day)));
        assert_eq!(page_parts("BR/18.13-02"), None, "no day");
        assert_eq!(page_parts("470/0318/SKT/18.13/XI/2026"), None, "a letter");
    }

    #[test]
    fn an_officer_stands_in_the_narrow_column_by_first_name_and_initial() {
        assert_eq!(short_name("Dewi Anggraini Putri"), "Dewi A.", "the second name as a letter");
        assert_eq!(short_name("Yuliana"), "Yuliana", "one name is all there is");
    }
}
