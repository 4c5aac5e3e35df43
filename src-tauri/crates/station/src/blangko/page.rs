//! What the stock page shows.

use std::collections::BTreeMap;

use domain::ids::PermohonanId;
use domain::role::{Action, allowed};
use domain::stock::{Account, Item, MovementKind, NomorBlangko, SerialRange, days_left, must_reorder};
use jiff::Timestamp;
use store::StockLine;

use super::disagreement::disagreement_words;
use super::item_view;
use super::spoilage::{for_window, store_reasons};
use crate::print::chip::spoiled_chip;
use crate::print::spoiled::photo_id;
use crate::session::Desk;
use crate::view;
use crate::visit::{iso_ms, ticket};
use crate::{Result, Station};

/// Lines of the book that the page shows.
const LINES: u32 = 100;
/// Berita Acara and allotments that the page shows, newest first.
const PAPERS: usize = 20;
/// Held pieces that the page shows; more than ever wait at a desk.
const HELD: u32 = 500;
/// Calendar days that hold the working days of a forecast.
const FORECAST_DAYS: i64 = 28;

impl Station {
    pub(super) fn blangko_view(&self, desk: &Desk) -> Result<view::Blangko> {
        let roles = &desk.session.roles;
        let disagreement = desk.store.read(|look| look.verify_stock())?;
        let ranges_of = |item| -> Result<Vec<view::SerialRange>> {
            let numbers = desk.store.read(|look| look.serials_of(item, Account::Store))?;
            Ok(SerialRange::gather(numbers).iter().map(range_view).collect())
        };
        Ok(view::Blangko {
            items: self.stock_items(desk)?,
            ranges: ranges_of(Item::Blangko)?,
            ranges_wna: ranges_of(Item::BlangkoWna)?,
            movements: self.stock_movements(desk)?,
            held: pieces_in(desk, Account::Held)?,
            aside: pieces_in(desk, Account::Aside)?,
            to_destroy: to_destroy(desk)?,
            acts: acts(desk)?,
            allotments: allotments(desk)?,
            agrees: disagreement.is_none(),
            disagreement: disagreement.as_ref().map(disagreement_words),
            reasons: store_reasons(),
            open_count: self.open_count_view(desk)?,
            can_keep: allowed(roles, Action::KeepBlangko),
            can_release: allowed(roles, Action::KeepBlangko) && allowed(roles, Action::PrintCard),
            can_destroy: allowed(roles, Action::DestroyBlangko),
            camera: self.can_photograph(),
            chip_place: self.chip_place(),
        })
    }

    /// Blangko of citizens and of foreigners, ribbon and film as they stand, in the order of [`Item::ALL`].
    pub(crate) fn stock_items(&self, desk: &Desk) -> Result<Vec<view::StockItemView>> {
        Item::ALL.iter().map(|item| self.stock_item(&desk.store, desk.now, *item)).collect()
    }

    /// The blangko of the strip: each kind that was ever booked, citizens' first.
    pub(crate) fn blangko_strip(&self, store: &store::Store) -> Result<Vec<view::BlangkoStrip>> {
        let mut kinds = Vec::new();
        for item in Item::BLANGKO {
            let item = self.stock_item(store, self.clock.now(), item)?;
            let low = match item.level {
                view::StockLevel::Unknown => continue,
                view::StockLevel::Ok => false,
                view::StockLevel::Low | view::StockLevel::Empty => true,
            };
            kinds.push(view::BlangkoStrip {
                item: item.item,
                count: item.on_hand,
                days: item.days_left,
                low,
            });
        }
        Ok(kinds)
    }

    /// One item as it stands.
    pub(crate) fn stock_item(
        &self,
        store: &store::Store,
        now: Timestamp,
        item: Item,
    ) -> Result<view::StockItemView> {
        let local = self.local(now);
        let offset_s = self.zone_offset_s();
        let now_ms = now.as_millisecond();
        let today = (now_ms / 1000 + offset_s).div_euclid(86_400);
        let month = today - i64::from(local.date().day()) + 1;
        let since = month.min(today - FORECAST_DAYS);
        let since_ms = (since * 86_400 - offset_s) * 1000;
        let (balances, used, head, received, counted) = store.read(|look| {
            Ok((
                look.stock_balances()?,
                look.stock_use_by_day(item, since_ms, offset_s)?,
                look.stock_head(item)?,
                look.last_stock_line(item, MovementKind::Received)?,
                look.last_stock_count(item)?,
            ))
        })?;
        let at = |account| balances.get(&(item, account)).map_or(0, |n| u32::try_from(*n).unwrap_or(0));
        let from = |day: i64| -> u32 { used.iter().filter(|(of, _)| *of >= day).map(|(_, n)| n).sum() };
        let on_hand = at(Account::Store);
        let reorder_point = self.reorder_point(item);
        Ok(view::StockItemView {
            item: item_view(item),
            on_hand,
            printing: at(Account::Printer),
            held: at(Account::Held),
            spoiled: at(Account::Spoiled),
            missing: at(Account::Missing),
            aside: at(Account::Aside),
            used_today: from(today),
            used_month: from(month),
            days_left: days_left(on_hand, &per_working_day(&used, today)).map(|left| left.days),
            reorder_point,
            level: match on_hand {
                _ if head == 0 => view::StockLevel::Unknown,
                0 => view::StockLevel::Empty,
                left if must_reorder(left, reorder_point) => view::StockLevel::Low,
                _ => view::StockLevel::Ok,
            },
            last_received: received.as_ref().map(|line| line.movement.quantity()),
            last_received_at: received.and_then(|line| iso_ms(line.at_ms)),
            last_counted_at: counted.and_then(|count| iso_ms(count.at_ms)),
        })
    }

    pub(crate) fn reorder_point(&self, item: Item) -> u32 {
        match item {
            Item::Blangko => self.config.cards.reorder_blangko,
            Item::BlangkoWna => self.config.cards.reorder_blangko_wna,
            Item::Ribbon => self.config.cards.reorder_ribbon,
            Item::Film => self.config.cards.reorder_film,
        }
    }

    /// Seconds that the station's wall clock is ahead of UTC.
    pub(crate) fn zone_offset_s(&self) -> i64 {
        match self.time_zone() {
            view::TimeZone::Wib => 7 * 3600,
            view::TimeZone::Wita => 8 * 3600,
            view::TimeZone::Wit => 9 * 3600,
        }
    }

    /// The newest lines of the book, each with what was on hand after it.
    fn stock_movements(&self, desk: &Desk) -> Result<Vec<view::Movement>> {
        let (lines, balances, staff) = desk.store.read(|look| {
            Ok((look.stock_lines(None, i64::MAX, LINES)?, look.stock_balances()?, look.operators()?))
        })?;
        let names: BTreeMap<String, String> =
            staff.into_iter().map(|person| (person.id.to_string(), person.name)).collect();
        let mut on_hand: BTreeMap<Item, i64> = BTreeMap::new();
        for item in Item::ALL.iter().copied() {
            on_hand.insert(item, balances.get(&(item, Account::Store)).copied().unwrap_or(0));
        }
        let mut shown = Vec::with_capacity(lines.len());
        for line in &lines {
            let (kind, item) = (line.movement.kind(), line.movement.item());
            let quantity = line.movement.quantity();
            let balance = on_hand.entry(item).or_default();
            shown.push(view::Movement {
                number: u32::try_from(line.id).unwrap_or(u32::MAX),
                at: iso_ms(line.at_ms).unwrap_or_default(),
                kind: kind_view(kind),
                item: item_view(item),
                quantity,
                serials: line.movement.range().map(range_view).into_iter().collect(),
                document: line.document.clone(),
                reason: reason(desk, line)?,
                officer: names.get(&line.operator).cloned().unwrap_or_else(|| line.operator.clone()),
                ticket: ticket_of(desk, line.permohonan)?,
                balance: u32::try_from(*balance).unwrap_or(0),
            });
            // Newest first: what was there before this line.
            if kind.to() == Account::Store {
                *balance -= i64::from(quantity);
            } else if kind.from() == Account::Store {
                *balance += i64::from(quantity);
            }
        }
        Ok(shown)
    }
}

/// Use of each working day of the window before today, oldest first. Saturday and Sunday count only when something was
/// used, today only then too: it is not over. Holidays are not known here and count as working days.
fn per_working_day(used: &[(i64, u32)], today: i64) -> Vec<u32> {
    let Some((first, _)) = used.iter().find(|(day, _)| *day > today - FORECAST_DAYS) else {
        return Vec::new();
    };
    (*first..=today)
        .filter_map(|day| {
            let of = used.iter().find(|(of, _)| *of == day).map(|(_, n)| *n);
            // 1970-01-01 was a Thursday.
            let weekday = (day + 3).rem_euclid(7) < 5;
            of.or_else(|| (weekday && day < today).then_some(0))
        })
        .collect()
}

/// The reason of a line: words beside it, for a voided piece the code of its record.
fn reason(desk: &Desk, line: &StockLine) -> Result<String> {
    let voided = matches!(
        line.movement.kind(),
        MovementKind::SpoiledInPrinter
            | MovementKind::SpoiledInStore
            | MovementKind::SpoiledAfterUse
            | MovementKind::AsideSpoiled
            | MovementKind::HeldSpoiled
    );
    let record = match line.movement.range() {
        Some(range) if voided => desk.store.read(|look| look.spoiled(range.first()))?,
        Some(_) | None => None,
    };
    Ok(record.map_or_else(|| line.note.clone(), |record| for_window(&record.reason, &record.note)))
}

fn ticket_of(desk: &Desk, visit: Option<PermohonanId>) -> Result<String> {
    let Some(id) = visit else { return Ok(String::new()) };
    let row = desk.store.read(|look| look.permohonan(id))?;
    Ok(row.map(|row| ticket(&row.ticket).to_owned()).unwrap_or_default())
}

/// The pieces that wait for somebody in this account, in order of their numbers.
fn pieces_in(desk: &Desk, account: Account) -> Result<Vec<view::HeldPiece>> {
    let rows = desk.store.read(|look| look.blangko_in(account, "", HELD))?;
    rows.into_iter()
        .map(|row| {
            Ok(view::HeldPiece {
                serial: row.serial.to_string(),
                at: iso_ms(row.moved_ms).unwrap_or_default(),
                // Set aside: found again at a count, or out of the printer after it was called not printed.
                reason: if account == Account::Aside { "found_card" } else { "result_unknown" }.to_owned(),
                ticket: ticket_of(desk, row.permohonan)?,
            })
        })
        .collect()
}

/// Names a spoiled piece in the list of what is to be destroyed.
pub(super) fn blangko_id(serial: &NomorBlangko) -> String {
    format!("blangko:{}", serial.as_str())
}

/// Names an old card in the same list, by the visit that it was taken in at.
pub(super) fn card_id(visit: PermohonanId) -> String {
    format!("card:{visit}")
}

/// Spoiled pieces and old cards that wait for their Berita Acara, oldest first.
fn to_destroy(desk: &Desk) -> Result<Vec<view::ToDestroy>> {
    let (spoiled, cards) =
        desk.store.read(|look| Ok((look.spoiled_blangko(None)?, look.withdrawn_cards(None)?)))?;
    let mut waiting = Vec::with_capacity(spoiled.len() + cards.len());
    for row in spoiled {
        let (chip, chip_why) = spoiled_chip(desk, &row.serial)?;
        waiting.push((
            row.spoiled_ms,
            view::ToDestroy {
                id: blangko_id(&row.serial),
                serial: row.serial.to_string(),
                old_card: false,
                reason: for_window(&row.reason, &row.note),
                at: iso_ms(row.spoiled_ms).unwrap_or_default(),
                ticket: ticket_of(desk, row.permohonan)?,
                photo_id: photo_id(&row),
                photo_note: row.photo_note,
                chip,
                chip_why,
                berita_acara: None,
            },
        ));
    }
    for row in cards {
        waiting.push((
            row.withdrawn_ms,
            view::ToDestroy {
                id: card_id(row.permohonan),
                serial: domain::Nik::parse(&row.nik).map(|nik| nik.masked()).unwrap_or_default(),
                old_card: true,
                reason: row.condition,
                at: iso_ms(row.withdrawn_ms).unwrap_or_default(),
                ticket: ticket_of(desk, Some(row.permohonan))?,
                photo_id: None,
                photo_note: String::new(),
                chip: view::SpoiledChip::None,
                chip_why: None,
                berita_acara: None,
            },
        ));
    }
    waiting.sort_by_key(|(at, _)| *at);
    Ok(waiting.into_iter().map(|(_, piece)| piece).collect())
}

fn acts(desk: &Desk) -> Result<Vec<view::BeritaAcaraRow>> {
    let rows = desk.store.read(|look| look.berita_acara())?;
    rows.into_iter()
        .take(PAPERS)
        .map(|row| {
            let kept = desk.store.read(|look| look.destruction_photo(row.id))?;
            let signed = kept.as_ref().map(|kept| kept.document).filter(|document| *document != 0);
            Ok(view::BeritaAcaraRow {
                at: iso_ms(row.at_ms).unwrap_or_default(),
                count: row.pieces,
                document: paper_ref(desk, row.document)?,
                photo_id: kept.as_ref().and_then(|kept| super::destruction::photo_id(&row, kept)),
                photo_note: kept.map(|kept| kept.note).unwrap_or_default(),
                photo_paper: signed.map(|document| paper_ref(desk, document)).transpose()?,
                number: row.number,
            })
        })
        .collect()
}

/// A kept paper with its pages.
fn paper_ref(desk: &Desk, document: i64) -> Result<view::DocumentRef> {
    let pdf = desk.store.read(|look| look.document_pdf(document))?;
    let pages = u32::try_from(documents::page::pages(pdf)?).unwrap_or(u32::MAX);
    Ok(view::DocumentRef { document_id: document.to_string(), pages })
}

/// What was allotted and what of it arrived: by its numbers where they are known, else by the paper it came with.
fn allotments(desk: &Desk) -> Result<Vec<view::Allotment>> {
    let rows = desk.store.read(|look| look.allotments(u32::try_from(PAPERS).unwrap_or(u32::MAX)))?;
    rows.into_iter()
        .map(|row| {
            let first = first_of(&row.note).filter(|_| row.item.is_blangko());
            let range = first.as_ref().and_then(|first| range_from(first, row.quantity));
            let received = desk.store.read(|look| match &range {
                Some(range) => look.stock_arrived(row.item, range),
                None => look.stock_received_with(row.item, &row.document),
            })?;
            Ok(view::Allotment {
                item: item_view(row.item),
                allotment: row.document,
                first: first.map(|first| first.to_string()).unwrap_or_default(),
                count: row.quantity,
                at: iso_ms(row.at_ms).unwrap_or_default(),
                received,
            })
        })
        .collect()
}

/// The first number that an allotment names: `mulai 0718-224-901`, or the number alone.
fn first_of(note: &str) -> Option<NomorBlangko> {
    let note = note.trim();
    NomorBlangko::parse(note.strip_prefix("mulai ").unwrap_or(note)).ok()
}

fn range_from(first: &NomorBlangko, quantity: u32) -> Option<SerialRange> {
    let last = (1..quantity).try_fold(first.clone(), |number, _| number.successor())?;
    SerialRange::new(first.clone(), last).ok()
}

fn range_view(range: &SerialRange) -> view::SerialRange {
    view::SerialRange { from: range.first().to_string(), to: range.last().to_string(), count: range.count() }
}

fn kind_view(kind: MovementKind) -> view::MovementKind {
    use MovementKind as K;
    match kind {
        K::Received => view::MovementKind::Received,
        K::Loaded => view::MovementKind::Printing,
        K::Used | K::HeldUsed | K::Consumed => view::MovementKind::Used,
        K::SpoiledInPrinter | K::HeldSpoiled | K::SpoiledAfterUse | K::SpoiledInStore | K::AsideSpoiled => {
            view::MovementKind::Spoiled
        }
        K::Held => view::MovementKind::Held,
        K::Unloaded | K::HeldUnloaded => view::MovementKind::Released,
        K::Returned | K::SpoiledReturned => view::MovementKind::Returned,
        K::HeldMissing | K::LostAfterUse | K::Lost => view::MovementKind::Missing,
        K::Surplus | K::Found => view::MovementKind::Found,
        K::FoundCard | K::SetAside => view::MovementKind::Aside,
        K::Destroyed => view::MovementKind::Destroyed,
    }
}

#[cfg(test)]
mod tests {
    use domain::steps::print::SpoilReason;

    use super::*;

    /// 2026-11-27, a Friday.
    const FRIDAY: i64 = 20_784;

    #[test]
    fn weekends_and_a_day_that_is_not_over_count_only_when_something_was_used() {
        let day = jiff::civil::date(2026, 11, 27);
        let since = day.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
        assert_eq!(i64::from(since), FRIDAY, "the day of this test");
        let used = [(FRIDAY - 7, 10), (FRIDAY - 6, 4), (FRIDAY - 1, 6)];
        let days = per_working_day(&used, FRIDAY);
        assert_eq!(days, [10, 4, 0, 0, 0, 6], "a busy Saturday counts, the Sunday and today do not");
        assert_eq!(per_working_day(&[(FRIDAY, 3)], FRIDAY), [3], "today, once it has use");
        assert!(per_working_day(&[(FRIDAY - 40, 9)], FRIDAY).is_empty(), "what is long ago is no pace");
    }

    #[test]
    fn an_allotment_names_its_first_number() {
        let first = |note: &str| first_of(note).map(|number| number.to_string());
        assert_eq!(first("mulai 0718224901").as_deref(), Some("0718-224-901"), "as the feed keeps it");
        assert_eq!(first("mulai 0718-224-901").as_deref(), Some("0718-224-901"), "in groups");
        assert_eq!(first("0718224901").as_deref(), Some("0718-224-901"), "alone");
        assert_eq!(first("dikirim lewat kurir"), None, "other words name none");
    }

    #[test]
    fn the_window_has_words_for_what_holds_a_piece() {
        crate::words::assert_worded("held_reason.result_unknown");
        crate::words::assert_worded("held_reason.found_card");
        for reason in [SpoilReason::Factory, SpoilReason::Damaged, SpoilReason::Other] {
            assert!(store_reasons().iter().any(|known| known.code == reason.key()), "{reason:?} is offered");
        }
    }
}
