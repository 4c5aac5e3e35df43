//! The built program in a real WebKit window, walked by keyboard.

mod webdriver;

fn main() {}
