//! A ZFM module on a pty.
