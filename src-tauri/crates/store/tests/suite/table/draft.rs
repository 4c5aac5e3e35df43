use crate::desk::{Desk, at, by, visit};
use store::{Act, LocalStatus};

const NOTE: &str = "slap_note";

fn save(desk: &Desk, of: u8, about: &str, words: &str, ms: i64) {
    desk.store.bookkeep(at(ms), |ledger| ledger.save_draft(visit(of), NOTE, about, words)).unwrap();
}

fn words(desk: &Desk, of: u8, about: &str) -> Option<String> {
    desk.store.read(|v| v.draft(visit(of), NOTE, about)).unwrap().map(|kept| kept.words)
}

#[test]
fn words_that_are_typed_stand_over_a_restart_without_a_line_each_beside_what_it_is_about() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let lines = |desk: &Desk| desk.store.read(|v| v.register_head()).unwrap().map(|head| head.row);
    let before = lines(&desk);
    save(&desk, 1, "thumbs", "kulit ke", 20);
    save(&desk, 1, "thumbs", "kulit kering", 21);
    save(&desk, 2, "thumbs", "milik yang lain", 22);
    assert_eq!(lines(&desk), before, "what is not confirmed is no deed");
    let nobody = desk.store.bookkeep(at(23), |ledger| ledger.save_draft(visit(7), NOTE, "", "apa"));
    assert!(nobody.is_err(), "there is no such visit");
    let desk = desk.restart();
    assert_eq!(words(&desk, 1, "thumbs").as_deref(), Some("kulit kering"), "the last that was typed");
    assert_eq!(words(&desk, 2, "thumbs").as_deref(), Some("milik yang lain"), "each visit has its own");
    assert_eq!(words(&desk, 1, "left_four"), None, "and each thing");
    let kept = desk.store.read(|v| v.draft(visit(1), NOTE, "thumbs")).unwrap().unwrap();
    assert!(!format!("{kept:?}").contains("kulit"), "masked");
    save(&desk, 1, "thumbs", "  ", 30);
    assert_eq!(words(&desk, 1, "thumbs"), None, "deleted is gone");
}

#[test]
fn words_go_with_their_deed_and_with_the_step_and_status_that_they_were_typed_in() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let act = || Act::HandoverNote { permohonan: visit(1), what: "uji".into() };
    let stands = |step: &str, status: LocalStatus| {
        desk.store.transact(act(), &by("op-1", 40), |tx| tx.set_state(visit(1), "{}", step, status)).unwrap();
    };
    let typed = || {
        for about in ["thumbs", "left_four"] {
            save(&desk, 1, about, "kulit kering", 30);
        }
    };
    let both = || (words(&desk, 1, "thumbs").is_some(), words(&desk, 1, "left_four").is_some());
    save(&desk, 2, "thumbs", "milik yang lain", 30);

    typed();
    desk.store.transact(act(), &by("op-1", 31), |tx| tx.forget_draft(visit(1), NOTE, "thumbs")).unwrap();
    assert_eq!(both(), (false, true), "the other thing is not said yet");
    stands("capture", LocalStatus::Draft);
    assert_eq!(both(), (false, false), "another step");
    typed();
    stands("capture", LocalStatus::Draft);
    assert_eq!(both(), (true, true), "the same step");
    for status in [LocalStatus::Returned, LocalStatus::Sealed, LocalStatus::Expired, LocalStatus::Cancelled] {
        typed();
        stands("capture", status);
        assert_eq!(both(), (false, false), "{status:?}");
    }
    typed();
    desk.store.transact(act(), &by("op-1", 60), |tx| tx.forget_drafts(visit(1))).unwrap();
    assert_eq!(both(), (false, false), "purged");
    assert_eq!(words(&desk, 2, "thumbs").as_deref(), Some("milik yang lain"), "nothing of the other visit");
}
