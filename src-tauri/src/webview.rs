//! What is asked of a window's web view beyond Tauri: who draws it, and that its page comes back when its process dies.

#[cfg(target_os = "linux")]
pub mod again;

use tauri::{Runtime, WebviewWindow};

/// Lets the processor draw `window` when `[window] drawing` says so, and loads its page again when the process behind it
/// dies: the work stands in the station, and an empty window would take it from the desk. WebView2 has its own ways.
///
/// # Errors
/// When the window is gone.
#[cfg(target_os = "linux")]
pub fn prepare<R: Runtime>(window: &WebviewWindow<R>, drawing: &str) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt as _;

    let by_processor = by_processor(drawing, std::path::Path::new("/dev/dri"));
    let label = window.label().to_owned();
    window.with_webview(move |webview| {
        let view = webview.inner();
        if by_processor {
            draw_by_processor(&view);
        }
        tracing::info!(window = %label, by_processor, "a window is drawn");
        let again = again::Again::default();
        view.connect_web_process_terminated(move |view, why| {
            let in_a_row = again.died(std::time::Instant::now());
            tracing::error!(window = %label, why = word(why), in_a_row, "the process of a window's page ended");
            if in_a_row > 1 {
                // Most often it is the driver of the graphics card.
                draw_by_processor(view);
            }
            again.load(view);
        });
    })
}

#[cfg(target_os = "linux")]
fn draw_by_processor(view: &webkit2gtk::WebView) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt};

    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
    }
}

/// Whether the processor draws: by the setting (`cpu`, `gpu`), and where that is `auto`, when no graphics card has a node to render at in the folder `cards`. A
/// compositor without a card is computed on the same processor, with twice the memory (docs/bench.md).
#[cfg(target_os = "linux")]
pub fn by_processor(drawing: &str, cards: &std::path::Path) -> bool {
    let has_card = || {
        std::fs::read_dir(cards).is_ok_and(|nodes| {
            nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
        })
    };
    match drawing {
        "cpu" => true,
        "gpu" => false,
        _ => !has_card(),
    }
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
