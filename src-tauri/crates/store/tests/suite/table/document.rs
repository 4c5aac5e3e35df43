use crate::desk::{Desk, START_MS, by, operator, visit};
use store::{Act, DocumentWords, NewDocument};

#[test]
fn a_paper_is_kept_as_it_was_made_and_knows_when_it_was_printed() {
    let desk = Desk::with_visit();
    let document = NewDocument {
        permohonan: Some(visit(1)),
        kind: "formulir".into(),
        number: "1".into(),
        pdf: b"%PDF".to_vec(),
    };
    let act = Act::DocumentRender { permohonan: visit(1), kind: "formulir".into() };
    let made = desk.store.transact(act, &by("op-1", 50), |tx| tx.add_document(&document)).unwrap().value;
    assert_eq!(desk.store.read(|v| v.documents(visit(1))).unwrap()[0].printed_ms, 0, "made, not printed");
    let none = DocumentWords { operator: Some(operator("op-1")), ..DocumentWords::default() };
    assert_eq!(desk.store.read(|v| v.document_words(made)).unwrap(), none, "it says nothing of its own");
    let words = DocumentWords { until: "2027-05-29".into(), said: "Besok".into(), ..none };
    let act = Act::DocumentRender { permohonan: visit(1), kind: "formulir".into() };
    desk.store.transact(act, &by("op-2", 60), |tx| tx.set_document_words(made, &words)).unwrap();
    assert_eq!(desk.store.read(|v| v.document_words(made)).unwrap(), words, "and who made it stays");
    let act = Act::DocumentPrint { permohonan: visit(1), kind: "formulir".into() };
    desk.store.transact(act, &by("op-1", 90), |tx| tx.set_printed(made)).unwrap();
    let desk = desk.restart();
    assert_eq!(desk.store.read(|v| v.document_pdf(made)).unwrap(), b"%PDF", "byte for byte");
    assert_eq!(desk.store.read(|v| v.documents(visit(1))).unwrap()[0].printed_ms, START_MS + 90, "and when");
}
