//! The few IPP operations a desk needs.
