//! What a person tells the centre by its command line while it serves, and what it refuses: each with its words, and with
//! 1 as the program's end, or 2 when the words are none.

use crate::district::{District, folder};
use crate::recording::{Sheet, nik};
use packet::wire::Change;
use std::path::Path;
use std::process::Command;

/// Runs the program; answers what it printed, or with which code and words it refused.
fn pusat(folder: &Path, words: &str) -> Result<String, (i32, String)> {
    let done = Command::new(env!("CARGO_BIN_EXE_pusat"))
        .arg("--folder")
        .arg(folder)
        .args(words.split(' '))
        .env_remove("PUSAT_AKUN")
        .env("PUSAT_LOG", "error")
        .output()
        .expect("pusat starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if done.status.success() {
        return Ok(text(&done.stdout));
    }
    assert_eq!(text(&done.stdout), "", "{words}: what is refused prints nothing");
    Err((done.status.code().expect("it ended by itself"), text(&done.stderr)))
}

#[track_caller]
fn refused(folder: &Path, words: &str, code: i32, reason: &str) {
    let (with, said) = pusat(folder, words).expect_err(words);
    assert!(with == code && said.contains(reason), "{words}: {with} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_the_command_line_reach_their_station_and_wrong_ones_change_nothing() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let folder = district.folder.path();
    let body = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    let ready = body.enrolment;
    assert_eq!(district.status(ready).await.0, "PRINT_READY_RECORD", "there is something to print");
    let stranger = uuid::Uuid::now_v7();
    let table = |version: u32, label: &str| {
        let path = folder.join(format!("agama-{version}-{}.json", label.len()));
        let rows = serde_json::json!([{"code": "1", "label": label}]);
        let table = serde_json::json!({"id": "agama", "title": "Agama", "version": version, "source": "Surat", "rows": rows});
        std::fs::write(&path, table.to_string()).unwrap();
        path.display().to_string()
    };
    for (words, code, reason) in [
        (format!("order print UJI-01 {stranger}"), 1, "this enrolment is not PRINT_READY_RECORD"),
        (format!("order print UJI-99 {ready}"), 1, "station UJI-99 is not known"),
        ("order print UJI-01 satu".into(), 2, "invalid value 'satu'"),
        ("order blangko UJI-99 0718224901 50".into(), 1, "station UJI-99 is not known"),
        ("order blangko UJI-01 nol 50".into(), 1, "a number of a blangko"),
        ("order blangko UJI-01 0718224901 0".into(), 1, "a count from 1 to 1000000"),
        ("order blangko UJI-01 0718224901 banyak".into(), 2, "invalid value 'banyak'"),
        ("order setting sync.red_after_days lima".into(), 2, "invalid value 'lima'"),
        (
            "order setting sync.red_after_days 0".into(),
            1,
            "sync.red_after_days: a whole number from 1 to 365",
        ),
        ("order setting sync.entah 5".into(), 1, "sync.entah is no setting that a station follows"),
        (format!("order setting codes.agama @{}", table(1, "ISLAM")), 1, "codes.agama: a version above 1"),
        (format!("order setting codes.agama @{}", table(2, " ")), 1, "code table agama has a bad row 1"),
        (format!("order setting codes.entah @{}", table(2, "ISLAM")), 1, "no table is called codes.entah"),
        ("order setting codes.agama @tidak-ada.json".into(), 2, "tidak-ada.json"),
        ("order setting wilayah.retired {}".into(), 1, "list of retired regions cannot be read"),
        ("order setting sync.red_after_days 5 --station UJI-99".into(), 1, "station UJI-99 is not known"),
        ("order recover UJI-01 resend 3 1".into(), 1, "from ≤ to, from 1"),
        ("order recover UJI-01 resend 0 1".into(), 1, "from ≤ to, from 1"),
        ("order recover UJI-01 hapus 1 1".into(), 1, "an order is resend or re_record"),
        ("order recover UJI-99 resend 1 1".into(), 1, "station UJI-99 is not known"),
        ("station revoke UJI-99".into(), 1, "station UJI-99 is not known"),
        ("station replace UJI-99 --reason rusak".into(), 1, "station UJI-99 is not known"),
        ("station replace UJI-01".into(), 2, "--reason"),
        ("station replace UJI-01 --reason=".into(), 1, "a reason for replacing the computer"),
        ("station registers UJI-99".into(), 1, "station UJI-99 is not known"),
        ("station add UJI-02 --name Uji --wilayah utara".into(), 1, "wilayah"),
        ("station add uji_02 --name Uji --wilayah 18.13".into(), 1, "station code: A-Z, 0-9 and -"),
        (
            "station add DISDUKCAPIL-PESISIR-BARAT-01 --name Uji --wilayah 18.13".into(),
            1,
            "too long for the numbers of its papers",
        ),
        ("operator add UJI-99 dewi --name Uji".into(), 1, "UJI-99"),
        ("operator revoke UJI-01 siapa".into(), 1, "operator siapa of UJI-01 is not known"),
        ("operator revoke UJI-01 dewi --since kemarin".into(), 2, "invalid value 'kemarin'"),
        ("residents import tidak-ada.ndjson --wilayah 18.13.01".into(), 1, "open the residents"),
        ("perintah-lain".into(), 2, "unrecognized subcommand"),
    ] {
        refused(folder, &words, code, reason);
    }
    let ordered = |change: &Change| !matches!(change, Change::Status(_) | Change::Operator(_));
    let told = district.feed(&desk, "0").await.changes;
    assert!(!told.iter().any(ordered), "what was refused was not sent: {told:?}");

    let registers = pusat(folder, "station registers UJI-01").expect("registers");
    let registers: serde_json::Value = serde_json::from_str(&registers).expect("JSON");
    assert_eq!(
        (&registers[0]["generation"], &registers[0]["last_row"]),
        (&1.into(), &10.into()),
        "one goes on"
    );
    let code = pusat(folder, "station replace UJI-01 --reason rusak").expect("a code for another computer");
    packet::wire::ActivationCode::parse(&code).expect("as a person carries it");

    let job = pusat(folder, &format!("order print UJI-01 {ready}")).expect("print");
    let allotment = pusat(folder, "order blangko UJI-01 0718224901 50").expect("blangko");
    pusat(folder, "order setting sync.red_after_days 5 --station UJI-01").expect("setting");
    pusat(folder, &format!("order setting codes.agama @{}", table(2, "ISLAM"))).expect("a table");
    let order = pusat(folder, "order recover UJI-01 resend 1 3 --reason uji").expect("recover");
    let changes = district.feed(&desk, "0").await.changes;
    let count = |test: &dyn Fn(&Change) -> bool| changes.iter().filter(|change| test(change)).count();
    assert_eq!(count(&|c| matches!(c, Change::Print(p) if p.job.to_string() == job)), 1, "the card");
    let allotted =
        |c: &Change| matches!(c, Change::Blangko(b) if b.allotment.to_string() == allotment && b.count == 50);
    assert_eq!(count(&allotted), 1, "the blangko");
    assert_eq!(
        count(&|c| matches!(c, Change::Setting(s) if s.key == "sync.red_after_days")),
        1,
        "the setting"
    );
    assert_eq!(count(&|c| matches!(c, Change::Setting(s) if s.key == "codes.agama")), 1, "the table");
    let recovery =
        |c: &Change| matches!(c, Change::Recovery(r) if r.order.to_string() == order && r.q == [(1, 3)]);
    assert_eq!(count(&recovery), 1, "the order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_word_decides_nothing_and_an_empty_medium_brings_nothing() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let own = district.folder.path();
    let first = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await.enrolment;
    assert_eq!(district.status(first).await.0, "PRINT_READY_RECORD", "the first one");
    let second = desk.send(&Sheet::new(&desk, 2, 1, &nik(2)).seal(&desk)).await.enrolment;
    let asked = ("ADJUDICATE_RECORD".to_owned(), "fingers_alike".to_owned());
    assert_eq!(district.status(second).await, asked, "the second one waits");
    let stranger = uuid::Uuid::now_v7();
    let absent = own.join("tidak-ada");
    for (words, code, reason) in [
        (format!("adjudicate show {stranger} --by ahli"), 1, "no such enrolment"),
        (format!("adjudicate show {second}"), 2, "--by"),
        (format!("adjudicate decide {second} same-person"), 2, "--by"),
        (format!("adjudicate decide {second} barangkali --by ahli"), 2, "a decision is same-person"),
        (format!("adjudicate decide {second} accept --by ahli"), 1, "is answered by"),
        (format!("adjudicate decide {second} reject --by ahli"), 1, "needs a reason"),
        (format!("adjudicate decide {first} same-person --by ahli"), 1, "does not wait"),
        (format!("adjudicate decide {stranger} same-person --by ahli"), 1, "does not wait"),
        (format!("simulate-outcome {stranger} CARD_ISSUED"), 1, "no such enrolment"),
        (format!("simulate-outcome {second}"), 2, "<STATUS>"),
        (format!("courier import {}", absent.display()), 1, "read the medium"),
    ] {
        refused(own, &words, code, reason);
        assert_eq!(district.status(second).await, asked, "{words}: it still waits");
    }
    let empty = folder();
    let nothing = pusat(own, &format!("courier import {}", empty.path().display())).expect("nothing on it");
    assert_eq!(nothing, "", "a medium without batches");
    assert_eq!(pusat::stats(&district.centre).await.unwrap().received, 2, "two records");
    let nowhere = folder();
    refused(nowhere.path(), "stats", 1, "read pusat.toml");
}
