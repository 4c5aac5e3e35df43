//! The table of all devices.
