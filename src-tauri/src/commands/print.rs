//! Step 8, and the print queue.

use station::view::*;
use tauri::State;
use tauri::ipc::Response;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn print_queue(desk: State<'_, Desk>) -> Reply<PrintQueue> {
    desk.ask(|s| s.print_queue()).await
}

#[tauri::command]
pub async fn card_print(desk: State<'_, Desk>, id: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.card_print(&id)).await
}

#[tauri::command]
pub async fn card_face(desk: State<'_, Desk>, id: String) -> Reply<Response> {
    desk.ask(move |s| s.card_face(&id)).await.map(Response::new)
}

#[tauri::command]
pub async fn start_print(
    desk: State<'_, Desk>,
    id: String,
    serial: String,
    job_id: String,
) -> Reply<CardPrint> {
    desk.ask(move |s| s.start_print(&id, &serial, &job_id)).await
}

#[tauri::command]
pub async fn cancel_print(desk: State<'_, Desk>, id: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.cancel_print(&id)).await
}

#[tauri::command]
pub async fn bring_card_out(desk: State<'_, Desk>, id: String, to: CardOut) -> Reply<CardPrint> {
    desk.ask(move |s| s.bring_card_out(&id, to)).await
}

#[tauri::command]
pub async fn print_result(
    desk: State<'_, Desk>,
    id: String,
    result: PrintResult,
    said: String,
    witness_id: Option<String>,
    witness_password: Option<String>,
) -> Reply<CardPrint> {
    desk.ask(move |s| s.print_result(&id, result, &said, witness_id.as_deref(), witness_password.as_deref()))
        .await
}

#[tauri::command]
pub async fn take_other_blangko(desk: State<'_, Desk>, id: String, serial: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.take_other_blangko(&id, &serial)).await
}

#[tauri::command]
pub async fn set_card_number(desk: State<'_, Desk>, id: String, serial: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.set_card_number(&id, &serial)).await
}

#[tauri::command]
pub async fn exchange_blangko(
    desk: State<'_, Desk>,
    id: String,
    serial: String,
    other: String,
) -> Reply<CardPrint> {
    desk.ask(move |s| s.exchange_blangko(&id, &serial, &other)).await
}

#[tauri::command]
pub async fn photograph_spoiled(desk: State<'_, Desk>, id: String, serial: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.photograph_spoiled(&id, &serial)).await
}

#[tauri::command]
pub async fn leave_spoiled_photo(
    desk: State<'_, Desk>,
    id: String,
    serial: String,
    note: String,
) -> Reply<CardPrint> {
    desk.ask(move |s| s.leave_spoiled_photo(&id, &serial, &note)).await
}

#[tauri::command]
pub async fn end_spoiled_chip(
    desk: State<'_, Desk>,
    id: String,
    serial: String,
    at: ChipPlace,
) -> Reply<CardPrint> {
    desk.ask(move |s| s.end_spoiled_chip(&id, &serial, at)).await
}

#[tauri::command]
pub async fn write_chip(desk: State<'_, Desk>, id: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.write_chip(&id)).await
}

#[tauri::command]
pub async fn leave_chip_out(desk: State<'_, Desk>, id: String, note: String) -> Reply<CardPrint> {
    desk.ask(move |s| s.leave_chip_out(&id, &note)).await
}

#[tauri::command]
pub async fn accept_card(desk: State<'_, Desk>, id: String, shelf: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.accept_card(&id, &shelf)).await
}

#[tauri::command]
pub async fn print_calibration(desk: State<'_, Desk>) -> Reply<PrintJob> {
    desk.ask(|s| s.print_calibration()).await
}

#[tauri::command]
pub async fn set_printer_offset(desk: State<'_, Desk>, x_mm: f32, y_mm: f32) -> Reply<PrintQueue> {
    desk.ask(move |s| s.set_printer_offset(x_mm, y_mm)).await
}
