//! A card that carries another number than was booked: its order, its piece and the journal of its chip go over to that number.

use crate::table::{CardJob, CardJobState, ChipWrite};
use crate::{Error, Result, Tx};
use domain::ids::{JobId, PermohonanId};
use domain::stock::{Account, MovementKind, NomorBlangko};

impl Tx<'_> {
    /// Lets an order go over to the number on its card; the piece that was booked goes back to the store.
    ///
    /// # Errors
    /// [`Error::Stock`] when the piece is not in the store; [`Error::NoSuchRow`] when the order is closed or not here;
    /// [`Error::Sql`]. The act is undone.
    pub(crate) fn renumber_card(
        &self,
        permohonan: PermohonanId,
        job: JobId,
        booked: &NomorBlangko,
        blangko: &NomorBlangko,
    ) -> Result<()> {
        let held = self.take_out(permohonan, booked)?;
        self.lay_in(permohonan, blangko, held)?;
        self.renumber_card_job(job, blangko)?;
        match self.chip_on(permohonan, booked)? {
            Some(chip) => self.renumber_chip_write(chip.id, blangko),
            None => Ok(()),
        }
    }

    /// Lets two open orders change numbers, each with its piece and its chip; how far each is stays as it was.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when one of them is closed or not here; [`Error::Stock`] for pieces of two kinds; [`Error::Sql`].
    /// The act is undone.
    pub(crate) fn exchange_cards(&self, job: JobId, with: JobId) -> Result<()> {
        let (own, other) = (self.open_card_job(job)?, self.open_card_job(with)?);
        self.expect_item(&other.blangko, self.item_of(&own.blangko)?)?;
        let own_chip = self.chip_on(own.permohonan, &own.blangko)?;
        let other_chip = self.chip_on(other.permohonan, &other.blangko)?;
        let own_held = self.take_out(own.permohonan, &own.blangko)?;
        let other_held = self.take_out(other.permohonan, &other.blangko)?;
        self.lay_in(own.permohonan, &other.blangko, own_held)?;
        self.lay_in(other.permohonan, &own.blangko, other_held)?;
        self.exchange_card_jobs(&own, &other)?;
        match (own_chip, other_chip) {
            (Some(own), Some(other)) => self.exchange_chip_writes(&own, &other),
            (Some(chip), None) => self.renumber_chip_write(chip.id, &other.blangko),
            (None, Some(chip)) => self.renumber_chip_write(chip.id, &own.blangko),
            (None, None) => Ok(()),
        }
    }

    fn open_card_job(&self, id: JobId) -> Result<CardJob> {
        let order = self.card_job(id)?.filter(|order| order.state != CardJobState::Closed);
        order.ok_or(Error::NoSuchRow { table: "card_job" })
    }

    /// The journal of the chip on this piece, where this visit began it.
    fn chip_on(&self, permohonan: PermohonanId, blangko: &NomorBlangko) -> Result<Option<ChipWrite>> {
        Ok(self.chip_write(blangko)?.filter(|chip| chip.begun.permohonan == permohonan))
    }

    /// Takes a piece out of the printer, or out of those that are held; says whether it was held.
    fn take_out(&self, permohonan: PermohonanId, blangko: &NomorBlangko) -> Result<bool> {
        let held = self.blangko(blangko)?.is_some_and(|row| row.account == Account::Held);
        let kind = if held { MovementKind::HeldUnloaded } else { MovementKind::Unloaded };
        self.move_piece(kind, blangko, Some(permohonan), "")?;
        Ok(held)
    }

    /// Lays a piece in that is in the printer already; where nobody knows what became of the card it is held again.
    fn lay_in(&self, permohonan: PermohonanId, blangko: &NomorBlangko, held: bool) -> Result<()> {
        self.move_piece(MovementKind::Loaded, blangko, Some(permohonan), "")?;
        if held { self.move_piece(MovementKind::Held, blangko, Some(permohonan), "") } else { Ok(()) }
    }
}
