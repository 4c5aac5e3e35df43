//! The pool and the schema.

use crate::error::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::str::FromStr as _;
use std::time::Duration;

/// Dated, never edited; each says why.
const MIGRATIONS: [(i64, &str); 8] = [
    (20_261_124, include_str!("../migrations/20261124_centre.sql")),
    (2_026_112_402, include_str!("../migrations/2026112402_gallery.sql")),
    (2_026_112_703, include_str!("../migrations/2026112703_voided.sql")),
    (2_026_112_801, include_str!("../migrations/2026112801_register.sql")),
    (2_026_112_802, include_str!("../migrations/2026112802_card_times.sql")),
    (2_026_112_803, include_str!("../migrations/2026112803_replaced.sql")),
    (2_026_112_804, include_str!("../migrations/2026112804_cards_of.sql")),
    (2_026_113_001, include_str!("../migrations/2026113001_certificates.sql")),
];

/// Connects and brings the schema up to date.
///
/// # Errors
/// `Database`; `Migration` when an applied migration was edited.
pub async fn open(url: &str, connections: u32) -> Result<PgPool> {
    // Commits are durable when they are answered; a statement that hangs must not hold a connection for ever.
    let options = PgConnectOptions::from_str(url)?
        .application_name("pusat")
        .options([("synchronous_commit", "on"), ("statement_timeout", "60s")]);
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    migrate(&pool).await?;
    Ok(pool)
}

async fn migrate(pool: &PgPool) -> Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS migration (version bigint PRIMARY KEY, sha256 text NOT NULL)")
        .execute(&mut *tx)
        .await?;
    // Two replicas that start at once: the second one waits and finds everything applied.
    sqlx::raw_sql("LOCK TABLE migration IN EXCLUSIVE MODE").execute(&mut *tx).await?;
    for (version, text) in MIGRATIONS {
        let sha256 = packet::digest_hex(text.as_bytes());
        let applied: Option<(String,)> = sqlx::query_as("SELECT sha256 FROM migration WHERE version = $1")
            .bind(version)
            .fetch_optional(&mut *tx)
            .await?;
        match applied {
            Some((held,)) if held == sha256 => {}
            Some(_) => return Err(Error::Migration { version }),
            None => {
                sqlx::raw_sql(text).execute(&mut *tx).await?;
                sqlx::query("INSERT INTO migration (version, sha256) VALUES ($1, $2)")
                    .bind(version)
                    .bind(sha256)
                    .execute(&mut *tx)
                    .await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}
