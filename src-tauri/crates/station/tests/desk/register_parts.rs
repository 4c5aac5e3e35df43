//! The Buku Register of a long period: set, printed and saved in parts.

use std::path::Path;
use std::process::Command;

use domain::register::RegisterKind;
use jiff::civil::Date;
use station::News;
use station::view::{
    DeviceState, DocumentRef, Period, PrintState, RegisterFilter, RegisterPrint, TableFormat,
};
use store::{Act, Ctx};

use crate::bench::{Bench, LONG, on_one_day, today};
use crate::handing_over::books;
use crate::paper_printer::PaperPrinter;
use crate::reports::{asked, become_officer, said, words_of};

/// A day so many days ago.
fn day(ago: i64) -> Date {
    today().saturating_sub(jiff::Span::new().days(ago))
}

/// Lays `lines` lines into the book for each of these days, the oldest first; then Dewi sits at the desk.
fn thicken(bench: &Bench, days: &[(i64, u32)]) {
    books(bench, |store, ctx| {
        let lines = days.iter().flat_map(|(ago, lines)| {
            let noon = day(*ago).at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
            (0..*lines).map(move |n| (noon + jiff::SignedDuration::from_secs(i64::from(n)), n))
        });
        let operator = ctx.operator.clone();
        let act =
            |(now, n)| (Act::CheckpointMake { row: u64::from(n) }, Ctx { operator: operator.clone(), now });
        store.thicken_book(lines.map(act)).unwrap();
    });
    become_officer(bench, "dewi");
}

fn since(ago: i64) -> RegisterFilter {
    RegisterFilter {
        period: Period::Range,
        from: Some(day(ago).to_string()),
        to: Some(today().to_string()),
        ..asked("")
    }
}

/// The code on the last sheet of a paper, as zbarimg reads poppler's picture.
pub fn last_code(bench: &Bench, paper: &DocumentRef) -> String {
    let dir = tempfile::tempdir().unwrap();
    let (pdf, sheet) = (dir.path().join("kertas.pdf"), dir.path().join("lembar"));
    std::fs::write(&pdf, bench.station.document_pdf(&paper.document_id).unwrap()).unwrap();
    let last = paper.pages.to_string();
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-png", "-singlefile", "-f", &last, "-l", &last])
        .args([&pdf, &sheet])
        .status();
    assert!(drawn.unwrap().success(), "poppler draws it");
    let read = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .arg(sheet.with_extension("png"))
        .output()
        .unwrap();
    String::from_utf8(read.stdout).unwrap().trim().to_owned()
}

/// The number behind `word` on each sheet, as poppler reads it.
fn sheets(text: &str, word: &str) -> Vec<u32> {
    let after = text.split(word).skip(1);
    after
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap())
        .collect()
}

/// Does `work`, and stops it as soon as the pages of the register are being set.
fn stopped<T: Send>(bench: &Bench, work: impl FnOnce() -> T + Send) -> T {
    let news = bench.station.news();
    std::thread::scope(|scope| {
        let work = scope.spawn(work);
        while !matches!(news.recv_timeout(LONG).unwrap(), News::RegisterSet { .. }) {}
        bench.station.register_verify_stop().unwrap();
        work.join().unwrap()
    })
}

fn days_of(book: &RegisterPrint) -> Vec<(&str, &str)> {
    book.parts.iter().map(|part| (part.from.as_str(), part.to.as_str())).collect()
}

#[test]
fn a_period_of_any_length_is_set_in_parts_whose_sheets_are_counted_on_and_each_of_its_days_is_witnessed() {
    on_one_day(|| {
        let bench = Bench::before_step_4(|_, _| ());
        thicken(&bench, &[(9, 1_100), (8, 950), (7, 500), (6, 600)]);
        let before = bench.station.register(&asked("")).unwrap().total;
        let news = bench.station.news();
        let book = bench.station.register_print_period(&since(9)).unwrap();
        let dates = [9, 8, 7, 0].map(|ago| day(ago).to_string());
        let [nine, eight, seven, now] = dates.each_ref().map(String::as_str);
        assert_eq!(days_of(&book), [(nine, nine), (eight, seven), (day(6).to_string().as_str(), now)]);
        assert_eq!((book.count, book.days, book.go_on.as_deref()), (3, 5, None), "to its end");
        let told: Vec<_> = news
            .try_iter()
            .filter_map(
                |news| if let News::RegisterSet { day, days } = news { Some((day, days)) } else { None },
            )
            .collect();
        assert_eq!(told, [(1, 5), (2, 5), (4, 5)], "which day is being set");
        let after = bench.station.register(&asked("")).unwrap().total;
        assert_eq!(after, before + 3, "each part leaves its checkpoint in the book");

        let (mut next, mut witnessed) = (1, 0);
        for (at, part) in (1..).zip(&book.parts) {
            let text = said(&bench, &part.document.document_id);
            let counted = sheets(&text, ", lembar ");
            let own: Vec<u32> = (next..next + part.document.pages).collect();
            assert_eq!((part.first_sheet, counted), (next, own), "part {at} is counted on");
            let places = text.matches(&format!("bagian {at} dari 3")).count();
            assert_eq!(places, part.document.pages as usize, "each sheet says of which part it is");
            witnessed += text.matches("Titik periksa rantai").count();
            next += part.document.pages;
        }
        assert_eq!(witnessed, 5, "each day ends with its checkpoint");
        let code = last_code(&bench, &book.parts[1].document);
        let found = bench.station.register_check_page(Some(&code)).unwrap();
        assert_eq!(found.day, seven, "of the last day of that part");
        assert!(found.row.is_some() && found.verified.is_some_and(|verified| verified.intact));
    });
}

#[test]
fn days_that_came_out_in_another_cut_are_marked_on_their_sheets() {
    on_one_day(|| {
        let bench = Bench::before_step_4(|_, _| ());
        thicken(&bench, &[(2, 3), (1, 3)]);
        let came_out = |paper: &DocumentRef| {
            let row: i64 = paper.document_id.parse().unwrap();
            let act = Act::Deed { kind: RegisterKind::DocumentPrinted };
            books(&bench, |store, ctx| {
                store.transact(act, ctx, |tx| tx.add_document_print(row, "uji", "")).unwrap();
            });
            become_officer(&bench, "dewi");
        };
        let set =
            |ago: i64| bench.station.register_print_period(&since(ago)).unwrap().parts.remove(0).document;
        let marks = |paper: &DocumentRef, times: u32| {
            said(&bench, &paper.document_id).matches(&format!("pernah dicetak {times} kali")).count()
        };
        let yesterday =
            bench.station.register_print_day(&day(1).to_string()).unwrap().parts.remove(0).document;
        assert_eq!(marks(&set(2), 1), 0, "what was set alone is on no sheet");
        came_out(&yesterday);
        let all = set(2);
        assert_eq!(marks(&all, 1), 1, "one of the three days came out as a page of its own");
        came_out(&all);
        let two = set(1);
        assert_eq!(marks(&two, 2), 1, "yesterday twice, in whatever cut");
        assert!(marks(&two, 1) > 0, "and today once, though the period begins on another day");
    });
}

#[test]
fn a_stop_between_two_parts_gives_what_was_set_and_the_day_that_follows() {
    on_one_day(|| {
        let bench = Bench::before_step_4(|_, _| ());
        thicken(&bench, &[(9, 1_000), (8, 1_200), (7, 1_000)]);
        let book = stopped(&bench, || bench.station.register_print_period(&since(9)).unwrap());
        let dates = [9, 8].map(|ago| day(ago).to_string());
        assert_eq!(days_of(&book), [(dates[0].as_str(), dates[0].as_str())], "what had begun is set");
        assert_eq!((book.count, book.go_on.as_deref()), (3, Some(dates[1].as_str())), "and where to go on");
        assert!(said(&bench, &book.parts[0].document.document_id).contains("bagian 1 dari 3"));
    });
}

#[test]
fn a_printer_that_runs_out_of_paper_in_the_second_part_has_printed_the_first_and_only_that() {
    on_one_day(|| {
        let printer = PaperPrinter::out_of_paper_in_the_second();
        let mut bench = Bench::before_step_4(|_, _| ());
        bench.training.config.devices.printer_url = printer.url();
        bench.restart();
        bench.until(devices::Role::DocumentPrinter, "found", |state| {
            state != DeviceState::Absent && state != DeviceState::Faulted
        });
        thicken(&bench, &[(9, 1_990), (8, 30)]);
        bench.until(devices::Role::DocumentPrinter, "found", |state| {
            state != DeviceState::Absent && state != DeviceState::Faulted
        });
        let book = bench.station.register_print_period(&since(9)).unwrap();
        assert_eq!(book.parts.len(), 2, "{:?}", days_of(&book));
        let print = |at: usize| loop {
            match bench.station.print_document(&book.parts[at].document.document_id, "") {
                Err(station::Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                answer => break answer.unwrap().state,
            }
        };
        assert_eq!((print(0), print(1)), (PrintState::Done, PrintState::Stopped));
        let lines = |event: &str| {
            let rows = bench.station.register(&asked("")).unwrap().rows;
            rows.iter().filter(|row| row.event == event).count()
        };
        assert_eq!((lines("document_printed"), lines("document_reprinted")), (1, 0), "the first part alone");
        assert_eq!(print(1), PrintState::Done, "with paper in it");
        let out = printer.printed();
        assert!(
            !words_of(out.last().unwrap()).contains("CETAK ULANG"),
            "what did not come out is no reprint"
        );
        assert_eq!((lines("document_printed"), lines("document_reprinted")), (2, 0));
    });
}

#[test]
fn a_long_table_is_one_pdf_whose_sheets_are_counted_through_and_one_that_was_stopped_leaves_no_file() {
    on_one_day(|| {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().to_string_lossy().into_owned();
        let bench = Bench::before_step_4(|_, config| config.station.save_folders = vec![named.clone()]);
        thicken(&bench, &[(9, 1_100), (8, 1_200)]);
        let refused = stopped(&bench, || bench.station.register_export(&since(9), TableFormat::Pdf, &named));
        assert_eq!(refused.expect_err("stopped").to_view().key, "save_stopped");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing half made");

        let total = bench.station.register(&since(9)).unwrap().total;
        let saved = bench.station.register_export(&since(9), TableFormat::Pdf, &named).unwrap();
        assert_eq!(saved.rows, total, "every line");
        let text = words_of(Path::new(&saved.path));
        let info = Command::new("pdfinfo").arg(&saved.path).output().unwrap();
        let info = String::from_utf8(info.stdout).unwrap();
        let pages: u32 =
            info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
        assert!(pages > 40, "{pages}");
        assert_eq!(sheets(&text, "Lembar "), (1..=pages).collect::<Vec<_>>(), "counted through");
        assert_eq!(text.matches("BUKU REGISTER DOKUMEN KTP-el").count(), 1, "one head");
        assert!(!text.contains(&bench.nik), "the NIK is masked");
        let rows = bench.station.register(&asked("")).unwrap().rows;
        assert_eq!(rows.iter().filter(|row| row.event == "data_moved").count(), 1, "told once");
    });
}
