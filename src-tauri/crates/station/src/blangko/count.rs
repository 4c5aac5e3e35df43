//! A count against the book. What differs waits, on disk, for an explanation; until then the book is as it was.

use std::collections::BTreeSet;

use domain::role::Action;
use domain::stock::{
    Account, CountDifference, Item, Movement, NomorBlangko, SerialRange, compare_count, compare_pieces,
};
use serde::{Deserialize, Serialize};
use store::{Act, StockCount};

use super::{item_of, item_view, serials, words};
use crate::session::Desk;
use crate::view;
use crate::visit::{iso_ms, to_json};
use crate::{Error, Result, Station};

/// What was counted and is not explained yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OpenCount {
    at_ms: i64,
    /// Newest line of the book when it was counted; one more, and the count says nothing any longer.
    head: i64,
    /// The pieces that were seen.
    seen: Vec<SerialRange>,
    /// Prints of ribbon or film; pieces of blangko.
    counted: u32,
}

/// A piece that was seen on the shelf while the book has it elsewhere than in the store or missing, or in the other kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Elsewhere {
    serial: NomorBlangko,
    account: Account,
    /// The kind that the book has it in, when it is not the one that was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other: Option<Item>,
}

/// Book and shelf, held against each other.
struct Compared {
    booked: u32,
    counted: u32,
    difference: CountDifference,
    elsewhere: Vec<Elsewhere>,
    was_missing: BTreeSet<NomorBlangko>,
    /// Those of `was_missing` that were seen and went through a printer: somebody's cards, which become no stock.
    cards: BTreeSet<NomorBlangko>,
    head: i64,
}

/// A difference as the count keeps it.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(flatten)]
    difference: &'a CountDifference,
    #[serde(skip_serializing_if = "<[Elsewhere]>::is_empty")]
    elsewhere: &'a [Elsewhere],
}

impl Compared {
    fn agrees(&self) -> bool {
        self.booked == self.counted && self.difference.agrees() && self.elsewhere.is_empty()
    }

    /// What the store will hold once it is explained. A piece that the book has elsewhere stays where the book has it.
    fn after(&self, item: Item) -> u32 {
        match item {
            Item::Blangko | Item::BlangkoWna => self
                .booked
                .saturating_add(number(self.difference.surplus.len()))
                .saturating_sub(number(self.cards.len()))
                .saturating_sub(number(self.difference.missing.len())),
            Item::Ribbon | Item::Film => self.counted,
        }
    }

    fn movements(&self, item: Item) -> Vec<Movement> {
        match item {
            Item::Blangko | Item::BlangkoWna => {
                self.difference.movements(item, &self.was_missing, &self.cards)
            }
            Item::Ribbon | Item::Film => compare_count(item, self.booked, self.counted).into_iter().collect(),
        }
    }

    fn lines(&self) -> Vec<view::CountDifference> {
        let (found, unknown): (Vec<_>, Vec<_>) =
            self.difference.surplus.iter().cloned().partition(|serial| self.was_missing.contains(serial));
        let mut lines = gathered(self.difference.missing.clone(), "on_hand", false);
        let (cards, found) = found.into_iter().partition(|serial| self.cards.contains(serial));
        lines.extend(gathered(found, "missing", true));
        lines.extend(gathered(cards, "card", true));
        lines.extend(gathered(unknown, "unknown", true));
        for account in Account::ALL.iter().copied() {
            let of = self.elsewhere.iter().filter(|one| one.account == account && one.other.is_none());
            lines.extend(gathered(of.map(|one| one.serial.clone()).collect(), account_key(account), true));
        }
        for item in Item::BLANGKO {
            let of = self.elsewhere.iter().filter(|one| one.other == Some(item));
            lines.extend(gathered(of.map(|one| one.serial.clone()).collect(), item.key(), true));
        }
        lines
    }
}

impl Station {
    /// Holds what was counted against the book: numbers or ranges `first-last` of blangko (`0` for none at all), one number
    /// of prints for ribbon and film. Agreement is written down; a difference is kept and waits.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number, no range), `Store`.
    pub fn count_stock(&self, item: view::StockItem, counted: &[String]) -> Result<view::CountReport> {
        let desk = self.desk(Action::KeepBlangko)?;
        let item = item_of(item);
        let (seen, quantity) = seen_of(item, counted)?;
        let compared = compare(&desk, item, &seen, quantity)?;
        let now_ms = desk.now.as_millisecond();
        let open = OpenCount { at_ms: now_ms, head: compared.head, seen, counted: compared.counted };
        let agrees = compared.agrees();
        let kept = if agrees { "null".to_owned() } else { to_json("count", &open)? };
        let count = StockCount {
            item,
            booked: compared.booked,
            counted: compared.counted,
            difference_json: "{}".to_owned(),
            explanation: String::new(),
            at_ms: 0,
        };
        desk.transact(act(item, &compared), |tx| {
            tx.set_setting(setting(item), &kept)?;
            if agrees { tx.count_stock(&count, &[]) } else { Ok(()) }
        })?;
        Ok(report(item, &open, &compared))
    }

    /// Explains the difference of the last count: only now the book moves, and the words stand beside each line.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (nothing to explain, the book moved since), `Refused` (no words), `Store`.
    pub fn explain_count(&self, item: view::StockItem, explanation: &str) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let item = item_of(item);
        let explanation = words(explanation)?;
        let open = open_count(&desk, item)?.ok_or_else(|| Error::not_now("stock_no_count"))?;
        let compared = compare(&desk, item, &open.seen, open.counted)?;
        if compared.head != open.head {
            return Err(Error::not_now("stock_count_outdated"));
        }
        let kept = Kept { difference: &compared.difference, elsewhere: &compared.elsewhere };
        let count = StockCount {
            item,
            booked: compared.booked,
            counted: compared.after(item),
            difference_json: to_json("count", &kept)?,
            explanation: explanation.to_owned(),
            at_ms: 0,
        };
        let movements = compared.movements(item);
        desk.transact(act(item, &compared), |tx| {
            tx.set_setting(setting(item), "null")?;
            tx.count_stock(&count, &movements)
        })?;
        self.stock_moved(&desk)
    }

    /// The count that waits for its explanation, as it stands against the book now.
    pub(super) fn open_count_view(&self, desk: &Desk) -> Result<Option<view::CountReport>> {
        for item in Item::ALL.iter().copied() {
            if let Some(open) = open_count(desk, item)? {
                let compared = compare(desk, item, &open.seen, open.counted)?;
                return Ok(Some(report(item, &open, &compared)));
            }
        }
        Ok(None)
    }
}

fn setting(item: Item) -> &'static str {
    match item {
        Item::Blangko => "stock.count.blangko",
        Item::BlangkoWna => "stock.count.blangko_wna",
        Item::Ribbon => "stock.count.ribbon",
        Item::Film => "stock.count.film",
    }
}

fn act(item: Item, compared: &Compared) -> Act {
    Act::StockCount {
        item,
        counted: compared.counted,
        difference: i64::from(compared.counted) - i64::from(compared.booked),
    }
}

fn open_count(desk: &Desk, item: Item) -> Result<Option<OpenCount>> {
    let Some(json) = desk.store.read(|look| look.setting(setting(item)))? else { return Ok(None) };
    serde_json::from_str(&json).map_err(|source| Error::Stored { what: "count", source })
}

/// The pieces that were seen, and how many; twins count once.
fn seen_of(item: Item, counted: &[String]) -> Result<(Vec<SerialRange>, u32)> {
    if !item.is_blangko() {
        let quantity = counted.first().and_then(|text| text.trim().parse().ok());
        return Ok((Vec::new(), quantity.ok_or_else(|| Error::not_now("stock_number"))?));
    }
    if counted.len() == 1 && counted.first().is_some_and(|text| text.trim() == "0") {
        return Ok((Vec::new(), 0));
    }
    let mut pieces = BTreeSet::new();
    for text in counted {
        pieces.extend(serials::span(text)?.iter());
    }
    if pieces.is_empty() {
        return Err(Error::not_now("stock_serial"));
    }
    let quantity = number(pieces.len());
    Ok((SerialRange::gather(pieces), quantity))
}

fn compare(desk: &Desk, item: Item, seen: &[SerialRange], counted: u32) -> Result<Compared> {
    Ok(desk.store.read(|look| {
        let head = look.stock_head(item)?;
        if !item.is_blangko() {
            let booked = u32::try_from(look.stock_balance(item, Account::Store)?).unwrap_or(0);
            let (difference, elsewhere, was_missing, cards) = Default::default();
            return Ok(Compared { booked, counted, difference, elsewhere, was_missing, cards, head });
        }
        let booked = look.serials_of(item, Account::Store)?;
        let was_missing = look.serials_of(item, Account::Missing)?;
        let seen: BTreeSet<NomorBlangko> = seen.iter().flat_map(SerialRange::iter).collect();
        let mut difference = compare_pieces(&booked, &seen);
        let mut elsewhere = Vec::new();
        let mut surplus = Vec::new();
        let mut cards = BTreeSet::new();
        for serial in std::mem::take(&mut difference.surplus) {
            match look.blangko(&serial)? {
                None => surplus.push(serial),
                Some(row) if row.item == item && row.account == Account::Missing => {
                    if look.may_be_printed(&serial)? {
                        cards.insert(serial.clone());
                    }
                    surplus.push(serial);
                }
                Some(row) => elsewhere.push(Elsewhere {
                    serial,
                    account: row.account,
                    other: (row.item != item).then_some(row.item),
                }),
            }
        }
        difference.surplus = surplus;
        Ok(Compared {
            booked: number(booked.len()),
            counted,
            difference,
            elsewhere,
            was_missing,
            cards,
            head,
        })
    })?)
}

fn report(item: Item, open: &OpenCount, compared: &Compared) -> view::CountReport {
    view::CountReport {
        item: item_view(item),
        expected: compared.booked,
        counted: open.counted,
        differences: compared.lines(),
        at: iso_ms(open.at_ms).unwrap_or_default(),
        outdated: compared.head != open.head,
    }
}

fn gathered(serials: Vec<NomorBlangko>, account: &str, found: bool) -> Vec<view::CountDifference> {
    SerialRange::gather(serials)
        .into_iter()
        .map(|range| view::CountDifference {
            from: range.first().to_string(),
            to: range.last().to_string(),
            count: range.count(),
            account: account.to_owned(),
            found,
        })
        .collect()
}

/// The window's word for where a piece is.
fn account_key(account: Account) -> &'static str {
    match account {
        Account::Store => "on_hand",
        Account::Printer => "printing",
        Account::Supplier => "unknown",
        Account::Held
        | Account::Used
        | Account::Spoiled
        | Account::Destroyed
        | Account::Returned
        | Account::Missing
        | Account::Aside => account.key(),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_every_place_and_every_refusal_in_both_languages() {
        for account in Account::ALL {
            crate::words::assert_worded(&format!("blangko.account_{}", account_key(*account)));
        }
        for item in Item::BLANGKO {
            crate::words::assert_worded(&format!("blangko.account_{}", item.key()));
        }
        crate::words::assert_worded("blangko.account_card");
        for key in ["stock_no_count", "stock_count_outdated", "stock_number"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn what_is_counted_is_read_as_numbers_ranges_a_quantity_or_nothing() {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (seen, count) = seen_of(Item::Blangko, &texts(&["0002", "0001-0003", "0009"])).unwrap();
        assert_eq!((seen.len(), count), (2, 4), "a number typed twice is one piece");
        assert_eq!(seen_of(Item::Blangko, &texts(&["0"])).unwrap(), (Vec::new(), 0), "none is an answer");
        assert!(seen_of(Item::Blangko, &[]).is_err(), "no answer is not none");
        assert_eq!(seen_of(Item::Film, &texts(&[" 380 "])).unwrap().1, 380, "prints");
        assert!(seen_of(Item::Ribbon, &texts(&["banyak"])).is_err(), "no number");
    }
}
