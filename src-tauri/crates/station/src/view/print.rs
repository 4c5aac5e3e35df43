//! Step 8: the card, its blangko, its chip; and the print queue.

use super::desk::Why;
use super::visit::ReasonText;
use super::words::*;

view! {
    /// One row of the print queue, in the order of printing. `needs` is the kind of blangko that its card is printed on.
    PrintQueueRow {
        id: String, ticket: String, name: String, masked_nik: String, state: QueueJob, priority: Priority,
        priority_reason: String, waiting_seconds: u32, print_from: Option<String>, needs: StockItem,
    }
    /// One kind of blangko beside the printer; `days` is the forecast in working days, absent without enough history.
    BlangkoBrief {
        on_hand: u32, days: Option<u32>, reorder_point: u32, level: StockLevel, received: Option<u32>,
        received_at: Option<String>, spoiled_month: u32, spent_month: u32,
    }
    /// Stock beside the printer; `blangko` and what follows is of the kind that the card needs, of citizens' where no card is
    /// looked at. `days` is the forecast in working days, absent without enough history; ribbon and film are
    /// what the ledger says, `printer_ribbon` what the printer says of itself; `ribbon_note` is what follows of both.
    /// `printer_warnings` is what else the printer wants seen to soon (`card.warning.<key>`); it prints all the same.
    StockBrief {
        blangko: u32, days: Option<u32>, reorder_point: u32, level: StockLevel, agrees: bool,
        received: Option<u32>, received_at: Option<String>, ribbon: Option<u32>, film: Option<u32>,
        printer_ribbon: Option<u32>, printer_film: Option<u32>, ribbon_note: Option<SupplyNote>, film_note: Option<SupplyNote>,
        printer_warnings: Vec<String>, shelf: u32, spoiled_month: u32, spent_month: u32,
    }
    /// The card in the printer. `why` is the printer's reason in words; `stage` is how far a card has come whose chip is
    /// written inside the printer; `inside` says that it may still be in there and that the printer can bring it out.
    CardJob {
        job_id: String, serial: String, state: CardJobState, printer: String, started_at: String, why: Option<Why>,
        stage: Option<CardStage>, inside: bool,
    }
    /// The chip of the card. `written` of `total` writes are confirmed; `log` is the digest of the signed log;
    /// `without` names what the chip goes without (`card.chip_without.<key>`).
    ChipView {
        state: ChipState, uid: String, profile: String, written: u32, total: u32, log: Option<String>, note: String,
        without: Vec<String>, why: Option<Why>,
    }
    /// A blangko that was spoiled on this visit. `photo_note` says why it has no photograph, `chip_why` why its chip still
    /// lives; empty where nobody has said or tried.
    SpoiledView {
        serial: String, reason: String, at: String, photo_id: Option<String>, photo_note: String, witness: Option<String>,
        chip: SpoiledChip, chip_why: Option<Why>,
    }
    /// Millimetres by which a printer is off, and which printer.
    PrinterOffset { printer: String, #[specta(type = u32)] x_mm: f32, #[specta(type = u32)] y_mm: f32 }
    /// An element of which the centre's record says something else than the form that was verified at step 3.
    CardDifference { label: String, form: String, record: String }
    /// Step 8. `needs` is the kind of blangko that this card is printed on, `card` is the serial of the good card;
    /// `missing` names what the card face still lacks (`print.missing.<key>`);
    /// `differs` is what the centre's record says otherwise than the verified form: until it does not, nothing is printed;
    /// `withdrawn` says that the centre has taken PRINT_READY_RECORD back: nothing is begun, and what is begun is kept;
    /// `camera` says whether a spoiled card can be photographed here: without, a reason is asked for; `one_go` says that the
    /// chip is written inside the printer, before the face; `chip_place` is where the chip of a spoiled card can be ended.
    CardPrint {
        id: String, name: String, needs: StockItem, next_serial: Option<String>, job: Option<CardJob>, card: Option<String>, chip: ChipView,
        one_go: bool, spoiled: Vec<SpoiledView>, chip_place: Option<ChipPlace>, camera: bool, spoil_reasons: Vec<ReasonText>, missing: Vec<String>, differs: Vec<CardDifference>,
        queue: Vec<PrintQueueRow>, stock: StockBrief, printer: Option<String>, printer_why: Option<Why>,
        offset: PrinterOffset, shelf: String, can_start: bool, start_why: Option<Why>, can_accept: bool, accept_why: Option<Why>,
        withdrawn: Option<Why>,
    }
    /// The print queue as a page of its own. `foreigners` are the blangko for foreigners beside those of `stock`, where any were
    /// ever booked in or a card of the queue needs one.
    PrintQueue { rows: Vec<PrintQueueRow>, stock: StockBrief, foreigners: Option<BlangkoBrief>, printer: Option<String>, printer_why: Option<Why>, offset: PrinterOffset }
}
