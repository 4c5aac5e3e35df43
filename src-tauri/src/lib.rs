//! The shell: windows, commands, events. The only code that knows Tauri.
#![cfg(feature = "desktop")]

pub mod commands;
pub mod desk;
pub mod error;
pub mod events;
pub mod first;
pub mod logs;
pub mod training;
pub mod windows;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use station::clock::SystemClock;
use station::{Config, Start, Station};
use tauri::{Builder, Runtime};

use crate::commands::preview::Previews;
use crate::desk::Desk;

/// Every command of the window.
pub const COMMANDS: &[&str] = &[
    "station_state",
    "sign_in",
    "lock",
    "touch",
    "reset_password_with_supervisor",
    "staff",
    "add_officer",
    "change_roles",
    "suspend_officer",
    "reinstate_officer",
    "change_own_password",
    "enrol_finger",
    "enrol_finger_again",
    "renew_recovery",
    "add_district_slot",
    "recover_with_code",
    "recover_with_district",
    "save_settings",
    "setup",
    "setup_activate",
    "setup_station",
    "setup_wilayah",
    "setup_recovery",
    "setup_prove_recovery",
    "setup_operator",
    "setup_training",
    "strip",
    "queue",
    "search",
    "kinds",
    "open",
    "permohonan",
    "take",
    "cancel",
    "resume",
    "pause",
    "go_back",
    "form",
    "save_field",
    "prefill",
    "resident_suggest",
    "resident_family",
    "codes",
    "wilayah_search",
    "submit_form",
    "application_form",
    "requirements",
    "set_requirement",
    "photograph_requirement",
    "accept_requirements",
    "return_to_applicant",
    "verification",
    "ask_centre",
    "choose_source",
    "confirm_warning",
    "answer_recorded",
    "read_card",
    "operator_finger",
    "operator_finger_witness",
    "identity_finger",
    "identity_witness",
    "mark_read_aloud",
    "finish_verification",
    "capture",
    "goto_modality",
    "take_portrait",
    "judge_portrait",
    "choose_portrait",
    "approve_portrait",
    "refuse_portrait",
    "capture_slap",
    "accept_slap",
    "see_applicant",
    "answer_lens",
    "capture_irises",
    "accept_eye",
    "rematch",
    "rematch_note",
    "change_chip_finger",
    "cancel_device",
    "put_exception",
    "exception_photo",
    "witness_exception",
    "remove_exception",
    "save_signature",
    "pad_signature",
    "finish_capture",
    "answer_notice",
    "find_duplicates",
    "stop_duplicates",
    "attestation",
    "answer_data",
    "render_form",
    "print_document",
    "seal",
    "sign_by_substitute",
    "print_request",
    "photograph_berkas",
    "set_priority",
    "render_cover",
    "submit_print_request",
    "status_check",
    "refresh_status",
    "give_pickup_slip",
    "issue_suket",
    "tell_applicant",
    "print_slip",
    "print_queue",
    "card_print",
    "card_face",
    "start_print",
    "cancel_print",
    "print_result",
    "take_other_blangko",
    "photograph_spoiled",
    "leave_spoiled_photo",
    "end_spoiled_chip",
    "write_chip",
    "leave_chip_out",
    "accept_card",
    "print_calibration",
    "set_printer_offset",
    "handover",
    "handover_finger",
    "handover_witness",
    "read_handover_card",
    "compare_handover_photo",
    "judge_handover",
    "withdraw_old_card",
    "old_card_absent",
    "set_collector",
    "save_receipt",
    "pad_receipt",
    "receipt_by_substitute",
    "set_shelf",
    "dispute_card",
    "close_handover",
    "confirm_handover",
    "unclaimed",
    "applicant_screen",
    "blangko",
    "receive_stock",
    "return_stock",
    "spoil_stock",
    "photograph_stock",
    "leave_stock_photo",
    "end_stock_chip",
    "release_stock",
    "count_stock",
    "explain_count",
    "make_berita_acara",
    "stock_report",
    "devices",
    "rescan_devices",
    "test_device",
    "bind_device",
    "support_bundle",
    "register",
    "register_verify",
    "register_print_day",
    "register_print_period",
    "register_correct",
    "register_export",
    "report",
    "report_print",
    "report_table",
    "save_folders",
    "blank_paper",
    "sync_status",
    "sync_now",
    "sync_cancel",
    "sync_retry",
    "sync_metered",
    "sync_halt",
    "sync_reconciliation",
    "sync_finding_seen",
    "sync_test",
    "activate",
    "courier_media",
    "courier_export",
    "courier_replies",
    "residents_files",
    "take_residents",
    "image",
    "document_page",
    "open_applicant_screen",
    "preview",
    "preview_ack",
    "preview_stop",
];

/// Registers commands and state on a builder; used by the program and by the tests alike.
pub fn shell<R: Runtime>(builder: Builder<R>, station: Arc<Station>) -> Builder<R> {
    let handler: fn(tauri::ipc::Invoke<R>) -> bool = tauri::generate_handler![
        commands::operator::station_state,
        commands::operator::sign_in,
        commands::operator::lock,
        commands::operator::touch,
        commands::operator::reset_password_with_supervisor,
        commands::staff::staff,
        commands::staff::add_officer,
        commands::staff::change_roles,
        commands::staff::suspend_officer,
        commands::staff::reinstate_officer,
        commands::staff::change_own_password,
        commands::staff::enrol_finger,
        commands::staff::enrol_finger_again,
        commands::staff::renew_recovery,
        commands::staff::add_district_slot,
        commands::staff::recover_with_code,
        commands::staff::recover_with_district,
        commands::operator::save_settings,
        commands::setup::setup,
        commands::setup::setup_activate,
        commands::setup::setup_station,
        commands::setup::setup_wilayah,
        commands::setup::setup_recovery,
        commands::setup::setup_prove_recovery,
        commands::setup::setup_operator,
        commands::setup::setup_training,
        commands::queue::strip,
        commands::queue::queue,
        commands::queue::search,
        commands::queue::kinds,
        commands::queue::open,
        commands::queue::permohonan,
        commands::queue::take,
        commands::queue::cancel,
        commands::queue::resume,
        commands::queue::pause,
        commands::queue::go_back,
        commands::form::form,
        commands::form::save_field,
        commands::form::prefill,
        commands::form::resident_suggest,
        commands::form::resident_family,
        commands::form::codes,
        commands::form::wilayah_search,
        commands::form::submit_form,
        commands::form::application_form,
        commands::requirements::requirements,
        commands::requirements::set_requirement,
        commands::requirements::photograph_requirement,
        commands::requirements::accept_requirements,
        commands::requirements::return_to_applicant,
        commands::verification::verification,
        commands::verification::ask_centre,
        commands::verification::choose_source,
        commands::verification::confirm_warning,
        commands::verification::answer_recorded,
        commands::verification::read_card,
        commands::verification::operator_finger,
        commands::verification::operator_finger_witness,
        commands::verification::identity_finger,
        commands::verification::identity_witness,
        commands::verification::mark_read_aloud,
        commands::verification::finish_verification,
        commands::capture::capture,
        commands::capture::goto_modality,
        commands::capture::take_portrait,
        commands::capture::judge_portrait,
        commands::capture::choose_portrait,
        commands::capture::approve_portrait,
        commands::capture::refuse_portrait,
        commands::capture::capture_slap,
        commands::capture::accept_slap,
        commands::capture::see_applicant,
        commands::capture::answer_lens,
        commands::capture::capture_irises,
        commands::capture::accept_eye,
        commands::capture::rematch,
        commands::capture::rematch_note,
        commands::capture::change_chip_finger,
        commands::capture::cancel_device,
        commands::capture::put_exception,
        commands::capture::exception_photo,
        commands::capture::witness_exception,
        commands::capture::remove_exception,
        commands::capture::save_signature,
        commands::capture::pad_signature,
        commands::capture::finish_capture,
        commands::capture::answer_notice,
        commands::capture::find_duplicates,
        commands::capture::stop_duplicates,
        commands::attestation::attestation,
        commands::attestation::answer_data,
        commands::attestation::render_form,
        commands::attestation::print_document,
        commands::attestation::seal,
        commands::attestation::sign_by_substitute,
        commands::print_request::print_request,
        commands::print_request::photograph_berkas,
        commands::print_request::set_priority,
        commands::print_request::render_cover,
        commands::print_request::submit_print_request,
        commands::status::status_check,
        commands::status::refresh_status,
        commands::status::give_pickup_slip,
        commands::status::issue_suket,
        commands::status::tell_applicant,
        commands::status::print_slip,
        commands::print::print_queue,
        commands::print::card_print,
        commands::print::card_face,
        commands::print::start_print,
        commands::print::cancel_print,
        commands::print::print_result,
        commands::print::take_other_blangko,
        commands::print::photograph_spoiled,
        commands::print::leave_spoiled_photo,
        commands::print::end_spoiled_chip,
        commands::print::write_chip,
        commands::print::leave_chip_out,
        commands::print::accept_card,
        commands::print::print_calibration,
        commands::print::set_printer_offset,
        commands::handover::handover,
        commands::handover::handover_finger,
        commands::handover::handover_witness,
        commands::handover::read_handover_card,
        commands::handover::compare_handover_photo,
        commands::handover::judge_handover,
        commands::handover::withdraw_old_card,
        commands::handover::old_card_absent,
        commands::handover::set_collector,
        commands::handover::save_receipt,
        commands::handover::pad_receipt,
        commands::handover::receipt_by_substitute,
        commands::handover::set_shelf,
        commands::handover::dispute_card,
        commands::handover::close_handover,
        commands::handover::confirm_handover,
        commands::handover::unclaimed,
        commands::attestation::applicant_screen,
        commands::blangko::blangko,
        commands::blangko::receive_stock,
        commands::blangko::return_stock,
        commands::blangko::spoil_stock,
        commands::blangko::photograph_stock,
        commands::blangko::leave_stock_photo,
        commands::blangko::end_stock_chip,
        commands::blangko::release_stock,
        commands::blangko::count_stock,
        commands::blangko::explain_count,
        commands::blangko::make_berita_acara,
        commands::blangko::stock_report,
        commands::devices::devices,
        commands::devices::rescan_devices,
        commands::devices::test_device,
        commands::devices::bind_device,
        commands::devices::support_bundle,
        commands::register::register,
        commands::register::register_verify,
        commands::register::register_print_day,
        commands::register::register_print_period,
        commands::register::register_correct,
        commands::register::register_export,
        commands::report::report,
        commands::report::report_print,
        commands::report::report_table,
        commands::report::save_folders,
        commands::report::blank_paper,
        commands::sync::sync_status,
        commands::sync::sync_now,
        commands::sync::sync_cancel,
        commands::sync::sync_retry,
        commands::sync::sync_metered,
        commands::sync::sync_halt,
        commands::sync::sync_reconciliation,
        commands::sync::sync_finding_seen,
        commands::sync::sync_test,
        commands::sync::activate,
        commands::sync::courier_media,
        commands::sync::courier_export,
        commands::sync::courier_replies,
        commands::sync::residents_files,
        commands::sync::take_residents,
        commands::media::image,
        commands::media::document_page,
        commands::media::open_applicant_screen,
        commands::preview::preview,
        commands::preview::preview_ack,
        commands::preview::preview_stop,
    ];
    builder.manage(Desk(station)).manage(Previews::default()).invoke_handler(move |invoke| {
        let label = invoke.message.webview_ref().label().to_owned();
        if windows::may_call(&label, invoke.message.command()) {
            handler(invoke)
        } else {
            tracing::warn!(window = %label, command = %invoke.message.command(), "refused: not for this window");
            invoke.resolver.reject(error::not_for_this_window());
            true
        }
    })
}

/// What the program was started as.
struct Arguments {
    training: bool,
    dir: Option<PathBuf>,
}

fn arguments() -> Arguments {
    let mut found = Arguments { training: std::env::var_os("REKAM_TRAINING").is_some(), dir: None };
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--latihan") => found.training = true,
            Some("--data") => found.dir = words.next().map(PathBuf::from),
            _ => {}
        }
    }
    found.dir = found.dir.or_else(|| std::env::var_os("REKAM_DATA").map(PathBuf::from));
    found
}

/// Runs the program until its window is closed.
pub fn run() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            tracing::error!(%words, "the program cannot start");
            eprintln!("Rekam tidak bisa dibuka: {words}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), String> {
    let arguments = arguments();
    let mut config = Config::default();
    if let Some(dir) = &arguments.dir {
        config.station.data_dir = dir.to_string_lossy().into_owned();
    }
    let dir = config.data_dir();
    let config =
        Config::load(&dir.join("rekam.toml")).map_err(|error| error.to_string()).map(|mut loaded| {
            loaded.station.data_dir = dir.to_string_lossy().into_owned();
            loaded
        })?;
    let first = match first::claim(&dir).map_err(|error| format!("folder data: {error}"))? {
        first::Start::First(first) => first,
        first::Start::Second => return Ok(()),
    };
    let _logs = logs::start(&dir.join("logs"), &config.logs.level, config.logs.keep_days)
        .map_err(|error| format!("catatan: {error}"))?;
    let practice = arguments.training.then(|| training::start(dir)).transpose()?;
    let (config, hint, people) = match &practice {
        Some(practice) => (practice.config.clone(), Some(practice.hint.clone()), practice.people()),
        None => (config, None, None),
    };
    let station =
        Station::start(Start { config, clock: Arc::new(SystemClock), training_hint: hint, practice: people })
            .map_err(|error| error.to_string())?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), training = practice.is_some(), "started");
    if practice.is_some() {
        training::join_centre(&station);
    }
    let news = station.news();
    shell(Builder::default(), station)
        .setup(move |app| {
            windows::open_operator(app.handle(), "Rekam")?;
            events::forward(app.handle().clone(), news)?;
            let handle = app.handle().clone();
            first.on_second(move || {
                if let Err(error) = windows::open_operator(&handle, "Rekam") {
                    tracing::warn!(%error, "the window could not be brought to the front");
                }
            })?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .map_err(|error| error.to_string())
}
