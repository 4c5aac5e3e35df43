//! Step 8: the card, its blangko, its chip; and the print queue.
