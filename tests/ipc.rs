//! Every command through Tauri's own dispatcher, with the roles that may and may not call it.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::collections::BTreeSet;

use domain::role::{Action, Role, allowed};
use serde_json::{Value, json};
use station::Provision;
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow};

#[path = "ipc/commands.rs"]
mod commands;
#[path = "ipc/failed_start.rs"]
mod failed_start;
#[cfg(target_os = "linux")]
#[path = "ipc/left_in_memory.rs"]
mod left_in_memory;
#[path = "ipc/logs.rs"]
mod logs;
#[cfg(target_os = "linux")]
#[path = "ipc/page.rs"]
mod page;
#[path = "ipc/preview_flow.rs"]
mod preview_flow;
#[path = "ipc/second_start.rs"]
mod second_start;
#[cfg(target_os = "linux")]
#[path = "../src-tauri/crates/store/tests/suite/memory.rs"]
mod memory;
#[path = "../src-tauri/crates/station/tests/desk/plain.rs"]
mod plain;

use commands::{ELSEWHERE, Needs, commands};
use plain::PASSWORD;

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
    let mut desk = desk_in(dir.path());
    desk._dir = Some(dir);
    desk
}

/// Closed before the process of the test ends: SQLCipher gives its memory back then, under the hands of whoever still reads.
impl Drop for Desk {
    fn drop(&mut self) {
        let _ = call_from(&self.window, "lock", json!({}));
    }
}

fn desk_in(dir: &std::path::Path) -> Desk {
    let mut config = plain::config(dir);
    config.capture.timeout_seconds = 1;
    let district = plain::District::new(true);
    let operators = Role::ALL.map(|role| district.officer(&operator_of(role), &[role])).into();
    let set = Provision { issued: Some(district.issued()), ..plain::provision(true, operators) };
    let station = plain::start(config, set);
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

/// The real time, and a year and some days more: no permit is set longer here.
struct NextYear;

impl station::clock::Clock for NextYear {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 400)
    }
}

#[test]
fn once_the_permit_is_over_every_command_but_the_exchange_and_activation_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = plain::config(dir.path());
    let district = plain::District::new(false);
    let dewi = district.officer("dewi", &Role::ALL);
    let set = Provision { issued: Some(district.issued()), ..plain::provision(false, vec![dewi]) };
    station::provision::provision(&config, jiff::Timestamp::now(), set, None).unwrap();
    let clock = std::sync::Arc::new(NextYear);
    let start = station::Start { config, clock, training_hint: None, practice: None };
    let station = station::Station::start(start).unwrap();
    let app = rekam::shell(mock_builder(), station).build(mock_context(noop_assets())).unwrap();
    let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
    let who = json!({"operatorId": "dewi", "password": PASSWORD});
    call_from(&window, "sign_in", who).expect("a right password opens");
    let mut exchange = Vec::new();
    for (command, args, needs) in commands() {
        let Needs::Action(action) = needs else { continue };
        let answer = call_from(&window, command, args);
        let key = answer.as_ref().err().and_then(|error| error["key"].as_str()).unwrap_or("");
        let may = matches!(action, Action::Sync | Action::Courier) || command == "activate";
        assert_eq!(key == "lease_over", !may, "{command}: {answer:?}");
        exchange.extend(may.then_some(command));
    }
    for command in ["sync_status", "sync_now", "courier_export", "courier_replies", "activate"] {
        assert!(exchange.contains(&command), "{command} was among them");
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
fn a_hand_on_the_applicants_screen_is_somebody_at_the_desk() {
    let desk = desk();
    let applicant =
        tauri::WebviewWindowBuilder::new(&desk._app, "applicant", Default::default()).build().unwrap();
    let locked = call_from(&applicant, "touch", json!({}));
    assert_eq!(code(&locked), "locked", "it opens nothing: {locked:?}");
    let who = json!({"operatorId": operator_of(Role::Operator), "password": PASSWORD});
    call_from(&desk.window, "sign_in", who).expect("the operator can sign in");
    call_from(&applicant, "touch", json!({})).expect("who reads and signs slowly is not locked out");
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
