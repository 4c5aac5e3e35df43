//! The register's lines of a packet: each in its place, each packet's going on where the one before ended.

use crate::district::{Desk, District};
use crate::recording::{Sheet, nik, register_lines, visit};
use domain::register::{Hash32, RegisterEntry, RegisterLine};
use jiff::SignedDuration;
use packet::wire::{Inventory, InventoryRow};
use packet::{RegisterStretch, StretchLine};
use pusat::pipeline::adjudication::{self, Word};
use serde_json::json;

const FAILED: &str = "ENROLL_FAILURE_AT_CENTRAL";

/// Word and change of a forged stretch.
type Forgery = (&'static str, fn(&mut Vec<StretchLine>));

async fn outcome(district: &District, desk: &Desk, sheet: &Sheet) -> (String, String) {
    district.outcome(desk, sheet).await
}

/// A sheet whose register holds these lines, from row `from` on.
fn with_lines(desk: &Desk, sequence: u64, lines: &[RegisterLine], from: usize) -> Sheet {
    let mut sheet = Sheet::new(desk, sequence, sequence.min(2), &nik(sequence));
    let head = lines.last().unwrap();
    sheet.evidence["register"] = json!({"row": head.row, "hash": head.hash});
    sheet.register = RegisterStretch::of(lines[from..].iter().cloned(), visit(&desk.code, sequence));
    sheet
}

/// The lines, one of them changed and every one after it hashed anew: what a patched station could do.
fn hashed_anew(mut lines: Vec<RegisterLine>, at: usize, change: fn(&mut RegisterEntry)) -> Vec<RegisterLine> {
    change(&mut lines[at].entry);
    for number in at..lines.len() {
        let before = number.checked_sub(1).map(|before| (lines[before].row, lines[before].hash));
        lines[number] = RegisterLine::chain(before, lines[number].entry.clone());
    }
    lines
}

fn other_detail(entry: &mut RegisterEntry) {
    entry.detail.insert("baris".into(), "lain".into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_edited_dropped_exchanged_or_put_in_is_refused() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let forgeries: [Forgery; 6] = [
        ("edited", |lines| other_detail(lines[3].entry.as_mut().unwrap())),
        ("edited and hashed anew", |lines| lines[3].hash = Hash32::of(b"baris lain")),
        ("dropped", |lines| drop(lines.remove(4))),
        ("the end dropped", |lines| drop(lines.pop())),
        ("exchanged", |lines| lines.swap(3, 5)),
        ("put in", |lines| {
            let line = lines[3].clone();
            lines.insert(4, line);
        }),
    ];
    for (sequence, (what, change)) in (1..).zip(forgeries) {
        let mut sheet = Sheet::new(&desk, sequence, 1, &nik(1));
        change(&mut sheet.register.lines);
        let expected = (FAILED.into(), "chain_broken".into());
        assert_eq!(outcome(&district, &desk, &sheet).await, expected, "a line {what}");
    }
    let mut sheet = Sheet::new(&desk, 7, 1, &nik(1));
    sheet.register.lines.iter_mut().for_each(|line| line.entry = None);
    assert_eq!(outcome(&district, &desk, &sheet).await.1, "chain_broken", "nothing of its own visit");
    let sound = Sheet::new(&desk, 8, 1, &nik(1));
    assert_eq!(outcome(&district, &desk, &sound).await.0, "PRINT_READY_RECORD", "the sound one passes");
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_packets_no_line_is_left_out_whichever_of_them_comes_first() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let first = Sheet::new(&desk, 1, 1, &nik(1));
    assert_eq!(outcome(&district, &desk, &first).await.0, "PRINT_READY_RECORD", "the first one");
    let lines = register_lines("UJI-01", 2);
    let late = with_lines(&desk, 2, &lines, 13);
    assert_eq!(outcome(&district, &desk, &late).await.1, "chain_position", "three lines are told to nobody");
    let rewritten = hashed_anew(register_lines("UJI-01", 3), 5, other_detail);
    let other = with_lines(&desk, 3, &rewritten, 10);
    // The packet before was refused: what it said of the register is not held against this one, only the rows are.
    assert_ne!(outcome(&district, &desk, &other).await.0, FAILED, "rows go on");
    let back = Sheet::new(&desk, 4, 1, &nik(4));
    assert_eq!(outcome(&district, &desk, &back).await.1, "chain_position", "another line at the same row");

    // The later one first.
    let row = InventoryRow { sequence: 5, enrolment: uuid::Uuid::now_v7() };
    let inventory = Inventory {
        format: Inventory::FORMAT.into(),
        highest: 6,
        acknowledged: vec![(1, 4)],
        waiting: vec![row],
    };
    assert_eq!(desk.client.post("/v1/stations/UJI-01/inventory", &inventory).await.status, 200, "announced");
    let later = Sheet::new(&desk, 6, 2, &nik(6));
    assert_ne!(outcome(&district, &desk, &later).await.0, FAILED, "the later one");
    let forked = hashed_anew(register_lines("UJI-01", 5), 45, other_detail);
    let earlier = with_lines(&desk, 5, &forked, 40);
    assert_eq!(outcome(&district, &desk, &earlier).await.1, "chain_position", "does not lead to it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_within_a_visit_is_asked_about() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let back = |entry: &mut RegisterEntry| entry.at -= SignedDuration::from_hours(1);
    let lines = hashed_anew(register_lines("UJI-01", 1), 7, back);
    let sheet = with_lines(&desk, 1, &lines, 0);
    let enrolment = desk.send(&sheet.seal(&desk)).await.enrolment;
    let asked = ("ADJUDICATE_RECORD".to_owned(), "register_time".to_owned());
    assert_eq!(district.status(enrolment).await, asked, "an hour back between two lines of one visit");
    adjudication::decide(&district.centre, enrolment, Word::Accept, "ahli", "").await.unwrap();
    assert_eq!(
        district.status(enrolment).await.0,
        "PRINT_READY_RECORD",
        "the clock was put right, a person says"
    );
    let little = hashed_anew(register_lines("UJI-01", 2), 17, |e| e.at -= SignedDuration::from_mins(5));
    // The first packet's lines are other ones than those of this register: its number is passed over.
    let row = InventoryRow { sequence: 2, enrolment: uuid::Uuid::now_v7() };
    let inventory = Inventory {
        format: Inventory::FORMAT.into(),
        highest: 3,
        acknowledged: vec![(1, 1)],
        waiting: vec![row],
    };
    assert_eq!(desk.client.post("/v1/stations/UJI-01/inventory", &inventory).await.status, 200, "announced");
    let mut sheet = with_lines(&desk, 3, &little, 10);
    sheet.register = RegisterStretch::of(little[10..].iter().cloned(), visit("UJI-01", 2));
    sheet.biodata["permohonan"] = json!(visit("UJI-01", 2));
    assert_ne!(outcome(&district, &desk, &sheet).await.1, "register_time", "five minutes are no question");
}
