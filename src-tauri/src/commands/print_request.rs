//! Step 6.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn print_request(desk: State<'_, Desk>, id: String) -> Reply<PrintRequest> {
    desk.ask(move |s| s.print_request(&id)).await
}

#[tauri::command]
pub async fn photograph_berkas(desk: State<'_, Desk>, id: String, item: String) -> Reply<PrintRequest> {
    desk.ask(move |s| s.photograph_berkas(&id, &item)).await
}

#[tauri::command]
pub async fn set_priority(
    desk: State<'_, Desk>,
    id: String,
    priority: Priority,
    reason: String,
) -> Reply<PrintRequest> {
    desk.ask(move |s| s.set_priority(&id, priority, &reason)).await
}

#[tauri::command]
pub async fn turn(desk: State<'_, Desk>, id: String) -> Reply<Turn> {
    desk.ask(move |s| s.turn(&id)).await
}

#[tauri::command]
pub async fn set_turn(desk: State<'_, Desk>, id: String, priority: Priority, reason: String) -> Reply<Turn> {
    desk.ask(move |s| s.set_turn(&id, priority, &reason)).await
}

#[tauri::command]
pub async fn render_cover(desk: State<'_, Desk>, id: String) -> Reply<PrintRequest> {
    desk.ask(move |s| s.render_cover(&id)).await
}

#[tauri::command]
pub async fn submit_print_request(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.submit_print_request(&id)).await
}
