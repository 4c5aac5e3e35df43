//! A station's own exchange against this centre and its PostgreSQL: cards, orders, and the stick.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that cannot go on must stop.
#![allow(dead_code)] // The district's helpers serve the other tests as well.

#[path = "../all/client.rs"]
mod client;
#[path = "../all/district.rs"]
mod district;
#[path = "../all/recording.rs"]
mod recording;

mod activation;
mod cards;
mod desk;
mod drain;
mod noise;
mod orders;
mod residents;
mod restored;
mod revoked;
