use crate::config::Config;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::parts::Parts;
use crate::{cluster, database};
use jiff::Timestamp;
use packet::pki::Certificate;
use packet::wire::ActivationCode;
use rand::Rng as _;
use sqlx::postgres::PgPool;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use uuid::Uuid;

/// The centre at work: settings, keys, database, parts. Cheap to share behind an [`Arc`].
#[derive(Debug)]
pub struct Centre {
    /// Settings.
    pub config: Config,
    /// Keys.
    pub keys: Keys,
    /// Database.
    pub pool: PgPool,
    /// Sealed parts.
    pub parts: Parts,
    /// Counters.
    pub metrics: Metrics,
    /// Wakes the pipeline.
    pub(crate) work: Notify,
    /// Name of this database's history, in cursors.
    pub(crate) history: String,
    pub(crate) uploads: crate::http::tus::Uploads,
    pub(crate) pace: crate::http::pace::Pace,
    /// Everybody recorded, as the search by fingers needs them.
    pub(crate) gallery: crate::gallery::Known,
    watchers: Mutex<HashMap<String, Arc<Notify>>>,
    /// The private cluster, when this centre started one.
    pub cluster: Option<cluster::Cluster>,
}

impl Centre {
    /// Makes folder, settings and keys. What exists is kept; the server's certificate is made anew.
    ///
    /// # Errors
    /// `File`, `Packet`, `Settings`.
    pub fn init(folder: &Path, config: &Config) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(Error::file("make the centre's folder"))?;
        Keys::make(folder, &config.name, config.training, &config.hosts, Timestamp::now())?;
        config.write(folder)
    }

    /// Opens the centre of a folder: starts its private cluster when the settings name no database.
    ///
    /// # Errors
    /// `File`, `Settings`, `Packet`, `Cluster`, `Database`, `Migration`.
    pub async fn open(folder: &Path) -> Result<Arc<Self>> {
        let config = Config::read(folder)?;
        let keys = Keys::read(folder)?;
        if keys.trust().training != config.training {
            return Err(Error::Settings("training differs between pusat.toml and the authority".to_owned()));
        }
        let (cluster, url) = if config.database.is_empty() {
            let cluster = cluster::Cluster::start(&folder.join("pg"))?;
            let url = cluster.url();
            (Some(cluster), url)
        } else {
            (None, config.database.clone())
        };
        let pool = database::open(&url, config.connections).await?;
        let history = history(&pool).await?;
        Ok(Arc::new(Self {
            parts: Parts::open(folder, &config)?,
            metrics: Metrics::default(),
            work: Notify::new(),
            uploads: crate::http::tus::Uploads::default(),
            pace: crate::http::pace::Pace::new(config.limits.requests_per_second),
            gallery: crate::gallery::Known::default(),
            watchers: Mutex::default(),
            config,
            keys,
            pool,
            history,
            cluster,
        }))
    }

    /// Closes the database; stops the private cluster when this centre started it.
    ///
    /// # Errors
    /// `Cluster`.
    pub async fn close(&self) -> Result<()> {
        self.pool.close().await;
        match &self.cluster {
            Some(cluster) if cluster.is_ours() => cluster.stop(),
            _ => Ok(()),
        }
    }

    /// The centre's clock, UTC.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// What wakes the long polls of one station.
    pub(crate) fn watcher(&self, station: &str) -> Arc<Notify> {
        let mut watchers = self.watchers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        watchers.entry(station.to_owned()).or_default().clone()
    }

    /// A fresh activation secret joined with the pin of the authority.
    pub(crate) fn activation_code(&self) -> Result<ActivationCode> {
        let secret: [u8; 10] = rand::rng().random();
        Ok(ActivationCode::new(secret, self.keys.authority.certificate())?)
    }
}

async fn history(pool: &PgPool) -> Result<String> {
    let fresh = hex::encode(rand::rng().random::<[u8; 4]>());
    sqlx::query("INSERT INTO meta (key, value) VALUES ('history', $1) ON CONFLICT (key) DO NOTHING")
        .bind(fresh)
        .execute(pool)
        .await?;
    let (history,): (String,) =
        sqlx::query_as("SELECT value FROM meta WHERE key = 'history'").fetch_one(pool).await?;
    Ok(history)
}

/// A station as the centre knows it.
#[derive(Clone, Debug)]
pub struct Station {
    /// Code.
    pub code: String,
    /// Wilayah code with dots.
    pub wilayah: String,
    /// First sequence number that is expected.
    pub first_sequence: i64,
}

/// New id, sortable by time.
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// Milliseconds as a time.
pub(crate) fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// PEM as text.
pub(crate) fn pem(certificate: &Certificate) -> Result<String> {
    String::from_utf8(certificate.to_pem()?).map_err(|_| Error::Stored { what: "certificate" })
}
