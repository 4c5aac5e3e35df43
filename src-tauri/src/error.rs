//! Every error on its way to the window: logged once with its causes, shown as key and operands.

use station::view::{AppError, Tone};

/// Logs the chain of causes and makes the form that the window shows.
pub fn tell(error: &station::Error) -> AppError {
    let shown = error.to_view();
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    match shown.tone {
        Tone::Hold => tracing::info!(code = %shown.code, %error, ?causes, "not now"),
        Tone::Bad => tracing::warn!(code = %shown.code, %error, ?causes, "failed"),
    }
    shown
}

/// The answer when the program itself is at fault.
pub fn internal() -> AppError {
    AppError { code: "internal".into(), key: "internal".into(), tone: Tone::Bad, args: Default::default() }
}

/// The answer to a window that asks for more than it may.
pub fn not_for_this_window() -> AppError {
    AppError {
        code: "not_allowed".into(),
        key: "not_allowed".into(),
        tone: Tone::Hold,
        args: Default::default(),
    }
}
