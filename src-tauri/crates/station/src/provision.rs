//! Setting a station up in one go: what the district's activation brings, or training mode makes for itself.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use domain::ids::OperatorId;
use domain::image::GrayImage;
use domain::role::Role;
use jiff::Timestamp;
use packet::pki::{Certificate, Identity};
use store::{Act, Ctx, DataKey, KeySlots, OperatorStatus, RecoveryCode, StationIdentity, Store};

use crate::config::Config;
use crate::credentials::{Credentials, KeyAndCertificate, SETTING};
use crate::roster::{Card, Roster};
use crate::session::{argon_cost, check_password, database_in};
use crate::visit::to_json;
use crate::{Error, Result};

pub(crate) mod nursery;

/// One person to be added.
pub struct NewOperator {
    /// Account.
    pub id: OperatorId,
    /// Full name.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// First password.
    pub password: String,
    /// Right index finger, 500 ppi, for the check when biodata are corrected.
    pub finger: Option<GrayImage>,
    /// Signing key and certificate; without one the centre certifies this person in the first exchange.
    pub identity: Option<Identity>,
}

/// Everything that makes a folder a station.
pub struct Provision {
    /// Code as the centre knows it.
    pub code: String,
    /// Name on the screen.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// A training station; it can never become a real one.
    pub training: bool,
    /// What a centre gave; without it the station records and does not seal until it is activated.
    pub issued: Option<Issued>,
    /// Address of that centre.
    pub address: Option<String>,
    /// A recovery code that was shown already; without one a new code is made.
    pub recovery: Option<RecoveryCode>,
    /// Who keeps the recovery code, and where, when somebody said so.
    pub keeper: Option<(String, String)>,
    /// The people.
    pub operators: Vec<NewOperator>,
}

/// The certificates of a centre for one station.
pub struct Issued {
    /// Certificate of the authority.
    pub authority: Certificate,
    /// Encryption certificate of the centre.
    pub centre: Certificate,
    /// Encryption certificate of the escrow.
    pub escrow: Certificate,
    /// The station's signing key and certificate.
    pub station: Identity,
    /// Its certificates before this one, newest first: those of the computer in whose place this one comes.
    pub earlier: Vec<Certificate>,
}

/// A signed extract of residents, to be imported at once.
pub struct Extract<'a> {
    /// NDJSON, header first.
    pub lines: &'a mut dyn BufRead,
    /// Detached CMS signature over all lines.
    pub signature: &'a [u8],
    /// DER of the authority that signed it.
    pub authority: &'a Certificate,
}

/// Makes the database, the key slots and the roster; answers with the recovery code, which stands nowhere else.
///
/// A cut at any moment leaves either no station, so that setting up begins again, or the whole one: see `nursery`.
///
/// # Errors
/// `Store` (`Exists` when the folder is a station already; nothing is touched), `WeakPassword`, `File`, `Picture`.
pub fn provision(
    config: &Config,
    now: Timestamp,
    set: Provision,
    extract: Option<Extract<'_>>,
) -> Result<RecoveryCode> {
    provision_from(config, now, set, extract, 1)
}

/// As [`provision`]; `first_sequence` (from 1) is the number of the first packet, above 1 on a computer that takes the place
/// of a lost one.
pub(crate) fn provision_from(
    config: &Config,
    now: Timestamp,
    set: Provision,
    extract: Option<Extract<'_>>,
    first_sequence: u64,
) -> Result<RecoveryCode> {
    let dir = config.data_dir();
    crate::folder::make(&dir).map_err(|source| Error::File { doing: "make the data folder", source })?;
    nursery::settle(&dir)?;
    if is_provisioned(&dir) {
        return Err(store::Error::Exists { path: database_in(&dir) }.into());
    }
    for operator in &set.operators {
        check_password(&operator.password)?;
    }
    let first = set.operators.first().ok_or(Error::Invalid { what: "operators" })?;
    let made_in = nursery::open(&dir)?;
    let database = database_in(&made_in);
    let key = DataKey::generate()?;
    let identity = StationIdentity {
        station: domain::ids::StationCode::parse(&set.code).map_err(|_| Error::Invalid { what: "code" })?,
        training: set.training,
        now,
    };
    let options = store::StoreOptions {
        ballast_bytes: u64::from(config.disk.ballast_mb) << 20,
        threshold_bytes: u64::from(config.disk.refuse_below_mb) * 1_000_000,
        ..store::StoreOptions::default()
    };
    let store = Store::create(&database, &key, &identity, options)?;
    let cost = argon_cost(set.training);
    let mut slots =
        KeySlots::create(&KeySlots::path_beside(&database), &key, &first.id, &first.password, cost, now)?;
    for operator in set.operators.iter().skip(1) {
        slots.add_operator(&key, &operator.id, &operator.password, now)?;
    }
    let code = match set.recovery.clone() {
        Some(code) => {
            slots.set_recovery_code(&key, &code, now)?;
            code
        }
        None => slots.renew_recovery_code(&key, now)?,
    };
    fill(&store, &set, now)?;
    if first_sequence > 1 {
        // The lower ones stand on packets and papers of the lost computer.
        let act = Act::SettingChange { name: "packet_sequence".into() };
        let last = (first_sequence - 1).cast_signed();
        // Whatever the zone of the office; a paper bears the year of its own day.
        let years = [0, 9].map(|hours| jiff::tz::Offset::constant(hours).to_datetime(now).year());
        store.transact(act, &Ctx { operator: None, now }, |tx| {
            tx.skip_sequences(last)?;
            years.into_iter().try_for_each(|year| tx.skip_document_numbers(year, last))
        })?;
    }
    if let Some(extract) = extract {
        import(&store, extract, now)?;
    }
    store.lock();
    roster_of(&set, now).write(&made_in)?;
    nursery::close(&dir)?;
    Ok(code)
}

fn fill(store: &Store, set: &Provision, now: Timestamp) -> Result<()> {
    let ctx = Ctx { operator: None, now };
    let mut keys = BTreeMap::new();
    for operator in &set.operators {
        let template = match &operator.finger {
            Some(image) => crate::capture::rematch::template(image, 500)?.to_bytes(),
            None => Vec::new(),
        };
        let roles = to_json("roles", &operator.roles)?;
        store.transact(Act::OperatorChange { operator: operator.id.clone() }, &ctx, |tx| {
            tx.put_operator(&operator.id, &operator.name, &roles, OperatorStatus::Active)?;
            if template.is_empty() { Ok(()) } else { tx.set_operator_finger(&operator.id, &template) }
        })?;
        if let Some(identity) = &operator.identity {
            keys.insert(operator.id.to_string(), KeyAndCertificate::of(identity)?);
        }
    }
    if let Some((holder, place)) = &set.keeper {
        crate::staff::recovery::write_keeper(store, &ctx, crate::staff::recovery::CODE, holder, place)?;
    }
    let Some(issued) = &set.issued else { return Ok(()) };
    let text = |certificate: &Certificate| -> Result<String> {
        Ok(String::from_utf8_lossy(&certificate.to_pem()?).into_owned())
    };
    let credentials = Credentials {
        authority: text(&issued.authority)?,
        centre: text(&issued.centre)?,
        escrow: text(&issued.escrow)?,
        station: KeyAndCertificate::of(&issued.station)?,
        operators: keys,
        earlier: Vec::new(),
        replaced: issued.earlier.iter().map(text).collect::<Result<_>>()?,
    };
    let json = to_json("credentials", &credentials)?;
    store.transact(Act::SettingChange { name: SETTING.into() }, &ctx, |tx| tx.set_setting(SETTING, &json))?;
    store.bookkeep(now, |ledger| ledger.permit_counts_from(now.as_millisecond()))?;
    Ok(())
}

fn import(store: &Store, extract: Extract<'_>, now: Timestamp) -> Result<()> {
    let pem = extract.authority.to_pem()?;
    let ca = openssl::x509::X509::from_pem(&pem)
        .map_err(|error| Error::Picture { what: "authority", reason: error.to_string() })?;
    let signature = store::ExtractSignature { cms: extract.signature, ca: &ca };
    let imported = store.import_residents(extract.lines, signature, &Ctx { operator: None, now })?;
    tracing::info!(count = imported.value.count, "residents imported");
    Ok(())
}

fn roster_of(set: &Provision, now: Timestamp) -> Roster {
    Roster {
        training: set.training,
        station_name: set.name.clone(),
        station_code: set.code.clone(),
        place: set.place.clone(),
        lease_from: set.issued.as_ref().map(|_| now),
        centre: set.address.clone(),
        language: None,
        theme: None,
        cards: set
            .operators
            .iter()
            .map(|operator| Card {
                id: operator.id.clone(),
                name: operator.name.clone(),
                roles: operator.roles.clone(),
                last_sign_in: None,
                suspended: false,
            })
            .collect(),
        left: None,
    }
}

/// Whether `dir` holds a station, also one whose files only wait to be moved into place by the next start.
pub fn is_provisioned(dir: &Path) -> bool {
    database_in(dir).exists() || nursery::is_ready(dir)
}
