//! A real station over a simulated desk: the devices speak their wire protocols and misbehave on demand.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod after_sealing;
mod answered;
mod application_form;
mod as_chosen;
mod backdrop;
mod bench;
mod birthday;
mod called_off;
mod berkas;
mod card_data;
mod central_settings;
#[cfg(unix)]
mod card_reader;
mod daily_report;
mod damaged;
mod duplicates;
mod exceptions;
mod exceptions_whole;
mod expiry;
mod extracts;
mod face;
mod faults;
#[cfg(unix)]
mod full_disk;
mod handing_over;
mod hostile_residents;
mod identity;
mod live;
mod mirror;
mod mix_ups;
mod nik_changed;
mod not_read;
mod numbers;
mod office_tables;
mod one_card;
mod pad;
mod paper_printer;
mod plain;
mod portrait;
mod prefilled;
mod presence;
mod printing;
mod qr_page;
mod register_page;
mod renewal;
mod reports;
mod resume;
mod retention;
mod returns;
mod sealed;
#[cfg(unix)]
mod slips;
mod staff;
mod stock;
mod suket;
mod supplies;
mod test_button;
mod traces;
mod training_printer;
mod two_visits;
mod typed;
mod unknown_packets;
mod waiting;
mod withdrawn;
mod wording;
