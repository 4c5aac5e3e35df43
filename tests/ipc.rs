//! Every command through Tauri's own dispatcher, with the roles that may and may not call it.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::ids::OperatorId;
use domain::role::{Action, Role, allowed};
use packet::pki::{Authority, Role as Certificate, Validity};
use serde_json::{Value, json};
use station::clock::SystemClock;
use station::{Config, NewOperator, Provision, Start, Station};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow};

#[path = "ipc/failed_start.rs"]
mod failed_start;
#[cfg(target_os = "linux")]
#[path = "ipc/left_in_memory.rs"]
mod left_in_memory;
#[path = "ipc/logs.rs"]
mod logs;
#[path = "ipc/preview_flow.rs"]
mod preview_flow;
#[path = "ipc/second_start.rs"]
mod second_start;
#[cfg(target_os = "linux")]
#[path = "../src-tauri/crates/store/tests/suite/memory.rs"]
mod memory;

const PASSWORD: &str = "sandi-uji-panjang";
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// What a command needs: an action of the role table, or nothing because it must work while locked.
enum Needs {
    Action(Action),
    Nothing,
}

use Needs::Nothing as Free;

fn act(action: Action) -> Needs {
    Needs::Action(action)
}

/// Every command with arguments that parse but point at nobody.
fn commands() -> Vec<(&'static str, Value, Needs)> {
    let id = || json!({"id": NOBODY});
    let with = |more: Value| {
        let mut all = id();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    vec![
        ("station_state", json!({}), Free),
        ("sign_in", json!({"operatorId": "tidak-ada", "password": "x"}), Free),
        ("touch", json!({}), Free),
        (
            "reset_password_with_supervisor",
            json!({"operatorId": "tidak-ada", "supervisorId": "juga-tidak", "supervisorPassword": "x", "newPassword": "y"}),
            Free,
        ),
        (
            "recover_with_code",
            json!({"code": "AAAA", "operatorId": "tidak-ada", "newPassword": "sandi-uji-panjang"}),
            Free,
        ),
        (
            "recover_with_district",
            json!({
                "keyFile": "/tidak/ada", "certificateFile": "/tidak/ada",
                "operatorId": "tidak-ada", "newPassword": "sandi-uji-panjang",
            }),
            Free,
        ),
        ("staff", json!({}), act(Action::ReadQueue)),
        ("change_own_password", json!({"oldPassword": "x", "newPassword": "x"}), act(Action::ReadQueue)),
        (
            "add_officer",
            json!({"name": "", "roles": [], "newPassword": "x", "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        (
            "change_roles",
            json!({"operatorId": "tidak-ada", "roles": [], "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        (
            "suspend_officer",
            json!({"operatorId": "tidak-ada", "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        (
            "reinstate_officer",
            json!({"operatorId": "tidak-ada", "newPassword": "x", "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        (
            "enrol_finger",
            json!({"operatorId": "tidak-ada", "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        ("enrol_finger_again", json!({"operatorId": "tidak-ada"}), act(Action::ManageOperators)),
        (
            "renew_recovery",
            json!({"holder": "", "place": "", "ownPassword": "y"}),
            act(Action::ManageOperators),
        ),
        (
            "add_district_slot",
            json!({"certificateFile": "/tidak/ada", "holder": "x", "place": "y", "ownPassword": "z"}),
            act(Action::ManageOperators),
        ),
        ("save_settings", json!({"settings": {"language": "id", "theme": "light"}}), Free),
        ("wording", json!({}), act(Action::ChangeSettings)),
        ("wording_page", json!({"letter": "suket", "dpi": 20}), act(Action::ChangeSettings)),
        ("confirm_wording", json!({"hash": "x"}), act(Action::ChangeSettings)),
        ("setup", json!({}), Free),
        ("setup_activate", json!({"centre": "https://localhost", "station": "X", "code": "x"}), Free),
        ("setup_station", json!({"name": "x", "place": "y", "role": "counter"}), Free),
        ("setup_wilayah", json!({"kabupaten": "1813", "villageWord": "Pekon"}), Free),
        ("setup_recovery", json!({}), Free),
        ("setup_prove_recovery", json!({"answers": [], "holder": "x", "place": "y"}), Free),
        ("setup_operator", json!({"name": "x", "roles": [], "password": "y"}), Free),
        ("setup_training", json!({}), Free),
        ("strip", json!({}), Free),
        ("queue", json!({"role": "all"}), act(Action::ReadQueue)),
        ("search", json!({"text": "zz"}), act(Action::ReadQueue)),
        ("scan_code", json!({}), act(Action::ReadQueue)),
        ("print_ticket", id(), act(Action::StartPermohonan)),
        ("kinds", json!({}), act(Action::StartPermohonan)),
        ("open", json!({"kind": "tidak_ada"}), act(Action::StartPermohonan)),
        ("permohonan", id(), act(Action::ReadQueue)),
        ("take", id(), act(Action::ReadQueue)),
        ("cancel", with(json!({"reason": "uji"})), act(Action::Cancel)),
        ("resume", id(), act(Action::Resume)),
        ("pause", id(), act(Action::ReadQueue)),
        ("go_back", with(json!({"to": "form"})), act(Action::ReadQueue)),
        ("form", id(), act(Action::FillForm)),
        ("save_field", with(json!({"unsur": "nama", "value": "x"})), act(Action::FillForm)),
        ("prefill", with(json!({"nik": "1813010101900001"})), act(Action::FillForm)),
        ("resident_suggest", json!({"text": "zz", "settled": false}), act(Action::ReadResidents)),
        ("resident_family", json!({"kk": "1813010107150001"}), act(Action::ReadResidents)),
        ("codes", json!({"table": "agama"}), act(Action::ReadQueue)),
        ("wilayah_search", json!({"text": "krui"}), act(Action::ReadQueue)),
        ("submit_form", id(), act(Action::FillForm)),
        ("application_form", id(), act(Action::FillForm)),
        ("requirements", id(), act(Action::CheckRequirements)),
        (
            "set_requirement",
            with(json!({"item": "kartu_keluarga", "seen": true, "note": ""})),
            act(Action::CheckRequirements),
        ),
        ("photograph_requirement", with(json!({"item": "kartu_keluarga"})), act(Action::CheckRequirements)),
        ("accept_requirements", id(), act(Action::CheckRequirements)),
        ("return_to_applicant", with(json!({"reasons": [], "note": "x"})), act(Action::ReadQueue)),
        ("verification", id(), act(Action::Verify)),
        ("ask_centre", id(), act(Action::Verify)),
        (
            "choose_source",
            with(json!({"unsur": "alamat", "source": "form", "note": ""})),
            act(Action::Verify),
        ),
        ("confirm_warning", with(json!({"rule": "nik:nik_over100", "reason": "x"})), act(Action::Verify)),
        ("answer_recorded", with(json!({"answer": "never"})), act(Action::Verify)),
        ("read_card", id(), act(Action::Verify)),
        ("operator_finger", id(), act(Action::Verify)),
        (
            "operator_finger_witness",
            with(json!({"note": "x", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::Verify),
        ),
        ("identity_finger", with(json!({"finger": "right_index"})), act(Action::Verify)),
        (
            "identity_witness",
            with(json!({"note": "x", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::Verify),
        ),
        ("mark_read_aloud", id(), act(Action::Verify)),
        ("finish_verification", id(), act(Action::Verify)),
        ("capture", id(), act(Action::Capture)),
        ("goto_modality", with(json!({"modality": "portrait"})), act(Action::Capture)),
        ("take_portrait", id(), act(Action::Capture)),
        ("judge_portrait", with(json!({"line": "eyes_open", "ticked": true})), act(Action::Capture)),
        ("choose_portrait", with(json!({"captureId": "s:1:portrait", "reason": null})), act(Action::Capture)),
        ("approve_portrait", with(json!({"captureId": "s:1:portrait", "by": "verbal"})), act(Action::Capture)),
        ("refuse_portrait", with(json!({"captureId": "s:1:portrait"})), act(Action::Capture)),
        ("capture_slap", with(json!({"slap": "right_four"})), act(Action::Capture)),
        ("accept_slap", with(json!({"slap": "right_four", "note": "x"})), act(Action::Capture)),
        ("see_applicant", id(), act(Action::Capture)),
        ("answer_lens", with(json!({"worn": false})), act(Action::Capture)),
        ("capture_irises", with(json!({"eyes": ["right"]})), act(Action::Capture)),
        ("accept_eye", with(json!({"eye": "right", "note": "x"})), act(Action::Capture)),
        ("answer_notice", with(json!({"kind": "hands_swapped", "note": "x"})), act(Action::Capture)),
        ("find_duplicates", with(json!({})), act(Action::Capture)),
        ("stop_duplicates", json!({}), act(Action::Capture)),
        ("rematch", with(json!({"finger": "right_index"})), act(Action::Capture)),
        (
            "rematch_note",
            with(json!({"finger": "right_index", "note": "x", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::Capture),
        ),
        ("change_chip_finger", with(json!({"chip": 1, "finger": "right_middle"})), act(Action::Capture)),
        ("cancel_device", json!({"role": "camera"}), act(Action::ReadQueue)),
        (
            "put_exception",
            with(
                json!({"part": {"finger": "left_index"}, "reason": "amputated", "permanence": "permanent", "returnOn": null, "words": ""}),
            ),
            act(Action::Capture),
        ),
        ("exception_photo", with(json!({"exceptionId": "1"})), act(Action::Capture)),
        (
            "witness_exception",
            with(json!({"exceptionId": "1", "witnessId": "y", "password": "z"})),
            act(Action::Capture),
        ),
        ("remove_exception", with(json!({"exceptionId": "1"})), act(Action::Capture)),
        (
            "save_signature",
            with(json!({"purpose": "specimen", "source": "pen", "points": []})),
            act(Action::Capture),
        ),
        ("pad_signature", with(json!({"purpose": "specimen"})), act(Action::Capture)),
        ("finish_capture", id(), act(Action::Capture)),
        ("attestation", id(), act(Action::Attest)),
        ("answer_data", with(json!({"answer": "correct", "note": "", "by": "screen"})), act(Action::Attest)),
        ("render_form", id(), act(Action::Attest)),
        ("sign_by_substitute", id(), act(Action::Attest)),
        ("seal", id(), act(Action::Attest)),
        ("print_queue", json!({}), act(Action::PrintCard)),
        ("card_print", id(), act(Action::PrintCard)),
        ("card_face", id(), act(Action::ReadQueue)),
        ("start_print", with(json!({"serial": "0718224913", "jobId": NOBODY})), act(Action::PrintCard)),
        ("cancel_print", id(), act(Action::PrintCard)),
        (
            "print_result",
            with(json!({"result": "printed", "said": "", "witnessId": null, "witnessPassword": null})),
            act(Action::PrintCard),
        ),
        ("take_other_blangko", with(json!({"serial": "0718224913"})), act(Action::PrintCard)),
        ("photograph_spoiled", with(json!({"serial": "0718224913"})), act(Action::PrintCard)),
        ("leave_spoiled_photo", with(json!({"serial": "0718224913", "note": "x"})), act(Action::PrintCard)),
        ("end_spoiled_chip", with(json!({"serial": "0718224913"})), act(Action::PrintCard)),
        ("write_chip", id(), act(Action::PrintCard)),
        ("leave_chip_out", with(json!({"note": "x"})), act(Action::PrintCard)),
        ("accept_card", with(json!({"shelf": "B2-07"})), act(Action::PrintCard)),
        ("print_calibration", json!({}), act(Action::PrintCard)),
        ("set_printer_offset", json!({"xMm": 0.2, "yMm": -0.1}), act(Action::PrintCard)),
        ("print_slip", json!({"documentId": "999999"}), act(Action::ReadQueue)),
        ("print_document", json!({"documentId": "999999"}), act(Action::ReadQueue)),
        ("print_request", id(), act(Action::RequestPrint)),
        ("photograph_berkas", with(json!({"item": "kartu_keluarga"})), act(Action::RequestPrint)),
        ("set_priority", with(json!({"priority": "urgent", "reason": "sick"})), act(Action::RequestPrint)),
        ("render_cover", id(), act(Action::RequestPrint)),
        ("submit_print_request", id(), act(Action::RequestPrint)),
        ("status_check", id(), act(Action::CheckStatus)),
        ("refresh_status", id(), act(Action::CheckStatus)),
        ("give_pickup_slip", id(), act(Action::CheckStatus)),
        ("issue_suket", with(json!({"reason": "processing"})), act(Action::CheckStatus)),
        ("tell_applicant", with(json!({"reason": "processing"})), act(Action::CheckStatus)),
        ("handover", id(), act(Action::HandOver)),
        ("handover_finger", with(json!({"finger": "right_index"})), act(Action::HandOver)),
        (
            "handover_witness",
            with(json!({"note": "x", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::HandOver),
        ),
        ("read_handover_card", id(), act(Action::HandOver)),
        ("compare_handover_photo", with(json!({"same": true})), act(Action::HandOver)),
        ("judge_handover", with(json!({"line": "face_same", "ticked": true})), act(Action::HandOver)),
        ("withdraw_old_card", with(json!({"condition": "worn", "place": "x"})), act(Action::HandOver)),
        ("old_card_absent", with(json!({"note": "x"})), act(Action::HandOver)),
        (
            "set_collector",
            with(json!({"collector": {
                "kind": "own", "name": "", "nik": "", "relation": "", "letterSeen": false, "slipSeen": false,
            }})),
            act(Action::HandOver),
        ),
        ("save_receipt", with(json!({"source": "pen", "points": []})), act(Action::HandOver)),
        ("pad_receipt", id(), act(Action::HandOver)),
        (
            "receipt_by_substitute",
            with(json!({"substitute": "thumb_right", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::HandOver),
        ),
        ("set_shelf", with(json!({"place": "B2-07"})), act(Action::HandOver)),
        (
            "dispute_card",
            with(json!({"note": "x", "witnessId": "y", "witnessPassword": "z"})),
            act(Action::HandOver),
        ),
        ("close_handover", id(), act(Action::HandOver)),
        ("confirm_handover", with(json!({"name": "x", "photoId": null})), act(Action::HandOver)),
        ("unclaimed", json!({}), act(Action::ReadQueue)),
        ("applicant_screen", json!({}), Free),
        ("blangko", json!({}), act(Action::ReadQueue)),
        (
            "receive_stock",
            json!({"item": "ribbon", "quantity": 0, "from": "", "document": ""}),
            act(Action::KeepBlangko),
        ),
        (
            "return_stock",
            json!({"item": "ribbon", "quantity": 0, "from": "", "document": "", "reason": ""}),
            act(Action::KeepBlangko),
        ),
        (
            "spoil_stock",
            json!({"serial": "0001", "reason": "factory", "witnessId": "y", "witnessPassword": "z"}),
            act(Action::KeepBlangko),
        ),
        ("photograph_stock", json!({"serial": "0001"}), act(Action::KeepBlangko)),
        ("leave_stock_photo", json!({"serial": "0001", "note": "x"}), act(Action::KeepBlangko)),
        ("end_stock_chip", json!({"serial": "0001"}), act(Action::KeepBlangko)),
        ("release_stock", json!({"serial": "0001", "note": "x"}), act(Action::KeepBlangko)),
        ("count_stock", json!({"item": "film", "counted": ["x"]}), act(Action::KeepBlangko)),
        ("explain_count", json!({"item": "film", "explanation": "x"}), act(Action::KeepBlangko)),
        (
            "make_berita_acara",
            json!({"ids": [], "method": "x", "witnesses": []}),
            act(Action::DestroyBlangko),
        ),
        ("stock_report", json!({"day": "bukan-tanggal"}), act(Action::ReadReports)),
        ("devices", json!({}), act(Action::ReadDevices)),
        ("rescan_devices", json!({}), act(Action::ReadDevices)),
        ("test_device", json!({"role": "camera"}), act(Action::ReadDevices)),
        ("bind_device", json!({"role": "camera", "identity": "camera:url:x"}), act(Action::ConfigureDevices)),
        ("support_bundle", json!({"save": false}), act(Action::ReadDevices)),
        (
            "register",
            json!({"filter": {"period": "today", "from": null, "to": null, "text": "", "before": null}}),
            act(Action::ReadRegister),
        ),
        ("register_verify", json!({}), act(Action::ReadRegister)),
        ("register_print_day", json!({"day": "bukan-tanggal"}), act(Action::ReadRegister)),
        (
            "register_print_period",
            json!({"filter": {"period": "range", "from": "x", "to": "x", "text": "", "before": null}}),
            act(Action::ReadRegister),
        ),
        ("register_correct", json!({"number": 1, "text": ""}), act(Action::CorrectRegister)),
        (
            "register_export",
            json!({
                "filter": {"period": "range", "from": "x", "to": "x", "text": "", "before": null},
                "format": "csv", "folder": "/tidak-ada",
            }),
            act(Action::ReadRegister),
        ),
        ("report", json!({"period": "day", "day": "bukan-tanggal"}), act(Action::ReadReports)),
        ("report_print", json!({"period": "day", "day": "bukan-tanggal"}), act(Action::ReadReports)),
        (
            "report_table",
            json!({"period": "day", "day": "bukan-tanggal", "format": "csv", "folder": "/tidak-ada"}),
            act(Action::ReadReports),
        ),
        ("save_folders", json!({}), act(Action::ReadReports)),
        ("blank_paper", json!({"kind": "tidak_ada"}), act(Action::ReadQueue)),
        ("sync_status", json!({}), act(Action::Sync)),
        ("sync_now", json!({}), act(Action::Sync)),
        ("sync_cancel", json!({"packetId": NOBODY}), act(Action::Sync)),
        ("sync_retry", json!({"packetId": NOBODY}), act(Action::Sync)),
        ("sync_metered", json!({"on": false}), act(Action::Sync)),
        ("sync_halt", json!({}), act(Action::Sync)),
        ("sync_reconciliation", json!({}), act(Action::Sync)),
        (
            "sync_finding_seen",
            json!({"kind": "lost", "subject": "1", "note": "diperiksa"}),
            act(Action::VerifyRegister),
        ),
        ("sync_test", json!({}), act(Action::Sync)),
        ("activate", json!({"centre": "https://127.0.0.1:9", "code": "x"}), act(Action::ChangeSettings)),
        ("courier_media", json!({}), act(Action::Courier)),
        ("courier_export", json!({"folder": "/tidak/ada"}), act(Action::Courier)),
        ("courier_replies", json!({"folder": "/tidak/ada"}), act(Action::Courier)),
        ("residents_files", json!({}), act(Action::ImportResidents)),
        ("take_residents", json!({"file": "/tidak/ada.ndjson"}), act(Action::ImportResidents)),
        ("image", json!({"captureId": "s:999999:portrait"}), act(Action::ReadQueue)),
        ("document_page", json!({"documentId": "999999", "page": 1, "dpi": 96}), act(Action::ReadQueue)),
        (
            "preview",
            json!({"role": "camera", "id": null, "channel": "__CHANNEL__:7"}),
            act(Action::ReadQueue),
        ),
        ("preview_ack", json!({"role": "camera", "seq": 1}), Free),
        ("preview_stop", json!({"role": "camera"}), Free),
        // Stands last: what follows would be locked.
        ("lock", json!({}), Free),
    ]
}

/// Commands that this table leaves out, each with the reason.
const ELSEWHERE: [(&str, &str); 1] = [(
    "open_applicant_screen",
    "opens a real window, which the mock runtime has not; locked it is asked below",
)];

struct Desk {
    _dir: Option<tempfile::TempDir>,
    _app: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
}

fn operator_of(role: Role) -> String {
    format!("uji-{}", serde_json::to_value(role).unwrap().as_str().unwrap().replace('_', "-"))
}

fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    Desk { _dir: Some(dir), ..desk }
}

fn desk_in(dir: &std::path::Path) -> Desk {
    let mut config = Config::default();
    config.station.data_dir = dir.to_string_lossy().into_owned();
    config.devices.camera_usb = false;
    config.devices.card_reader_enabled = false;
    config.disk.ballast_mb = 1;
    config.disk.refuse_below_mb = 1;
    config.capture.timeout_seconds = 1;
    let now = jiff::Timestamp::now();
    let validity = Validity::days(now, 30);
    let authority = Authority::new("Uji", true, validity).unwrap();
    let issue = |role, name: &str| authority.issue_identity(role, name, validity).unwrap();
    let operators = Role::ALL
        .into_iter()
        .map(|role| NewOperator {
            id: OperatorId::parse(&operator_of(role)).unwrap(),
            name: "Petugas Uji".into(),
            roles: vec![role],
            password: PASSWORD.into(),
            finger: None,
            identity: Some(issue(Certificate::Operator, &operator_of(role))),
        })
        .collect();
    let set = Provision {
        code: "UJI-01".into(),
        name: "Stasiun Uji".into(),
        place: "Krui".into(),
        training: true,
        issued: Some(station::provision::Issued {
            authority: authority.certificate().clone(),
            centre: issue(Certificate::Centre, "pusat").certificate_ref().clone(),
            escrow: issue(Certificate::Escrow, "escrow").certificate_ref().clone(),
            station: issue(Certificate::Station, "UJI-01"),
        }),
        address: None,
        recovery: None,
        keeper: None,
        operators,
    };
    station::provision::provision(&config, now, set, None).unwrap();
    let station =
        Station::start(Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None })
            .unwrap();
    let app = rekam::shell(mock_builder(), station).build(mock_context(noop_assets())).unwrap();
    let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
    Desk { _dir: None, _app: app, window }
}

fn call_from(window: &WebviewWindow<MockRuntime>, command: &str, args: Value) -> Result<(), Value> {
    ask(window, command, args).map(drop)
}

fn ask(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    args: Value,
) -> Result<tauri::ipc::InvokeResponseBody, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: tauri::ipc::InvokeBody::Json(args),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request)
}

fn code(answer: &Result<(), Value>) -> &str {
    answer.as_ref().err().and_then(|error| error["code"].as_str()).unwrap_or("")
}

#[test]
fn every_command_is_refused_while_locked_or_needs_nobody() {
    let desk = desk();
    for (command, args, needs) in commands() {
        let answer = call_from(&desk.window, command, args);
        match needs {
            Needs::Action(_) => assert_eq!(code(&answer), "locked", "{command} must not work while locked"),
            Needs::Nothing => assert_ne!(code(&answer), "not_allowed", "{command} is for everybody"),
        }
    }
}

#[test]
fn a_locked_desk_opens_no_window_for_the_applicant() {
    let desk = desk();
    let answer = call_from(&desk.window, "open_applicant_screen", json!({}));
    assert_eq!(code(&answer), "locked", "{answer:?}");
}

#[test]
fn every_command_checks_the_role_again_in_rust() {
    let desk = desk();
    for role in Role::ALL {
        let who = json!({"operatorId": operator_of(role), "password": PASSWORD});
        call_from(&desk.window, "sign_in", who).expect("the operator of this role can sign in");
        for (command, args, needs) in commands() {
            let answer = call_from(&desk.window, command, args);
            let Needs::Action(action) = needs else { continue };
            let refused = code(&answer) == "not_allowed";
            assert_eq!(refused, !allowed(&[role], action), "{command} for {role:?}: {answer:?}");
        }
    }
}

#[test]
fn the_table_knows_every_command_and_every_command_has_a_caller() {
    let known: BTreeSet<&str> =
        commands().iter().map(|(command, ..)| *command).chain(ELSEWHERE.map(|(c, _)| c)).collect();
    let registered: BTreeSet<&str> = rekam::COMMANDS.iter().copied().collect();
    assert_eq!(known, registered, "a command without a row here would have no role test");
    let door =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/backend/tauri.ts")).unwrap();
    for command in &registered {
        assert!(door.contains(&format!("'{command}'")), "the window never calls {command}");
    }
}

#[test]
fn the_applicants_window_may_only_confirm_approve_and_sign() {
    let desk = desk();
    let applicant =
        tauri::WebviewWindowBuilder::new(&desk._app, "applicant", Default::default()).build().unwrap();
    for (command, args, _) in commands() {
        let answer = call_from(&applicant, command, args);
        let refused = code(&answer) == "not_allowed";
        assert_eq!(
            refused,
            !rekam::windows::APPLICANT_MAY.contains(&command),
            "{command} from the applicant's screen"
        );
    }
}
