//! The extract of residents: fetched piece by piece, verified, imported whole or not at all; deltas come with the feed.

use packet::pki::Role;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_RANGE, ETAG, HeaderMap, IF_MATCH, IF_NONE_MATCH, RANGE};
use store::{Ctx, ExtractSignature, Ledger};

use super::Engine;
use super::changes::plain;
use crate::line::{Refused, judge};
use crate::{Cause, Finding, Result, routes};

/// The centre is asked whether its extract is still the one that is here, at most this often, milliseconds. Ours.
const ASK_EVERY_MS: i64 = 86_400_000;
/// Bytes of one piece: what a cut costs at most.
const PIECE: i64 = 256 * 1024;
/// An extract of a kabupaten is below this, bytes unpacked. Ours; a bomb is above.
const LONGEST: u64 = 2 << 30;
/// Packed bytes that are believed.
const LONGEST_PACKED: i64 = 512 << 20;

/// How one asking went.
enum Asked {
    /// What is here is current.
    Current,
    /// A piece arrived; more are to come.
    More,
    /// The last piece arrived.
    Whole,
    /// The centre holds no extract for this station.
    Nothing,
    /// The version that was being fetched is gone.
    Anew,
}

impl Engine {
    /// Fetches the extract of the station's own wilayah when there is none, when a day has passed, or when a fetch was cut
    /// off. Yields to the desk between two pieces; a line that is paid for by the byte fetches nothing, and a station whose disk
    /// has no room for it no more than the first piece.
    pub(super) async fn residents(&self) -> Result<()> {
        let now = self.line.now();
        let store = &self.setup.store;
        let check = store.read(|view| view.extract_check())?;
        // Noted at the end of a fetch: one that was cut off is not recent.
        let recent = (now.as_millisecond() - check.checked_ms).abs() < ASK_EVERY_MS;
        let metered = self.setup.pace.metered();
        if recent || (metered.0 && !metered.1) {
            return Ok(());
        }
        let mut turns = 0u64;
        loop {
            if self.setup.pace.is_stopped() || self.setup.pace.is_paused() {
                return Ok(());
            }
            // Where a piece of it is here, and once the first has come.
            if turns < 2 && !self.has_room()? {
                return self.wait_for_room();
            }
            turns += 1;
            match self.ask_for_piece().await? {
                Asked::More => {}
                Asked::Whole if self.is_still_current().await? => return self.import_extract().await,
                Asked::Whole | Asked::Anew => {
                    store.bookkeep(now, |ledger| ledger.drop_extract_pieces())?;
                    return Ok(());
                }
                Asked::Current => {
                    store.bookkeep(now, |ledger| was_asked(ledger, true))?;
                    return Ok(());
                }
                Asked::Nothing => {
                    store.bookkeep(now, |ledger| was_asked(ledger, false))?;
                    return Ok(());
                }
            }
        }
    }

    /// Whether what is still to be fetched, and the residents in it, fit beside what new visits need, as far as what is here tells:
    /// before the first piece nobody knows whether there is anything to fetch.
    fn has_room(&self) -> Result<bool> {
        let store = &self.setup.store;
        let (progress, beginning) =
            store.read(|view| Ok((view.extract_progress()?, view.extract_beginning()?)))?;
        if progress.tag.is_empty() {
            return Ok(true);
        }
        let unpacked = zstd::Decoder::new(&beginning[..])
            .map_err(|source| crate::Error::File { doing: "unpack the residents", source })?;
        let lines = std::io::BufReader::new(std::io::Read::take(unpacked, LONGEST));
        let to_fetch = u64::try_from(progress.total - progress.have).unwrap_or(0);
        match store.room_for_residents(lines, to_fetch) {
            Ok(()) => Ok(true),
            Err(store::Error::Full { .. }) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// What was fetched stays, and a person is told. It is looked again in a day, or when somebody asks for the residents: whether
    /// a newer version is there by then or not, no more is fetched before there is room.
    fn wait_for_room(&self) -> Result<()> {
        tracing::warn!("the disk has no room for the residents; what was fetched of them stays");
        self.setup.store.bookkeep(self.line.now(), |ledger| {
            ledger.found(Finding::ResidentsNoRoom.key(), "")?;
            ledger.note_extract_check(false)
        })?;
        Ok(())
    }

    async fn ask_for_piece(&self) -> Result<Asked> {
        let store = &self.setup.store;
        let (progress, version) =
            store.read(|view| Ok((view.extract_progress()?, view.extract_version()?)))?;
        if progress.have > 0 && progress.have == progress.total {
            return Ok(Asked::Whole);
        }
        let url = self.line.url(routes::OWN_RESIDENTS)?;
        let range = format!("bytes={}-{}", progress.have, progress.have + PIECE - 1);
        let mut request = self
            .line
            .request(Method::GET, url)
            .header(ACCEPT, "application/zstd")
            .header(RANGE, range)
            .timeout(self.line.patience() * 4);
        if progress.tag.is_empty() {
            request = request.header(IF_NONE_MATCH, format!("\"{version}\""));
        } else {
            request = request.header(IF_MATCH, &progress.tag);
        }
        let answer = match judge(self.line.send(request).await?, &[206, 304, 412]) {
            Ok(answer) => answer,
            Err(Refused::Gone) => return Ok(Asked::Nothing),
            Err(other) => return Err(plain(other)),
        };
        match answer.status.as_u16() {
            304 => return Ok(Asked::Current),
            412 => return Ok(Asked::Anew),
            _ => {}
        }
        let strange = Cause::NotUnderstood { what: "residents" };
        let (start, total) = place(&answer.headers).ok_or_else(|| strange.clone())?;
        let tag = text(&answer.headers, ETAG.as_str());
        let length = i64::try_from(answer.body.len()).unwrap_or(i64::MAX);
        let fits = start == progress.have && length > 0 && total <= LONGEST_PACKED && start + length <= total;
        let same = progress.tag.is_empty() || progress.tag == tag;
        if !fits || !same || version_of(&tag).is_none() {
            return Err(strange.into());
        }
        store
            .bookkeep(self.line.now(), |ledger| ledger.add_extract_piece(&tag, start, total, &answer.body))?;
        Ok(if start + length == total { Asked::Whole } else { Asked::More })
    }

    /// Whether the centre still holds the version that is here whole: what it says now is younger than every file on a stick.
    async fn is_still_current(&self) -> Result<bool> {
        let tag = self.setup.store.read(|view| view.extract_progress())?.tag;
        let request = self
            .line
            .request(Method::GET, self.line.url(routes::OWN_RESIDENTS)?)
            .header(ACCEPT, "application/zstd")
            .header(RANGE, "bytes=0-0")
            .header(IF_NONE_MATCH, tag)
            .timeout(self.line.patience() * 2);
        match judge(self.line.send(request).await?, &[206, 304]) {
            Ok(answer) => Ok(answer.status.as_u16() == 304),
            Err(Refused::Gone) => Ok(false),
            Err(other) => Err(plain(other)),
        }
    }

    async fn import_extract(&self) -> Result<()> {
        let store = &self.setup.store;
        let tag = store.read(|view| view.extract_progress())?.tag;
        let version = version_of(&tag).ok_or(Cause::NotUnderstood { what: "residents" })?;
        let url = self.line.url(&routes::own_residents_signature(version))?;
        let request = self.line.request(Method::GET, url).timeout(self.line.patience() * 2);
        let signature = match judge(self.line.send(request).await?, &[200]) {
            Ok(answer) => answer.body,
            Err(Refused::Gone) => {
                store.bookkeep(self.line.now(), |ledger| ledger.drop_extract_pieces())?;
                return Ok(());
            }
            Err(other) => return Err(plain(other)),
        };
        let imported = self.import_pieces(version, &signature);
        if let Err(crate::Error::Store(store::Error::Full { .. })) = &imported {
            return self.wait_for_room();
        }
        if let Err(error) = &imported
            && passes(error)
        {
            tracing::warn!(%error, "the residents are not imported now; what was fetched stays for the next exchange");
            return Ok(());
        }
        // These bytes have served; a refused extract is asked for again another day.
        let good = imported.is_ok();
        store.bookkeep(self.line.now(), |ledger| {
            ledger.drop_extract_pieces()?;
            was_asked(ledger, good)
        })?;
        match imported {
            Ok(count) => tracing::info!(count, "residents imported"),
            Err(error) => tracing::warn!(%error, "the extract of residents is refused; the one before stays"),
        }
        Ok(())
    }

    fn import_pieces(&self, version: u64, signature: &[u8]) -> Result<u64> {
        let store = &self.setup.store;
        let signer = packet::signer_of_detached(signature)?;
        signer.require(Role::CentreSigner)?;
        let now = self.line.now();
        if store.read(|view| crate::revoked::is_revoked(view, &signer, now))? {
            return Err(Cause::NotUnderstood { what: "residents" }.into());
        }
        let packed = store.read(|view| view.extract_bytes())?;
        let unpacked = zstd::Decoder::new(&packed[..])
            .map_err(|source| crate::Error::File { doing: "unpack the residents", source })?;
        let lines = std::io::BufReader::new(std::io::Read::take(unpacked, LONGEST));
        let authority =
            self.setup.trust.authorities.first().ok_or(crate::Error::Setting { what: "authority" })?;
        let bad = |_| crate::Error::Setting { what: "authority" };
        let ca = openssl::x509::X509::from_der(&authority.to_der()?).map_err(bad)?;
        let ctx = Ctx { operator: None, now: self.line.now() };
        let signature = ExtractSignature { cms: signature, ca: &ca };
        Ok(store.import_residents_of(version, lines, signature, &ctx)?.value.count)
    }
}

/// Notes that the centre was asked, and whether what is here was current then; nothing waits for room any more.
fn was_asked(ledger: &Ledger<'_>, current: bool) -> store::Result<()> {
    ledger.is_over(Finding::ResidentsNoRoom.key(), "")?;
    ledger.note_extract_check(current)
}

/// Whether the same bytes may be imported with the next exchange: the screen was locked meanwhile, or the database was in use.
fn passes(error: &crate::Error) -> bool {
    matches!(error, crate::Error::Store(error) if !error.is_permanent())
}

/// First byte and whole length of `Content-Range: bytes a-b/c` (RFC 9110 §14.4).
fn place(headers: &HeaderMap) -> Option<(i64, i64)> {
    let text = text(headers, CONTENT_RANGE.as_str());
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The centre's version in an entity tag such as `"7"`.
fn version_of(tag: &str) -> Option<u64> {
    tag.trim_matches('"').parse().ok().filter(|version| *version > 0)
}
