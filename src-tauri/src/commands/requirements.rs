//! Step 2.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn requirements(desk: State<'_, Desk>, id: String) -> Reply<Requirements> {
    desk.ask(move |s| s.requirements(&id)).await
}

#[tauri::command]
pub async fn set_requirement(
    desk: State<'_, Desk>,
    id: String,
    item: String,
    seen: bool,
) -> Reply<Requirements> {
    desk.ask(move |s| s.set_requirement(&id, &item, seen)).await
}

#[tauri::command]
pub async fn note_requirement(
    desk: State<'_, Desk>,
    id: String,
    item: String,
    note: String,
) -> Reply<Requirements> {
    desk.ask(move |s| s.note_requirement(&id, &item, &note)).await
}

#[tauri::command]
pub async fn set_from_abroad(desk: State<'_, Desk>, id: String, yes: bool) -> Reply<Requirements> {
    desk.ask(move |s| s.set_from_abroad(&id, yes)).await
}

#[tauri::command]
pub async fn photograph_requirement(desk: State<'_, Desk>, id: String, item: String) -> Reply<Requirements> {
    desk.ask(move |s| s.photograph_requirement(&id, &item)).await
}

#[tauri::command]
pub async fn accept_requirements(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.accept_requirements(&id)).await
}

#[tauri::command]
pub async fn return_to_applicant(
    desk: State<'_, Desk>,
    id: String,
    reasons: Vec<String>,
    note: String,
) -> Reply<Permohonan> {
    desk.ask(move |s| s.return_to_applicant(&id, &reasons, &note)).await
}
