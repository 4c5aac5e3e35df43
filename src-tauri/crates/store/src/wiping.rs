//! Memory that was given back holds nothing any more.
//!
//! Between the key press and [`crate::KeySlots`] a password passes through the window's message, a JSON value and the
//! arguments of a command, none of which wipes itself. So every program that has a store in it wipes whatever Rust gives
//! back. Memory of C libraries is theirs: OpenSSL wipes its own, for SQLite see `file.rs`.

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);
