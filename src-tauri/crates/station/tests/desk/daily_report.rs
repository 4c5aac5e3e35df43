//! The daily report on paper, and the list of the shelf: what they count, whom they name, and as of when.

use std::path::Path;
use std::sync::Arc;

use domain::ids::{PacketId, PermohonanId};
use station::Error;
use station::view::{PrintResult, ReportPeriod, StockItem, TableFormat};
use store::{Act, Ctx, OutboxState, Store, Tx};

use crate::bench::{Bench, on_one_day};
use crate::handing_over::books;
use crate::printing::{FIRST, job, photographed, print_on, print_to, printable, told};
use crate::reports::{asked, become_officer, said};
use crate::sealed::sealed;
use crate::stock::witnesses;

#[test]
fn the_daily_report_follows_the_card_counts_what_is_lost_and_says_when_it_was_read() {
    on_one_day(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = sealed();
        bench.training.config.station.save_folders = vec![folder.path().to_string_lossy().into_owned()];
        become_officer(&bench, "hendra");
        let day = bench.station.register(&asked("")).unwrap().period.to;
        bench.station.receive_stock(StockItem::Blangko, 20, "0718-224-901", "SJ-1").unwrap();
        bench.station.count_stock(StockItem::Blangko, &["0718224901-0718224919".to_owned()]).unwrap();
        bench.station.explain_count(StockItem::Blangko, "tidak ada di rak").unwrap();
        let flat = |bench: &Bench, period: ReportPeriod| {
            let printed = bench.station.report_print(period, &day).unwrap();
            said(bench, &printed.document_id).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let text = flat(&bench, ReportPeriod::Day);
        for words in ["Terkirim 0 1 belum terkirim", "Diakui pusat 0", "Siap cetak 0", "Dikembalikan 0"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(text.contains("1 paket belum diakui pusat."), "what waits: {text}");
        assert!(text.contains("Rusak Keluar Akhir"), "a lost piece was not given back: {text}");
        assert!(text.contains("Blangko WNI 0 20 0 0 1 19"), "but it is out of the account: {text}");
        assert!(text.contains("Keluar: dikembalikan, tidak ditemukan"), "which the paper says: {text}");
        assert!(
            !text.contains(", per 2") && text.contains("Kartu belum diambil: 0"),
            "today is today: {text}"
        );
        let read_later = |bench: &Bench| bench.station.report(ReportPeriod::Day, &day).unwrap().read_later;
        assert_eq!(read_later(&bench), None, "on the screen too");

        let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(9 * 24);
        bench.restart_by(Arc::new(station::clock::HeldClock::at(later)));
        become_officer(&bench, "hendra");
        let shown = read_later(&bench).expect("the screen says when");
        assert_eq!(shown[..13], later.to_string()[..13], "now, not that day");
        let text = flat(&bench, ReportPeriod::Day);
        assert!(text.contains("Kartu belum diambil, per "), "the shelf is read now: {text}");
        assert!(text.contains("dari yang terekam hari itu, per "), "and so is the centre's word: {text}");
        assert!(!text.contains("paket belum diakui"), "what waits now did not wait then: {text}");
        let text = flat(&bench, ReportPeriod::Week);
        for head in ["Tahap, per ", "Umur, per ", "Barang, per "] {
            assert!(text.contains(head), "{head}: {text}");
        }
        let folder = bench.station.save_folders().unwrap().remove(0);
        let saved = bench.station.report_table(ReportPeriod::Week, &day, TableFormat::Xlsx, &folder).unwrap();
        assert!(std::fs::metadata(&saved.path).unwrap().len() > 500, "and it can be saved as any other");
        let saved = bench.station.report_table(ReportPeriod::Week, &day, TableFormat::Csv, &folder).unwrap();
        let list = std::fs::read_to_string(&saved.path).unwrap();
        for head in ["Tahap, per ", "Umur, per ", "Barang, per "] {
            assert!(list.contains(head), "{head} also as a file: {list}");
        }
    });
}

/// Where a packet has come to.
#[derive(Clone, Copy)]
enum End {
    Sent,
    Acknowledged,
    RefusedByCentre,
    NotSendable,
}

/// One more sealed visit, as the outbox has it after its packet came to that end.
fn lay_packet(store: &Store, ctx: &Ctx, visit: &str, n: u8, end: End) {
    let permohonan = PermohonanId::parse(visit).unwrap();
    let packet = PacketId::parse(&format!("01932f6e-0000-7000-9000-0000000000{n:02x}")).unwrap();
    let sequence = store.read(|look| look.peek_packet_sequence()).unwrap();
    let (register_seq, sealed_ms, parts) = (1, 0, Vec::new());
    let new = store::Packet { id: packet, permohonan, sequence, register_seq, sealed_ms, parts };
    store.transact(Act::PacketSeal { permohonan, packet }, ctx, |tx| tx.add_packet(&new, 0)).unwrap();
    let moved = |state: &str| Act::OutboxMove { packet, state: state.into() };
    match end {
        End::Sent => {
            store
                .transact(moved("sent"), ctx, |tx| tx.set_outbox(packet, OutboxState::Sent, 1, 0, ""))
                .unwrap();
        }
        End::Acknowledged => {
            let receipt = store::Receipt {
                cms: b"signed".to_vec(),
                received_ms: ctx.now.as_millisecond(),
                path: "network".into(),
                applied_ms: 0,
            };
            let act = Act::ReceiptApply { packet };
            store.transact(act, ctx, |tx| tx.apply_receipt(packet, &receipt)).unwrap();
        }
        End::RefusedByCentre | End::NotSendable => {
            let by_centre = matches!(end, End::RefusedByCentre);
            let refuse = |tx: &Tx<'_>| {
                tx.set_outbox(packet, OutboxState::Refused, 1, 0, "uji")?;
                if by_centre { tx.refused_by_centre(packet) } else { Ok(()) }
            };
            store.transact(moved("refused"), ctx, refuse).unwrap();
        }
    }
}

#[test]
fn a_signed_report_tells_each_packet_in_one_place_and_an_age_of_what_waits_alone() {
    on_one_day(|| {
        let bench = sealed();
        let ends = [
            End::Sent,
            End::Sent,
            End::Acknowledged,
            End::RefusedByCentre,
            End::NotSendable,
            End::RefusedByCentre,
        ];
        let visits = ends.map(|_| bench.station.open("baru_wni").unwrap().id);
        books(&bench, |store, ctx| {
            for (n, (visit, end)) in (1..).zip(visits.iter().zip(ends)) {
                // The last one was refused long ago, and its row stays.
                let days = if n == 6 { 160 } else { 0 };
                let now = ctx.now - jiff::SignedDuration::from_hours(24 * days);
                lay_packet(store, &Ctx { operator: ctx.operator.clone(), now }, visit, n, end);
            }
        });
        become_officer(&bench, "hendra");
        let day = bench.station.register(&asked("")).unwrap().period.to;
        let flat = |period: ReportPeriod| {
            let printed = bench.station.report_print(period, &day).unwrap();
            said(&bench, &printed.document_id).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let left = ["1 belum terkirim, 1 tidak dapat dikirim", "1 ditolak pusat, 2 menunggu tanda terima"];
        let daily = flat(ReportPeriod::Day);
        for words in [
            "Terekam 6",
            &format!("Terkirim 3 {}", left[0]),
            &format!("Diakui pusat 1 {}", left[1]),
            "Siap cetak 0 1 belum siap cetak menurut pusat",
            "3 paket belum diakui pusat.",
        ] {
            assert!(daily.contains(words), "{words}: {daily}");
        }
        let month = flat(ReportPeriod::Month);
        for words in left {
            assert!(month.contains(words), "as on the screen, {words}: {month}");
        }
        for paper in [&daily, &month] {
            assert!(!paper.contains("tertua"), "what was refused long ago makes nothing old: {paper}");
        }
        let unsent = bench.station.report(ReportPeriod::Day, &day).unwrap().unsent;
        let counts: Vec<u32> = unsent.iter().map(|bracket| bracket.count).collect();
        assert_eq!(counts, [3, 0, 0, 0], "nor does it stand among what waits");
    });
}

#[test]
fn the_cards_on_the_shelf_are_saved_as_a_list_that_masks_the_nik() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().to_string_lossy().into_owned();
    let mut bench = crate::printing::printed();
    bench.training.config.station.save_folders = vec![named.clone()];
    bench.restart();
    become_officer(&bench, "rizal");
    let card = bench.station.unclaimed().unwrap().remove(0);
    for format in [TableFormat::Xlsx, TableFormat::Csv, TableFormat::Pdf] {
        let saved = bench.station.unclaimed_table(format, &named).unwrap();
        assert_eq!(saved.rows, 1, "{format:?}: one card");
        let name = Path::new(&saved.path).file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with("latihan-kartu-belum-diambil-20"), "nobody is named in {name}");
    }
    let csv = bench.station.unclaimed_table(TableFormat::Csv, &named).unwrap();
    let list = std::fs::read_to_string(&csv.path).unwrap();
    for words in [&card.ticket, &card.name, &card.masked_nik, &card.serial, &card.place, &card.slip_number] {
        assert!(!words.is_empty() && list.contains(words.as_str()), "{words}: {list}");
    }
    assert!(!list.contains(&bench.nik), "the NIK is masked");
    let elsewhere = bench.station.unclaimed_table(TableFormat::Csv, "/tmp");
    assert!(matches!(elsewhere, Err(Error::Invalid { .. })), "nowhere else: {elsewhere:?}");
}

#[test]
fn a_good_card_that_was_laid_nowhere_is_looked_for_too() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().to_string_lossy().into_owned();
    let mut bench = printable();
    bench.training.config.station.save_folders = vec![named.clone()];
    print_to(&bench, FIRST, "");
    let listed = bench.station.unclaimed().unwrap();
    assert_eq!((listed.len(), listed[0].place.as_str(), listed[0].days), (1, "", 0), "nobody has it yet");
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48);
    bench.restart_by(Arc::new(station::clock::HeldClock::at(later)));
    become_officer(&bench, "rizal");
    let listed = bench.station.unclaimed().unwrap();
    assert_eq!((listed.len(), listed[0].days), (1, 2), "since it was accepted");
    assert_eq!(listed[0].serial, "0718-224-913", "which card");
    let saved = bench.station.unclaimed_table(TableFormat::Csv, &named).unwrap();
    let list = std::fs::read_to_string(&saved.path).unwrap();
    assert!(list.contains("belum ada tempat"), "{list}");
    bench.station.set_shelf(&bench.id, "C1-01").unwrap();
    assert_eq!(bench.station.unclaimed().unwrap()[0].place, "C1-01", "once, with its place");
    bench.station.set_shelf(&bench.id, "").unwrap();
    let listed = bench.station.unclaimed().unwrap();
    assert_eq!((listed.len(), listed[0].place.as_str()), (1, ""), "taken off the shelf is not collected");

    become_officer(&bench, "hendra");
    let day = bench.station.register(&asked("")).unwrap().period.to;
    let funnel = bench.station.report(ReportPeriod::Day, &day).unwrap().funnel;
    assert_eq!((funnel.on_shelf, funnel.oldest_on_shelf_days), (1, Some(2)), "counted with its age");
    let paper = said(&bench, &bench.station.report_print(ReportPeriod::Day, &day).unwrap().document_id);
    assert!(paper.contains("belum ada tempat"), "and on the paper of the day: {paper}");
}

#[test]
fn a_card_that_is_void_after_its_print_is_spoiled_and_not_used_on_each_paper_of_the_stock() {
    on_one_day(|| {
        let bench = printable();
        let (station, id) = (&bench.station, bench.id.as_str());
        let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
        station.start_print(id, FIRST, &job()).unwrap();
        told(&bench);
        station.print_result(id, PrintResult::Printed, FIRST, None, None).unwrap();
        station.print_result(id, PrintResult::Spoiled, "misprint", witness, password).unwrap();
        photographed(&bench, FIRST);
        print_on(&bench, "0718224914");
        become_officer(&bench, "hendra");
        let day = station.register(&asked("")).unwrap().period.to;
        let flat = |document: &str| said(&bench, document).split_whitespace().collect::<Vec<_>>().join(" ");
        // Before, in, used, spoiled, gone, after.
        let row = "Blangko WNI 0 10 1 1 0 8";
        let daily = flat(&station.report_print(ReportPeriod::Day, &day).unwrap().document_id);
        let stock = flat(&station.stock_report(&day).unwrap().document_id);
        for paper in [&daily, &stock] {
            assert!(paper.contains(row), "{row}: {paper}");
            assert!(paper.contains("yang dikurangkan dari Dipakai"), "and why: {paper}");
            assert!(!paper.contains("tidak sama dengan akhir"), "it adds up: {paper}");
        }
        let waiting: Vec<String> =
            station.blangko().unwrap().to_destroy.iter().map(|piece| piece.id.clone()).collect();
        let made = station.make_berita_acara(&waiting, "Dibakar", &witnesses()).unwrap();
        let act = flat(&made.acts[0].document.document_id);
        assert!(act.contains(" 0 10 1 1 0 8 "), "the same account: {act}");
    });
}
