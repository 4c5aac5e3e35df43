//! The officers of the station: added, suspended, given another password, the keys of their slots.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn staff(desk: State<'_, Desk>) -> Reply<Staff> {
    desk.ask(|s| s.staff()).await
}

#[tauri::command]
pub async fn add_officer(
    desk: State<'_, Desk>,
    name: String,
    roles: Vec<Role>,
    new_password: String,
    own_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.add_officer(&name, &roles, &new_password, &own_password)).await
}

#[tauri::command]
pub async fn change_roles(
    desk: State<'_, Desk>,
    operator_id: String,
    roles: Vec<Role>,
    own_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.change_roles(&operator_id, &roles, &own_password)).await
}

#[tauri::command]
pub async fn suspend_officer(
    desk: State<'_, Desk>,
    operator_id: String,
    own_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.suspend_officer(&operator_id, &own_password)).await
}

#[tauri::command]
pub async fn reinstate_officer(
    desk: State<'_, Desk>,
    operator_id: String,
    new_password: String,
    own_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.reinstate_officer(&operator_id, &new_password, &own_password)).await
}

#[tauri::command]
pub async fn change_own_password(
    desk: State<'_, Desk>,
    old_password: String,
    new_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.change_own_password(&old_password, &new_password)).await
}

#[tauri::command]
pub async fn enrol_finger(
    desk: State<'_, Desk>,
    operator_id: String,
    own_password: String,
) -> Reply<FingerTaken> {
    desk.ask(move |s| s.enrol_finger(&operator_id, &own_password)).await
}

#[tauri::command]
pub async fn enrol_finger_again(desk: State<'_, Desk>, operator_id: String) -> Reply<Staff> {
    desk.ask(move |s| s.enrol_finger_again(&operator_id)).await
}

#[tauri::command]
pub async fn renew_recovery(
    desk: State<'_, Desk>,
    holder: String,
    place: String,
    own_password: String,
) -> Reply<NewRecovery> {
    desk.ask(move |s| s.renew_recovery(&holder, &place, &own_password)).await
}

#[tauri::command]
pub async fn add_district_slot(
    desk: State<'_, Desk>,
    certificate_file: String,
    holder: String,
    place: String,
    own_password: String,
) -> Reply<Staff> {
    desk.ask(move |s| s.add_district_slot(&certificate_file, &holder, &place, &own_password)).await
}

#[tauri::command]
pub async fn recover_with_code(
    desk: State<'_, Desk>,
    code: String,
    operator_id: String,
    new_password: String,
) -> Reply<StationState> {
    desk.ask(move |s| s.recover_with_code(&code, &operator_id, &new_password)).await
}

#[tauri::command]
pub async fn recover_with_district(
    desk: State<'_, Desk>,
    key_file: String,
    certificate_file: String,
    operator_id: String,
    new_password: String,
) -> Reply<StationState> {
    desk.ask(move |s| s.recover_with_district(&key_file, &certificate_file, &operator_id, &new_password))
        .await
}
