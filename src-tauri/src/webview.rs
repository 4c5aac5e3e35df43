//! What is asked of a window's web view beyond Tauri: who draws it, and that its page comes back when its process dies.

use tauri::{Runtime, WebviewWindow};

/// Lets the processor draw `window` when `[window] drawing` says `cpu`, and loads its page again when the process behind it
/// dies: the work stands in the station, and an empty window would take it from the desk. WebView2 has its own ways.
///
/// # Errors
/// When the window is gone.
#[cfg(target_os = "linux")]
pub fn prepare<R: Runtime>(window: &WebviewWindow<R>, drawing: &str) -> tauri::Result<()> {
    use std::cell::Cell;
    use std::time::{Duration, Instant};
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt};

    /// A page that dies sooner than this after it was loaded again would die for ever.
    const SOON: Duration = Duration::from_secs(5);

    let by_processor = drawing == "cpu";
    let label = window.label().to_owned();
    window.with_webview(move |webview| {
        let view = webview.inner();
        if by_processor && let Some(settings) = WebViewExt::settings(&view) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
        let last = Cell::new(None::<Instant>);
        view.connect_web_process_terminated(move |view, why| {
            let soon = last.replace(Some(Instant::now())).is_some_and(|last| last.elapsed() < SOON);
            tracing::error!(window = %label, why = word(why), again = !soon, "the process of a window's page ended");
            if !soon {
                view.reload();
            }
        });
    })
}

/// Why a page's process ended, by WebKit's own word.
#[cfg(target_os = "linux")]
fn word(why: webkit2gtk::WebProcessTerminationReason) -> &'static str {
    use webkit2gtk::WebProcessTerminationReason as Why;
    match why {
        Why::Crashed => "crashed",
        Why::ExceededMemoryLimit => "exceeded_memory_limit",
        Why::TerminatedByApi => "terminated_by_api",
        _ => "unknown",
    }
}

/// WebView2 has its own ways: nothing is asked of it.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn prepare<R: Runtime>(_: &WebviewWindow<R>, _: &str) -> tauri::Result<()> {
    Ok(())
}
