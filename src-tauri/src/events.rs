//! What the window is told without asking: something changed, look again.

use serde::Serialize;
use station::view::StrokePoint;
use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::desk::Desk;
use crate::windows;

/// Name of the one event.
pub const EVENT: &str = "rekam";

#[derive(Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Message {
    StripChanged,
    QueueChanged,
    DevicesChanged,
    PermohonanChanged { id: String },
    ApplicantChanged,
    StationChanged,
    PadStroke { points: Vec<StrokePoint> },
    PaperHeldUp { reason: Option<String> },
    ResidentsRead { percent: u32 },
    RegisterChecked { percent: u32 },
    RegisterSet { day: u32, days: u32 },
}

/// At a desk that was opened, the screen that faces the applicant is theirs; a locked one shows nothing anew.
fn show_the_applicant<R: Runtime>(app: &AppHandle<R>) {
    if app.state::<Desk>().0.may_open_applicant().is_err() {
        return;
    }
    if let Err(error) = windows::open_applicant_beside(app) {
        tracing::warn!(%error, "the applicant's window does not open by itself");
    }
}

/// Passes the station's news on to every window, on a thread of its own, until the station is gone.
///
/// # Errors
/// When no thread can be had.
pub fn forward<R: Runtime>(
    app: AppHandle<R>,
    news: std::sync::mpsc::Receiver<station::News>,
) -> std::io::Result<()> {
    std::thread::Builder::new().name("events".into()).spawn(move || {
        for item in news {
            if matches!(item, station::News::Station) {
                show_the_applicant(&app);
            }
            let message = match item {
                station::News::Strip => Message::StripChanged,
                station::News::Queue => Message::QueueChanged,
                station::News::Devices => Message::DevicesChanged,
                station::News::Permohonan(id) => Message::PermohonanChanged { id },
                station::News::Applicant => Message::ApplicantChanged,
                station::News::Station => Message::StationChanged,
                station::News::PadStroke(points) => Message::PadStroke { points },
                station::News::PaperHeldUp(reason) => Message::PaperHeldUp { reason },
                station::News::ResidentsRead(percent) => Message::ResidentsRead { percent },
                station::News::RegisterChecked(percent) => Message::RegisterChecked { percent },
                station::News::RegisterSet { day, days } => Message::RegisterSet { day, days },
            };
            if let Err(error) = app.emit(EVENT, message) {
                tracing::warn!(%error, "an event did not reach the window");
            }
        }
    })?;
    Ok(())
}
