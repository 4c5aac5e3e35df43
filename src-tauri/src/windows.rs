//! The two windows: the operator's, and the applicant's on the second screen.

use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

/// Label of the operator's window.
pub const OPERATOR: &str = "main";
/// Label of the applicant's window.
pub const APPLICANT: &str = "applicant";

/// What the applicant's window may ask for. Everything else is refused before it is parsed.
pub const APPLICANT_MAY: [&str; 8] = [
    "station_state",
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
    WebviewWindowBuilder::new(app, OPERATOR, WebviewUrl::App("index.html".into()))
        .title(title)
        .inner_size(1366.0, 768.0)
        .min_inner_size(1280.0, 700.0)
        .center()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    Ok(())
}

/// Opens the small window of a program that could not begin.
///
/// # Errors
/// When the system refuses a window.
pub fn open_failed<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, OPERATOR, WebviewUrl::App("index.html#/failed".into()))
        .title("Rekam tidak dapat dibuka")
        .inner_size(980.0, 560.0)
        .min_inner_size(760.0, 480.0)
        .center()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    Ok(())
}

/// Opens the applicant's window, full screen on the second monitor where there is one.
///
/// # Errors
/// When the system refuses a window.
pub fn open_applicant<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(APPLICANT) {
        return window.set_focus();
    }
    let mut builder =
        WebviewWindowBuilder::new(app, APPLICANT, WebviewUrl::App("index.html#/applicant".into()))
            .title("Rekam – layar pemohon")
            .inner_size(1366.0, 768.0)
            .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"));
    let main = app.primary_monitor()?.and_then(|m| m.name().cloned());
    if let Some(second) = app.available_monitors()?.into_iter().find(|m| m.name() != main.as_ref()) {
        let at = second.position().to_logical::<f64>(second.scale_factor());
        builder = builder.position(at.x, at.y).fullscreen(true);
    }
    builder.build()?;
    Ok(())
}
