//! The five steps as an operator takes them, each through the station's public methods.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use station::Station;
use station::view::{
    Answer, AnswerBy, AnswerState, ApprovalState, ApprovedBy, Capture, DeviceState, DiffResult, DiffSource,
    DraftFor, EyeName, FingerName, HandoverFingerState, OperatorFinger, PaperState, RecordedAnswer,
    RematchProgress, SignatureProgress, SignaturePurpose, SignatureSource, SlapName, SlapProgress,
};
use synth::resident::Resident;

use super::journal::pictures;
use super::{Stop, Visit, at};
use crate::Trouble;

/// How long the devices may take to be found.
const FOUND_WITHIN: Duration = Duration::from_secs(60);
/// Readings of one finger, eye or slap before the demonstration gives up.
const TRIES: usize = 3;
/// The one thing that the applicant says differently than the record: the occupation.
const CORRECTED: &str = "pekerjaan";
/// Why somebody whom the record knows says to have no card.
const NEVER: &str = "NIK di KK lama milik orang lain";
/// The police's letter about a lost card.
const LETTER: &str = "surat_kehilangan";

/// Who sits at the desk: the person of an application that was begun, else the next of the extract who may have a card.
pub(crate) fn somebody(
    options: &training::Options,
    station: &Station,
    id: &str,
    earlier: usize,
) -> Result<Resident, Trouble> {
    let begun = if id.is_empty() { String::new() } else { station.permohonan(id)?.nik };
    let mut grown = training::grown(options.seed, options.residents, jiff::Timestamp::now())?;
    let chosen = grown.iter().position(|resident| resident.nik == begun).unwrap_or(earlier);
    if chosen < grown.len() {
        return Ok(grown.swap_remove(chosen));
    }
    Err(Trouble::Usage("nobody left in the extract is old enough; ask for more --residents".into()))
}

/// Waits until every device that the steps use was found.
fn wait_for_devices(station: &Station) -> Result<(), Stop> {
    use station::view::DeviceRole as R;
    let needed = [R::Camera, R::FingerprintScanner, R::IrisScanner, R::FingerVerifier];
    let began = Instant::now();
    loop {
        let rows = station.devices().map_err(at("devices"))?.rows;
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
            return Err(Stop::new("devices", format!("simulated devices were not found: {away:?}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Asks the station for one act and keeps the journal of it.
pub(super) fn act<T>(
    visit: &Visit<'_>,
    name: &'static str,
    facts: &Value,
    work: impl FnOnce() -> station::Result<T>,
) -> Result<T, Stop> {
    visit.journal.asks(name, &visit.id, facts);
    let done = work().map_err(at(name))?;
    visit.journal.told(name, &visit.id, facts);
    Ok(done)
}

/// The occupation that the applicant corrects it to.
pub(super) fn corrected(resident: &Resident) -> &'static str {
    if resident.pekerjaan == "88" { "15" } else { "88" }
}

/// Step 1: the record of the NIK fills the form; one field is typed differently when the applicant corrects it.
pub(crate) fn form(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let station = visit.station;
    if visit.id.is_empty() {
        training::sits(station, "dewi").map_err(at("sign_in"))?;
        visit.journal.asks("open", "", &Value::Null);
        visit.id = station.open(visit.kind).map_err(at("open"))?.id;
        visit.journal.told("open", &visit.id, &Value::Null);
    }
    let id = visit.id.as_str();
    let seen = station.form(id).map_err(at("form"))?;
    let value = |unsur: &str| seen.fields.iter().find(|field| field.unsur == unsur).map(|field| &field.value);
    let nik = &visit.resident.nik;
    if value("nik") != Some(nik) {
        act(visit, "field", &json!({"nik": nik}), || station.save_field(id, "nik", nik))?;
    }
    if seen.prefilled_from.is_none() {
        let record: serde_json::Map<String, Value> = visit
            .resident
            .elements()
            .iter()
            .filter(|(unsur, _)| value(unsur).is_some())
            .map(|(unsur, value)| ((*unsur).to_owned(), json!(value)))
            .collect();
        act(visit, "field", &Value::Object(record), || station.prefill(id, nik))?;
    }
    let job = corrected(&visit.resident);
    if visit.corrects && value(CORRECTED).is_none_or(|value| value != job) {
        act(visit, "field", &json!({CORRECTED: job}), || station.save_field(id, CORRECTED, job))?;
    }
    let ready = station.form(id).map_err(at("form"))?;
    if !ready.can_submit {
        return Err(Stop::new("save_field", ready.why.map(|why| why.key).unwrap_or_default()));
    }
    act(visit, "submit", &json!(1), || station.submit_form(id)).map(drop)
}

/// Step 2: every paper was seen; the police's letter was photographed, or the first paper.
pub(crate) fn requirements(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let papers = station.requirements(id).map_err(at("requirements"))?.items;
    for paper in papers.iter().filter(|paper| paper.state == PaperState::Missing) {
        act(visit, "paper", &json!(paper.id), || station.set_requirement(id, &paper.id, true))?;
    }
    let letter = papers.iter().find(|paper| paper.id == LETTER);
    if let Some(first) = letter.or(papers.first()).filter(|first| first.pages.is_empty()) {
        wait_for_devices(station)?;
        let seen =
            act(visit, "photograph", &json!(first.id), || station.photograph_requirement(id, &first.id))?;
        let pages = seen.items.into_iter().flat_map(|item| item.pages).map(|page| page.capture_id);
        visit.journal.kept(station, id, pages);
    }
    act(visit, "submit", &json!(2), || station.accept_requirements(id)).map(drop)
}

/// Step 3: the difference is decided, warnings are answered, the data are read aloud.
pub(crate) fn verification(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let mut seen = station.verification(id).map_err(at("compare"))?;
    for row in seen.rows.iter().filter(|row| row.result == DiffResult::Differs) {
        let (source, note) = if row.unsur == CORRECTED {
            (DiffSource::Form, "surat keterangan kerja ditunjukkan")
        } else {
            (DiffSource::Record, "")
        };
        act(visit, "decide", &json!(row.unsur), || station.choose_source(id, &row.unsur, source, note))?;
    }
    seen = station.verification(id).map_err(at("verification"))?;
    for warning in seen.warnings.iter().filter(|warning| warning.confirmed.is_none()) {
        act(visit, "confirm", &json!(warning.rule), || {
            station.confirm_warning(id, &warning.rule, "sesuai KK yang ditunjukkan")
        })?;
    }
    if seen.recorded.answer.is_none() {
        let answer = if visit.records() { RecordedAnswer::Never } else { RecordedAnswer::Elsewhere };
        for typed in ["NIK di KK la", NEVER] {
            act(visit, "draft", &json!(typed), || station.save_draft(id, DraftFor::NeverReason, "", typed))?;
        }
        act(visit, "answer", &Value::Null, || station.answer_recorded(id, answer, NEVER))?;
    }
    seen = station.verification(id).map_err(at("verification"))?;
    let mut proof = seen.operator_finger;
    if visit.corrects && proof == OperatorFinger::NotNeeded {
        return Err(Stop::new("operator_finger", "a correction must ask for the operator's own finger"));
    }
    if proof == OperatorFinger::Needed {
        wait_for_devices(station)?;
    }
    visit.training.while_staff_touches("dewi", || {
        for _ in 0..TRIES {
            if proof == OperatorFinger::Needed {
                proof = act(visit, "operator_finger", &Value::Null, || station.operator_finger(id))?
                    .operator_finger;
            }
        }
        Ok::<(), Stop>(())
    })?;
    identity(visit)?;
    if seen.read_aloud_at.is_none() {
        act(visit, "read_aloud", &json!(3), || station.mark_read_aloud(id))?;
    }
    act(visit, "submit", &json!(3), || station.finish_verification(id)).map(drop)
}

/// A kind that asks for it holds the person's finger 1:1 against the record before anything is printed.
fn identity(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let Some(check) = station.verification(id).map_err(at("identity"))?.identity else { return Ok(()) };
    if station.finish_verification(id).is_ok() {
        return Err(Stop::new("identity", "went on without a finger"));
    }
    wait_for_devices(station)?;
    visit.training.lays(domain::Finger::RightIndex);
    let mut state = check.state;
    for _ in 0..TRIES {
        if state != HandoverFingerState::Matched {
            let seen = station.identity_finger(id, FingerName::RightIndex).map_err(at("identity"))?;
            state = seen.identity.map_or(state, |check| check.state);
        }
    }
    if state == HandoverFingerState::Matched { Ok(()) } else { Err(Stop::new("identity", "below the limit")) }
}

/// Step 4: portrait, ten fingers, both irises, signature, both index fingers again; what was kept is not taken again.
pub(crate) fn capture(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let mut seen = station.capture(id).map_err(at("capture"))?;
    let keep = |seen: &Capture| visit.journal.kept(station, id, pictures(seen));
    keep(&seen);
    if !seen.can_finish {
        wait_for_devices(station)?;
    }
    portrait(visit, &mut seen)?;
    keep(&seen);
    for slap in [SlapName::RightFour, SlapName::LeftFour, SlapName::Thumbs] {
        let mut accepted = seen.slaps.iter().any(|one| one.slap == slap && one.state == SlapProgress::Done);
        for _ in 0..TRIES {
            if !accepted {
                let taken = act(visit, "slap", &json!(slap), || station.capture_slap(id, slap))?;
                accepted = taken.accepted;
                seen = taken.capture;
                keep(&seen);
            }
        }
        if !accepted {
            return Err(Stop::new("slap", "below the threshold"));
        }
    }
    if seen.lens_answer.is_none() {
        act(visit, "lens", &Value::Null, || station.answer_lens(id, false))?;
    }
    let eyes: Vec<EyeName> =
        seen.eyes.iter().filter(|eye| eye.capture_id.is_none()).map(|eye| eye.eye).collect();
    if !eyes.is_empty() {
        seen = act(visit, "irises", &json!(eyes), || station.capture_irises(id, &eyes))?;
        keep(&seen);
    }
    if seen.signature.state != SignatureProgress::Done {
        seen = sign(visit, SignaturePurpose::Specimen)?;
        keep(&seen);
    }
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        again(visit, &mut seen, name, finger)?;
        keep(&seen);
    }
    let seen = station.capture(id).map_err(at("capture"))?;
    if let Some(notice) = seen.notices.first() {
        let kind = serde_json::to_value(notice.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        let parts = notice.parts.join(",");
        return Err(Stop::new("notice", format!("{} {parts}", kind.unwrap_or_default())));
    }
    act(visit, "submit", &json!(4), || station.finish_capture(id)).map(drop)
}

/// The portrait is taken, judged by the operator and approved by the applicant.
fn portrait(visit: &Visit<'_>, seen: &mut Capture) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if seen.portrait.attempts.is_empty() {
        *seen = act(visit, "portrait", &Value::Null, || station.take_portrait(id))?;
        if seen.portrait.attempts.is_empty() {
            return Err(Stop::new("portrait", "no_face"));
        }
    }
    if let Some(attempt) = seen.portrait.attempts.iter().find(|attempt| attempt.best && !attempt.good) {
        let values: Vec<&str> = seen.portrait.measured.iter().map(|check| check.value.as_str()).collect();
        return Err(Stop::new("portrait", format!("{} {}", attempt.reasons.join(","), values.join(" "))));
    }
    let best = seen.portrait.attempts.iter().find(|attempt| attempt.best);
    let shown = best.map(|attempt| attempt.capture_id.clone()).unwrap_or_default();
    for line in seen.portrait.judged.iter().filter(|line| !line.ticked) {
        let word = serde_json::to_value(line.line).ok().and_then(|word| word.as_str().map(str::to_owned));
        let word = word.unwrap_or_default();
        act(visit, "judge", &json!(word), || station.judge_portrait(id, &shown, &word, true))?;
    }
    if !matches!(seen.portrait.approval.state, ApprovalState::Approved | ApprovalState::Verbal) {
        act(visit, "approve", &Value::Null, || station.approve_portrait(id, &shown, ApprovedBy::Applicant))?;
    }
    Ok(())
}

/// One index finger again, on the module that takes one at a time.
fn again(
    visit: &Visit<'_>,
    seen: &mut Capture,
    name: FingerName,
    finger: domain::Finger,
) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    visit.training.lays(finger);
    let is_matched = |seen: &Capture| {
        seen.rematch.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
    };
    for _ in 0..TRIES {
        if !is_matched(seen) {
            *seen = act(visit, "rematch", &json!(name), || station.rematch(id, name))?;
        }
    }
    if is_matched(seen) { Ok(()) } else { Err(Stop::new("rematch", "below the limit")) }
}

/// Step 5: the applicant confirms and signs; the form is made; the recording is sealed.
pub(crate) fn attestation(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    let seen = station.attestation(id).map_err(at("attestation"))?;
    if seen.read_aloud_at.is_none() {
        act(visit, "read_aloud", &json!(5), || station.mark_read_aloud(id))?;
    }
    if seen.answer.state != AnswerState::Correct {
        act(visit, "answer_data", &Value::Null, || {
            station.answer_data(id, Answer::Correct, "", AnswerBy::Screen)
        })?;
    }
    if seen.signature.state != SignatureProgress::Done {
        sign(visit, SignaturePurpose::Attestation)?;
        let signed = station.attestation(id).map_err(at("attestation"))?.signature.capture_id;
        visit.journal.kept(station, id, signed);
    }
    if seen.form.is_none() {
        act(visit, "form", &Value::Null, || station.render_form(id))?;
    }
    let ready = station.attestation(id).map_err(at("attestation"))?;
    if let Some(form) = &ready.form {
        visit.journal.told("document", id, &json!(form.document_id));
    }
    if !ready.can_seal {
        return Err(Stop::new("render_form", ready.why.map(|why| why.key).unwrap_or_default()));
    }
    let sealed = act(visit, "submit", &json!(5), || station.seal(id))?;
    let Some(packet) = sealed.packet.filter(|packet| packet.parts.len() == 3) else {
        return Err(Stop::new("seal", "a packet has three parts"));
    };
    visit.journal.told("sealed", id, &json!(packet.packet_id));
    Ok(())
}

/// The person at the desk signs in the window.
fn sign(visit: &Visit<'_>, purpose: SignaturePurpose) -> Result<Capture, Stop> {
    let points = visit.training.strokes();
    let (station, id) = (visit.station, visit.id.as_str());
    act(visit, "sign", &json!(purpose), || station.save_signature(id, purpose, SignatureSource::Pen, &points))
}
