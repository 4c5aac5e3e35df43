//! Stock: blangko, ribbon and film, their counts, and the Berita Acara.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn blangko(desk: State<'_, Desk>) -> Reply<Blangko> {
    desk.ask(|s| s.blangko()).await
}

#[tauri::command]
pub async fn receive_stock(
    desk: State<'_, Desk>,
    item: StockItem,
    quantity: u32,
    from: String,
    document: String,
) -> Reply<Blangko> {
    desk.ask(move |s| s.receive_stock(item, quantity, &from, &document)).await
}

#[tauri::command]
pub async fn return_stock(
    desk: State<'_, Desk>,
    item: StockItem,
    quantity: u32,
    from: String,
    document: String,
    reason: String,
) -> Reply<Blangko> {
    desk.ask(move |s| s.return_stock(item, quantity, &from, &document, &reason)).await
}

#[tauri::command]
pub async fn spoil_stock(
    desk: State<'_, Desk>,
    serial: String,
    reason: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Blangko> {
    desk.ask(move |s| s.spoil_stock(&serial, &reason, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn spoil_supply(
    desk: State<'_, Desk>,
    item: StockItem,
    quantity: u32,
    reason: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Blangko> {
    desk.ask(move |s| s.spoil_supply(item, quantity, &reason, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn allot_stock(
    desk: State<'_, Desk>,
    item: StockItem,
    quantity: u32,
    from: String,
    document: String,
) -> Reply<Blangko> {
    desk.ask(move |s| s.allot_stock(item, quantity, &from, &document)).await
}

#[tauri::command]
pub async fn photograph_stock(desk: State<'_, Desk>, serial: String) -> Reply<Blangko> {
    desk.ask(move |s| s.photograph_stock(&serial)).await
}

#[tauri::command]
pub async fn leave_stock_photo(desk: State<'_, Desk>, serial: String, note: String) -> Reply<Blangko> {
    desk.ask(move |s| s.leave_stock_photo(&serial, &note)).await
}

#[tauri::command]
pub async fn end_stock_chip(desk: State<'_, Desk>, serial: String, at: ChipPlace) -> Reply<Blangko> {
    desk.ask(move |s| s.end_stock_chip(&serial, at)).await
}

#[tauri::command]
pub async fn release_stock(desk: State<'_, Desk>, serial: String, note: String) -> Reply<Blangko> {
    desk.ask(move |s| s.release_stock(&serial, &note)).await
}

#[tauri::command]
pub async fn count_stock(desk: State<'_, Desk>, item: StockItem, counted: Vec<String>) -> Reply<CountReport> {
    desk.ask(move |s| s.count_stock(item, &counted)).await
}

#[tauri::command]
pub async fn explain_count(desk: State<'_, Desk>, item: StockItem, explanation: String) -> Reply<Blangko> {
    desk.ask(move |s| s.explain_count(item, &explanation)).await
}

#[tauri::command]
pub async fn make_berita_acara(
    desk: State<'_, Desk>,
    ids: Vec<String>,
    method: String,
    witnesses: Vec<DestructionWitness>,
) -> Reply<Blangko> {
    desk.ask(move |s| s.make_berita_acara(&ids, &method, &witnesses)).await
}

#[tauri::command]
pub async fn photograph_destruction(desk: State<'_, Desk>, number: String) -> Reply<Blangko> {
    desk.ask(move |s| s.photograph_destruction(&number)).await
}

#[tauri::command]
pub async fn leave_destruction_photo(desk: State<'_, Desk>, number: String, note: String) -> Reply<Blangko> {
    desk.ask(move |s| s.leave_destruction_photo(&number, &note)).await
}

#[tauri::command]
pub async fn sign_destruction(desk: State<'_, Desk>, number: String) -> Reply<Blangko> {
    desk.ask(move |s| s.sign_destruction(&number)).await
}

#[tauri::command]
pub async fn stock_report(desk: State<'_, Desk>, day: String) -> Reply<DocumentRef> {
    desk.ask(move |s| s.stock_report(&day)).await
}
