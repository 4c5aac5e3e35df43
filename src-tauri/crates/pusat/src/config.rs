use crate::error::{Error, Result};
use domain::capture::{ChipRule, Thresholds};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// `pusat.toml` in the centre's folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the centre, in its certificates.
    pub name: String,
    /// True for a training centre: it takes only training packets.
    pub training: bool,
    /// Where stations connect.
    pub listen: SocketAddr,
    /// Health and metrics, without TLS; never a public address.
    pub operations: SocketAddr,
    /// DNS names and addresses of the server, in its certificate.
    pub hosts: Vec<String>,
    /// PostgreSQL; empty: a private cluster under the folder.
    #[serde(default)]
    pub database: String,
    /// Connections to PostgreSQL.
    #[serde(default = "connections")]
    pub connections: u32,
    /// Store of sealed parts; absent: a folder beside this file.
    #[serde(default)]
    pub s3: Option<S3>,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// What a recording must reach at the centre, whatever the station allowed itself.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// Fingers of the chip; every station of the centre must have the same order in its settings.
    #[serde(default)]
    pub chip: ChipRule,
}

/// A bucket in a store that speaks S3. Keys come from `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// Address, for example `https://s3.example.id`.
    pub endpoint: String,
    /// Bucket.
    pub bucket: String,
    /// Region; many stores take any.
    pub region: String,
    /// Allows plain HTTP, for a store in the same rack.
    #[serde(default)]
    pub allow_http: bool,
}

/// Limits of time, size and rate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a second of one station, on average; ten seconds' worth may come at once.
    pub requests_per_second: u32,
    /// Connections at a time.
    pub connections: usize,
    /// Seconds for the request's headers.
    pub header_seconds: u64,
    /// Seconds between two requests on the connection of a known station; anybody else has `header_seconds`. A new
    /// connection costs a poor line some kilobytes, and a station asks each minute.
    pub between_seconds: u64,
    /// Seconds a body may pause.
    pub idle_seconds: u64,
    /// Seconds of one request in all.
    pub request_seconds: u64,
    /// Days until an upload without progress is thrown away.
    pub upload_days: u32,
    /// Megabytes that stay free on the disk; below, new uploads are refused.
    pub free_megabytes: u64,
    /// Seconds a station's clock may be ahead.
    pub clock_ahead_seconds: i64,
}

fn connections() -> u32 {
    16
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: 200,
            connections: 20_000,
            header_seconds: 15,
            between_seconds: 150,
            idle_seconds: 30,
            request_seconds: 900,
            upload_days: 7,
            free_megabytes: 512,
            clock_ahead_seconds: 600,
        }
    }
}

impl Config {
    /// Reads `pusat.toml`.
    ///
    /// # Errors
    /// `File`, `Settings`.
    pub fn read(folder: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(Self::path(folder)).map_err(Error::file("read pusat.toml"))?;
        toml::from_str(&text).map_err(|error| Error::Settings(format!("pusat.toml: {error}")))
    }

    /// Writes `pusat.toml`.
    ///
    /// # Errors
    /// `File`, `Settings`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = toml::to_string_pretty(self).map_err(|error| Error::Settings(error.to_string()))?;
        std::fs::write(Self::path(folder), text).map_err(Error::file("write pusat.toml"))
    }

    /// Where it lies.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("pusat.toml")
    }
}
