//! Slips on the roll of an 80 mm printer, with the number and the seal of the paper that is kept: the Tanda Pengambilan and
//! the slip of a return.

use std::time::Duration;

use devices::driver::slip_printer::SlipOutcome;
use devices::error::Fault;
use documents::Sheet;
use domain::permohonan::Phase;
use domain::role::Action;
use jiff::Timestamp;

use crate::attestation::{ASKED_AGAIN, print_act};
use crate::papers::SLIP;
use crate::session::Desk;
use crate::view::{self, PrintState};
use crate::{Error, Result, Station};

/// How long one slip may take, with its cut.
const SLIP_WITHIN: Duration = Duration::from_secs(30);

impl Station {
    /// Whether a slip printer is set up at this desk.
    pub(crate) fn has_slip_printer(&self) -> bool {
        !self.config.devices.slip_printer.is_empty()
    }

    /// Prints a kept Tanda Pengambilan, or the slip of a return that still stands, on the roll; counted as printed only when
    /// the printer said so.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound` (no such slip), `NotNow` (no slip printer), `Device`, `Document`, `Store`.
    pub fn print_slip(&self, document_id: &str) -> Result<view::PrintJob> {
        // Whoever hands a visit back gives the slip; a Tanda Pengambilan is given at step 7 alone.
        let desk = self.desk(Action::ReadQueue)?;
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        if !self.has_slip_printer() {
            return Err(Error::not_now("no_slip_printer"));
        }
        let (found, earlier) =
            desk.store.read(|view| Ok((view.document(row)?, view.document_prints(row)?.len())))?;
        let none = || Error::NotFound { what: "slip" };
        let visit = self.visit(&desk, &found.permohonan.ok_or_else(none)?.to_string())?;
        let at = Timestamp::from_millisecond(found.document.rendered_ms).unwrap_or(desk.now);
        let then = Desk { now: at, ..desk.clone() };
        let number = &found.document.number;
        let sheet = if found.document.kind == SLIP.key() {
            self.desk(Action::CheckStatus)?;
            Sheet::TandaPengambilan(Box::new(self.pickup_sheet(&then, &visit, number)?))
        } else {
            let newest = self.newest_slip(&desk, &visit)?.is_some_and(|newest| newest == document_id);
            match &visit.state.phase {
                Phase::Returned { reasons } if newest => {
                    Sheet::SlipPengembalian(Box::new(self.return_sheet(&then, &visit, reasons, number)?))
                }
                _ => return Err(none()),
            }
        };
        let mut paper = self.paper(&then, sheet)?;
        paper.reprint = u32::try_from(earlier).unwrap_or(u32::MAX);
        let bytes = documents::roll(&paper)?;
        let printer = self
            .equipment
            .table()
            .role(devices::Role::SlipPrinter)
            .map(|row| row.info.model.clone())
            .unwrap_or_default();
        let outcome = self.equipment.print_slip(bytes, SLIP_WITHIN);
        // It said beforehand that it cannot: nothing came out, and its reason has words.
        if let Err(Error::Device { source, .. }) = &outcome
            && let Fault::Refused { code, .. } = source.fault()
        {
            return Ok(view::PrintJob { state: PrintState::Stopped, reason: Some(code), printer });
        }
        let (state, reason) = match outcome? {
            SlipOutcome::Printed => {
                let copy = u32::try_from(earlier).unwrap_or(u32::MAX).saturating_add(1);
                let why = if earlier == 0 { "" } else { ASKED_AGAIN };
                desk.transact(print_act(found, copy), |tx| {
                    tx.add_document_print(row, &printer, why).map(drop)
                })?;
                (PrintState::Done, None)
            }
            SlipOutcome::Stopped { reason } => (PrintState::Stopped, Some(reason.key().to_owned())),
            SlipOutcome::Unknown => (PrintState::Unknown, None),
        };
        Ok(view::PrintJob { state, reason, printer })
    }
}
