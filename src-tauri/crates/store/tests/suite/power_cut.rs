//! The process is killed at every point of steps 6–9: between two lines of the ledger, between an order and its piece,
//! between two pieces of a chip. Stock book, orders, chip journal, shelf and register agree after every one.

use crate::desk::{Desk, at, by, key, options, visit};
use crate::table::stock::{job, number, officer, print, receive};
use domain::paper::DocumentKind;
use domain::permohonan::{CardNews, Effect};
use domain::register::RegisterKind;
use domain::steps::print::SpoilReason;
use domain::steps::print_request::Priority;
use domain::stock::{Account, Item, Movement, MovementKind};
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::{
    Act, CardJobState, ChipEnd, ChipState, NewBeritaAcara, NewChipWrite, NewDocument, StockCount, Store,
};

const CHILD: &str = "REKAM_STORE_PRINT_CHILD";
const CUT: &str = "REKAM_STORE_PRINT_CUT";
const NTH: &str = "REKAM_STORE_PRINT_NTH";

/// Every point at which something is written and not yet on the disk, or just is.
const CUTS: [&str; 8] = [
    "store::act::begun",
    "store::stock::line_written",
    "store::stock::balances_kept",
    "store::effects::performed",
    "store::act::before_commit",
    "store::act::committed",
    "store::ledger::before_commit",
    "store::ledger::committed",
];

fn perform(store: &Store, kind: RegisterKind, effects: &[Effect]) {
    let act = Act::PermohonanMove { permohonan: visit(1), kind };
    store
        .transact(act, &by("op-1", 3_000), |tx| {
            for effect in effects {
                tx.perform_effect(visit(1), effect)?;
            }
            Ok(())
        })
        .unwrap();
}

fn spoil(serial: &str) -> Effect {
    Effect::SpoilBlangko {
        blangko: number(serial),
        reason: SpoilReason::Chip,
        note: "tercabut".into(),
        witness: officer(),
    }
}

/// Steps 6–9 with everything that can go wrong on the way. Each line is one act or one entry of a journal.
fn walk(store: &Store) {
    let join = Effect::JoinPrintQueue { priority: Priority::Urgent, reason: "sick".into() };
    let told = |news, serial: Option<&str>| Effect::NotifyCentre {
        news,
        job: job(100),
        blangko: serial.map(number),
    };
    perform(store, RegisterKind::PrintRequested, &[join, told(CardNews::Requested, None)]);
    // A card whose chip is torn out: void.
    perform(store, RegisterKind::PrintStarted, &[print(1, "0001")]);
    perform(
        store,
        RegisterKind::CardPrinted,
        &[Effect::SpendBlangko { job: job(1), blangko: number("0001") }],
    );
    let chip = |serial: &str| {
        let act = Act::ChipWrite { permohonan: visit(1), blangko: number(serial), state: "writing".into() };
        let new = NewChipWrite {
            permohonan: visit(1),
            blangko: number(serial),
            uid: "04a1".into(),
            profile: "latihan-1".into(),
            digest: vec![1; 32],
            total: 3,
        };
        store.transact(act, &by("op-1", 3_100), |tx| tx.begin_chip_write(&new)).unwrap().value
    };
    let torn = chip("0001");
    store.bookkeep(at(3_110), |ledger| ledger.chip_progress(torn, 0, 1)).unwrap();
    store.bookkeep(at(3_111), |ledger| ledger.chip_progress(torn, 1, 2)).unwrap();
    let act = Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state: "torn".into() };
    store
        .transact(act, &by("op-1", 3_120), |tx| tx.set_chip_write(torn, ChipState::Torn, "card_removed", b""))
        .unwrap();
    perform(store, RegisterKind::BlangkoSpoiled, &[spoil("0001")]);
    // The spoiled card lies on the reader: its chip is ended, and nobody could photograph it.
    for end in [ChipEnd::Begun, ChipEnd::Done] {
        let state = format!("end {}", end.code());
        let act = Act::ChipWrite { permohonan: visit(1), blangko: number("0001"), state };
        store.transact(act, &by("op-1", 3_130), |tx| tx.set_chip_end(torn, end, "")).unwrap();
    }
    let act = Act::BlangkoPhoto { blangko: number("0001") };
    store
        .transact(act, &by("op-1", 3_140), |tx| tx.set_spoiled_photo_note(&number("0001"), "kamera rusak"))
        .unwrap();
    // A job of which nobody knows; the blangko was still in the tray.
    perform(store, RegisterKind::PrintStarted, &[print(2, "0002")]);
    let hold = Effect::HoldBlangko { job: job(2), blangko: number("0002") };
    perform(store, RegisterKind::PrintUnknown, &[hold]);
    let back = Effect::PutBackBlangko { job: job(2), blangko: number("0002") };
    perform(store, RegisterKind::BlangkoReturned, &[back]);
    // A good card that nobody finds before its quality was judged.
    perform(store, RegisterKind::PrintStarted, &[print(4, "0003")]);
    perform(
        store,
        RegisterKind::CardPrinted,
        &[Effect::SpendBlangko { job: job(4), blangko: number("0003") }],
    );
    let gone = Effect::MissBlangko {
        blangko: number("0003"),
        note: "meja dan laci kosong".into(),
        witness: officer(),
    };
    perform(store, RegisterKind::BlangkoMissing, &[gone, told(CardNews::Voided, Some("0003"))]);
    // The good card.
    perform(store, RegisterKind::PrintStarted, &[print(3, "0002")]);
    let act = Act::CardJobMove { permohonan: visit(1), job: job(3), state: "reported_done".into() };
    store
        .transact(act, &by("op-1", 3_200), |tx| {
            tx.report_card_job(job(3), CardJobState::ReportedDone, "done")
        })
        .unwrap();
    perform(
        store,
        RegisterKind::CardPrinted,
        &[Effect::SpendBlangko { job: job(3), blangko: number("0002") }],
    );
    let good = chip("0002");
    store.bookkeep(at(3_210), |ledger| ledger.chip_progress(good, 3, 0)).unwrap();
    let act = Act::ChipWrite { permohonan: visit(1), blangko: number("0002"), state: "verified".into() };
    store
        .transact(act, &by("op-1", 3_220), |tx| tx.set_chip_write(good, ChipState::Verified, "", b"log"))
        .unwrap();
    let shelve = Effect::ShelveCard { place: "B2-07".into() };
    perform(
        store,
        RegisterKind::CardPrinted,
        &[Effect::LeavePrintQueue, shelve, told(CardNews::Issued, Some("0002"))],
    );
    let old = Effect::WithdrawOldCard { condition: "retak".into(), place: "Kotak 14".into(), again: false };
    perform(store, RegisterKind::OldCardWithdrawn, &[old, told(CardNews::OldWithdrawn, None)]);
    perform(store, RegisterKind::CardHandedOver, &[Effect::LeaveShelf, told(CardNews::Active, Some("0002"))]);
    // A count that waits for its words; then one is missing and one was never booked.
    let count = || Act::StockCount { item: Item::Blangko, counted: 6, difference: 0 };
    let waits = "stock.count.blangko";
    store.transact(count(), &by("op-1", 3_240), |tx| tx.set_setting(waits, "{\"head\":1}")).unwrap();
    let counted = StockCount {
        item: Item::Blangko,
        booked: 6,
        counted: 6,
        difference_json: "{}".into(),
        explanation: "tertukar di map".into(),
        at_ms: 0,
    };
    let moved = [(MovementKind::Lost, "0009"), (MovementKind::Surplus, "0099")]
        .map(|(kind, serial)| Movement::piece(kind, Item::Blangko, number(serial)));
    store
        .transact(count(), &by("op-1", 3_250), |tx| {
            tx.set_setting(waits, "null")?;
            tx.count_stock(&counted, &moved)
        })
        .unwrap();
    // The paper takes its number in the act that destroys.
    let act = Act::BlangkoDestroy { number: "BA/1".into(), pieces: 2 };
    let paper = NewDocument {
        permohonan: None,
        kind: DocumentKind::BeritaAcara.key().into(),
        number: "BA/1".into(),
        pdf: b"%PDF-1.7".to_vec(),
    };
    let destroyed = |document| NewBeritaAcara {
        number: "BA/1".into(),
        witnesses_json: "[]".into(),
        method: "dibakar".into(),
        place: "Krui".into(),
        document,
        blangko: vec![number("0001")],
        cards: vec![visit(1)],
    };
    store
        .transact(act, &by("op-3", 3_300), |tx| {
            tx.next_document_number(DocumentKind::BeritaAcara, 2026)?;
            let document = tx.add_document(&paper)?;
            tx.add_berita_acara(&destroyed(document))
        })
        .unwrap();
    // Its photograph, and the paper that signs it off.
    let id = store.read(|v| v.berita_acara()).unwrap()[0].id;
    let number = || "BA/1".to_owned();
    store
        .transact(Act::DestructionPhoto { number: number() }, &by("op-3", 3_310), |tx| {
            tx.set_destruction_photo(id, "image/jpeg", b"jpeg")
        })
        .unwrap();
    let paper = NewDocument { kind: DocumentKind::FotoPemusnahan.key().into(), ..paper };
    store
        .transact(Act::DestructionSign { number: number() }, &by("op-3", 3_320), |tx| {
            let document = tx.add_document(&paper)?;
            tx.sign_destruction(id, document)
        })
        .unwrap();
}

/// Only the child of the test below does something here: it walks until it is killed.
#[test]
fn child_that_prints_until_it_is_killed() {
    let (Ok(path), Ok(cut), Ok(nth)) = (std::env::var(CHILD), std::env::var(CUT), std::env::var(NTH)) else {
        return;
    };
    let store = Store::open(path.as_ref(), &key(), options(), at(2_000)).unwrap();
    let nth: usize = nth.parse().unwrap();
    let hits = AtomicUsize::new(0);
    fail::cfg_callback(cut, move || {
        if hits.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            let me = nix::unistd::Pid::this();
            nix::sys::signal::kill(me, nix::sys::signal::Signal::SIGKILL).unwrap();
        }
    })
    .unwrap();
    walk(&store);
}

/// What acts have written, without the times and the progress of journals.
fn content(path: &Path) -> String {
    let conn = crate::desk::raw(path);
    let mut text = String::new();
    for sql in [
        "SELECT id || kind || first || last || permohonan || note FROM stock_movement ORDER BY id",
        "SELECT item || account || quantity FROM stock_balance ORDER BY item, account",
        "SELECT serial || account || permohonan || movement FROM blangko ORDER BY serial",
        "SELECT permohonan || state || priority || reason || not_before FROM print_queue ORDER BY 1",
        "SELECT id || blangko || state || outcome || words FROM card_job ORDER BY id",
        "SELECT id || blangko || state || cause || hex(log) || ending || ending_cause FROM chip_write ORDER BY id",
        "SELECT serial || reason || note || register_row || coalesce(berita_acara, '') || photo_note FROM spoiled_blangko
         ORDER BY 1",
        "SELECT permohonan || condition || place || register_row || coalesce(berita_acara, '') FROM withdrawn_card",
        "SELECT number || pieces || document FROM berita_acara",
        "SELECT berita_acara || hex(photo) || note || document FROM destruction_photo",
        "SELECT item || booked || counted || explanation FROM stock_count ORDER BY id",
        "SELECT name || value FROM setting WHERE name LIKE 'stock.%' ORDER BY name",
        "SELECT id || kind || number FROM document ORDER BY id",
        "SELECT name || last FROM sequence ORDER BY name",
        "SELECT permohonan || place || (left_at > 0) FROM shelf",
        "SELECT permohonan || (handed_at > 0) FROM handover",
        "SELECT id || job || kind || serial || state FROM card_report ORDER BY id",
        "SELECT seq || words FROM register_search ORDER BY seq",
    ] {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        text.extend(rows.map(|row| row.unwrap() + "\n"));
        text.push_str("--\n");
    }
    text
}

/// The content after each act of a walk without a cut, by the number of register lines.
fn uncut(path: &Path) -> BTreeMap<u64, String> {
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let (watched, kept) = (path.to_owned(), Arc::clone(&seen));
    let look = move || {
        let rows: i64 = crate::desk::raw(&watched)
            .query_row("SELECT max(seq) FROM register", [], |row| row.get(0))
            .unwrap();
        kept.lock().unwrap().insert(rows.cast_unsigned(), content(&watched));
    };
    look();
    let store = Store::open(path, &key(), options(), at(2_000)).unwrap();
    fail::cfg_callback("store::act::committed", look).unwrap();
    walk(&store);
    fail::remove("store::act::committed");
    let seen = seen.lock().unwrap();
    seen.clone()
}

/// What must hold after any cut, and what the start of the program then does.
fn judge(path: &Path, place: &str, uncut: &BTreeMap<u64, String>) -> u64 {
    let store = Store::open(path, &key(), options(), at(5_000)).unwrap(); // runs quick_check
    let agrees = || assert_eq!(store.read(|v| v.verify_stock()).unwrap(), None, "{place}: the stock agrees");
    agrees();
    let rows = store.verify_register(&[]).unwrap().unwrap().rows;
    assert_eq!(
        content(path),
        uncut[&rows],
        "{place}: with {rows} lines everything stands as it did without a cut: an act is there whole, or not at all"
    );
    store
        .read(|v| {
            for name in ["0001", "0002"] {
                let serial = number(name);
                let at = v.blangko(&serial)?.unwrap().account;
                if let Some(chip) = v.chip_write(&serial)? {
                    let alive =
                        matches!(chip.state, ChipState::Writing | ChipState::Torn | ChipState::Verified);
                    assert_eq!(
                        alive,
                        at == Account::Used,
                        "{place}: chip {:?} of a card in {at:?}",
                        chip.state
                    );
                }
            }
            let reports: Vec<_> = v.card_reports_of(visit(1))?.into_iter().map(|r| r.news).collect();
            let whole = [
                CardNews::Requested,
                CardNews::Voided,
                CardNews::Issued,
                CardNews::OldWithdrawn,
                CardNews::Active,
            ];
            assert_eq!(reports, whole[..reports.len()], "{place}: the centre is told in order");
            let lost = v.blangko(&number("0003"))?.unwrap().account == Account::Missing;
            assert_eq!(lost, reports.len() >= 2, "{place}: a lost card is missing and told, or neither");
            let boxed = v.withdrawn_cards(None)?.len() + v.berita_acara()?.len();
            assert_eq!(
                boxed > 0,
                reports.len() >= 4,
                "{place}: an old card is in the box and told, or neither"
            );
            let handed = v.handover(visit(1))?.is_some_and(|kept| kept.handed_ms > 0);
            assert_eq!(handed, reports.len() == 5, "{place}: in the hand and told, or neither");
            // What is signed off has its paper.
            if let Some(act) = v.berita_acara()?.first() {
                let signed = v.destruction_photo(act.id)?.map_or(0, |kept| kept.document);
                let papers = v.documents_by_number("BA/1")?.len();
                assert_eq!(papers, if signed == 0 { 1 } else { 2 }, "{place}: signed off with its paper");
            }
            assert!(!handed || v.shelf_place(visit(1))?.is_none(), "{place}: in the hand and on no shelf");
            Ok(())
        })
        .unwrap();
    // As at the start of the program: what was under way is unknown until somebody has looked.
    for open in store.read(|v| v.open_card_jobs()).unwrap() {
        if open.state != CardJobState::Unknown {
            let hold = Effect::HoldBlangko { job: open.id, blangko: open.blangko.clone() };
            perform(&store, RegisterKind::PrintUnknown, &[hold]);
        }
        agrees();
        let back = Effect::PutBackBlangko { job: open.id, blangko: open.blangko };
        perform(&store, RegisterKind::BlangkoReturned, &[back]);
        agrees();
    }
    rows
}

#[test]
fn a_cut_at_any_point_of_steps_6_to_9_leaves_ledger_journal_and_register_agreeing() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0009");
    let begun = desk.store.verify_register(&[]).unwrap().unwrap().rows;
    let Desk { folder, store } = desk;
    drop(store);
    let whole = folder.path().join("rekam.db");
    let reference = folder.path().join("uncut.db");
    std::fs::copy(&whole, &reference).unwrap();
    let uncut = uncut(&reference);
    assert_eq!(uncut.keys().next(), Some(&begun), "as it begins");
    let mut cuts = 0;
    let mut last = Vec::new();
    for cut in CUTS {
        let mut before = begun;
        for nth in 1.. {
            let copy = tempfile::tempdir().unwrap();
            let path = copy.path().join("rekam.db");
            std::fs::copy(&whole, &path).unwrap();
            let child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "power_cut::child_that_prints_until_it_is_killed"])
                .envs([(CHILD, path.as_os_str()), (CUT, cut.as_ref()), (NTH, nth.to_string().as_ref())])
                .output()
                .unwrap();
            let place = format!("{cut}, time {nth}");
            let rows = judge(&path, &place, &uncut);
            assert!(rows >= before, "{place}: what was on the disk at an earlier cut is there");
            before = rows;
            if child.status.signal() == Some(9) {
                cuts += 1;
                continue;
            }
            assert!(child.status.success(), "{place}: {}", String::from_utf8_lossy(&child.stdout));
            assert!(nth > 1, "{cut} was never reached");
            last.push(rows);
            break;
        }
    }
    assert!(last.iter().all(|rows| *rows == last[0]), "an uncut walk writes the same lines: {last:?}");
    assert!(cuts > 60, "only {cuts} cuts");
}
