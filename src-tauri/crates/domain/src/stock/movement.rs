//! What is kept, where it can be, and how it gets from one place to another.

use serde::{Deserialize, Serialize};

use super::serial::{NomorBlangko, SerialRange};
use crate::Unsur;
use crate::biodata::Biodata;

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Returns the stable key, as in JSON and in the database.
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// Returns the value of a key; `None` for a key that this build does not know.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use keyed;

keyed!(
    /// What is kept in stock.
    Item {
        /// Preprinted empty cards of citizens, one by one by their number.
        Blangko = "blangko",
        /// Those of foreigners, which are orange, by their number too. Source: ktp-el §6.2.
        BlangkoWna = "blangko_wna",
        /// Colour ribbon, counted in prints left.
        Ribbon = "ribbon",
        /// Retransfer film, counted in prints left.
        Film = "film",
    }
);

impl Item {
    /// Both kinds of blangko: they move by their numbers, everything else by quantity.
    pub const BLANGKO: [Item; 2] = [Item::Blangko, Item::BlangkoWna];

    /// Says whether it moves by numbers.
    pub const fn is_blangko(self) -> bool {
        match self {
            Item::Blangko | Item::BlangkoWna => true,
            Item::Ribbon | Item::Film => false,
        }
    }

    /// Returns the blangko that the card of this person is printed on: by the citizenship that stands on it.
    pub fn for_card(biodata: &Biodata) -> Item {
        let citizenship = biodata.get(Unsur::Kewarganegaraan).unwrap_or_default();
        if citizenship.trim().eq_ignore_ascii_case("WNA") { Item::BlangkoWna } else { Item::Blangko }
    }
}

keyed!(
    /// Where a piece is.
    Account {
        /// Outside: not yet, or no longer, in this station's care. The only account that can be negative.
        Supplier = "supplier",
        /// In the store room (gudang), usable.
        Store = "store",
        /// Laid in: being printed now.
        Printer = "printer",
        /// Result unknown; held until somebody has looked.
        Held = "held",
        /// A good card.
        Used = "used",
        /// Spoiled, kept for destruction.
        Spoiled = "spoiled",
        /// Destroyed with a Berita Acara.
        Destroyed = "destroyed",
        /// Sent back to the office that supplied it.
        Returned = "returned",
        /// Not found: at a count, after a print whose result nobody knows, or on the shelf.
        Missing = "missing",
        /// Found again after it was missing, and somebody's card or half of one: it is at the station, nobody may use it, and it
        /// waits to be voided.
        Aside = "aside",
    }
);

keyed!(
    /// A movement; each goes from exactly one account to exactly one other.
    MovementKind {
        /// Came in with papers.
        Received = "received",
        /// Found at a count and never booked.
        Surplus = "surplus",
        /// Laid in for one card.
        Loaded = "loaded",
        /// Taken out untouched.
        Unloaded = "unloaded",
        /// Printed good.
        Used = "used",
        /// Printed bad.
        SpoiledInPrinter = "spoiled_in_printer",
        /// Nobody knows whether it was printed.
        Held = "held",
        /// Held, then found to be a good card.
        HeldUsed = "held_used",
        /// Held, then found spoiled.
        HeldSpoiled = "held_spoiled",
        /// Held, then found untouched.
        HeldUnloaded = "held_unloaded",
        /// Held, and not found.
        HeldMissing = "held_missing",
        /// A good card that turned out bad: at the quality check, or disputed at the hand-over.
        SpoiledAfterUse = "spoiled_after_use",
        /// A good card that lay on the shelf and is not found there.
        LostAfterUse = "lost_after_use",
        /// Spoiled before any print: factory fault, damage.
        SpoiledInStore = "spoiled_in_store",
        /// Ribbon or film used up by prints.
        Consumed = "consumed",
        /// Destroyed with a Berita Acara.
        Destroyed = "destroyed",
        /// Sent back unused.
        Returned = "returned",
        /// Sent back spoiled, for a factory fault.
        SpoiledReturned = "spoiled_returned",
        /// Not found at a count.
        Lost = "lost",
        /// Found again after it was missing.
        Found = "found",
        /// Found again after it was missing, and it went through a printer: no blank.
        FoundCard = "found_card",
        /// Somebody's card that the book has among the usable ones: its printer says that it came out after it had been called
        /// not printed. An upgrade writes it too, of such a piece that an older program had put back.
        SetAside = "set_aside",
        /// Found again and voided.
        AsideSpoiled = "aside_spoiled",
    }
);

impl MovementKind {
    /// Returns the account that loses.
    pub const fn from(self) -> Account {
        use MovementKind as K;
        match self {
            K::Received | K::Surplus => Account::Supplier,
            K::Loaded | K::SpoiledInStore | K::Consumed | K::Returned | K::Lost | K::SetAside => {
                Account::Store
            }
            K::Unloaded | K::Used | K::SpoiledInPrinter | K::Held => Account::Printer,
            K::HeldUsed | K::HeldSpoiled | K::HeldUnloaded | K::HeldMissing => Account::Held,
            K::SpoiledAfterUse | K::LostAfterUse => Account::Used,
            K::Destroyed | K::SpoiledReturned => Account::Spoiled,
            K::Found | K::FoundCard => Account::Missing,
            K::AsideSpoiled => Account::Aside,
        }
    }

    /// Returns the account that gains.
    pub const fn to(self) -> Account {
        use MovementKind as K;
        match self {
            K::Received | K::Surplus | K::Unloaded | K::HeldUnloaded | K::Found => Account::Store,
            K::Loaded => Account::Printer,
            K::Used | K::HeldUsed | K::Consumed => Account::Used,
            K::SpoiledInPrinter
            | K::HeldSpoiled
            | K::SpoiledAfterUse
            | K::SpoiledInStore
            | K::AsideSpoiled => Account::Spoiled,
            K::Held => Account::Held,
            K::HeldMissing | K::LostAfterUse | K::Lost => Account::Missing,
            K::FoundCard | K::SetAside => Account::Aside,
            K::Destroyed => Account::Destroyed,
            K::Returned | K::SpoiledReturned => Account::Returned,
        }
    }

    /// Returns the way a piece goes from one account to another, when there is exactly one that a person can mean.
    pub fn between(from: Account, to: Account) -> Option<Self> {
        // Surplus and ribbon have words of their own; a piece is received and used.
        Self::ALL
            .iter()
            .copied()
            .filter(|kind| !matches!(kind, MovementKind::Surplus | MovementKind::Consumed))
            .find(|kind| kind.from() == from && kind.to() == to)
    }
}

/// One movement. Blangko name their numbers, ribbon and film only a quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Movement {
    /// Pieces with numbers.
    Pieces {
        /// How.
        kind: MovementKind,
        /// Of which kind; every one of them.
        item: Item,
        /// Which.
        range: SerialRange,
    },
    /// Prints' worth of ribbon or film.
    Prints {
        /// How.
        kind: MovementKind,
        /// Ribbon or film.
        item: Item,
        /// How many prints.
        quantity: u32,
    },
}

impl Movement {
    /// Makes the movement of one piece of blangko.
    pub fn piece(kind: MovementKind, item: Item, number: NomorBlangko) -> Self {
        Movement::Pieces { kind, item, range: SerialRange::one(number) }
    }

    /// Returns what moves.
    pub const fn item(&self) -> Item {
        match self {
            Movement::Pieces { item, .. } | Movement::Prints { item, .. } => *item,
        }
    }

    /// Returns the kind, which says from which account to which.
    pub const fn kind(&self) -> MovementKind {
        match self {
            Movement::Pieces { kind, .. } | Movement::Prints { kind, .. } => *kind,
        }
    }

    /// Returns how much moves: pieces of blangko, or prints' worth of ribbon or film; a range counts both ends.
    pub fn quantity(&self) -> u32 {
        match self {
            Movement::Pieces { range, .. } => range.count(),
            Movement::Prints { quantity, .. } => *quantity,
        }
    }

    /// Returns the numbers of the pieces, both ends included; `None` for ribbon and film, which bear none.
    pub const fn range(&self) -> Option<&SerialRange> {
        match self {
            Movement::Pieces { range, .. } => Some(range),
            Movement::Prints { .. } => None,
        }
    }
}
