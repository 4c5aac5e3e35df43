//! The device page.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn devices(desk: State<'_, Desk>) -> Reply<Devices> {
    desk.ask(move |s| s.devices()).await
}

#[tauri::command]
pub async fn rescan_devices(desk: State<'_, Desk>) -> Reply<Devices> {
    desk.ask(move |s| s.rescan_devices()).await
}

#[tauri::command]
pub async fn test_device(desk: State<'_, Desk>, role: DeviceRole) -> Reply<DeviceTest> {
    desk.ask(move |s| s.test_device(role)).await
}

#[tauri::command]
pub async fn bind_device(desk: State<'_, Desk>, role: DeviceRole, identity: String) -> Reply<Devices> {
    desk.ask(move |s| s.bind_device(role, &identity)).await
}

#[tauri::command]
pub async fn clear_card_printer(desk: State<'_, Desk>, to: CardOut) -> Reply<Devices> {
    desk.ask(move |s| s.clear_card_printer(to)).await
}

#[tauri::command]
pub async fn forget_printer_fault(desk: State<'_, Desk>) -> Reply<Devices> {
    desk.ask(|s| s.forget_printer_fault()).await
}

#[tauri::command]
pub async fn name_rejected_card(desk: State<'_, Desk>, serial: String, note: String) -> Reply<Devices> {
    desk.ask(move |s| s.name_rejected_card(&serial, &note)).await
}

#[tauri::command]
pub async fn support_bundle(desk: State<'_, Desk>, save: bool) -> Reply<SupportBundle> {
    desk.ask(move |s| s.support_bundle(save)).await
}
