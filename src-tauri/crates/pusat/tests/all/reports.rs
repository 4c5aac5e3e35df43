//! What the centre tells those who run it, and the outcomes that a training centre makes up: by its command line, while it
//! serves.

use crate::district::District;
use crate::recording::{Sheet, nik};
use packet::wire::{Change, StatusChange};
use std::path::Path;
use std::process::Command;

fn pusat(folder: &Path, words: &str) -> (bool, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_pusat"))
        .arg("--folder")
        .arg(folder)
        .args(words.split(' '))
        .env("PUSAT_LOG", "error")
        .output()
        .expect("pusat starts");
    let said = if done.status.success() { &done.stdout } else { &done.stderr };
    (done.status.success(), String::from_utf8_lossy(said).trim().to_owned())
}

#[track_caller]
fn said(folder: &Path, words: &str) -> String {
    let (well, said) = pusat(folder, words);
    assert!(well, "{words}: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_are_listed_newest_first_by_station_and_number_and_the_counts_agree_with_them() {
    let district = District::start().await;
    let folder = district.folder.path();
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    assert_eq!(said(folder, "receipts"), "", "nothing was received");
    let mut sent = Vec::new();
    for (at, sequence, person) in [(&desk, 1, 1), (&other, 1, 2), (&desk, 2, 2)] {
        let sheet = Sheet::new(at, sequence, person, &nik(person + sequence * 10));
        let enrolment = at.send(&sheet.seal(at)).await.enrolment;
        district.status(enrolment).await;
        sent.push(enrolment);
    }
    let lines: Vec<String> = said(folder, "receipts").lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "each once: {lines:?}");
    let order: Vec<usize> = sent
        .iter()
        .rev()
        .map(|id| lines.iter().position(|line| line.contains(&id.to_string())).unwrap())
        .collect();
    assert_eq!(order, [0, 1, 2], "newest first");
    let words: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(
        words[1..],
        ["UJI-01", "2", &sent[2].to_string(), "network"],
        "whose, which number, by which way"
    );
    assert!(words[0].parse::<jiff::Timestamp>().is_ok(), "and when: {}", lines[0]);
    let own = said(folder, "receipts --station UJI-02");
    assert!(own.lines().count() == 1 && own.contains(&sent[1].to_string()), "one station's: {own}");
    assert_eq!(said(folder, "receipts --limit 2").lines().count(), 2, "no more than asked for");
    assert_eq!(said(folder, "receipts --station UJI-99"), "", "of a station that is not there, none");

    let stats: serde_json::Value = serde_json::from_str(&said(folder, "stats")).expect("JSON");
    let count = |pointer: &str| stats.pointer(pointer).and_then(serde_json::Value::as_i64).unwrap_or(0);
    let counted = (
        count("/stations"),
        count("/received"),
        count("/uploads"),
        count("/residents"),
        count("/stages/done"),
    );
    assert_eq!(counted, (2, 3, 0, 0, 2), "{stats}");
    let statuses = stats["statuses"].as_object().unwrap();
    let by_status: Vec<(&str, i64)> =
        statuses.iter().map(|(status, count)| (status.as_str(), count.as_i64().unwrap())).collect();
    assert_eq!(
        by_status,
        [("ADJUDICATE_RECORD fingers_alike", 1), ("PRINT_READY_RECORD", 2)],
        "each with its reason"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_centre_makes_up_outcomes_and_a_real_one_does_not() {
    let district = District::start().await;
    let folder = district.folder.path();
    let desk = district.desk("UJI-01").await;
    let first = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await.enrolment;
    assert_eq!(district.status(first).await.0, "PRINT_READY_RECORD", "as it would be");
    assert_eq!(said(folder, &format!("simulate-outcome {first} SENT_FOR_ENROLLMENT")), "", "made up");
    assert_eq!(district.status(first).await, ("SENT_FOR_ENROLLMENT".into(), String::new()), "it stands");
    said(folder, &format!("simulate-outcome {first} STATUS_MASA_DEPAN --reason sebab_baru"));
    let told = district.feed(&desk, "0").await.changes;
    let newest = told.iter().rev().find_map(|change| match change {
        Change::Status(status) => Some(status.clone()),
        _ => None,
    });
    let StatusChange { s, r, q, .. } = newest.expect("the station hears it");
    assert_eq!((s.as_str(), r.as_str(), q), ("STATUS_MASA_DEPAN", "sebab_baru", vec![(1, 1)]), "any word");
    let (well, why) = pusat(folder, &format!("simulate-outcome {first} "));
    assert!(!well && why.contains("a status has a name"), "but a word: {why}");

    // Whoever is refused is no longer held against others.
    said(folder, &format!("simulate-outcome {first} DUPLICATE_RECORD --reason same_person"));
    let again = Sheet::new(&desk, 2, 1, &nik(2));
    let outcome = district.outcome(&desk, &again).await;
    assert_eq!(outcome.0, "PRINT_READY_RECORD", "the same fingers under another NIK: {outcome:?}");

    let real = District::with(|config| config.training = false).await;
    let refused = pusat(real.folder.path(), &format!("simulate-outcome {first} CARD_ISSUED"));
    assert!(!refused.0 && refused.1.contains("only a training centre simulates outcomes"), "{}", refused.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_lost_computer_is_told_by_name_with_what_nobody_can_name() {
    let district = District::start().await;
    let folder = district.folder.path();
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let own = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await.enrolment;
    district.status(own).await;
    let elsewhere = other.send(&Sheet::new(&other, 1, 2, &nik(2)).seal(&other)).await.enrolment;
    district.status(elsewhere).await;
    let listed: serde_json::Value = serde_json::from_str(&said(folder, "station lost UJI-01")).expect("JSON");
    let people = listed["people"].as_array().unwrap();
    assert_eq!(people.len(), 1, "only who was recorded there: {listed}");
    assert_eq!(
        (people[0]["nik"].as_str(), people[0]["name"].as_str()),
        (Some(nik(1).as_str()), Some("ORANG CONTOH"))
    );
    assert_eq!(people[0]["card"], false);
    assert!(
        people[0]["recorded"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()),
        "and when"
    );
    assert_eq!(listed["never_arrived"].as_array().map(Vec::len), Some(0), "nothing was announced");

    // A later number came: the one between lies only in that computer. And a card of somebody recorded elsewhere was ordered.
    let third = desk.send(&Sheet::new(&desk, 3, 3, &nik(3)).seal(&desk)).await.enrolment;
    district.status(third).await;
    let first = uuid::Uuid::now_v7();
    let card = serde_json::json!({"nik": nik(2)});
    assert_eq!(other.ask_for(first, &card).await.status, 201, "her first one");
    other.print_and_hand_over(first).await;
    let lost = serde_json::json!({"nik": nik(2), "kind": "lost"});
    assert_eq!(desk.ask_for(uuid::Uuid::now_v7(), &lost).await.status, 201, "another is ordered here");
    // Only now: whoever is in no list of residents is asked about once there is one.
    let resident = format!(r#"{{"nik":"{}","nama":"ORANG DESA"}}"#, nik(7));
    pusat::residents::import(&district.centre, resident.as_bytes(), "18.13.01").await.unwrap();
    let listed = pusat::lost_computer(&district.centre, "UJI-01").await.unwrap();
    assert_eq!(listed.residents, 1, "whose extract it may hold");
    let niks: Vec<&str> = listed.people.iter().map(|person| person.nik.as_str()).collect();
    assert_eq!(niks, [nik(1), nik(2)], "by NIK");
    assert_eq!(listed.unread, [third], "not believed, so nobody is named");
    assert!(listed.people[1].card && listed.people[1].recorded.is_none(), "her card only");
    assert_eq!(listed.never_arrived, [(2, 2)], "whose they are is not known here");
    assert!(!format!("{listed:?} {:?}", listed.people[0]).contains(&nik(1)), "not in a log");
    let (asked,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM event WHERE kind = 'station_people_listed' AND station = 'UJI-01'",
    )
    .fetch_one(&district.centre.pool)
    .await
    .unwrap();
    assert_eq!(asked, 2, "that it was asked stays");
    let (well, why) = pusat(folder, "station lost UJI-99");
    assert!(!well && why.contains("UJI-99"), "no such station: {why}");
}
