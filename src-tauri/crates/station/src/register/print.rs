//! The Buku Register on paper: each day ends with the checkpoint that it witnesses.

use documents::{BukuRegister, Checkpoint, RegisterContent, RegisterDay, RegisterLine, RegisterRow, Sheet};
use domain::paper::DocumentKind;
use domain::role::Action;
use domain::seal::Kind;
use jiff::civil::Date;
use store::{Act, BookLine, NewDocument};

use super::page_of;
use super::parts::Part;
use crate::applicant::long_date;
use crate::session::Desk;
use crate::view::{self, Period, RegisterFilter};
use crate::{Error, Result, Station, held, words};

/// What all parts of one print say.
struct Book {
    station: String,
    period: String,
    officer: String,
    supervisor: String,
    /// What came out before this book was set.
    printed: Vec<(Pages, u32)>,
}

/// Pages that are one paper: those of one day or several, or a piece of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pages {
    days: (Date, Date),
    piece: Option<u32>,
}

impl Station {
    /// Sets the page of one day, with a checkpoint of the chain.
    ///
    /// # Errors
    /// As [`Self::register_print_period`].
    pub fn register_print_day(&self, day: &str) -> Result<view::RegisterPrint> {
        self.register_print_period(&RegisterFilter {
            period: Period::Range,
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
            text: String::new(),
            before: None,
        })
    }

    /// Sets the book of a period, however long it is, in parts of a bounded number of lines, and keeps each as a paper of its own;
    /// each of its days begins a sheet and ends with its checkpoint. A text in the filter is left aside: a page of the book is
    /// whole. The chain is verified before, once, as by [`Self::register_verify`]: no seal of this station vouches for a line that
    /// was changed. [`Self::register_verify_stop`] stops it, between two parts too: what was set is given, with the day that
    /// follows.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (no line in the period, a chain that is broken, or whose check was stopped),
    /// `Document`, `Store`.
    pub fn register_print_period(&self, filter: &RegisterFilter) -> Result<view::RegisterPrint> {
        let work = self.register_work_begins();
        let desk = self.desk(Action::ReadRegister)?;
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let unchecked = || Error::not_now("register_unchecked");
        let parts = self.book_parts(&desk, &work, ("", from, to))?.ok_or_else(unchecked)?;
        if parts.is_empty() {
            return Err(Error::not_now("register_nothing"));
        }
        let verified = self.verified(&desk, &work)?.ok_or_else(unchecked)?;
        if let Some(broken_at) = verified.broken_at {
            return Err(Error::not_now_with("register_broken", &[("n", broken_at.to_string())]));
        }
        let station = held(&self.door).roster.station_code.clone();
        let book = Book {
            printed: self.printed_pages(&desk, &station)?,
            station,
            period: match from == to {
                true => String::new(),
                false => format!("{} sampai {}", crate::queue::dmy(from), crate::queue::dmy(to)),
            },
            officer: desk.session.name.clone(),
            supervisor: self.supervisor(&desk)?,
        };
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let mut set = view::RegisterPrint {
            parts: Vec::new(),
            count,
            days: parts.last().map_or(0, |last| last.places.1),
            go_on: None,
        };
        let mut before = 0;
        for (at, part) in (1..).zip(&parts) {
            if at > 1 && work.stops() {
                set.go_on = Some(part.days.0.to_string());
                break;
            }
            self.tell_part(part, &parts)?;
            let desk = Desk { now: self.clock.now(), ..desk.clone() };
            let place = (count > 1).then_some(documents::Part { at, of: count, before });
            let document = self.set_part(&desk, &book, part, place)?;
            let first_sheet = before.saturating_add(1);
            before = before.saturating_add(document.pages);
            set.parts.push(view::RegisterPart {
                document,
                from: part.days.0.to_string(),
                to: part.days.1.to_string(),
                first_day: part.places.0,
                last_day: part.places.1,
                first_sheet,
                piece: part.piece.map(|(piece, _)| piece),
                pieces: part.piece.map(|(_, pieces)| pieces),
            });
        }
        Ok(set)
    }

    /// Sets one part and keeps it with the checkpoint that it witnesses.
    fn set_part(
        &self,
        desk: &Desk,
        book: &Book,
        part: &Part,
        place: Option<documents::Part>,
    ) -> Result<view::DocumentRef> {
        let days = self
            .part_lines(desk, "", part)?
            .iter()
            .map(|(day, lines)| self.printed_day(desk, (*day, part.piece), lines, book))
            .collect::<Result<_>>()?;
        let sheet = BukuRegister {
            period: book.period.clone(),
            days,
            part: place,
            officer: book.officer.clone(),
            supervisor: book.supervisor.clone(),
        };
        let paper = self.paper(desk, Sheet::BukuRegister(Box::new(sheet)))?;
        let rendered = self.press().render(&paper)?;
        let pages = u32::try_from(rendered.pages).unwrap_or(u32::MAX);
        let number = part_number(&book.station, part);
        let new = NewDocument {
            permohonan: None,
            kind: DocumentKind::HalamanRegister.key().into(),
            number: number.clone(),
            pdf: rendered.pdf,
        };
        let document = desk.transact(Act::CheckpointMake { row: part.rows.1 }, |tx| {
            tx.add_checkpoint(number.as_bytes())?;
            tx.note("nomor", &number);
            tx.add_document(&new)
        })?;
        Ok(view::DocumentRef { document_id: document.to_string(), pages })
    }

    /// The pages of this station's book that came out by now, each paper with the number of its prints.
    fn printed_pages(&self, desk: &Desk, station: &str) -> Result<Vec<(Pages, u32)>> {
        let prints = desk.store.read(|look| look.prints_by_number(DocumentKind::HalamanRegister.key()))?;
        Ok(prints
            .into_iter()
            .filter_map(|(number, prints)| Some((pages_of(station, &number)?, prints)))
            .collect())
    }

    /// One day, or a piece of it: its lines, and the hash of the last of them with the station's seal.
    fn printed_day(
        &self,
        desk: &Desk,
        (day, piece): (Date, Option<(u32, u32)>),
        lines: &[BookLine],
        book: &Book,
    ) -> Result<RegisterDay> {
        let head = lines.last().map(|line| &line.row.line);
        let (last, hash) = head.map(|line| (line.row.to_string(), line.hash.hex())).unwrap_or_default();
        let origin = origin(&book.station);
        let number = format!("BR/{}/{day}", book.station);
        let qr = self.seal_if_activated(desk, Kind::TitikPeriksa, &number, None, &[&origin, &last, &hash])?;
        Ok(RegisterDay {
            day: format!("{}, {}", domain::terbilang::weekday(day.weekday()), long_date(&day.to_string())),
            page: page_of(day),
            lines: lines.iter().map(|line| self.printed_line(line)).collect(),
            checkpoint: Checkpoint { origin, last, hash, qr: qr.unwrap_or_default() },
            piece,
            printed_before: printed_before(&book.printed, day, piece.map(|(piece, _)| piece)),
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
            note: super::remark(entry),
            content,
        }
    }
}

/// How often pages of a day came out, or of a piece of it: the same days cut otherwise are other papers, with numbers of their own.
fn printed_before(printed: &[(Pages, u32)], day: Date, piece: Option<u32>) -> u32 {
    printed
        .iter()
        .filter(|(pages, _)| (pages.days.0..=pages.days.1).contains(&day))
        .filter(|(pages, _)| pages.piece.is_none() || piece.is_none() || pages.piece == piece)
        .map(|(_, prints)| *prints)
        .fold(0, u32::saturating_add)
}

/// What a part's number says; `None` for that of anything else.
fn pages_of(station: &str, number: &str) -> Option<Pages> {
    let rest = number.strip_prefix("BR/")?.strip_prefix(station)?.strip_prefix('/')?;
    let (from, more) = rest.split_once('/').map_or((rest, None), |(from, more)| (from, Some(more)));
    let from: Date = from.parse().ok()?;
    match more {
        None => Some(Pages { days: (from, from), piece: None }),
        Some(more) => match more.parse() {
            Ok(piece) => Some(Pages { days: (from, from), piece: Some(piece) }),
            Err(_) => Some(Pages { days: (from, more.parse().ok()?), piece: None }),
        },
    }
}

/// Number of a part: by its days, not by its place in a print, so that the same pages have the same number in every print of
/// them and a second one is marked as such.
fn part_number(station: &str, part: &Part) -> String {
    match (part.days, part.piece) {
        ((day, _), Some((piece, _))) => format!("BR/{station}/{day}/{piece}"),
        ((from, to), None) if from == to => format!("BR/{station}/{from}"),
        ((from, to), None) => format!("BR/{station}/{from}/{to}"),
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
    fn a_part_has_the_number_of_its_days_in_whatever_print_it_stands() {
        let day = |day| jiff::civil::date(2026, 11, day);
        let part = |from, to, piece| Part {
            days: (day(from), day(to)),
            places: (1, 1),
            rows: (1, 1),
            piece,
            lines: 1,
        };
        let number = |from, to, piece| part_number("18.13-02", &part(from, to, piece));
        assert_eq!(number(3, 3, None), "BR/18.13-02/2026-11-03", "the page of a day");
        assert_eq!(number(3, 7, None), "BR/18.13-02/2026-11-03/2026-11-07");
        assert_eq!(
            number(3, 3, Some((2, 3))),
            "BR/18.13-02/2026-11-03/2",
            "a piece of a day is no second print of it"
        );
        for (from, to, piece) in [(3, 3, None), (3, 7, None), (3, 3, Some((2, 3)))] {
            let said = Pages { days: (day(from), day(to)), piece: piece.map(|(piece, _)| piece) };
            assert_eq!(pages_of("18.13-02", &number(from, to, piece)), Some(said), "and is read back");
        }
        assert_eq!(pages_of("18.13-0", "BR/18.13-02/2026-11-03"), None, "of another station");
        assert_eq!(pages_of("18.13-02", "BR/18.13-02/2026-11-03/x"), None, "nothing that it could be");
    }

    #[test]
    fn a_day_was_printed_in_whatever_cut_it_came_out() {
        let pages = |number: &str| pages_of("18.13-02", number).unwrap();
        let day = |day| jiff::civil::date(2026, 11, day);
        let printed = [
            (pages("BR/18.13-02/2026-11-01/2026-11-09"), 1),
            (pages("BR/18.13-02/2026-11-03"), 2),
            (pages("BR/18.13-02/2026-11-20/1"), 4),
        ];
        let times = |on, piece| printed_before(&printed, day(on), piece);
        assert_eq!([times(1, None), times(3, None), times(9, None), times(10, None)], [1, 3, 1, 0]);
        assert_eq!(
            [times(20, None), times(20, Some(1)), times(20, Some(2)), times(3, Some(1))],
            [4, 4, 0, 3],
            "another piece of a day is no second print of it, the whole day is"
        );
    }

    #[test]
    fn an_officer_stands_in_the_narrow_column_by_first_name_and_initial() {
        assert_eq!(short_name("Dewi Anggraini Putri"), "Dewi A.", "the second name as a letter");
        assert_eq!(short_name("Yuliana"), "Yuliana", "one name is all there is");
    }
}
