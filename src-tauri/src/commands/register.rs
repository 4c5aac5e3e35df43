//! The Buku Register page.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn register(desk: State<'_, Desk>, filter: RegisterFilter) -> Reply<RegisterPage> {
    desk.ask(move |s| s.register(&filter)).await
}

#[tauri::command]
pub async fn register_verify(desk: State<'_, Desk>) -> Reply<Option<Verified>> {
    desk.ask(move |s| s.register_verify()).await
}

#[tauri::command]
pub async fn register_print_day(desk: State<'_, Desk>, day: String) -> Reply<DocumentRef> {
    desk.ask(move |s| s.register_print_day(&day)).await
}
