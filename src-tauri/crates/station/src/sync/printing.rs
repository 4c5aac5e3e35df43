//! A card in the printer: nothing is sent from its order to the printer's last word, also between two questions to it. Print
//! data and a packet on one poor line, or one slow hub, would spoil the card.

use std::sync::atomic::Ordering;

use crate::Station;

/// After so long without a last word the card is a person's question, and sending goes on: the printer's own patience
/// (`print/printer.rs`), and the time of handing the order over. Milliseconds.
const LONGEST_MS: i64 = (5 * 60 + 20) * 1_000;

impl Station {
    /// A card goes to the printer now.
    pub(crate) fn card_begins(&self) {
        let until = self.clock.now().as_millisecond().saturating_add(LONGEST_MS);
        self.exchange.printing_ms.store(until, Ordering::SeqCst);
    }

    /// The printer said its last word, or surely took nothing.
    pub(crate) fn card_is_out(&self) {
        self.exchange.printing_ms.store(0, Ordering::SeqCst);
    }

    /// Whether a card is in the printer. A clock that was put back does not make it longer than it can be.
    pub(super) fn is_printing(&self, now_ms: i64) -> bool {
        let until = self.exchange.printing_ms.load(Ordering::SeqCst);
        (until.saturating_sub(LONGEST_MS)..until).contains(&now_ms)
    }
}
