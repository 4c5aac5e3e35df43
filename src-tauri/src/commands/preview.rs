//! Live pictures through a channel: newest frame wins, at most two on their way.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use station::view::{DeviceRole, PreviewMeasure, SlapName};
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
    /// What keeps the device's picture open; it ends when this is dropped.
    picture: Box<dyn Send>,
}

impl Running {
    fn end(self) {
        drop(self.picture);
        self.flow.end();
    }
}

#[derive(Default)]
struct Numbered {
    last: u32,
    /// The one that was asked for last of each device, which may still be opening.
    newest: HashMap<DeviceRole, u32>,
    running: HashMap<u32, Running>,
}

/// The previews that run now, at most one for each device. Each has a number: a page that was left before its picture was
/// there stops it late, when the next page's picture of the same device may run already.
#[derive(Default)]
pub struct Previews(Mutex<Numbered>);

impl Previews {
    fn lock(&self) -> std::sync::MutexGuard<'_, Numbered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the next preview of a device. An older one of it ends, as soon as it is open if it still opens.
    pub fn begin(&self, role: DeviceRole) -> u32 {
        let mut all = self.lock();
        all.last = all.last.wrapping_add(1);
        let number = all.last;
        let older = all.newest.insert(role, number);
        let ended = older.and_then(|older| all.running.remove(&older));
        drop(all);
        if let Some(ended) = ended {
            ended.end();
        }
        number
    }

    /// The preview of this number is open and runs while `picture` is held; one that was overtaken meanwhile ends at once.
    pub fn keep(&self, role: DeviceRole, number: u32, flow: Arc<Flow>, picture: impl Send + 'static) {
        let running = Running { flow, picture: Box::new(picture) };
        let mut all = self.lock();
        if all.newest.get(&role) == Some(&number) {
            all.running.insert(number, running);
            return;
        }
        drop(all);
        running.end();
    }

    /// One frame of this preview has been painted; nothing for one that is over.
    pub fn painted(&self, number: u32) {
        if let Some(running) = self.lock().running.get(&number) {
            running.flow.painted();
        }
    }

    /// Ends this preview and no other.
    pub fn end(&self, number: u32) {
        let ended = self.lock().running.remove(&number);
        if let Some(ended) = ended {
            ended.end();
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

/// Starts the live picture of a device, of fingers that of one placement, and answers its number; an older one of the same
/// device ends.
#[tauri::command]
pub async fn preview(
    desk: State<'_, Desk>,
    previews: State<'_, Previews>,
    role: DeviceRole,
    id: Option<String>,
    slap: Option<SlapName>,
    channel: Channel<InvokeResponseBody>,
) -> Reply<u32> {
    let number = previews.begin(role);
    let flow = Arc::new(Flow::default());
    let sink = Arc::clone(&flow);
    let picture = desk
        .ask(move |s| {
            s.preview(role, id.as_deref(), slap, move |measure, jpeg| {
                sink.reserve() && channel.send(InvokeResponseBody::Raw(message(measure, jpeg))).is_ok()
            })
        })
        .await?;
    previews.keep(role, number, flow, picture);
    Ok(number)
}

/// One frame was painted, or left out for a newer one.
#[tauri::command]
pub fn preview_ack(previews: State<'_, Previews>, number: u32, seq: u32) {
    previews.painted(number);
    tracing::trace!(number, seq, "painted");
}

/// Ends a live picture.
#[tauri::command]
pub async fn preview_stop(previews: State<'_, Previews>, number: u32) -> Reply<()> {
    previews.end(number);
    Ok(())
}
