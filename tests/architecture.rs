//! The invariants of ARCHITECTURE.md, each as a test over the source tree.
//!
//! Every check is also run on a copy of the tree in which it is broken on purpose, so none of them can go blind.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod invariants;

use invariants::fresh::a_visit_is_loaded_again_after_a_wait;
use invariants::mirrored::{each_table_has_its_file, each_table_has_its_tests};
use invariants::network::no_step_waits_for_the_centre;
use invariants::numbers::no_number_is_somebodys;
use invariants::records::{
    central_statuses_are_only_mirrored, no_log_line_shows_a_value_whole, personal_types_do_not_speak,
    the_outbox_empties_only_on_a_receipt, what_is_acknowledged_is_on_disk, writing_goes_through_one_door,
};
use invariants::rooms::{
    domain_does_no_io, nothing_imports_the_stand_ins, outside_names_stand_in_their_rooms,
    protocols_are_sans_io, rooms_do_not_know_each_other, the_window_uses_one_door,
};
use invariants::safe::unsafe_code_is_forbidden;
use invariants::steps::the_nine_words_name_the_files;
use invariants::total::every_state_and_event_is_named;
use invariants::tree::{Tree, tree};
use invariants::unseen::no_test_stands_where_none_is_run;

/// Runs `check` on the tree as it stands and on one that `spoil` has broken.
fn breaks(check: fn(&Tree) -> Vec<String>, what: &str, spoil: impl FnOnce(&mut Tree)) {
    let mut tree = tree();
    let wrong = check(&tree);
    assert!(wrong.is_empty(), "the invariant is broken:\n  {}", wrong.join("\n  "));
    spoil(&mut tree);
    assert!(!check(&tree).is_empty(), "the check does not see it when {what}");
}

/// Runs `check` on the tree as it stands and on one broken by `path` holding `text` in addition.
fn holds(check: fn(&Tree) -> Vec<String>, path: &str, text: &str) {
    breaks(check, &format!("{path} holds {text}"), |tree| {
        let entry = tree.entry(path.to_owned()).or_default();
        if path.ends_with("Cargo.toml") && entry.contains("[dependencies]") {
            *entry = entry.replace("[dependencies]", &format!("[dependencies]\n{text}"));
        } else {
            *entry = format!("{text}\n{entry}");
        }
    });
}

/// Runs `check` on the tree as it stands and on one in which `path` says `to` instead of `from`.
fn holds_word(check: fn(&Tree) -> Vec<String>, path: &str, from: &str, to: &str) {
    breaks(check, &format!("{path} says {to}"), |tree| {
        let text = tree.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} does not say {from}");
        *text = text.replace(from, to);
    });
}

#[test]
fn invariant_01_domain_does_no_io() {
    for broken in [
        "fn f() { std::fs::read(\"x\"); }",
        "fn f() { jiff::Timestamp::now(); }",
        "fn f() { rand::random::<u8>(); }",
        "fn f() { let later = async { 1 }; }",
    ] {
        holds(domain_does_no_io, "src-tauri/crates/domain/src/broken.rs", broken);
    }
    holds(domain_does_no_io, "src-tauri/crates/domain/Cargo.toml", "store = { workspace = true }");
}

#[test]
fn invariant_02_each_outside_name_stands_in_its_room() {
    holds(
        outside_names_stand_in_their_rooms,
        "src-tauri/crates/station/src/broken.rs",
        "use tauri::Manager;",
    );
    holds(
        outside_names_stand_in_their_rooms,
        "src-tauri/crates/station/src/broken.rs",
        "use rusqlite::Connection;",
    );
    holds(outside_names_stand_in_their_rooms, "src-tauri/crates/packet/Cargo.toml", "serialport = \"4\"");
    holds(outside_names_stand_in_their_rooms, "Cargo.toml", "rusqlite.workspace = true");
}

#[test]
fn invariant_03_store_devices_biometrics_documents_and_packet_do_not_know_each_other() {
    holds(rooms_do_not_know_each_other, "src-tauri/crates/store/Cargo.toml", "packet = { workspace = true }");
    holds(
        rooms_do_not_know_each_other,
        "src-tauri/crates/devices/Cargo.toml",
        "biometrics = { workspace = true }",
    );
    holds(rooms_do_not_know_each_other, "src-tauri/crates/broken/Cargo.toml", "[package]");
}

#[test]
fn imports_go_the_way_that_is_drawn() {
    let broken = |path: &str, text: &str| holds(rooms_do_not_know_each_other, path, text);
    // The shell reaches the store and the devices through the station alone.
    broken("Cargo.toml", "store.workspace = true");
    broken("Cargo.toml", "devices = { workspace = true, optional = true } # a reason");
    broken("src-tauri/crates/rekamctl/Cargo.toml", "devices = { workspace = true }");
    broken("src-tauri/crates/sim/Cargo.toml", "packet.workspace = true");
    // Forms in which an arrow would not be seen.
    broken("src-tauri/crates/documents/Cargo.toml", "[dependencies.store]\nworkspace = true");
    broken("src-tauri/crates/documents/Cargo.toml", "shelf = { package = \"store\", path = \"../store\" }");
    // An arrow that is gone, and a drawing that says otherwise.
    let word = |path: &str, from: &str, to: &str| holds_word(rooms_do_not_know_each_other, path, from, to);
    word("src-tauri/crates/sim/Cargo.toml", "synth = { workspace = true }", "");
    word("ARCHITECTURE.md", "| devices (protocols), synth, domain |", "| devices, synth, store, domain |");
}

#[test]
fn the_nine_steps_are_called_alike_everywhere() {
    let gone = |entry: &'static str| {
        breaks(the_nine_words_name_the_files, &format!("{entry} is gone"), |tree| {
            tree.retain(|path, _| !path.starts_with(entry));
        });
    };
    gone("src-tauri/crates/domain/src/steps/verification.rs");
    gone("src-tauri/crates/station/src/form.rs");
    gone("src-tauri/crates/station/src/capture/mod.rs");
    gone("src-tauri/src/commands/attestation.rs");
    gone("ui/src/routes/print_request/");
    gone("ui/src/strings/en/status.ts");
    holds_word(the_nine_words_name_the_files, "README.md", "`station/src/print.rs`", "`station/src/card.rs`");
}

#[test]
fn invariant_04_every_change_goes_through_one_transact() {
    holds(
        writing_goes_through_one_door,
        "src-tauri/crates/station/src/broken.rs",
        "fn f() { c.execute(\"INSERT INTO permohonan VALUES (1)\", []); }",
    );
    holds(writing_goes_through_one_door, "src-tauri/crates/store/src/broken.rs", "pub fn transact_too() {}");
    holds(
        writing_goes_through_one_door,
        "src-tauri/crates/store/src/database.rs",
        "pub fn transact_too() {}",
    );
    for door in [
        "pub fn amend(&self) -> Result<()> {\n    self.with_writer(|conn| change(conn))\n}",
        "pub fn amend(&self) -> Result<()> {\n    change(self.writer().as_mut())\n}",
        "pub fn amend(path: &Path) -> Result<()> {\n    change(&mut file::open(path, &key, false)?)\n}",
    ] {
        holds(writing_goes_through_one_door, "src-tauri/crates/store/src/search.rs", door);
    }
    for stale in [
        "self.finger_again(finger)?; self.perform(desk, visit, event, |_| Ok(()))?;",
        "tx.set_state(id, &json, step, status)?;",
    ] {
        holds(a_visit_is_loaded_again_after_a_wait, "src-tauri/crates/station/src/broken.rs", stale);
    }
}

#[test]
fn invariant_05_the_station_never_invents_a_central_status() {
    holds(
        central_statuses_are_only_mirrored,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"UPDATE central_status SET status = ?\";",
    );
    holds(
        central_statuses_are_only_mirrored,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"INSERT OR REPLACE INTO central_status VALUES (?)\";",
    );
    for invented in [
        "fn f() { CentralStatus::received(\"PRINT_READY_RECORD\"); }",
        "fn f(status: CentralStatus) { mirror.append(MirrorEntry { status, ..entry }); }",
        "fn f(entry: MirrorEntry) -> Event { Event::Status(StatusEvent::Seen { entry }) }",
    ] {
        holds(central_statuses_are_only_mirrored, "src-tauri/crates/station/src/print.rs", invented);
    }
    holds(
        central_statuses_are_only_mirrored,
        "src-tauri/crates/station/src/broken.rs",
        "fn f(tx: &Tx) { tx.add_central_status(&row); }",
    );
}

#[test]
fn invariant_06_no_step_waits_for_the_centre() {
    let broken = |path: &str, text: &str| holds(no_step_waits_for_the_centre, path, text);
    let station = "src-tauri/crates/station/src";
    broken("src-tauri/crates/station/Cargo.toml", "reqwest = \"0.13\"");
    // Who waits.
    broken(&format!("{station}/capture/broken.rs"), "fn f() { runtime()?.block_on(engine.person(nik)); }");
    broken(&format!("{station}/form.rs"), "fn f(s: &Station) { s.person_at_centre(store, &nik); }");
    broken(&format!("{station}/attestation.rs"), "fn f(s: &Station) { s.sync_now(); }");
    broken("src-tauri/src/commands/form.rs", "fn f(s: &Station) { s.ask_centre(id); }");
    broken("ui/src/routes/capture/Broken.svelte", "<script>await backend().syncNow();</script>");
    broken(
        "ui/src/routes/verification/Broken.svelte",
        "<script>onMount(() => void backend().askCentre(id));</script>",
    );
    // What absence is.
    let refusal = "src-tauri/crates/domain/src/permohonan/refusal.rs";
    broken(refusal, "pub enum Broken { NetworkNeeded }");
    broken(
        "src-tauri/crates/domain/src/steps/attestation.rs",
        "fn f() { return Err(Refusal::CentreUnreached); }",
    );
    broken(&format!("{station}/print_request.rs"), "fn f(s: &Station) -> bool { s.centre().is_empty() }");
}

#[test]
fn invariant_07_what_was_acknowledged_is_on_disk() {
    holds(
        what_is_acknowledged_is_on_disk,
        "src-tauri/crates/store/src/broken.rs",
        "const P: &str = \"PRAGMA synchronous=NORMAL\";",
    );
    holds(
        what_is_acknowledged_is_on_disk,
        "src-tauri/crates/store/src/broken.rs",
        "fn f() { conn.pragma_update(None, \"synchronous\", \"OFF\"); }",
    );
    holds_word(
        what_is_acknowledged_is_on_disk,
        "src-tauri/crates/store/src/file.rs",
        "PRAGMA synchronous = FULL;",
        "",
    );
}

#[test]
fn invariant_08_a_packet_leaves_the_outbox_only_on_a_verified_receipt() {
    holds(
        the_outbox_empties_only_on_a_receipt,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"DELETE FROM outbox\";",
    );
    holds(
        the_outbox_empties_only_on_a_receipt,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"UPDATE outbox SET state = 'acked', cause = ''\";",
    );
    holds(
        the_outbox_empties_only_on_a_receipt,
        "src-tauri/crates/station/src/broken.rs",
        "fn f(tx: &Tx) { tx.apply_receipt(packet, &receipt); }",
    );
}

#[test]
fn invariant_09_personal_types_have_no_display_and_a_masked_debug() {
    holds(
        personal_types_do_not_speak,
        "src-tauri/crates/domain/src/broken.rs",
        "impl std::fmt::Display for Nik {}",
    );
    holds(
        personal_types_do_not_speak,
        "src-tauri/crates/domain/src/broken.rs",
        "#[derive(Clone, Debug)]\npub struct Nik(String);",
    );
    for broken in [
        "#[derive(Clone, Debug)]\npub struct Read {\n    pub at: i64,\n    pub picture: Vec<u8>,\n}",
        "#[derive(Debug)]\npub(crate) struct Asked<'a> {\n    pub nik: &'a str,\n}",
        "#[derive(Debug, Clone)]\nstruct Sent(Vec<u8>);",
        "#[derive(Debug)]\nenum Heard {\n    Nothing,\n    Answer(Vec<u8>),\n    Told { password: String },\n}",
        "#[derive(Debug)]\nstruct Way {\n    proxy: Option<String>,\n}",
        "struct Side;\nimpl std::fmt::Debug for Side {}\nimpl std::fmt::Display for Side {}",
    ] {
        holds(personal_types_do_not_speak, "src-tauri/crates/domain/src/broken.rs", broken);
    }
    for broken in [
        "fn f(seen: &Event) { tracing::info!(?seen, \"taken\"); }",
        "fn f(seen: &Event) { tracing::warn!(taken = ?seen, \"taken\"); }",
        "fn f(seen: &Event) { tracing::debug!(\"taken: {seen:?}\"); }",
        "fn f(nik: &Nik) { tracing::info!(nik = nik.as_str(), \"taken\"); }",
        "fn f(name: &str) { tracing::info!(%name, \"taken\"); }",
        "fn f(name: &str) { tracing::info!(name, \"taken\"); }",
        "fn f(name: &str) { tracing::info!(\"taken by {name}\"); }",
        "use tracing::info;",
    ] {
        holds(no_log_line_shows_a_value_whole, "src-tauri/crates/station/src/broken.rs", broken);
    }
}

#[test]
fn invariant_10_the_window_calls_the_shell_through_one_door() {
    holds(
        the_window_uses_one_door,
        "ui/src/routes/broken.ts",
        "import { invoke } from '@tauri-apps/api/core';",
    );
}

#[test]
fn invariant_11_nothing_imports_the_stand_ins() {
    holds(nothing_imports_the_stand_ins, "src-tauri/crates/station/Cargo.toml", "sim = { workspace = true }");
    holds(nothing_imports_the_stand_ins, "Cargo.toml", "synth.workspace = true");
    holds(nothing_imports_the_stand_ins, "src-tauri/src/commands/broken.rs", "use sim::Desk;");
}

#[test]
fn invariant_12_device_protocols_compile_without_a_device() {
    for broken in [
        "use serialport::SerialPort;",
        "use nix::poll::poll;",
        "use v4l::Device;",
        "use ipp::prelude::IppClient;",
        "use crate::transport::serial::Serial;",
        "use crate::{Fault, driver::line::Line};",
    ] {
        holds(protocols_are_sans_io, "src-tauri/crates/devices/src/protocol/broken.rs", broken);
    }
}

#[test]
fn the_state_machine_names_every_state_and_event() {
    let broken = |path: &str, arm: &str| {
        let path = format!("src-tauri/crates/domain/src/{path}");
        holds(every_state_and_event_is_named, &path, &format!("fn f() {{ match event {{\n{arm}\n}} }}"));
    };
    broken("permohonan.rs", "    _ => Ok(Outcome::Stay),");
    broken("permohonan/event.rs", "    _ => 2,");
    broken("steps/print.rs", "    (_, _) => Err(Refusal::Closed),");
    broken("steps/capture.rs", "    other => Ok(other),");
    broken("steps/broken.rs", "    _ if state.closed => Ok(Outcome::Stay),");
    broken("steps/form.rs", "    FormEvent::Filled | _ => Ok(Outcome::Stay),");
    broken("steps/form.rs", "    let FormEvent::Filled { .. } = event else { return Ok(Outcome::Stay) };");
    broken("permohonan.rs", "    let (Event::Form(event), Step::Form) = (event, step) else {");
}

#[test]
fn each_table_of_the_store_has_a_file() {
    let schema = "src-tauri/crates/store/tests/suite/schema.sql";
    holds(each_table_has_its_file, schema, "CREATE TABLE broken (id INTEGER) STRICT;");
    holds_word(each_table_has_its_file, schema, "CREATE TABLE shelf (", "CREATE TABLE rack (");
    holds(each_table_has_its_file, "src-tauri/crates/store/src/table/broken.rs", "pub struct Broken;");
    holds_word(each_table_has_its_file, "src-tauri/crates/store/src/table/outbox.rs", "receipt", "slip");
}

#[test]
fn each_table_of_the_store_has_its_tests_under_the_same_name() {
    holds(each_table_has_its_tests, "src-tauri/crates/store/src/table/broken.rs", "pub struct Broken;");
}

#[test]
fn each_crate_forbids_unsafe_code_and_keeps_the_lints_of_the_workspace() {
    let broken = |path: &str, text: &str| holds(unsafe_code_is_forbidden, path, text);
    broken("src-tauri/crates/broken/Cargo.toml", "[package]");
    broken("src-tauri/crates/broken/src/lib.rs", "//! A new crate.");
    broken("tests/load/src/bin/broken/main.rs", "// #![forbid(unsafe_code)]");
}

#[test]
fn no_number_in_the_tree_could_be_somebodys() {
    let (place, born) = ("181301", "410190");
    for number in [[place, born, "0001"].concat(), [place, born, "9000"].join(" ")] {
        holds(
            no_number_is_somebodys,
            "src-tauri/crates/synth/src/broken.rs",
            &format!("const NIK: &str = \"{number}\";"),
        );
        holds(no_number_is_somebodys, "ui/src/lib/backend/mock/broken.ts", &format!("nik: '{number}',"));
    }
    let free = [place, born, "9001"].concat();
    let mut tree = tree();
    for read in
        ["README.md", "CHANGELOG.md", "assets/settings/rekam.toml", "assets/print/kartu.typ", "scripts/run"]
    {
        assert!(tree.contains_key(read), "{read} is looked at");
    }
    tree.insert("docs/broken.md".to_owned(), free);
    assert_eq!(no_number_is_somebodys(&tree), Vec::<String>::new(), "the first number of a made-up person");
}

#[test]
fn no_test_stands_in_a_target_that_is_built_without_tests() {
    holds(no_test_stands_where_none_is_run, "src-tauri/src/broken.rs", "#[test]\nfn never_run() {}");
    holds(
        no_test_stands_where_none_is_run,
        "src-tauri/crates/synth/src/broken.rs",
        "#[test]\nfn never_run() {}",
    );
}
