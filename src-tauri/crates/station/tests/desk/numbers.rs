//! The numbers and the moments that stand on papers.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use station::clock::HeldClock;
use station::view::ReportPeriod;

use crate::bench::{Bench, on_one_day, other_grown_up};
use crate::mirror::centre_says;
use crate::reports::{asked, become_officer, codes, said};
use crate::sealed::{attested, matched, sealed};

/// The number that begins with `with`, as it stands on the paper.
fn number_on(bench: &Bench, document: &str, with: &str) -> String {
    let text = said(bench, document);
    let found = text.split_whitespace().find(|word| word.starts_with(with));
    found.unwrap_or_else(|| panic!("no {with} in {text}")).to_owned()
}

/// The words of a paper in the order in which they were set, so that none of another column stands between.
fn raw(bench: &Bench, document: &str) -> String {
    let pdf = bench.dir.path().join("kertas.pdf");
    std::fs::write(&pdf, bench.station.document_pdf(document).unwrap()).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-").output().unwrap();
    assert!(read.status.success(), "poppler reads it: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The visits that the search finds.
fn found(bench: &Bench, text: &str) -> Vec<String> {
    bench.station.search(text).unwrap().rows.into_iter().map(|row| row.id).collect()
}

/// Steps 4 and 5 as far as the form; returns its document.
fn rendered(bench: &Bench) -> String {
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(bench);
    attested(bench);
    bench.station.render_form(&bench.id).unwrap().form.expect("rendered").document_id
}

#[test]
fn two_forms_that_wait_for_their_seal_have_two_numbers_and_each_finds_its_own_visit() {
    let mut bench = Bench::new();
    let first = (bench.id.clone(), rendered(&bench));
    bench.nik = other_grown_up(&bench.nik).nik;
    bench.training.seat(&bench.nik);
    bench.again();
    let second = (bench.id.clone(), rendered(&bench));
    let again = bench.station.render_form(&second.0).unwrap().form.unwrap().document_id;

    let mut numbers = Vec::new();
    for (id, document) in [&first, &second, &(second.0.clone(), again)] {
        let number = number_on(&bench, document, "L-FP/");
        assert_eq!(found(&bench, &number), [id.as_str()], "by the number that was typed: {number}");
        let code = codes(&bench, document).first().cloned().expect("zbarimg reads its code");
        assert_eq!(found(&bench, &code), [id.as_str()], "and by its code");
        numbers.push(number);
    }
    let ends: Vec<&str> = numbers.iter().map(|number| &number[number.len() - 6..]).collect();
    assert_eq!(ends, ["/00001", "/00002", "/00003"], "one after the other, also made again");

    for (id, _) in [&second, &first] {
        let packet = bench.station.seal(id).unwrap().packet.expect("sealed");
        let document = bench.station.attestation(id).unwrap().form.unwrap().document_id;
        let text = said(&bench, &document);
        assert!(text.contains(&packet.packet_id), "the packet bears the id that stands on its form: {text}");
    }
}

#[test]
fn the_slip_of_each_return_finds_its_own_visit_also_where_the_queue_number_comes_again() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let slip = |bench: &Bench| {
        let back = bench.station.return_to_applicant(&bench.id, &["kartu_keluarga".into()], "").unwrap();
        let document = back.returned.unwrap().document_id.expect("with its slip");
        (back.ticket, number_on(bench, &document, "L-PB/"), bench.id.clone())
    };
    let first = slip(&bench);
    bench.station.resume(&bench.id).unwrap();
    let twice = slip(&bench);
    bench.restart_by(Arc::new(HeldClock::at(Timestamp::now() + SignedDuration::from_hours(24))));
    bench.nik = other_grown_up(&bench.nik).nik;
    bench.training.seat(&bench.nik);
    bench.form();
    let next_day = slip(&bench);
    assert_eq!(first.0, next_day.0, "the queue begins anew each day");
    assert_ne!(first.2, next_day.2, "for somebody else");
    let all = [first, twice, next_day];
    for (_, number, id) in &all {
        assert_eq!(found(&bench, number), [id.as_str()], "{number}");
        assert_eq!(all.iter().filter(|other| &other.1 == number).count(), 1, "{number} comes once");
    }
}

#[test]
fn each_paper_bears_its_station_in_its_number_and_is_found_by_the_number_of_an_earlier_pattern_too() {
    let mut bench = sealed();
    let (id, code) = (bench.id.clone(), bench.station.station_state().unwrap().station_code);
    let cover = bench.station.render_cover(&id).unwrap().cover.expect("the cover").document_id;
    let mut numbers = vec![number_on(&bench, &cover, "L-BP/")];
    bench.station.submit_print_request(&id).unwrap();
    let told = bench.station.tell_applicant(&id, "not_arrived").unwrap();
    numbers.push(told.told_slip.expect("the slip").number);
    bench.station.resume(&id).unwrap();
    numbers.push(bench.station.issue_suket(&id, "not_arrived").unwrap().suket.expect("the letter").number);
    bench.station.resume(&id).unwrap();
    for number in &numbers {
        assert!(number.contains(&format!("/{code}/")), "the station stands in {number}");
    }

    centre_says(&mut bench, "PRINT_READY_RECORD");
    let wording = bench.dir.path().join("naskah.toml");
    std::fs::write(&wording, "[pickup]\nnumber = \"TP-{tahun2}-{urut5}\"\n").unwrap();
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.expect("the slip");
    assert!(slip.number.starts_with("L-TP-2"), "as an earlier version gave it: {}", slip.number);
    std::fs::remove_file(&wording).unwrap();
    let kept = bench.station.status_check(&id).unwrap().slip.map(|slip| slip.number);
    assert_eq!(kept.as_ref(), Some(&slip.number), "what was printed stays");
    numbers.push(slip.number);
    for number in &numbers {
        let typed = format!(" {} ", number.to_lowercase());
        assert_eq!(found(&bench, &typed), [id.as_str()], "found by {number}");
    }
    let code_of_slip = codes(&bench, &slip.document_id).first().cloned().expect("zbarimg reads its code");
    assert_eq!(found(&bench, &code_of_slip), [id.as_str()], "as a scanner types it");

    become_officer(&bench, "hendra");
    let day = bench.station.register(&asked("")).unwrap().period.to;
    for (period, with) in [(ReportPeriod::Day, "LH"), (ReportPeriod::Week, "LP")] {
        let paper = bench.station.report_print(period, &day).unwrap().document_id;
        number_on(&bench, &paper, &format!("L-{with}/{code}/"));
    }
    let paper = bench.station.stock_report(&day).unwrap().document_id;
    number_on(&bench, &paper, &format!("L-LS/{code}/"));
}

/// The same hour and minute as the paper writes it.
fn clock(bench: &Bench, at: Timestamp) -> (String, String) {
    assert_eq!(bench.training.config.office.time_zone, "Asia/Jakarta", "what is reckoned with here");
    let local = jiff::tz::Offset::constant(7).to_datetime(at);
    let day = format!("{:02}-{:02}-{}", local.day(), local.month(), local.year());
    (day, format!("{:02}.{:02}", local.hour(), local.minute()))
}

#[test]
fn the_form_names_both_days_of_a_recording_and_when_the_applicant_signed() {
    on_one_day(|| {
        let mut bench = Bench::new();
        bench.approved();
        let began = bench.seen().portrait.attempts[0].taken_at.parse::<Timestamp>().unwrap();
        let zone = jiff::tz::Offset::constant(7);
        let morning = zone.to_datetime(began).date().tomorrow().unwrap().at(9, 30, 0, 0);
        let resumed = zone.to_timestamp(morning).unwrap();
        // A clock that jumps is a computer that slept, and locks; each moment is another start of the program.
        let at = |bench: &mut Bench, moment: Timestamp| bench.restart_by(Arc::new(HeldClock::at(moment)));
        at(&mut bench, resumed);
        bench.station.see_applicant(&bench.id).unwrap();
        bench.slaps();
        bench.irises();
        bench.sign();
        matched(&bench);
        let signed = resumed + SignedDuration::from_mins(10);
        at(&mut bench, signed);
        attested(&bench);
        let form_at = |bench: &mut Bench, minutes: i64| {
            at(bench, signed + SignedDuration::from_mins(minutes));
            let form = bench.station.render_form(&bench.id).unwrap().form.unwrap();
            raw(bench, &form.document_id)
        };
        let ((day, hour), (next_day, next_hour)) = (clock(&bench, began), clock(&bench, resumed));
        let (_, hour_signed) = clock(&bench, signed);
        let text = form_at(&mut bench, 7);
        let recorded = format!("{day} pukul {hour} sampai {next_day} pukul {next_hour}");
        assert!(text.contains(&recorded), "{recorded} in {text}");
        let name = bench.station.permohonan(&bench.id).unwrap().name.to_uppercase();
        assert!(text.contains(&format!("{name}, {hour_signed}")), "signed at {hour_signed}: {text}");
        let text = form_at(&mut bench, 60 * 24);
        let whole = format!("{name}, {next_day} pukul {hour_signed}");
        assert!(text.contains(&whole), "rendered on a third day: {whole} in {text}");
    });
}
