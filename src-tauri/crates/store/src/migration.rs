//! Dated migrations: never edited, all or nothing, newer files refused.

use crate::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `YYYYMMDD-NNNN-what`, also its key in the file.
    pub name: &'static str,
    /// Statements, run in order.
    pub sql: &'static str,
    /// `user_version` after it. Raised only by a change that an older program must not write to;
    /// an additive change keeps it, so that an older program still opens the file.
    pub version: i64,
}

/// The schema of a station, in order. Append only.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "20261123-0001-station",
        sql: include_str!("../../../../migrations/20261123-0001-station.sql"),
        version: 1,
    },
    Migration {
        name: "20261123-0002-residents",
        sql: include_str!("../../../../migrations/20261123-0002-residents.sql"),
        version: 1,
    },
    Migration {
        name: "20261124-0003-sync",
        sql: include_str!("../../../../migrations/20261124-0003-sync.sql"),
        version: 1,
    },
    Migration {
        name: "20261124-0004-templates",
        sql: include_str!("../../../../migrations/20261124-0004-templates.sql"),
        version: 1,
    },
    Migration {
        name: "20261124-0006-extract",
        sql: include_str!("../../../../migrations/20261124-0006-extract.sql"),
        version: 1,
    },
    Migration {
        name: "20261127-0007-cards",
        sql: include_str!("../../../../migrations/20261127-0007-cards.sql"),
        version: 1,
    },
    Migration {
        name: "20261127-0008-search",
        sql: include_str!("../../../../migrations/20261127-0008-search.sql"),
        version: 1,
    },
    Migration {
        name: "20261127-0009-voided",
        sql: include_str!("../../../../migrations/20261127-0009-voided.sql"),
        // An older program can neither read a voided card's report nor add one of its own.
        version: 2,
    },
    Migration {
        name: "20261128-0010-spoiled",
        sql: include_str!("../../../../migrations/20261128-0010-spoiled.sql"),
        version: 2,
    },
    Migration {
        name: "20261128-0011-places",
        sql: include_str!("../../../../migrations/20261128-0011-places.sql"),
        version: 2,
    },
    Migration {
        name: "20261129-0012-corrections",
        sql: include_str!("../../../../migrations/20261129-0012-corrections.sql"),
        version: 2,
    },
    Migration {
        name: "20261129-0013-between",
        sql: include_str!("../../../../migrations/20261129-0013-between.sql"),
        // An older program can neither read an order whose card nobody found nor the report of an old card.
        version: 3,
    },
    Migration {
        name: "20261129-0014-card-job",
        sql: include_str!("../../../../migrations/20261129-0014-card-job.sql"),
        version: 3,
    },
    Migration {
        name: "20261129-0015-withdrawn",
        sql: include_str!("../../../../migrations/20261129-0015-withdrawn.sql"),
        // An older program cannot read the report of a request that was given up.
        version: 4,
    },
    Migration {
        name: "20261129-0018-wna",
        sql: include_str!("../../../../migrations/20261129-0018-wna.sql"),
        // An older program cannot read the blangko of foreigners.
        version: 5,
    },
    Migration {
        name: "20261129-0020-searched",
        sql: include_str!("../../../../migrations/20261129-0020-searched.sql"),
        version: 5,
    },
    Migration {
        name: "20261129-0021-aside",
        sql: include_str!("../../../../migrations/20261129-0021-aside.sql"),
        // An older program cannot read a card that was found again and set aside.
        version: 6,
    },
    Migration {
        name: "20261129-0022-refused",
        sql: include_str!("../../../../migrations/20261129-0022-refused.sql"),
        version: 6,
    },
    Migration {
        name: "20261129-0023-numbers",
        sql: include_str!("../../../../migrations/20261129-0023-numbers.sql"),
        version: 6,
    },
    Migration {
        name: "20261129-0030-whole",
        sql: include_str!("../../../../migrations/20261129-0030-whole.sql"),
        // An older program finds no place for an old card.
        version: 7,
    },
    Migration {
        name: "20261129-0031-permit",
        sql: include_str!("../../../../migrations/20261129-0031-permit.sql"),
        version: 7,
    },
    Migration {
        name: "20261129-0032-resumed",
        sql: include_str!("../../../../migrations/20261129-0032-resumed.sql"),
        version: 7,
    },
    Migration {
        name: "20261129-0033-answer",
        sql: include_str!("../../../../migrations/20261129-0033-answer.sql"),
        version: 7,
    },
    Migration {
        name: "20261129-0040-printer-order",
        sql: include_str!("../../../../migrations/20261129-0040-printer-order.sql"),
        version: 7,
    },
    Migration {
        name: "20261129-0050-code",
        sql: include_str!("../../../../migrations/20261129-0050-code.sql"),
        version: 7,
    },
    Migration {
        name: "20261129-0060-print-attempt",
        sql: include_str!("../../../../migrations/20261129-0060-print-attempt.sql"),
        version: 7,
    },
    Migration {
        name: "20261130-0070-draft",
        sql: include_str!("../../../../migrations/20261130-0070-draft.sql"),
        version: 7,
    },
];

/// Newest `user_version` that this program writes.
pub const SCHEMA_VERSION: i64 = 7;

/// What an upgrade did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Upgraded {
    /// Names of the migrations that ran, in order.
    pub applied: Vec<&'static str>,
}

/// Refuses a file that a newer program wrote. Reads only.
pub(crate) fn refuse_newer(conn: &Connection, list: &[Migration]) -> Result<()> {
    let found = user_version(conn)?;
    let known = list.iter().map(|m| m.version).max().unwrap_or(0);
    if found > known { Err(Error::NewerDatabase { found, known }) } else { Ok(()) }
}

/// Whether the file holds a schema that one of these programs made.
pub(crate) fn is_ours(conn: &Connection) -> Result<bool> {
    has_migrations(conn)
}

/// Whether [`upgrade`] has anything to run.
pub(crate) fn is_pending(conn: &Connection, list: &[Migration]) -> Result<bool> {
    if !has_migrations(conn)? {
        return Ok(true);
    }
    let done = names(conn)?;
    Ok(list.iter().any(|m| !done.iter().any(|name| name == m.name)))
}

/// Runs what is missing in one transaction. `before_change` runs inside it, before the first statement, when the
/// file already has a schema: it is where the backup is taken, with writers shut out.
pub(crate) fn upgrade(
    conn: &mut Connection,
    list: &[Migration],
    now_ms: i64,
    before_change: impl FnOnce(&str) -> Result<()>,
) -> Result<Upgraded> {
    refuse_newer(conn, list)?;
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Error::sql("begin the upgrade"))?;
    let fresh = !has_migrations(&tx)?;
    let done = if fresh { Vec::new() } else { names(&tx)? };
    let missing: Vec<&Migration> = list.iter().filter(|m| !done.iter().any(|name| name == m.name)).collect();
    let Some(first) = missing.first() else {
        return Ok(Upgraded::default());
    };
    if fresh {
        tx.execute_batch(
            "CREATE TABLE migration (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL DEFAULT 0) STRICT;",
        )
        .map_err(Error::sql("create the list of migrations"))?;
    } else {
        before_change(first.name)?;
    }
    let failed = |m: &Migration| {
        let name = m.name.to_owned();
        move |source| Error::Migrate { name, source }
    };
    for migration in &missing {
        tx.execute_batch(migration.sql).map_err(failed(migration))?;
        tx.execute(
            "INSERT INTO migration (name, applied_at) VALUES (?1, ?2)",
            rusqlite::params![migration.name, now_ms],
        )
        .map_err(failed(migration))?;
        fail::fail_point!("store::migration::step_done");
    }
    let version = list.iter().map(|m| m.version).max().unwrap_or(0).max(user_version(&tx)?);
    tx.execute_batch(&format!("PRAGMA user_version = {version}"))
        .map_err(Error::sql("set the schema version"))?;
    fail::fail_point!("store::migration::before_commit");
    tx.commit().map_err(Error::sql("commit the upgrade"))?;
    fail::fail_point!("store::migration::committed");
    Ok(Upgraded { applied: missing.iter().map(|m| m.name).collect() })
}

fn user_version(conn: &Connection) -> Result<i64> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(Error::sql("read the schema version"))
}

fn has_migrations(conn: &Connection) -> Result<bool> {
    conn.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'",
        [],
        |row| row.get::<_, i64>(0),
    )
    .map(|n| n > 0)
    .map_err(Error::sql("read the schema"))
}

fn names(conn: &Connection) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare("SELECT name FROM migration").map_err(Error::sql("read the list of migrations"))?;
    let rows =
        statement.query_map([], |row| row.get(0)).map_err(Error::sql("read the list of migrations"))?;
    rows.collect::<rusqlite::Result<_>>().map_err(Error::sql("read the list of migrations"))
}
