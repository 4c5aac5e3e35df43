//! A count against the book: a difference is explained by a movement, never written over.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::movement::{Item, Movement, MovementKind};
use super::serial::{NomorBlangko, SerialRange};

/// What a count found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountDifference {
    /// In the book and not on the shelf.
    pub missing: Vec<NomorBlangko>,
    /// On the shelf and not in the book.
    pub surplus: Vec<NomorBlangko>,
}

impl CountDifference {
    /// Says whether book and shelf agree.
    pub fn agrees(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty()
    }

    /// Returns the movements that explain it: what is missing is lost, what was missing before is found, the rest is
    /// surplus. `item` is the kind that was counted, `was_missing` are its pieces that stand in the account of missing ones,
    /// `cards` those of them that went through a printer: found, they are set aside and are no stock.
    pub fn movements(
        &self,
        item: Item,
        was_missing: &BTreeSet<NomorBlangko>,
        cards: &BTreeSet<NomorBlangko>,
    ) -> Vec<Movement> {
        let of = |kind, numbers: Vec<NomorBlangko>| {
            SerialRange::gather(numbers).into_iter().map(move |range| Movement::Pieces { kind, item, range })
        };
        let (found, surplus): (Vec<_>, Vec<_>) =
            self.surplus.iter().cloned().partition(|serial| was_missing.contains(serial));
        let (cards, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|serial| cards.contains(serial));
        of(MovementKind::Lost, self.missing.clone())
            .chain(of(MovementKind::Found, found))
            .chain(of(MovementKind::FoundCard, cards))
            .chain(of(MovementKind::Surplus, surplus))
            .collect()
    }
}

/// Compares the pieces of the book with the pieces that were seen.
pub fn compare_pieces(booked: &BTreeSet<NomorBlangko>, seen: &BTreeSet<NomorBlangko>) -> CountDifference {
    CountDifference {
        missing: booked.difference(seen).cloned().collect(),
        surplus: seen.difference(booked).cloned().collect(),
    }
}

/// Compares a counted quantity of ribbon or film with the book; the movement explains the difference, `None` when there
/// is none or for blangko, which are compared piece by piece.
pub fn compare_count(item: Item, booked: u32, counted: u32) -> Option<Movement> {
    if item.is_blangko() || booked == counted {
        return None;
    }
    let kind = if counted < booked { MovementKind::Lost } else { MovementKind::Surplus };
    Some(Movement::Prints { kind, item, quantity: booked.abs_diff(counted) })
}
