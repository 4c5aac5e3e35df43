//! Home: the queue and the life of an application.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn strip(desk: State<'_, Desk>) -> Reply<Strip> {
    desk.ask(move |s| s.strip()).await
}

#[tauri::command]
pub async fn queue(desk: State<'_, Desk>, role: QueueTab) -> Reply<Queue> {
    desk.ask(move |s| s.queue(role)).await
}

#[tauri::command]
pub async fn settle_return(desk: State<'_, Desk>, id: String, note: String) -> Reply<()> {
    desk.ask(move |s| s.settle_return(&id, &note)).await
}

#[tauri::command]
pub async fn open_correction(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.open_correction(&id)).await
}

#[tauri::command]
pub async fn settle_correction(desk: State<'_, Desk>, id: String, note: String) -> Reply<()> {
    desk.ask(move |s| s.settle_correction(&id, &note)).await
}

#[tauri::command]
pub async fn search(desk: State<'_, Desk>, text: String) -> Reply<SearchResult> {
    desk.ask(move |s| s.search(&text)).await
}

#[tauri::command]
pub async fn scan_code(desk: State<'_, Desk>) -> Reply<String> {
    desk.ask(|s| s.scan_code()).await
}

#[tauri::command]
pub async fn print_ticket(desk: State<'_, Desk>, id: String, reason: Option<String>) -> Reply<PrintJob> {
    desk.ask(move |s| s.print_ticket(&id, reason.as_deref().unwrap_or_default())).await
}

#[tauri::command]
pub async fn ticket_prints(desk: State<'_, Desk>, id: String) -> Reply<PaperPrints> {
    desk.ask(move |s| s.ticket_prints(&id)).await
}

#[tauri::command]
pub async fn kinds(desk: State<'_, Desk>) -> Reply<Vec<KindOption>> {
    desk.ask(move |s| s.kinds()).await
}

#[tauri::command]
pub async fn open(desk: State<'_, Desk>, kind: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.open(&kind)).await
}

#[tauri::command]
pub async fn open_renewal(desk: State<'_, Desk>, what: Renewal) -> Reply<Permohonan> {
    desk.ask(move |s| s.open_renewal(what)).await
}

#[tauri::command]
pub async fn permohonan(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.permohonan(&id)).await
}

#[tauri::command]
pub async fn take(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.take(&id)).await
}

#[tauri::command]
pub async fn cancel(desk: State<'_, Desk>, id: String, reason: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.cancel(&id, &reason)).await
}

#[tauri::command]
pub async fn resume(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.resume(&id)).await
}

#[tauri::command]
pub async fn pause(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.pause(&id)).await
}

#[tauri::command]
pub async fn go_back(desk: State<'_, Desk>, id: String, to: Step) -> Reply<Permohonan> {
    desk.ask(move |s| s.go_back(&id, to)).await
}

#[tauri::command]
pub async fn draft(desk: State<'_, Desk>, id: String, what: DraftFor, about: String) -> Reply<Option<Draft>> {
    desk.ask(move |s| s.draft(&id, what, &about)).await
}

#[tauri::command]
pub async fn save_draft(
    desk: State<'_, Desk>,
    id: String,
    what: DraftFor,
    about: String,
    text: String,
) -> Reply<Option<Draft>> {
    desk.ask(move |s| s.save_draft(&id, what, &about, &text)).await
}
