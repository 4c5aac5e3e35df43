//! Memory that was given back holds nothing any more.
//!
//! Between the key press and [`crate::KeySlots`] a password passes through the window's message, a JSON value and the
//! arguments of a command, none of which wipes itself. So every program that has a store in it wipes whatever Rust gives
//! back. Memory of C libraries is theirs: OpenSSL wipes most of its own, for the rest see [`overwrite_given_back`]; for
//! SQLite see `file.rs`.

use std::alloc::System;
use std::hint::black_box;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

/// Sizes of what is taken from the heap, in bytes, and how many of each: holes of every size, up to 16 MiB in all of the
/// largest.
const HOLES: [(usize, usize); 8] =
    [(4096, 4096), (2048, 1024), (1024, 2048), (512, 2048), (256, 4096), (128, 4096), (64, 8192), (32, 8192)];

/// Overwrites what a C library gave back on this thread without wiping it: the stack below the caller, and the holes of
/// the heap, which are taken with zeros in them and given back.
///
/// OpenSSL's CMS passes its content through a buffer (`BIO_f_buffer`) that it frees as it is, and has no way to pass it
/// otherwise. Some milliseconds: for what is done once in years, not for a sign-in.
#[inline(never)]
pub(crate) fn overwrite_given_back() {
    black_box(&mut [0u8; 64 << 10]);
    let taken: Vec<Vec<u8>> = HOLES
        .iter()
        .flat_map(|&(bytes, pieces)| std::iter::repeat_n(bytes, pieces))
        .map(|bytes| vec![0u8; bytes])
        .collect();
    black_box(&taken);
}
