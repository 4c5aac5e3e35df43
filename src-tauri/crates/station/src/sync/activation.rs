//! A station that is set up gets the centre's certificates by code; its operators get theirs under the station's own.

use std::collections::BTreeMap;

use ::sync::Line;
use ::sync::activation::{self, Ask};
use packet::pki::{Identity, KeyPair};
use packet::wire::{ActivationCode, RegisterClaim};
use store::{Act, View};

use super::{PATIENCE, runtime, told};
use crate::credentials::{Credentials, KeyAndCertificate, SETTING};
use crate::session::Desk;
use crate::visit::to_json;
use crate::{Error, News, Result, Station, held, view};

/// The key of an activation whose answer may be lost; kept so that asking again is asking once.
const PENDING: &str = "activation_key";

/// What this disk holds, so that the centre tells a computer that begins anew from a copied or restored one.
fn claim(view: &View<'_>) -> store::Result<RegisterClaim> {
    let row = view.register_head()?.map_or(0, |head| head.row);
    let first = view.register_between(0, 1)?.first().map(|line| line.hash.hex()).unwrap_or_default();
    Ok(RegisterClaim { row, first })
}

impl Station {
    /// Activates this station at a centre by the code that a person brought: key here, request there, certificate back.
    /// From then on packets are sealed to that centre and signed by certificates of its authority.
    ///
    /// # Errors
    /// `Invalid` for a text that is no code, `NotNow` while packets of another centre wait, `Sync` with what stands between,
    /// also when the centre knows another register of this station; until everything is here nothing changes.
    pub fn activate(&self, centre: &str, code: &str) -> Result<view::SyncStatus> {
        let desk = self.desk_to_activate()?;
        let code = ActivationCode::parse(code).map_err(|_| Error::not_now("activation_malformed"))?;
        // What waits was sealed to one centre: another could not open it. The same one may give a new certificate.
        let waits = !desk.store.read(|view| view.outbox())?.is_empty();
        if waits && centre != self.centre() {
            return Err(Error::not_now("packets_waiting"));
        }
        let station = desk.store.read(|view| view.meta())?.station;
        let key = self.pending_key(&desk)?;
        let ask = Ask {
            centre: centre.to_owned(),
            station: station.clone(),
            proxy: self.config.sync.proxy.clone(),
            patience: PATIENCE,
            register: desk.store.read(claim)?,
        };
        let runtime = runtime()?;
        let own =
            runtime.block_on(activation::activate(&ask, &code, key, self.sync_clock())).map_err(told)?;
        let identity = Identity::from_pem(&own.key.to_pem()?, own.certificates.certificate.as_bytes())?;
        let old = desk.store.read(Credentials::read)?.map(|json| Credentials::parse(&json)).transpose()?;
        let same = old.as_ref().is_some_and(|old| old.centre == own.certificates.centre);
        if waits && !same {
            return Err(Error::not_now("packets_waiting"));
        }
        let mut fresh = Credentials {
            authority: own.certificates.authority,
            centre: own.certificates.centre,
            escrow: own.certificates.escrow,
            station: KeyAndCertificate::of(&identity)?,
            operators: BTreeMap::new(),
            earlier: Vec::new(),
            replaced: Vec::new(),
        };
        // Those of another authority are of another district, or of training: nobody vouches for them here.
        if let Some(old) = old.as_ref().filter(|old| old.authority == fresh.authority) {
            fresh.had_before(old);
        }
        // A computer that takes the place of a lost one has none of its own; the centre knows them.
        fresh.centre_knows(own.certificates.earlier);
        let before = own.certificates.first_sequence.map_or(0, |first| first.saturating_sub(1));
        if before > 0 {
            let act = Act::SettingChange { name: "packet_sequence".into() };
            let (last, year) = (before.cast_signed(), self.day_of(desk.now).year());
            desk.transact(act, |tx| {
                // A station that has come that far already is no new computer.
                if tx.peek_packet_sequence()? <= last {
                    tx.skip_document_numbers(year, last)?;
                }
                tx.skip_sequences(last)
            })?;
        }
        held(&self.door).roster.centre = Some(centre.to_owned());
        let line = Line::new(self.line_settings(&fresh)?, self.sync_clock())?;
        let people = desk.store.read(|view| view.operators())?;
        for id in people.iter().map(|row| row.id.as_str()) {
            let key = KeyPair::generate()?;
            match runtime.block_on(activation::operator(&line, &station, id, key)) {
                Ok(got) => {
                    let identity =
                        Identity::from_pem(&got.key.to_pem()?, got.certificates.certificate.as_bytes())?;
                    fresh.operators.insert(id.to_owned(), KeyAndCertificate::of(&identity)?);
                }
                // Not on the centre's list: this person cannot sign packets until the centre adds them.
                Err(error) => tracing::warn!(%error, "an operator is not known to the centre"),
            }
        }
        // Before the credentials: without them neither a permit nor an address means anything, and after a cut nobody could add them.
        self.begin_permit(&desk.store, desk.now)?;
        let roster = held(&self.door).roster.clone();
        roster.write(&self.dir)?;
        let json = to_json("credentials", &fresh)?;
        desk.transact(Act::SettingChange { name: SETTING.into() }, |tx| tx.set_setting(SETTING, &json))?;
        desk.transact(Act::SettingChange { name: PENDING.into() }, |tx| tx.set_setting(PENDING, "\"\""))?;
        self.news.tell(News::Strip);
        self.sync_soon();
        self.sync_status()
    }

    /// The key of an earlier attempt, or a new one that is on the disk before anybody hears of it.
    fn pending_key(&self, desk: &Desk) -> Result<KeyPair> {
        let kept = desk.store.read(|view| view.setting(PENDING))?;
        let kept = kept.and_then(|json| serde_json::from_str::<String>(&json).ok());
        if let Some(key) = kept.filter(|pem| !pem.is_empty()) {
            return Ok(KeyPair::from_pem(key.as_bytes())?);
        }
        let key = KeyPair::generate()?;
        let json = to_json("key", &String::from_utf8_lossy(&key.to_pem()?))?;
        desk.transact(Act::SettingChange { name: PENDING.into() }, |tx| tx.set_setting(PENDING, &json))?;
        Ok(key)
    }
}
