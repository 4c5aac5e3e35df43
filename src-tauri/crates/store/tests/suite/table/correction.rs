use crate::desk::{Desk, by, raw, visit};
use domain::register::RegisterKind;
use store::{Act, Correction, LocalStatus, MIGRATIONS, Store, StoreOptions};

fn deed(desk: &Desk, number: u8, after: i64, work: impl Fn(&store::Tx<'_>) -> store::Result<()>) -> bool {
    let act = Act::PermohonanMove { permohonan: visit(number), kind: RegisterKind::CorrectionNoted };
    desk.store.transact(act, &by("op-1", after), work).is_ok()
}

fn open(desk: &Desk) -> Vec<Correction> {
    desk.store.read(|v| v.open_corrections()).unwrap()
}

#[test]
fn a_correction_is_open_until_the_application_that_takes_it_up_is_handed_in() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    assert!(open(&desk).is_empty());
    deed(&desk, 1, 100, |tx| tx.note_correction(visit(1), "gelar"));
    deed(&desk, 1, 200, |tx| tx.note_correction(visit(1), "gelar dan alamat"));
    let rows = open(&desk);
    assert_eq!((rows.len(), rows[0].note.as_str()), (1, "gelar dan alamat"), "one row, the newer words");
    assert_eq!((rows[0].follow_up, rows[0].operator.is_some()), (None, true));
    assert!(!format!("{:?}", rows[0]).contains("gelar"), "personal");

    deed(&desk, 2, 300, |tx| tx.take_up_correction(visit(1), visit(2)));
    let desk = desk.restart();
    assert_eq!(open(&desk)[0].follow_up, Some(visit(2)), "known by both");
    let taken = desk.store.read(|v| v.correction_taken_up_by(visit(2))).unwrap().unwrap();
    assert_eq!(taken.permohonan, visit(1));
    deed(&desk, 1, 400, |tx| tx.hand_in_correction(visit(1)));
    assert_eq!(open(&desk).len(), 1, "another application closes nothing");
    deed(&desk, 2, 500, |tx| tx.hand_in_correction(visit(2)));
    assert!(open(&desk).is_empty(), "handed in");
    assert!(desk.store.read(|v| v.correction(visit(1))).unwrap().unwrap().closed_ms > 0, "and kept");
    let late = deed(&desk, 2, 600, |tx| tx.take_up_correction(visit(1), visit(2)));
    assert!(!late, "a closed one is taken up by nothing");
    deed(&desk, 1, 700, |tx| tx.note_correction(visit(1), "nama ibu"));
    assert_eq!(open(&desk)[0].follow_up, None, "noted anew, it waits for another application");
}

#[test]
fn an_application_that_ended_unfinished_gives_the_correction_back() {
    for ended in [LocalStatus::Cancelled, LocalStatus::Expired] {
        let desk = Desk::with_visit();
        desk.open_visit(2);
        deed(&desk, 1, 100, |tx| tx.note_correction(visit(1), "gelar"));
        deed(&desk, 2, 200, |tx| tx.take_up_correction(visit(1), visit(2)));
        deed(&desk, 2, 300, |tx| tx.set_state(visit(2), "{}", "form", ended));
        let rows = open(&desk);
        assert_eq!((rows.len(), rows[0].follow_up), (1, None), "{ended:?}: open, and taken up by nothing");
    }
}

#[test]
fn an_officer_closes_one_without_an_application_once() {
    let desk = Desk::with_visit();
    deed(&desk, 1, 100, |tx| tx.note_correction(visit(1), "gelar"));
    assert!(deed(&desk, 1, 200, |tx| tx.settle_correction(visit(1))));
    assert!(open(&desk).is_empty());
    assert!(!deed(&desk, 1, 300, |tx| tx.settle_correction(visit(1))), "there is nothing to settle");
}

#[test]
fn what_was_noted_before_the_table_was_there_waits_in_it_after_the_upgrade() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-corrections")).unwrap();
    let old = StoreOptions { migrations: &MIGRATIONS[..before], ..crate::desk::options() };
    drop(Store::create(&path, &crate::desk::key(), &crate::desk::identity(), old).unwrap());
    let state = r#"{"handover":{"correction":{"note":"gelar","by":"op-2","at":"2026-11-23T03:00:00.25Z"}}}"#;
    for (number, state) in [(1, state), (2, "null"), (3, r#"{"handover":{"correction":null}}"#)] {
        let sql = format!(
            "INSERT INTO permohonan (id, ticket, kind, state) VALUES ('{}', 'A-{number}', 'baru_wni', '{state}')",
            visit(number)
        );
        raw(&path).execute_batch(&sql).unwrap();
    }
    let store = Store::open(&path, &crate::desk::key(), crate::desk::options(), crate::desk::at(5)).unwrap();
    let rows = store.read(|v| v.open_corrections()).unwrap();
    let noted: Vec<_> = rows.iter().map(|row| (row.permohonan, row.note.as_str(), row.noted_ms)).collect();
    assert_eq!(noted, [(visit(1), "gelar", 1_795_402_800_000)], "only the one that was noted");
    assert_eq!(rows[0].operator.as_ref().map(ToString::to_string).as_deref(), Some("op-2"));
}
