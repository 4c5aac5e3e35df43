//! First start.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn setup(desk: State<'_, Desk>) -> Reply<Setup> {
    desk.ask(move |s| s.setup()).await
}

#[tauri::command]
pub async fn setup_activate(
    desk: State<'_, Desk>,
    centre: String,
    station: String,
    code: String,
) -> Reply<Setup> {
    desk.ask(move |s| s.setup_activate(&centre, &station, &code)).await
}

#[tauri::command]
pub async fn setup_station(
    desk: State<'_, Desk>,
    name: String,
    place: String,
    role: StationKind,
) -> Reply<Setup> {
    desk.ask(move |s| s.setup_station(&name, &place, role)).await
}

#[tauri::command]
pub async fn setup_wilayah(desk: State<'_, Desk>, kabupaten: String, village_word: String) -> Reply<Setup> {
    desk.ask(move |s| s.setup_wilayah(&kabupaten, &village_word)).await
}

#[tauri::command]
pub async fn setup_recovery(desk: State<'_, Desk>) -> Reply<Setup> {
    desk.ask(move |s| s.setup_recovery()).await
}

#[tauri::command]
pub async fn setup_prove_recovery(
    desk: State<'_, Desk>,
    answers: Vec<String>,
    holder: String,
    place: String,
) -> Reply<Setup> {
    desk.ask(move |s| s.setup_prove_recovery(&answers, &holder, &place)).await
}

#[tauri::command]
pub async fn setup_operator(
    desk: State<'_, Desk>,
    name: String,
    roles: Vec<Role>,
    password: String,
) -> Reply<Setup> {
    desk.ask(move |s| s.setup_operator(&name, &roles, &password)).await
}

#[tauri::command]
pub async fn setup_training(desk: State<'_, Desk>) -> Reply<StationState> {
    desk.ask(move |s| s.setup_training()).await
}
