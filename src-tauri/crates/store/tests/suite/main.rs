//! The store from outside: what a station may rely on.

mod crash;
mod desk;
mod disk;
mod migration;
mod register;
mod residents;
mod slots;
mod table;
