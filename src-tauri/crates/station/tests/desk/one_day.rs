//! Tests that speak of today.

/// The day of the training office (WIB), as the computer has it.
pub fn today() -> jiff::civil::Date {
    jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date()
}

/// What a test says of today holds on one day: a walk that midnight cut in two is walked once more.
pub fn on_one_day(walk: impl Fn()) {
    let day = today();
    let walked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(&walk));
    match walked {
        Err(_) if today() != day => walk(),
        Err(said) => std::panic::resume_unwind(said),
        Ok(()) => {}
    }
}
