//! Opening and searching the Buku Register with many lines (default 1 000 000, of 40 000 visits).
//!
//! Prints JSON lines {name, value, unit, reference, ratio}; value is the median in milliseconds, reference what the same
//! page costs when it is asked of SQLite by the number of its lines alone: reading 200 lines, nothing found or counted.
//! The lines are laid in behind the program's back, without a chain: only reading is measured.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use domain::Timestamp;
use domain::ids::StationCode;
use std::time::Instant;
use store::{BookFilter, DataKey, StationIdentity, Store, StoreOptions};

const KEY: [u8; 32] = [7; 32];
const START_MS: i64 = 1_795_460_000_000;

fn fill(path: &std::path::Path, lines: u64) {
    let conn = rusqlite::Connection::open(path).unwrap();
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.execute_batch(&format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 16384; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
         PRAGMA synchronous = OFF;
         CREATE TEMP TABLE syllable (i INTEGER PRIMARY KEY, s TEXT);
         INSERT INTO syllable VALUES (0,'si'),(1,'ti'),(2,'ra'),(3,'ma'),(4,'wa'),(5,'bu'),(6,'di'),(7,'nur'),(8,'ha'),
             (9,'yat'),(10,'su'),(11,'par'),(12,'man'),(13,'de'),(14,'wi'),(15,'lis');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {lines} / 25)
         INSERT INTO permohonan (id, ticket, kind, name, nik, opened_at)
         SELECT printf('01932f6e-0000-7000-8000-%012x', i), printf('d%d/A-%03d', i / 60, i % 60 + 1), 'baru_wni',
             (SELECT s FROM syllable WHERE syllable.i = n.i % 16) || (SELECT s FROM syllable WHERE syllable.i = n.i * 7 / 16 % 16)
                 || ' ' || (SELECT s FROM syllable WHERE syllable.i = n.i * 5 / 256 % 16)
                 || (SELECT s FROM syllable WHERE syllable.i = n.i * 3 % 16) || (SELECT s FROM syllable WHERE syllable.i = n.i / 9 % 16),
             printf('18%02d%02d%02d%02d%02d%04d', i % 99, i % 97, i % 31 + 1, i % 12 + 1, i % 100, 9001 + i % 999),
             {START_MS} + i * 60000 FROM n;
         WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {lines})
         INSERT INTO register (seq, at, station, operator, kind, permohonan, ticket, detail, book, prev, hash)
         SELECT i, ({START_MS} + i * 2400) * 1000000, 'BENCH-1', 'op-1', 'card_printed',
             printf('01932f6e-0000-7000-8000-%012x', i / 25 + 1), 'A-001',
             CASE i % 25 WHEN 0 THEN json_object('act', 'permohonan.move', 'blangko', printf('%04d-%03d-%03d', i / 1000000, i / 1000 % 1000, i % 1000))
                 ELSE json_object('act', 'permohonan.move') END, 1, zeroblob(32), zeroblob(32) FROM n;"
    ))
    .unwrap();
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let lines: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir_in(".").unwrap();
    let path = folder.path().join("rekam.db");
    let now = Timestamp::from_millisecond(START_MS).unwrap();
    let identity = StationIdentity { station: StationCode::parse("BENCH-1").unwrap(), training: true, now };
    let options = || StoreOptions { ballast_bytes: 0, ..StoreOptions::default() };
    drop(Store::create(&path, &DataKey::from_bytes(KEY), &identity, options()).unwrap());
    fill(&path, lines);
    let store = Store::open(&path, &DataKey::from_bytes(KEY), options(), now).unwrap();
    let began = Instant::now();
    store.rebuild_search().unwrap();
    let built = began.elapsed().as_secs_f64() * 1e3;
    println!(
        r#"{{"name":"register index of {lines} lines, built anew","value":{built:.0},"unit":"ms","reference":null,"ratio":null}}"#
    );
    let ask = |filter: &BookFilter| {
        let mut found = 0;
        let times = (0..9)
            .map(|_| {
                let began = Instant::now();
                let page = store.read(|view| view.register_page(filter)).unwrap();
                found = page.total;
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        (median(times), found)
    };
    let of = |text: &str| BookFilter { text: text.into(), ..BookFilter::default() };
    let plain = {
        let times = (0..9)
            .map(|_| {
                let began = Instant::now();
                store.read(|view| view.buku_register(u64::MAX, 200)).unwrap();
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        median(times)
    };
    let day = 86_400_000;
    let end = START_MS + i64::try_from(lines).unwrap() * 2_400;
    let asked = [
        ("open, whole book", of("")),
        ("open, last day", BookFilter { from_ms: end - day, ..BookFilter::default() }),
        (
            "open, a day of long ago",
            BookFilter { from_ms: START_MS + day, to_ms: START_MS + 2 * day, ..BookFilter::default() },
        ),
        ("page in the middle", BookFilter { before: lines / 2, ..BookFilter::default() }),
        ("search, common name", of("siti")),
        ("search, name and piece of a NIK", of("siti 1801")),
        ("search, whole NIK", of("180101020201")),
        ("search, piece of a NIK", of("1801")),
        ("search, blangko", of("0000-500-000")),
        ("search, two letters", of("su")),
        ("search, nothing found", of("zzzz")),
        (
            "search, common name of a day",
            BookFilter {
                text: "siti".into(),
                from_ms: START_MS + day,
                to_ms: START_MS + 2 * day,
                ..BookFilter::default()
            },
        ),
    ];
    for (name, filter) in asked {
        let (value, found) = ask(&filter);
        println!(
            r#"{{"name":"register {lines} lines: {name}","value":{value:.1},"unit":"ms","reference":{plain:.1},"ratio":{:.2},"found":{found}}}"#,
            value / plain
        );
    }
    for text in ["", "siti", "1801"] {
        let page = store.read(|view| view.register_page(&of(text))).unwrap();
        let place = page.total * 3 / 4;
        let Some(mark) = page.marks.iter().rfind(|mark| mark.place <= place) else { continue };
        let skip = u32::try_from(place - mark.place).unwrap();
        let filter = BookFilter { before: mark.before, skip, limit: 100, ..of(text) };
        let times = (0..9)
            .map(|_| {
                let began = Instant::now();
                store.read(|view| view.register_lines(&filter)).unwrap();
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let value = median(times);
        println!(
            r#"{{"name":"register {lines} lines: jump to a place, text '{text}'","value":{value:.1},"unit":"ms","reference":{plain:.1},"ratio":{:.2},"listed":{}}}"#,
            value / plain,
            page.total
        );
    }
}
