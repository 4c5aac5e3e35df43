//! Slips on the roll, and what a scanner types of a paper.

use domain::image::GrayImage;
use domain::seal::{Checksum, Kind, Seal};
use packet::pki::{Authority, Role as Certificate, Validity};
use station::Error;
use station::view::{DeviceRole, DeviceState, PrintState, VisitState};

use crate::bench::{Bench, LONG, on_one_day};
use crate::handing_over::books;
use crate::mirror::centre_says;
use crate::printing::{ready, sits};
use crate::reports::codes;
use crate::sealed::sealed;
use crate::suket::at_step_7;

#[test]
fn the_slip_of_a_return_comes_out_of_the_roll_while_the_return_stands() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    let back = station.return_to_applicant(id, &["kartu_keluarga".into()], "bawa KK asli").unwrap();
    assert_eq!(back.state, VisitState::Returned);
    let returned = back.returned.expect("with its reasons");
    assert!(returned.has_slip_printer, "the roll is offered");
    let document = returned.document_id.expect("and its slip");
    assert_eq!(
        station.print_slip(&document, "").unwrap().state,
        PrintState::Done,
        "the printer came to its end"
    );
    let text = String::from_utf8_lossy(&bench.training.desk.slip_printer().printed()).into_owned();
    assert!(text.contains("PB/"), "the number of the paper: {text}");
    assert!(text.contains("bawa KK asli"), "what to bring: {text}");
    assert!(!text.contains(&bench.nik), "without the NIK in clear");
    station.resume(id).unwrap();
    let gone = station.print_slip(&document, "");
    assert!(matches!(gone, Err(Error::NotFound { .. })), "a return that is over has no slip: {gone:?}");
}

#[test]
fn a_pickup_slip_on_the_roll_says_what_the_kept_one_says_whatever_came_since_and_whoever_prints_it() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let then = bench.station.status_check(&id).unwrap().pickup;
    assert!(then.later, "no blangko: not today");
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");
    let giver = bench.station.station_state().unwrap().signed_in.unwrap().name;
    let bench = ready(bench);
    sits(&bench, "yuliana");
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let now = bench.station.status_check(&id).unwrap().pickup;
    assert!(!now.later && now.ready != then.ready, "today the office would say something else");
    let code = codes(&bench, &slip.document_id).remove(0);
    another_key(&bench);
    sits(&bench, "yuliana");
    assert_eq!(bench.station.print_slip(&slip.document_id, "").unwrap().state, PrintState::Done);
    let text = String::from_utf8_lossy(&bench.training.desk.slip_printer().printed()).into_owned();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [&slip.number, &then.ready, &giver] {
        assert!(plain(&text).contains(&plain(part)), "{part}: {text}");
    }
    for part in [now.ready.as_str(), "Yuliana"] {
        assert!(!plain(&text).contains(&plain(part)), "not {part}: {text}");
    }
    assert!(text.contains(&code), "its code is the one on the paper that is kept: {code} in {text}");
}

#[test]
fn a_slip_of_before_a_corrected_name_does_not_come_out_of_the_roll_with_another_one() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    let told = station.tell_applicant(id, "listrik padam di kecamatan").unwrap();
    let slip = told.told_slip.expect("the applicant takes it home").document_id;
    assert_eq!(station.print_slip(&slip, "").unwrap().state, PrintState::Done, "as it was given");
    station.resume(id).unwrap();
    station.go_back(id, station::view::Step::Form).unwrap();
    station.save_field(id, "nama", "NAMA YANG DIBETULKAN").unwrap();
    station.submit_form(id).unwrap();
    let before = bench.training.desk.slip_printer().printed();
    let refused = station.print_slip(&slip, "lost").expect_err("it says another name").to_view().key;
    assert_eq!(refused, "slip_says_otherwise", "its code would say that somebody changed it");
    assert_eq!(bench.training.desk.slip_printer().printed(), before, "and nothing came out");
    assert!(!codes(&bench, &slip).is_empty(), "the kept one is as it was given");
}

/// The station has another key since a renewal; that of before is one of its earlier ones.
pub fn another_key(bench: &Bench) {
    let validity = Validity::days(jiff::Timestamp::now(), 20);
    let authority = Authority::new("Uji CA", true, validity).unwrap();
    let own = authority.issue_identity(Certificate::Station, "UJI-01", validity).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    books(bench, |store, ctx| {
        let json = store.read(|look| look.setting("credentials")).unwrap().expect("activated");
        let mut kept: serde_json::Value = serde_json::from_str(&json).unwrap();
        let certificate = text(&own.certificate_ref().to_pem().unwrap());
        kept["earlier"] = serde_json::json!([kept["station"]["certificate"]]);
        kept["station"] =
            serde_json::json!({"key": text(&own.key_pem().unwrap()), "certificate": certificate});
        let act = store::Act::SettingChange { name: "credentials".into() };
        store.transact(act, ctx, |tx| tx.set_setting("credentials", &kept.to_string())).unwrap();
    });
}

#[test]
fn the_code_of_a_paper_that_a_scanner_types_into_the_search_finds_its_visit() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");
    let typed = codes(&bench, &slip.document_id).first().cloned().expect("zbarimg reads its code");
    let found = |text: &str| -> Vec<String> {
        bench.station.search(text).unwrap().rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(found(&typed), [id.as_str()], "as it stands on the paper");
    // A scanner is a keyboard, and the keyboard of the desk may have another layout.
    let other = typed.to_lowercase().replace(':', ";");
    assert_eq!(found(&format!(" {other}\t")), [id.as_str()], "as another layout types it");
    let cut = &typed[..typed.len() - 8];
    assert!(found(cut).is_empty(), "half a code is nobody's");
    let key = |text: &str| bench.station.search(text).expect_err("refused").to_view().key;
    assert_eq!(key(&forged(&typed)), "code_forged", "a changed code opens nobody's visit");
    assert_eq!(key(&foreign(&slip.number)), "code_foreign", "nor does that of another station");
}

/// Another computer of this station gave numbers of its own before this one came in its place.
#[test]
fn a_genuine_paper_of_the_computer_before_opens_nobodys_visit_though_its_number_is_known_here() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let slip = bench.station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");
    let own = codes(&bench, &slip.document_id).first().cloned().expect("zbarimg reads its code");
    another_key(&bench);
    let found = |text: &str| bench.station.search(text).map(|seen| seen.rows.len());
    assert_eq!(found(&own).unwrap(), 1, "of a key that this computer had before");
    books(&bench, |store, ctx| {
        let json = store.read(|look| look.setting("credentials")).unwrap().expect("activated");
        let mut kept: serde_json::Value = serde_json::from_str(&json).unwrap();
        kept["replaced"] = kept["earlier"].take();
        kept["earlier"] = serde_json::json!([]);
        let act = store::Act::SettingChange { name: "credentials".into() };
        store.transact(act, ctx, |tx| tx.set_setting("credentials", &kept.to_string())).unwrap();
    });
    let refused = found(&own).expect_err("of a key that only the centre tells of").to_view().key;
    assert_eq!(refused, "code_replaced");
    assert_eq!(bench.station.certificates().unwrap().len(), 2, "whoever checks papers has it all the same");
}

#[test]
fn a_slip_that_is_held_before_the_camera_finds_its_visit_and_every_other_paper_is_told_apart() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.until_present(devices::Role::Camera);
    let station = &bench.station;
    let slip = station.give_pickup_slip(&id).unwrap().slip.expect("the slip is kept");
    let code = codes(&bench, &slip.document_id).first().cloned().expect("zbarimg reads its code");
    let hold_up = |text: &str| bench.training.desk.hold_up(Some(slip_with(text)));
    // What was held up before may still be on its way from the camera.
    let next = |before: &str| -> String {
        let began = std::time::Instant::now();
        loop {
            let seen = station.scan_code().map_or_else(|error| error.to_view().key, |_| "read".to_owned());
            if seen != before {
                return seen;
            }
            assert!(began.elapsed() < LONG, "it stays {before}");
        }
    };

    hold_up(&code);
    let read = station.scan_code().unwrap();
    assert_eq!(read, code, "the camera reads what stands on the paper");
    let found: Vec<String> = station.search(&read).unwrap().rows.into_iter().map(|row| row.id).collect();
    assert_eq!(found, [id.as_str()], "and it finds the visit");
    hold_up(&forged(&code));
    assert_eq!(next("read"), "code_forged");
    hold_up(&foreign(&slip.number));
    assert_eq!(next("code_forged"), "code_foreign");
    hold_up("https://contoh.invalid/menu");
    assert_eq!(next("code_foreign"), "code_other", "the code of a restaurant's menu");
}

#[test]
fn a_camera_before_which_nobody_holds_a_code_says_so_and_can_be_called_off() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 2);
    let none = bench.station.scan_code().expect_err("refused").to_view().key;
    assert_eq!(none, "code_none", "a face is no code");
    bench.training.desk.unplug(devices::Role::Camera);
    bench.until(devices::Role::Camera, "gone", |state| {
        matches!(state, DeviceState::Absent | DeviceState::Faulted)
    });
    let gone = bench.station.scan_code().expect_err("refused").to_view().code;
    assert_eq!(gone, "device", "a camera that is away is not a paper without a code");
}

#[test]
fn a_watch_for_a_code_ends_when_the_camera_is_called_off() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 120);
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| bench.station.scan_code().expect_err("refused").to_view().code);
        let began = std::time::Instant::now();
        while !watching.is_finished() {
            assert!(began.elapsed() < LONG, "it goes on");
            bench.station.cancel_device(DeviceRole::Camera).unwrap();
            std::thread::yield_now();
        }
        assert_eq!(watching.join().unwrap(), "cancelled", "the window says nothing of it");
    });
}

#[test]
fn a_queue_number_comes_out_of_the_roll_and_the_second_one_says_that_it_is_the_second() {
    on_one_day(queue_numbers);
}

fn queue_numbers() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let (station, id) = (&bench.station, bench.id.as_str());
    assert!(station.queue(station::view::QueueTab::All).unwrap().slip_printer, "the window offers it");
    let ticket = station.permohonan(id).unwrap().ticket;
    let printer = bench.training.desk.slip_printer();
    let plan = bench.training.desk.plan(devices::Role::SlipPrinter);
    plan.set(sim::SimFault::PaperOut);
    let empty = station.print_ticket(id, "").unwrap();
    assert_eq!((empty.state, empty.reason.as_deref()), (PrintState::Stopped, Some("paper_out")));
    plan.clear();
    assert_eq!(station.print_ticket(id, "").unwrap().state, PrintState::Done, "the roll was filled");
    let text = String::from_utf8_lossy(&printer.printed()).into_owned();
    assert!(text.contains(&ticket), "the number: {text}");
    assert!(text.contains("Tidak ada yang menunggu di depan Anda"), "who waits: {text}");
    assert!(text.contains("GRATIS") && text.contains("LATIHAN"), "free, and practice: {text}");
    assert!(!text.contains("CETAK ULANG") && !text.contains(&bench.nik), "the first, without a NIK: {text}");
    assert_eq!(station.print_ticket(id, "lost").unwrap().state, PrintState::Done);
    let again = String::from_utf8_lossy(&printer.printed()).into_owned();
    assert!(again.contains("CETAK ULANG ke-1"), "marked: {again}");

    let second = station.open("baru_wni").unwrap().id;
    station.print_ticket(&second, "").unwrap();
    let text = String::from_utf8_lossy(&printer.printed()).into_owned();
    assert!(text.contains("1 orang menunggu di depan Anda"), "one came before: {text}");

    // Both left without ending; nobody of them sits here on the next morning.
    let mut bench = bench;
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(tomorrow)));
    bench.until(devices::Role::SlipPrinter, "found", |state| state != DeviceState::Absent);
    let printed = || {
        let id = bench.station.open("baru_wni").unwrap().id;
        bench.station.print_ticket(&id, "").unwrap();
        String::from_utf8_lossy(&bench.training.desk.slip_printer().printed()).into_owned()
    };
    let (first, second) = (printed(), printed());
    assert!(first.contains("Tidak ada yang menunggu di depan Anda"), "the first of the day: {first}");
    assert!(second.contains("1 orang menunggu di depan Anda"), "and the second: {second}");
}

#[test]
fn a_desk_without_a_roll_gives_no_queue_number_and_says_so() {
    let bench = Bench::before_step_4(|_, config| config.devices.slip_printer.clear());
    assert!(!bench.station.queue(station::view::QueueTab::All).unwrap().slip_printer, "not offered");
    let none = bench.station.print_ticket(&bench.id, "").expect_err("refused").to_view().key;
    assert_eq!(none, "no_slip_printer");
}

/// A letter of the checksum changed: still a code, no longer this one.
pub fn forged(code: &str) -> String {
    let at = code.len() - 8;
    let other = if &code[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

#[test]
fn a_suket_from_before_the_renewal_of_the_stations_key_still_finds_its_visit() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "PROCESSING");
    // As an office may write it; its letters are not all capitals.
    let wording = "[suket]\nnumber = \"470/{urut4}/Dukcapil/{stasiun}/{tahun}\"\n";
    std::fs::write(bench.dir.path().join("naskah.toml"), wording).unwrap();
    let suket = bench.station.issue_suket(&id, "not_arrived").unwrap().suket.expect("the letter is kept");
    assert!(suket.number.contains("/Dukcapil/"), "{}", suket.number);
    let own = codes(&bench, &suket.document_id).first().cloned().expect("zbarimg reads its code");
    for text in [own.clone(), suket.number.clone(), suket.number.to_lowercase(), suket.number.to_uppercase()]
    {
        let rows = bench.station.search(&text).unwrap().rows;
        assert_eq!(rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), [id.as_str()], "by {text}");
    }
    let seal = domain::seal::decode(&own).unwrap().seal;
    assert_eq!(seal.kind, Kind::SuratKeterangan);
    another_key(&bench);
    let rows = bench.station.search(&own).unwrap().rows;
    assert_eq!(rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), [id], "a letter holds for months");
    let key = |text: &str| bench.station.search(text).expect_err("refused").to_view().key;
    assert_eq!(key(&forged(&own)), "code_forged", "the key of before is known, so is what it did not sign");
    let copied = other_key(&seal);
    assert_ne!(copied, own, "number, day and checksum of the letter, under a key of somebody's own");
    assert_eq!(key(&copied), "code_foreign", "opens nobody's visit");
}

#[test]
fn a_slip_from_before_a_renewal_and_a_corrected_name_still_finds_its_visit() {
    let mut bench = Bench::before_step_4(|_, _| ());
    at_step_7(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    let told = station.tell_applicant(id, "listrik padam di kecamatan").unwrap();
    let slip = told.told_slip.expect("the applicant takes it home").document_id;
    let code = codes(&bench, &slip).remove(0);
    station.resume(id).unwrap();
    station.go_back(id, station::view::Step::Form).unwrap();
    station.save_field(id, "nama", "NAMA YANG DIBETULKAN").unwrap();
    station.submit_form(id).unwrap();
    another_key(&bench);
    let rows = bench.station.search(&code).expect("its own seal").rows;
    assert_eq!(rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), [id], "it is this office's paper");
}

/// The code that another training station would print under the same number.
fn foreign(number: &str) -> String {
    foreign_seal(Kind::TandaPengambilan, number, &["ORANG LAIN", "0000000000000000"])
}

/// A code of any kind under the key of another training station.
pub fn foreign_seal(kind: Kind, number: &str, values: &[&str]) -> String {
    other_key(&Seal {
        kind,
        number: number.to_owned(),
        issued: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
        until: None,
        training: true,
        checksum: Checksum::of(kind, values).unwrap(),
    })
}

/// What a seal says, signed by a key that is not the station's present one.
fn other_key(seal: &Seal) -> String {
    let validity = Validity::days(jiff::Timestamp::now(), 20);
    let authority = Authority::new("Lain CA", true, validity).unwrap();
    let station = authority.issue_identity(Certificate::Station, "LAIN-01", validity).unwrap();
    packet::seal::sign(seal, &station).unwrap()
}

/// The part of a Tanda Pengambilan around its code, as near as people hold it.
pub fn slip_with(text: &str) -> GrayImage {
    const DPI: f64 = 200.0;
    let sheet = documents::TandaPengambilan {
        number: "TP-26-00001".into(),
        name: "CONTOH".into(),
        nik: String::new(),
        kind: "KTP-el baru".into(),
        ticket: "A-001".into(),
        status: "Siap cetak".into(),
        status_at: String::new(),
        ready: "Hari ini".into(),
        packet: String::new(),
        shelf: String::new(),
        officer: "Contoh".into(),
        qr: text.to_owned(),
    };
    let paper = documents::Paper {
        office: documents::Office::default(),
        training: text.starts_with("LATIHAN"),
        draft: false,
        printed: String::new(),
        reprint: 0,
        sheet: documents::Sheet::TandaPengambilan(Box::new(sheet)),
    };
    let press = documents::Press::new();
    let png = press.page_png(&press.render(&paper).unwrap(), 1, DPI).unwrap();
    let page = biometrics::codec::decode_gray(&png, &biometrics::codec::Limits::default()).unwrap();
    let dots = |mm: f64| (mm / 25.4 * DPI) as usize;
    let (left, right, top, bottom) = (dots(95.0), dots(150.0), dots(12.0), dots(78.0));
    let rows = page.pixels.chunks_exact(page.width as usize).take(bottom).skip(top);
    let pixels: Vec<u8> = rows.flat_map(|row| row[left..right].iter().copied()).collect();
    GrayImage { width: (right - left) as u32, height: (bottom - top) as u32, pixels }
}
