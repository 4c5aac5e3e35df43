//! Papers whose printer never told how the print ended: kept, asked about before the next print, and counted as the officer says.

use devices::Role;
use domain::ids::PermohonanId;
use sim::SimFault;
use station::view::{DeviceRole, DeviceState, PaperPrints, PrintJob, PrintState};
use station::{Error, News};
use store::NewPrintAttempt;

use crate::bench::{Bench, LONG};
use crate::handing_over::books;
use crate::printing::sits;
use crate::reports::words_of;
use crate::sealed::sealed;

/// The printer is asked how it is from time to time, and is busy meanwhile.
fn try_print(bench: &Bench, document: &str, reason: &str) -> Result<PrintJob, Error> {
    loop {
        match bench.station.print_document(document, reason) {
            Err(Error::Device { source, .. }) if source.fault() == devices::Fault::Busy => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            answer => break answer,
        }
    }
}

fn print(bench: &Bench, document: &str, reason: &str) -> PrintState {
    try_print(bench, document, reason).unwrap().state
}

fn refused(answer: Result<PrintJob, Error>) -> String {
    answer.expect_err("refused").to_view().key
}

/// What the register says of papers that were printed for this visit.
fn lines(bench: &Bench) -> Vec<&'static str> {
    let id = PermohonanId::parse(&bench.id).unwrap();
    let found = books(bench, |store, _| store.read(|look| look.register_of(id)).unwrap());
    let keys = found.iter().map(|row| row.line.entry.kind.key());
    keys.filter(|key| key.starts_with("document_")).collect()
}

fn found(bench: &Bench, role: Role) {
    bench.until(role, "found", |state| state != DeviceState::Absent && state != DeviceState::Faulted);
}

/// The printer takes the sheet, prints it and says nothing.
fn unheard(bench: &Bench, document: &str, reason: &str) -> PaperPrints {
    bench.training.desk.fault_once(Role::DocumentPrinter, SimFault::DropMidJob);
    assert_eq!(print(bench, document, reason), PrintState::Unknown, "nobody said what became of it");
    let asked = bench.station.paper_prints(document).unwrap();
    assert!(asked.unknown.is_some(), "so it is asked");
    asked
}

fn answer(bench: &Bench, asked: &PaperPrints, came_out: bool) -> PaperPrints {
    let attempt = &asked.unknown.as_ref().expect("asked").attempt;
    let after = bench.station.answer_print(attempt, came_out).unwrap();
    assert!(after.unknown.is_none(), "nothing more is asked");
    let again = bench.station.answer_print(attempt, came_out);
    assert!(matches!(again, Err(Error::NotFound { .. })), "it is answered once: {again:?}");
    after
}

#[test]
fn a_sheet_whose_end_nobody_told_is_asked_about_and_counts_as_the_officer_says() {
    let bench = sealed();
    found(&bench, Role::DocumentPrinter);
    let cover = bench.station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let out = |n: usize| {
        let pdf = bench.dir.path().join("lembar.pdf");
        std::fs::write(&pdf, &bench.training.desk.printer().printed()[n].pdf).unwrap();
        words_of(&pdf)
    };
    let fresh = bench.station.paper_prints(&cover).unwrap();
    assert!(!fresh.again && fresh.unknown.is_none(), "nothing is known of it");
    let asked = unheard(&bench, &cover, "");
    assert!(!asked.again, "nobody counts it by hope");
    assert_eq!(refused(try_print(&bench, &cover, "jam")), "print_end_unknown", "the answer comes first");
    assert_eq!(bench.training.desk.printer().printed().len(), 1, "so no second original is about");
    assert_eq!(lines(&bench), ["document_unknown"], "and the book knows");
    assert!(!answer(&bench, &asked, false).again, "none came: the next is an original");

    let asked = unheard(&bench, &cover, "");
    assert!(!out(1).contains("CETAK ULANG"), "an original");
    assert!(answer(&bench, &asked, true).again, "it is out, and counted");
    assert_eq!(refused(try_print(&bench, &cover, " ")), "reprint_reason_missing", "nobody makes one up");
    assert_eq!(print(&bench, &cover, "jam"), PrintState::Done);
    assert!(out(2).contains("CETAK ULANG ke-1"), "the second sheet that is about");
    let told = ["document_unknown", "document_not_out", "document_unknown", "document_printed"];
    assert_eq!(lines(&bench), [&told[..], &["document_reprinted"]].concat());

    // A reprint whose end is not known is kept as it came out, once somebody says that it did.
    let asked = unheard(&bench, &cover, "lost");
    assert!(answer(&bench, &asked, true).again);
    let sent = bench.training.desk.printer().printed()[3].pdf.clone();
    let row: i64 = cover.parse().unwrap();
    let (copies, reasons) = books(&bench, |store, _| {
        store
            .read(|view| {
                let same = view.documents_by_number(&view.document(row)?.document.number)?;
                let marked = same.iter().filter(|one| one.document.kind == "cetak_ulang");
                let copies: Result<Vec<_>, _> =
                    marked.map(|one| view.document_pdf(one.document.id)).collect();
                let reasons: Vec<_> = view.document_prints(row)?.into_iter().map(|one| one.reason).collect();
                Ok((copies?, reasons))
            })
            .unwrap()
    });
    assert_eq!(reasons, ["", "jam", "lost"], "each with its reason");
    assert_eq!(copies.len(), 2);
    assert!(copies.contains(&sent), "byte for byte what the printer got");
}

#[test]
fn a_sheet_that_the_officer_calls_off_is_asked_about_where_its_printer_had_begun_it_and_else_is_none() {
    let bench = sealed();
    found(&bench, Role::DocumentPrinter);
    let (station, desk) = (&bench.station, &bench.training.desk);
    let cover = station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let called_off = |fault| {
        desk.fault(Role::DocumentPrinter, fault);
        let news = station.news();
        let job = std::thread::scope(|scope| {
            let job = scope.spawn(|| try_print(&bench, &cover, "").unwrap());
            while !matches!(news.recv_timeout(LONG).expect("held up"), News::PaperHeldUp(Some(_))) {}
            station.cancel_device(DeviceRole::DocumentPrinter).unwrap();
            job.join().unwrap()
        });
        desk.heal(Role::DocumentPrinter);
        found(&bench, Role::DocumentPrinter);
        assert_eq!(job.reason.as_deref(), Some("job_cancelled"), "the officer did");
        assert_eq!(desk.printer().printed().len(), 0, "the simulated tray at least gave nothing");
        (job.state, station.paper_prints(&cover).unwrap())
    };
    let (state, asked) = called_off(SimFault::PaperOut);
    assert_eq!(state, PrintState::Stopped, "it never began");
    assert!(asked.unknown.is_none() && lines(&bench).is_empty(), "so there is nothing to ask");

    let (state, asked) = called_off(SimFault::JamMidJob);
    assert_eq!(state, PrintState::Unknown, "a sheet of it may be out");
    assert_eq!(lines(&bench), ["document_unknown"], "the book says so");
    assert_eq!(refused(try_print(&bench, &cover, "")), "print_end_unknown", "the answer comes first");
    assert!(answer(&bench, &asked, true).again);
    assert_eq!(refused(try_print(&bench, &cover, "")), "reprint_reason_missing");
    assert_eq!(print(&bench, &cover, "jam"), PrintState::Done, "with its mark and its reason");
    assert_eq!(lines(&bench), ["document_unknown", "document_printed", "document_reprinted"]);
}

#[test]
fn a_sheet_that_surely_did_not_come_out_is_asked_about_by_nobody() {
    let bench = sealed();
    found(&bench, Role::DocumentPrinter);
    let cover = bench.station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    bench.training.desk.fault(Role::DocumentPrinter, SimFault::Busy);
    assert!(bench.station.print_document(&cover, "").is_err(), "it took nothing");
    bench.training.desk.heal(Role::DocumentPrinter);
    found(&bench, Role::DocumentPrinter);
    assert!(bench.station.paper_prints(&cover).unwrap().unknown.is_none());
    assert_eq!(print(&bench, &cover, ""), PrintState::Done);
    assert_eq!(lines(&bench), ["document_printed"], "one line for one sheet");
}

#[test]
fn a_queue_number_whose_end_nobody_told_is_kept_once_an_officer_says_that_it_came_out() {
    let bench = Bench::before_step_4(|_, _| ());
    found(&bench, Role::SlipPrinter);
    let (station, desk) = (&bench.station, &bench.training.desk);
    // Many cheap printers never answer.
    let silent = |id: &str| {
        desk.fault(Role::SlipPrinter, SimFault::NeverAnswers);
        assert_eq!(station.print_ticket(id, "").unwrap().state, PrintState::Unknown);
        desk.heal(Role::SlipPrinter);
        let asked = station.ticket_prints(id).unwrap();
        assert!(asked.unknown.is_some() && !asked.again, "asked, and not counted by hope");
        assert_eq!(refused(station.print_ticket(id, "")), "print_end_unknown");
        asked
    };
    let marks = || String::from_utf8_lossy(&desk.slip_printer().printed()).matches("CETAK ULANG").count();
    let asked = silent(&bench.id);
    assert!(answer(&bench, &asked, true).again, "it is out");
    assert_eq!(refused(station.print_ticket(&bench.id, "")), "reprint_reason_missing");
    assert_eq!(station.print_ticket(&bench.id, "lost").unwrap().state, PrintState::Done);
    assert_eq!(marks(), 1, "the second says that it is the second");

    let second = station.open("baru_wni").unwrap().id;
    let asked = silent(&second);
    assert!(!answer(&bench, &asked, false).again, "nothing came out");
    assert_eq!(station.print_ticket(&second, "").unwrap().state, PrintState::Done);
    assert_eq!(marks(), 1, "the next one is the first");
    assert_eq!(lines(&bench), ["document_unknown", "document_printed", "document_reprinted"]);
}

#[test]
fn a_sheet_that_the_program_sent_and_did_not_live_to_hear_of_is_told_at_the_next_sign_in_and_asked_about() {
    let bench = sealed();
    found(&bench, Role::DocumentPrinter);
    let cover = bench.station.render_cover(&bench.id).unwrap().cover.unwrap().document_id;
    let row: i64 = cover.parse().unwrap();
    books(&bench, |store, ctx| {
        let found = store.read(|view| view.document(row)).unwrap();
        let (kind, number) = (found.document.kind, found.document.number);
        let sent = NewPrintAttempt {
            paper: format!("{kind}/{number}"),
            document: Some(row),
            permohonan: found.permohonan,
            kind,
            roll: false,
            printer: "Printer".into(),
            reason: String::new(),
        };
        store.bookkeep(ctx.now, |ledger| ledger.send_sheet(&sent)).unwrap();
    });
    assert_eq!(lines(&bench), ["document_unknown"], "said once somebody signs in");
    sits(&bench, "rizal");
    assert_eq!(lines(&bench), ["document_unknown"], "and once");
    let asked = bench.station.paper_prints(&cover).unwrap();
    assert_eq!(refused(try_print(&bench, &cover, "")), "print_end_unknown");
    assert!(answer(&bench, &asked, true).again);
    assert_eq!(lines(&bench), ["document_unknown", "document_printed"], "counted in the name of the officer");
    assert_eq!(print(&bench, &cover, "unreadable"), PrintState::Done, "and the next is a reprint");
}
