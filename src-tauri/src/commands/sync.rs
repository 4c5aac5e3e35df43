//! The sync page: packets to the centre, its answers, the courier, activation.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn sync_status(desk: State<'_, Desk>) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_status()).await
}

#[tauri::command]
pub async fn sync_now(desk: State<'_, Desk>) -> Reply<SyncReport> {
    desk.ask(move |s| s.sync_now()).await
}

#[tauri::command]
pub async fn sync_cancel(desk: State<'_, Desk>, packet_id: String) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_cancel(&packet_id)).await
}

#[tauri::command]
pub async fn sync_retry(desk: State<'_, Desk>, packet_id: String) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_retry(&packet_id)).await
}

#[tauri::command]
pub async fn sync_halt(desk: State<'_, Desk>) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_halt()).await
}

#[tauri::command]
pub async fn sync_reconciliation(desk: State<'_, Desk>) -> Reply<Reconciliation> {
    desk.ask(move |s| s.sync_reconciliation()).await
}

#[tauri::command]
pub async fn sync_finding_seen(
    desk: State<'_, Desk>,
    kind: String,
    subject: String,
    note: String,
) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_finding_seen(&kind, &subject, &note)).await
}

#[tauri::command]
pub async fn sync_metered(desk: State<'_, Desk>, on: bool) -> Reply<SyncStatus> {
    desk.ask(move |s| s.sync_metered(on)).await
}

#[tauri::command]
pub async fn sync_test(desk: State<'_, Desk>) -> Reply<Option<String>> {
    desk.ask(move |s| s.sync_test()).await
}

#[tauri::command]
pub async fn activate(desk: State<'_, Desk>, centre: String, code: String) -> Reply<SyncStatus> {
    desk.ask(move |s| s.activate(&centre, &code)).await
}

#[tauri::command]
pub async fn courier_media(desk: State<'_, Desk>) -> Reply<Vec<String>> {
    desk.ask(move |s| s.courier_media()).await
}

#[tauri::command]
pub async fn courier_export(desk: State<'_, Desk>, folder: String) -> Reply<CourierReport> {
    desk.ask(move |s| s.courier_export(folder.as_ref())).await
}

#[tauri::command]
pub async fn courier_replies(desk: State<'_, Desk>, folder: String) -> Reply<CourierReport> {
    desk.ask(move |s| s.courier_replies(folder.as_ref())).await
}

#[tauri::command]
pub async fn residents_files(desk: State<'_, Desk>) -> Reply<ResidentsFiles> {
    desk.ask(move |s| s.residents_files()).await
}

#[tauri::command]
pub async fn take_residents(desk: State<'_, Desk>, file: String) -> Reply<ResidentsTaken> {
    desk.ask(move |s| s.take_residents(&file)).await
}
