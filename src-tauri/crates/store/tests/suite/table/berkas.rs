use crate::desk::{Desk, by, visit};
use store::Act;

#[test]
fn pages_and_decisions_of_a_requirement_are_kept() {
    let desk = Desk::with_visit();
    for (ms, byte) in [(20, 1u8), (30, 2)] {
        let act = Act::BerkasPage { permohonan: visit(1), code: "kk".into() };
        let place = desk
            .store
            .transact(act, &by("op-1", ms), |tx| tx.add_halaman(visit(1), "kk", "image/jpeg", &[byte; 300]))
            .unwrap()
            .value;
        assert_eq!(place, u32::from(byte), "pages are counted from 1");
    }
    let decide = |decision: &str| {
        let act = Act::BerkasDecide { permohonan: visit(1), code: "kk".into(), decision: decision.into() };
        desk.store.transact(act, &by("op-2", 40), |tx| tx.decide_berkas(visit(1), "kk", decision))
    };
    let note = |code: &str, words: &str| {
        let act = Act::FieldSave { permohonan: visit(1), unsur: format!("berkas.{code}") };
        desk.store.transact(act, &by("op-3", 45), |tx| tx.note_berkas(visit(1), code, words)).unwrap();
    };
    note("kk", "jelas");
    decide("accepted").unwrap();
    assert!(decide("maybe").is_err(), "no decision that the schema does not know");
    let beside = |code: &str| {
        let papers = desk.store.read(|v| v.berkas(visit(1))).unwrap();
        let paper = papers.into_iter().find(|paper| paper.code == code).unwrap();
        (paper.decision, paper.note, paper.decided_ms)
    };
    let decided = beside("kk");
    assert_eq!((decided.0.as_str(), decided.1.as_str()), ("accepted", "jelas"), "a decision leaves the note");
    note("kk", "kabur");
    assert_eq!(beside("kk"), ("accepted".into(), "kabur".into(), decided.2), "and a note the decision");
    note("akta", "menyusul");
    assert_eq!(
        beside("akta"),
        ("pending".into(), "menyusul".into(), 0),
        "also of one that nobody decided about"
    );
    let papers = desk.store.read(|v| v.berkas(visit(1))).unwrap();
    assert_eq!(
        (papers[0].decision.as_str(), papers[0].pages),
        ("accepted", 2),
        "decision and number of pages"
    );
    let pages = desk.store.read(|v| v.halaman(papers[0].id)).unwrap();
    assert_eq!(pages[1].image, vec![2; 300], "the second page as it was scanned");
    let act = Act::VerificationDecide { permohonan: visit(1), kind: "card".into() };
    desk.store
        .transact(act, &by("op-1", 50), |tx| {
            tx.add_halaman(visit(1), "lain", "image/jpeg", &[7; 9])?;
            tx.empty_pages(visit(1), "kk")?;
            tx.add_halaman(visit(1), "kk", "image/jpeg", &[3; 300])
        })
        .unwrap();
    let kept = |code: &str| -> Vec<usize> {
        let papers = desk.store.read(|v| v.berkas(visit(1))).unwrap();
        let paper = papers.iter().find(|paper| paper.code == code).unwrap().id;
        desk.store.read(|v| v.halaman(paper)).unwrap().iter().map(|page| page.image.len()).collect()
    };
    assert_eq!(kept("kk"), [0, 0, 300], "only the newest page where the others were emptied");
    assert_eq!(kept("lain"), [9], "of this paper alone");
    let whose = |row| desk.store.read(|v| v.visit_of_berkas(row)).unwrap();
    assert_eq!((whose(papers[0].id), whose(papers[0].id + 9)), (Some(visit(1)), None), "and whose it is");
}
