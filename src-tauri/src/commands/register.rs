//! The Buku Register page.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn register(desk: State<'_, Desk>, filter: RegisterFilter) -> Reply<RegisterPage> {
    desk.ask(move |s| s.register(&filter)).await
}

#[tauri::command]
pub async fn register_lines(
    desk: State<'_, Desk>,
    filter: RegisterFilter,
    skip: u32,
    lines: u32,
) -> Reply<Vec<RegisterRow>> {
    desk.ask(move |s| s.register_lines(&filter, skip, lines)).await
}

#[tauri::command]
pub async fn register_verify(desk: State<'_, Desk>) -> Reply<Option<Verified>> {
    desk.ask(move |s| s.register_verify()).await
}

#[tauri::command]
pub async fn register_verify_stop(desk: State<'_, Desk>) -> Reply<()> {
    desk.ask(move |s| s.register_verify_stop()).await
}

#[tauri::command]
pub async fn register_check_page(desk: State<'_, Desk>, code: Option<String>) -> Reply<PageCheck> {
    desk.ask(move |s| s.register_check_page(code.as_deref())).await
}

#[tauri::command]
pub async fn register_print_day(desk: State<'_, Desk>, day: String) -> Reply<RegisterPrint> {
    desk.ask(move |s| s.register_print_day(&day)).await
}

#[tauri::command]
pub async fn register_print_period(desk: State<'_, Desk>, filter: RegisterFilter) -> Reply<RegisterPrint> {
    desk.ask(move |s| s.register_print_period(&filter)).await
}

#[tauri::command]
pub async fn register_correct(desk: State<'_, Desk>, number: u32, text: String) -> Reply<RegisterPage> {
    desk.ask(move |s| s.register_correct(number, &text)).await
}

#[tauri::command]
pub async fn register_export(
    desk: State<'_, Desk>,
    filter: RegisterFilter,
    format: TableFormat,
    folder: String,
) -> Reply<SavedFile> {
    desk.ask(move |s| s.register_export(&filter, format, &folder)).await
}
