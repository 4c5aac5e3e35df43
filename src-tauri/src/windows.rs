//! The two windows: the operator's, and the applicant's on the second screen.

use tauri::{AppHandle, Manager, Monitor, Runtime, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::desk::Desk;
use crate::failed::Failed;
use crate::webview;

/// Label of the operator's window.
pub const OPERATOR: &str = "main";
/// Label of the applicant's window.
pub const APPLICANT: &str = "applicant";

/// What the applicant's window may ask for. Everything else is refused before it is parsed.
///
/// `touch`: a hand on this screen is somebody at the desk, as long as the screen asks something. Only a hand calls it.
pub const APPLICANT_MAY: [&str; 9] = [
    "station_state",
    "touch",
    "applicant_screen",
    "image",
    "answer_data",
    "approve_portrait",
    "refuse_portrait",
    "save_signature",
    "plugin:event|listen",
];

/// True when the window `label` may call `command`.
pub fn may_call(label: &str, command: &str) -> bool {
    match label {
        OPERATOR => true,
        APPLICANT => APPLICANT_MAY.contains(&command),
        _ => false,
    }
}

/// Opens the operator's window, or brings it to the front.
///
/// # Errors
/// When the system refuses a window.
pub fn open_operator<R: Runtime>(app: &AppHandle<R>, title: &str) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(OPERATOR) {
        window.unminimize()?;
        window.show()?;
        return window.set_focus();
    }
    let window = WebviewWindowBuilder::new(app, OPERATOR, WebviewUrl::App("index.html".into()))
        .title(title)
        .inner_size(1366.0, 768.0)
        .min_inner_size(1280.0, 700.0)
        .center()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    webview::prepare(&window, &app.state::<Desk>().0.config().window.drawing)?;
    // Without the operator's window the program has ended; the applicant's does not keep it running.
    let app = app.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed)
            && let Some(applicant) = app.get_webview_window(APPLICANT)
            && let Err(error) = applicant.destroy()
        {
            tracing::warn!(%error, "the applicant's window does not close");
        }
    });
    Ok(())
}

/// Opens the small window of a program that could not begin.
///
/// # Errors
/// When the system refuses a window.
pub fn open_failed<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, OPERATOR, WebviewUrl::App("index.html#/failed".into()))
        .title("Rekam tidak dapat dibuka")
        .inner_size(980.0, 560.0)
        .min_inner_size(760.0, 480.0)
        .center()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    let failed = app.state::<Failed>();
    webview::prepare(&window, failed.config.as_ref().map_or("auto", |config| &config.window.drawing))
}

/// Opens the applicant's window, full screen on the second monitor where there is one, or brings it to the front.
///
/// # Errors
/// When the system refuses a window.
pub fn open_applicant<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(APPLICANT) {
        return window.set_focus();
    }
    let second = second_monitor(app)?;
    build_applicant(app, second)
}

/// Opens the applicant's window where a second monitor stands ready for it and none is open; the keyboard stays where it is.
///
/// # Errors
/// When the system refuses a window.
pub fn open_applicant_beside<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    if app.get_webview_window(APPLICANT).is_some() {
        return Ok(());
    }
    match second_monitor(app)? {
        Some(second) => build_applicant(app, Some(second)),
        None => Ok(()),
    }
}

/// The monitor that the operator's window is not on.
fn second_monitor<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Option<Monitor>> {
    let all = app.available_monitors()?;
    let operator =
        app.get_webview_window(OPERATOR).map(|window| window.current_monitor()).transpose()?.flatten();
    let Some(operator) = operator.or(app.primary_monitor()?) else { return Ok(None) };
    Ok(all.into_iter().find(|monitor| monitor.position() != operator.position()))
}

fn build_applicant<R: Runtime>(app: &AppHandle<R>, second: Option<Monitor>) -> tauri::Result<()> {
    let mut builder =
        WebviewWindowBuilder::new(app, APPLICANT, WebviewUrl::App("index.html#/applicant".into()))
            .title("Rekam – layar pemohon")
            .inner_size(1366.0, 768.0)
            .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"));
    if let Some(second) = second {
        let at = second.position().to_logical::<f64>(second.scale_factor());
        builder = builder.position(at.x, at.y).fullscreen(true).focused(false);
    }
    let window = builder.build()?;
    let station = app.state::<Desk>().0.clone();
    webview::prepare(&window, &station.config().window.drawing)?;
    station.applicant_window(true);
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            station.applicant_window(false);
        }
    });
    Ok(())
}
