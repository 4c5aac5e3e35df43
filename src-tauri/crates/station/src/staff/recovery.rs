//! Ways in when every password is lost: the printed code in the safe, and the private key of the district.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::role::{Action, allowed};
use jiff::Timestamp;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use store::{Act, Ctx, DataKey, OperatorStatus, SlotInfo, SlotKind, Store};
use zeroize::Zeroizing;

use crate::session::{check_password, roles_of};
use crate::view;
use crate::visit::{iso, to_json};
use crate::{Error, News, Result, Station, held};

/// Name of the setting that says who keeps what where.
const SETTING: &str = "recovery_keepers";
/// Name of the printed code in that setting; the district's keys stand under their fingerprints.
pub(crate) const CODE: &str = "code";
/// A certificate or key file is a few kilobytes. Source: ours; an RSA-4096 pair with its chain stays below.
const LARGEST_FILE: u64 = 64 << 10;

/// Who keeps a way in, and where.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Keeper {
    holder: String,
    place: String,
}

/// What is known of the keepers.
pub(crate) fn keepers(store: &Store) -> Result<BTreeMap<String, Keeper>> {
    match store.read(|view| view.setting(SETTING))? {
        Some(json) => serde_json::from_str(&json).map_err(|source| Error::Stored { what: "keepers", source }),
        None => Ok(BTreeMap::new()),
    }
}

/// Writes down who keeps `what` where. It stands inside the database: a thief of the computer does not learn of it.
pub(crate) fn write_keeper(store: &Store, ctx: &Ctx, what: &str, holder: &str, place: &str) -> Result<()> {
    let mut all = keepers(store)?;
    all.insert(what.to_owned(), Keeper { holder: holder.trim().to_owned(), place: place.trim().to_owned() });
    let json = to_json("keepers", &all)?;
    let change = format!("kept {what}");
    store.transact(Act::RecoverySlot { change }, ctx, |tx| tx.set_setting(SETTING, &json))?;
    Ok(())
}

/// The slots that are no officer's.
pub(crate) fn views(list: &[SlotInfo], keepers: &BTreeMap<String, Keeper>) -> Vec<view::RecoverySlot> {
    list.iter()
        .filter_map(|slot| {
            let fingerprint = match &slot.kind {
                SlotKind::Operator(_) => return None,
                SlotKind::RecoveryCode => None,
                SlotKind::District(print) => Some(print.clone()),
            };
            let keeper = keepers.get(fingerprint.as_deref().unwrap_or(CODE));
            Some(view::RecoverySlot {
                fingerprint,
                made_at: Timestamp::from_millisecond(slot.made_ms).map(iso).unwrap_or_default(),
                holder: keeper.map(|keeper| keeper.holder.clone()),
                place: keeper.map(|keeper| keeper.place.clone()),
            })
        })
        .collect()
}

fn read_small(path: &str) -> Result<Zeroizing<Vec<u8>>> {
    use std::io::Read as _;
    let mut bytes = Zeroizing::new(Vec::new());
    let file = std::fs::File::open(path).map_err(|_| Error::not_now("district_file"))?;
    file.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(|_| Error::not_now("district_file"))?;
    Ok(bytes)
}

fn certificate(path: &str) -> Result<X509> {
    X509::from_pem(&read_small(path)?).map_err(|_| Error::not_now("district_file"))
}

fn private_key(path: &str) -> Result<PKey<Private>> {
    // An empty passphrase: a protected key is refused here instead of asking on the terminal.
    PKey::private_key_from_pem_passphrase(&read_small(path)?, b"")
        .map_err(|_| Error::not_now("district_file"))
}

impl Station {
    /// Makes a new recovery code in place of the old one, and writes down who keeps it where. Shown once.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` without a keeper, `WrongPassword` and `TooEarly` for the own password, `Store`.
    pub fn renew_recovery(&self, holder: &str, place: &str, own_password: &str) -> Result<view::NewRecovery> {
        let desk = self.desk(Action::ManageOperators)?;
        if holder.trim().is_empty() || place.trim().is_empty() {
            return Err(Error::Invalid { what: "holder" });
        }
        let key = self.own_key(&desk, own_password)?;
        write_keeper(&desk.store, &desk.ctx(), CODE, holder, place)?;
        let code = self.with_slots(|slots| slots.renew_recovery_code(&key, desk.now))?;
        desk.transact(Act::RecoverySlot { change: "code renewed".into() }, |_| Ok(()))?;
        let groups = code.show().split('-').map(str::to_owned).collect();
        Ok(view::NewRecovery { groups, staff: self.staff_view(&desk)? })
    }

    /// Lets the district's key open this station: wraps the data key for the certificate in a PEM file.
    ///
    /// # Errors
    /// As [`Self::renew_recovery`]; `NotNow` when the file is no certificate.
    pub fn add_district_slot(
        &self,
        certificate_file: &str,
        holder: &str,
        place: &str,
        own_password: &str,
    ) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        if holder.trim().is_empty() || place.trim().is_empty() {
            return Err(Error::Invalid { what: "holder" });
        }
        let cert = certificate(certificate_file)?;
        let key = self.own_key(&desk, own_password)?;
        self.with_slots(|slots| slots.add_district(&key, &cert, desk.now))?;
        let print = cert.digest(openssl::hash::MessageDigest::sha256());
        let print = print.map_err(|_| Error::not_now("district_file"))?;
        let print: String = print.iter().map(|byte| format!("{byte:02x}")).collect();
        write_keeper(&desk.store, &desk.ctx(), &print, holder, place)?;
        self.staff_view(&desk)
    }

    /// Gives a supervisor a new password by the printed code. Wrong codes are counted on disk, also over a restart.
    ///
    /// # Errors
    /// `WeakPassword`; `NotNow` while somebody is signed in, for a wrong code, for nobody's code, or when the person is
    /// no active supervisor; `TooEarly`; `Store` with `MistypedCode` (not counted).
    pub fn recover_with_code(
        &self,
        code: &str,
        operator_id: &str,
        new_password: &str,
    ) -> Result<view::StationState> {
        self.recover(operator_id, new_password, "code", |slots, now| {
            slots.unlock_with_code(code, now).map_err(|error| match error {
                store::Error::WrongPassword { wait_ms } => {
                    Error::not_now_with("recovery_wrong", &[("seconds", wait_ms.div_ceil(1000).to_string())])
                }
                store::Error::NoSuchSlot => Error::not_now("recovery_none"),
                other => other.into(),
            })
        })
    }

    /// The same with the private key of the district and its certificate, both PEM files.
    ///
    /// # Errors
    /// As [`Self::recover_with_code`]; `NotNow` when a file cannot be read or the key opens no slot.
    pub fn recover_with_district(
        &self,
        key_file: &str,
        certificate_file: &str,
        operator_id: &str,
        new_password: &str,
    ) -> Result<view::StationState> {
        let (key, cert) = (private_key(key_file)?, certificate(certificate_file)?);
        self.recover(operator_id, new_password, "district", |slots, _| {
            slots.unlock_with_district(&cert, &key).map_err(|_| Error::not_now("district_wrong"))
        })
    }

    fn recover(
        &self,
        operator_id: &str,
        new_password: &str,
        by: &str,
        open: impl FnOnce(&mut store::KeySlots, Timestamp) -> Result<DataKey>,
    ) -> Result<view::StationState> {
        let operator = super::parse(operator_id)?;
        check_password(new_password)?;
        let now = self.clock.now();
        {
            let mut door = held(&self.door);
            if door.open.is_some() {
                return Err(Error::not_now("recovery_open"));
            }
            let database = door.database.clone();
            let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
            let key = open(slots, now)?;
            let store = Arc::new(Store::open(&database, &key, self.store_options(), now)?);
            let row = store.read(|view| view.operator(&operator))?;
            let active = row.filter(|row| row.status == OperatorStatus::Active);
            let supervisor = match &active {
                Some(row) => allowed(&roles_of(row)?, Action::ManageOperators),
                None => false,
            };
            if !supervisor {
                store.lock();
                return Err(Error::not_now("recovery_supervisor"));
            }
            // The line first: a password that was changed without one would be a way in that leaves no trace.
            let ctx = Ctx { operator: None, now };
            let change = format!("password_by_{by}");
            store.transact(Act::OperatorAccount { operator: operator.clone(), change }, &ctx, |_| Ok(()))?;
            let kind = SlotKind::Operator(operator.clone());
            if slots.list().iter().any(|slot| slot.kind == kind) {
                slots.change_password(&key, &operator, new_password, now)?;
            } else {
                slots.add_operator(&key, &operator, new_password, now)?;
            }
            store.lock();
        }
        tracing::warn!(operator = %operator, by, "a supervisor's password was set by recovery");
        self.news.tell(News::Station);
        self.station_state()
    }
}
