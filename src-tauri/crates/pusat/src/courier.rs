//! A courier's medium: the same parts, the same finalisation, the answer written back beside them.
//!
//! The medium is not trusted: names come from the signed manifest, links are never followed, and no file is read beyond
//! its announced length.

use crate::centre::{Centre, Station};
use crate::error::{Error, Result};
use crate::parts::blocking;
use crate::{feed, identity, intake, inventory};
use packet::wire::{
    Code, CourierManifest, CourierPacket, MANIFEST_FILE, MARK_FILE, REPLY_FOLDER, REVOCATIONS_FILE,
    ROOT_FOLDER, STATUS_FILE, UploadMetadata, Via, receipt_file, write_feed_for,
};
use packet::{Document, Part};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Largest manifest: 10,000 packets and their inventory.
const MANIFEST_BYTES: u64 = 16 * 1024 * 1024;
/// Lines of the change feed on one medium.
const FEED_LINES: i64 = 100_000;

/// What became of one packet of a medium.
#[derive(Debug)]
pub struct Delivered {
    /// Station code.
    pub station: String,
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Taken in (now or before), or why not; the other packets are not touched by it.
    pub outcome: Result<()>,
}

/// A batch of which nothing, or not everything, was done.
#[derive(Debug)]
pub struct RefusedBatch {
    /// Its folder on the medium, `<station>/<batch>`.
    pub folder: PathBuf,
    /// Why.
    pub reason: Error,
}

/// What became of a medium.
#[derive(Debug, Default)]
pub struct Imported {
    /// One row a packet of the batches that are believed.
    pub delivered: Vec<Delivered>,
    /// Batches that are not believed, or whose answer could not be written; the others are not touched by it.
    pub refused: Vec<RefusedBatch>,
}

impl Imported {
    fn refuse(&mut self, folder: &Path, medium: &Path, reason: Error) {
        // Names and codes, no personal data.
        tracing::warn!(target: "pusat::courier", %reason, "a batch was refused");
        let folder = folder.strip_prefix(medium.join(ROOT_FOLDER)).unwrap_or(folder).to_owned();
        self.refused.push(RefusedBatch { folder, reason });
    }
}

/// Takes in every finished batch below `medium/rekam-kurir` and leaves receipts and changes beside it. Each batch stands
/// for itself: what is refused of one is in the answer and does not keep the next one from being taken in.
///
/// # Errors
/// `File` when the medium itself cannot be read.
pub async fn import(centre: &Arc<Centre>, medium: &Path) -> Result<Imported> {
    let mut imported = Imported::default();
    for station in folders(&medium.join(ROOT_FOLDER), medium, &mut imported)? {
        let batches = match folders(&station, medium, &mut imported) {
            Ok(batches) => batches,
            Err(reason) => {
                imported.refuse(&station, medium, reason);
                continue;
            }
        };
        for batch in batches {
            let done = match believe(centre, &batch).await {
                Ok((station, manifest)) => {
                    take_in(centre, &batch, &station, &manifest, &mut imported.delivered).await
                }
                Err(error) => Err(error),
            };
            if let Err(reason) = done {
                imported.refuse(&batch, medium, reason);
            }
        }
    }
    Ok(imported)
}

/// Real folders in a folder, in a fixed order. A link is refused by itself; hidden names are half-written and wait.
fn folders(of: &Path, medium: &Path, imported: &mut Imported) -> Result<Vec<PathBuf>> {
    let read = || Error::file("read the medium");
    match std::fs::symlink_metadata(of) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err(Error::refuse(Code::Malformed, "not a folder")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && medium.is_dir() => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(read()(error)),
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(of).map_err(read())? {
        let entry = entry.map_err(read())?;
        let kind = entry.file_type().map_err(read())?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            found.push(entry.path());
        } else if kind.is_symlink() {
            imported.refuse(&entry.path(), medium, Error::refuse(Code::Malformed, "a link"));
        }
    }
    found.sort();
    Ok(found)
}

/// Opens a plain file without following a link in its last name.
fn plain(path: &Path) -> Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits() | nix::fcntl::OFlag::O_NONBLOCK.bits())
        .open(path)
        .map_err(Error::file("open a file of the medium"))?;
    let kind = file.metadata().map_err(Error::file("look at a file of the medium"))?;
    if !kind.is_file() {
        return Err(Error::refuse(Code::Malformed, "not a plain file"));
    }
    Ok(file)
}

async fn believe(centre: &Arc<Centre>, batch: &Path) -> Result<(Station, CourierManifest)> {
    match plain(&batch.join(MARK_FILE)) {
        Err(Error::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::refuse(Code::Incomplete, "not copied to its end"));
        }
        other => other?,
    };
    let mut der = Vec::new();
    let manifest = plain(&batch.join(MANIFEST_FILE))?;
    if manifest.metadata().map_err(Error::file("look at the manifest"))?.len() > MANIFEST_BYTES {
        return Err(Error::refuse(Code::TooLarge, MANIFEST_FILE));
    }
    manifest.take(MANIFEST_BYTES).read_to_end(&mut der).map_err(Error::file("read the manifest"))?;
    let (manifest, signer) = CourierManifest::verify(&der, &centre.keys.trust())?;
    if batch.file_name().and_then(|name| name.to_str()) != Some(&manifest.batch.hyphenated().to_string()) {
        return Err(Error::refuse(Code::Malformed, "folder of another batch"));
    }
    let row: Option<(String, i64, Option<i64>)> =
        sqlx::query_as("SELECT wilayah, first_sequence, revoked_ms FROM station WHERE code = $1")
            .bind(&manifest.station)
            .fetch_optional(&centre.pool)
            .await?;
    let (wilayah, first_sequence, revoked) =
        row.ok_or_else(|| Error::refuse(Code::Forbidden, "unknown station"))?;
    let listed: Option<(i64,)> = sqlx::query_as("SELECT at_ms FROM revocation WHERE serial = $1")
        .bind(signer.serial()?)
        .fetch_optional(&centre.pool)
        .await?;
    if revoked.is_some() || listed.is_some() {
        return Err(Error::refuse(Code::Revoked, ""));
    }
    Ok((Station { code: manifest.station.clone(), wilayah, first_sequence }, manifest))
}

async fn take_in(
    centre: &Arc<Centre>,
    batch: &Path,
    station: &Station,
    manifest: &CourierManifest,
    delivered: &mut Vec<Delivered>,
) -> Result<()> {
    inventory::compare(centre, station, &manifest.inventory).await?;
    let reply = batch.join(REPLY_FOLDER);
    match std::fs::create_dir(&reply) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(Error::File { doing: "make the folder of the answer", source: error });
        }
        _ => {}
    }
    if !std::fs::symlink_metadata(&reply).is_ok_and(|found| found.is_dir()) {
        return Err(Error::refuse(Code::Malformed, "the folder of the answer is none"));
    }
    write(&reply.join(REVOCATIONS_FILE), &identity::revocation_list(centre).await?)?;
    for packet in &manifest.packets {
        let outcome = match one(centre, batch, station, packet).await {
            Ok(receipt) => write(&reply.join(receipt_file(packet.enrolment)), &receipt),
            Err(error) => Err(error),
        };
        delivered.push(Delivered { station: station.code.clone(), enrolment: packet.enrolment, outcome });
    }
    let feed = match feed::read(centre, &station.code, &manifest.cursor, FEED_LINES).await {
        Ok(feed) => feed,
        // A cursor of another history: the station gets everything again, which is harmless.
        Err(Error::Refused(_)) => {
            feed::read(centre, &station.code, &packet::wire::Cursor::start(), FEED_LINES).await?
        }
        Err(error) => return Err(error),
    };
    let lines = write_feed_for(&station.code, &feed.changes, &feed.cursor, feed.more);
    let signed = Document::sign(&lines, "rekam-feed/1", &centre.keys.signer, centre.now())?;
    write(&reply.join(STATUS_FILE), &signed)
}

async fn one(
    centre: &Arc<Centre>,
    batch: &Path,
    station: &Station,
    packet: &CourierPacket,
) -> Result<Vec<u8>> {
    let folder = batch.join(packet.enrolment.hyphenated().to_string());
    if !std::fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
        return Err(Error::refuse(Code::Incomplete, "folder"));
    }
    for part in Part::ALL {
        let wanted = packet.parts.of(part);
        let metadata = UploadMetadata { part, sha256: wanted.sha256.clone() };
        if wanted.bytes > packet::MAX_PART_BYTES + 64 * 1024 {
            return Err(Error::refuse(Code::TooLarge, part.name()));
        }
        let upload =
            intake::create_upload(centre, station, packet.enrolment, &metadata, wanted.bytes).await?;
        if upload.finalised {
            continue;
        }
        let _turn = centre.uploads.turn(upload.id).await;
        let arrived = centre.parts.offset(upload.id)?;
        let (from, to) = (folder.join(format!("{part}.cms")), centre.parts.spooled(upload.id));
        let left = wanted.bytes.saturating_sub(arrived);
        // The network may have brought the beginning: the same bytes go on where it stopped.
        blocking(move || append(&from, &to, arrived, left)).await?;
    }
    intake::finalise(centre, station, packet, Via::Courier).await
}

fn append(from: &Path, to: &Path, skip: u64, left: u64) -> Result<()> {
    use std::io::Seek as _;
    let mut source = plain(from)?;
    source.seek(std::io::SeekFrom::Start(skip)).map_err(Error::file("read a part of the medium"))?;
    let mut target =
        OpenOptions::new().create(true).append(true).open(to).map_err(Error::file("open an upload"))?;
    std::io::copy(&mut source.take(left), &mut target).map_err(Error::file("copy a part of the medium"))?;
    Ok(())
}

/// Whole or not at all, also when the stick is pulled out: a name of its own, synced, then renamed.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension("part");
    // A link that lies there in wait would be written through.
    let _ = std::fs::remove_file(&temporary);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)
        .map_err(Error::file("write to the medium"))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::file("write to the medium"))?;
    std::fs::rename(&temporary, path).map_err(Error::file("write to the medium"))
}
