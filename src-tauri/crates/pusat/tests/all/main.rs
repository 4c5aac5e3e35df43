//! The centre against a real PostgreSQL and over real TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod cards;
mod client;
mod commands;
mod courier;
mod crossing;
mod dedup;
mod district;
mod forged;
mod given_again;
mod intake;
mod judges;
mod late_word;
mod limits;
mod measured;
mod one_request;
mod operations;
mod people;
mod program;
mod recording;
mod register;
mod replaced;
mod reports;
mod restored;
