//! Register and reports at the desk: what is found, corrected, printed, saved; seals and reprints of papers.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx};
use domain::ids::OperatorId;
use domain::permohonan::Refusal;
use domain::seal::{Checksum, Kind, decode};
use packet::pki::Certificate;
use packet::seal::Verdict;
use station::Error;
use station::view::{
    DeviceState, Period, PrintState, RegisterFilter, RegisterPage, ReportPeriod, TableFormat,
};
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

use crate::bench::{Bench, on_one_day};
use crate::paper_printer::PaperPrinter;
use crate::sealed::sealed;

pub fn become_officer(bench: &Bench, who: &str) {
    bench.station.lock().unwrap();
    bench.station.sign_in(who, training::PASSWORD).unwrap();
}

pub fn asked(text: &str) -> RegisterFilter {
    RegisterFilter { period: Period::Today, from: None, to: None, text: text.into(), before: None }
}

fn numbers(page: &RegisterPage) -> Vec<u32> {
    page.rows.iter().map(|row| row.number).collect()
}

/// Up to fifty lines from a place of `page`, as the window asks for them.
fn at_place(bench: &Bench, page: &RegisterPage, text: &str, place: u32) -> Vec<u32> {
    let mark = page.marks.iter().rfind(|mark| mark.place <= place).expect("a mark at place 0");
    let filter = RegisterFilter { before: Some(mark.before), ..asked(text) };
    let lines = 50.min(page.total - place);
    let found = bench.station.register_lines(&filter, place - mark.place, lines).unwrap();
    found.iter().map(|row| row.number).collect()
}

fn key<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    answer.expect_err("refused").to_view().key
}

/// The words of a PDF, as poppler reads them.
pub fn words_of(pdf: &Path) -> String {
    let read = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap()
}

pub fn said(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("kertas.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    words_of(&pdf)
}

/// The codes of a kept paper, as zbarimg reads poppler's picture.
pub fn codes(bench: &Bench, document: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let pdf = dir.path().join("kertas.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let drawn =
        Command::new("pdftoppm").args(["-r", "200", "-png"]).arg(&pdf).arg(dir.path().join("p")).status();
    assert!(drawn.unwrap().success(), "poppler draws it");
    let mut pages: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "png"))
        .collect();
    pages.sort();
    let mut found = Vec::new();
    for page in pages {
        let read = Command::new("zbarimg")
            .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
            .arg(page)
            .output()
            .unwrap();
        let text = String::from_utf8(read.stdout).unwrap();
        found.extend(text.lines().filter(|line| !line.is_empty()).map(str::to_owned));
    }
    found
}

/// Looks into the database while the station is locked.
fn behind<T>(bench: &Bench, look: impl FnOnce(&Store) -> T) -> T {
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = OperatorId::parse("dewi").unwrap();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let found = look(&store);
    drop(store);
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    found
}

/// The station's own certificate, which its papers are checked against.
pub fn certificate(bench: &Bench) -> Certificate {
    let json = behind(bench, |store| store.read(|view| view.setting("credentials")).unwrap().unwrap());
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    Certificate::from_pem(value["station"]["certificate"].as_str().unwrap().as_bytes()).unwrap()
}

#[test]
fn a_line_is_found_by_what_is_known_of_it_and_corrected_by_a_line_of_its_own() {
    let bench = Bench::before_step_4(|_, _| ());
    let all = bench.station.register(&asked("")).unwrap();
    assert!(!all.can_correct, "an operator does not correct");
    let of_visit: Vec<_> = all.rows.iter().filter(|row| row.permohonan_id.is_some()).collect();
    let line = of_visit.first().expect("the visit left lines");
    for text in [bench.nik.as_str(), &bench.nik[6..], line.name.as_str(), line.ticket.as_str()] {
        let found = bench.station.register(&asked(text)).unwrap();
        assert_eq!(found.rows.len(), of_visit.len(), "by {}", text.len());
        assert!(found.rows.iter().all(|row| row.masked_nik == line.masked_nik), "only this person");
    }
    assert_eq!(numbers(&bench.station.register(&asked(&line.number.to_string())).unwrap()), [line.number]);
    let refused = bench.station.register_correct(line.number, "Alamat kurang lengkap.");
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "only the supervisor: {refused:?}");

    become_officer(&bench, "hendra");
    let bare = bench.station.register_correct(line.number, "  ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "not without words: {bare:?}");
    let none = bench.station.register_correct(9_999, "Apa pun.");
    assert!(matches!(none, Err(Error::NotFound { .. })), "no such line: {none:?}");
    let long = bench.station.register_correct(line.number, &"x".repeat(301));
    assert!(matches!(long, Err(Error::Invalid { .. })), "one line of a page: {long:?}");
    let after = bench.station.register_correct(line.number, " Alamat kurang lengkap. ").unwrap();
    let written = &after.rows[0];
    assert_eq!(written.correction_of, Some(line.number), "the new line names the old");
    assert_eq!(
        (written.text.as_str(), written.name.as_str()),
        ("Alamat kurang lengkap.", line.name.as_str())
    );
    let old = after.rows.iter().find(|row| row.number == line.number).expect("the old line");
    assert_eq!(&old, line, "stays letter by letter, its hash too");
    let news = bench.station.news();
    bench.station.register_verify_stop().unwrap();
    let checked = bench.station.register_verify().unwrap().expect("a stop of before is none of this check");
    assert!(checked.intact, "and the chain holds");
    let told: Vec<u32> = news
        .try_iter()
        .filter_map(
            |news| if let station::News::RegisterChecked(percent) = news { Some(percent) } else { None },
        )
        .collect();
    assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "further each time: {told:?}");
    assert_eq!(told.last(), Some(&100), "to the end");
    let found = bench.station.register(&asked("kurang lengkap")).unwrap();
    assert_eq!(numbers(&found), [written.number], "the correction is found by its words");
}

#[test]
fn pages_follow_each_other_without_a_gap_and_a_period_has_its_days() {
    on_one_day(|| {
        let mut bench = Bench::before_step_4(|_, _| ());
        let kind = bench.station.kinds().unwrap()[0].kind.clone();
        for _ in 0..205 {
            bench.station.open(&kind).unwrap();
        }
        let first = bench.station.register(&asked("")).unwrap();
        assert_eq!(first.rows.len(), 200, "a page");
        assert!(first.total > 200 && first.gap.is_none(), "counted to the end: {}", first.total);
        let seen: Vec<u32> =
            (0..first.total).step_by(50).flat_map(|place| at_place(&bench, &first, "", place)).collect();
        assert_eq!(seen[..200], numbers(&first), "the first page is the top of the list");
        assert_eq!(seen.len(), first.total as usize, "each line once");
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
        assert_eq!((first.day.to, first.day.from), (seen[0], *seen.last().unwrap()), "the page of the day");
        let newest = &first.rows[0];
        assert_eq!(
            first.day.checkpoint,
            format!("{}:{}", newest.number, newest.row_hash),
            "ends with its last line"
        );

        let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(72);
        bench.restart_by(Arc::new(station::clock::HeldClock::at(later)));
        bench.station.open(&kind).unwrap();
        let day = bench.station.register(&asked("")).unwrap();
        assert!(day.total > 0 && day.total < 10, "three days later the day is young: {}", day.total);
        let week = bench.station.register(&RegisterFilter { period: Period::Week, ..asked("") }).unwrap();
        assert!(week.total > first.total, "the week holds both");
        let range = |from: &str, to: &str| RegisterFilter {
            period: Period::Range,
            from: Some(from.into()),
            to: Some(to.into()),
            ..asked("")
        };
        let only = bench.station.register(&range(&week.period.to, &week.period.to)).unwrap();
        assert_eq!(only.total, day.total, "one day of a range is that day");
        let turned = bench.station.register(&range("2026-12-02", "2026-12-01"));
        assert!(matches!(turned, Err(Error::Invalid { .. })), "not backwards: {turned:?}");

        let printed =
            bench.station.register_print_period(&RegisterFilter { period: Period::Week, ..asked("") });
        let printed = printed.unwrap();
        let text = said(&bench, &printed.parts[0].document.document_id);
        assert_eq!((printed.parts.len(), printed.count, printed.days), (1, 1, 2), "one part is whole");
        assert_eq!(
            text.matches("Titik periksa rantai").count(),
            2,
            "each day ends with its checkpoint: {text}"
        );
        let empty = bench.station.register_print_day("2020-02-03");
        assert_eq!(key(empty), "register_nothing", "a day without a line has no page");
    });
}

#[test]
fn a_place_in_the_register_is_read_by_itself_and_holds_while_new_lines_arrive() {
    let bench = Bench::before_step_4(|_, _| ());
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    for _ in 0..120 {
        bench.station.open(&kind).unwrap();
    }
    become_officer(&bench, "hendra");
    let before = bench.station.register(&asked("")).unwrap();
    let oldest = at_place(&bench, &before, "", before.total - 1);
    assert_eq!(oldest, [before.day.from], "the last place is the oldest line, alone");
    let middle = at_place(&bench, &before, "", 60);
    let after = bench.station.register_correct(middle[3], "Salah tulis.").unwrap();
    assert_eq!(after.total, before.total + 1, "one more");
    assert_eq!(at_place(&bench, &before, "", 60), middle, "what was on show is still found where it was");
    assert_eq!(at_place(&bench, &after, "", 61), middle, "and one further down in the new list");
    let found = bench.station.register(&asked("salah tulis")).unwrap();
    assert_eq!(at_place(&bench, &found, "salah tulis", 0), numbers(&found), "a search has its places too");
    let many = bench.station.register_lines(&asked(""), 0, u32::MAX).unwrap();
    assert!(many.len() <= 200, "never more than a page at once: {}", many.len());
}

#[test]
fn a_printed_page_witnesses_the_last_line_of_its_day_under_the_stations_seal() {
    let bench = Bench::before_step_4(|_, _| ());
    let before = bench.station.register(&asked("")).unwrap();
    let day = before.period.to.clone();
    let printed = bench.station.register_print_day(&day).unwrap().parts.remove(0).document;
    let text = said(&bench, &printed.document_id);
    let last = before.rows.first().unwrap();
    assert!(text.contains(&format!("sampai no. {}", last.number)), "the number: {text}");
    assert!(!text.contains(&bench.nik), "the NIK is masked");
    let pdf = bench.dir.path().join("kertas.pdf");
    let raw = Command::new("pdftotext").arg("-raw").arg(pdf).arg("-").output().unwrap();
    let flat: String = String::from_utf8(raw.stdout).unwrap().split_whitespace().collect();
    assert!(flat.replace('\u{200b}', "").contains(&last.row_hash), "the hash of that line: {flat}");

    let found = codes(&bench, &printed.document_id);
    assert_eq!(found.len(), 1, "one day, one code: {found:?}");
    let certificate = certificate(&bench);
    let verdict = packet::seal::verify(&found[0], &certificate).unwrap();
    let Verdict::Training(seal) = verdict else { panic!("signed by this station: {verdict:?}") };
    assert_eq!(seal.kind, Kind::TitikPeriksa, "a checkpoint");
    assert!(text.contains("rekam-register/"), "the origin stands there");
    let origin = text.split_whitespace().find(|word| word.starts_with("rekam-register/")).unwrap();
    let printed_words = [origin.trim_end_matches(','), &last.number.to_string(), &last.row_hash];
    assert_eq!(
        seal.checksum,
        Checksum::of(Kind::TitikPeriksa, &printed_words).unwrap(),
        "over what is printed"
    );
    let other = [origin.trim_end_matches(','), &(last.number + 1).to_string(), &last.row_hash];
    assert_ne!(seal.checksum, Checksum::of(Kind::TitikPeriksa, &other).unwrap(), "and nothing else");

    // Years later the paper is held against the disk: the line of that number still has that hash.
    let again = bench.station.register(&asked(&last.number.to_string())).unwrap();
    assert_eq!(again.rows[0].row_hash, last.row_hash, "the line is what the paper says");
    assert!(bench.station.register_verify().unwrap().unwrap().intact, "also against the kept checkpoints");
}

#[test]
fn form_and_return_slip_carry_a_seal_that_is_checked_like_any_other() {
    let bench = sealed();
    let form = bench.station.attestation(&bench.id).unwrap().form.unwrap().document_id;
    let text = said(&bench, &form);
    let certificate = certificate(&bench);
    let seal_of = |document: &str| {
        let found = codes(&bench, document);
        assert_eq!(found.len(), 1, "one code: {found:?}");
        assert!(!found[0].contains(&bench.nik), "no NIK in clear");
        match packet::seal::verify(&found[0], &certificate).unwrap() {
            Verdict::Training(seal) => seal,
            other => panic!("signed by this station, in training: {other:?}"),
        }
    };
    let seal = seal_of(&form);
    assert_eq!(seal.kind, Kind::FormulirPerekaman, "of a form");
    assert!(text.contains(&seal.number), "the number of the paper: {} in {text}", seal.number);

    let mut early = Bench::before_step_4(|_, _| ());
    early.station.return_to_applicant(&early.id, &["data_beda".into()], "").unwrap();
    let slip = behind(&early, |store| {
        let id = domain::ids::PermohonanId::parse(&early.id).unwrap();
        let all = store.read(|view| view.documents(id)).unwrap();
        all.into_iter().rfind(|one| one.kind == "slip_pengembalian").unwrap().id.to_string()
    });
    let found = codes(&early, &slip);
    assert_eq!(found.len(), 1, "one code: {found:?}");
    let sealed = decode(&found[0]).unwrap();
    assert_eq!(sealed.seal.kind, Kind::SlipPengembalian, "of a slip");
    early.restart();
}

#[test]
fn a_paper_printed_again_is_marked_counted_and_kept_beside_the_paper_that_stays_as_it_was() {
    let printer = PaperPrinter::start();
    let mut bench = sealed();
    bench.training.config.devices.printer_url = printer.url();
    bench.restart();
    bench.until(devices::Role::DocumentPrinter, "found", |state| {
        state != DeviceState::Absent && state != DeviceState::Faulted
    });
    let cover = bench.station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let kept = bench.station.document_pdf(&cover).unwrap();
    // The printer is asked how it is from time to time, and is busy meanwhile.
    let print = |document: &str, reason: &str| loop {
        match bench.station.print_document(document, reason) {
            Err(Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            answer => {
                let job = answer.unwrap();
                assert_eq!(job.state, PrintState::Done, "the printer came to its end: {:?}", job.reason);
                break;
            }
        }
    };
    print(&cover, "");
    let unsaid = bench.station.print_document(&cover, " ").expect_err("nobody makes up why").to_view().key;
    assert_eq!(unsaid, "reprint_reason_missing");
    for reason in ["jam", "other: diminta kantor"] {
        print(&cover, reason);
    }
    let out = printer.printed();
    assert_eq!(out.len(), 3, "three sheets");
    let mark = |n: usize| words_of(&out[n]).contains(&format!("CETAK ULANG ke-{n}"));
    assert!(!words_of(&out[0]).contains("CETAK ULANG"), "the first is no reprint");
    assert_eq!(std::fs::read(&out[0]).unwrap(), kept, "but the kept paper, byte by byte");
    assert!(mark(1) && mark(2), "the others say which they are");
    assert_eq!(bench.station.document_pdf(&cover).unwrap(), kept, "the kept paper is not touched");

    let row: i64 = cover.parse().unwrap();
    let (prints, copies, lines) = behind(&bench, |store| {
        store
            .read(|view| {
                let found = view.document(row)?;
                let same = view.documents_by_number(&found.document.number)?;
                let copies = same.into_iter().filter(|one| one.document.kind == "cetak_ulang").count();
                let lines = view.register_of(found.permohonan.unwrap())?;
                Ok((view.document_prints(row)?, copies, lines))
            })
            .unwrap()
    });
    let reasons: Vec<(u32, &str)> = prints.iter().map(|one| (one.copy, one.reason.as_str())).collect();
    assert_eq!(reasons, [(1, ""), (2, "jam"), (3, "other: diminta kantor")], "each with its reason");
    assert_eq!(copies, 2, "the marked copies are kept under the same number");
    let again = lines.iter().filter(|line| line.line.entry.kind.key() == "document_reprinted").count();
    assert_eq!(again, 2, "and stand in the register");

    let blank = bench.station.blank_paper("f102_blank").unwrap();
    for _ in 0..2 {
        print(&blank.document_id, "");
    }
    assert!(!words_of(printer.printed().last().unwrap()).contains("CETAK ULANG"), "is one of many alike");
}

#[test]
fn the_register_is_saved_in_three_forms_where_it_may_be_and_the_register_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("FLASHDISK");
    std::fs::create_dir(&stick).unwrap();
    let named = stick.to_string_lossy().into_owned();
    let bench = Bench::before_step_4(|_, config| config.station.save_folders = vec![named.clone()]);
    let station = &bench.station;
    assert!(station.save_folders().unwrap().contains(&named), "the folder of the settings is offered");
    let elsewhere = station.register_export(&asked(""), TableFormat::Csv, "/tmp");
    assert!(matches!(elsewhere, Err(Error::Invalid { .. })), "nowhere else: {elsewhere:?}");

    become_officer(&bench, "hendra");
    let line = station.register(&asked("")).unwrap().rows[0].number;
    station.register_correct(line, "=HYPERLINK(\"http://contoh.test\")").unwrap();
    let total = station.register(&asked("")).unwrap().total;
    let saved = station.register_export(&asked(""), TableFormat::Xlsx, &named).unwrap();
    assert_eq!(saved.rows, total, "every line of the page");
    let bytes = std::fs::read(&saved.path).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let cells = book.worksheet_range("Buku Register").unwrap();
    assert_eq!(cells.height(), total as usize + 1, "with its heads");
    let text = cells.rows().flatten().find(|cell| cell.to_string().starts_with("=HYPERLINK")).unwrap();
    assert!(matches!(text, Data::String(_)), "words that look like a formula stay words: {text:?}");
    assert!(!cells.rows().flatten().any(|cell| cell.to_string() == bench.nik), "the NIK is masked");

    let csv = station.register_export(&asked(""), TableFormat::Csv, &named).unwrap();
    let text = std::fs::read_to_string(&csv.path).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("\"'=HYPERLINK"), "marked and harmless");
    let pdf = station.register_export(&asked(""), TableFormat::Pdf, &named).unwrap();
    let words = words_of(Path::new(&pdf.path));
    assert!(words.contains("Pembetulan atas no."), "the correction on paper: {words}");
    assert!(!words.contains(&bench.nik), "the NIK is masked there too");
    for path in [&saved.path, &csv.path, &pdf.path] {
        let name = Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with("latihan-buku-register-20"), "training says so, nobody is named: {name}");
    }
    let again = station.register_export(&asked(""), TableFormat::Csv, &named).unwrap();
    assert_ne!(again.path, csv.path, "nothing is overwritten");
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 4, "and nothing half written lies there");
    let moved = station.register(&asked("")).unwrap();
    let told = moved.rows.iter().filter(|row| row.event == "data_moved").count();
    assert_eq!(told, 4, "each time data left the station the register says so");

    std::fs::remove_dir_all(&stick).unwrap();
    let gone = station.register_export(&asked(""), TableFormat::Csv, &named);
    assert_eq!(key(gone), "save_gone", "the stick was pulled out");
    let nothing = station.register_export(&asked("TIDAK ADA ORANGNYA"), TableFormat::Csv, &named);
    assert_eq!(key(nothing), "register_nothing", "nothing to save");
}

#[test]
fn a_report_counts_what_was_done_names_nobody_and_is_printed_and_saved() {
    on_one_day(|| {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().to_string_lossy().into_owned();
        let mut bench = sealed();
        bench.training.config.station.save_folders = vec![named.clone()];
        bench.restart();
        let station = &bench.station;
        let day = station.register(&asked("")).unwrap().period.to;
        for period in [ReportPeriod::Day, ReportPeriod::Week, ReportPeriod::Month, ReportPeriod::Year] {
            let report = station.report(period, &day).unwrap();
            assert_eq!(report.to, day, "{period:?} ends today");
            let recorded: u32 = report.production.iter().map(|one| one.recorded).sum();
            assert_eq!((recorded, report.funnel.recorded), (1, 1), "{period:?}: one recording");
            assert_eq!(report.operators[0].name, "Dewi Anggraini", "{period:?}: by whom");
            assert_eq!(report.steps.len(), 9, "{period:?}: all steps");
            assert!(
                report.steps[3].visits == 1 && report.steps[3].median.is_some(),
                "{period:?}: step 4 is timed"
            );
            let fingers = &report.quality[1];
            assert!(fingers.kept > 0 && fingers.mean.is_some(), "{period:?}: quality of the fingers");
            assert_eq!(report.unsent.iter().map(|one| one.count).sum::<u32>(), 1, "{period:?}: one waits");
            let json = serde_json::to_string(&report).unwrap();
            assert!(!json.contains(&bench.nik), "{period:?}: no NIK");
            let printed = station.report_print(period, &day).unwrap();
            let text = said(&bench, &printed.document_id);
            assert!(text.contains("1 orang terekam"), "{period:?}: the finding: {text}");
            assert!(!text.contains(&bench.nik), "{period:?}: no NIK on paper");
            let sealed: Vec<_> =
                codes(&bench, &printed.document_id).iter().map(|code| decode(code).unwrap().seal).collect();
            let kind = if period == ReportPeriod::Day { Kind::LaporanHarian } else { Kind::Laporan };
            assert!(
                sealed.len() == 1 && sealed[0].kind == kind && sealed[0].training,
                "{period:?}: {sealed:?}"
            );
            assert!(text.contains(&sealed[0].number), "{period:?}: its number is the printed one: {text}");
            if kind == Kind::Laporan {
                // A week, a month or a year that began today is one day, and "sampai" stands in a heading as well.
                let lines = || text.lines().map(str::trim).filter(|line| line.ends_with(&day[..4]));
                let masa = lines().find(|line| line.contains(" sampai ")).or_else(|| lines().next()).unwrap();
                let sum = Checksum::of(kind, &[masa, "1", "0", "0"]);
                assert_eq!(sum, Ok(sealed[0].checksum), "{period:?}: over what is printed, {masa}");
            }
            let timed = |line: &str| line.contains("Dewi Anggraini") && line.trim_end().ends_with("menit");
            assert!(
                period != ReportPeriod::Day || text.lines().any(timed),
                "how long a recording took: {text}"
            );
            for format in [TableFormat::Xlsx, TableFormat::Csv, TableFormat::Pdf] {
                let saved = station.report_table(period, &day, format, &named).unwrap();
                assert!(std::fs::metadata(&saved.path).unwrap().len() > 500, "{period:?} as {format:?}");
            }
        }
        let ahead = station.report(ReportPeriod::Day, "2099-01-01");
        assert!(matches!(ahead, Err(Error::Invalid { .. })), "not of a day that lies ahead: {ahead:?}");
        let before = station.report(ReportPeriod::Month, "2020-02-10").unwrap();
        assert_eq!(
            (before.from.as_str(), before.to.as_str()),
            ("2020-02-01", "2020-02-29"),
            "a month that is over"
        );
        assert!(before.production.iter().all(|one| one.recorded == 0), "nothing was done then");
        assert_eq!(before.average_per_day, None, "and nothing is averaged");
    });
}

#[test]
fn blank_papers_are_there_before_any_application() {
    let bench = Bench::before_step_4(|_, _| ());
    let form = bench.station.blank_paper("f102_blank").unwrap();
    assert!(said(&bench, &form.document_id).contains("F-1.02"), "the form by its code");
    let sheet = bench.station.blank_paper("data_protection").unwrap();
    let text = said(&bench, &sheet.document_id).to_lowercase();
    assert!(text.contains("data pribadi"), "the sheet on personal data: {text}");
    let none = bench.station.blank_paper("surat_lain");
    assert!(matches!(none, Err(Error::Invalid { .. })), "no other: {none:?}");
}
