//! What the core orders of the store at steps 6–9, performed inside the act that the order belongs to.

use crate::table::{CardJobState, CardOutcome, ChipState, MovementNote};
use crate::{Result, Tx};
use domain::ids::PermohonanId;
use domain::permohonan::{CardNews, Effect};
use domain::steps::print::SpoilReason;
use domain::stock::{Account, Item, Movement, MovementKind, NomorBlangko};

impl Tx<'_> {
    /// Performs one effect of the core, as far as it is the store's. Returns false for those that others perform: the line
    /// itself, papers, form and packet.
    ///
    /// # Errors
    /// The whole act is undone. [`crate::Error::Stock`] when the ledger does not allow it; [`crate::Error::NoSuchRow`] when
    /// the order, the chip's journal or the place in the queue that it speaks of is not there; [`crate::Error::Stored`] for a
    /// value that the store does not take; [`crate::Error::Sql`].
    pub fn perform_effect(&self, permohonan: PermohonanId, effect: &Effect) -> Result<bool> {
        match effect {
            Effect::HoldForAge { until } => self.hold_for_age(permohonan, *until)?,
            Effect::JoinPrintQueue { priority, reason } => {
                self.join_print_queue(permohonan, *priority, reason)?
            }
            Effect::LeavePrintQueue => self.leave_print_queue(permohonan)?,
            Effect::PrintCard { job, blangko, printer } => {
                self.move_piece(MovementKind::Loaded, blangko, Some(permohonan), "")?;
                self.start_card_job(*job, permohonan, blangko, printer)?;
            }
            Effect::SpendBlangko { job, blangko } => {
                let kind = self.out_of(blangko, MovementKind::Used, MovementKind::HeldUsed)?;
                self.move_piece(kind, blangko, Some(permohonan), "")?;
                self.spend_prints(Some(permohonan), "")?;
                self.close_card_job(*job, CardOutcome::Printed)?;
            }
            Effect::PutBackBlangko { job, blangko } => {
                let kind = self.out_of(blangko, MovementKind::Unloaded, MovementKind::HeldUnloaded)?;
                self.move_piece(kind, blangko, Some(permohonan), "")?;
                self.close_card_job(*job, CardOutcome::NotPrinted)?;
            }
            Effect::HoldBlangko { job, blangko } => {
                self.move_piece(MovementKind::Held, blangko, Some(permohonan), "")?;
                self.report_card_job(*job, CardJobState::Unknown, "")?;
            }
            Effect::SpoilBlangko { blangko, reason, note, witness } => {
                let at = self.blangko(blangko)?.map(|row| row.account);
                self.spoil_blangko(blangko, Some(permohonan), *reason, note, witness)?;
                // A card that was printed before took its ribbon then; one whose chip failed inside the printer took none.
                if matches!(at, Some(Account::Printer | Account::Held)) && *reason != SpoilReason::Chip {
                    self.spend_prints(Some(permohonan), "")?;
                }
            }
            Effect::MissBlangko { blangko, note, .. } => {
                let kind = self.out_of(blangko, MovementKind::LostAfterUse, MovementKind::HeldMissing)?;
                self.move_piece(kind, blangko, Some(permohonan), note)?;
                self.close_job_on(blangko, CardOutcome::Missing)?;
                // Its chip cannot be ended: it is not here. What was under way on it is over.
                if let Some(chip) = self.chip_write(blangko)?.filter(|chip| chip.ended_ms == 0) {
                    self.set_chip_write(chip.id, ChipState::Void, "missing", &[])?;
                }
            }
            Effect::RenumberCard { job, booked, blangko } => {
                self.renumber_card(permohonan, *job, booked, blangko)?
            }
            Effect::ExchangeCards { job, with } => self.exchange_cards(*job, *with)?,
            Effect::ShelveCard { place } => self.shelve(permohonan, place)?,
            Effect::LeaveShelf => self.unshelve(permohonan)?,
            Effect::WithdrawOldCard { condition, place, .. } => {
                self.withdraw_card(permohonan, condition, place)?
            }
            Effect::NotifyCentre { news, job, blangko } => {
                self.add_card_report(permohonan, *job, *news, blangko.as_ref())?;
                if *news == CardNews::Active {
                    self.set_handed_over(permohonan)?;
                }
            }
            Effect::RegisterLine { .. }
            | Effect::PrintReturnSlip { .. }
            | Effect::RenderForm
            | Effect::SealPacket
            | Effect::EnqueuePacket { .. }
            | Effect::PrintPickupSlip
            | Effect::IssueSuket { .. } => return Ok(false),
        }
        fail::fail_point!("store::effects::performed");
        Ok(true)
    }

    /// Moves one piece between two accounts of the ledger; `note` stands beside the line, empty for none.
    ///
    /// # Errors
    /// [`crate::Error::Stock`] when the piece is not where `kind` takes it from; [`crate::Error::NoSuchRow`] when the book has
    /// no such piece; [`crate::Error::Sql`]. The act is undone.
    pub fn move_piece(
        &self,
        kind: MovementKind,
        serial: &NomorBlangko,
        permohonan: Option<PermohonanId>,
        note: &str,
    ) -> Result<()> {
        let beside = MovementNote { permohonan, note: note.to_owned(), ..MovementNote::default() };
        self.move_stock(&Movement::piece(kind, self.item_of(serial)?, serial.clone()), &beside).map(drop)
    }

    /// Books the ribbon and the film of a print that made nobody's card; `note` says what it was for.
    ///
    /// # Errors
    /// [`crate::Error::Stock`] when ribbon or film is booked and too little; [`crate::Error::Sql`].
    pub fn spend_test_print(&self, note: &str) -> Result<()> {
        self.spend_prints(None, note)
    }

    /// One print of ribbon and film goes with a card, good or spoiled. An office that never booked any in has none to take
    /// from. Where the book has run out while the printer goes on, the register line says that this print is not booked.
    fn spend_prints(&self, permohonan: Option<PermohonanId>, note: &str) -> Result<()> {
        for item in [Item::Ribbon, Item::Film] {
            if self.stock_balance(item, Account::Store)? <= 0 {
                if self.stock_head(item)? > 0 {
                    self.note(&format!("{}_tidak_terbuku", item.key()), "1");
                }
            } else {
                let spent = Movement::Prints { kind: MovementKind::Consumed, item, quantity: 1 };
                let beside = MovementNote { permohonan, note: note.to_owned(), ..MovementNote::default() };
                self.move_stock(&spent, &beside)?;
            }
        }
        Ok(())
    }

    fn out_of(
        &self,
        serial: &NomorBlangko,
        printer: MovementKind,
        held: MovementKind,
    ) -> Result<MovementKind> {
        let at = self.blangko(serial)?.map(|row| row.account);
        Ok(if at == Some(Account::Held) { held } else { printer })
    }
}
