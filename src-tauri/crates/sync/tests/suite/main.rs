//! The station's side of the protocol from outside: against a centre of the tests' own, over a bad network, by courier.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)] // A test that cannot go on must stop.

mod centre;
mod desk;
mod full_stick;
mod given_up;

mod cards;
mod answers;
mod causes;
mod counting;
mod courier;
mod judges;
mod network;
mod orders;
mod pace;
