//! A desk to test on: a fresh database in a folder of its own.

use domain::Timestamp;
use domain::ids::{OperatorId, PermohonanId, StationCode};
use std::path::PathBuf;
use store::{Act, Ctx, DataKey, NewPermohonan, StationIdentity, Store, StoreOptions};
use tempfile::TempDir;

pub struct Desk {
    pub folder: TempDir,
    pub store: Store,
}

pub const KEY: [u8; 32] = [7; 32];
pub const START_MS: i64 = 1_795_460_000_000;

pub fn key() -> DataKey {
    DataKey::from_bytes(KEY)
}

pub fn at(ms_after_start: i64) -> Timestamp {
    Timestamp::from_millisecond(START_MS + ms_after_start).unwrap()
}

pub fn operator(id: &str) -> OperatorId {
    OperatorId::parse(id).unwrap()
}

pub fn by(id: &str, ms_after_start: i64) -> Ctx {
    Ctx { operator: Some(operator(id)), now: at(ms_after_start) }
}

pub fn options() -> StoreOptions {
    StoreOptions { ballast_bytes: 1 << 16, ..StoreOptions::default() }
}

pub fn identity() -> StationIdentity {
    StationIdentity { station: StationCode::parse("KRUI-1").unwrap(), training: true, now: at(0) }
}

pub fn visit(number: u8) -> PermohonanId {
    PermohonanId::parse(&format!("01932f6e-0000-7000-8000-0000000000{number:02x}")).unwrap()
}

pub fn new_visit(number: u8) -> NewPermohonan {
    NewPermohonan {
        id: visit(number),
        day: "2026-11-23".into(),
        series: 'A',
        kind: "baru_wni".into(),
        plan_json: "[]".into(),
        state_json: "{}".into(),
        priority: 0,
    }
}

impl Desk {
    pub fn new() -> Desk {
        Desk::with(options())
    }

    pub fn with(options: StoreOptions) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("rekam.db"), &key(), &identity(), options).unwrap();
        Desk { folder, store }
    }

    /// A desk with visit 1 open.
    pub fn with_visit() -> Desk {
        let desk = Desk::new();
        desk.open_visit(1);
        desk
    }

    pub fn open_visit(&self, number: u8) {
        let act = Act::PermohonanOpen { permohonan: visit(number) };
        self.store.transact(act, &by("op-1", 10), |tx| tx.open_permohonan(&new_visit(number))).unwrap();
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("rekam.db")
    }

    /// Closes and opens again, as after a restart.
    pub fn restart(self) -> Desk {
        let path = self.path();
        let Desk { folder, store } = self;
        drop(store);
        let store = Store::open(&path, &key(), options(), at(1_000)).unwrap();
        Desk { folder, store }
    }

    /// Whether any column of any table of the decrypted file has these bytes.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        let conn = self.raw();
        let names = |sql: &str| -> Vec<String> {
            let mut asked = conn.prepare(sql).unwrap();
            asked.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let tables =
            names("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'");
        assert!(tables.len() > 30, "the tables were found: {tables:?}");
        tables.iter().any(|table| {
            names(&format!("SELECT name FROM pragma_table_info('{table}')")).iter().any(|column| {
                let sql = format!(
                    "SELECT EXISTS (SELECT 1 FROM {table} WHERE instr(CAST(\"{column}\" AS BLOB), ?1) > 0)"
                );
                conn.query_row(&sql, [bytes], |row| row.get(0)).unwrap()
            })
        })
    }

    /// A plain connection with the key: the attacker's or the auditor's view.
    pub fn raw(&self) -> rusqlite::Connection {
        raw(&self.path())
    }
}

pub fn raw(path: &std::path::Path) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(path).unwrap();
    let hex: String = KEY.iter().map(|b| format!("{b:02x}")).collect();
    conn.execute_batch(&format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 16384; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;"
    ))
    .unwrap();
    conn
}
