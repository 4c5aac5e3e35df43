//! What the program keeps in its memory of a password that was typed, and of the data key once the screen is locked.
//!
//! The window's own process is not looked at here: what WebKit keeps of a text field is WebKit's.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::memory::{Secret, Watched};
use crate::{PASSWORD, call_from, desk_in, operator_of};
use domain::role::Role;

const CHILD: &str = "REKAM_IPC_MEMORY_CHILD";
const LETTERS: usize = 32;

/// Only the child of the test below does something here: a supervisor takes a new password, signs in with it, works, locks.
#[test]
fn child_that_signs_in_and_locks() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let folder = Path::new(&folder);
    let mut typed = File::open("/dev/stdin").unwrap();
    let mut say = |word: &str| {
        println!("{word}");
        typed.read_exact(&mut [0]).unwrap();
    };
    let desk = desk_in(folder);
    let call =
        |command: &str, args: Value| call_from(&desk.window, command, args).expect("the call is answered");
    let who = operator_of(Role::Supervisor);
    let district = folder.join("district.pem").to_string_lossy().into_owned();
    call("sign_in", json!({"operatorId": who, "password": PASSWORD}));
    {
        let mut letters = [0u8; LETTERS];
        File::open("/dev/stdin").unwrap().read_exact(&mut letters).unwrap();
        let password = String::from_utf8(letters.to_vec()).unwrap();
        overwrite(&mut letters);
        say("typed");
        call("change_own_password", json!({"oldPassword": PASSWORD, "newPassword": password}));
        call("lock", json!({}));
        // A wrong one, too, is a password: most are the right one with a letter missing.
        let wrong = json!({"operatorId": who, "password": format!("{password}x")});
        assert_eq!(call_from(&desk.window, "sign_in", wrong).unwrap_err()["code"], "wrong_password");
        call("sign_in", json!({"operatorId": who, "password": password}));
        let slot = json!({"certificateFile": district, "holder": "x", "place": "y", "ownPassword": password});
        call("add_district_slot", slot);
        overwrite(&mut password.into_bytes());
    }
    deep();
    for command in ["staff", "strip", "sync_status"] {
        call(command, json!({}));
    }
    call("queue", json!({"role": "all"}));
    say("open");
    call("lock", json!({}));
    say("locked");
}

/// The test's own copies; what it looks for are those of the program.
fn overwrite(bytes: &mut [u8]) {
    bytes.fill(0);
    std::hint::black_box(bytes);
}

#[inline(never)]
fn deep() {
    overwrite(&mut [0; 64 << 10]);
}

#[test]
fn nothing_of_a_typed_password_stays_and_after_the_lock_nothing_of_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, private) = (folder.path().join("district.pem"), folder.path().join("district.key"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Uji", "-days", "2", "-out"])
        .arg(&certificate)
        .arg("-keyout")
        .arg(&private)
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    let mut random = [0u8; LETTERS / 2];
    File::open("/dev/urandom").unwrap().read_exact(&mut random).unwrap();
    let password: String = random.iter().map(|byte| format!("{byte:02x}")).collect();

    let test = "left_in_memory::child_that_signs_in_and_locks";
    let mut child = Watched::start(test, CHILD, folder.path());
    let typed = [Secret::new("the password", password.as_bytes())];
    child.type_in(password.as_bytes());
    child.until("typed");
    assert_ne!(child.holds(&typed), [""; 0], "a password in use is found, or nothing would be");
    child.go_on();
    child.until("open");
    assert_eq!(child.holds(&typed), [""; 0], "no command keeps a password");
    let key = data_key(folder.path(), &private);
    let hex = |upper: bool| -> String {
        key.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
    };
    let key = [
        Secret::new("the data key", &key),
        Secret::new("the data key as text", hex(false).as_bytes()),
        Secret::new("the data key as text", hex(true).as_bytes()),
    ];
    assert_ne!(child.holds(&key), [""; 0], "the key of an open station is found, or nothing would be");
    child.go_on();
    child.until("locked");
    assert_eq!(child.holds(&key), [""; 0], "locking drops the key");
    assert_eq!(child.holds(&typed), [""; 0], "and nothing is left of the password");
    child.ends_well();
}

/// The data key, as the district's own key opens it: by another program.
fn data_key(folder: &Path, private: &Path) -> Vec<u8> {
    let slots: Value = serde_json::from_slice(&std::fs::read(folder.join("rekam.db.keys")).unwrap()).unwrap();
    let slot = slots["district"].as_object().unwrap().values().next().unwrap();
    let cms = folder.join("slot.cms");
    std::fs::write(&cms, BASE64_STANDARD.decode(slot["cms"].as_str().unwrap()).unwrap()).unwrap();
    let opened = Command::new("openssl")
        .args(["cms", "-decrypt", "-binary", "-inform", "DER", "-in"])
        .arg(&cms)
        .arg("-inkey")
        .arg(private)
        .output()
        .unwrap();
    assert_eq!(opened.stdout.len(), 32, "{}", String::from_utf8_lossy(&opened.stderr));
    opened.stdout
}
