//! Sign-in, lock, settings.

use station::view::*;
use tauri::{Runtime, State, WebviewWindow};

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn station_state(desk: State<'_, Desk>) -> Reply<StationState> {
    desk.ask(move |s| s.station_state()).await
}

#[tauri::command]
pub async fn sign_in(desk: State<'_, Desk>, operator_id: String, password: String) -> Reply<StationState> {
    desk.ask(move |s| s.sign_in(&operator_id, &password)).await
}

#[tauri::command]
pub async fn lock(desk: State<'_, Desk>) -> Reply<StationState> {
    desk.ask(move |s| s.lock()).await
}

#[tauri::command]
pub async fn touch<R: Runtime>(desk: State<'_, Desk>, window: WebviewWindow<R>) -> Reply<()> {
    let by_applicant = window.label() == crate::windows::APPLICANT;
    desk.ask(move |s| if by_applicant { s.touch_by_applicant() } else { s.touch() }).await
}

#[tauri::command]
pub async fn reset_password_with_supervisor(
    desk: State<'_, Desk>,
    operator_id: String,
    supervisor_id: String,
    supervisor_password: String,
    new_password: String,
) -> Reply<StationState> {
    desk.ask(move |s| {
        s.reset_password_with_supervisor(&operator_id, &supervisor_id, &supervisor_password, &new_password)
    })
    .await
}

#[tauri::command]
pub async fn wording(desk: State<'_, Desk>) -> Reply<Wording> {
    desk.ask(move |s| s.wording()).await
}

#[tauri::command]
pub async fn confirm_wording(desk: State<'_, Desk>, hash: String) -> Reply<Wording> {
    desk.ask(move |s| s.confirm_wording(&hash)).await
}

#[tauri::command]
pub async fn save_settings(desk: State<'_, Desk>, settings: Settings) -> Reply<StationState> {
    desk.ask(move |s| s.save_settings(&settings)).await
}
