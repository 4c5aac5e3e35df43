//! Live pictures through a channel: newest frame wins, at most two on their way.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use station::PreviewStop;
use station::view::{DeviceRole, PreviewMeasure};
use tauri::State;
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::desk::{Desk, Reply};

/// Frames sent and not yet painted; more than this and the newest waits.
const UNPAINTED: u32 = 2;

/// Counts frames on their way to one page: the third waits until one of two is painted.
#[derive(Default)]
pub struct Flow {
    state: Mutex<(u32, bool)>,
    painted: Condvar,
}

impl Flow {
    fn lock(&self) -> std::sync::MutexGuard<'_, (u32, bool)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room; false when the preview is over.
    pub fn reserve(&self) -> bool {
        let mut state = self.lock();
        while state.0 >= UNPAINTED && !state.1 {
            let (next, waited) = self
                .painted
                .wait_timeout(state, Duration::from_secs(5))
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if waited.timed_out() {
                state.0 = 0; // the page was hidden or reloaded: start counting again
            }
        }
        state.0 += 1;
        !state.1
    }

    /// One frame has been painted.
    pub fn painted(&self) {
        let mut state = self.lock();
        state.0 = state.0.saturating_sub(1);
        self.painted.notify_all();
    }

    /// The preview is over; whoever waits is released.
    pub fn end(&self) {
        self.lock().1 = true;
        self.painted.notify_all();
    }
}

struct Running {
    flow: Arc<Flow>,
    stop: PreviewStop,
}

/// The previews that run now, one for each device.
#[derive(Default)]
pub struct Previews(Mutex<HashMap<DeviceRole, Running>>);

impl Previews {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<DeviceRole, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, role: DeviceRole) {
        let running = self.lock().remove(&role);
        if let Some(running) = running {
            running.stop.stop();
            running.flow.end();
        }
    }
}

/// One message: length of the JSON (u32, big-endian), the JSON, the JPEG.
fn message(measure: &PreviewMeasure, jpeg: &[u8]) -> Vec<u8> {
    let json = serde_json::to_vec(measure).unwrap_or_default();
    let mut out = Vec::with_capacity(4 + json.len() + jpeg.len());
    out.extend_from_slice(&u32::try_from(json.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&json);
    out.extend_from_slice(jpeg);
    out
}

/// Starts the live picture of a device; an older one of the same device ends.
#[tauri::command]
pub async fn preview(
    desk: State<'_, Desk>,
    previews: State<'_, Previews>,
    role: DeviceRole,
    id: Option<String>,
    channel: Channel<InvokeResponseBody>,
) -> Reply<()> {
    previews.end(role);
    let flow = Arc::new(Flow::default());
    let sink = Arc::clone(&flow);
    let stop = desk
        .ask(move |s| {
            s.preview(role, id.as_deref(), move |measure, jpeg| {
                sink.reserve() && channel.send(InvokeResponseBody::Raw(message(measure, jpeg))).is_ok()
            })
        })
        .await?;
    previews.lock().insert(role, Running { flow, stop });
    Ok(())
}

/// One frame was painted, or left out for a newer one.
#[tauri::command]
pub fn preview_ack(previews: State<'_, Previews>, role: DeviceRole, seq: u32) {
    if let Some(running) = previews.lock().get(&role) {
        running.flow.painted();
    }
    tracing::trace!(?role, seq, "painted");
}

/// Ends a live picture.
#[tauri::command]
pub async fn preview_stop(previews: State<'_, Previews>, role: DeviceRole) -> Reply<()> {
    previews.end(role);
    Ok(())
}
