//! rekamctl
fn main() {}
