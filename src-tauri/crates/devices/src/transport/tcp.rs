//! Plain TCP links.
