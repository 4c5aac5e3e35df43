//! Pictures and pages, as bytes.

use station::view::OfficialLetter;
use tauri::ipc::Response;
use tauri::{AppHandle, Runtime, State};

use crate::desk::{Desk, Reply};

/// A stored picture, JPEG or PNG.
#[tauri::command]
pub async fn image(desk: State<'_, Desk>, capture_id: String) -> Reply<Response> {
    desk.ask(move |s| s.image(&capture_id)).await.map(Response::new)
}

/// One page of a document as PNG.
#[tauri::command]
pub async fn document_page(
    desk: State<'_, Desk>,
    document_id: String,
    page: u32,
    dpi: u32,
) -> Reply<Response> {
    desk.ask(move |s| s.document_page(&document_id, page, dpi)).await.map(Response::new)
}

/// First page of an official letter as PNG, marked DRAF.
#[tauri::command]
pub async fn wording_page(desk: State<'_, Desk>, letter: OfficialLetter, dpi: u32) -> Reply<Response> {
    desk.ask(move |s| s.wording_page(letter, dpi)).await.map(Response::new)
}

/// Opens the applicant's screen, on the second monitor where there is one.
#[tauri::command]
pub async fn open_applicant_screen<R: Runtime>(desk: State<'_, Desk>, app: AppHandle<R>) -> Reply<()> {
    desk.ask(|s| s.may_open_applicant()).await?;
    crate::windows::open_applicant(&app).map_err(|error| {
        tracing::error!(%error, "the applicant's window does not open");
        crate::error::internal()
    })
}
