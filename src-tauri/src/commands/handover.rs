//! Step 9, and the shelf before it.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn handover(desk: State<'_, Desk>, id: String) -> Reply<Handover> {
    desk.ask(move |s| s.handover(&id)).await
}

#[tauri::command]
pub async fn handover_finger(desk: State<'_, Desk>, id: String, finger: FingerName) -> Reply<Handover> {
    desk.ask(move |s| s.handover_finger(&id, finger)).await
}

#[tauri::command]
pub async fn handover_witness(
    desk: State<'_, Desk>,
    id: String,
    note: String,
    cannot_lay: bool,
    witness_id: String,
    witness_password: String,
) -> Reply<Handover> {
    desk.ask(move |s| s.handover_witness(&id, &note, cannot_lay, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn read_handover_card(desk: State<'_, Desk>, id: String) -> Reply<Handover> {
    desk.ask(move |s| s.read_handover_card(&id)).await
}

#[tauri::command]
pub async fn compare_handover_photo(desk: State<'_, Desk>, id: String, same: bool) -> Reply<Handover> {
    desk.ask(move |s| s.compare_handover_photo(&id, same)).await
}

#[tauri::command]
pub async fn judge_handover(
    desk: State<'_, Desk>,
    id: String,
    line: HandoverLine,
    ticked: bool,
) -> Reply<Handover> {
    desk.ask(move |s| s.judge_handover(&id, line, ticked)).await
}

#[tauri::command]
pub async fn withdraw_old_card(
    desk: State<'_, Desk>,
    id: String,
    condition: String,
    place: String,
) -> Reply<Handover> {
    desk.ask(move |s| s.withdraw_old_card(&id, &condition, &place)).await
}

#[tauri::command]
pub async fn old_card_absent(desk: State<'_, Desk>, id: String, note: String) -> Reply<Handover> {
    desk.ask(move |s| s.old_card_absent(&id, &note)).await
}

#[tauri::command]
pub async fn set_collector(desk: State<'_, Desk>, id: String, collector: Collector) -> Reply<Handover> {
    desk.ask(move |s| s.set_collector(&id, &collector)).await
}

#[tauri::command]
pub async fn save_receipt(
    desk: State<'_, Desk>,
    id: String,
    source: SignatureSource,
    points: Vec<StrokePoint>,
) -> Reply<Handover> {
    desk.ask(move |s| s.save_receipt(&id, source, &points)).await
}

#[tauri::command]
pub async fn pad_receipt(desk: State<'_, Desk>, id: String) -> Reply<Handover> {
    desk.ask(move |s| s.pad_receipt(&id)).await
}

#[tauri::command]
pub async fn receipt_by_substitute(
    desk: State<'_, Desk>,
    id: String,
    substitute: ReceiptSubstitute,
    witness_id: String,
    witness_password: String,
) -> Reply<Handover> {
    desk.ask(move |s| s.receipt_by_substitute(&id, substitute, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn set_shelf(desk: State<'_, Desk>, id: String, place: String) -> Reply<Handover> {
    desk.ask(move |s| s.set_shelf(&id, &place)).await
}

#[tauri::command]
pub async fn dispute_card(
    desk: State<'_, Desk>,
    id: String,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Permohonan> {
    desk.ask(move |s| s.dispute_card(&id, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn hold_card(
    desk: State<'_, Desk>,
    id: String,
    reason: String,
    place: String,
) -> Reply<Permohonan> {
    desk.ask(move |s| s.hold_card(&id, &reason, &place)).await
}

#[tauri::command]
pub async fn lose_card(
    desk: State<'_, Desk>,
    id: String,
    note: String,
    witness_id: String,
    witness_password: String,
) -> Reply<Permohonan> {
    desk.ask(move |s| s.lose_card(&id, &note, &witness_id, &witness_password)).await
}

#[tauri::command]
pub async fn card_agrees(desk: State<'_, Desk>, id: String, note: String) -> Reply<Handover> {
    desk.ask(move |s| s.card_agrees(&id, &note)).await
}

#[tauri::command]
pub async fn confirm_handover(
    desk: State<'_, Desk>,
    id: String,
    name: String,
    photo_id: Option<String>,
) -> Reply<Handover> {
    desk.ask(move |s| s.confirm_handover(&id, &name, photo_id.as_deref())).await
}

#[tauri::command]
pub async fn close_handover(desk: State<'_, Desk>, id: String) -> Reply<Permohonan> {
    desk.ask(move |s| s.close_handover(&id)).await
}

#[tauri::command]
pub async fn unclaimed(desk: State<'_, Desk>) -> Reply<Vec<UnclaimedRow>> {
    desk.ask(|s| s.unclaimed()).await
}
