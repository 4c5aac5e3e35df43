//! The reference centre as a program.
fn main() {}
