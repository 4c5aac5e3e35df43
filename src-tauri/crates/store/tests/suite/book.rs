//! The Buku Register as it is read: pages, periods, search, corrections; and the counts of the reports.

use crate::desk::{Desk, START_MS, by, visit};
use crate::table::stock::{job, number, officer, perform, print, receive};
use domain::permohonan::Effect;
use domain::register::RegisterKind;
use domain::steps::print::SpoilReason;
use rstest::rstest;
use store::{Act, BookFilter, BookPage, ReportPeriod, StoreOptions};

fn named(desk: &Desk, n: u8, nik: &str, name: &str) {
    let act = Act::FieldSave { permohonan: visit(n), unsur: "nama".into() };
    desk.store.transact(act, &by("op-1", 20), |tx| tx.set_applicant(visit(n), nik, name)).unwrap();
}

fn deed(desk: &Desk, n: u8, ms: i64, kind: RegisterKind, notes: &[(&str, &str)]) -> u64 {
    let act = Act::PermohonanMove { permohonan: visit(n), kind };
    desk.store
        .transact(act, &by("op-1", ms), |tx| {
            for (key, value) in notes {
                tx.note(key, value);
            }
            Ok(())
        })
        .unwrap()
        .register_row
}

/// Three visits; the first has a printed card, a day apart each.
fn desk() -> Desk {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    desk.open_visit(3);
    named(&desk, 1, "1804015403089002", "Siti Nur’aini");
    named(&desk, 2, "1813010101909001", "AND OR* NOT");
    named(&desk, 3, "1813010202909002", "Wa");
    deed(&desk, 1, 1_000, RegisterKind::CardPrinted, &[("blangko", "0718-224-913")]);
    deed(&desk, 2, 86_400_000, RegisterKind::PickupSlipGiven, &[("nomor", "TP-26-11824")]);
    deed(
        &desk,
        3,
        2 * 86_400_000,
        RegisterKind::VisitReturned,
        &[("langkah", "requirements"), ("hal", "kartu_keluarga,nama")],
    );
    desk
}

fn page(desk: &Desk, filter: BookFilter) -> BookPage {
    desk.store.read(|v| v.register_page(&filter)).unwrap()
}

fn ask(desk: &Desk, text: &str) -> Vec<u64> {
    let found = page(desk, BookFilter { text: text.into(), ..BookFilter::default() });
    assert_eq!(found.total as usize, found.lines.len(), "the total of {text:?}");
    found.lines.iter().map(|line| line.row.line.row).collect()
}

#[rstest]
#[case("siti", &[8, 2])]
#[case("NURAINI", &[8, 2])]
#[case("nur'aini", &[8, 2])]
#[case("aini siti", &[8, 2])]
#[case("180401 540308 9002", &[8, 2])]
#[case("540308", &[8, 2])]
#[case("a-001", &[8, 2])]
#[case("0718-224", &[8])]
#[case("0718224913", &[8])]
#[case("tp-26-11824", &[9])]
#[case("26-118", &[9])]
#[case("AND", &[9, 3])]
#[case("or*", &[9, 3])]
#[case("NOT \"", &[9, 3])]
#[case("Wa", &[10, 4])]
#[case("5", &[8, 2])]
#[case("9", &[10, 9, 8, 4, 3, 2])]
#[case("%", &[10, 9, 8, 4, 3, 2, 1])]
#[case("tidak ada", &[])]
#[case("unsur", &[])]
fn a_piece_of_name_nik_ticket_or_number_finds_its_lines(#[case] text: &str, #[case] rows: &[u64]) {
    let desk = desk();
    assert_eq!(ask(&desk, text), rows, "{text}");
    desk.store.rebuild_search().unwrap();
    assert_eq!(ask(&desk, text), rows, "the same from an index that was built anew: {text}");
}

#[test]
fn a_period_and_a_page_are_parts_of_the_book() {
    let desk = desk();
    let day = 86_400_000;
    let second = page(
        &desk,
        BookFilter { from_ms: START_MS + day, to_ms: START_MS + 2 * day, ..BookFilter::default() },
    );
    assert_eq!((second.total, second.lines[0].row.line.row, second.rows), (1, 9, (9, 9)), "the second day");
    let empty = page(&desk, BookFilter { from_ms: START_MS + 9 * day, ..BookFilter::default() });
    assert_eq!((empty.total, empty.lines.len(), empty.rows), (0, 0, (0, 0)), "a day without lines");
    let first = page(&desk, BookFilter { limit: 2, ..BookFilter::default() });
    assert_eq!(first.lines.iter().map(|line| line.row.line.row).collect::<Vec<_>>(), [10, 9], "newest first");
    let next = page(&desk, BookFilter { limit: 2, before: 9, ..BookFilter::default() });
    assert_eq!(
        next.lines.iter().map(|line| line.row.line.row).collect::<Vec<_>>(),
        [8, 4],
        "and what follows"
    );
    assert_eq!((next.total, next.lines[0].name.as_str()), (7, "Siti Nur’aini"), "with its visit");
    assert_eq!(next.lines[0].blangko, "0718-224-913", "and its blangko");
    let both = BookFilter { text: "siti".into(), to_ms: START_MS + 500, ..BookFilter::default() };
    assert_eq!(page(&desk, both).total, 1, "text within a period");
}

#[test]
fn a_name_that_is_corrected_finds_the_old_lines_too() {
    let desk = desk();
    named(&desk, 1, "1804015403089002", "Siti Rahmawati");
    assert_eq!(ask(&desk, "rahmawati"), [8, 2], "by the name as it stands");
    assert!(ask(&desk, "nuraini").is_empty(), "not by the one that was wrong");
    assert_eq!(ask(&desk, "rahma 9002"), [8, 2], "by name and number together");
}

#[test]
fn the_two_ways_of_searching_answer_alike() {
    let desk = Desk::new();
    for n in 1..=40u8 {
        desk.open_visit(n);
    }
    // More visits than are gathered one by one.
    let conn = desk.raw();
    conn.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
         INSERT INTO permohonan (id, ticket, name, nik) SELECT printf('01932f6e-0000-7000-8000-%012x', 65536 + i), 'x/' || i,
             'Siti', printf('%016d', i) FROM n;",
    )
    .unwrap();
    drop(conn);
    desk.store.rebuild_search().unwrap();
    for n in 1..=40u8 {
        named(&desk, n, "1804015403089002", if n % 2 == 0 { "Siti" } else { "Budi" });
        deed(&desk, n, 50, RegisterKind::FormCompleted, &[]);
    }
    assert_eq!(ask(&desk, "budi").len(), 40, "twenty visits with two lines, gathered");
    assert_eq!(ask(&desk, "siti").len(), 40, "six hundred and twenty visits, walked");
    let limited = page(&desk, BookFilter { text: "siti".into(), limit: 3, ..BookFilter::default() });
    assert_eq!((limited.lines.len(), limited.total), (3, 40), "a page of it");
}

#[test]
fn a_database_from_before_the_index_is_searched_after_the_upgrade() {
    let older = StoreOptions { migrations: &store::MIGRATIONS[..5], ..crate::desk::options() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(store::Store::create(&path, &crate::desk::key(), &crate::desk::identity(), older).unwrap());
    // The program of before wrote these rows itself.
    let conn = crate::desk::raw(&path);
    conn.execute_batch(
        "INSERT INTO permohonan (id, ticket, name) VALUES ('01932f6e-0000-7000-8000-000000000001', '2026-11-01/A-001', 'Siti');",
    )
    .unwrap();
    drop(conn);
    let store =
        store::Store::open(&path, &crate::desk::key(), crate::desk::options(), crate::desk::at(5)).unwrap();
    let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::FormCompleted };
    store.transact(act, &by("op-1", 10), |_| Ok(())).unwrap();
    let siti = BookFilter { text: "siti".into(), ..BookFilter::default() };
    assert_eq!(
        store.read(|v| v.register_page(&siti)).unwrap().total,
        1,
        "a line of hers is found by her name"
    );
}

#[test]
fn a_correction_is_a_new_line_that_names_the_old_one() {
    let desk = desk();
    let correct = |row: u64, words: &str| {
        let act = Act::RegisterCorrect { permohonan: Some(visit(1)), row };
        desk.store
            .transact(act, &by("op-9", 9_000), |tx| tx.correct(row, words))
            .map(|changed| changed.register_row)
    };
    assert!(correct(99, "x").is_err(), "no such line");
    assert!(correct(5, "x").is_err(), "a small line is not in the book");
    assert!(correct(8, " ").is_err(), "in words");
    let new = correct(8, "Blangko 0718-224-914, salah catat").unwrap();
    let line = desk.store.read(|v| v.book_line(new)).unwrap().unwrap();
    assert_eq!(line.row.line.entry.corrects, Some(8), "names the old one");
    assert!(desk.store.read(|v| v.book_line(8)).unwrap().is_some(), "which stays");
    assert_eq!(ask(&desk, "224-914"), [new], "and is found by its words");
    assert!(desk.store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
}

#[test]
fn the_reports_count_what_was_done() {
    let desk = desk();
    receive(&desk, "0001", "0005");
    let spend = |n: u128, serial: &str| Effect::SpendBlangko { job: job(n), blangko: number(serial) };
    perform(&desk, &[print(1, "0001"), spend(1, "0001")]).unwrap();
    let spoil = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Misprint,
        note: String::new(),
        witness: officer(),
    };
    perform(&desk, &[spoil, print(2, "0002"), spend(2, "0002")]).unwrap();
    let clock = r#"{"clock":{"steps":{"form":{"used_s":100},"requirements":{"used_s":300},"verification":{"used_s":9}}}}"#;
    for (n, used) in [(1, 100), (2, 200), (3, 600)] {
        let state = clock.replacen("100", &used.to_string(), 1);
        let act = Act::PermohonanMove { permohonan: visit(n), kind: RegisterKind::RequirementsAccepted };
        desk.store
            .transact(act, &by("op-1", 3_000), |tx| {
                tx.set_state(visit(n), &state, "verification", store::LocalStatus::Draft)
            })
            .unwrap();
    }
    let day = 86_400_000;
    let words = [("langkah", "status"), ("alasan", "listrik padam")];
    deed(&desk, 2, 2 * day, RegisterKind::VisitReturned, &words);
    deed(
        &desk,
        1,
        2 * day,
        RegisterKind::DataDisputed,
        &[("blangko", "0718-224-913"), ("sebab", "disputed")],
    );
    // Said at step 5 the data are put right there; one of the two visits was handed back, and has its own line.
    for n in [1, 3] {
        deed(&desk, n, 2 * day, RegisterKind::DataDisputed, &[("di", "layar")]);
    }
    deed(&desk, 3, 2 * day, RegisterKind::VisitReturned, &[("langkah", "attestation"), ("hal", "nama")]);
    let period = ReportPeriod { from_ms: START_MS, to_ms: START_MS + 9 * 86_400_000, offset_s: 7 * 3_600 };
    desk.store
        .read(|v| {
            let days = v.report_by_day(&period)?;
            assert_eq!(
                (days.len(), days[0].printed, days[0].recorded),
                (1, 1, 0),
                "one good card; the other was voided"
            );
            assert_eq!(v.report_by_operator(&period)?[0].of, "op-1", "by one person");
            let steps = v.report_step_times(&period)?;
            assert_eq!(
                steps.iter().map(|s| (s.step.as_str(), s.visits, s.median_s, s.p90_s)).collect::<Vec<_>>(),
                [("form", 3, 200, 600), ("requirements", 3, 300, 300)],
                "the step they stand on is not finished"
            );
            let tally =
                |list: Vec<store::Tally>| list.into_iter().map(|t| (t.of, t.count)).collect::<Vec<_>>();
            let by = v.report_returns_by_operator(&period)?;
            assert_eq!(by.iter().map(|one| one.count).sum::<u32>(), 4, "one of them with a disputed card");
            assert_eq!(
                tally(v.report_return_reasons(&period)?),
                [("nama", 2), ("kartu_keluarga", 1), ("lainnya", 1), ("sanggahan", 1)]
                    .map(|(what, count)| (what.to_owned(), count)),
                "one for two things, and none without any"
            );
            assert_eq!(tally(v.report_spoilage(&period)?), [("misprint".to_owned(), 1)], "one spoiled");
            let months = v.report_spoilage_by_month(&period)?;
            assert_eq!(
                (months[0].spoiled, months[0].printed),
                (1, 1),
                "the card that was printed and then voided counts once"
            );
            assert_eq!(v.report_funnel(&period)?, store::Funnel::default(), "nothing was recorded here");
            assert!(
                v.report_unsent(START_MS)?.is_empty() && v.report_exceptions(&period)?.is_empty(),
                "none"
            );
            assert_eq!(v.report_quality(&period)?.len(), 4, "four modalities, also those without an attempt");
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_way_from_recording_to_card_is_counted_once_for_each_visit() {
    let desk = desk();
    let packet =
        |n: u8| domain::ids::PacketId::parse(&format!("01932f6e-0000-7000-9000-0000000000{n:02x}")).unwrap();
    for n in 1..=3u8 {
        let part = |part: &str| store::PacketPart {
            part: part.into(),
            path: format!("{n}/{part}"),
            sha256: vec![n; 32],
            bytes: 10,
            location: String::new(),
            sent: 0,
        };
        let new = store::Packet {
            id: packet(n),
            permohonan: visit(n),
            sequence: i64::from(n),
            register_seq: 2,
            sealed_ms: 0,
            parts: vec![part("id"), part("bio"), part("dok")],
        };
        let act = Act::PacketSeal { permohonan: visit(n), packet: packet(n) };
        desk.store.transact(act, &by("op-1", 60 + i64::from(n)), |tx| tx.add_packet(&new, 0)).unwrap();
    }
    let act = Act::ReceiptApply { packet: packet(1) };
    let receipt =
        store::Receipt { cms: b"signed".to_vec(), received_ms: 75, path: "network".into(), applied_ms: 0 };
    desk.store.transact(act, &by("op-1", 80), |tx| tx.apply_receipt(packet(1), &receipt)).unwrap();
    let act = Act::OutboxMove { packet: packet(2), state: "refused".into() };
    desk.store
        .transact(act, &by("op-1", 80), |tx| tx.set_outbox(packet(2), store::OutboxState::Refused, 1, 0, "x"))
        .unwrap();
    let says = |nik: &str, status: &str, ms: i64, packet: &str| {
        let sql = "INSERT INTO central_status (nik, status, as_of, packet) VALUES (?1, ?2, ?3, ?4)";
        desk.raw().execute(sql, (nik, status, START_MS + ms, packet)).unwrap();
    };
    says("1804015403089002", "Print-Ready.Record", 70, "");
    says("1813010101909001", "Duplicate Record", 70, "");
    // Of recordings before this one: what was said then says nothing of it.
    says("1813010202909002", "CARD_ISSUED", 59, "");
    says("1813010202909002", "DUP", 59, "");
    receive(&desk, "0001", "0002");
    perform(&desk, &[print(1, "0001"), Effect::SpendBlangko { job: job(1), blangko: number("0001") }])
        .unwrap();
    let period = ReportPeriod { from_ms: START_MS, to_ms: START_MS + 1_000, offset_s: 0 };
    let funnel = desk.store.read(|v| v.report_funnel(&period)).unwrap();
    let counted =
        (funnel.recorded, funnel.sent, funnel.acknowledged, funnel.refused, funnel.ready, funnel.duplicate);
    assert_eq!(counted, (3, 1, 1, 0, 1, 1), "three recorded, one through, one ready, one twice");
    assert_eq!(funnel.unsendable, 1, "the centre never saw it, and refused nothing");
    assert_eq!(funnel.oldest_unsent_ms, Some(START_MS + 63), "what cannot be sent is not what waits longest");
    let act = Act::OutboxMove { packet: packet(2), state: "refused".into() };
    desk.store.transact(act, &by("op-1", 85), |tx| tx.refused_by_centre(packet(2))).unwrap();
    let funnel = desk.store.read(|v| v.report_funnel(&period)).unwrap();
    assert_eq!((funnel.refused, funnel.unsendable), (1, 0), "now it did");
    assert_eq!(funnel.oldest_unsent_ms, Some(START_MS + 63), "nor is what was refused");
    assert_eq!((funnel.printed, funnel.handed_over, funnel.held_for_age), (1, 0, 0), "one printed");
    assert_eq!(funnel.queued, 0, "the one that is ready is printed");
    says("1813010202909002", "PRR", 50, &packet(3).to_string());
    let ready = || desk.store.read(|v| v.report_funnel(&period)).unwrap().ready;
    assert_eq!(ready(), 2, "about its packet, by a clock that is behind");
    let queued = || desk.store.read(|v| v.report_funnel(&period)).unwrap().queued;
    assert_eq!(queued(), 1, "and not printed");
    let held = "INSERT INTO print_queue (permohonan, state) VALUES (?1, 'held')";
    desk.raw().execute(held, [visit(3).to_string()]).unwrap();
    assert_eq!(queued(), 0, "who waits for the birthday stands in no queue");
    says("1813010202909002", "SENT-FOR CARD PRINTING", 71, "");
    says("1813010101909001", "card issued", 69, "");
    assert_eq!(ready(), 3, "each visit once, however it is written");
    let unsent = desk.store.read(|v| v.report_unsent(START_MS + 3 * 86_400_000)).unwrap();
    assert_eq!(unsent, [(2, 1)], "one waits, two whole days; the refused one waits for nothing");
    let act = Act::OutboxMove { packet: packet(3), state: "sent".into() };
    desk.store
        .transact(act, &by("op-1", 90), |tx| tx.set_outbox(packet(3), store::OutboxState::Sent, 1, 0, ""))
        .unwrap();
    let unsent = desk.store.read(|v| v.report_unsent(START_MS + 3 * 86_400_000)).unwrap();
    assert_eq!(unsent, [(2, 1)], "what was sent waits for its receipt");
    let funnel = desk.store.read(|v| v.report_funnel(&period)).unwrap();
    assert_eq!((funnel.sent, funnel.oldest_unsent_ms), (2, None), "but it is sent");
}

#[test]
fn the_mean_time_to_the_seal_counts_steps_1_to_5_of_what_was_sealed() {
    let desk = desk();
    let period = ReportPeriod { from_ms: START_MS, to_ms: START_MS + 1_000, offset_s: 0 };
    let mean = |desk: &Desk| desk.store.read(|v| v.report_mean_to_seal(&period)).unwrap();
    assert_eq!(mean(&desk), None, "nothing was sealed, nothing is said");
    for (n, used) in [(1u8, 400), (2, 800), (3, 9_000)] {
        let state = format!(
            r#"{{"clock":{{"steps":{{"form":{{"used_s":{used}}},"attestation":{{"used_s":100}},"status":{{"used_s":7000}}}}}}}}"#
        );
        let act = Act::PermohonanMove { permohonan: visit(n), kind: RegisterKind::RequirementsAccepted };
        desk.store
            .transact(act, &by("op-1", 50), |tx| {
                tx.set_state(visit(n), &state, "status", store::LocalStatus::Sealed)
            })
            .unwrap();
    }
    for n in 1..=2u8 {
        let id = domain::ids::PacketId::parse(&format!("01932f6e-0000-7000-9000-0000000000{n:02x}")).unwrap();
        let new = store::Packet {
            id,
            permohonan: visit(n),
            sequence: i64::from(n),
            register_seq: 2,
            sealed_ms: 0,
            parts: Vec::new(),
        };
        let act = Act::PacketSeal { permohonan: visit(n), packet: id };
        desk.store.transact(act, &by("op-1", 60), |tx| tx.add_packet(&new, 0)).unwrap();
    }
    assert_eq!(mean(&desk), Some(700), "(500 + 900) / 2; the third is not sealed, step 7 is not counted");
}
