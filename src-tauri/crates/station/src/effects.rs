//! The core's effects of steps 6 to 9 on the station's own books, inside the transaction of their event.
//!
//! Papers, prints and chips need more than the database and are done by whoever raised the event.

use domain::ids::PermohonanId;
use domain::permohonan::Effect;
use domain::stock::{Account, Movement, MovementKind, NomorBlangko, StockRefusal};
use store::{CardJobState, CardOutcome, MovementNote, Tx};

/// Performs what concerns queue, stock, orders, shelf and the reports to the centre.
pub(crate) fn apply(tx: &Tx<'_>, id: PermohonanId, effects: &[Effect]) -> store::Result<()> {
    for effect in effects {
        match effect {
            Effect::HoldForAge { until } => tx.hold_for_age(id, *until)?,
            Effect::JoinPrintQueue { priority, reason } => tx.join_print_queue(id, *priority, reason)?,
            Effect::LeavePrintQueue => tx.leave_print_queue(id)?,
            Effect::PrintCard { job, blangko, printer } => {
                go(tx, id, blangko, Account::Printer)?;
                tx.start_card_job(*job, id, blangko, printer)?;
            }
            Effect::SpendBlangko { job, blangko } => {
                go(tx, id, blangko, Account::Used)?;
                tx.close_card_job(*job, CardOutcome::Printed)?;
                tx.leave_print_queue(id)?;
            }
            Effect::SpoilBlangko { blangko, reason, note, witness } => {
                tx.spoil_blangko(blangko, Some(id), *reason, note, witness)?;
            }
            Effect::HoldBlangko { job, blangko } => {
                go(tx, id, blangko, Account::Held)?;
                tx.report_card_job(*job, CardJobState::Unknown, "")?;
            }
            Effect::PutBackBlangko { job, blangko } => {
                go(tx, id, blangko, Account::Store)?;
                tx.close_card_job(*job, CardOutcome::NotPrinted)?;
            }
            Effect::ShelveCard { place } => tx.shelve(id, place)?,
            Effect::LeaveShelf => tx.unshelve(id)?,
            Effect::WithdrawOldCard { condition, place, again: _ } => {
                tx.withdraw_card(id, condition, place)?
            }
            Effect::NotifyCentre { news, job, blangko } => {
                tx.add_card_report(id, *job, *news, blangko.as_ref())?;
            }
            Effect::RegisterLine { .. }
            | Effect::PrintReturnSlip { .. }
            | Effect::RenderForm
            | Effect::SealPacket
            | Effect::EnqueuePacket { .. }
            | Effect::PrintPickupSlip
            | Effect::IssueSuket { .. } => {}
        }
    }
    Ok(())
}

/// Moves a piece from where it is; a way that no movement has is refused by the book.
fn go(tx: &Tx<'_>, id: PermohonanId, blangko: &NomorBlangko, to: Account) -> store::Result<()> {
    let needed = Account::Store;
    let unknown = || store::Error::Stock {
        refusal: StockRefusal::NotThere { serial: blangko.clone(), at: None, needed },
    };
    let from = tx.blangko(blangko)?.ok_or_else(unknown)?.account;
    let kind = MovementKind::between(from, to).ok_or_else(unknown)?;
    let beside = MovementNote { permohonan: Some(id), ..MovementNote::default() };
    tx.move_stock(&Movement::piece(kind, blangko.clone()), &beside).map(drop)
}
