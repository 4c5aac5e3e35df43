//! Stock: blangko, ribbon and film, their counts, and the Berita Acara.
//!
//! Every change is a movement of the double-entry book; nothing is set to a number. A piece that a visit has in its hands
//! (in the printer, held, printed) moves only through that visit, so that book and visit say the same.

pub(crate) mod berita_acara;
mod count;
mod destruction;
mod disagreement;
mod page;
pub(crate) mod report;
mod serials;
mod spoilage;

use domain::permohonan::{Event, Refusal};
use domain::role::{Action, Witness};
use domain::steps::print::{PrintEvent, SpoilReason};
use domain::stock::{Account, Item, Movement, MovementKind, NomorBlangko, SerialRange, StockRefusal};
use store::{Act, Allotment, MovementNote};

use crate::session::Desk;
use crate::view;
use crate::{Error, News, Result, Station};

pub(crate) use report::of_blangko;
use spoilage::{for_window, spoil_reason_of};

/// A reason of spoilage by its key, in the words of papers.
pub(crate) fn spoil_words(key: &str) -> String {
    spoilage::on_paper(key, "")
}

/// Longest number of a paper.
const PAPER: usize = 60;

impl Station {
    /// The stock page.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn blangko(&self) -> Result<view::Blangko> {
        let desk = self.desk(Action::ReadQueue)?;
        self.blangko_view(&desk)
    }

    /// Takes a delivery into the book. `from` is the first number of blangko or `first-last`; empty for ribbon and film. Blangko
    /// of citizens and of foreigners are two items, and a piece stays of the one that it was received as.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no paper, no number, no range), `Store` (a number that is known; nothing of the
    /// delivery is booked).
    pub fn receive_stock(
        &self,
        item: view::StockItem,
        quantity: u32,
        from: &str,
        document: &str,
    ) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let document = paper(document)?;
        let movement = movement(MovementKind::Received, item, quantity, from)?;
        let act = Act::StockReceive {
            item: movement.item(),
            count: movement.quantity(),
            document: document.to_owned(),
        };
        let note = MovementNote { document: document.to_owned(), ..MovementNote::default() };
        self.move_by(&desk, act, &movement, &note)
    }

    /// Sends stock back to the office that supplied it, with a paper and a reason: from the store, or blangko of a factory
    /// fault that were voided unprinted; these no longer wait for a Berita Acara.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no paper, no number, a voided piece that is printed or without a factory fault),
    /// `Refused` (no reason), `Store` (neither all in the store nor all voided, too little).
    pub fn return_stock(
        &self,
        item: view::StockItem,
        quantity: u32,
        from: &str,
        document: &str,
        reason: &str,
    ) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let document = paper(document)?;
        let reason = words(reason)?;
        let mut movement = movement(MovementKind::Returned, item, quantity, from)?;
        if let Movement::Pieces { kind, range, .. } = &mut movement
            && desk.store.read(|look| look.blangko(range.first()))?.map(|row| row.account)
                == Some(Account::Spoiled)
        {
            expect_faulty(&desk, range)?;
            *kind = MovementKind::SpoiledReturned;
        }
        let act = Act::StockReturn {
            item: movement.item(),
            count: movement.quantity(),
            document: document.to_owned(),
        };
        let note = MovementNote {
            document: document.to_owned(),
            note: reason.to_owned(),
            ..MovementNote::default()
        };
        self.move_by(&desk, act, &movement, &note)
    }

    fn move_by(
        &self,
        desk: &Desk,
        act: Act,
        movement: &Movement,
        note: &MovementNote,
    ) -> Result<view::Blangko> {
        desk.transact(act, |tx| tx.move_stock(movement, note).map(drop))?;
        self.stock_moved(desk)
    }

    /// Voids a blangko that is bad before any print, or a piece that was missing and is found again, also before any count;
    /// another officer has seen it and gives the own password. One of the two is a supervisor.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number, password of the witness, neither is a supervisor), `SamePerson`, `Refused` (no reason),
    /// `Invalid` (no such reason), `Store` (the piece is neither in the store nor missing nor set aside).
    pub fn spoil_stock(
        &self,
        serial: &str,
        reason: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let serial = serials::one(serial)?;
        let (reason, note) = spoil_reason_of(reason)?;
        desk.store.read(|look| expect_unclaimed(look, &serial))?;
        let witness = self.void_witness(&desk, witness_id, witness_password)?;
        let act = Act::BlangkoSpoil { blangko: serial.clone(), reason };
        desk.transact(act, |tx| {
            // In the printer, held or printed it is spoiled by its visit.
            expect_unclaimed(tx, &serial)?;
            if let Some(row) = tx.blangko(&serial)?.filter(|row| row.account == Account::Missing) {
                // Found first: only then is it there to be voided, and both stand in the book.
                let card = tx.may_be_printed(&serial)?;
                let kind = if card { MovementKind::FoundCard } else { MovementKind::Found };
                for range in SerialRange::gather([serial.clone()]) {
                    let found = Movement::Pieces { kind, item: row.item, range };
                    tx.move_stock(&found, &MovementNote { note: note.clone(), ..MovementNote::default() })?;
                }
            }
            tx.spoil_blangko(&serial, None, reason, &note, &witness)
        })?;
        self.stock_moved(&desk)
    }

    /// Writes off ribbon or film that is bad before it printed anything: `quantity` prints' worth. Another officer has seen it
    /// and gives the own password; one of the two is a supervisor. Blangko are voided by their numbers.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (password of the witness, neither is a supervisor), `SamePerson`, `Refused` (no reason),
    /// `Invalid` (blangko, no such reason), `Store` (nothing, or more than is there).
    pub fn spoil_supply(
        &self,
        item: view::StockItem,
        quantity: u32,
        reason: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let item = match item_of(item) {
            Item::Blangko | Item::BlangkoWna => return Err(Error::Invalid { what: "item" }),
            item @ (Item::Ribbon | Item::Film) => item,
        };
        let (reason, note) = spoil_reason_of(reason)?;
        let movement = Movement::Prints { kind: MovementKind::SpoiledInStore, item, quantity };
        let witness = match self.void_witness(&desk, witness_id, witness_password)? {
            Witness::Officer { operator } => operator.to_string(),
            Witness::Family { .. } => return Err(Error::Invalid { what: "witness" }),
        };
        let note = MovementNote { note: for_window(reason.key(), &note), ..MovementNote::default() };
        let act = Act::StockSpoil { item, count: quantity, reason };
        desk.transact(act, |tx| {
            // No piece has a record of its own that names who saw it.
            tx.note("saksi", &witness);
            tx.move_stock(&movement, &note).map(drop)
        })?;
        self.stock_moved(&desk)
    }

    /// Writes down what a paper announces; nothing has arrived yet, and nothing is in the book. `from` as in
    /// [`Station::receive_stock`].
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no paper, no number, no range, this paper is noted already), `Store` (nothing is
    /// announced).
    pub fn allot_stock(
        &self,
        item: view::StockItem,
        quantity: u32,
        from: &str,
        document: &str,
    ) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let document = paper(document)?;
        let announced = movement(MovementKind::Received, item, quantity, from)?;
        let (item, count) = (announced.item(), announced.quantity());
        if count == 0 {
            return Err(store::Error::Stock { refusal: StockRefusal::Nothing }.into());
        }
        let already = || Error::not_now_with("stock_allotted", &[("paper", document.to_owned())]);
        if desk.store.read(|look| look.has_allotment(item, document))? {
            return Err(already());
        }
        // As the feed of the centre keeps it.
        let note = announced.range().map(|range| format!("mulai {}", range.first())).unwrap_or_default();
        let new = Allotment { item, quantity: count, document: document.to_owned(), note, at_ms: 0 };
        let act = Act::StockAllot { item, count, document: document.to_owned() };
        desk.transact(act, |tx| tx.add_allotment(&new))?;
        self.stock_moved(&desk)
    }

    /// Photographs a spoiled piece that waits for its Berita Acara; again replaces the picture.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number), `Device`, `Store` (the piece is not spoiled, or is destroyed).
    pub fn photograph_stock(&self, serial: &str) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let serial = serials::one(serial)?;
        desk.store.read(|look| expect_at(look, &serial, Account::Spoiled))?;
        let still = self.equipment.still(self.reading())?;
        desk.transact(Act::BlangkoPhoto { blangko: serial.clone() }, |tx| {
            expect_at(tx, &serial, Account::Spoiled)?;
            tx.set_spoiled_photo(&serial, "image/jpeg", &still.jpeg)
        })?;
        self.blangko_view(&desk)
    }

    /// A spoiled piece goes without its photograph, with the reason in words: only where no camera works.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number, a camera is there), `Refused` (no reason), `Store` (the piece is not
    /// spoiled, is destroyed, or has its photograph).
    pub fn leave_stock_photo(&self, serial: &str, note: &str) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let serial = serials::one(serial)?;
        desk.store.read(|look| expect_at(look, &serial, Account::Spoiled))?;
        self.keep_photo_note(&desk, &serial, note)?;
        self.blangko_view(&desk)
    }

    /// Makes the chip of a spoiled card that waits for its Berita Acara unusable: the card lies on the reader, or in the
    /// feeder of the printer that has one.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number, what stood in the way), `Store` (the piece is not spoiled).
    pub fn end_stock_chip(&self, serial: &str, at: view::ChipPlace) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let serial = serials::one(serial)?;
        desk.store.read(|look| expect_at(look, &serial, Account::Spoiled))?;
        self.end_chip_now(&desk, &serial, at)?;
        self.blangko_view(&desk)
    }

    /// A held piece that somebody has looked at and found untouched goes back to the store; its visit hears of it and can
    /// be printed again.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (no number, its chip was begun, the printer still has the order), `Refused` (no note, the visit does not allow it, or not a printing
    /// officer), `Store` (the piece is not held).
    pub fn release_stock(&self, serial: &str, note: &str) -> Result<view::Blangko> {
        let desk = self.desk(Action::KeepBlangko)?;
        let serial = serials::one(serial)?;
        let note = words(note)?;
        let row = desk.store.read(|look| {
            expect_at(look, &serial, Account::Held)?;
            look.blangko(&serial)
        })?;
        let visit = row.and_then(|row| row.permohonan).ok_or(Error::NotFound { what: "permohonan" })?;
        let mut visit = self.visit_in_hand(&desk, &visit.to_string())?;
        let its_own = visit.state.print.job.as_ref().is_some_and(|job| job.blangko == serial);
        if !its_own {
            return Err(Refusal::NothingUnderWay.into());
        }
        self.refuse_if_chip_begun(&desk, &visit)?;
        let event = Event::Print(PrintEvent::NotPrinted { note: note.to_owned() });
        // Whoever may not say so does not call it off either.
        self.ask(&desk, &visit, event.clone())?;
        if let Some(job) = &visit.state.print.job {
            self.let_go_for_good(&desk, &visit, job.job)?;
        }
        self.perform(&desk, &mut visit, event, |_| Ok(()))?;
        self.forget_faces(&desk.store);
        self.stock_moved(&desk)
    }

    /// Tells the windows that the stock moved, and answers with the page.
    fn stock_moved(&self, desk: &Desk) -> Result<view::Blangko> {
        self.news.tell(News::Strip);
        self.blangko_view(desk)
    }
}

/// The core's word for what the window names.
pub(crate) fn item_of(item: view::StockItem) -> Item {
    match item {
        view::StockItem::Blangko => Item::Blangko,
        view::StockItem::BlangkoWna => Item::BlangkoWna,
        view::StockItem::Ribbon => Item::Ribbon,
        view::StockItem::Film => Item::Film,
    }
}

/// The same, back to the window.
pub(crate) fn item_view(item: Item) -> view::StockItem {
    match item {
        Item::Blangko => view::StockItem::Blangko,
        Item::BlangkoWna => view::StockItem::BlangkoWna,
        Item::Ribbon => view::StockItem::Ribbon,
        Item::Film => view::StockItem::Film,
    }
}

/// What is kept, as papers call it.
pub(crate) fn words_of_item(item: Item) -> &'static str {
    match item {
        Item::Blangko => "Blangko WNI",
        Item::BlangkoWna => "Blangko WNA",
        Item::Ribbon => "Pita",
        Item::Film => "Film transfer",
    }
}

/// Blangko move by their numbers, ribbon and film by a quantity.
fn movement(kind: MovementKind, item: view::StockItem, quantity: u32, from: &str) -> Result<Movement> {
    match item_of(item) {
        item @ (Item::Blangko | Item::BlangkoWna) => {
            Ok(Movement::Pieces { kind, item, range: serials::range(from, quantity)? })
        }
        item @ (Item::Ribbon | Item::Film) => Ok(Movement::Prints { kind, item, quantity }),
    }
}

fn expect_at(look: &store::View<'_>, serial: &NomorBlangko, needed: Account) -> store::Result<()> {
    let at = look.blangko(serial)?.map(|row| row.account);
    if at == Some(needed) {
        return Ok(());
    }
    Err(store::Error::Stock { refusal: StockRefusal::NotThere { serial: serial.clone(), at, needed } })
}

/// No visit has this piece in its hands: it is in the store, was missing until now, or is a card that was found again and set
/// aside.
fn expect_unclaimed(look: &store::View<'_>, serial: &NomorBlangko) -> store::Result<()> {
    match look.blangko(serial)?.map(|row| row.account) {
        Some(Account::Aside | Account::Missing) => Ok(()),
        _ => expect_at(look, serial, Account::Store),
    }
}

/// Only a blank leaves the station spoiled: a card whose face or chip was written carries somebody's data and is
/// destroyed here.
fn expect_faulty(desk: &Desk, range: &SerialRange) -> Result<()> {
    for serial in range.iter() {
        let (record, chip, printed) = desk.store.read(|look| {
            expect_at(look, &serial, Account::Spoiled)?;
            Ok((look.spoiled(&serial)?, look.chip_write(&serial)?, look.may_be_printed(&serial)?))
        })?;
        let faulty = chip.is_none()
            && !printed
            && record.is_some_and(|row| row.permohonan.is_none() && row.reason == SpoilReason::Factory.key());
        if !faulty {
            return Err(Error::not_now_with("stock_not_faulty", &[("serial", serial.to_string())]));
        }
    }
    Ok(())
}

/// Number of the paper that comes with a movement.
fn paper(document: &str) -> Result<&str> {
    let document = document.trim();
    if document.is_empty() || document.chars().count() > PAPER {
        return Err(Error::not_now("stock_paper"));
    }
    Ok(document)
}

/// Words that somebody must give.
fn words(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() { Err(Refusal::ReasonMissing.into()) } else { Ok(text) }
}
