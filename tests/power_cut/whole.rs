//! Whether a station is whole: opened again over its folder, held against what it said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use devices::driver::signature::strokes::Strokes;
use domain::capture::Target;
use domain::ids::{OperatorId, PermohonanId};
use domain::permohonan::State;
use domain::register::RegisterKind;
use domain::steps::attestation::AttestationSignature;
use jiff::Timestamp;
use station::view::{QueueTab, RowState};
use station::{Config, Station};
use store::{Argon2Cost, KeySlots, Store, StoreOptions, View};

use crate::life::{self, Desk};
use crate::told::{self, Visit};

/// What was found, for the next comparison.
#[derive(Debug)]
pub struct Looked {
    /// Lines of the register.
    pub acts: u64,
    /// State of each application, as stored.
    pub state: BTreeMap<String, String>,
    /// Number of sealed applications.
    pub sealed: usize,
    /// Step of the application that is open, from 1; 0 without one.
    pub step: u64,
}

pub fn config(desk: &Desk) -> Config {
    let mut config = Config::default();
    config.station.data_dir = desk.station().to_string_lossy().into_owned();
    (config.disk.refuse_below_mb, config.disk.ballast_mb) = (50, 8);
    let devices = &mut config.devices;
    (devices.sbi_port_from, devices.sbi_port_to) = (0, 0);
    (devices.camera_usb, devices.card_reader_enabled) = (false, false);
    (devices.camera_url, devices.printer_url) = (String::new(), String::new());
    (devices.finger_verifier_port, devices.signature_port) = (String::new(), String::new());
    config
}

/// Opens the station after the cut `when` and asserts everything that must hold.
pub fn check(desk: &Desk, when: &str) -> Looked {
    let told = told::read(&desk.journal());
    let station = life::start(config(desk));
    station.sign_in("dewi", training::PASSWORD).unwrap_or_else(|error| panic!("{when}: {error}"));
    let store = open(desk);
    let acts = register(desk, &store, when);
    let queue = station.queue(QueueTab::All).unwrap();
    let rows: Vec<_> = queue.mine.iter().chain(&queue.others).collect();
    let here: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    for id in told.keys() {
        assert!(here.contains(id.as_str()), "{when}: an application that was spoken of is gone");
    }
    assert!(here.len() <= told.len() + 1, "{when}: only one application can be under way unacknowledged");
    let mut looked = Looked { acts, state: BTreeMap::new(), sealed: 0, step: 0 };
    let nothing = Visit::default();
    for row in &rows {
        let said = told.get(&row.id).unwrap_or(&nothing);
        let step = row.step as u64 + 1;
        let ended = said.ending.is_some_and(|ending| ending == said.steps + 1);
        assert!(
            step == said.steps + 1 || (ended && step == said.steps + 2),
            "{when}: {} steps were acknowledged, the application stands at step {step}",
            said.steps
        );
        looked.sealed += usize::from(row.state == RowState::Sealed);
        if row.state == RowState::Open {
            looked.step = step;
        }
        fields(&station, &row.id, said, when);
        answer(&store, &row.id, said, when);
        pictures(&station, said, when);
        let stored = samples(&store, &row.id, when);
        looked.state.insert(row.id.clone(), stored);
        sealed(&station, &row.id, said, row.state == RowState::Sealed, when);
    }
    packets(desk, &store, looked.sealed, when);
    station.lock().unwrap();
    looked
}

/// Its database.
pub fn open(desk: &Desk) -> Store {
    let path = desk.station().join("rekam.db");
    let mut slots = KeySlots::open(&KeySlots::path_beside(&path), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let now = Timestamp::now();
    let key = slots.unlock(&OperatorId::parse("dewi").unwrap(), training::PASSWORD, now).unwrap();
    Store::open(&path, &key, StoreOptions { ballast_bytes: 0, ..StoreOptions::default() }, now).unwrap()
}

/// The chain holds from its first line, and everything that was seen before is still in it.
pub fn register(desk: &Desk, store: &Store, when: &str) -> u64 {
    let mut seen = desk.seen.borrow_mut();
    let verdict = store
        .verify_register(&seen)
        .unwrap()
        .unwrap_or_else(|broken| panic!("{when}: the register is broken: {broken:?}"));
    *seen = store.read(|view| view.register_head()).unwrap().into_iter().collect();
    verdict.rows
}

/// How many lines of the register are of this kind, and younger than `since`.
pub fn lines(look: &View<'_>, kind: RegisterKind, since: Option<Timestamp>) -> store::Result<usize> {
    let lines = look.register_between(0, u64::MAX)?;
    let wanted = lines.iter().filter(|line| line.entry.kind == kind);
    Ok(wanted.filter(|line| since.is_none_or(|since| line.entry.at > since)).count())
}

/// Each field holds what was acknowledged, or what was asked for since.
fn fields(station: &Station, id: &str, said: &Visit, when: &str) {
    let form = station.form(id).unwrap();
    for (unsur, values) in &said.fields {
        let value = form.fields.iter().find(|field| &field.unsur == unsur).map(|field| field.value.clone());
        let value = value.unwrap_or_default();
        assert!(values.contains(&value), "{when}: field {unsur} holds {value:?}, not one of {values:?}");
    }
}

/// What is typed for the answer of step 3 and not sent is what was acknowledged, or what was asked for since.
fn answer(store: &Store, id: &str, said: &Visit, when: &str) {
    let of = PermohonanId::parse(id).unwrap();
    let kept = store.read(|view| view.draft(of, "never_reason", "")).unwrap();
    let kept = kept.map(|draft| draft.words).unwrap_or_default();
    let nothing = BTreeSet::from([String::new()]);
    let may_be = if said.answer.is_empty() { &nothing } else { &said.answer };
    assert!(may_be.contains(&kept), "{when}: typed is {kept:?}, not one of {may_be:?}");
}

/// Each picture that was shown as kept is the same to the byte.
fn pictures(station: &Station, said: &Visit, when: &str) {
    for (id, digest) in &said.pictures {
        let bytes = station.image(id).unwrap_or_else(|error| panic!("{when}: picture {id} is gone: {error}"));
        assert_eq!(&packet::digest_hex(&bytes), digest, "{when}: picture {id} is another one");
    }
    for id in &said.documents {
        let pdf = station.document_pdf(id).unwrap_or_else(|error| panic!("{when}: a paper is gone: {error}"));
        assert!(pdf.starts_with(b"%PDF"), "{when}: a paper is whole");
    }
}

/// No half record: each attempt of the state has its sample, each sample its pictures and its attempt.
fn samples(store: &Store, id: &str, when: &str) -> String {
    let id = PermohonanId::parse(id).unwrap();
    let row = store.read(|view| view.permohonan(id)).unwrap().expect("its row");
    let state: State = serde_json::from_str(&row.state_json).expect("a whole state");
    let attempts: BTreeSet<String> = state
        .capture
        .attempts
        .iter()
        .filter(|attempt| attempt.target != Target::Signature)
        .map(|attempt| attempt.id.to_string())
        .collect();
    let samples = store.read(|view| view.samples(id)).unwrap();
    let kept: BTreeSet<String> = samples.iter().map(|sample| sample.attempt.clone()).collect();
    assert_eq!(attempts, kept, "{when}: attempts and samples are written together");
    for sample in samples {
        let images = store.read(|view| view.sample_images(sample.id)).unwrap();
        assert!(!images.is_empty(), "{when}: a sample without its pictures");
        assert!(images.iter().all(|image| !image.image.is_empty()), "{when}: an empty picture");
    }
    strokes(store, id, &state, when);
    row.state_json
}

/// No half signature: each one that the state names is kept, and each that is kept has all of its strokes and its picture.
fn strokes(store: &Store, id: PermohonanId, state: &State, when: &str) {
    let mut kept = BTreeSet::new();
    for row in store.read(|view| view.signatures(id)).unwrap() {
        let beside: serde_json::Value = serde_json::from_str(&row.device_json)
            .unwrap_or_else(|error| panic!("{when}: what stands beside the strokes: {error}"));
        let named = |key: &str| beside[key].as_str().unwrap_or_default().to_owned();
        kept.insert((named("purpose"), named("capture")));
        let drawn = biometrics::codec::decode_gray(&row.image, &biometrics::codec::Limits::default())
            .unwrap_or_else(|error| panic!("{when}: the picture of a {}: {error}", row.kind));
        assert!(drawn.pixels.iter().any(|pixel| *pixel < 128), "{when}: ink of a {}", row.kind);
        if row.kind != "thumbprint" {
            let written: Strokes = serde_json::from_str(&row.strokes_json)
                .unwrap_or_else(|error| panic!("{when}: the strokes of a {}: {error}", row.kind));
            assert_eq!(written.check_line(), Ok(()), "{when}: the strokes of a {}", row.kind);
        }
    }
    let of = |purpose: &str| -> BTreeSet<String> {
        kept.iter().filter(|(for_what, _)| for_what == purpose).map(|(_, capture)| capture.clone()).collect()
    };
    let specimens = state.capture.attempts.iter().filter(|attempt| attempt.target == Target::Signature);
    let specimens: BTreeSet<String> = specimens.map(|attempt| attempt.id.to_string()).collect();
    assert_eq!(of("specimen"), specimens, "{when}: attempts and strokes are written together");
    for (purpose, signature) in
        [("attestation", &state.attestation.signature), ("receipt", &state.handover.receipt)]
    {
        if let Some(AttestationSignature::Pen { capture }) = signature {
            assert!(of(purpose).contains(&capture.to_string()), "{when}: the {purpose} has its strokes");
        }
    }
}

/// A sealed application has its packet; a packet that was acknowledged is this one.
fn sealed(station: &Station, id: &str, said: &Visit, is_sealed: bool, when: &str) {
    let packet = station.attestation(id).unwrap().packet.map(|packet| packet.packet_id);
    assert_eq!(packet.is_some(), is_sealed, "{when}: sealed means that there is a packet");
    if said.packet.is_some() {
        assert_eq!(packet, said.packet, "{when}: the acknowledged packet");
    }
}

/// Outbox and folder say the same: each row has its three files, whole; no file is without a row.
fn packets(desk: &Desk, store: &Store, sealed: usize, when: &str) {
    let folder = desk.station().join("packets");
    let outbox = store.read(|view| view.outbox()).unwrap();
    assert_eq!(outbox.len(), sealed, "{when}: one outbox row for each sealed application");
    let mut expected = BTreeSet::new();
    for row in outbox {
        let packet = store.read(|view| view.packet(row.packet)).unwrap().expect("its packet");
        assert_eq!(packet.parts.len(), 3, "{when}: a packet has three parts");
        for part in packet.parts {
            let bytes = std::fs::read(folder.join(&part.path)).expect("a sealed part is on the disk");
            let digest: String = part.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(packet::digest_hex(&bytes), digest, "{when}: {} is whole", part.path);
            expected.insert(part.path);
        }
    }
    assert_eq!(files_below(&folder), expected, "{when}: every file in the folder is a packet's");
}

fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for packet in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(packet.path()).unwrap().flatten() {
            let (packet, file) = (packet.file_name(), file.file_name());
            files.insert(format!("{}/{}", packet.to_string_lossy(), file.to_string_lossy()));
        }
    }
    files
}

/// Every sealed part opens with the centre's key and both its signatures hold.
pub fn packets_open(desk: &Desk) {
    let folder = desk.station().join("packets");
    let files = files_below(&folder);
    assert!(!files.is_empty(), "there is a packet");
    let keys = desk.station().join("keys");
    for file in files {
        let opened = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
            .args(["packet", "open"])
            .arg("--key")
            .arg(keys.join("centre.key.pem"))
            .arg("--cert")
            .arg(keys.join("centre.crt.pem"))
            .arg("--ca")
            .arg(keys.join("ca.pem"))
            .arg(folder.join(&file))
            .output()
            .expect("rekamctl starts");
        assert!(opened.status.success(), "{file}: {}", String::from_utf8_lossy(&opened.stderr));
    }
}
