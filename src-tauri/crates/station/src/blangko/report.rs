//! The stock report of a day, as a paper.

use std::collections::BTreeMap;

use documents::{GerakanLine, HitunganLine, LaporanStok, Sheet, StokLine};
use domain::Date;
use domain::paper::DocumentKind;
use domain::role::Action;
use domain::seal::Kind;
use domain::stock::{Account, Item, MovementKind, NomorBlangko, SerialRange};
use jiff::Timestamp;
use jiff::tz::Offset;
use store::{Act, StockLine};

use super::berita_acara::in_sentence;
use super::disagreement::disagreement_words;
use super::spoilage::{kept_on_paper, on_paper};
use super::{item_of, words_of_item};
use crate::session::Desk;
use crate::view;
use crate::{Error, Result, Station, held};

/// Pattern of the number. Source: our choice, as no office's was seen.
pub(crate) const PATTERN: &str = domain::nomor::STOCK_REPORT;
/// Accounts whose pieces are at the station and not used up. A card that was found again is no stock: it left these accounts as a
/// good card or as missing, and stays out of them.
const HERE: [Account; 3] = [Account::Store, Account::Printer, Account::Held];

impl Station {
    /// Renders the stock report of one day (`2026-11-27`) and keeps it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no day, or one that lies ahead), `Document`, `Store`.
    pub fn stock_report(&self, day: &str) -> Result<view::DocumentRef> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::ReadReports)?;
        let day: Date = day.parse().map_err(|_| Error::Invalid { what: "date" })?;
        if day > self.day_of(desk.now) {
            return Err(Error::Invalid { what: "date" });
        }
        let (number, running) = self.next_number(&desk, DocumentKind::LaporanStok, PATTERN)?;
        let sheet = self.stock_sheet(&desk, day, &number)?;
        let made = self.made_alone(
            &desk,
            DocumentKind::LaporanStok,
            number,
            running,
            Sheet::LaporanStok(Box::new(sheet)),
        )?;
        let act = Act::Deed { kind: domain::register::RegisterKind::FormRendered };
        let document = desk.transact(act, |tx| self.keep_paper(tx, &made))?;
        Ok(view::DocumentRef { document_id: document.to_string(), pages: made.pages })
    }

    fn stock_sheet(&self, desk: &Desk, day: Date, number: &str) -> Result<LaporanStok> {
        let (from_ms, to_ms) = self.day_span(day)?;
        let items = self.stock_items(desk)?;
        let stock = self.stock_of_day(desk, day)?;
        let (lines, counts, names, [ranges, ranges_wna], [held_pieces, aside], waiting, disagreement) =
            desk.store.read(|look| {
                Ok((
                    look.stock_lines_between(from_ms, to_ms)?,
                    look.stock_counts_between(from_ms, to_ms)?,
                    look.operators()?,
                    [
                        look.serials_of(Item::Blangko, Account::Store)?,
                        look.serials_of(Item::BlangkoWna, Account::Store)?,
                    ],
                    [look.serials_in(Account::Held)?, look.serials_in(Account::Aside)?],
                    look.spoiled_blangko(None)?.len() + look.withdrawn_cards(None)?.len(),
                    look.verify_stock()?,
                ))
            })?;
        let names: BTreeMap<String, String> =
            names.into_iter().map(|person| (person.id.to_string(), person.name)).collect();
        let today = day == self.day_of(desk.now);
        let blangko: Vec<&view::StockItemView> =
            items.iter().filter(|one| item_of(one.item).is_blangko()).collect();
        let account: Vec<&StokLine> = of_blangko(&stock).collect();
        let count = |of: fn(&StokLine) -> i64| match account.is_empty() {
            true => String::new(),
            false => account.iter().map(|line| of(line)).sum::<i64>().to_string(),
        };
        let long_day = format!(
            "{}, {}",
            domain::terbilang::weekday(day.weekday()),
            crate::applicant::long_date(&day.to_string())
        );
        let values = [
            long_day,
            count(|line| line.used),
            count(|line| line.spoiled.into()),
            count(|line| line.closing.into()),
        ];
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let qr = self.seal_if_activated(desk, Kind::LaporanStok, number, None, &values)?;
        let time = |ms| Timestamp::from_millisecond(ms).map(|at| self.clock_text(at)).unwrap_or_default();
        Ok(LaporanStok {
            number: number.to_owned(),
            day,
            finding: if today { finding(&blangko) } else { finding_then(&stock) },
            stock,
            movements: movement_lines(desk, &lines, &names)?,
            counts: counts
                .into_iter()
                .map(|count| HitunganLine {
                    item: words_of_item(count.item).to_owned(),
                    time: time(count.at_ms),
                    booked: count.booked,
                    counted: count.counted,
                    explanation: count.explanation,
                })
                .collect(),
            ranges: range_words(ranges),
            ranges_wna: range_words(ranges_wna),
            held: range_words(held_pieces),
            aside: range_words(aside),
            to_destroy: u32::try_from(waiting).unwrap_or(u32::MAX),
            missing: blangko.iter().map(|item| item.missing).sum(),
            disagreement: disagreement.as_ref().map(disagreement_words).unwrap_or_default(),
            officer: desk.session.name.clone(),
            supervisor: self.supervisor(desk)?,
            qr: qr.unwrap_or_default(),
        })
    }

    /// Accounts of one day, of every item that was ever counted here.
    ///
    /// # Errors
    /// `Invalid` (no such day), `Store`.
    pub(crate) fn stock_of_day(&self, desk: &Desk, day: Date) -> Result<Vec<StokLine>> {
        let (from_ms, to_ms) = self.day_span(day)?;
        let items = self.stock_items(desk)?;
        let today = day == self.day_of(desk.now);
        let known = Item::ALL.iter().copied().zip(&items);
        known
            .filter(|(_, now)| now.level != view::StockLevel::Unknown)
            .map(|(item, now)| {
                // How long it lasts is known of now; of a day that is over nobody can say it any more.
                let days = now.days_left.filter(|_| today);
                account_line(desk, item, days, from_ms, to_ms)
            })
            .collect()
    }

    /// First moment of a day at the station and of the next, UTC milliseconds.
    fn day_span(&self, day: Date) -> Result<(i64, i64)> {
        let seconds = i32::try_from(self.zone_offset_s()).map_err(|_| Error::Invalid { what: "date" })?;
        let zone = Offset::from_seconds(seconds).map_err(|_| Error::Invalid { what: "date" })?;
        let start = |day: Date| {
            zone.to_timestamp(day.at(0, 0, 0, 0))
                .map(Timestamp::as_millisecond)
                .map_err(|_| Error::Invalid { what: "date" })
        };
        Ok((start(day)?, start(day.tomorrow().map_err(|_| Error::Invalid { what: "date" })?)?))
    }
}

/// Opening, what came and went, closing: of what is at the station and not used up.
pub(super) fn account_line(
    desk: &Desk,
    item: Item,
    days_left: Option<u32>,
    from_ms: i64,
    to_ms: i64,
) -> Result<StokLine> {
    let (sums, opening, closing) = desk.store.read(|look| {
        let mut ends = [0_i64; 2];
        for account in HERE {
            for (end, at_ms) in ends.iter_mut().zip([from_ms, to_ms]) {
                *end += look.stock_balance_at(item, account, at_ms)?;
            }
        }
        let [opening, closing] = ends;
        Ok((look.stock_sums(item, from_ms, to_ms)?, opening, closing))
    })?;
    let sum = |wanted: fn(MovementKind) -> bool| -> u32 {
        sums.iter().filter(|(kind, _)| wanted(*kind)).map(|(_, count)| count).sum()
    };
    let here = |account: Account| HERE.contains(&account);
    let size = |balance: i64| u32::try_from(balance).unwrap_or(0);
    let left = |to: Account| -> u32 {
        sums.iter().filter(|(kind, _)| here(kind.from()) && kind.to() == to).map(|(_, count)| count).sum()
    };
    let voided = sum(|kind| kind == MovementKind::SpoiledAfterUse);
    // It was counted out before: it comes in and goes out again as spoiled, so that the spoiled agree with the Berita Acara.
    let found = sum(|kind| kind == MovementKind::AsideSpoiled);
    Ok(StokLine {
        item: match item {
            Item::Blangko | Item::BlangkoWna => words_of_item(item).to_owned(),
            Item::Ribbon | Item::Film => format!("{} (cetak)", words_of_item(item)),
        },
        opening: size(opening),
        received: sum(|kind| !HERE.contains(&kind.from()) && HERE.contains(&kind.to())).saturating_add(found),
        used: i64::from(left(Account::Used)) - i64::from(voided),
        spoiled: left(Account::Spoiled).saturating_add(voided).saturating_add(found),
        given: [Account::Returned, Account::Missing, Account::Aside].map(left).iter().sum(),
        closing: size(closing),
        lasts: days_left.map(|days| format!("±{days} hari kerja")).unwrap_or_default(),
    })
}

/// A sentence of each kind of blangko that was ever booked.
fn finding(blangko: &[&view::StockItemView]) -> String {
    let known: Vec<String> = blangko
        .iter()
        .filter(|item| item.level != view::StockLevel::Unknown)
        .map(|item| {
            let lasts = match item.days_left {
                Some(days) => format!(", cukup untuk ±{days} hari kerja"),
                None => String::new(),
            };
            let order = match item.level {
                view::StockLevel::Low | view::StockLevel::Empty => {
                    format!(" Di bawah titik pesan ulang ({}): minta kiriman.", item.reorder_point)
                }
                view::StockLevel::Ok | view::StockLevel::Unknown => String::new(),
            };
            format!("Sisa {} {}{lasts}.{order}", item.on_hand, in_sentence(words_of_item(item_of(item.item))))
        })
        .collect();
    match known.is_empty() {
        true => "Belum ada blangko yang dicatat di stasiun ini.".to_owned(),
        false => known.join(" "),
    }
}

/// The lines of blangko, of both kinds.
pub(crate) fn of_blangko(stock: &[StokLine]) -> impl Iterator<Item = &StokLine> {
    let words = Item::BLANGKO.map(words_of_item);
    stock.iter().filter(move |line| words.contains(&line.item.as_str()))
}

/// The same for a day that is over, from its own account.
fn finding_then(stock: &[StokLine]) -> String {
    let left =
        |line: &StokLine| format!("Sisa {} {} pada akhir hari.", line.closing, in_sentence(&line.item));
    of_blangko(stock).map(left).collect::<Vec<_>>().join(" ")
}

/// Lines of the day that are alike, joined; on their way through the printer pieces come and go and are left out.
fn movement_lines(
    desk: &Desk,
    lines: &[StockLine],
    names: &BTreeMap<String, String>,
) -> Result<Vec<GerakanLine>> {
    type Key = (&'static str, Item, String, String);
    let mut joined: Vec<(Key, u32, Vec<NomorBlangko>)> = Vec::new();
    for line in lines {
        let Some(what) = kind_word(line.movement.kind()) else { continue };
        let note = note_of(desk, line)?;
        let officer = names.get(&line.operator).cloned().unwrap_or_else(|| line.operator.clone());
        let key = (what, line.movement.item(), note, officer);
        let quantity = line.movement.quantity();
        let serials = line.movement.range().into_iter().flat_map(SerialRange::iter);
        match joined.iter_mut().find(|(known, _, _)| *known == key) {
            Some((_, count, numbers)) => {
                *count = count.saturating_add(quantity);
                numbers.extend(serials);
            }
            None => joined.push((key, quantity, serials.collect())),
        }
    }
    Ok(joined
        .into_iter()
        .map(|((what, item, note, officer), count, numbers)| GerakanLine {
            what: what.to_owned(),
            item: words_of_item(item).to_owned(),
            count,
            serials: range_words(numbers),
            note,
            officer,
        })
        .collect())
}

/// Paper and words of a line; for a voided piece the reason of its record.
fn note_of(desk: &Desk, line: &StockLine) -> Result<String> {
    let words = match (line.movement.kind().to(), line.movement.range()) {
        (Account::Spoiled, Some(range)) => desk
            .store
            .read(|look| look.spoiled(range.first()))?
            .map_or_else(|| line.note.clone(), |record| on_paper(&record.reason, &record.note)),
        (Account::Spoiled, None) => kept_on_paper(&line.note),
        _ => line.note.clone(),
    };
    let parts = [line.document.as_str(), words.as_str()];
    Ok(parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", "))
}

/// The word of a movement on paper; `None` for one that only leads through the printer.
fn kind_word(kind: MovementKind) -> Option<&'static str> {
    use MovementKind as K;
    match kind {
        K::Loaded | K::Unloaded => None,
        K::Received => Some("Diterima"),
        K::Surplus | K::Found => Some("Ditemukan"),
        K::Used | K::HeldUsed | K::Consumed => Some("Terpakai"),
        K::SpoiledInPrinter | K::SpoiledAfterUse | K::SpoiledInStore | K::HeldSpoiled | K::AsideSpoiled => {
            Some("Rusak")
        }
        K::FoundCard | K::SetAside => Some("Disisihkan"),
        K::Held => Some("Ditahan"),
        K::HeldUnloaded => Some("Kembali ke stok"),
        K::Destroyed => Some("Dimusnahkan"),
        K::Returned | K::SpoiledReturned => Some("Dikembalikan"),
        K::Lost | K::HeldMissing | K::LostAfterUse => Some("Tidak ditemukan"),
    }
}

fn range_words(numbers: impl IntoIterator<Item = NomorBlangko>) -> Vec<String> {
    SerialRange::gather(numbers)
        .iter()
        .map(|range| match range.count() {
            1 => range.first().to_string(),
            _ => format!("{} s/d {}", range.first(), range.last()),
        })
        .collect()
}
