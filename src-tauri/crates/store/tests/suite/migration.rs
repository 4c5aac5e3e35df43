//! The schema moves forward whole or not at all, and never backward.

use crate::desk::{Desk, at, identity, key, options, raw, visit};
use domain::permohonan::CardNews;
use domain::stock::{Account, Item};
use store::{CardOutcome, CardReportState, ChipEnd, Error, MIGRATIONS, Migration, Store, StoreOptions};

/// Every schema object with its SQL, as a new database has it.
#[test]
fn the_schema_is_the_one_that_was_agreed_on() {
    let desk = Desk::new();
    let conn = desk.raw();
    let mut statement =
        conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name").unwrap();
    let found: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let found = found.join(";\n") + ";\n";
    let agreed_path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/schema.sql");
    if std::env::var_os("REKAM_UPDATE_SCHEMA").is_some() {
        std::fs::write(agreed_path, &found).unwrap();
    }
    let agreed = std::fs::read_to_string(agreed_path).unwrap();
    assert_eq!(
        found, agreed,
        "a new migration changes the snapshot too: REKAM_UPDATE_SCHEMA=1, then read the diff"
    );
    // The tables behind a search index are SQLite's own, and their names quoted.
    let ours = |sql: &&str| sql.starts_with("CREATE TABLE") && !sql.starts_with("CREATE TABLE '");
    for table in found.split(";\n").filter(ours) {
        assert!(table.trim_end().ends_with("STRICT"), "not STRICT: {table}");
    }
}

#[test]
fn the_promises_stand_in_the_open_file() {
    let desk = Desk::new();
    let conn = desk.raw();
    let text = |pragma: &str| {
        conn.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, String>(0)).unwrap()
    };
    assert_eq!(text("journal_mode"), "wal", "readers never wait for a writer");
    assert_eq!(text("cipher_page_size"), "16384", "16 KiB pages");
    assert_eq!(
        desk.store.durability_for_tests().unwrap(),
        (2, 1),
        "synchronous=FULL and foreign keys on the writer"
    );
    let head = std::fs::read(desk.path()).unwrap();
    assert!(!head.starts_with(b"SQLite format 3"), "the file is encrypted from the first byte");
}

const ADDITIVE: Migration = Migration {
    name: "20270101-0003-note",
    sql: "CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;",
    version: 1,
};
const LOCKING: Migration = Migration {
    name: "20270101-0004-lock",
    sql: "ALTER TABLE setting ADD COLUMN scope TEXT NOT NULL DEFAULT '';",
    version: store::SCHEMA_VERSION + 1,
};

fn with(list: &[Migration]) -> StoreOptions {
    let whole: Vec<Migration> = MIGRATIONS.iter().chain(list).copied().collect();
    StoreOptions { migrations: Box::leak(whole.into_boxed_slice()), ..options() }
}

fn only(count: usize) -> StoreOptions {
    StoreOptions { migrations: &MIGRATIONS[..count], ..options() }
}

#[test]
fn a_database_of_an_older_program_is_backed_up_and_upgraded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), only(1)).unwrap());
    raw(&path)
        .execute_batch(
            "INSERT INTO permohonan (id, ticket, kind) VALUES ('01932f6e-0000-7000-8000-000000000001', '2026-11-01/A-001', 'baru_wni');",
        )
        .unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    assert_eq!(
        store.read(|v| v.permohonan(visit(1))).unwrap().unwrap().kind,
        "baru_wni",
        "the period row is there"
    );
    assert!(store.read(|v| v.resident_extracts()).unwrap().is_empty(), "the new table too");
    let backup = folder.path().join("rekam.db.before-20261123-0002-residents");
    let old = raw(&backup);
    let rows: i64 = old.query_row("SELECT count(*) FROM permohonan", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1, "the backup is a whole database of before");
    assert!(old.prepare("SELECT 1 FROM resident").is_err(), "without the new table");
    drop(store);
    std::fs::remove_file(&backup).unwrap();
    drop(Store::open(&path, &key(), options(), at(6)).unwrap());
    assert!(!backup.exists(), "nothing to upgrade, nothing to back up");
}

#[test]
fn the_chips_of_cards_that_were_spoiled_before_the_upgrade_are_owed_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-spoiled")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let visit = "01932f6e-0000-7000-8000-000000000001";
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{visit}', '2026-11-01/A-001', 'baru_wni');
         INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'received', 'supplier', 'store', 4, '0001', '0004');
         INSERT INTO berita_acara (number, pieces) VALUES ('BA/1', 1);"
    );
    // Spoiled and written; spoiled and blank; destroyed; good.
    for (serial, account, done, act) in [
        ("0001", "spoiled", 3, "NULL"),
        ("0002", "spoiled", 0, "NULL"),
        ("0003", "destroyed", 3, "1"),
        ("0004", "used", 3, ""),
    ] {
        old += &format!(
            "INSERT INTO blangko (serial, account, movement) VALUES ('{serial}', '{account}', 1);
             INSERT INTO chip_write (permohonan, blangko, total, done, state)
             VALUES ('{visit}', '{serial}', 3, {done}, 'void');"
        );
        if !act.is_empty() {
            old += &format!(
                "INSERT INTO spoiled_blangko (serial, reason, witness, berita_acara)
                 VALUES ('{serial}', 'chip', '{{}}', {act});"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let end = |serial: &str| {
        let serial = domain::stock::NomorBlangko::parse(serial).unwrap();
        store.read(|v| v.chip_write(&serial)).unwrap().unwrap().end
    };
    assert_eq!(end("0001"), ChipEnd::Owed, "it is still in the box");
    for (serial, why) in [("0002", "nothing was written"), ("0003", "it is ashes"), ("0004", "it is good")] {
        assert_eq!(end(serial), ChipEnd::None, "{why}");
    }
}

#[test]
fn orders_whose_card_nobody_found_and_old_cards_that_were_taken_in_before_the_upgrade_are_told_apart_and_told()
 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-between")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let mut old = "INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'received', 'supplier', 'store', 2, '0001', '0002');"
        .to_owned();
    // Taken in, and never ended; taken in, and told with the hand-over.
    for (at, serial, account) in [(1u8, "0001", "missing"), (2, "0002", "spoiled")] {
        let (id, request) = (visit(at).to_string(), uuid::Uuid::from_u128(100 + u128::from(at)));
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, state)
             VALUES ('{id}', '2026-11-0{at}/A-001', 'rusak', '1801010101900001',
                     '{{\"print_request\":{{\"job\":\"{request}\"}}}}');
             INSERT INTO withdrawn_card (permohonan, condition, place, withdrawn_at)
             VALUES ('{id}', 'cracked', 'Kotak 14', 77);
             INSERT INTO blangko (serial, account, movement) VALUES ('{serial}', '{account}', 1);
             INSERT INTO card_job (id, permohonan, blangko, state, outcome)
             VALUES ('{}', '{id}', '{serial}', 'closed', 'spoiled');",
            uuid::Uuid::from_u128(u128::from(at))
        );
        if at == 2 {
            old += &format!(
                "INSERT INTO spoiled_blangko (serial, permohonan, reason, witness)
                 VALUES ('{serial}', '{id}', 'chip', '{{}}');
                 INSERT INTO card_report (job, permohonan, kind) VALUES ('{request}', '{id}', 'active');"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let seen = |of| {
        let jobs = store.read(|v| v.card_jobs(visit(of))).unwrap();
        let told = store.read(|v| v.card_reports_of(visit(of))).unwrap();
        let told: Vec<_> = told.into_iter().map(|report| (report.news, report.happened_ms)).collect();
        (jobs[0].outcome, told)
    };
    assert_eq!(
        seen(1),
        (Some(CardOutcome::Missing), vec![(CardNews::OldWithdrawn, 77)]),
        "owed to the centre"
    );
    assert_eq!(seen(2), (Some(CardOutcome::Spoiled), vec![(CardNews::Active, 0)]), "as it was");
}

#[test]
fn requests_that_were_given_up_before_the_upgrade_are_told_and_those_that_run_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-withdrawn")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let request = |at: u8| uuid::Uuid::from_u128(100 + u128::from(at));
    let mut old = String::new();
    // Cancelled and refused; running; expired after it was given; asked for anew after a dispute.
    let rows = [
        (1u8, "cancelled", request(1), "refused"),
        (2, "sealed", request(2), "told"),
        (3, "closed", request(3), "told"),
        (4, "sealed", request(14), "told"),
    ];
    for (at, status, now, state) in rows {
        let (id, first) = (visit(at).to_string(), request(at));
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, status, updated_at, state)
             VALUES ('{id}', '2026-11-0{at}/A-001', 'rusak', '1801010101900001', '{status}', 88,
                     '{{\"print_request\":{{\"job\":\"{now}\"}}}}');
             INSERT INTO card_report (job, permohonan, kind, nik, state, cause)
             VALUES ('{first}', '{id}', 'requested', '1801010101900001', '{state}', 'x');"
        );
        if now != first {
            old += &format!(
                "INSERT INTO card_report (job, permohonan, kind, nik)
                 VALUES ('{now}', '{id}', 'requested', '1801010101900001');"
            );
        }
        if status == "closed" {
            old += &format!(
                "INSERT INTO card_report (job, permohonan, kind, state) VALUES ('{first}', '{id}', 'active', 'told');"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let told = |of: u8| -> Vec<(CardNews, CardReportState, i64, bool)> {
        let rows = store.read(|v| v.card_reports_of(visit(of))).unwrap();
        let own = |job: domain::ids::JobId| job.uuid() == request(of);
        rows.into_iter().map(|row| (row.news, row.state, row.happened_ms, own(row.job))).collect()
    };
    let (waits, over) = (CardReportState::Waiting, CardReportState::Told);
    let both = [(CardNews::Requested, waits, 0, true), (CardNews::Withdrawn, waits, 88, true)];
    assert_eq!(told(1), both, "the refused one holds nothing back");
    assert_eq!(told(2), [(CardNews::Requested, over, 0, true)], "it runs");
    assert_eq!(told(3).len(), 2, "it came to its card");
    let anew = [
        (CardNews::Requested, over, 0, true),
        (CardNews::Requested, waits, 0, false),
        (CardNews::Withdrawn, waits, 88, true),
    ];
    assert_eq!(told(4), anew, "the one before the dispute");
}

#[test]
fn card_data_of_before_the_upgrade_belong_to_the_request_that_had_been_made_when_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-card-job")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let request = |at: u8| uuid::Uuid::from_u128(200 + u128::from(at));
    let id = visit(1).to_string();
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind, nik, status, state)
         VALUES ('{id}', '2026-11-01/A-001', 'rusak', '1801010101900001', 'sealed', '{{}}');
         INSERT INTO card_data (permohonan, source, fetched_at) VALUES ('{id}', 'pusat', 50);"
    );
    // The second one was made after a dispute, and nothing was fetched for it.
    for (at, happened) in [(1u8, 40), (2, 60)] {
        let job = request(at);
        old += &format!(
            "INSERT INTO card_report (job, permohonan, kind, nik, state, happened)
             VALUES ('{job}', '{id}', 'requested', '1801010101900001', 'told', {happened});"
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let data = store.read(|v| v.card_data(visit(1))).unwrap().unwrap();
    assert_eq!(data.job.map(|job| job.uuid()), Some(request(1)), "of the first one");
}

#[test]
fn a_stock_of_before_the_blangko_of_foreigners_is_one_of_citizens_and_still_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-wna")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    raw(&path)
        .execute_batch(
            "INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last, document)
             VALUES (5, 'blangko', 'received', 'supplier', 'store', 2, '0001', '0002', 'SJ-1'),
                    (6, 'ribbon', 'received', 'supplier', 'store', 500, '', '', 'SJ-1');
             INSERT INTO blangko (serial, account, movement) VALUES ('0001', 'store', 1), ('0002', 'store', 1);
             INSERT INTO stock_balance (item, account, quantity)
             VALUES ('blangko', 'store', 2), ('blangko', 'supplier', -2), ('ribbon', 'store', 500), ('ribbon', 'supplier', -500);
             INSERT INTO stock_allotment (item, quantity, document) VALUES ('blangko', 10, 'SK-1');
             INSERT INTO stock_count (item, booked, counted) VALUES ('ribbon', 500, 500);",
        )
        .unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    store
        .read(|v| {
            assert_eq!(v.verify_stock()?, None, "book, balances and pieces agree");
            assert_eq!(v.serials_of(Item::Blangko, Account::Store)?.len(), 2, "citizens'");
            assert_eq!(v.stock_head(Item::Ribbon)?, 2, "each line keeps its number");
            assert_eq!(v.allotments(9)?.len(), 1, "what will come");
            assert!(v.last_stock_count(Item::Ribbon)?.is_some(), "what was counted");
            Ok(())
        })
        .unwrap();
    let torn = raw(&path)
        .execute_batch("INSERT INTO blangko (serial, account, movement) VALUES ('0009', 'store', 99)");
    assert!(torn.is_err(), "each piece still has its line in the ledger");
    let line = raw(&path).execute_batch("DELETE FROM stock_movement");
    assert!(line.is_err(), "which nobody takes out");
}

#[test]
fn a_packet_that_the_centre_refused_before_the_upgrade_is_known_as_such_and_one_that_this_disk_lost_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-refused")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let packet = |n: u8| domain::ids::PacketId::new(uuid::Uuid::from_u128(300 + u128::from(n)));
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{}', '2026-11-01/A-001', 'baru_wni');",
        visit(1)
    );
    let rows = [
        (1u8, "refused", "refused:other_station", 44),
        (2, "refused", "sequence_conflict", 44),
        (3, "refused", "file_missing", 0),
        (4, "waiting", "timeout", 0),
    ];
    for (n, state, cause, _) in rows {
        old += &format!(
            "INSERT INTO packet (id, permohonan, sequence) VALUES ('{0}', '{1}', {n});
             INSERT INTO outbox (packet, state, cause, next_at) VALUES ('{0}', '{state}', '{cause}', 44);",
            packet(n),
            visit(1)
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    for (n, _, cause, refused) in rows {
        let row = store.read(|v| v.outbox_row(packet(n))).unwrap().unwrap();
        assert_eq!(row.refused_ms, refused, "{cause}");
    }
}

/// A card that was lost and found (0001), one that a printer held and gave back untouched (0002), a blank (0003), and one whose
/// card is in use (0004).
#[test]
fn found_cards_that_an_older_program_put_among_the_usable_ones_are_set_aside_and_the_book_still_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-aside")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let id = visit(1).to_string();
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{id}', '2026-11-01/A-001', 'baru_wni');
         INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last)
         VALUES (1, 'blangko', 'received', 'supplier', 'store', 4, '0001', '0004');"
    );
    type Way = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);
    let ways: [Way; 4] = [
        (
            "0001",
            "printed",
            &[
                ("loaded", "store", "printer"),
                ("used", "printer", "used"),
                ("lost_after_use", "used", "missing"),
                ("found", "missing", "store"),
            ],
        ),
        ("0002", "not_printed", &[("loaded", "store", "printer"), ("unloaded", "printer", "store")]),
        ("0003", "", &[]),
        ("0004", "printed", &[("loaded", "store", "printer"), ("used", "printer", "used")]),
    ];
    for (serial, outcome, way) in ways {
        let account = way.last().map_or("store", |(_, _, to)| to);
        for (kind, from, to) in way {
            old += &format!(
                "INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last)
                 VALUES (7, 'blangko', '{kind}', '{from}', '{to}', 1, '{serial}', '{serial}');"
            );
        }
        old += &format!(
            "INSERT INTO blangko (serial, account, movement, moved_at) VALUES ('{serial}', '{account}', 1, 7);"
        );
        if !outcome.is_empty() {
            let job = uuid::Uuid::from_u128(serial.parse().unwrap());
            old += &format!(
                "INSERT INTO card_job (id, permohonan, blangko, state, outcome)
                 VALUES ('{job}', '{id}', '{serial}', 'closed', '{outcome}');"
            );
        }
    }
    old += "INSERT INTO stock_balance (item, account, quantity)
            VALUES ('blangko', 'supplier', -4), ('blangko', 'store', 3), ('blangko', 'used', 1), ('blangko', 'printer', 0),
                   ('blangko', 'missing', 0);
            INSERT INTO chip_write (permohonan, blangko, total, done, state) SELECT id, '0001', 3, 3, 'verified' FROM permohonan;";
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    store
        .read(|v| {
            assert_eq!(v.verify_stock()?, None, "book, balances and pieces agree");
            let aside = v.serials_of(Item::Blangko, Account::Aside)?;
            assert_eq!(aside.iter().map(|serial| serial.as_str()).collect::<Vec<_>>(), ["0001"], "the card");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 2, "the blanks stay usable");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Aside)?, 1, "it is no blank");
            assert_eq!(
                v.stock_balance_at(Item::Blangko, Account::Store, 8)?,
                2,
                "nor was it when it was found"
            );
            assert_eq!(v.next_blangko(Item::Blangko)?.unwrap().as_str(), "0002", "the lowest that is blank");
            assert!(
                v.chip_write(&aside.into_iter().next().unwrap())?.is_some(),
                "what refers to it still does"
            );
            Ok(())
        })
        .unwrap();
    let torn = raw(&path)
        .execute_batch("INSERT INTO blangko (serial, account, movement) VALUES ('0009', 'store', 99)");
    assert!(torn.is_err(), "each piece still has its line in the ledger");
    for statement in ["DELETE FROM stock_movement", "DELETE FROM blangko"] {
        assert!(raw(&path).execute_batch(statement).is_err(), "{statement}");
    }
}

#[test]
fn visits_that_ended_while_they_waited_for_their_birthday_leave_the_queue_at_the_upgrade() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let before = MIGRATIONS.iter().position(|step| step.name.ends_with("-aside")).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(before)).unwrap());
    let mut old = String::new();
    for (n, status) in [(1u8, "cancelled"), (2, "expired"), (3, "closed"), (4, "sealed")] {
        let id = visit(n).to_string();
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, status)
             VALUES ('{id}', '2026-11-01/A-00{n}', 'baru_wni', '1801010101100001', '{status}');
             INSERT INTO print_queue (permohonan, state, not_before, joined_at) VALUES ('{id}', 'held', '2027-01-01', 3);"
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let waiting = store.read(|v| v.print_queue()).unwrap();
    let waiting: Vec<_> = waiting.into_iter().map(|row| row.permohonan).collect();
    assert_eq!(waiting, [visit(4)], "only who still waits");
}

#[test]
fn a_failing_migration_leaves_the_file_as_before_whichever_statement_fails() {
    let statements = [
        "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;",
        "INSERT INTO one (id) VALUES (1);",
        "ALTER TABLE setting ADD COLUMN scope TEXT NOT NULL DEFAULT '';",
        "DROP TABLE device_binding;",
    ];
    for fails_at in 0..=statements.len() {
        let sql: String = statements[..fails_at].concat() + "INSERT INTO nowhere VALUES (1);";
        let broken =
            Migration { name: "20270101-0009-broken", sql: Box::leak(sql.into_boxed_str()), version: 2 };
        let desk = Desk::with_visit();
        let path = desk.path();
        let Desk { folder: _folder, store } = desk;
        drop(store);
        let before = schema(&path);
        let refused = Store::open(&path, &key(), with(&[ADDITIVE, broken]), at(7)).unwrap_err();
        assert!(
            matches!(&refused, Error::Migrate { name, .. } if name == broken.name),
            "names it: {refused}"
        );
        assert_eq!(
            schema(&path),
            before,
            "failing after {fails_at} statements leaves no trace, nor does the one before it"
        );
        let store = Store::open(&path, &key(), options(), at(8)).unwrap();
        assert!(
            store.read(|v| v.permohonan(visit(1))).unwrap().is_some(),
            "the older program goes on with its data"
        );
    }
}

fn schema(path: &std::path::Path) -> (i64, Vec<String>) {
    let conn = raw(path);
    let version = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let mut statement = conn.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    (version, rows)
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), with(&[LOCKING])).unwrap());
    let before = std::fs::read(&path).unwrap();
    let refused = Store::open(&path, &key(), options(), at(5)).unwrap_err();
    let Error::NewerDatabase { found, known } = refused else { panic!("{refused}") };
    assert_eq!((found, known), (store::SCHEMA_VERSION + 1, store::SCHEMA_VERSION), "it says so");
    assert_eq!(std::fs::read(&path).unwrap(), before, "not one byte of it changed");
}

#[test]
fn a_newer_program_that_only_added_something_does_not_lock_this_one_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), with(&[ADDITIVE])).unwrap());
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    assert!(store.read(|v| v.meta()).unwrap().training, "opens and reads");
}

#[test]
fn a_wrong_key_and_a_damaged_file_are_told_apart() {
    let desk = Desk::with_visit();
    let path = desk.path();
    let Desk { folder: _folder, store } = desk;
    drop(store);
    let wrong = store::DataKey::from_bytes([8; 32]);
    assert!(
        matches!(Store::open(&path, &wrong, options(), at(1)), Err(Error::WrongKey { .. })),
        "another key"
    );
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 16_384 / 2 * 16_384 + 100;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let refused = Store::open(&path, &key(), options(), at(1)).unwrap_err();
    assert!(
        matches!(refused, Error::Damaged { .. }),
        "one flipped bit in the middle is damage, not a wrong key: {refused:?}"
    );
}

#[test]
fn a_training_database_never_becomes_a_real_one() {
    let desk = Desk::new();
    assert!(desk.store.read(|v| v.meta()).unwrap().training, "made for training");
    for statement in ["UPDATE meta SET training = 0", "DELETE FROM meta"] {
        assert!(desk.raw().execute_batch(statement).is_err(), "{statement} must be refused");
    }
}

#[test]
fn a_locked_store_answers_nothing_and_opens_again_with_the_key() {
    let desk = Desk::with_visit();
    desk.store.lock();
    assert!(matches!(desk.store.read(|v| v.permohonan(visit(1))), Err(Error::Locked)), "no reading");
    let act = store::Act::SettingChange { name: "x".into() };
    assert!(
        matches!(desk.store.transact(act, &crate::desk::by("op-1", 1), |_| Ok(())), Err(Error::Locked)),
        "no writing"
    );
    assert!(matches!(desk.store.data_key(), Err(Error::Locked)), "no key");
    let desk = desk.restart();
    assert!(
        desk.store.read(|v| v.permohonan(visit(1))).unwrap().is_some(),
        "everything is there after the lock"
    );
}
