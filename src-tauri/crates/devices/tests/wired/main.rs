//! Everything on a serial line, in a card slot or in a print queue, against stand-ins that speak the same bytes
//! and against independent programs (pcscd, ippeveprinter).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail like tests")]

mod apdu;
mod camera;
mod card_folder;
mod card_printer;
mod card_printer_ipp;
mod card_printer_words;
mod card_queue;
mod card_reader;
mod chip;
mod evolis_bytes;
mod iso7816;
mod ktpel;
mod paper_printer_sim;
mod printer;
mod replug;
mod scp03;
mod signature;
mod slip_printer;
mod topaz_packets;
mod verifier;
mod zfm_frames;
mod zfm_golden;
