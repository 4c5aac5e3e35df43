//! A signed extract of residents, read as a stream into rows that nobody sees and shown in one act.
//!
//! Form of an extract: NDJSON. The first line is the header
//! `{"format":"rekam-residents","version":1,"wilayah":"18.13.01","taken_at":"…","count":N,"sha256":"…"}`; `sha256` is
//! over every byte after the header's line feed. Each further line is one resident as an object with at least `nik`,
//! `kk` and `nama` as text; it is kept whole. The detached CMS signature (DER) is over the header line without its line
//! feed, so that a gigabyte is verified while it streams:
//! `head -n1 extract.ndjson | tr -d '\n' | openssl cms -verify -inform DER -in extract.p7s -content /dev/stdin -binary`.

use super::index;
use super::staging::{self, Batch, Row};
use crate::table::resident::is_part;
use crate::{Act, Changed, Ctx, Error, Result, Store, Tx, View, table};
use domain::Timestamp;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::sha::Sha256;
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use rusqlite::params;
use serde::Deserialize;
use std::io::BufRead;

/// Bytes of a line, short as lines go; before one is read. Ours.
const SHORT_LINE: u64 = 320;
/// Lines that tell how long the others are; more are not read ahead of an import.
const TELLING_LINES: u64 = 4096;
/// A line longer than this is no resident.
const LONGEST_LINE: u64 = 64 * 1024;

/// The signature of an extract and whom to trust.
#[derive(Clone, Copy)]
pub struct ExtractSignature<'a> {
    /// Detached CMS SignedData, DER, over the header line.
    pub cms: &'a [u8],
    /// The certificate authority that must stand behind the signer.
    pub ca: &'a X509,
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Wilayah code of the extract, with dots.
    pub wilayah: String,
    /// When it was taken, as the extract says; UTC.
    pub taken_at: String,
    /// Number of residents in it, each a line.
    pub count: u64,
}

#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
    wilayah: String,
    taken_at: String,
    count: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Line {
    nik: String,
    kk: String,
    nama: String,
}

impl Store {
    /// Imports a signed extract in place of an older one of the same wilayah and of older ones of its parts. One that was taken at
    /// the same moment may come again. Whoever writes meanwhile waits for one batch of it, however long it takes to read; a second
    /// import waits for the first. The line of the register bears the time of `ctx`, when it was begun.
    ///
    /// # Errors
    /// [`Error::ExtractSignature`], [`Error::ExtractAltered`], [`Error::ExtractLine`], [`Error::ExtractOlder`],
    /// [`Error::ExtractRead`]: nothing was imported and the extract before is as it was. So too after [`Error::Full`], where it would
    /// take room that new visits need, the ballast stays; [`Error::Locked`], also when the lock comes meanwhile; those of
    /// [`Store::transact`].
    pub fn import_residents(
        &self,
        extract: impl BufRead,
        signature: ExtractSignature<'_>,
        ctx: &Ctx,
    ) -> Result<Changed<Imported>> {
        self.import_residents_of(0, extract, signature, ctx)
    }

    /// Refuses an extract of which only the `beginning` is here, where it and `beside` more bytes would take room that new visits
    /// need. Nothing of it is verified, and one whose first line cannot be read is not refused: [`Self::import_residents`] does that.
    ///
    /// # Errors
    /// [`Error::Full`], with the ballast untouched; [`Error::File`] when the file system cannot be asked; [`Error::Locked`],
    /// [`Error::Sql`].
    pub fn room_for_residents(&self, mut beginning: impl BufRead, beside: u64) -> Result<()> {
        let mut line = Vec::new();
        let first = read_line(&mut beginning, &mut line, 1).ok();
        let header = first.and_then(|_| serde_json::from_slice::<Header>(&line).ok());
        let count = header.map_or(0, |header| header.count);
        let (mut lines, mut bytes) = (0u64, 0u64);
        // What cannot be read on is not here yet.
        while lines < count.min(TELLING_LINES)
            && let Ok(true) = read_line(&mut beginning, &mut line, lines + 2)
        {
            lines += 1;
            bytes += line.len() as u64;
        }
        let average = bytes.checked_div(lines).unwrap_or(SHORT_LINE);
        let room = staging::room_of(count, count.saturating_mul(average));
        self.room_beside_recordings(staging::BATCH_LOG, room.saturating_add(beside))
    }

    /// As [`Self::import_residents`], of the centre's `version`, which the centre has just called its newest: it takes the place of
    /// every file of its wilayah. Deltas at or below it are passed over afterwards.
    ///
    /// # Errors
    /// As [`Self::import_residents`].
    pub fn import_residents_of(
        &self,
        version: u64,
        mut extract: impl BufRead,
        signature: ExtractSignature<'_>,
        ctx: &Ctx,
    ) -> Result<Changed<Imported>> {
        let mut line = Vec::new();
        read_line(&mut extract, &mut line, 1)?;
        verify(&line, signature)?;
        let header: Header = serde_json::from_slice(&line).map_err(|_| Error::ExtractLine { line: 1 })?;
        if header.format != "rekam-residents" || header.version != 1 {
            return Err(Error::ExtractLine { line: 1 });
        }
        let sha256 = hex::decode(&header.sha256).map_err(|_| Error::ExtractLine { line: 1 })?;
        // Such names are those of extracts that nobody sees.
        if header.wilayah.starts_with('-') {
            return Err(Error::ExtractLine { line: 1 });
        }
        let signer = signer_of(signature.cms)?;
        let _moving = self.moving_residents();
        self.clear_hidden()?;
        // Before a million lines are read; in the act it is looked at again.
        self.read(|view| replaced(view, &header, version))?;
        let act = Act::ResidentsImport { wilayah: header.wilayah.clone(), count: header.count };
        let done = self.stage(&header, &sha256, &mut extract).and_then(|staged| {
            self.transact(act, ctx, |tx| show(tx, &header, &sha256, &signer, version, staged))
        });
        let changed = match done {
            Ok(changed) => changed,
            Err(error) => {
                // Nobody sees what was written, and what cannot be cleared now is cleared later: only its room is missed until then.
                let _ = self.clear_hidden();
                let _ = self.give_log_back();
                return Err(error.full(false));
            }
        };
        *self.index_cell() = None;
        fail::fail_point!("store::residents::before_index");
        // The extract is in, whatever becomes of these: a search builds the index that is not stored, and what is left of the
        // extract before is hidden. `tidy_residents` does both later.
        let _ = self.refresh_names();
        let _ = self.clear_hidden();
        Ok(changed)
    }

    /// Reads the extract to its end and writes it as one that nobody sees; answers its row.
    fn stage(&self, header: &Header, sha256: &[u8], extract: &mut impl BufRead) -> Result<i64> {
        let least = staging::room_of(header.count, header.count.saturating_mul(SHORT_LINE));
        self.room_beside_recordings(staging::BATCH_LOG, least)?;
        let staged = self.begin_hidden()?;
        let mut hash = Sha256::new();
        let mut line = Vec::new();
        let (mut count, mut bytes) = (0u64, 0u64);
        let mut batch = Batch::default();
        loop {
            let with_feed = read_line(extract, &mut line, count + 2)?;
            if line.is_empty() && !with_feed {
                break;
            }
            hash.update(&line);
            if with_feed {
                hash.update(b"\n");
            }
            count += 1;
            bytes += line.len() as u64;
            if count > header.count {
                return Err(Error::ExtractAltered { what: "count" });
            }
            let unreadable = Error::ExtractLine { line: count + 1 };
            let Ok(text) = std::str::from_utf8(&line) else { return Err(unreadable) };
            let Ok(resident) = serde_json::from_str::<Line>(text) else { return Err(unreadable) };
            let row = Row { nik: resident.nik, kk: resident.kk, name: resident.nama, data: text.to_owned() };
            if batch.add(row) {
                // The rest is as long as what was read.
                let rest = header.count - count;
                let to_come = staging::room_of(rest, rest.saturating_mul(bytes / count));
                self.write_hidden(staged, &mut batch, to_come)?;
            }
        }
        if hash.finish()[..] != *sha256 {
            return Err(Error::ExtractAltered { what: "sha256" });
        }
        if count != header.count {
            return Err(Error::ExtractAltered { what: "count" });
        }
        self.write_hidden(staged, &mut batch, 0)?;
        Ok(staged)
    }
}

/// Shows an extract that was written whole, and hides those that it takes the place of.
fn show(
    tx: &Tx<'_>,
    header: &Header,
    sha256: &[u8],
    signer: &str,
    version: u64,
    staged: i64,
) -> Result<Imported> {
    let gone = replaced(tx, header, version)?;
    tx.seal_content("resident_extract", &[header.wilayah.as_bytes(), sha256]);
    for id in gone {
        staging::hide(tx.conn, id)?;
    }
    table::run_one(
        tx.conn,
        "resident_extract",
        "import residents",
        "UPDATE resident_extract SET wilayah = ?2, taken_at = ?3, count = ?4, sha256 = ?5, signer = ?6,
            imported_at = ?7, version = ?8 WHERE id = ?1",
        params![
            staged,
            header.wilayah,
            header.taken_at,
            header.count.cast_signed(),
            sha256,
            signer,
            tx.now_ms(),
            version.cast_signed()
        ],
    )?;
    index::outdate(tx.conn)?;
    Ok(Imported { wilayah: header.wilayah.clone(), taken_at: header.taken_at.clone(), count: header.count })
}

/// Refuses a file on a stick beside which what is here of its wilayah, or of a greater one around it, is younger, and an earlier
/// version of the centre's; returns the ids of those that it takes the place of. The centre's versions of one wilayah are counted; a file has
/// none, and what came from the centre is as young as the centre's last word that it is current.
fn replaced(view: &View<'_>, header: &Header, version: u64) -> Result<Vec<i64>> {
    let taken: Timestamp = header.taken_at.parse().map_err(|_| Error::ExtractLine { line: 1 })?;
    let current = Timestamp::from_millisecond(view.extract_check()?.current_ms).unwrap_or(Timestamp::MIN);
    let mut gone = Vec::new();
    for kept in view.resident_extracts()? {
        // One of a program that did not look at it may say anything.
        let kept_taken: Timestamp = kept.taken_at.parse().unwrap_or(Timestamp::MIN);
        let same = kept.wilayah == header.wilayah;
        if same || is_part(&header.wilayah, &kept.wilayah) {
            let older = match (version, kept.version) {
                (0, 0) => taken < kept_taken,
                (0, _) => taken < kept_taken.max(current),
                // What the centre gives now is current, though nothing changed in it for longer than a file is old.
                (_, 0) => false,
                // Where the centre gives another wilayah than before, its versions do not tell which is younger.
                (version, kept_version) => same && version < kept_version,
            };
            if older {
                return Err(Error::ExtractOlder);
            }
        }
        // A file does not end what the centre keeps current for a part of its wilayah.
        let of_part = is_part(&kept.wilayah, &header.wilayah) && (version > 0 || kept.version == 0);
        if same || of_part && kept_taken <= taken {
            gone.push(kept.id);
        }
    }
    Ok(gone)
}

/// Reads one line without its line feed; returns whether there was one.
fn read_line(extract: &mut impl BufRead, line: &mut Vec<u8>, number: u64) -> Result<bool> {
    use std::io::Read;
    line.clear();
    extract.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', line).map_err(Error::ExtractRead)?;
    let with_feed = line.last() == Some(&b'\n');
    if with_feed {
        line.pop();
    } else if line.len() as u64 > LONGEST_LINE {
        return Err(Error::ExtractLine { line: number });
    }
    Ok(with_feed)
}

fn verify(header: &[u8], signature: ExtractSignature<'_>) -> Result<()> {
    let mut trusted = X509StoreBuilder::new().map_err(Error::ExtractSignature)?;
    trusted.add_cert(signature.ca.clone()).map_err(Error::ExtractSignature)?;
    // The purpose of the signer's certificate is ours, not e-mail.
    trusted.set_purpose(openssl::x509::X509PurposeId::ANY).map_err(Error::ExtractSignature)?;
    let mut cms = CmsContentInfo::from_der(signature.cms).map_err(Error::ExtractSignature)?;
    cms.verify(None, Some(&trusted.build()), Some(header), None, CMSOptions::BINARY)
        .map_err(Error::ExtractSignature)
}

/// SHA-256 of the signature: which one it was can be told from the kept file.
fn signer_of(cms: &[u8]) -> Result<String> {
    Ok(hex::encode(openssl::sha::sha256(cms)))
}
