//! Tests of the core, one file per noun; all people are synthetic.
#![allow(missing_docs, clippy::unwrap_used, reason = "helpers of tests stand outside #[test] functions")]

mod backdrop;
mod biodata;
mod capture;
mod central_status;
mod desk;
mod kk;
mod mix_ups;
mod nama;
mod nik;
mod nomor;
mod plan;
mod register;
mod sop;
mod stock;
mod tables;
mod tanggal;
mod visit;
mod visit_answered;
mod visit_card;
mod visit_compared;
mod visit_handover;
mod visit_home;
mod visit_lost;
mod visit_model;
mod visit_nik;
mod visit_papers;
mod visit_proofs;
mod visit_reopened;
mod visit_sitting;
mod visit_slip;
mod visit_stay;
mod visit_withdrawn;
mod wilayah;
