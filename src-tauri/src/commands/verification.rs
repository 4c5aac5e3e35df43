//! Step 3.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn verification(desk: State<'_, Desk>, id: String) -> Reply<Verification> {
    desk.ask(move |s| s.verification(&id)).await
}

#[tauri::command]
pub async fn ask_centre(desk: State<'_, Desk>, id: String) -> Reply<Verification> {
    desk.ask(move |s| s.ask_centre(&id)).await
}

#[tauri::command]
pub async fn choose_source(
    desk: State<'_, Desk>,
    id: String,
    unsur: String,
    source: DiffSource,
    note: String,
) -> Reply<Verification> {
    desk.ask(move |s| s.choose_source(&id, &unsur, source, &note)).await
}

#[tauri::command]
pub async fn confirm_warning(
    desk: State<'_, Desk>,
    id: String,
    rule: String,
    reason: String,
) -> Reply<Verification> {
    desk.ask(move |s| s.confirm_warning(&id, &rule, &reason)).await
}

#[tauri::command]
pub async fn answer_recorded(
    desk: State<'_, Desk>,
    id: String,
    answer: RecordedAnswer,
    reason: String,
) -> Reply<Verification> {
    desk.ask(move |s| s.answer_recorded(&id, answer, &reason)).await
}

#[tauri::command]
pub async fn read_card(desk: State<'_, Desk>, id: String) -> Reply<Verification> {
    desk.ask(move |s| s.read_card(&id)).await
}

#[tauri::command]
pub async fn operator_finger(desk: State<'_, Desk>, id: String) -> Reply<Verification> {
    desk.ask(move |s| s.operator_finger(&id)).await
}

#[tauri::command]
pub async fn operator_finger_witness(
    desk: State<'_, Desk>,
    id: String,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Verification> {
    desk.ask(move |s| s.operator_finger_witness(&id, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn identity_finger(desk: State<'_, Desk>, id: String, finger: FingerName) -> Reply<Verification> {
    desk.ask(move |s| s.identity_finger(&id, finger)).await
}

#[tauri::command]
pub async fn identity_witness(
    desk: State<'_, Desk>,
    id: String,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Verification> {
    desk.ask(move |s| s.identity_witness(&id, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn mark_read_aloud(desk: State<'_, Desk>, id: String) -> Reply<()> {
    desk.ask(move |s| s.mark_read_aloud(&id)).await
}

#[tauri::command]
pub async fn finish_verification(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.finish_verification(&id)).await
}
