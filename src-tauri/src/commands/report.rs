//! Reports: counts only, no names and no NIK; tables saved as files; blank papers.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn report(desk: State<'_, Desk>, period: ReportPeriod, day: String) -> Reply<Report> {
    desk.ask(move |s| s.report(period, &day)).await
}

#[tauri::command]
pub async fn report_print(desk: State<'_, Desk>, period: ReportPeriod, day: String) -> Reply<DocumentRef> {
    desk.ask(move |s| s.report_print(period, &day)).await
}

#[tauri::command]
pub async fn report_table(
    desk: State<'_, Desk>,
    period: ReportPeriod,
    day: String,
    format: TableFormat,
    folder: String,
) -> Reply<SavedFile> {
    desk.ask(move |s| s.report_table(period, &day, format, &folder)).await
}

#[tauri::command]
pub async fn unclaimed_table(desk: State<'_, Desk>, format: TableFormat, folder: String) -> Reply<SavedFile> {
    desk.ask(move |s| s.unclaimed_table(format, &folder)).await
}

#[tauri::command]
pub async fn save_folders(desk: State<'_, Desk>) -> Reply<Vec<String>> {
    desk.ask(|s| s.save_folders()).await
}

#[tauri::command]
pub async fn save_qr_page(desk: State<'_, Desk>, folder: String) -> Reply<SavedFile> {
    desk.ask(move |s| s.save_qr_page(&folder)).await
}

#[tauri::command]
pub async fn blank_paper(desk: State<'_, Desk>, kind: String) -> Reply<DocumentRef> {
    desk.ask(move |s| s.blank_paper(&kind)).await
}
