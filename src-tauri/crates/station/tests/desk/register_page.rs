//! A printed page of the Buku Register held against the book: the paper is the witness.

use domain::seal::Kind;
use station::Error;
use station::view::RegisterBreak;

use crate::bench::Bench;
use crate::handing_over::books;
use crate::register_parts::last_code;
use crate::reports::{asked, become_officer, codes, said};
use crate::slips::{another_key, foreign_seal, forged, slip_with};

/// The code of today's page, printed now, with the number and hash of the line that it ends with.
fn printed(bench: &Bench) -> (String, u32, String) {
    let page = bench.station.register(&asked("")).unwrap();
    let paper = bench.station.register_print_day(&page.period.to).unwrap().parts.remove(0).document;
    let code = codes(bench, &paper.document_id).first().cloned().expect("zbarimg reads its code");
    let last = page.rows.first().expect("the day has lines");
    (code, last.number, last.row_hash.clone())
}

fn refused(bench: &Bench, code: &str) -> String {
    bench.station.register_check_page(Some(code)).expect_err("no page of this book").to_view().key
}

#[test]
fn a_page_agrees_with_the_book_as_long_as_its_line_stands_there_and_the_chain_holds() {
    let bench = Bench::before_step_4(|_, _| ());
    let (code, last, _) = printed(&bench);
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    bench.station.open(&kind).unwrap();
    // A scanner is a keyboard, and the keyboard of the desk may have another layout.
    for typed in [code.clone(), format!(" {}\t", code.to_lowercase().replace(':', ";"))] {
        let check = bench.station.register_check_page(Some(&typed)).unwrap();
        assert_eq!(check.row, Some(last), "its last line, also when others came since");
        let verified = check.verified.expect("the chain was looked through");
        assert!(verified.intact && verified.up_to > last, "to its end: {}", verified.up_to);
    }
    bench.training.desk.hold_up(Some(slip_with(&code)));
    let held_up = bench.station.register_check_page(None).unwrap();
    assert_eq!(held_up.row, Some(last), "as the camera reads it");
    another_key(&bench);
    become_officer(&bench, "dewi");
    let later = bench.station.register_check_page(Some(&code)).unwrap();
    assert_eq!(later.row, Some(last), "and after the station's key was renewed");
}

#[test]
fn a_book_that_was_set_back_and_written_anew_is_told_by_the_page_that_was_printed_before() {
    let bench = Bench::before_step_4(|_, _| ());
    let file = bench.dir.path().join("rekam.db");
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    bench.station.lock().unwrap();
    let kept = std::fs::read(&file).unwrap();
    become_officer(&bench, "dewi");
    bench.station.open(&kind).unwrap();
    let (code, last, _) = printed(&bench);
    assert_eq!(bench.station.register_check_page(Some(&code)).unwrap().row, Some(last));

    bench.station.lock().unwrap();
    for beside in ["rekam.db-wal", "rekam.db-shm"] {
        let _ = std::fs::remove_file(bench.dir.path().join(beside));
    }
    std::fs::write(&file, kept).unwrap();
    become_officer(&bench, "dewi");
    for _ in 0..4 {
        bench.station.open(&kind).unwrap();
    }
    // A page bears witness for years, a key holds for one.
    another_key(&bench);
    become_officer(&bench, "dewi");
    assert!(
        bench.station.register_verify().unwrap().expect("looked through").intact,
        "the chain alone holds"
    );
    let check = bench.station.register_check_page(Some(&code)).unwrap();
    assert_eq!(check.row, None, "and the paper tells");
    assert!(check.verified.is_none(), "nothing is called whole beside it");
}

#[test]
fn a_book_whose_chain_is_broken_says_where_and_how_and_no_page_of_it_is_printed() {
    let bench = Bench::before_step_4(|_, _| ());
    let (code, last, _) = printed(&bench);
    let page = bench.station.register(&asked("")).unwrap();
    let line = u64::from(page.rows[1].number);
    books(&bench, |store, _| store.forge_line(line).unwrap());
    become_officer(&bench, "dewi");
    let found = bench.station.register_verify().unwrap().expect("looked through");
    assert!(!found.intact);
    let n = u32::try_from(line).unwrap();
    assert_eq!((found.broken_at, found.kind), (Some(n), Some(RegisterBreak::Edited)));
    assert_eq!(found.up_to, n - 1, "what stands behind it nobody has judged");
    let before = bench.station.register(&asked("")).unwrap().total;
    let refused =
        bench.station.register_print_day(&page.period.to).expect_err("no seal vouches for it").to_view();
    assert_eq!(
        (refused.key.as_str(), refused.args["n"].as_str()),
        ("register_broken", n.to_string().as_str())
    );
    let period = bench.station.register_print_period(&asked("")).expect_err("nor of a period").to_view();
    assert_eq!(period.key, "register_broken");
    assert_eq!(bench.station.register(&asked("")).unwrap().total, before, "no checkpoint was written down");
    let check = bench.station.register_check_page(Some(&code)).unwrap();
    assert_eq!(check.row, Some(last), "the line that the paper names stands there");
    assert_eq!(
        check.verified.and_then(|verified| verified.kind),
        Some(RegisterBreak::Edited),
        "and the chain does not hold"
    );
}

#[test]
fn a_busy_day_has_its_page_and_the_page_is_found_under_all_its_lines() {
    let bench = Bench::before_step_4(|_, _| ());
    let (code, last, _) = printed(&bench);
    let day = bench.station.register(&asked("")).unwrap().period.to;
    books(&bench, |store, ctx| {
        let ctx = || store::Ctx { operator: ctx.operator.clone(), now: ctx.now };
        store.thicken_book((0..2_301).map(|row| (store::Act::CheckpointMake { row }, ctx()))).unwrap();
    });
    become_officer(&bench, "dewi");
    assert_eq!(bench.station.register_check_page(Some(&code)).unwrap().row, Some(last), "2,301 lines below");
    let book = bench.station.register_print_day(&day).unwrap();
    let pieces: Vec<_> = book.parts.iter().map(|part| (part.piece, part.pieces)).collect();
    assert_eq!(pieces, [1, 2].map(|piece| (Some(piece), Some(2))), "one day is always printable");
    assert!(book.parts.iter().all(|part| (part.from.as_str(), part.to.as_str()) == (&day, &day)));
    for (part, words) in
        book.parts.iter().zip(["Potongan 1 dari 2 hari ini, 2000 baris, no.", "Potongan 2 dari 2 hari ini, "])
    {
        let said = said(&bench, &part.document.document_id);
        assert!(said.contains(words), "{said}");
    }
    let code = last_code(&bench, &book.parts[0].document);
    let found = bench.station.register_check_page(Some(&code)).unwrap();
    let rows = bench.station.register(&asked("")).unwrap();
    let line = found.row.expect("a piece of a day is a witness too");
    assert!(line > last && line < rows.rows[0].number - 300, "of the line that it ends with: {line}");
}

#[test]
fn what_is_no_page_of_this_book_is_refused_also_when_it_says_what_the_book_says() {
    let bench = Bench::before_step_4(|_, _| ());
    let (code, last, hash) = printed(&bench);
    let number = bench.station.register_check_page(Some(&code)).unwrap().number;
    let station = number.split('/').nth(1).unwrap();
    let origin = format!("rekam-register/{station}");
    let of = |hash: &str| foreign_seal(Kind::TitikPeriksa, &number, &[&origin, &last.to_string(), hash]);
    for (what, hash) in [("true", hash), ("made up", "0".repeat(64))] {
        let key = refused(&bench, &of(&hash));
        assert_eq!(
            key, "page_unknown_key",
            "under a key that this station never had it is no witness: {what}"
        );
    }

    assert_eq!(refused(&bench, &forged(&code)), "page_forged");
    assert_eq!(refused(&bench, &code[..code.len() - 8]), "page_damaged");
    assert_eq!(refused(&bench, "https://contoh.invalid/menu"), "page_other");
    let slip = foreign_seal(Kind::TandaPengambilan, "TP-26-00001", &["CONTOH", "1813079002"]);
    assert_eq!(refused(&bench, &slip), "page_other", "a paper of another kind");
    let elsewhere = foreign_seal(Kind::TitikPeriksa, "BR/LAIN-01/2026-11-28", &["x", "1", "y"]);
    assert_eq!(refused(&bench, &elsewhere), "page_foreign");
    let none = bench.station.register_check_page(None).expect_err("a face is no code").to_view().key;
    assert_eq!(none, "page_none");
    bench.station.lock().unwrap();
    let out = bench.station.register_check_page(Some(&code));
    assert!(matches!(out, Err(Error::Locked)), "only at an open desk: {out:?}");
}
