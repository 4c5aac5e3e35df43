//! What a code seals is what its paper says: for every kind the words as poppler reads them, typed off as a reader types them.

use std::process::Command;

use domain::seal::{Checksum, Kind, Seal};
use packet::seal::Verdict;
use station::view::{ReportPeriod, StockItem};

use crate::bench::{Bench, on_one_day, other_grown_up, today};
use crate::handing_over::old_card::with_old_card;
use crate::mirror::centre_says;
use crate::printing::{FIRST, print_on, ready, sits};
use crate::reports::{certificate, codes};
use crate::sealed::sealed;
use crate::stock::witnesses;

/// The words in the order in which they were set, a line each.
fn lines(bench: &Bench, document: &str) -> Vec<String> {
    let pdf = bench.dir.path().join("kertas-kode.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = Command::new("pdftotext").args(["-raw", "-nopgbrk"]).arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).unwrap().replace('\u{200b}', "");
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The printed words of one paper.
struct Read(Vec<String>);

impl Read {
    /// What stands behind the first `label :`.
    fn field(&self, label: &str) -> String {
        let found = self.0.iter().find_map(|line| line.strip_prefix(label)?.trim_start().strip_prefix(':'));
        found.unwrap_or_else(|| panic!("{label} stands on it: {:#?}", self.0)).trim().to_owned()
    }

    /// The words between two others, which may be broken over lines.
    fn between(&self, from: &str, to: &str) -> String {
        let all = self.0.join(" ");
        let rest = all.split_once(from).unwrap_or_else(|| panic!("{from} stands on it: {all}")).1;
        rest.split_once(to).unwrap_or_else(|| panic!("{to} stands behind {from}: {all}")).0.trim().to_owned()
    }

    /// The number that stands before these words.
    fn count(&self, words: &str) -> String {
        let all = self.0.join(" ");
        let before = all.split_once(words).unwrap_or_else(|| panic!("{words} stands on it: {all}")).0;
        before.split_whitespace().next_back().unwrap().to_owned()
    }

    /// The line under the paper's own number.
    fn under_the_number(&self, seal: &Seal) -> String {
        let at = self.0.iter().position(|line| *line == format!("Nomor {}", seal.number));
        self.0[at.unwrap_or_else(|| panic!("its number: {:#?}", self.0)) + 1].clone()
    }

    /// The figures of the row of the blangko: opening, received, used, spoiled, given, left.
    fn blangko(&self) -> Vec<String> {
        let row = self.0.iter().find_map(|line| line.strip_prefix("Blangko WNI ")).expect("its row");
        row.split_whitespace().take(6).map(str::to_owned).collect()
    }

    /// The pieces in the section that begins with these words, in their order: numbers, and of a card the figures of its NIK that
    /// are shown.
    fn pieces(&self, from: &str, to: &str) -> Vec<String> {
        let is_number = |word: &str| word.len() == 12 && word.matches('-').count() == 2;
        let piece = |word: &str| match word {
            number if is_number(number) => Some(number.to_owned()),
            nik if nik.contains('•') => Some(nik.chars().filter(char::is_ascii_digit).collect()),
            _ => None,
        };
        self.between(from, to).split_whitespace().filter_map(piece).collect()
    }
}

/// The fields of a code as a reader types them off its paper, in the order of the labels.
fn typed(seal: &Seal, paper: &Read) -> Vec<String> {
    match seal.kind {
        Kind::TandaPengambilan | Kind::SlipPengembalian | Kind::BerkasPermohonan | Kind::SlipStatus => {
            vec![paper.field("Nama"), paper.field("NIK")]
        }
        Kind::SuratKeterangan => {
            vec![paper.field("Nama"), paper.field("NIK"), paper.field("Tempat, tanggal lahir")]
        }
        Kind::FormulirPerekaman => {
            let packet = paper.between("Paket ", "Sidik berkas").replace(' ', "");
            vec![paper.field("Nama lengkap"), paper.field("NIK"), packet]
        }
        Kind::TitikPeriksa => {
            // The lines of the day stand above it.
            let at = paper.0.iter().position(|line| line == "Titik periksa rantai").expect("its place");
            let foot = Read(paper.0[at..].to_vec());
            let hash = foot.between("Sidik ", "Halaman hari ini").replace(' ', "");
            vec![foot.between("Asal ", ","), foot.between(", sampai no. ", " "), hash]
        }
        Kind::BeritaAcara => {
            let pieces = paper.pieces("No. Seri atau NIK", "Buku blangko");
            vec![paper.between("telah memusnahkan ", " ("), pieces.join(" ")]
        }
        Kind::LaporanHarian => {
            let spoiled = paper.pieces("Blangko rusak", "Kartu belum diambil").len().to_string();
            let [recorded, printed, handed] = done(paper);
            vec![recorded, printed, handed, spoiled, paper.blangko()[5].clone()]
        }
        Kind::Laporan => {
            let [recorded, printed, handed] = done(paper);
            vec![paper.under_the_number(seal), recorded, printed, handed]
        }
        Kind::LaporanStok => {
            let row = paper.blangko();
            vec![paper.under_the_number(seal), row[2].clone(), row[3].clone(), row[5].clone()]
        }
    }
}

/// Recorded, printed, handed over, as the finding of a report says it.
fn done(paper: &Read) -> [String; 3] {
    [" orang terekam", " kartu dicetak", " kartu diserahkan"].map(|words| paper.count(words))
}

/// The same with another last letter or figure.
fn changed(value: &str) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    let last = letters.last_mut().expect("no field is empty");
    *last = if *last == '7' { '8' } else { '7' };
    letters.into_iter().collect()
}

/// Whether the typed fields are those that were sealed, as `verify-qr --field` judges it.
fn match_those_sealed(seal: &Seal, values: &[String]) -> bool {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    Checksum::of(seal.kind, &values) == Ok(seal.checksum)
}

/// One paper of every kind, by the kind that its code is to name.
fn papers() -> (Bench, Vec<(Kind, String)>) {
    let mut bench = sealed();
    let id = bench.id.clone();
    let mut all = Vec::new();
    let station = &bench.station;
    all.push((Kind::FormulirPerekaman, station.attestation(&id).unwrap().form.unwrap().document_id));
    all.push((Kind::BerkasPermohonan, station.render_cover(&id).unwrap().cover.unwrap().document_id));
    station.submit_print_request(&id).unwrap();
    let told = station.tell_applicant(&id, "not_arrived").unwrap();
    all.push((Kind::SlipStatus, told.told_slip.unwrap().document_id));
    station.resume(&id).unwrap();
    let letter = station.issue_suket(&id, "not_arrived").unwrap();
    all.push((Kind::SuratKeterangan, letter.suket.unwrap().document_id));
    station.resume(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let given = bench.station.give_pickup_slip(&id).unwrap();
    all.push((Kind::TandaPengambilan, given.slip.unwrap().document_id));

    let mut bench = ready(bench);
    print_on(&bench, FIRST);
    with_old_card(&bench);
    sits(&bench, "rizal");
    bench.station.withdraw_old_card(&id, "cracked", "Kotak 14").unwrap();
    bench.until_present(devices::Role::Camera);
    let station = &bench.station;
    for serial in ["0718224920", "0718224922"] {
        station.spoil_stock(serial, "factory", "hendra", training::PASSWORD).unwrap();
        station.photograph_stock(serial).unwrap();
    }
    station.receive_stock(StockItem::Blangko, 5, "0718-225-001", "BAST 2/2026").unwrap();
    let day = today().to_string();
    all.push((Kind::LaporanStok, station.stock_report(&day).unwrap().document_id));
    sits(&bench, "hendra");
    let station = &bench.station;
    let pieces: Vec<String> =
        station.blangko().unwrap().to_destroy.into_iter().map(|piece| piece.id).collect();
    let acts = station.make_berita_acara(&pieces, "Dibakar", &witnesses()).unwrap().acts;
    all.push((Kind::BeritaAcara, acts[0].document.document_id.clone()));
    for (kind, period) in [(Kind::LaporanHarian, ReportPeriod::Day), (Kind::Laporan, ReportPeriod::Month)] {
        all.push((kind, station.report_print(period, &day).unwrap().document_id));
    }
    sits(&bench, "dewi");
    let page = bench.station.register_print_day(&day).unwrap().parts.remove(0).document;
    all.push((Kind::TitikPeriksa, page.document_id));

    bench.nik = other_grown_up(&bench.nik).nik;
    bench.form();
    let back = bench.station.return_to_applicant(&bench.id, &["data_beda".into()], "").unwrap();
    all.push((Kind::SlipPengembalian, back.returned.unwrap().document_id.unwrap()));
    (bench, all)
}

#[test]
fn the_words_typed_off_every_sealed_paper_are_those_that_were_sealed_and_one_changed_word_is_not() {
    on_one_day(|| {
        let (bench, papers) = papers();
        for kind in Kind::ALL {
            assert!(papers.iter().any(|(of, _)| *of == kind), "one paper of each kind: {kind:?}");
        }
        let certificate = certificate(&bench);
        let mut differ = Vec::new();
        for (kind, document) in &papers {
            let found = codes(&bench, document);
            let verdict = packet::seal::verify(found.first().expect("its code"), &certificate).unwrap();
            let Verdict::Training(seal) = verdict else { panic!("{kind:?}, signed here: {verdict:?}") };
            assert_eq!(seal.kind, *kind);
            let paper = Read(lines(&bench, document));
            let values = typed(&seal, &paper);
            assert_eq!(values.len(), kind.labels().len(), "{kind:?}: {values:?}");
            if !match_those_sealed(&seal, &values) {
                differ.push(format!("{kind:?}: {values:?} of {:#?}", paper.0));
            }
            for (at, label) in kind.labels().iter().enumerate() {
                let mut other = values.clone();
                other[at] = changed(&other[at]);
                assert!(!match_those_sealed(&seal, &other), "{kind:?}: another {label} is noticed");
            }
        }
        assert!(differ.is_empty(), "printed otherwise than sealed: {}", differ.join("\n"));
    });
}
