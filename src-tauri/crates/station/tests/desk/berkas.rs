//! Pages of a paper: photographed one by one, and bounded; and the cover that lists them.

use devices::Role;
use station::view::{BerkasPaper, PaperState, Priority, Requirements, Step, VisitState};

use crate::after_sealing::said;
use crate::bench::{Bench, other_grown_up};
use crate::card_data::meanwhile;
use crate::identity::comes_for;
use crate::sealed::{recorded, sealed};

#[test]
fn a_paper_takes_twenty_pages_and_then_says_so() {
    let bench = sealed();
    bench.until_present(Role::Camera);
    let (station, id) = (&bench.station, bench.id.as_str());
    let item = station.print_request(id).unwrap().papers[0].item.clone();
    let pages = |seen: station::view::PrintRequest| {
        seen.papers.into_iter().find(|paper| paper.item == item).map_or(0, |paper| paper.pages.len())
    };
    let had = pages(station.print_request(id).unwrap());
    for _ in had..20 {
        station.photograph_berkas(id, &item).unwrap();
    }
    let refused = station.photograph_berkas(id, &item).unwrap_err().to_view();
    assert_eq!(refused.key, "too_many_pages", "in words");
    assert_eq!(refused.args.get("limit").map(String::as_str), Some("20"), "with the limit");
    assert_eq!(pages(station.print_request(id).unwrap()), 20, "what was taken stays");
}

/// What the cover says of each paper, in its order.
fn listed(bench: &Bench) -> (String, Vec<BerkasPaper>, Vec<String>) {
    let request = bench.station.render_cover(&bench.id).unwrap();
    let text = said(bench, &request.cover.expect("the cover is kept").document_id);
    let body = text.split_once("Isi berkas").expect("what lies in the folder").1;
    let body = body.split_once("Petugas,").expect("who answers for it").0.to_owned();
    let after = |number: usize| {
        let mark = format!("{number}. ");
        body.lines().position(|line| line.trim_start().starts_with(&mark))
    };
    let lines: Vec<&str> = body.lines().collect();
    let mut items = Vec::new();
    while let Some(from) = after(items.len() + 1) {
        let to = after(items.len() + 2).unwrap_or(lines.len());
        items.push(lines[from..to].join(" "));
    }
    (text, request.papers, items)
}

/// Each paper of the visit stands on the cover once, with what is there of it.
fn lists_all(papers: &[BerkasPaper], items: &[String]) {
    assert_eq!(items.len(), papers.len(), "no paper more and none less: {items:?}");
    for (paper, item) in papers.iter().zip(items) {
        let state = match (paper.state, paper.pages.len()) {
            (PaperState::Missing, _) => "belum ada".to_owned(),
            (_, 0) => "dilihat".to_owned(),
            (_, pages) => format!("dipindai {pages} lembar"),
        };
        assert!(item.contains(&state), "{}: {state} in {item}", paper.label);
        for word in paper.label.split_whitespace() {
            assert!(item.contains(word), "{}: {item}", paper.label);
        }
    }
}

#[test]
fn the_cover_lists_the_papers_of_this_visit_with_their_pages_and_no_others() {
    let mut bench = sealed();
    bench.until_present(Role::Camera);
    let first = bench.station.print_request(&bench.id).unwrap().papers;
    assert!(first.len() >= 2, "the form and the family card");
    for (item, pages) in [(&first[0].item, 3), (&first[1].item, 1)] {
        for _ in 0..pages {
            bench.station.photograph_berkas(&bench.id, item).unwrap();
        }
    }
    let (text, papers, items) = listed(&bench);
    let pages: Vec<usize> = papers.iter().map(|paper| paper.pages.len()).collect();
    assert_eq!(pages[..2], [3, 1], "three sheets and one");
    lists_all(&papers, &items);
    assert!(text.contains(bench.nik.get(..6).unwrap()) && !text.contains(&bench.nik), "the NIK is masked");

    comes_for(&mut bench, "hilang");
    bench.station.identity_witness(&bench.id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    bench.station.finish_verification(&bench.id).unwrap();
    let (_, lost, items) = listed(&bench);
    lists_all(&lost, &items);
    let labels = |papers: &[BerkasPaper]| papers.iter().map(|paper| paper.label.clone()).collect::<Vec<_>>();
    assert_ne!(labels(&lost), labels(&papers), "a lost card brings other papers");
    assert!(
        items.iter().all(|item| !item.contains("dipindai")),
        "and nothing of the visit before: {items:?}"
    );
}

#[test]
fn a_cover_stands_only_while_it_says_what_lies_in_the_folder() {
    let bench = sealed();
    bench.until_present(Role::Camera);
    let (station, id) = (&bench.station, bench.id.as_str());
    let item = station.print_request(id).unwrap().papers[0].item.clone();
    let name = |seen: station::view::PrintRequest| seen.cover.map(|cover| cover.document_id);
    let first = name(station.render_cover(id).unwrap()).expect("the cover is kept");
    assert_eq!(name(station.print_request(id).unwrap()), Some(first.clone()), "nothing changed");
    let seen = station.photograph_berkas(id, &item).unwrap();
    assert_eq!(name(seen), None, "a page more lies in the folder");
    let second = name(station.render_cover(id).unwrap()).expect("another one");
    assert_ne!(second, first);
    assert!(said(&bench, &second).contains("dipindai"), "with the page");
    let urgent = station.set_priority(id, Priority::Urgent, "elderly").unwrap();
    assert_eq!(name(urgent), None, "it does not say that this card goes first");
    let third = name(station.render_cover(id).unwrap()).expect("one more");
    assert!(said(&bench, &third).contains("Lansia"), "this one does");
    assert_eq!(name(station.print_request(id).unwrap()), Some(third), "and stands");
}

/// The clock ran a day ahead when the wrong page was taken back, and was put right before the right one was taken.
#[test]
fn a_page_that_is_taken_after_the_clock_was_put_right_counts() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let nik = other_grown_up(&bench.nik).nik;
    let ahead = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(ahead)));
    let id = bench.station.open(&bench.station.kinds().unwrap()[0].kind).unwrap().id;
    bench.station.save_field(&id, "nik", &nik).unwrap();
    bench.station.prefill(&id, &nik).unwrap();
    bench.station.submit_form(&id).unwrap();
    let item = bench.station.requirements(&id).unwrap().items[0].id.clone();
    bench.station.photograph_requirement(&id, &item).unwrap();
    bench.station.set_requirement(&id, &item, false).unwrap();
    bench.restart();
    let seen = bench.station.photograph_requirement(&id, &item).unwrap();
    let paper = seen.items.into_iter().find(|paper| paper.id == item).unwrap();
    assert_eq!((paper.state, paper.pages.len()), (PaperState::Attached, 1), "the page that was taken now");
}

/// The neighbour's family card, photographed by mistake: the packet is made of what is shown here.
#[test]
fn pages_of_a_paper_that_was_taken_back_count_no_more_and_later_ones_do() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.until_present(Role::Camera);
    let (station, nik) = (&bench.station, other_grown_up(&bench.nik).nik);
    let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    station.save_field(&id, "nik", &nik).unwrap();
    station.prefill(&id, &nik).unwrap();
    station.submit_form(&id).unwrap();
    let item = station.requirements(&id).unwrap().items[0].id.clone();
    let shown = |seen: Requirements| {
        let paper = seen.items.into_iter().find(|paper| paper.id == item).unwrap();
        (paper.state, paper.pages.len())
    };
    station.photograph_requirement(&id, &item).unwrap();
    assert_eq!(shown(station.photograph_requirement(&id, &item).unwrap()), (PaperState::Attached, 2));
    let back = station.set_requirement(&id, &item, false).unwrap();
    assert_eq!(shown(back), (PaperState::Missing, 0), "taken back");
    let seen = station.set_requirement(&id, &item, true).unwrap();
    assert_eq!(shown(seen), (PaperState::Seen, 0), "seen, and nothing is attached to it");
    assert_eq!(
        shown(station.photograph_requirement(&id, &item).unwrap()),
        (PaperState::Attached, 1),
        "the right one"
    );
}

#[test]
fn who_moves_in_from_abroad_shows_other_papers_and_gets_back_those_of_the_other_list() {
    let bench = sealed();
    bench.until_present(Role::Camera);
    let station = &bench.station;
    let id = station.open("pindah_datang_wni").unwrap().id;
    station.save_field(&id, "nik", &bench.nik).unwrap();
    station.prefill(&id, &bench.nik).unwrap();
    station.submit_form(&id).unwrap();
    let asked =
        |seen: &Requirements| -> Vec<String> { seen.items.iter().map(|item| item.id.clone()).collect() };
    let seen = station.requirements(&id).unwrap();
    assert_eq!(seen.from_abroad, Some(false), "from within the country, until it is said");
    assert!(asked(&seen).contains(&"surat_pindah".to_owned()), "{:?}", asked(&seen));
    station.set_requirement(&id, "kartu_keluarga", true).unwrap();
    station.photograph_requirement(&id, "surat_pindah").unwrap();
    let seen = station.set_from_abroad(&id, true).unwrap();
    assert_eq!(seen.from_abroad, Some(true));
    let list = asked(&seen);
    for paper in ["dokumen_perjalanan", "skp_perwakilan", "surat_pindah_luar_negeri", "kartu_keluarga"] {
        assert!(list.iter().any(|id| id == paper), "{paper}: {list:?}");
    }
    assert!(!list.contains(&"surat_pindah".to_owned()), "not that of within the country: {list:?}");
    let state = |seen: &Requirements, id: &str| seen.items.iter().find(|item| item.id == id).unwrap().state;
    assert_eq!(state(&seen, "kartu_keluarga"), PaperState::Seen, "what both lists ask for stays");
    assert!(station.accept_requirements(&id).is_err(), "the others are missing");
    let back = station.set_from_abroad(&id, false).unwrap();
    assert_eq!(
        state(&back, "surat_pindah"),
        PaperState::Missing,
        "it was handed back, and its page does not count"
    );
    station.set_from_abroad(&id, true).unwrap();
    for paper in ["formulir_permohonan", "dokumen_perjalanan", "surat_pindah_luar_negeri"] {
        station.set_requirement(&id, paper, true).unwrap();
    }
    assert_eq!(
        station.accept_requirements(&id).unwrap().step,
        Step::Verification,
        "one of both from abroad will do"
    );
    let other = station.open("hilang").unwrap().id;
    let Err(refused) = station.set_from_abroad(&other, true) else { panic!("asked of a lost card") };
    assert!(matches!(refused, station::Error::Invalid { what: "kind" }), "{refused:?}");
}

const KK: &str = "kartu_keluarga";

/// The visit of the bench stands at step 3 again, with so many photographed pages of the family card.
fn photographed(bench: &Bench, pages: usize) {
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.until_present(Role::Camera);
    assert_eq!(station.go_back(id, Step::Requirements).unwrap().step, Step::Requirements);
    for _ in 0..pages {
        station.photograph_requirement(id, KK).unwrap();
    }
    assert_eq!(station.accept_requirements(id).unwrap().step, Step::Verification);
}

#[test]
fn a_paper_that_was_ticked_and_photographed_twice_is_one_line_at_step_3_and_on_the_slip() {
    let bench = Bench::before_step_4(|_, _| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    photographed(&bench, 2);
    let papers = station.verification(id).unwrap().papers;
    let mut labels: Vec<&str> = papers.iter().map(|paper| paper.label.as_str()).collect();
    labels.dedup();
    assert_eq!(labels.len(), papers.len(), "{labels:?}");
    let states: Vec<PaperState> = papers.iter().map(|paper| paper.state).collect();
    assert_eq!(
        states,
        [PaperState::Seen, PaperState::Attached],
        "the form, and the family card with its pages"
    );
    let back = station.return_to_applicant(id, &["data_beda".to_owned()], "").unwrap();
    let slip = back.returned.unwrap().document_id.expect("with its slip");
    let text = said(&bench, &slip);
    assert_eq!(text.matches(labels[1]).count(), 1, "{}: {text}", labels[1]);
}

#[test]
fn a_paper_that_a_visit_was_returned_for_is_taken_anew_and_its_old_page_is_not_in_the_packet() {
    let bench = Bench::before_step_4(|_, _| ());
    for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
        bench.until_present(role);
    }
    let (station, id) = (&bench.station, bench.id.as_str());
    photographed(&bench, 1);
    let label = station.verification(id).unwrap().papers[1].label.clone();
    let back = station.return_to_applicant(id, &[KK.to_owned()], "").unwrap();
    assert_eq!(back.state, VisitState::Returned);
    let text = said(&bench, &back.returned.unwrap().document_id.expect("with its slip"));
    let kept = text.split_once("Yang sudah aman").expect("what is kept").1;
    assert!(!kept.contains(&label), "what it is returned for is not among what is kept: {text}");
    assert_eq!(station.resume(id).unwrap().step, Step::Requirements, "where papers are looked at");
    let kk = |seen: &Requirements| {
        let paper = seen.items.iter().find(|paper| paper.id == KK).unwrap();
        (paper.state, paper.pages.len())
    };
    assert_eq!(kk(&station.requirements(id).unwrap()), (PaperState::Missing, 0));
    assert!(station.accept_requirements(id).is_err(), "nothing goes on without it");
    assert_eq!(kk(&station.photograph_requirement(id, KK).unwrap()), (PaperState::Attached, 1));
    station.accept_requirements(id).unwrap();
    bench.verify();
    let bench = recorded(bench);
    crate::face::open(&bench, "dok");
    let [old, new] = [1, 2].map(|page| crate::face::file_of(&bench, &format!("kartu-keluarga-{page}.jpg")));
    assert!(old.is_empty(), "the page of then is not sealed");
    assert_eq!(new[..2], [0xFF, 0xD8], "the new one is");
}

/// A JPEG of five million bytes, as a large camera gives, that still reads in a moment: the rest of it is a comment.
fn large(jpeg: &[u8]) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    let comment = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &[b'x'; 65_533]].concat();
    [start, &comment.repeat(77), rest].concat()
}

#[test]
fn pages_of_a_large_camera_that_were_kept_whole_are_made_small_when_they_are_sealed() {
    let mut bench = Bench::before_step_4(|_, _| ());
    for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
        bench.until_present(role);
    }
    photographed(&bench, 1);
    let seen = bench.station.requirements(&bench.id).unwrap();
    let kk = seen.items.iter().find(|paper| paper.id == KK).unwrap();
    let page = large(&bench.station.image(&kk.pages[0].capture_id).unwrap());
    assert!(page.len() > 5_000_000, "{} bytes", page.len());
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    meanwhile(&mut bench, |store, ctx| {
        for _ in 0..11 {
            let act = store::Act::BerkasPage { permohonan: id, code: KK.to_owned() };
            store.transact(act, ctx, |tx| tx.add_halaman(id, KK, "image/jpeg", &page)).unwrap();
        }
    });
    // Nobody photographs more of what an older version kept, and what is there is not lost.
    let station = &bench.station;
    station.go_back(&bench.id, Step::Requirements).unwrap();
    let refused = station.photograph_requirement(&bench.id, KK).unwrap_err().to_view();
    assert_eq!(refused.key, "papers_full", "in words");
    station.accept_requirements(&bench.id).unwrap();
    bench.verify();
    let bench = recorded(bench);
    crate::face::open(&bench, "dok");
    for page in 2..=12 {
        let sealed = crate::face::file_of(&bench, &format!("kartu-keluarga-{page}.jpg"));
        assert_eq!(sealed[..2], [0xFF, 0xD8], "page {page}");
        assert!(sealed.len() <= 1 << 20, "page {page}: {} bytes", sealed.len());
    }
}
