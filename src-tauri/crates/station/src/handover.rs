//! Step 9: finger, photograph, old card, receipt; then the register closes.
