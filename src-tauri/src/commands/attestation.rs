//! Step 5 and the applicant's screen.

use station::view::*;
use tauri::State;

use crate::desk::{Desk, Reply};

#[tauri::command]
pub async fn attestation(desk: State<'_, Desk>, id: String) -> Reply<Attestation> {
    desk.ask(move |s| s.attestation(&id)).await
}

#[tauri::command]
pub async fn answer_data(
    desk: State<'_, Desk>,
    id: String,
    answer: Answer,
    note: String,
    by: AnswerBy,
) -> Reply<Attestation> {
    desk.ask(move |s| s.answer_data(&id, answer, &note, by)).await
}

#[tauri::command]
pub async fn render_form(desk: State<'_, Desk>, id: String) -> Reply<Attestation> {
    desk.ask(move |s| s.render_form(&id)).await
}

#[tauri::command]
pub async fn print_document(
    desk: State<'_, Desk>,
    document_id: String,
    reason: Option<String>,
) -> Reply<PrintJob> {
    desk.ask(move |s| s.print_document(&document_id, reason.as_deref().unwrap_or_default())).await
}

#[tauri::command]
pub async fn paper_prints(desk: State<'_, Desk>, document_id: String) -> Reply<PaperPrints> {
    desk.ask(move |s| s.paper_prints(&document_id)).await
}

#[tauri::command]
pub async fn answer_print(desk: State<'_, Desk>, attempt: String, came_out: bool) -> Reply<PaperPrints> {
    desk.ask(move |s| s.answer_print(&attempt, came_out)).await
}

#[tauri::command]
pub async fn seal(desk: State<'_, Desk>, id: String) -> Reply<Attestation> {
    desk.ask(move |s| s.seal(&id)).await
}

#[tauri::command]
pub async fn applicant_screen(desk: State<'_, Desk>) -> Reply<ApplicantScreen> {
    desk.ask(move |s| s.applicant_screen()).await
}

#[tauri::command]
pub async fn clear_applicant(desk: State<'_, Desk>) -> Reply<()> {
    desk.ask(move |s| s.clear_applicant()).await
}

#[tauri::command]
pub async fn sign_by_substitute(desk: State<'_, Desk>, id: String) -> Reply<Attestation> {
    desk.ask(move |s| s.sign_by_substitute(&id)).await
}
