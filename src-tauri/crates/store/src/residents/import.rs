//! A signed extract of residents, read as a stream in one transaction.
//!
//! Form of an extract: NDJSON. The first line is the header
//! `{"format":"rekam-residents","version":1,"wilayah":"18.13.01","taken_at":"…","count":N,"sha256":"…"}`; `sha256` is
//! over every byte after the header's line feed. Each further line is one resident as an object with at least `nik`,
//! `kk` and `nama` as text; it is kept whole. The detached CMS signature (DER) is over the header line without its line
//! feed, so that a gigabyte is verified while it streams:
//! `head -n1 extract.ndjson | tr -d '\n' | openssl cms -verify -inform DER -in extract.p7s -content /dev/stdin -binary`.

use super::index;
use crate::table::resident::is_part;
use crate::{Act, Changed, Ctx, Error, Result, Store, Tx, table};
use domain::Timestamp;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::sha::Sha256;
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use rusqlite::params;
use serde::Deserialize;
use std::io::BufRead;

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
    /// Imports a signed extract in place of an older one of the same wilayah and of older ones of its parts, and builds the name
    /// index anew. One that was taken at the same moment may come again.
    ///
    /// # Errors
    /// [`Error::ExtractSignature`], [`Error::ExtractAltered`], [`Error::ExtractLine`], [`Error::ExtractOlder`],
    /// [`Error::ExtractRead`]: nothing was imported and the extract before is as it was. A full disk answers [`Error::Full`]; those of
    /// [`Store::transact`], and [`Error::NameIndex`] when the index cannot be built.
    pub fn import_residents(
        &self,
        extract: impl BufRead,
        signature: ExtractSignature<'_>,
        ctx: &Ctx,
    ) -> Result<Changed<Imported>> {
        self.import_residents_of(0, extract, signature, ctx)
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
        let signer = signer_of(signature.cms)?;
        let act = Act::ResidentsImport { wilayah: header.wilayah.clone(), count: header.count };
        let mut first = true;
        let changed = self.transact(act, ctx, |tx| {
            if !std::mem::take(&mut first) {
                return Err(Error::Full { ballast_freed: true }); // The stream is spent; begin again from the file.
            }
            import(tx, &header, &signer, version, &mut extract)
        })?;
        *self.index_cell() = None;
        Ok(changed)
    }
}

fn import(
    tx: &Tx<'_>,
    header: &Header,
    signer: &str,
    version: u64,
    extract: &mut impl BufRead,
) -> Result<Imported> {
    let operation = "import residents";
    let sha256 = hex::decode(&header.sha256).map_err(|_| Error::ExtractLine { line: 1 })?;
    let gone = replaced(tx, header, version)?;
    tx.seal_content("resident_extract", &[header.wilayah.as_bytes(), &sha256]);
    for id in gone {
        table::run(tx.conn, operation, "DELETE FROM resident WHERE extract = ?1", [id])?;
        table::run(tx.conn, operation, "DELETE FROM resident_extract WHERE id = ?1", [id])?;
    }
    let extract_id: i64 = table::returned(
        tx.conn,
        operation,
        "INSERT INTO resident_extract (wilayah, taken_at, count, sha256, signer, imported_at, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        params![
            header.wilayah,
            header.taken_at,
            header.count.cast_signed(),
            sha256,
            signer,
            tx.now_ms(),
            version.cast_signed()
        ],
        |row| row.get(0),
    )?;
    let mut hash = Sha256::new();
    let mut line = Vec::new();
    let mut count = 0u64;
    let mut insert = tx
        .conn
        .prepare("INSERT INTO resident (extract, nik, kk, name, data) VALUES (?1, ?2, ?3, ?4, ?5)")
        .map_err(Error::sql(operation))?;
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
        if count > header.count {
            return Err(Error::ExtractAltered { what: "count" });
        }
        let unreadable = Error::ExtractLine { line: count + 1 };
        let Ok(text) = std::str::from_utf8(&line) else { return Err(unreadable) };
        let Ok(resident) = serde_json::from_str::<Line>(text) else { return Err(unreadable) };
        insert
            .execute(params![extract_id, resident.nik, resident.kk, resident.nama, text])
            .map_err(Error::sql(operation))?;
    }
    if hash.finish()[..] != sha256[..] {
        return Err(Error::ExtractAltered { what: "sha256" });
    }
    if count != header.count {
        return Err(Error::ExtractAltered { what: "count" });
    }
    fail::fail_point!("store::residents::before_index");
    index::rebuild(tx.conn)?;
    Ok(Imported { wilayah: header.wilayah.clone(), taken_at: header.taken_at.clone(), count })
}

/// Refuses a file on a stick beside which what is here of its wilayah, or of a greater one around it, is younger, and an earlier
/// version of the centre's; returns the ids of those that it takes the place of. The centre's versions of one wilayah are counted; a file has
/// none, and what came from the centre is as young as the centre's last word that it is current.
fn replaced(tx: &Tx<'_>, header: &Header, version: u64) -> Result<Vec<i64>> {
    let taken: Timestamp = header.taken_at.parse().map_err(|_| Error::ExtractLine { line: 1 })?;
    let current = Timestamp::from_millisecond(tx.extract_check()?.current_ms).unwrap_or(Timestamp::MIN);
    let mut gone = Vec::new();
    for kept in tx.resident_extracts()? {
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
