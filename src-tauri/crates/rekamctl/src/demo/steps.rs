//! The five steps as an operator takes them, each through the station's public methods.

use std::time::{Duration, Instant};

use station::view::{
    Answer, AnswerBy, ApprovedBy, DeviceState, DiffResult, DiffSource, EyeName, FingerName, OperatorFinger,
    RecordedAnswer, RematchProgress, SignaturePurpose, SignatureSource, SlapName, StrokePoint,
};
use station::{Error, Station};

use super::{Stop, Visit};
use crate::Trouble;

/// How long the devices may take to be found.
const FOUND_WITHIN: Duration = Duration::from_secs(60);
/// Readings of one finger, eye or slap before the demonstration gives up.
const TRIES: usize = 3;
/// The one thing that the applicant says differently than the record: the occupation.
const CORRECTED: &str = "pekerjaan";

fn at(place: &'static str) -> impl Fn(Error) -> Stop {
    move |error| Stop::new(place, error.to_view().key)
}

/// Somebody of the extract who may have a card: 17 or older, whatever the seed.
pub(crate) fn somebody(options: &training::Options) -> Result<String, Trouble> {
    let now = jiff::Timestamp::now();
    let year = i32::from(now.to_zoned(jiff::tz::TimeZone::UTC).year());
    let born = |date: &str| date.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(year);
    training::residents(options.seed, options.residents, now)?
        .into_iter()
        .find(|resident| (18..=45).contains(&(year - born(&resident.tanggal_lahir))))
        .map(|resident| resident.nik)
        .ok_or_else(|| Trouble::Usage("nobody in the extract is old enough; ask for more --residents".into()))
}

/// Waits until every device that the steps use was found.
pub(crate) fn wait_for_devices(station: &Station) -> Result<(), Trouble> {
    use station::view::DeviceRole as R;
    let needed = [R::Camera, R::FingerprintScanner, R::IrisScanner, R::FingerVerifier];
    let began = Instant::now();
    loop {
        let rows = station.devices()?.rows;
        let away: Vec<_> = needed
            .iter()
            .filter(|role| {
                rows.iter().find(|row| row.role == **role).is_none_or(|row| row.state == DeviceState::Absent)
            })
            .collect();
        if away.is_empty() {
            return Ok(());
        }
        if began.elapsed() > FOUND_WITHIN {
            return Err(Trouble::Usage(format!("simulated devices were not found: {away:?}")));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Step 1: the record of the NIK fills the form; one field is typed differently.
pub(crate) fn form(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    let kinds = station.kinds().map_err(at("kinds"))?;
    let kind = kinds.first().ok_or_else(|| Stop::new("kinds", "none"))?;
    visit.id = station.open(&kind.kind).map_err(at("open"))?.id;
    let id = visit.id.as_str();
    station.save_field(id, "nik", &visit.nik).map_err(at("save_field"))?;
    let form = station.prefill(id, &visit.nik).map_err(at("prefill"))?;
    let job = form.fields.iter().find(|field| field.unsur == CORRECTED).map(|field| field.value.as_str());
    let other = if job == Some("88") { "15" } else { "88" };
    let saved = station.save_field(id, CORRECTED, other).map_err(at("save_field"))?;
    if !saved.can_submit {
        return Err(Stop::new("save_field", saved.why.map(|why| why.key).unwrap_or_default()));
    }
    station.submit_form(id).map_err(at("submit_form")).map(drop)
}

/// Step 2: every paper was seen, the first was photographed.
pub(crate) fn requirements(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let papers = station.requirements(id).map_err(at("requirements"))?.items;
    for paper in &papers {
        station.set_requirement(id, &paper.id, true, "").map_err(at("set_requirement"))?;
    }
    if let Some(first) = papers.first() {
        station.photograph_requirement(id, &first.id).map_err(at("photograph"))?;
    }
    station.accept_requirements(id).map_err(at("accept")).map(drop)
}

/// Step 3: the difference is decided, warnings are answered, the data are read aloud.
pub(crate) fn verification(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let seen = station.verification(id).map_err(at("compare"))?;
    for row in seen.rows.iter().filter(|row| row.result == DiffResult::Differs) {
        let (source, note) = if row.unsur == CORRECTED {
            (DiffSource::Form, "surat keterangan kerja ditunjukkan")
        } else {
            (DiffSource::Record, "")
        };
        station.choose_source(id, &row.unsur, source, note).map_err(at("choose_source"))?;
    }
    for warning in seen.warnings.iter().filter(|warning| warning.confirmed.is_none()) {
        station
            .confirm_warning(id, &warning.rule, "sesuai KK yang ditunjukkan")
            .map_err(at("confirm_warning"))?;
    }
    let seen = station.answer_recorded(id, RecordedAnswer::Never).map_err(at("answer_recorded"))?;
    let mut proof = seen.operator_finger;
    if proof == OperatorFinger::NotNeeded {
        return Err(Stop::new("operator_finger", "a correction must ask for the operator's own finger"));
    }
    visit.training.while_staff_touches("dewi", || {
        for _ in 0..TRIES {
            if proof == OperatorFinger::Needed {
                proof = station.operator_finger(id).map_err(at("operator_finger"))?.operator_finger;
            }
        }
        Ok(())
    })?;
    station.mark_read_aloud(id).map_err(at("read_aloud"))?;
    station.finish_verification(id).map_err(at("finish_verification")).map(drop)
}

/// Step 4: portrait, ten fingers, both irises, signature, both index fingers again.
pub(crate) fn capture(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let taken = station.take_portrait(id).map_err(at("portrait"))?;
    if let Some(attempt) = taken.portrait.attempts.iter().find(|attempt| attempt.best && !attempt.good) {
        let values: Vec<&str> = taken.portrait.measured.iter().map(|check| check.value.as_str()).collect();
        return Err(Stop::new("portrait", format!("{} {}", attempt.reasons.join(","), values.join(" "))));
    }
    for line in &taken.portrait.judged {
        let word = serde_json::to_value(line.line).ok().and_then(|word| word.as_str().map(str::to_owned));
        station.judge_portrait(id, &word.unwrap_or_default(), true).map_err(at("judge"))?;
    }
    station.approve_portrait(id, ApprovedBy::Applicant).map_err(at("approve"))?;
    for slap in [SlapName::RightFour, SlapName::LeftFour, SlapName::Thumbs] {
        let mut accepted = false;
        for _ in 0..TRIES {
            if !accepted {
                accepted = station.capture_slap(id, slap).map_err(at("slap"))?.accepted;
            }
        }
        if !accepted {
            return Err(Stop::new("slap", "below the threshold"));
        }
    }
    station.answer_lens(id, false).map_err(at("lens"))?;
    station.capture_irises(id, &[EyeName::Right, EyeName::Left]).map_err(at("irises"))?;
    sign(visit, SignaturePurpose::Specimen)?;
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        if let Some(lines) = visit.training.desk.lines() {
            lines.lay(finger);
        }
        let mut matched = false;
        for _ in 0..TRIES {
            if !matched {
                let seen = station.rematch(id, name).map_err(at("rematch"))?;
                matched = seen
                    .rematch
                    .iter()
                    .any(|one| one.finger == name && one.state == RematchProgress::Matched);
            }
        }
        if !matched {
            return Err(Stop::new("rematch", "below the limit"));
        }
    }
    let seen = station.capture(id).map_err(at("capture"))?;
    if let Some(notice) = seen.notices.first() {
        let kind = serde_json::to_value(notice.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        let parts = notice.parts.join(",");
        return Err(Stop::new("notice", format!("{} {parts}", kind.unwrap_or_default())));
    }
    station.finish_capture(id).map_err(at("finish_capture")).map(drop)
}

/// Step 5: the applicant confirms and signs; the form is made; the recording is sealed.
pub(crate) fn attestation(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    station.attestation(id).map_err(at("attestation"))?;
    station.mark_read_aloud(id).map_err(at("read_aloud"))?;
    station.answer_data(id, Answer::Correct, "", AnswerBy::Screen).map_err(at("answer_data"))?;
    sign(visit, SignaturePurpose::Attestation)?;
    let ready = station.render_form(id).map_err(at("render_form"))?;
    if !ready.can_seal {
        return Err(Stop::new("render_form", ready.why.map(|why| why.key).unwrap_or_default()));
    }
    let sealed = station.seal(id).map_err(at("seal"))?;
    if sealed.packet.is_none_or(|packet| packet.parts.len() != 3) {
        return Err(Stop::new("seal", "a packet has three parts"));
    }
    Ok(())
}

/// The person at the desk signs in the window.
fn sign(visit: &Visit<'_>, purpose: SignaturePurpose) -> Result<(), Stop> {
    let person = synth::Person::new(visit.training.desk.person().get().seed);
    let mut points = Vec::new();
    for stroke in person.signature() {
        let last = stroke.len().saturating_sub(1);
        points.extend(stroke.iter().enumerate().map(|(index, point)| StrokePoint {
            x: point.x,
            y: point.y * 0.4,
            t: point.t_ms,
            p: point.pressure,
            down: index != last,
        }));
    }
    visit
        .station
        .save_signature(&visit.id, purpose, SignatureSource::Pen, &points)
        .map_err(at("signature"))
        .map(drop)
}
