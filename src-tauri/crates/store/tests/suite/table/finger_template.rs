use crate::desk::{Desk, START_MS, by, visit};
use domain::ids::PermohonanId;
use store::{Act, DuplicateCheck, FingerTemplate};

fn act(permohonan: PermohonanId) -> Act {
    Act::VerificationDecide { permohonan, kind: "duplicates".into() }
}

fn keep(desk: &Desk, permohonan: PermohonanId, fingers: &[(u8, Vec<u8>)]) -> store::Result<()> {
    desk.store
        .transact(act(permohonan), &by("op-1", 50), |tx| tx.put_finger_templates(permohonan, fingers))
        .map(drop)
}

fn of(desk: &Desk, permohonan: PermohonanId) -> Vec<(u8, Vec<u8>)> {
    let rows = desk.store.read(|v| v.finger_templates_of(permohonan)).unwrap();
    rows.into_iter().map(|row| (row.finger, row.template)).collect()
}

/// A template is opaque here; the schema asks for four bytes at least.
fn template(mark: u8) -> Vec<u8> {
    vec![mark; 4]
}

#[test]
fn nobody_recorded_means_no_templates_and_no_finished_search() {
    let desk = Desk::with_visit();
    assert!(desk.store.read(|v| v.finger_templates()).unwrap().is_empty(), "nothing to search among");
    assert!(of(&desk, visit(1)).is_empty(), "nor of the visit");
    assert_eq!(desk.store.read(|v| v.duplicate_check(visit(1))).unwrap(), None, "the search is due");
    keep(&desk, visit(1), &[]).unwrap();
    assert!(of(&desk, visit(1)).is_empty(), "no fingers are no templates");
}

#[test]
fn templates_come_back_visit_by_visit_and_finger_by_finger_after_a_restart() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    keep(&desk, visit(2), &[(10, template(20)), (1, template(21))]).unwrap();
    keep(&desk, visit(1), &[(6, template(11)), (2, template(12))]).unwrap();
    let desk = desk.restart();
    assert_eq!(of(&desk, visit(1)), [(2, template(12)), (6, template(11))], "by position");
    let all = desk.store.read(|v| v.finger_templates()).unwrap();
    let order: Vec<_> = all.iter().map(|row| (row.permohonan, row.finger)).collect();
    assert_eq!(order, [(visit(1), 2), (visit(1), 6), (visit(2), 1), (visit(2), 10)], "visit by visit");
}

#[test]
fn fingers_taken_again_take_the_place_of_all_templates_of_that_visit_and_of_no_other() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    keep(&desk, visit(1), &[(1, template(1)), (2, template(2)), (3, template(3))]).unwrap();
    keep(&desk, visit(2), &[(1, template(9))]).unwrap();
    keep(&desk, visit(1), &[(2, template(5))]).unwrap();
    assert_eq!(
        of(&desk, visit(1)),
        [(2, template(5))],
        "a finger that was left out is not searched for any more"
    );
    assert_eq!(of(&desk, visit(2)), [(1, template(9))], "the other visit is untouched");
    keep(&desk, visit(1), &[(2, template(5))]).unwrap();
    assert_eq!(of(&desk, visit(1)), [(2, template(5))], "the same once more changes nothing");
}

/// Why, and which fingers.
type Refused<'a> = (&'a str, &'a [(u8, Vec<u8>)]);

#[test]
fn what_is_no_template_is_refused_whole_and_the_ones_before_stay() {
    let desk = Desk::with_visit();
    keep(&desk, visit(1), &[(1, template(1))]).unwrap();
    let head = desk.store.read(|v| v.register_head()).unwrap();
    let refused: [Refused<'_>; 4] = [
        ("no finger has position 0", &[(2, template(2)), (0, template(3))]),
        ("nor position 11", &[(2, template(2)), (11, template(3))]),
        ("three bytes are no template", &[(2, template(2)), (3, vec![1, 2, 3])]),
        ("one finger twice", &[(2, template(2)), (2, template(3))]),
    ];
    for (why, fingers) in refused {
        assert!(keep(&desk, visit(1), fingers).is_err(), "{why}");
        assert_eq!(of(&desk, visit(1)), [(1, template(1))], "{why}: nothing was dropped");
    }
    assert!(keep(&desk, visit(7), &[(1, template(1))]).is_err(), "a visit that there is not");
    assert_eq!(desk.store.read(|v| v.register_head()).unwrap(), head, "and no deed was written down");
}

#[test]
fn a_search_is_kept_with_its_captures_and_the_last_one_counts() {
    let desk = Desk::with_visit();
    let check = |captures: &str, found: &str| DuplicateCheck {
        captures: captures.into(),
        nik: "1813010101909001".into(),
        found_json: found.into(),
        checked_ms: 1,
    };
    let write = |check: &DuplicateCheck, after| {
        desk.store
            .transact(act(visit(1)), &by("op-1", after), |tx| tx.put_duplicate_check(visit(1), check))
            .map(drop)
    };
    write(&check("a1,a2", "[]"), 60).unwrap();
    let other = DuplicateCheck { nik: "1813010101909002".into(), ..check("a1,a3", r#"[{"score":81}]"#) };
    write(&other, 90).unwrap();
    let kept = desk.store.read(|v| v.duplicate_check(visit(1))).unwrap().unwrap();
    assert_eq!(
        (kept.captures.as_str(), kept.nik.as_str(), kept.found_json.as_str()),
        ("a1,a3", other.nik.as_str(), r#"[{"score":81}]"#),
        "the last"
    );
    assert_eq!(kept.checked_ms, START_MS + 90, "by the clock of the act, not the caller's");
    let stopped = desk.store.transact(act(visit(1)), &by("op-1", 95), |tx| {
        tx.put_duplicate_check(visit(1), &check("a9", "[]"))?;
        Err::<(), _>(store::Error::Abandoned { reason: "stopped" })
    });
    assert!(stopped.is_err(), "a search that was stopped");
    assert_eq!(desk.store.read(|v| v.duplicate_check(visit(1))).unwrap(), Some(kept), "leaves no row");
    let nobody = desk
        .store
        .transact(act(visit(7)), &by("op-1", 96), |tx| tx.put_duplicate_check(visit(7), &check("a1", "[]")));
    assert!(nobody.is_err(), "nor is one kept of a visit that there is not");
}

#[test]
fn fingers_that_are_no_recording_any_more_leave_with_their_search_and_alone() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let check = |captures: &str| DuplicateCheck {
        captures: captures.into(),
        nik: String::new(),
        found_json: "[]".into(),
        checked_ms: 0,
    };
    for number in [1, 2] {
        keep(&desk, visit(number), &[(2, template(number)), (7, template(9))]).unwrap();
        desk.store
            .transact(act(visit(number)), &by("op-1", 60), |tx| {
                tx.put_duplicate_check(visit(number), &check("a1"))
            })
            .unwrap();
    }
    let drop = || desk.store.transact(act(visit(1)), &by("op-1", 70), |tx| tx.drop_finger_search(visit(1)));
    drop().unwrap();
    let search = |number| desk.store.read(|v| v.duplicate_check(visit(number))).unwrap();
    assert!(of(&desk, visit(1)).is_empty() && search(1).is_none(), "no template, and the search is due");
    assert!(of(&desk, visit(2)).len() == 2 && search(2).is_some(), "the other visit is untouched");
    drop().unwrap();
    keep(&desk, visit(1), &[(2, template(3))]).unwrap();
    assert_eq!(of(&desk, visit(1)), [(2, template(3))], "taken up again");
}

#[test]
fn a_template_is_never_shown_in_a_log() {
    let row = FingerTemplate { permohonan: visit(1), finger: 2, template: vec![211; 40] };
    let shown = format!("{row:?}");
    assert!(
        shown.contains("finger") && !shown.contains("211"),
        "the position and nothing of the print: {shown}"
    );
}
