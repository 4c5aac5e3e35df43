//! Key slots: the data key, wrapped once for each person who may open the database, in a sidecar file.
//!
//! Adding, changing or revoking a slot rewrites a few hundred bytes and never the database. What a revoked operator
//! once unwrapped cannot be unlearnt; rotating the data key is another operation.

mod code;
mod wrap;

pub use code::RecoveryCode;
pub use wrap::Argon2Cost;

use crate::backoff::{Backoff, whole_wait_ms};
use crate::ballast::Ballast;
use crate::{DataKey, Error, Result, backup};
use domain::Timestamp;
use domain::ids::OperatorId;
use openssl::pkey::{PKeyRef, Private};
use openssl::x509::{X509, X509Ref};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use wrap::{CertWrapped, Wrapped};

/// Form of the sidecar that this program reads and writes. A change that an older program would misread, or lose when it
/// writes the file again, makes it larger.
const FORMAT: u32 = 1;

/// Name under which the recovery code waits after wrong attempts. No operator id can contain `:`.
const CODE: &str = "recovery:code";

/// Who a slot is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    /// An operator with a password.
    Operator(OperatorId),
    /// The printed recovery code.
    RecoveryCode,
    /// The district's certificate, by its SHA-256 fingerprint in hex.
    District(String),
}

/// One slot, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// Who it is for.
    pub kind: SlotKind,
    /// When it was made, UTC milliseconds.
    pub made_ms: i64,
}

/// The one field that every form of the sidecar has.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// The sidecar's content. JSON so that a district technician can read what there is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct SlotFile {
    format: u32,
    operators: BTreeMap<String, Wrapped>,
    code: Option<Wrapped>,
    district: BTreeMap<String, CertWrapped>,
    backoff: BTreeMap<String, Backoff>,
    /// Tries that opened nothing and stand in no register yet; never a password.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    refused: BTreeMap<String, Backoff>,
}

/// Tries with one password, or with the recovery code, that opened nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedTries {
    /// Whose password; `None` for the recovery code.
    pub operator: Option<OperatorId>,
    /// How many since they were last written down.
    pub tries: u32,
    /// When the last one was, by the station's clock.
    pub last: Timestamp,
}

/// The sidecar of key slots of one database.
#[derive(Debug)]
pub struct KeySlots {
    path: PathBuf,
    cost: Argon2Cost,
    file: SlotFile,
}

impl KeySlots {
    /// Names the sidecar of a database: `<database>.keys`.
    pub fn path_beside(database: &Path) -> PathBuf {
        let mut name = database.as_os_str().to_owned();
        name.push(".keys");
        PathBuf::from(name)
    }

    /// Makes a new sidecar with one slot for the first operator, for a key that was just generated.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::File`], [`Error::Derive`], [`Error::Crypto`].
    pub fn create(
        path: &Path,
        key: &DataKey,
        operator: &OperatorId,
        password: &str,
        cost: Argon2Cost,
        now: Timestamp,
    ) -> Result<KeySlots> {
        if path.exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        let mut slots = KeySlots {
            path: path.to_owned(),
            cost,
            file: SlotFile { format: FORMAT, ..SlotFile::default() },
        };
        slots.add_operator(key, operator, password, now)?;
        Ok(slots)
    }

    /// Reads an existing sidecar. `cost` is what new slots are made with; an old slot keeps its own.
    ///
    /// # Errors
    /// [`Error::File`]; [`Error::NewerSlots`] of a newer program, whose file is left as it is; [`Error::SlotFile`].
    pub fn open(path: &Path, cost: Argon2Cost) -> Result<KeySlots> {
        let bytes = fs::read(path).map_err(Error::file("read", path))?;
        let unreadable = |source| Error::SlotFile { path: path.to_owned(), source };
        // First of all, and alone: what else stands in a newer file, nobody here knows.
        let Form { format } = serde_json::from_slice(&bytes).map_err(unreadable)?;
        if format > FORMAT {
            return Err(Error::NewerSlots { found: format, known: FORMAT });
        }
        if format == 0 {
            return Err(unreadable(serde::de::Error::custom("format 0")));
        }
        let file = serde_json::from_slice(&bytes).map_err(unreadable)?;
        Ok(KeySlots { path: path.to_owned(), cost, file })
    }

    /// Lists the slots: operators by id, then the code, then the district's certificates.
    pub fn list(&self) -> Vec<SlotInfo> {
        let operators = self.file.operators.iter().filter_map(|(id, slot)| {
            Some(SlotInfo { kind: SlotKind::Operator(OperatorId::parse(id).ok()?), made_ms: slot.made_ms })
        });
        let code = self
            .file
            .code
            .iter()
            .map(|slot| SlotInfo { kind: SlotKind::RecoveryCode, made_ms: slot.made_ms });
        let district = self
            .file
            .district
            .iter()
            .map(|(print, slot)| SlotInfo { kind: SlotKind::District(print.clone()), made_ms: slot.made_ms });
        operators.chain(code).chain(district).collect()
    }

    /// Unwraps the data key with an operator's password. Takes some tenths of a second on purpose.
    ///
    /// # Errors
    /// [`Error::NoSuchSlot`]; [`Error::TooEarly`] (not tried); [`Error::WrongPassword`] (counted and on disk before it is
    /// answered); [`Error::Full`] or [`Error::File`] when the count cannot be saved (then nothing is tried);
    /// [`Error::SlotFile`] when the slots cannot be written as JSON.
    pub fn unlock(&mut self, operator: &OperatorId, password: &str, now: Timestamp) -> Result<DataKey> {
        let slot = self.file.operators.get(operator.as_str()).ok_or(Error::NoSuchSlot)?.clone();
        self.guarded(operator.as_str(), now, || slot.unwrap(operator.as_str(), password.as_bytes()))
    }

    /// Unwraps the data key with the printed recovery code.
    ///
    /// # Errors
    /// [`Error::MistypedCode`] (not counted) and those of [`KeySlots::unlock`].
    pub fn unlock_with_code(&mut self, typed: &str, now: Timestamp) -> Result<DataKey> {
        let code = RecoveryCode::parse(typed)?;
        let slot = self.file.code.clone().ok_or(Error::NoSuchSlot)?;
        self.guarded(CODE, now, || slot.unwrap(CODE, code.bytes()))
    }

    /// Unwraps the data key with the district's private key.
    ///
    /// # Errors
    /// [`Error::NoSuchSlot`] when there is no slot for this certificate; [`Error::Crypto`] when the key does not fit.
    pub fn unlock_with_district(&self, cert: &X509Ref, key: &PKeyRef<Private>) -> Result<DataKey> {
        let print = wrap::fingerprint(cert)?;
        self.file.district.get(&print).ok_or(Error::NoSuchSlot)?.unwrap(cert, key)
    }

    /// Adds a slot for another operator.
    ///
    /// # Errors
    /// [`Error::SlotExists`], [`Error::File`] (the sidecar is as before), [`Error::Derive`], [`Error::Crypto`].
    pub fn add_operator(
        &mut self,
        key: &DataKey,
        operator: &OperatorId,
        password: &str,
        now: Timestamp,
    ) -> Result<()> {
        if self.file.operators.contains_key(operator.as_str()) {
            return Err(Error::SlotExists);
        }
        self.put_operator(key, operator, password, now)
    }

    /// Replaces an operator's password; wrong attempts are forgotten. The caller has the key, so knew the old one.
    ///
    /// # Errors
    /// [`Error::NoSuchSlot`] and those of [`KeySlots::add_operator`].
    pub fn change_password(
        &mut self,
        key: &DataKey,
        operator: &OperatorId,
        password: &str,
        now: Timestamp,
    ) -> Result<()> {
        if !self.file.operators.contains_key(operator.as_str()) {
            return Err(Error::NoSuchSlot);
        }
        self.put_operator(key, operator, password, now)
    }

    fn put_operator(
        &mut self,
        key: &DataKey,
        operator: &OperatorId,
        password: &str,
        now: Timestamp,
    ) -> Result<()> {
        let slot =
            Wrapped::wrap(key, operator.as_str(), password.as_bytes(), self.cost, now.as_millisecond())?;
        self.change(|file| {
            file.operators.insert(operator.to_string(), slot);
            file.backoff.remove(operator.as_str());
        })
    }

    /// Makes a new recovery code in place of an older one. It is shown once and stands nowhere.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Full`], [`Error::SlotFile`], [`Error::Derive`], [`Error::Crypto`]: the older code still opens.
    pub fn renew_recovery_code(&mut self, key: &DataKey, now: Timestamp) -> Result<RecoveryCode> {
        let code = RecoveryCode::generate()?;
        self.set_recovery_code(key, &code, now)?;
        Ok(code)
    }

    /// Takes a recovery code that was shown already, in place of an older one.
    ///
    /// # Errors
    /// As [`Self::renew_recovery_code`].
    pub fn set_recovery_code(&mut self, key: &DataKey, code: &RecoveryCode, now: Timestamp) -> Result<()> {
        let slot = Wrapped::wrap(key, CODE, code.bytes(), self.cost, now.as_millisecond())?;
        self.change(|file| {
            file.code = Some(slot);
            file.backoff.remove(CODE);
        })
    }

    /// Wraps the key for the district's certificate (CMS AuthEnvelopedData, AES-256-GCM; RSA or EC).
    ///
    /// # Errors
    /// [`Error::Crypto`] when the certificate's key cannot take it; [`Error::File`], [`Error::Full`],
    /// [`Error::SlotFile`]: no slot was added.
    pub fn add_district(&mut self, key: &DataKey, cert: &X509, now: Timestamp) -> Result<()> {
        let print = wrap::fingerprint(cert)?;
        let slot = CertWrapped::wrap(key, cert, now.as_millisecond())?;
        self.change(|file| {
            file.district.insert(print, slot);
        })
    }

    /// Takes a slot away.
    ///
    /// # Errors
    /// [`Error::NoSuchSlot`]; [`Error::LastSlot`] when nobody could open the database any more; [`Error::File`],
    /// [`Error::Full`], [`Error::SlotFile`]: the slot still opens.
    pub fn revoke(&mut self, kind: &SlotKind) -> Result<()> {
        let mut next = self.file.clone();
        let found = match kind {
            SlotKind::Operator(operator) => {
                next.backoff.remove(operator.as_str());
                next.operators.remove(operator.as_str()).is_some()
            }
            SlotKind::RecoveryCode => next.code.take().is_some(),
            SlotKind::District(print) => next.district.remove(print).is_some(),
        };
        if !found {
            return Err(Error::NoSuchSlot);
        }
        if next.operators.is_empty() && next.code.is_none() && next.district.is_empty() {
            return Err(Error::LastSlot);
        }
        self.change(|file| *file = next)
    }

    /// Returns how long `operator` must wait before the next attempt, in milliseconds.
    pub fn wait_ms(&self, operator: &OperatorId, now: Timestamp) -> u64 {
        self.file.backoff.get(operator.as_str()).cloned().unwrap_or_default().wait_ms(now.as_millisecond())
    }

    /// Returns how often in a row `operator` was tried with a wrong password.
    pub fn wrong_tries(&self, operator: &OperatorId) -> u32 {
        self.file.backoff.get(operator.as_str()).map_or(0, |backoff| backoff.wrong)
    }

    /// Lists the refused tries that stand in no register yet; one that was called off by a pulled plug counts as refused.
    pub fn refused(&self) -> Vec<RefusedTries> {
        let told = |(name, count): (&String, &Backoff)| RefusedTries {
            operator: OperatorId::parse(name).ok(),
            tries: count.wrong,
            last: Timestamp::from_millisecond(count.since_ms).unwrap_or_default(),
        };
        self.file.refused.iter().map(told).collect()
    }

    /// Forgets the refused tries, once the register has them. The wait after wrong passwords stays as it is.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Full`], [`Error::SlotFile`]: they are then written once more, rather than never.
    pub fn forget_refused(&mut self) -> Result<()> {
        if self.file.refused.is_empty() {
            return Ok(());
        }
        self.change(|file| file.refused.clear())
    }

    /// Counts first, then tries, then forgets the count on success.
    fn guarded(
        &mut self,
        name: &str,
        now: Timestamp,
        attempt: impl FnOnce() -> Result<DataKey>,
    ) -> Result<DataKey> {
        let now_ms = now.as_millisecond();
        let mut backoff = self.file.backoff.get(name).cloned().unwrap_or_default();
        let before = backoff.clone();
        let wait_ms = backoff.wait_ms(now_ms);
        if wait_ms > 0 {
            if backoff != before {
                self.change(|file| {
                    file.backoff.insert(name.to_owned(), backoff);
                })?;
            }
            return Err(Error::TooEarly { wait_ms });
        }
        backoff.count(now_ms);
        let wrong = backoff.wrong;
        let refused = self.file.refused.get(name).cloned();
        self.change(|file| {
            file.backoff.insert(name.to_owned(), backoff);
            file.refused.entry(name.to_owned()).or_default().count(now_ms);
        })?;
        match attempt() {
            Ok(key) => {
                self.change(|file| {
                    file.backoff.remove(name);
                    match refused {
                        Some(earlier) => file.refused.insert(name.to_owned(), earlier),
                        None => file.refused.remove(name),
                    };
                })?;
                Ok(key)
            }
            Err(Error::WrongPassword { .. }) => Err(Error::WrongPassword { wait_ms: whole_wait_ms(wrong) }),
            Err(error) => Err(error),
        }
    }

    /// Changes the file; only when it is on the disk is the change real here too. On a full disk the ballast of the
    /// database is given up: without the count of wrong passwords nobody may try one, and nobody could come in to make
    /// room.
    fn change(&mut self, edit: impl FnOnce(&mut SlotFile)) -> Result<()> {
        let mut next = self.file.clone();
        edit(&mut next);
        let bytes = serde_json::to_vec_pretty(&next)
            .map_err(|source| Error::SlotFile { path: self.path.clone(), source })?;
        match self.write(&bytes) {
            Err(error) if error.is_full() => {
                let ballast_freed = Ballast::beside(&self.path.with_extension(""), 0).free()?;
                if !ballast_freed {
                    return Err(Error::Full { ballast_freed });
                }
                self.write(&bytes).map_err(|error| error.full(ballast_freed))?;
            }
            other => other?,
        }
        self.file = next;
        Ok(())
    }

    /// Writes a temporary file, flushes, renames, flushes the folder. One that does not fit is taken away again.
    fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut partial = self.path.as_os_str().to_owned();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        File::create(&partial)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                fail::fail_point!("store::slots::written");
                file.sync_all()
            })
            .map_err(|error| {
                let _ = fs::remove_file(&partial);
                Error::file("write", &partial)(error)
            })?;
        fail::fail_point!("store::slots::flushed");
        fs::rename(&partial, &self.path).map_err(Error::file("rename", &self.path))?;
        fail::fail_point!("store::slots::renamed");
        backup::sync_folder(&self.path)?;
        fail::fail_point!("store::slots::durable");
        Ok(())
    }
}
