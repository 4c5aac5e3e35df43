//! Made-up applicants at a station without a window, over the simulated devices' real wire protocols: one through steps
//! 1–5, or with a centre seven of them through all nine steps and the other exits.

mod after;
mod birthday;
mod card;
mod centre;
mod journal;
mod lines;
mod onward;
mod papers;
mod reader;
mod scenarios;
mod seldom;
mod steps;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use station::view::{QueueTab, RowState};
use station::{Start, Station};
use synth::resident::Resident;

use crate::{Trouble, Verdict, file};
use journal::Journal;
use lines::Lines;

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// Folder for `steps.jsonl`, `packet/`, `keys/`, `documents/` and `chip/`; made when it is not there.
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
    /// Go on from the seal to the card in the hand with a centre of its own, and play the other scenarios.
    #[arg(long)]
    centre: bool,
    /// Go on with steps 6 to 9 of the sealed application as this officer, by the mirror as it is; for tests of power cuts.
    #[arg(long, hide = true, value_name = "ACCOUNT")]
    onward: Option<String>,
    /// What is done at the counter of step 9 and after it; for tests of power cuts.
    #[arg(long, hide = true, value_enum, default_value = "own")]
    at_counter: onward::Counter,
    /// Where no application is open somebody recorded elsewhere comes with a damaged card; for tests of power cuts.
    #[arg(long, hide = true)]
    damaged: bool,
    /// The chip station stands inside the card printer; for tests of power cuts.
    #[arg(long, hide = true)]
    encoder: bool,
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

/// Names the part of a step in which the station refused.
pub(crate) fn at(place: &'static str) -> impl Fn(station::Error) -> Stop {
    move |error| Stop::new(place, error.to_view().key)
}

/// The first card of a citizen.
const FIRST_CARD: &str = "baru_wni";

/// Everything that the steps work with.
pub(crate) struct Visit<'a> {
    pub training: &'a training::Training,
    pub station: &'a Station,
    /// Who sits at the desk, out of the extract.
    pub resident: Resident,
    /// Kind of application.
    pub kind: &'static str,
    /// The applicant gives one field differently than the record has it.
    pub corrects: bool,
    /// Id of the application, once it is open.
    pub id: String,
    /// Packet of the applicant's recording, once it is sealed; it stays when the same person comes again.
    pub packet: String,
    /// Somebody else holds the card on the reader: one that outlives this process.
    pub card_lies: bool,
    /// File name and id of each paper that was made.
    pub papers: Vec<(&'static str, String)>,
    pub journal: Journal,
}

impl<'a> Visit<'a> {
    /// Whether this kind records the person; the others are print jobs of somebody recorded before.
    fn records(&self) -> bool {
        self.kind == FIRST_CARD
    }

    /// Somebody sits down for another application.
    fn begin(&mut self, resident: Resident, kind: &'static str) {
        self.training.seat(&resident.nik);
        (self.resident, self.kind) = (resident, kind);
        self.id = String::new();
        self.papers.clear();
    }
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
    for old in ["packet", "keys", "documents", "chip", "station"] {
        let path = out.join(old);
        if path.exists() && !(ask.resume && old == "station") {
            std::fs::remove_dir_all(&path).map_err(file(&path))?;
        }
    }
    let dir = out.join("station");
    let mut options = training::Options {
        dir: dir.clone(),
        residents: ask.residents,
        seed: ask.seed,
        ..training::Options::default()
    };
    if let Some(officer) = &ask.onward {
        let life = onward::Life {
            officer,
            counter: ask.at_counter,
            damaged: ask.damaged,
            encoder: ask.encoder,
            journal: ask.journal.as_deref(),
        };
        return onward::live(&options, &life);
    }
    let reader = ask.centre.then(reader::Reader::open);
    if ask.centre {
        options.also.push(birthday::young(&options)?);
    }
    let mut training = training::start(&options)?;
    if let Some(reader) = &reader {
        reader.settle(&mut training.config);
    }
    let calendar = Arc::new(birthday::Calendar::default());
    let start = Start {
        config: training.config.clone(),
        clock: Arc::clone(&calendar) as Arc<dyn station::clock::Clock>,
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
    let mut visit = Visit {
        training: &training,
        station: &station,
        resident,
        kind: FIRST_CARD,
        corrects: true,
        id,
        packet: String::new(),
        card_lies: false,
        papers: Vec::new(),
        journal,
    };
    if !visit.id.is_empty() {
        visit.journal.told("stands", &visit.id, &json!(reached));
    }
    let mut lines = Lines::new(out.join("steps.jsonl"));
    if !walk(&mut visit, reached, &mut lines)? {
        return Ok(Verdict::Broken);
    }
    lay_out(&station, &visit, &dir, out)?;
    let mut verdict = Verdict::Fine;
    if let (Some(district), Some(reader)) = (district, &reader) {
        district.lay_out_keys(&out.join("keys"))?;
        let stage =
            scenarios::Stage { district: &district, options: &options, calendar: &calendar, reader, out };
        let fine = stage.play(&mut visit, &mut lines);
        station.lock()?;
        district.close()?;
        verdict = match (fine?, lines.all_fine()) {
            (true, true) => Verdict::Fine,
            (true, false) => Verdict::Warned,
            (false, _) => Verdict::Broken,
        };
    }
    station.lock()?;
    Ok(verdict)
}

/// The steps up to the seal, or up to the print request of a print job, from the one that was reached; whether all went
/// well.
fn walk(visit: &mut Visit<'_>, reached: usize, lines: &mut Lines) -> Result<bool, Trouble> {
    let until = if visit.records() { STEPS.len() } else { 3 };
    for (number, (name, step)) in (1..).zip(STEPS).skip(reached).take(until.saturating_sub(reached)) {
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
    if visit.records() {
        visit.packet = packet_of(visit.station, &visit.id)?;
    }
    Ok(true)
}

fn packet_of(station: &Station, id: &str) -> Result<String, Trouble> {
    Ok(station.attestation(id)?.packet.map(|packet| packet.packet_id).unwrap_or_default())
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

/// Copies packet, keys and papers to where a reader looks for them.
fn lay_out(station: &Station, visit: &Visit<'_>, dir: &Path, out: &Path) -> Result<(), Trouble> {
    let packet = &visit.packet;
    copy_folder(&dir.join("packets").join(packet), &out.join("packet").join(packet))?;
    let keys = out.join("keys");
    std::fs::create_dir_all(&keys).map_err(file(&keys))?;
    for name in TRAINING_KEYS {
        let from = dir.join("keys").join(name);
        std::fs::copy(&from, keys.join(name)).map_err(file(&from))?;
    }
    papers::form(station, &visit.id, &papers::folder(out, lines::FIRST)?)?;
    // And where somebody looks first who knows of one walk alone.
    papers::form(station, &visit.id, &out.join("documents"))
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
