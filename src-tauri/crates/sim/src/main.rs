//! rekam-sim: the simulators as a program.
fn main() {}
