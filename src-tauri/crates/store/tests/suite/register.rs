//! The chain notices what was done to it behind the program's back.

use crate::desk::{Desk, at, by, new_visit, operator, visit};
use domain::register::{BreakKind, ChainBreak, Checkpoint, RegisterKind};
use rstest::rstest;
use store::{Act, Ctx};

/// Ten lines: set-up, the visit, eight fields.
fn desk() -> Desk {
    let desk = Desk::with_visit();
    for i in 0..8 {
        let act = Act::FieldSave { permohonan: visit(1), unsur: format!("unsur_{i}") };
        desk.store
            .transact(act, &by("op-1", 100 + i), |tx| tx.save_isian(visit(1), "nama", &format!("Nama {i}")))
            .unwrap();
    }
    desk
}

const NO_TRIGGERS: &str = "DROP TRIGGER register_no_update; DROP TRIGGER register_no_delete;";

#[rstest]
#[case::edited(
    "UPDATE register SET detail = json_set(detail, '$.of', 'lain') WHERE seq = 5",
    BreakKind::Edited,
    5
)]
#[case::edited_time("UPDATE register SET at = at + 1 WHERE seq = 3", BreakKind::Edited, 3)]
#[case::edited_operator("UPDATE register SET operator = 'op-9' WHERE seq = 4", BreakKind::Edited, 4)]
#[case::hidden("UPDATE register SET book = 0 WHERE seq = 2", BreakKind::Edited, 2)]
#[case::unknown_kind("UPDATE register SET kind = 'nothing' WHERE seq = 6", BreakKind::Edited, 6)]
#[case::deleted("DELETE FROM register WHERE seq = 4", BreakKind::Deleted, 4)]
#[case::inserted(
    "INSERT INTO register (seq, at, station, operator, kind, detail, prev, hash)
     SELECT 11, at, station, operator, kind, detail, prev, hash FROM register WHERE seq = 10",
    BreakKind::Inserted,
    11
)]
#[case::inserted_in_the_middle(
    "UPDATE register SET seq = seq + 100 WHERE seq > 4;
     INSERT INTO register (seq, at, station, operator, kind, permohonan, ticket, corrects, detail, book, prev, hash)
     SELECT 5, at, station, operator, kind, permohonan, ticket, corrects, detail, book, prev, hash
     FROM register WHERE seq = 4;
     UPDATE register SET seq = seq - 99 WHERE seq > 100;",
    BreakKind::Inserted,
    5
)]
#[case::reordered(
    "UPDATE register SET seq = 99 WHERE seq = 5; UPDATE register SET seq = 5 WHERE seq = 6; UPDATE register SET seq = 6 WHERE seq = 99;",
    BreakKind::Reordered,
    5
)]
#[case::deleted_and_the_rest_numbered_anew(
    "DELETE FROM register WHERE seq = 4;
     UPDATE register SET seq = seq + 100 WHERE seq > 4;
     UPDATE register SET seq = seq - 101 WHERE seq > 100;",
    BreakKind::Deleted,
    4
)]
#[case::cut_off("DELETE FROM register WHERE seq > 7", BreakKind::CutOff, 8)]
fn the_first_bad_row_is_named(#[case] tampering: &str, #[case] kind: BreakKind, #[case] first_row: u64) {
    let desk = desk();
    assert_eq!(desk.store.verify_register(&[]).unwrap().unwrap().rows, 10, "untouched, the chain holds");
    desk.raw().execute_batch(&format!("{NO_TRIGGERS} {tampering}")).unwrap();
    let broken = desk.store.verify_register(&[]).unwrap().unwrap_err();
    assert_eq!((broken.first_row, broken.kind), (first_row, kind), "after: {tampering}");
}

#[test]
fn a_deed_on_another_visit_since_a_line_of_this_one_is_known_by_the_order_of_the_lines() {
    let desk = Desk::with_visit();
    let line = |act, ctx| desk.store.transact(act, &ctx, |_| Ok(())).unwrap();
    let field = |number| Act::FieldSave { permohonan: visit(number), unsur: "nama".into() };
    let seen = || line(field(1), by("op-1", 500));
    let elsewhere = || desk.store.read(|view| view.worked_elsewhere(visit(1), at(500))).unwrap();
    desk.open_visit(2);
    seen();
    assert!(!elsewhere(), "the other visit was opened before");
    line(Act::PermohonanRead { permohonan: visit(2) }, by("op-1", 600));
    line(field(2), by("op-1", 600));
    assert!(!elsewhere(), "a look, or a field that the window still saved, seats nobody else");
    line(Act::PermohonanAssign { permohonan: visit(1) }, by("op-1", 600));
    let resumed =
        |number| Act::PermohonanMove { permohonan: visit(number), kind: RegisterKind::VisitResumed };
    line(resumed(2), Ctx { operator: None, now: at(600) });
    assert!(!elsewhere(), "nor does this visit itself, or what the program does");
    let verified = Act::PermohonanMove { permohonan: visit(2), kind: RegisterKind::Verified };
    let kept = Act::SampleAccept { permohonan: visit(2), modality: "portrait".into(), part: String::new() };
    for act in [Act::PermohonanAssign { permohonan: visit(2) }, resumed(2), verified, kept] {
        let name = format!("{act:?}");
        // The clock was put back meanwhile: the line comes later all the same.
        line(act, by("op-2", 300));
        assert!(elsewhere(), "{name}");
        seen();
        assert!(!elsewhere(), "looked at since: {name}");
    }
    desk.open_visit(3);
    assert!(elsewhere(), "a visit that begins has its applicant at the desk");
}

#[test]
fn since_when_a_visit_is_untouched_goes_by_the_order_of_the_lines_where_the_clock_stood_wrong() {
    let desk = Desk::with_visit();
    let line = |act, ms| desk.store.transact(act, &by("op-1", ms), |_| Ok(())).unwrap();
    let since = |number, touched, now| {
        let asked = |view: &store::View<'_>| view.untouched_since(visit(number), at(touched), at(now));
        desk.store.read(asked).unwrap()
    };
    assert_eq!(since(1, 10, 500), Some(at(10)), "it was opened");
    line(Act::PermohonanRead { permohonan: visit(1) }, 100);
    assert_eq!(since(1, 10, 500), Some(at(10)), "a look is no touch");
    line(Act::FieldSave { permohonan: visit(1), unsur: "nama".into() }, 200);
    assert_eq!(since(1, 10, 500), Some(at(200)), "what is typed is one, though it is no event");
    line(Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::FormCompleted }, 300);
    assert_eq!(since(1, 300, 500), Some(at(300)));

    let open = |number: u8, ms| {
        let act = Act::PermohonanOpen { permohonan: visit(number) };
        desk.store.transact(act, &by("op-1", ms), |tx| tx.open_permohonan(&new_visit(number))).unwrap();
    };
    open(2, -9_000);
    assert_eq!(since(2, -9_000, 500), None, "the clock stands behind, and how far nobody knows");
    line(Act::FieldSave { permohonan: visit(2), unsur: "nama".into() }, -8_000);
    line(Act::SignIn { operator: operator("op-1") }, -7_000);
    assert_eq!(since(2, -9_000, 500), None, "and still does");
    line(Act::SignIn { operator: operator("op-1") }, 400);
    assert_eq!(since(2, -9_000, 500), Some(at(400)), "from when it was put right");
    assert_eq!(since(1, 300, 500), Some(at(300)), "nobody else's is younger by it");

    line(Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::VisitResumed }, 900_000);
    open(3, 450);
    assert_eq!(since(3, 450, 500), Some(at(450)), "a clock that stood ahead says nothing");
}

#[test]
fn words_that_nobody_has_sent_are_a_touch_of_their_visit_at_the_moment_when_they_were_kept() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let typed = |words: &str, ms| {
        let keep = |ledger: &store::Ledger<'_>| ledger.save_draft(visit(1), "never_reason", "", words);
        desk.store.bookkeep(at(ms), keep).unwrap();
    };
    let since = |number, now| {
        let asked = |view: &store::View<'_>| view.untouched_since(visit(number), at(10), at(now));
        desk.store.read(asked).unwrap()
    };
    typed("NIK di KK la", 300);
    assert_eq!(since(1, 500), Some(at(300)), "though they are no event");
    assert_eq!(since(2, 500), Some(at(10)), "of no other visit");
    assert_eq!(since(1, 200), Some(at(10)), "nor of a clock that stood ahead");
    let field = Act::FieldSave { permohonan: visit(1), unsur: "nama".into() };
    desk.store.transact(field, &by("op-1", 400), |_| Ok(())).unwrap();
    assert_eq!(since(1, 500), Some(at(400)), "what came last counts");
    typed("NIK di KK lama", 450);
    assert_eq!(since(1, 500), Some(at(450)));
}

#[test]
fn the_last_line_of_a_kind_about_a_visit_says_when() {
    let desk = Desk::with_visit();
    let last = || desk.store.read(|view| view.register_last(visit(1), RegisterKind::ReturnSettled)).unwrap();
    assert_eq!(last(), None);
    for ms in [700, 900] {
        let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::ReturnSettled };
        desk.store.transact(act, &by("op-1", ms), |_| Ok(())).unwrap();
        desk.store
            .transact(Act::PermohonanAssign { permohonan: visit(1) }, &by("op-1", 950), |_| Ok(()))
            .unwrap();
    }
    assert_eq!(last(), Some(at(900)), "of this kind, the latest");
}

#[test]
fn a_check_is_asked_before_each_line_and_ends_without_a_verdict_when_told_to() {
    let desk = desk();
    let mut asked = Vec::new();
    let whole = desk.store.verify_register_while(&[], &mut |row| {
        asked.push(row);
        true
    });
    assert_eq!(whole.unwrap().unwrap().rows, 10);
    assert_eq!(asked, (1..=10).collect::<Vec<_>>(), "each line once, in order");
    let stopped = desk.store.verify_register_while(&[], &mut |row| row < 4);
    assert!(
        matches!(stopped, Err(store::Error::Abandoned { .. })),
        "half a chain is no sound one: {stopped:?}"
    );
}

#[test]
fn a_cut_that_also_mends_the_counter_is_seen_against_a_checkpoint_kept_elsewhere() {
    let desk = desk();
    let written_down: Checkpoint = desk.store.read(|view| view.register_head()).unwrap().unwrap();
    assert_eq!(written_down.row, 10, "the head is the last line");
    desk.raw()
        .execute_batch(&format!("{NO_TRIGGERS} DELETE FROM register WHERE seq > 7; UPDATE sqlite_sequence SET seq = 7 WHERE name = 'register';"))
        .unwrap();
    assert!(
        desk.store.verify_register(&[]).unwrap().is_ok(),
        "without a checkpoint a careful cut cannot be seen"
    );
    let broken = desk.store.verify_register(&[written_down]).unwrap().unwrap_err();
    assert_eq!(broken, ChainBreak { first_row: 8, kind: BreakKind::CutOff, up_to: 7 }, "with one it is");
}

#[test]
fn no_statement_of_ours_can_change_or_take_out_a_line() {
    let desk = desk();
    for statement in ["UPDATE register SET detail = '{}' WHERE seq = 2", "DELETE FROM register WHERE seq = 2"]
    {
        let refused = desk.raw().execute_batch(statement).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
}

#[test]
fn every_act_leaves_exactly_one_line_and_a_failed_one_none() {
    let desk = desk();
    let rows = || desk.store.read(|view| view.register_head()).unwrap().unwrap().row;
    let before = rows();
    let act = || Act::FieldSave { permohonan: visit(1), unsur: "alamat".into() };
    let failed = desk.store.transact(act(), &by("op-1", 500), |tx| {
        tx.save_isian(visit(1), "alamat", "Jalan Mawar")?;
        Err::<(), _>(store::Error::Abandoned { reason: "test" })
    });
    assert!(matches!(failed, Err(store::Error::Abandoned { .. })), "the caller's reason comes back");
    assert_eq!(rows(), before, "a rolled back act leaves no line");
    assert!(
        desk.store.read(|v| v.isian(visit(1))).unwrap().iter().all(|f| f.unsur != "alamat"),
        "and no field"
    );
    let changed = desk
        .store
        .transact(act(), &by("op-1", 501), |tx| {
            tx.save_isian(visit(1), "alamat", "Jalan Mawar")?;
            tx.save_isian(visit(1), "rt", "001")
        })
        .unwrap();
    assert_eq!(changed.register_row, before + 1, "one line for the whole act");
    assert_eq!(
        changed.tables.iter().map(String::as_str).collect::<Vec<_>>(),
        ["isian", "isian_riwayat"],
        "says what changed"
    );
}

#[test]
fn the_line_of_a_saved_field_proves_the_value_without_showing_it() {
    let desk = desk();
    let lines = desk.store.read(|view| view.register_of(visit(1))).unwrap();
    let fields: Vec<_> = lines.iter().filter(|row| row.line.entry.detail["act"] == "field.save").collect();
    assert_eq!(fields.len(), 8, "one for each field");
    assert!(fields.iter().all(|row| !row.in_book), "the Buku Register lists deeds, not keystrokes");
    let digests: std::collections::BTreeSet<_> =
        fields.iter().map(|row| &row.line.entry.detail["digest"]).collect();
    assert_eq!(digests.len(), 8, "different values, different digests");
    assert!(
        !format!("{:?}", lines[3].line.entry.detail).contains("Nama"),
        "the value itself is not in the line"
    );
    let book = desk.store.read(|view| view.buku_register(u64::MAX, 50)).unwrap();
    let kinds: Vec<_> = book.iter().map(|row| row.line.entry.detail["act"].as_str()).collect();
    assert_eq!(kinds, ["permohonan.open", "station.set_up"], "newest first");
    assert_eq!(
        book[0].line.entry.ticket.as_ref().unwrap().as_str(),
        "A-001",
        "the ticket stands in the line"
    );
}

#[test]
fn the_buku_register_is_found_by_ticket_and_by_what_was_noted() {
    let desk = desk();
    let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::VisitCancelled };
    desk.store
        .transact(act, &by("op-2", 900), |tx| {
            tx.note("nama", "Siti Aminah");
            Ok(())
        })
        .unwrap();
    let find = |text: &str| {
        let filter = store::BookFilter { text: text.into(), ..store::BookFilter::default() };
        desk.store.read(|v| v.register_page(&filter)).unwrap().lines.len()
    };
    assert_eq!(find("siti AMINAH"), 1, "by a noted column");
    assert_eq!(find("a-001"), 2, "by ticket: opened and cancelled");
    assert_eq!(find("unsur_3"), 0, "small lines stay out of the book");
    assert_eq!(find("siti%aminah"), 1, "a sign is no pattern, it parts words");
}
