//! Step 4.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn capture(desk: State<'_, Desk>, id: String) -> Reply<Capture> {
    desk.ask(move |s| s.capture(&id)).await
}

#[tauri::command]
pub async fn goto_modality(desk: State<'_, Desk>, id: String, modality: Modality) -> Reply<Capture> {
    desk.ask(move |s| s.goto_modality(&id, modality)).await
}

#[tauri::command]
pub async fn take_portrait(desk: State<'_, Desk>, id: String) -> Reply<Capture> {
    desk.ask(move |s| s.take_portrait(&id)).await
}

#[tauri::command]
pub async fn judge_portrait(
    desk: State<'_, Desk>,
    id: String,
    capture_id: String,
    line: String,
    ticked: bool,
) -> Reply<Capture> {
    desk.ask(move |s| s.judge_portrait(&id, &capture_id, &line, ticked)).await
}

#[tauri::command]
pub async fn excuse_portrait(
    desk: State<'_, Desk>,
    id: String,
    line: String,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.excuse_portrait(&id, &line, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn choose_portrait(
    desk: State<'_, Desk>,
    id: String,
    capture_id: String,
    reason: Option<ChoiceReason>,
) -> Reply<Capture> {
    desk.ask(move |s| s.choose_portrait(&id, &capture_id, reason)).await
}

#[tauri::command]
pub async fn approve_portrait(
    desk: State<'_, Desk>,
    id: String,
    capture_id: String,
    by: ApprovedBy,
) -> Reply<Capture> {
    desk.ask(move |s| s.approve_portrait(&id, &capture_id, by)).await
}

#[tauri::command]
pub async fn accept_portrait(desk: State<'_, Desk>, id: String, note: String) -> Reply<Capture> {
    desk.ask(move |s| s.accept_portrait(&id, &note)).await
}

#[tauri::command]
pub async fn cut_portrait(
    desk: State<'_, Desk>,
    id: String,
    still_id: String,
    place: CutPlace,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.cut_portrait(&id, &still_id, place, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn refuse_portrait(desk: State<'_, Desk>, id: String, capture_id: String) -> Reply<Capture> {
    desk.ask(move |s| s.refuse_portrait(&id, &capture_id)).await
}

#[tauri::command]
pub async fn capture_slap(desk: State<'_, Desk>, id: String, slap: SlapName) -> Reply<SlapResult> {
    desk.ask(move |s| s.capture_slap(&id, slap)).await
}

#[tauri::command]
pub async fn accept_slap(desk: State<'_, Desk>, id: String, slap: SlapName, note: String) -> Reply<Capture> {
    desk.ask(move |s| s.accept_slap(&id, slap, &note)).await
}

#[tauri::command]
pub async fn see_applicant(desk: State<'_, Desk>, id: String) -> Reply<Capture> {
    desk.ask(move |s| s.see_applicant(&id)).await
}

#[tauri::command]
pub async fn answer_lens(desk: State<'_, Desk>, id: String, worn: bool) -> Reply<Capture> {
    desk.ask(move |s| s.answer_lens(&id, worn)).await
}

#[tauri::command]
pub async fn capture_irises(desk: State<'_, Desk>, id: String, eyes: Vec<EyeName>) -> Reply<Capture> {
    desk.ask(move |s| s.capture_irises(&id, &eyes)).await
}

#[tauri::command]
pub async fn accept_eye(desk: State<'_, Desk>, id: String, eye: EyeName, note: String) -> Reply<Capture> {
    desk.ask(move |s| s.accept_eye(&id, eye, &note)).await
}

#[tauri::command]
pub async fn rematch(desk: State<'_, Desk>, id: String, finger: FingerName) -> Reply<Capture> {
    desk.ask(move |s| s.rematch(&id, finger)).await
}

#[tauri::command]
pub async fn rematch_note(
    desk: State<'_, Desk>,
    id: String,
    finger: FingerName,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.rematch_note(&id, finger, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn change_chip_finger(
    desk: State<'_, Desk>,
    id: String,
    chip: u32,
    finger: FingerName,
) -> Reply<Capture> {
    desk.ask(move |s| s.change_chip_finger(&id, chip, finger)).await
}

#[tauri::command]
pub async fn cancel_device(desk: State<'_, Desk>, role: DeviceRole) -> Reply<()> {
    desk.ask(move |s| s.cancel_device(role)).await
}

#[tauri::command]
pub async fn put_exception(
    desk: State<'_, Desk>,
    id: String,
    part: BodyPart,
    reason: String,
    permanence: Permanence,
    return_on: Option<String>,
    words: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.put_exception(&id, part, &reason, permanence, return_on.as_deref(), &words)).await
}

#[tauri::command]
pub async fn exception_photo(desk: State<'_, Desk>, id: String, exception_id: String) -> Reply<Capture> {
    desk.ask(move |s| s.exception_photo(&id, &exception_id)).await
}

#[tauri::command]
pub async fn witness_exception(
    desk: State<'_, Desk>,
    id: String,
    exception_id: String,
    witness_id: String,
    password: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.witness_exception(&id, &exception_id, &witness_id, &password)).await
}

#[tauri::command]
pub async fn remove_exception(desk: State<'_, Desk>, id: String, exception_id: String) -> Reply<Capture> {
    desk.ask(move |s| s.remove_exception(&id, &exception_id)).await
}

#[tauri::command]
pub async fn save_signature(
    desk: State<'_, Desk>,
    id: String,
    purpose: SignaturePurpose,
    source: SignatureSource,
    points: Vec<StrokePoint>,
) -> Reply<Capture> {
    desk.ask(move |s| s.save_signature(&id, purpose, source, &points)).await
}

#[tauri::command]
pub async fn pad_signature(desk: State<'_, Desk>, id: String, purpose: SignaturePurpose) -> Reply<Capture> {
    desk.ask(move |s| s.pad_signature(&id, purpose)).await
}

#[tauri::command]
pub async fn finish_pad(desk: State<'_, Desk>) -> Reply<()> {
    desk.ask(move |s| s.finish_pad()).await
}

#[tauri::command]
pub async fn finish_capture(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.finish_capture(&id)).await
}

#[tauri::command]
pub async fn answer_notice(
    desk: State<'_, Desk>,
    id: String,
    kind: NoticeKind,
    note: String,
) -> Reply<Capture> {
    desk.ask(move |s| s.answer_notice(&id, kind, &note)).await
}

#[tauri::command]
pub async fn find_duplicates(desk: State<'_, Desk>, id: String) -> Reply<Capture> {
    desk.ask(move |s| s.find_duplicates(&id)).await
}

#[tauri::command]
pub async fn stop_duplicates(desk: State<'_, Desk>) -> Reply<()> {
    desk.ask(move |s| s.stop_duplicates()).await
}
