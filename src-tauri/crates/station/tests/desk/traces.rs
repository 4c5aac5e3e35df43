//! Whoever reads a picture or a paper of a visit leaves a line in the register.

use domain::ids::PermohonanId;

use crate::bench::Bench;
use crate::handing_over::books;
use crate::sealed::sealed;

/// Lines that say that `rizal`, who prints, opened the visit; he is signed in afterwards.
pub fn looks(bench: &Bench) -> usize {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let lines = books(bench, |store, _| store.read(|look| look.register_of(visit)).unwrap());
    let entries = lines.into_iter().map(|row| row.line.entry);
    entries.filter(|entry| entry.kind.key() == "resident_read" && entry.operator.as_str() == "rizal").count()
}

#[test]
fn each_kind_of_picture_and_paper_leaves_the_line_of_who_read_it() {
    let bench = sealed();
    let station = &bench.station;
    let seen = bench.seen();
    let attested = station.attestation(&bench.id).unwrap();
    let cover = station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let form = attested.form.unwrap().document_id;
    let pictures = [
        ("portrait", attested.portrait_id.unwrap()),
        ("finger", seen.fingers[0].capture_id.clone().unwrap()),
        ("iris", seen.eyes[0].capture_id.clone().unwrap()),
        ("signature", attested.signature.capture_id.unwrap()),
        ("rematch", format!("rematch:{}:0", bench.id)),
    ];
    let mut before = looks(&bench);
    let mut left = |what: &str, read: &dyn Fn()| {
        read();
        // The same session, the same line.
        read();
        let now = looks(&bench);
        assert_eq!(now, before + 1, "{what}");
        before = now;
    };
    for (what, id) in &pictures {
        left(what, &|| assert!(!station.image(id).unwrap().is_empty(), "{what}"));
    }
    left("PDF", &|| assert!(!station.document_pdf(&form).unwrap().is_empty()));
    left("page", &|| assert!(!station.document_page(&cover, 1, 60).unwrap().is_empty()));
}

#[test]
fn a_picture_of_no_visit_is_not_found_and_leaves_no_line() {
    let bench = sealed();
    let before = looks(&bench);
    let nobody = "01939a2e-7c00-7000-8000-0123456789ab";
    for id in ["s:999999:portrait".to_owned(), "berkas:999999:1".to_owned(), format!("signature:{nobody}:0")]
    {
        let key = bench.station.image(&id).expect_err("there is none").to_view().key;
        assert_eq!(key, "not_found", "{id}");
    }
    assert_eq!(looks(&bench), before, "nobody was looked at");
}
