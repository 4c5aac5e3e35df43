//! Step 7.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn status_check(desk: State<'_, Desk>, id: String) -> Reply<Status> {
    desk.ask(move |s| s.status_check(&id)).await
}

#[tauri::command]
pub async fn refresh_status(desk: State<'_, Desk>, id: String) -> Reply<Status> {
    desk.ask(move |s| s.refresh_status(&id)).await
}

#[tauri::command]
pub async fn give_pickup_slip(desk: State<'_, Desk>, id: String) -> Reply<Status> {
    desk.ask(move |s| s.give_pickup_slip(&id)).await
}

#[tauri::command]
pub async fn issue_suket(desk: State<'_, Desk>, id: String, reason: String) -> Reply<Status> {
    desk.ask(move |s| s.issue_suket(&id, &reason)).await
}

#[tauri::command]
pub async fn tell_applicant(desk: State<'_, Desk>, id: String, reason: String) -> Reply<Status> {
    desk.ask(move |s| s.tell_applicant(&id, &reason)).await
}

#[tauri::command]
pub async fn print_slip(
    desk: State<'_, Desk>,
    document_id: String,
    reason: Option<String>,
) -> Reply<PrintJob> {
    desk.ask(move |s| s.print_slip(&document_id, reason.as_deref().unwrap_or_default())).await
}
