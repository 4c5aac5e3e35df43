//! The application layer.

pub mod view;
