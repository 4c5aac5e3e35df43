//! Where the bytes of sealed parts lie: on their way in the spool, finalised in the store.
//!
//! The spool is a folder of this machine; the length of a file there is its upload's offset, and nothing else says so.
//! The store is a folder or a bucket. Names in the store hold the digest, so writing twice is the same as once.

use crate::config::Config;
use crate::error::{Error, Result};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use packet::Part;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Spool and store.
#[derive(Clone, Debug)]
pub struct Parts {
    spool: PathBuf,
    /// The folder when the store is one: files are linked into it and synced.
    folder: Option<PathBuf>,
    store: Arc<dyn ObjectStore>,
}

impl Parts {
    /// Opens both under the centre's folder.
    ///
    /// # Errors
    /// `File`, `Store`, `Settings`.
    pub fn open(folder: &Path, config: &Config) -> Result<Self> {
        let spool = folder.join("spool");
        std::fs::create_dir_all(&spool).map_err(Error::file("make the spool"))?;
        if let Some(s3) = &config.s3 {
            return Ok(Self { spool, folder: None, store: bucket(s3)? });
        }
        let parts = folder.join("parts");
        std::fs::create_dir_all(&parts).map_err(Error::file("make the folder of parts"))?;
        let store = Arc::new(object_store::local::LocalFileSystem::new_with_prefix(&parts)?);
        Ok(Self { spool, folder: Some(parts), store })
    }

    /// File of an upload.
    pub fn spooled(&self, upload: Uuid) -> PathBuf {
        self.spool.join(format!("{}.part", upload.hyphenated()))
    }

    /// How many bytes of an upload are here.
    ///
    /// # Errors
    /// `File`.
    pub fn offset(&self, upload: Uuid) -> Result<u64> {
        match std::fs::metadata(self.spooled(upload)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(source) => Err(Error::File { doing: "look at an upload", source }),
        }
    }

    /// Throws an upload's bytes away.
    ///
    /// # Errors
    /// `File`.
    pub fn discard(&self, upload: Uuid) -> Result<()> {
        match std::fs::remove_file(self.spooled(upload)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::File { doing: "throw an upload away", source: error })
            }
            _ => Ok(()),
        }
    }

    /// Syncs a whole upload and answers the SHA-256 of its bytes, lower-case hexadecimal. Blocks.
    ///
    /// # Errors
    /// `File`.
    pub fn settle(&self, upload: Uuid) -> Result<String> {
        use sha2::Digest as _;
        let mut file = File::open(self.spooled(upload)).map_err(Error::file("open an upload"))?;
        file.sync_all().map_err(Error::file("sync an upload"))?;
        let mut hash = sha2::Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let read = file.read(&mut buffer).map_err(Error::file("read an upload"))?;
            if read == 0 {
                return Ok(hex::encode(hash.finalize()));
            }
            hash.update(&buffer[..read]);
        }
    }

    /// Puts a settled upload into the store; durable when it returns. The spool keeps its file until [`Parts::discard`].
    ///
    /// # Errors
    /// `File`, `Store`.
    pub async fn keep(&self, upload: Uuid, enrolment: Uuid, part: Part, sha256: &str) -> Result<()> {
        let key = key(enrolment, part, sha256);
        let spooled = self.spooled(upload);
        match &self.folder {
            Some(folder) => {
                let target = folder.join(key.as_ref());
                blocking(move || link(&spooled, &target)).await
            }
            None => {
                let bytes =
                    blocking(move || std::fs::read(spooled).map_err(Error::file("read an upload"))).await?;
                self.store.put(&key, bytes.into()).await?;
                Ok(())
            }
        }
    }

    /// True when the store holds this part.
    ///
    /// # Errors
    /// `Store`.
    pub async fn holds(&self, enrolment: Uuid, part: Part, sha256: &str) -> Result<bool> {
        match self.store.head(&key(enrolment, part, sha256)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a part from the store.
    ///
    /// # Errors
    /// `Store`.
    pub async fn read(&self, enrolment: Uuid, part: Part, sha256: &str) -> Result<bytes::Bytes> {
        Ok(self.store.get(&key(enrolment, part, sha256)).await?.bytes().await?)
    }

    /// Asks the store for a list that is empty: the bucket, or the folder, is there.
    ///
    /// # Errors
    /// `File`, `Store`.
    pub async fn answers(&self) -> Result<()> {
        if let Some(folder) = &self.folder {
            std::fs::read_dir(folder).map_err(Error::file("look into the folder of parts"))?;
        } else {
            self.store.list_with_delimiter(Some(&Key::from("health"))).await?;
        }
        Ok(())
    }

    /// Megabytes free on the spool's disk.
    ///
    /// # Errors
    /// `File`.
    pub fn free_megabytes(&self) -> Result<u64> {
        let found = nix::sys::statvfs::statvfs(&self.spool)
            .map_err(|errno| Error::File { doing: "look at the disk", source: errno.into() })?;
        let bytes = u128::from(found.blocks_available()) * u128::from(found.fragment_size());
        Ok(u64::try_from(bytes / (1024 * 1024)).unwrap_or(u64::MAX))
    }
}

/// Runs work that blocks away from the connections.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(Error::Settings("a blocking task ended early".to_owned())),
    }
}

/// The first two letters of the digest spread the folders; UUIDv7 begin alike.
fn key(enrolment: Uuid, part: Part, sha256: &str) -> Key {
    let spread = sha256.get(..2).unwrap_or("00");
    Key::from(format!("{spread}/{}/{part}-{sha256}.cms", enrolment.hyphenated()))
}

/// Gives the synced file a second name and syncs the folders on the way.
fn link(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::file("make a folder of parts"))?;
    match std::fs::hard_link(from, to) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(Error::File { doing: "keep a part", source: error });
        }
        _ => {}
    }
    for above in folder.ancestors().take(3) {
        File::open(above)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::file("sync a folder of parts"))?;
    }
    Ok(())
}

/// Where the keys of a bucket stand.
#[cfg(feature = "s3")]
const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// A store that is away is said so within seconds: a station asks again anyway, and better than a hanging request does.
#[cfg(feature = "s3")]
fn bucket(s3: &crate::config::S3) -> Result<Arc<dyn ObjectStore>> {
    use std::time::Duration;
    if KEYS.iter().any(|key| std::env::var_os(key).is_none_or(|value| value.is_empty())) {
        return Err(Error::Settings(format!("store of parts: {} and {} are not set", KEYS[0], KEYS[1])));
    }
    // The store's HTTP client asks for the ciphers of the whole process; when they are set already, they are these.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = object_store::RetryConfig {
        max_retries: 2,
        retry_timeout: Duration::from_secs(10),
        ..object_store::RetryConfig::default()
    };
    let options = object_store::ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_secs(30));
    let store = object_store::aws::AmazonS3Builder::from_env()
        .with_endpoint(&s3.endpoint)
        .with_bucket_name(&s3.bucket)
        .with_region(&s3.region)
        // In this order: the options bring a word of their own on plain HTTP.
        .with_client_options(options)
        .with_allow_http(s3.allow_http)
        .with_retry(retry)
        .build()?;
    Ok(Arc::new(store))
}

#[cfg(not(feature = "s3"))]
fn bucket(_: &crate::config::S3) -> Result<Arc<dyn ObjectStore>> {
    Err(Error::Settings("built without S3".to_owned()))
}
