//! The centre's answers from a medium: receipts and the change feed, each believed by its signature.

use std::io::Read as _;
use std::path::Path;

use domain::Timestamp;
use domain::ids::PacketId;
use packet::Document;
use packet::pki::{RevocationList, Role};
use packet::wire::{
    CourierManifest, Cursor, Feed, MANIFEST_FILE, REPLY_FOLDER, REVOCATIONS_FILE, ROOT_FOLDER, STATUS_FILE,
    read_feed,
};
use store::SyncRun;
use uuid::Uuid;

use super::{Desk, Refusal, real_folder};
use crate::engine::{apply_feed, apply_receipt, note_whole};
use crate::{Error, Result, revoked};

/// Longest receipt, bytes.
const RECEIPT_MOST: u64 = 64 << 10;
/// Longest change feed or manifest, bytes.
const FEED_MOST: u64 = 16 << 20;
/// Longest revocation list, bytes: a certificate in it takes some forty.
const LIST_MOST: u64 = 16 << 20;
/// Most entries that are looked at in one folder.
const ENTRIES_MOST: usize = 20_000;
/// The feed's document on a medium. Source: sync.md.
const FEED_FORMAT: &str = "rekam-feed/1";
/// The end of a receipt's name.
const RECEIPT_END: &str = ".resi.cms";

/// What was taken from a medium.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Packets whose receipt is now here; those that were here before count too.
    pub receipts: Vec<PacketId>,
    /// Changes that are new in the mirror.
    pub changes: u64,
    /// When the centre signed the newest answer that says everything it had to say to this station.
    pub whole: Option<Timestamp>,
    /// Files that were refused; nothing of them was taken.
    pub refused: Vec<Refusal>,
}

/// Takes the answers for this station from every batch on the medium. Taking them twice is taking them once.
///
/// # Errors
/// `Medium` when there is nothing for this station or the medium cannot be read; `Store` when the database refuses.
/// One bad file is refused by itself and does not keep the others from being taken.
pub fn take_replies(desk: Desk<'_>, folder: &Path) -> Result<Taken> {
    let root = real_folder(folder.to_owned())
        .and_then(|folder| real_folder(folder.join(ROOT_FOLDER)))
        .and_then(|root| real_folder(root.join(desk.station)));
    let station = match root {
        Err(Refusal::NoFolder) if folder.is_dir() => return Err(Refusal::NoReplies.into()),
        other => other?,
    };
    let mut taken = Taken::default();
    let mut batches = 0;
    for name in names(&station)? {
        // UUIDs and nothing else: hidden, half-written and foreign folders are passed over.
        let Ok(batch) = Uuid::parse_str(&name) else { continue };
        if batch.hyphenated().to_string() != name {
            continue;
        }
        match real_folder(station.join(&name)).and_then(|batch| real_folder(batch.join(REPLY_FOLDER))) {
            Ok(replies) => {
                batches += 1;
                take_batch(desk, &station.join(&name), &replies, batch, &mut taken)?;
            }
            Err(Refusal::NoFolder) => {}
            Err(other) => taken.refused.push(other),
        }
    }
    if batches == 0 && taken.refused.is_empty() {
        return Err(Refusal::NoReplies.into());
    }
    remember(desk, &taken)?;
    Ok(taken)
}

fn take_batch(desk: Desk<'_>, batch: &Path, replies: &Path, id: Uuid, taken: &mut Taken) -> Result<()> {
    // Before anything that is believed by its signature.
    let list = replies.join(REVOCATIONS_FILE);
    if std::fs::symlink_metadata(&list).is_ok() {
        match take_revocations(desk, &list) {
            Ok(()) => {}
            Err(Error::Medium(refusal)) => taken.refused.push(refusal),
            Err(other) => return Err(other),
        }
    }
    for name in names(replies)? {
        let Some(stem) = name.strip_suffix(RECEIPT_END) else { continue };
        let Ok(enrolment) = Uuid::parse_str(stem) else { continue };
        match take_receipt(desk, &replies.join(&name), PacketId::new(enrolment)) {
            Ok(packet) => taken.receipts.push(packet),
            Err(Error::Medium(refusal)) => taken.refused.push(refusal),
            Err(Error::Cause(_)) => taken.refused.push(Refusal::NotProven),
            Err(other) => return Err(other),
        }
    }
    let feed = replies.join(STATUS_FILE);
    if std::fs::symlink_metadata(&feed).is_ok() {
        match take_feed(desk, batch, &feed, id) {
            Ok((new, whole)) => {
                taken.changes += new;
                taken.whole = taken.whole.max(whole);
            }
            Err(Error::Medium(refusal)) => taken.refused.push(refusal),
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn take_revocations(desk: Desk<'_>, path: &Path) -> Result<()> {
    let list = RevocationList::verify(&bounded(path, LIST_MOST)?, &desk.trust.authorities)
        .map_err(|_| Refusal::NotProven)?;
    Ok(revoked::take(desk.store, list, desk.ctx)?)
}

fn take_receipt(desk: Desk<'_>, path: &Path, id: PacketId) -> Result<PacketId> {
    let packet = desk.store.read(|view| view.packet(id))?.ok_or(Refusal::UnknownPacket)?;
    let cms = bounded(path, RECEIPT_MOST)?;
    let by = desk.ctx.operator.clone();
    apply_receipt(desk.store, &packet, desk.station, desk.trust, &cms, desk.ctx.now, by)?;
    Ok(id)
}

/// The feed must go on from where this station stands: the batch's own manifest, signed by this station, says from where
/// the centre was asked to answer. The feed itself says for which station it is: the centre signs that of each station, whose
/// numbers mean other recordings. Answers how many changes are new, and when the centre signed them, if they are all there is.
fn take_feed(desk: Desk<'_>, batch: &Path, path: &Path, id: Uuid) -> Result<(u64, Option<Timestamp>)> {
    let manifest = bounded(&batch.join(MANIFEST_FILE), FEED_MOST)?;
    let (manifest, _) = CourierManifest::verify(&manifest, desk.trust).map_err(|_| Refusal::NotProven)?;
    if manifest.station != desk.station {
        return Err(Refusal::OtherStation.into());
    }
    if manifest.batch != id {
        return Err(Refusal::NotProven.into());
    }
    let (feed, signed_at) = believed_feed(desk, &bounded(path, FEED_MOST)?)?;
    if feed.station != desk.station {
        return Err(Refusal::OtherStation.into());
    }
    let now_at = desk.store.read(|view| view.change_cursor())?.and_then(|text| text.parse().ok());
    let now_at = now_at.unwrap_or_else(Cursor::start);
    if !goes_on(&manifest.cursor, &now_at, &feed.cursor) {
        // Older than what is here, or another history: taken before, or to be fetched anew.
        return Ok((0, None));
    }
    let new = apply_feed(desk.store, &feed, "courier", desk.trust, desk.ctx)?;
    if feed.more {
        return Ok((new, None));
    }
    note_whole(desk.store, signed_at, desk.ctx.now)?;
    Ok((new, Some(signed_at)))
}

fn goes_on(asked_from: &Cursor, now_at: &Cursor, ends_at: &Cursor) -> bool {
    asked_from == now_at
        || (asked_from.is_beside(now_at) || asked_from == &Cursor::start())
            && now_at.is_beside(ends_at)
            && asked_from.number() <= now_at.number()
            && now_at.number() < ends_at.number()
}

/// The feed and when the centre signed it.
fn believed_feed(desk: Desk<'_>, der: &[u8]) -> Result<(Feed, Timestamp)> {
    let document =
        Document::verify(der, FEED_FORMAT, Role::CentreSigner, desk.trust).map_err(|_| Refusal::NotProven)?;
    let revoked = |view: &store::View<'_>| revoked::is_revoked(view, &document.signer, document.signed_at);
    if desk.store.read(revoked)? {
        return Err(Refusal::NotProven.into());
    }
    let feed = read_feed(&document.content).map_err(|_| Refusal::NotProven)?;
    Ok((feed, document.signed_at))
}

/// Names in a folder that are text, at most so many.
fn names(folder: &Path) -> Result<Vec<String>, Refusal> {
    let unreadable = |_| Refusal::Medium { doing: "read a folder" };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        if found.len() == ENTRIES_MOST {
            return Err(Refusal::TooMuch);
        }
        found.extend(entry.map_err(unreadable)?.file_name().into_string());
    }
    found.sort();
    Ok(found)
}

/// A real file, not longer than allowed.
fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, Refusal> {
    let unreadable = |_| Refusal::Medium { doing: "read" };
    let found = std::fs::symlink_metadata(path).map_err(unreadable)?;
    if found.file_type().is_symlink() {
        return Err(Refusal::Link);
    }
    if !found.is_file() || found.len() > most {
        return Err(Refusal::TooMuch);
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most { Err(Refusal::TooMuch) } else { Ok(bytes) }
}

fn remember(desk: Desk<'_>, taken: &Taken) -> Result<()> {
    let at = desk.ctx.now.as_millisecond();
    let run = SyncRun {
        began_ms: at,
        ended_ms: at,
        path: "courier".into(),
        cause: if taken.refused.is_empty() { String::new() } else { "not_understood".into() },
        packets: i64::try_from(taken.receipts.len()).unwrap_or(i64::MAX),
        bytes: 0,
        changes: taken.changes.cast_signed(),
    };
    desk.store.bookkeep(desk.ctx.now, |ledger| ledger.add_sync_run(&run))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(text: &str) -> Cursor {
        text.parse().unwrap()
    }

    #[test]
    fn a_later_answer_to_the_same_question_goes_on_though_each_cursor_has_its_own_mark() {
        let asked = cursor("aaaaaaaa11111111-3");
        let here = cursor("aaaaaaaa22222222-5");
        assert!(goes_on(&asked, &here, &cursor("aaaaaaaa33333333-7")), "newer, of the same history");
        assert!(goes_on(&Cursor::start(), &here, &cursor("aaaaaaaa33333333-7")), "asked from the start");
        assert!(!goes_on(&asked, &here, &cursor("aaaaaaaa22222222-5")), "nothing new");
        assert!(!goes_on(&asked, &here, &cursor("bbbbbbbb33333333-7")), "another history is fetched anew");
        assert!(!goes_on(&cursor("aaaaaaaa44444444-6"), &here, &cursor("aaaaaaaa33333333-7")), "a gap");
    }
}
