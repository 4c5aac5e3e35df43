use crate::desk::{Desk, by, visit};
use domain::paper::DocumentKind;
use store::{Act, Error, NewDocument};

#[test]
fn a_paper_is_found_by_its_number_and_each_reprint_has_a_reason() {
    let desk = Desk::with_visit();
    let act =
        || Act::DocumentRender { permohonan: visit(1), kind: DocumentKind::TandaPengambilan.key().into() };
    let render = || {
        desk.store
            .transact(act(), &by("op-1", 10), |tx| {
                let number = tx.next_document_number(DocumentKind::TandaPengambilan, 2026)?;
                tx.add_document(&NewDocument {
                    permohonan: Some(visit(1)),
                    kind: DocumentKind::TandaPengambilan.key().into(),
                    number: format!("TP-26-{number:05}"),
                    pdf: b"%PDF".to_vec(),
                })
            })
            .unwrap()
            .value
    };
    let id = render();
    render();
    let failed = desk.store.transact(act(), &by("op-1", 11), |tx| {
        tx.next_document_number(DocumentKind::TandaPengambilan, 2026)?;
        Err::<(), _>(Error::Abandoned { reason: "test" })
    });
    assert!(failed.is_err(), "an act that fails");
    desk.store
        .read(|v| {
            assert_eq!(
                v.peek_document_number(DocumentKind::TandaPengambilan, 2026)?,
                3,
                "gives its number back"
            );
            assert_eq!(v.peek_document_number(DocumentKind::TandaPengambilan, 2027)?, 1, "each year from 1");
            assert_eq!(v.peek_document_number(DocumentKind::Suket, 2026)?, 1, "each kind for itself");
            let found = v.documents_by_number(" tp-26-00001 ")?;
            assert_eq!((found.len(), found[0].permohonan), (1, Some(visit(1))), "the visit of a slip");
            assert!(v.documents_by_number("")?.is_empty(), "nothing is nothing");
            Ok(())
        })
        .unwrap();
    let replaced = Act::SettingChange { name: "packet_sequence".into() };
    desk.store.transact(replaced, &by("op-1", 15), |tx| tx.skip_document_numbers(2026, 20_000)).unwrap();
    let next = |kind: DocumentKind, year: i16| {
        let seen = desk.store.read(|v| v.peek_document_number(kind, year)).unwrap();
        let given = desk.store.transact(act(), &by("op-1", 16), |tx| tx.next_document_number(kind, year));
        assert_eq!(given.unwrap().value, seen, "what was looked at is given");
        seen
    };
    assert_eq!(next(DocumentKind::TandaPengambilan, 2026), 20_001, "a lost computer may have given 3");
    assert_eq!(next(DocumentKind::Suket, 2026), 20_001, "and a first one of any kind");
    assert_eq!(next(DocumentKind::Suket, 2026), 20_002, "one after the other");
    assert_eq!(next(DocumentKind::TandaPengambilan, 2027), 1, "but none of the next year");
    let print = |reason: &str| {
        let act = Act::DocumentPrint { permohonan: visit(1), kind: "tanda_pengambilan".into() };
        desk.store
            .transact(act, &by("op-2", 20), |tx| tx.add_document_print(id, "loket", reason))
            .map(|c| c.value)
    };
    assert_eq!(print("").unwrap(), 1, "the first");
    assert!(print(" ").is_err(), "a reprint without a reason");
    assert_eq!(print("lembar hilang").unwrap(), 2, "with one");
    let prints = desk.store.read(|v| v.document_prints(id)).unwrap();
    assert_eq!((prints.len(), prints[1].reason.as_str()), (2, "lembar hilang"), "both are kept");
    let counted = |kind: &str| desk.store.read(|v| v.prints_by_number(kind)).unwrap();
    assert_eq!(counted("tanda_pengambilan"), [("TP-26-00001".to_owned(), 2)], "and counted by number");
    assert!(counted("suket").is_empty(), "of their kind alone");
}

#[test]
fn a_number_with_small_letters_is_found_however_it_is_typed() {
    let desk = Desk::with_visit();
    let act = Act::DocumentRender { permohonan: visit(1), kind: DocumentKind::Suket.key().into() };
    let number = "470/0001/Dukcapil/st-01/2026";
    desk.store
        .transact(act, &by("op-1", 10), |tx| {
            tx.add_document(&NewDocument {
                permohonan: Some(visit(1)),
                kind: DocumentKind::Suket.key().into(),
                number: number.into(),
                pdf: b"%PDF".to_vec(),
            })
        })
        .unwrap();
    for typed in [number.to_owned(), number.to_lowercase(), format!(" {} ", number.to_uppercase())] {
        let found = desk.store.read(|v| v.documents_by_number(&typed)).unwrap();
        assert_eq!(found.len(), 1, "{typed}");
        assert_eq!(found[0].document.number, number, "as it stands on the paper");
    }
    let other = desk.store.read(|v| v.documents_by_number("470/0001/Dukcapil/st-02/2026")).unwrap();
    assert!(other.is_empty(), "and no other paper");
    let sql = "EXPLAIN QUERY PLAN SELECT id FROM document
               WHERE number <> '' AND upper(trim(number)) = upper(trim('x')) ORDER BY id DESC";
    let plan: String = desk.raw().query_row(sql, [], |row| row.get(3)).unwrap();
    assert!(plan.contains("document_number"), "the look-up uses its index: {plan}");
}
