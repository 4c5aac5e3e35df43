//! One person under two NIK, and everybody who only looks like it.

use crate::district::{Desk, District};
use crate::recording::{Sheet, finalise_of, nik};
use domain::Finger;
use packet::Part;
use packet::wire::Via;
use pusat::pipeline::adjudication::{self, Word};
use pusat::{Centre, Station};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

fn outcome(status: &str, reason: &str) -> (String, String) {
    (status.into(), reason.into())
}

impl District {
    /// Whom a recording resembles: the other one's enrolment, by what, and the fingers that are alike.
    async fn alike(&self, enrolment: Uuid) -> Vec<(Uuid, String, usize)> {
        let case = adjudication::show(&self.centre, enrolment, "ahli").await.expect("it can be shown");
        let strong = |score: i32| score >= i32::try_from(biometrics::matching::SAME_FINGER).unwrap();
        case.alike
            .iter()
            .map(|alike| {
                let fingers = alike.fingers.iter().filter(|(_, score)| strong(*score)).count();
                (alike.other.enrolment, alike.kind.clone(), fingers)
            })
            .collect()
    }

    async fn send(&self, desk: &Desk, sheet: &Sheet) -> Uuid {
        desk.send(&sheet.seal(desk)).await.enrolment
    }

    async fn decided(&self, enrolment: Uuid, word: Word, reason: &str) -> (String, String) {
        adjudication::decide(&self.centre, enrolment, word, "ahli", reason).await.expect("decided");
        self.status(enrolment).await
    }
}

/// Takes every finger away but these, with a reason and a witness.
fn without_fingers_but(sheet: &mut Sheet, kept: &[Finger]) {
    let missing: Vec<Finger> = Finger::ALL.into_iter().filter(|finger| !kept.contains(finger)).collect();
    let exceptions: Vec<_> = missing
        .iter()
        .map(|finger| {
            json!({
                "part": {"part": "finger", "which": finger}, "reason": {"reason": "amputated"},
                "duration": {"lasts": "permanent"}, "photo": null, "substitute": null, "operator": "dewi",
                "at": sheet.signing, "witness": {"who": "officer", "operator": "hendra"},
            })
        })
        .collect();
    sheet.evidence["capture"]["exceptions"] = json!(exceptions);
    for entry in sheet.itl.fingers.iter_mut().filter(|entry| missing.contains(&entry.finger)) {
        entry.content = Err(biometrics::format::itl::FingerMissing::Amputated);
        entry.quality = Vec::new();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_fingers_under_two_nik_wait_for_a_person_whose_word_is_kept() {
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let first = district.send(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(district.status(first).await, outcome("PRINT_READY_RECORD", ""), "the first one");
    let second = district.send(&other, &Sheet::new(&other, 1, 1, &nik(2))).await;
    let asked = outcome("ADJUDICATE_RECORD", "fingers_alike");
    assert_eq!(district.status(second).await, asked, "the same fingers at another station");
    let alike = district.alike(second).await;
    assert_eq!(alike, [(first, "fingers".into(), 10)], "whom, by what, and by how many fingers");
    let case = adjudication::show(&district.centre, second, "ahli").await.unwrap();
    assert!(case.alike[0].likeness > 0, "the search's own score stands beside BOZORTH3's");
    assert!(!format!("{case:?}").contains(&nik(1)), "what is logged by mistake names nobody");

    let stranger = district.outcome(&desk, &Sheet::new(&desk, 2, 2, &nik(3))).await;
    assert_eq!(stranger, outcome("PRINT_READY_RECORD", ""), "other fingers are not asked about");

    let unnamed = adjudication::decide(&district.centre, second, Word::SamePerson, " ", "").await;
    assert!(unnamed.is_err(), "nobody decides without a name");
    let unfit = adjudication::decide(&district.centre, second, Word::Accept, "ahli", "").await;
    assert!(unfit.is_err(), "whose fingers they are is not answered by accepting the data");
    let decided = district.decided(second, Word::SamePerson, "").await;
    assert_eq!(decided, outcome("DUPLICATE_RECORD", "same_person"), "the same person");
    let feed = district.feed(&other, "0").await;
    assert!(feed.lines.iter().any(|line| line.contains("DUPLICATE_RECORD")), "the station hears it");
    let again = adjudication::decide(&district.centre, second, Word::DifferentPerson, "lain", "").await;
    assert!(again.is_err(), "a decision is not taken back by deciding again");

    let third = district.send(&desk, &Sheet::new(&desk, 3, 1, &nik(4))).await;
    assert_eq!(district.status(third).await, asked, "a third NIK");
    let alike = district.alike(third).await;
    assert_eq!(alike, [(first, "fingers".into(), 10)], "the refused one is no longer on record");
    let decided = district.decided(third, Word::DifferentPerson, "kembar, sudah diperiksa").await;
    assert_eq!(decided, outcome("PRINT_READY_RECORD", "different_person"), "another person");

    let log = adjudication::show(&district.centre, third, "ahli").await.unwrap().decisions;
    assert_eq!((log.len(), log[0].decider.as_str(), log[0].word.as_str()), (1, "ahli", "different-person"));
    assert_eq!(log[0].asked, "fingers_alike", "with the question that was answered");
    for change in ["UPDATE decision SET decider = 'lain'", "DELETE FROM decision", "TRUNCATE decision"] {
        let changed = sqlx::query(change).execute(&district.centre.pool).await;
        assert!(changed.is_err(), "the log of decisions is only added to: {change}");
    }

    let fourth = district.send(&desk, &Sheet::new(&desk, 4, 1, &nik(5))).await;
    assert_eq!(district.status(fourth).await, asked, "a fourth NIK");
    assert_eq!(district.alike(fourth).await.len(), 2, "both who are on record are named");
    let silent = adjudication::decide(&district.centre, fourth, Word::Reject, "ahli", "").await;
    assert!(silent.is_err(), "a refusal needs a reason");
    let telling = adjudication::decide(&district.centre, fourth, Word::Reject, "ahli", &nik(1)).await;
    assert!(telling.is_err(), "and the reason must not carry a NIK to the station");
    let decided = district.decided(fourth, Word::Reject, "rekam ulang: jari kotor").await;
    assert_eq!(
        decided,
        outcome("ENROLL_FAILURE_AT_CENTRAL", "rekam ulang: jari kotor"),
        "in the person's words"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_racing_recordings_of_the_same_fingers_exactly_one_goes_through_unasked() {
    let mut district = District::start().await;
    let desks = [district.desk("UJI-01").await, district.desk("UJI-02").await, district.desk("UJI-03").await];
    let mut sent = Vec::new();
    for (number, desk) in (1..).zip(&desks) {
        let packet = Sheet::new(desk, 1, 1, &nik(number)).seal(desk);
        let body = finalise_of(&packet);
        for part in Part::ALL {
            desk.upload(body.enrolment, part, &packet.part(part).der).await;
        }
        sent.push(body);
    }
    district.serving.take().unwrap().stop().await;
    for (desk, body) in desks.iter().zip(&sent) {
        let station = Station { code: desk.code.clone(), wilayah: "18.13.01".into(), first_sequence: 1 };
        pusat::finalise(&district.centre, &station, body, Via::Network).await.expect("taken in");
    }
    // Three replicas are held at the gallery's lock, each with one packet that it has compared with nobody.
    let pool = &district.centre.pool;
    let mut gate = pool.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(29099040904147577)").execute(&mut *gate).await.unwrap();
    let open = Arc::new(AtomicBool::new(false));
    let mut replicas = Vec::new();
    for _ in 0..3 {
        let centre = Centre::open(district.folder.path()).await.expect("a replica");
        let open = open.clone();
        replicas.push(tokio::spawn(async move {
            while pusat::pipeline::turn_of(&centre, 1).await.expect("a turn") > 0
                || !open.load(Ordering::Relaxed)
            {
                tokio::task::yield_now().await;
            }
        }));
    }
    let began = std::time::Instant::now();
    loop {
        assert!(began.elapsed().as_secs() < 300, "three replicas never came to the lock at the same time");
        let (held,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                .fetch_one(pool)
                .await
                .unwrap();
        if held == 3 {
            break;
        }
        tokio::task::yield_now().await;
    }
    open.store(true, Ordering::Relaxed);
    sqlx::query("SELECT pg_advisory_unlock(29099040904147577)").execute(&mut *gate).await.unwrap();
    for replica in replicas {
        replica.await.unwrap();
    }
    let mut through = 0;
    let mut asked = 0;
    for body in &sent {
        match district.status(body.enrolment).await {
            (status, reason) if status == "PRINT_READY_RECORD" && reason.is_empty() => through += 1,
            (status, reason) if status == "ADJUDICATE_RECORD" && reason == "fingers_alike" => asked += 1,
            other => panic!("neither through nor asked: {other:?}"),
        }
    }
    assert_eq!((through, asked), (1, 2), "one person, one record ready to print");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_recorded_again_under_the_own_nik_is_no_second_person() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let mut refused = Sheet::new(&desk, 1, 1, &nik(1));
    refused.evidence["capture"]["attempts"][1]["parts"][0]["score"] = json!(12);
    assert_eq!(district.outcome(&desk, &refused).await.0, "ENROLL_FAILURE_AT_CENTRAL", "a poor finger");
    let again = district.outcome(&desk, &Sheet::new(&desk, 2, 1, &nik(1))).await;
    assert_eq!(again, outcome("PRINT_READY_RECORD", ""), "after a refusal nobody is asked");

    let third = district.send(&desk, &Sheet::new(&desk, 3, 1, &nik(1))).await;
    let asked = outcome("ADJUDICATE_RECORD", "same_nik");
    assert_eq!(district.status(third).await, asked, "a second whole recording is a person's decision");
    let alike = district.alike(third).await;
    assert_eq!((alike[0].1.as_str(), alike[0].2), ("nik", 10), "who sees that the fingers are the same");
    let accepted = district.decided(third, Word::Accept, "perekaman ulang").await;
    assert_eq!(accepted, outcome("PRINT_READY_RECORD", ""), "and lets it pass: no duplicate of itself");

    let other = district.send(&desk, &Sheet::new(&desk, 4, 2, &nik(1))).await;
    assert_eq!(district.status(other).await, asked, "another person with this NIK");
    assert_eq!(
        district.alike(other).await,
        [(third, "nik".into(), 0)],
        "held by the recording accepted last"
    );
    let decided = district.decided(other, Word::DifferentPerson, "").await;
    assert_eq!(decided, outcome("REQUEST_VALIDATION", "nik_of_another"), "needs another NIK first");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_accepted_is_still_compared_with_everybody() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let line = |nik: &str, name: &str| {
        format!("{{\"nik\":\"{nik}\",\"nama\":\"{name}\",\"kode_wilayah\":\"18.13.01.2001\"}}\n")
    };
    let text = line(&nik(1), "ORANG CONTOH") + &line(&nik(2), "NAMA SEBELUM GANTI");
    pusat::residents::import(&district.centre, text.as_bytes(), "18.13.01").await.unwrap();
    let first = district.send(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(district.status(first).await.0, "PRINT_READY_RECORD", "the first one");
    let second = district.send(&desk, &Sheet::new(&desk, 2, 1, &nik(2))).await;
    assert_eq!(district.status(second).await, outcome("ADJUDICATE_RECORD", "biodata_differ"), "another name");
    let word = Word::Accept;
    adjudication::decide(&district.centre, second, word, "ahli", "putusan pengadilan").await.unwrap();
    district.settle().await;
    let accepted = district.status(second).await;
    assert_eq!(
        accepted,
        outcome("ADJUDICATE_RECORD", "fingers_alike"),
        "the data are right, the fingers known"
    );
    assert_eq!(district.alike(second).await, [(first, "fingers".into(), 10)], "and whose they are");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_fingers_the_biodata_decide_who_is_asked_about() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let person = |sequence: u64, body: u64, number: u64, name: &str, mother: &str| {
        let mut sheet = Sheet::new(&desk, sequence, body, &nik(number));
        sheet.biodata["biodata"]["nama"] = json!(name);
        sheet.biodata["biodata"]["nama_ibu"] = json!(mother);
        sheet
    };
    let whole = person(1, 1, 1, "SITI AMINAH", "RATNA");
    let first = district.send(&desk, &whole).await;
    assert_eq!(district.status(first).await.0, "PRINT_READY_RECORD", "with ten fingers");
    let namesake = district.outcome(&desk, &person(2, 2, 2, "SITI AMINAH", "RATNA")).await;
    assert_eq!(namesake, outcome("PRINT_READY_RECORD", ""), "ten other fingers tell the two apart");

    let mut bare = person(3, 2, 3, "Siti Aminah", "ratna");
    without_fingers_but(&mut bare, &[]);
    let bare = district.send(&desk, &bare).await;
    let asked = outcome("ADJUDICATE_RECORD", "biodata_alike");
    assert_eq!(district.status(bare).await, asked, "no fingers to tell them apart");
    let alike = district.alike(bare).await;
    assert_eq!(alike.len(), 2, "both namesakes are named: {alike:?}");
    assert!(alike.iter().all(|one| one.1 == "biodata"), "and by what");

    let mut daughter = person(4, 2, 4, "SITI AMINAH", "DEWI");
    without_fingers_but(&mut daughter, &[]);
    let daughter = district.outcome(&desk, &daughter).await;
    assert_eq!(daughter, outcome("PRINT_READY_RECORD", ""), "another mother, another person");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_finger_does_not_pass_under_a_nik_that_somebody_holds() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let first = district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(first, outcome("PRINT_READY_RECORD", ""), "the holder");
    let mut bare = Sheet::new(&desk, 2, 2, &nik(1));
    without_fingers_but(&mut bare, &[]);
    let bare = district.outcome(&desk, &bare).await;
    assert_eq!(bare, outcome("ADJUDICATE_RECORD", "same_nik"), "a person decides");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_lists_shows_and_decides_while_the_centre_serves() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let first = district.send(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(district.status(first).await.0, "PRINT_READY_RECORD", "the first one");
    let second = district.send(&desk, &Sheet::new(&desk, 2, 1, &nik(2))).await;
    assert_eq!(district.status(second).await.0, "ADJUDICATE_RECORD", "the second one waits");
    let folder = district.folder.path().to_owned();
    let adjudicate = |arguments: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_pusat"))
            .arg("--folder")
            .arg(&folder)
            .arg("adjudicate")
            .args(arguments)
            .output()
            .expect("pusat starts");
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let id = second.to_string();
    let (_, list) = adjudicate(&["list"]);
    assert!(list.contains(&id) && list.contains("fingers_alike"), "what waits and why: {list}");
    let (_, shown) = adjudicate(&["show", &id, "--by", "ahli"]);
    for wanted in [nik(1), nik(2), first.to_string(), "ORANG CONTOH".into(), "serupa".into()] {
        assert!(shown.contains(&wanted), "{wanted} is shown: {shown}");
    }
    assert!(!adjudicate(&["decide", &id, "same-person"]).0, "without a name nothing is decided");
    assert!(adjudicate(&["decide", &id, "same-person", "--by", "ahli"]).0, "the decision is taken");
    assert_eq!(district.status(second).await, outcome("DUPLICATE_RECORD", "same_person"), "and holds");
    let (_, list) = adjudicate(&["list"]);
    assert!(!list.contains(&id), "nothing waits any more: {list}");
    let (_, shown) = adjudicate(&["show", &id, "--by", "ahli"]);
    assert!(shown.contains("ahli fingers_alike: same-person"), "who decided stands beside it: {shown}");
}
