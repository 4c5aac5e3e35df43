use crate::desk::{Desk, START_MS, by, operator, visit};
use domain::paper::DocumentKind;
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
    let words =
        DocumentWords { until: "2027-05-29".into(), said: "Besok".into(), code: "REKAM1".into(), ..none };
    let act = Act::DocumentRender { permohonan: visit(1), kind: "formulir".into() };
    desk.store.transact(act, &by("op-2", 60), |tx| tx.set_document_words(made, &words)).unwrap();
    assert_eq!(desk.store.read(|v| v.document_words(made)).unwrap(), words, "and who made it stays");
    let act = Act::DocumentPrint { permohonan: visit(1), kind: "formulir".into() };
    desk.store.transact(act, &by("op-1", 90), |tx| tx.set_printed(made)).unwrap();
    let desk = desk.restart();
    assert_eq!(desk.store.read(|v| v.document_pdf(made)).unwrap(), b"%PDF", "byte for byte");
    assert_eq!(desk.store.read(|v| v.documents(visit(1))).unwrap()[0].printed_ms, START_MS + 90, "and when");
}

#[test]
fn a_purge_empties_every_paper_with_the_face_and_keeps_its_row() {
    let desk = Desk::with_visit();
    let (form, suket, again) =
        (DocumentKind::FormulirPerekaman.key(), DocumentKind::Suket.key(), DocumentKind::CetakUlang.key());
    let slip = DocumentKind::SlipPengembalian.key();
    let rows: [(&str, &str, &[u8]); 7] = [
        (form, "FP/1", b"first WAJAH form"),
        (form, "FP/2", b"form made anew WAJAH"),
        (again, "FP/2", b"marked WAJAH copy"),
        (suket, "SK/1", b"letter with WAJAH"),
        (again, "SK/1", b"marked WAJAH letter"),
        (slip, "PB/1", b"slip"),
        (again, "PB/1", b"marked slip"),
    ];
    let mut made = Vec::new();
    for (kind, number, pdf) in rows {
        let document = NewDocument {
            permohonan: Some(visit(1)),
            kind: kind.into(),
            number: number.into(),
            pdf: pdf.to_vec(),
        };
        let act = Act::DocumentRender { permohonan: visit(1), kind: kind.into() };
        let row = desk.store.transact(act, &by("op-1", 50), |tx| tx.add_document(&document)).unwrap().value;
        made.push((row, pdf));
    }
    // A form of another person under a number of this one's is nobody's copy.
    let other =
        NewDocument { permohonan: None, kind: again.into(), number: "FP/1".into(), pdf: b"other".into() };
    let act = || Act::DocumentRender { permohonan: visit(1), kind: again.into() };
    let other = desk.store.transact(act(), &by("op-1", 60), |tx| tx.add_document(&other)).unwrap().value;
    let print = Act::DocumentPrint { permohonan: visit(1), kind: form.into() };
    desk.store.transact(print, &by("op-1", 70), |tx| tx.add_document_print(made[1].0, "uji", "")).unwrap();
    assert!(desk.holds(b"WAJAH"), "before");
    let before = desk.store.read(|v| v.documents(visit(1))).unwrap();

    let act = Act::Purge { permohonan: visit(1) };
    desk.store.transact(act, &by("op-1", 80), |tx| tx.purge_papers(visit(1))).unwrap();
    let desk = desk.restart();
    assert!(!desk.holds(b"WAJAH"), "no table has it");
    let kept = |row: i64| desk.store.read(|v| v.document_pdf(row)).unwrap();
    for (n, (row, pdf)) in made.iter().enumerate() {
        assert_eq!(kept(*row), if n < 5 { b"".as_slice() } else { *pdf }, "paper {n}");
    }
    assert_eq!(kept(other), b"other", "of another visit nothing goes");
    assert_eq!(desk.store.read(|v| v.documents(visit(1))).unwrap(), before, "number, SHA-256 and times stay");
    assert_eq!(desk.store.read(|v| v.document_prints(made[1].0)).unwrap().len(), 1, "and the prints");
}
