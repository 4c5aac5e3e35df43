//! The officers of the station: added, suspended, given another password, the keys of their slots.
