//! What the centre orders: cards to print, blangko that will come, settings, recordings to be made again. Each line is
//! judged before anything is written; what it leads to is written with the cursor.

use base64::Engine as _;
use domain::Nik;
use domain::ids::PacketId;
use domain::stock::{Item, NomorBlangko};
use domain::tables::OfficeTable;
use jiff::Timestamp;
use packet::pki::Role;
use packet::wire::{BlangkoChange, CentralSetting, Change, Feed, PrintChange, RecoveryChange, SettingChange};
use packet::{Document, Trust};
use serde::{Deserialize, Serialize};
use store::{Allotment, CentralStatusRow, Store, Tx, View};

use crate::finding::{Finding, plain, re_record_subject, subject};
use crate::{Result, revoked};

/// Name and version of a setting's document. Source: sync.md §6.
const SETTING: &str = "rekam-setting/1";
/// Most pieces that one allotment can hold. Ours: a kabupaten's whole year.
const ALLOTMENT_MOST: u32 = 1_000_000;

/// What one line leads to.
pub(super) enum Order {
    /// Nothing but its notice.
    Notice,
    /// A status of a NIK.
    Status(CentralStatusRow),
    /// Blangko will come.
    Allot(Allotment),
    /// A setting that the centre has signed: key without prefix.
    Set(String, Kept),
}

/// A setting of the centre as it is kept, under `centre.<key>`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    value: serde_json::Value,
    version: u64,
    /// By the centre's clock, UTC milliseconds.
    signed_ms: i64,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept(version {})", self.version)
    }
}

impl Kept {
    /// Whether it takes the place of an earlier one: what was signed later, and of a table what is the newer table.
    fn follows(&self, earlier: &Self, key: &str) -> bool {
        let order = |kept: &Self| (table_version(key, &kept.value), kept.signed_ms, kept.version);
        order(self) > order(earlier)
    }
}

/// A feed, judged line by line.
pub(super) struct Judged {
    /// One for each line.
    pub orders: Vec<Order>,
    /// What a person should know, of lines that were not here before.
    pub findings: Vec<(Finding, String)>,
}

/// Content of a setting's document.
#[derive(Deserialize)]
struct Signed {
    key: String,
    value: serde_json::Value,
    version: u64,
}

/// Judges every line; writes nothing.
pub(super) fn judge(view: &View<'_>, feed: &Feed, trust: &Trust, source: &str) -> store::Result<Judged> {
    let mut judged = Judged { orders: Vec::with_capacity(feed.changes.len()), findings: Vec::new() };
    for (change, line) in feed.changes.iter().zip(&feed.lines) {
        let mut found = Vec::new();
        let order = match change {
            Change::Print(change) => status_of(change, source),
            Change::Blangko(change) => allotment(change).unwrap_or_else(|| {
                found.push((Finding::AllotmentOdd, change.allotment.to_string()));
                Order::Notice
            }),
            Change::Setting(change) => setting(view, change, trust)?.unwrap_or_else(|finding| {
                found.push((finding, plain(&change.key)));
                Order::Notice
            }),
            Change::Recovery(order) if order.action == "re_record" => {
                found = re_record(view, order)?;
                Order::Notice
            }
            _ => Order::Notice,
        };
        // A history that is told again finds nothing that a person has seen to already.
        if !found.is_empty() && !view.has_central_notice(line)? {
            judged.findings.append(&mut found);
        }
        judged.orders.push(order);
    }
    Ok(judged)
}

/// Writes what a line leads to; once however often it comes.
pub(super) fn apply(tx: &Tx<'_>, order: &Order) -> store::Result<()> {
    match order {
        Order::Notice => Ok(()),
        Order::Status(row) => tx.add_central_status(row).map(drop),
        Order::Allot(allotment) => {
            if tx.has_allotment(allotment.item, &allotment.document)? {
                return Ok(());
            }
            tx.note("jatah", &format!("{} {}", allotment.item.key(), allotment.quantity));
            tx.add_allotment(allotment)
        }
        Order::Set(key, new) => {
            let name = format!("{KEPT}{key}");
            let old = tx.setting(&name)?.and_then(|json| serde_json::from_str::<Kept>(&json).ok());
            if old.is_some_and(|old| !new.follows(&old, key)) {
                return Ok(());
            }
            tx.note("pengaturan", key);
            tx.set_setting(&name, &serde_json::json!(new).to_string())
        }
    }
}

/// Where settings of the centre are kept among the station's own.
const KEPT: &str = "centre.";

/// The value that the centre has set for a key; `None` when it never did.
///
/// # Errors
/// As [`store::View::setting`].
pub fn kept_setting(view: &View<'_>, key: &str) -> store::Result<Option<serde_json::Value>> {
    let json = view.setting(&format!("{KEPT}{key}"))?;
    Ok(json.and_then(|json| serde_json::from_str::<Kept>(&json).ok()).map(|kept| kept.value))
}

/// The centre says where a card stands that this station may print: it goes into the mirror of that NIK, where step 7
/// finds it. Under the job when the recording is not named, so that the same line is one row.
fn status_of(change: &PrintChange, source: &str) -> Order {
    if Nik::parse(&change.nik).is_err() {
        return Order::Notice;
    }
    Order::Status(CentralStatusRow {
        nik: change.nik.clone(),
        status: change.s.clone(),
        as_of_ms: change.t.as_millisecond(),
        received_ms: 0,
        source: source.to_owned(),
        packet: change.enrolment.unwrap_or(change.job).to_string(),
        detail: String::new(),
    })
}

fn allotment(change: &BlangkoChange) -> Option<Order> {
    let first = NomorBlangko::parse(&change.first).ok()?;
    (1..=ALLOTMENT_MOST).contains(&change.count).then(|| {
        Order::Allot(Allotment {
            item: if change.wna { Item::BlangkoWna } else { Item::Blangko },
            quantity: change.count,
            document: change.allotment.to_string(),
            note: format!("mulai {first}"),
            at_ms: 0,
        })
    })
}

/// Believes a setting by its own signature alone: role, authority, training mark, that its signer is not revoked, and that
/// it says what the line says. One that this program knows must also have a value that it can follow.
fn setting(view: &View<'_>, change: &SettingChange, trust: &Trust) -> store::Result<Result<Order, Finding>> {
    let unproven = Ok(Err(Finding::SettingUnproven));
    let der = base64::engine::general_purpose::STANDARD.decode(&change.signed).ok();
    let document = der.and_then(|der| Document::verify(&der, SETTING, Role::CentreSigner, trust).ok());
    let Some(document) = document else { return unproven };
    if revoked::is_revoked(view, &document.signer, document.signed_at)? {
        return unproven;
    }
    Ok(match read_setting(change, &document) {
        None => Err(Finding::SettingUnproven),
        Some((key, kept)) if OfficeTable::is_key(&key) => table(view, key, kept)?,
        Some((key, kept)) => match CentralSetting::of(&key) {
            Some(known) if known.read(&kept.value).is_none() => Err(Finding::SettingUnreadable),
            _ => Ok(Order::Set(key, kept)),
        },
    })
}

/// A code table or a list of regions is taken whole and only when it is newer than the one in use.
fn table(view: &View<'_>, key: String, kept: Kept) -> store::Result<Result<Order, Finding>> {
    let earlier = kept_setting(view, &key)?.and_then(|value| table_version(&key, &value));
    let in_use = earlier.unwrap_or(0).max(OfficeTable::shipped_version(&key));
    let newer = table_version(&key, &kept.value).is_some_and(|version| version > in_use);
    Ok(if newer { Ok(Order::Set(key, kept)) } else { Err(Finding::TableUnusable) })
}

/// Version of a table that can be used; `None` for anything else.
fn table_version(key: &str, value: &serde_json::Value) -> Option<u32> {
    if !OfficeTable::is_key(key) {
        return None;
    }
    OfficeTable::read(key, &value.to_string()).ok().map(|table| table.version())
}

fn read_setting(change: &SettingChange, document: &Document) -> Option<(String, Kept)> {
    let signed: Signed = serde_json::from_slice(&document.content).ok()?;
    let letters = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_.".contains(&c);
    let sound = signed.key == change.key
        && (1..=64).contains(&signed.key.len())
        && signed.key.bytes().all(letters)
        && signed.value.to_string().len() <= CentralSetting::MOST_BYTES;
    let signed_ms = document.signed_at.as_millisecond();
    let kept = Kept { value: signed.value, version: signed.version, signed_ms };
    sound.then_some((signed.key, kept))
}

/// One finding for each recording of this station that is to be made again.
fn re_record(view: &View<'_>, order: &RecoveryChange) -> store::Result<Vec<(Finding, String)>> {
    let mut found = Vec::new();
    for (first, last) in &order.q {
        for (packet, _) in view.packets_between(first.cast_signed(), last.cast_signed())? {
            let Some(packet) = view.packet(packet)? else { continue };
            let ticket = view.permohonan(packet.permohonan)?.map(|visit| visit.ticket).unwrap_or_default();
            let about = re_record_subject(packet.sequence, &ticket);
            found.push((Finding::ReRecord, subject(&about, &plain(&order.r))));
        }
    }
    Ok(found)
}

/// A recording that was to be made again is over once a later one of the same NIK is sealed.
pub(super) fn end_re_records(store: &Store, now: Timestamp) -> Result<()> {
    let over = store.read(|view| {
        let mut over = Vec::new();
        for row in view.sync_findings()? {
            if row.over_ms == 0 && row.kind == Finding::ReRecord.key() && recorded_anew(view, &row.subject)? {
                over.push(row);
            }
        }
        Ok(over)
    })?;
    if !over.is_empty() {
        store.bookkeep(now, |ledger| {
            over.iter().try_for_each(|row| ledger.is_over(&row.kind, &row.subject))
        })?;
    }
    Ok(())
}

fn recorded_anew(view: &View<'_>, subject: &str) -> store::Result<bool> {
    let number = subject.split(',').next().and_then(|number| number.parse::<i64>().ok());
    let Some(number) = number else { return Ok(false) };
    let packets: Vec<(PacketId, String)> = view.packets_between(number, number)?;
    for (_, nik) in packets.iter().filter(|(_, nik)| !nik.is_empty()) {
        for visit in view.permohonan_of_nik(nik)? {
            if view.packet_of(visit.id)?.is_some_and(|packet| packet.sequence > number) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
