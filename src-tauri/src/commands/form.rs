//! Step 1.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn form(desk: State<'_, Desk>, id: String) -> Reply<Form> {
    desk.ask(move |s| s.form(&id)).await
}

#[tauri::command]
pub async fn save_field(
    desk: State<'_, Desk>,
    id: String,
    unsur: String,
    value: String,
) -> Reply<FieldSaved> {
    desk.ask(move |s| s.save_field(&id, &unsur, &value)).await
}

#[tauri::command]
pub async fn prefill(desk: State<'_, Desk>, id: String, nik: String) -> Reply<Form> {
    desk.ask(move |s| s.prefill(&id, &nik)).await
}

#[tauri::command]
pub async fn resident_suggest(desk: State<'_, Desk>, text: String, settled: bool) -> Reply<Vec<ResidentRow>> {
    desk.ask(move |s| s.resident_suggest(&text, settled)).await
}

#[tauri::command]
pub async fn resident_family(desk: State<'_, Desk>, kk: String) -> Reply<Vec<ResidentRow>> {
    desk.ask(move |s| s.resident_family(&kk)).await
}

#[tauri::command]
pub async fn codes(desk: State<'_, Desk>, table: String) -> Reply<Vec<CodeRow>> {
    desk.ask(move |s| s.codes(&table)).await
}

#[tauri::command]
pub async fn wilayah_search(desk: State<'_, Desk>, text: String) -> Reply<Vec<WilayahRow>> {
    desk.ask(move |s| s.wilayah_search(&text)).await
}

#[tauri::command]
pub async fn submit_form(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.submit_form(&id)).await
}

#[tauri::command]
pub async fn application_form(desk: State<'_, Desk>, id: String) -> Reply<ApplicationForm> {
    desk.ask(move |s| s.application_form(&id)).await
}
