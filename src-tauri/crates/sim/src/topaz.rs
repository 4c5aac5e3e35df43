//! A Topaz pad on a pty.
