//! One made-up applicant through steps 1–5, and with a centre through all nine, over the simulated devices' real wire
//! protocols, without a window.

mod after;
mod card;
mod centre;
mod journal;
mod steps;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use station::view::{QueueTab, RowState};
use station::{Start, Station, clock};
use synth::resident::Resident;

use crate::{Trouble, Verdict, answer, file};
use journal::Journal;

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// Folder for `steps.jsonl`, `packet/`, `keys/` and `documents/`; made when it is not there.
    #[arg(long)]
    out: PathBuf,
    /// Another applicant.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many made-up residents the extract holds.
    #[arg(long, default_value_t = 300)]
    residents: usize,
    /// Go on with the station that stands in the folder, at the step where a cut left it, instead of beginning anew.
    #[arg(long)]
    resume: bool,
    /// Go on from the seal: a centre of its own, the network away and back, receipt, status, and the same by courier.
    #[arg(long)]
    centre: bool,
    /// Write here what was asked for and what was acknowledged, an object a line; for tests of power cuts.
    #[arg(long, hide = true)]
    journal: Option<PathBuf>,
}

/// Where a step stopped: the part of the step, and the key of the refusal. Nobody's data.
pub(crate) struct Stop {
    at: &'static str,
    why: String,
}

impl Stop {
    pub(crate) fn new(at: &'static str, why: impl Into<String>) -> Self {
        Self { at, why: why.into() }
    }
}

/// Everything that the steps work with.
pub(crate) struct Visit<'a> {
    pub training: &'a training::Training,
    pub station: &'a Station,
    /// Who sits at the desk, out of the extract.
    pub resident: Resident,
    /// Id of the application, once it is open.
    pub id: String,
    pub journal: Journal,
}

/// What a judge of the packet needs of training's keys; the keys that sign stay where they are.
const TRAINING_KEYS: [&str; 5] =
    ["ca.pem", "centre.key.pem", "centre.crt.pem", "escrow.key.pem", "escrow.crt.pem"];

type Step = fn(&mut Visit<'_>) -> Result<(), Stop>;

const STEPS: [(&str, Step); 5] = [
    ("form", steps::form),
    ("requirements", steps::requirements),
    ("verification", steps::verification),
    ("capture", steps::capture),
    ("attestation", steps::attestation),
];

pub(crate) fn run(ask: &Ask) -> Result<Verdict, Trouble> {
    let out = &ask.out;
    std::fs::create_dir_all(out).map_err(file(out))?;
    for old in ["packet", "keys", "documents", "station"] {
        let path = out.join(old);
        if path.exists() && !(ask.resume && old == "station") {
            std::fs::remove_dir_all(&path).map_err(file(&path))?;
        }
    }
    let dir = out.join("station");
    let options = training::Options {
        dir: dir.clone(),
        residents: ask.residents,
        seed: ask.seed,
        standard_ports: false,
    };
    let training = training::start(&options)?;
    let start = Start {
        config: training.config.clone(),
        clock: Arc::new(clock::SystemClock),
        training_hint: Some(training::HINT.to_owned()),
        practice: None,
    };
    let station = Station::start(start)?;
    let district = ask.centre.then(|| centre::District::open(&station, &options)).transpose()?;
    station.sign_in("dewi", training::PASSWORD)?;
    let (id, reached, earlier) = standing(&station)?;
    let resident = steps::somebody(&options, &station, &id, earlier)?;
    training.seat(&resident.nik);
    let journal = ask.journal.as_deref().map_or_else(|| Ok(Journal::none()), Journal::at)?;
    let mut visit = Visit { training: &training, station: &station, resident, id, journal };
    if !visit.id.is_empty() {
        visit.journal.told("stands", &visit.id, &json!(reached));
    }
    let mut lines = Lines { path: out.join("steps.jsonl"), said: Vec::new() };
    if !walk(&mut visit, reached, &mut lines)? {
        return Ok(Verdict::Broken);
    }
    lay_out(&station, &visit.id, &dir, out)?;
    if let Some(district) = district {
        district.lay_out_keys(&out.join("keys"))?;
        let fine = go_on(&district, &mut visit, &options, &mut lines, out);
        station.lock()?;
        district.close()?;
        return Ok(if fine? { Verdict::Fine } else { Verdict::Broken });
    }
    station.lock()?;
    Ok(Verdict::Fine)
}

/// The five steps, from the one that was reached; whether all went well.
fn walk(visit: &mut Visit<'_>, reached: usize, lines: &mut Lines) -> Result<bool, Trouble> {
    for (number, (name, step)) in (1..).zip(STEPS).skip(reached) {
        let done = lines.take(json!(number), name, || {
            let result = step(visit);
            if result.is_ok() {
                visit.journal.told("step", &visit.id, &json!(number));
            }
            result
        })?;
        if !done {
            return Ok(false);
        }
    }
    Ok(true)
}

/// From the seal to the mirror: by network, and a second recording by courier.
fn go_on(
    district: &centre::District,
    visit: &mut Visit<'_>,
    options: &training::Options,
    lines: &mut Lines,
    out: &Path,
) -> Result<bool, Trouble> {
    let station = visit.station;
    let packet = packet_of(station, &visit.id)?;
    let sync = || json!("sync");
    let by_network = lines.take(sync(), "network_absent", || district.absent(station))?
        && lines.take(sync(), "network_present", || district.present(station))?
        && lines.take(sync(), "print_ready", || district.decided(station, &packet))?;
    if !by_network {
        return Ok(false);
    }
    let asked = lines.take(json!(6), "print_request", || after::print_request(visit))?
        && lines.take(json!(7), "status", || after::status(visit))?;
    if !asked {
        return Ok(false);
    }
    after::lay_out(station, &visit.id, out)?;
    let given = lines.take(json!(8), "print", || card::print(visit))?
        && lines.take(json!(9), "handover", || card::handover(visit))?;
    if !given {
        return Ok(false);
    }
    card::lay_out(station, &visit.id, out)?;
    visit.resident = steps::somebody(options, station, "", 1)?;
    visit.training.seat(&visit.resident.nik);
    visit.id = String::new();
    if !walk(visit, 0, lines)? {
        return Ok(false);
    }
    let packet = packet_of(station, &visit.id)?;
    lines.take(json!("courier"), "print_ready", || district.courier(station, &packet))
}

fn packet_of(station: &Station, id: &str) -> Result<String, Trouble> {
    Ok(station.attestation(id)?.packet.map(|packet| packet.packet_id).unwrap_or_default())
}

/// What was said so far, on the screen and in the file.
struct Lines {
    path: PathBuf,
    said: Vec<Value>,
}

impl Lines {
    /// Does one thing and says how it went.
    fn take(
        &mut self,
        step: Value,
        name: &str,
        work: impl FnOnce() -> Result<(), Stop>,
    ) -> Result<bool, Trouble> {
        let began = Instant::now();
        let result = work();
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let line = match &result {
            Ok(()) => json!({"step": step, "name": name, "ok": true, "ms": ms}),
            Err(stop) => {
                json!({"step": step, "name": name, "ok": false, "ms": ms, "at": stop.at, "why": stop.why})
            }
        };
        answer(&line);
        self.said.push(line);
        write_lines(&self.path, &self.said)?;
        Ok(result.is_ok())
    }
}

/// The application that a cut interrupted, how many of its steps are done, and how many there were before it.
fn standing(station: &Station) -> Result<(String, usize, usize), Trouble> {
    let queue = station.queue(QueueTab::All)?;
    let rows = || queue.mine.iter().chain(&queue.others);
    let sealed = rows().filter(|row| row.state != RowState::Open).count();
    Ok(rows().find(|row| row.state == RowState::Open).map_or_else(
        || (String::new(), 0, sealed),
        |row| (row.id.clone(), (row.step as usize).min(STEPS.len()), sealed),
    ))
}

fn write_lines(path: &Path, lines: &[Value]) -> Result<(), Trouble> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(path, text).map_err(file(path))
}

/// Copies packet, keys and papers to where a reader looks for them.
fn lay_out(station: &Station, id: &str, dir: &Path, out: &Path) -> Result<(), Trouble> {
    let attestation = station.attestation(id)?;
    let packet = attestation.packet.map(|packet| packet.packet_id).unwrap_or_default();
    copy_folder(&dir.join("packets").join(&packet), &out.join("packet").join(&packet))?;
    let keys = out.join("keys");
    std::fs::create_dir_all(&keys).map_err(file(&keys))?;
    for name in TRAINING_KEYS {
        let from = dir.join("keys").join(name);
        std::fs::copy(&from, keys.join(name)).map_err(file(&from))?;
    }
    let documents = out.join("documents");
    std::fs::create_dir_all(&documents).map_err(file(&documents))?;
    if let Some(form) = attestation.form {
        let path = documents.join("formulir-perekaman.pdf");
        std::fs::write(&path, station.document_pdf(&form.document_id)?).map_err(file(&path))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Trouble> {
    std::fs::create_dir_all(to).map_err(file(to))?;
    for entry in std::fs::read_dir(from).map_err(file(from))? {
        let path = entry.map_err(file(from))?.path();
        if let Some(name) = path.file_name() {
            std::fs::copy(&path, to.join(name)).map_err(file(&path))?;
        }
    }
    Ok(())
}
