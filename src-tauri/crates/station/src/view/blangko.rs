//! Stock: blangko, ribbon and film; the ledger; the Berita Acara.

use super::desk::Why;
use super::ledger::DocumentRef;
use super::visit::ReasonText;
use super::words::*;

view! {
    /// Consecutive serial numbers.
    SerialRange { from: String, to: String, count: u32 }
    /// One item. `held` waits for somebody to look, `aside` was missing, is found and waits to be voided; `days_left` is absent
    /// without enough history.
    StockItemView {
        item: StockItem, on_hand: u32, printing: u32, held: u32, spoiled: u32, missing: u32, aside: u32, used_today: u32,
        used_month: u32, days_left: Option<u32>, reorder_point: u32, level: StockLevel, last_received: Option<u32>, last_received_at: Option<String>,
        last_counted_at: Option<String>,
    }
    /// One line of the ledger, newest first; `balance` is what was on hand after it.
    Movement {
        number: u32, at: String, kind: MovementKind, item: StockItem, quantity: u32, serials: Vec<SerialRange>, document: String,
        reason: String, officer: String, ticket: String, balance: u32,
    }
    /// A spoiled blangko or a withdrawn card that waits for its Berita Acara, or has one.
    /// `photo_note` says why it has no photograph, `chip_why` why its chip still lives.
    ToDestroy {
        id: String, serial: String, old_card: bool, reason: String, at: String, ticket: String, photo_id: Option<String>,
        photo_note: String, chip: SpoiledChip, chip_why: Option<Why>, berita_acara: Option<String>,
    }
    /// A Berita Acara that was made. `photo_id` names the photograph of its destruction, `photo_note` says why there is none,
    /// `photo_paper` is its paper once it is signed off.
    BeritaAcaraRow {
        number: String, at: String, count: u32, document: DocumentRef, photo_id: Option<String>, photo_note: String,
        photo_paper: Option<DocumentRef>,
    }
    /// What the centre allotted and what of it arrived.
    Allotment { item: StockItem, allotment: String, first: String, count: u32, at: String, received: u32 }
    /// Numbers that a count found otherwise than the book: `account` is where the book has them (`on_hand`, `printing`,
    /// `held`, `used`, `spoiled`, `destroyed`, `returned`, `missing`, `aside`, `unknown`; `card` when it is missing there and went
    /// through a printer; `blangko` and `blangko_wna` when it is of the kind that was not counted), `found` says whether they were there.
    CountDifference { from: String, to: String, count: u32, account: String, found: bool }
    /// Result of a count: differences wait for an explanation, nothing was overwritten.
    /// `outdated`: the book moved since, so that it must be counted again.
    CountReport {
        item: StockItem, expected: u32, counted: u32, differences: Vec<CountDifference>, at: String, outdated: bool,
    }
    /// A blangko that waits until somebody has looked (`reason` is `result_unknown`), or a card that is set aside and waits to be
    /// voided (`found_card`): it was missing and is found, or came out of the printer after all.
    HeldPiece { serial: String, at: String, reason: String, ticket: String }
    /// A witness of a destruction.
    DestructionWitness { name: String, position: String, office: String }
    /// The stock page. `ranges` are the numbers in stock of citizens' blangko, `ranges_wna` of foreigners'. `camera` says whether a
    /// spoiled piece can be photographed here, `chip_place` where its chip can be ended.
    Blangko {
        items: Vec<StockItemView>, ranges: Vec<SerialRange>, ranges_wna: Vec<SerialRange>, movements: Vec<Movement>, held: Vec<HeldPiece>,
        aside: Vec<HeldPiece>, to_destroy: Vec<ToDestroy>,
        acts: Vec<BeritaAcaraRow>, allotments: Vec<Allotment>, agrees: bool, disagreement: Option<String>,
        reasons: Vec<ReasonText>, open_count: Option<CountReport>, can_keep: bool, can_release: bool,
        can_destroy: bool, camera: bool, chip_place: Option<ChipPlace>,
    }
}
