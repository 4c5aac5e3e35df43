//! Step 6: the print request with its Berkas Permohonan.

use super::desk::Why;
use super::ledger::DocumentRef;
use super::visit::{PageRef, ReasonText};
use super::words::*;

view! {
    /// One paper of the Berkas Permohonan with its scanned pages.
    BerkasPaper { item: String, label: String, required: bool, state: PaperState, pages: Vec<PageRef> }
    /// One condition of the request, with the reason in words when it does not hold.
    RequestLine { condition: RequestCondition, state: ConditionState, why: Option<Why> }
    /// The turn of one card, from the request until the card is begun; `why` says why it can no longer be changed, or not yet.
    Turn {
        id: String, ticket: String, name: String, priority: Priority, priority_reason: String,
        priority_reasons: Vec<ReasonText>, position: Option<u32>, queue_length: u32, why: Option<Why>,
    }
    /// Step 6. `print_from` is the first day of printing when it lies ahead; `position` the place in the queue once asked.
    PrintRequest {
        id: String, papers: Vec<BerkasPaper>, lines: Vec<RequestLine>, print_from: Option<String>,
        priority: Priority, priority_reason: String, priority_reasons: Vec<ReasonText>, may_prioritise: bool,
        cover: Option<DocumentRef>, requested_at: Option<String>, position: Option<u32>, queue_length: u32,
        can_request: bool, why: Option<Why>,
    }
}
