//! The first start: activation, name, wilayah, recovery code, first operator.
//!
//! Activation needs a network and may be left for later: such a station records and does not seal, because what it would
//! seal nobody could open. What a centre gave before the last part is kept in `aktivasi.json` beside where the database
//! will stand, so that a code that was used is not lost with a power cut; the file goes when the station is made.

mod joined;

use domain::ids::{OperatorId, StationCode};
use domain::role::{Action, Role, allowed};
use domain::wilayah::{KodeWilayah, Tingkat};
use jiff::Timestamp;
use packet::wire::ActivationCode;
use store::RecoveryCode;

use crate::provision::{NewOperator, Provision};
use crate::session::Door;
use crate::settings::core_role;
use crate::view::{self, SetupPart, StationKind};
use crate::visit::iso;
use crate::{Error, News, Result, Station, held, provision};
use joined::Joined;

/// The groups of the recovery code that are typed back, from 0. Ours: neither the first nor the last.
const ASKED: [usize; 2] = [2, 5];

/// What was given so far.
#[derive(Default)]
pub(crate) struct Draft {
    activation: Option<(Joined, Timestamp)>,
    station: Option<(String, String, StationKind, Timestamp)>,
    wilayah: Option<(String, String, Timestamp)>,
    recovery: Option<RecoveryCode>,
    proved: Option<(String, String, Timestamp)>,
}

impl Station {
    fn only_when_new(&self) -> Result<()> {
        if held(&self.door).slots.is_some() { Err(Error::not_now("already_set_up")) } else { Ok(()) }
    }

    /// How far the first start has come.
    ///
    /// # Errors
    /// `File` when what a centre gave cannot be read.
    pub fn setup(&self) -> Result<view::Setup> {
        let finished = held(&self.door).slots.is_some();
        let mut draft = held(&self.draft);
        if !finished && draft.activation.is_none() {
            draft.activation = Joined::kept(&self.dir)?.map(|joined| (joined, self.clock.now()));
        }
        let part = |part, done: bool, summary: Vec<String>, at: Option<Timestamp>| view::SetupPartState {
            part,
            done: done || finished,
            summary,
            at: at.map(iso),
        };
        let (activation, station, wilayah) =
            (draft.activation.as_ref(), draft.station.as_ref(), draft.wilayah.as_ref());
        let proved = draft.proved.as_ref();
        let current = match (finished, activation, station, wilayah, proved) {
            (true, ..) => SetupPart::Finished,
            (_, None, ..) => SetupPart::Activation,
            (_, _, None, ..) => SetupPart::Station,
            (_, _, _, None, _) => SetupPart::Wilayah,
            (.., None) => SetupPart::Recovery,
            (.., Some(_)) => SetupPart::DevicesOperator,
        };
        Ok(view::Setup {
            parts: vec![
                part(
                    SetupPart::Activation,
                    activation.is_some(),
                    activation.map(|(joined, _)| joined.summary()).unwrap_or_default(),
                    activation.map(|(_, at)| *at),
                ),
                part(
                    SetupPart::Station,
                    station.is_some(),
                    station.map(|s| vec![s.0.clone(), s.1.clone()]).unwrap_or_default(),
                    station.map(|s| s.3),
                ),
                part(
                    SetupPart::Wilayah,
                    wilayah.is_some(),
                    wilayah.map(|w| vec![w.0.clone(), w.1.clone()]).unwrap_or_default(),
                    wilayah.map(|w| w.2),
                ),
                part(
                    SetupPart::Recovery,
                    proved.is_some(),
                    proved.map(|p| vec![p.0.clone(), p.1.clone()]).unwrap_or_default(),
                    proved.map(|p| p.2),
                ),
                part(SetupPart::DevicesOperator, false, Vec::new(), None),
            ],
            current,
            recovery: draft.recovery.as_ref().filter(|_| proved.is_none() && !finished).map(|code| {
                view::SetupRecovery {
                    groups: code.show().split('-').map(|group| Some(group.to_owned())).collect(),
                    ask: ASKED.iter().map(|n| u32::try_from(*n).unwrap_or(0)).collect(),
                    district_key: false,
                    proved: false,
                }
            }),
            wilayah: wilayah.and_then(|(code, ..)| self.setup_region(code)),
        })
    }

    fn setup_region(&self, code: &str) -> Option<view::SetupWilayah> {
        let code = KodeWilayah::parse(code)?;
        let tables = self.tables();
        let wilayah = &tables.wilayah;
        let districts: Vec<KodeWilayah> = wilayah.children(code).map(|(code, _)| code).collect();
        let villages = districts.iter().map(|district| wilayah.children(*district).count()).sum::<usize>();
        Some(view::SetupWilayah {
            code: code.dotted(),
            name: wilayah.name(code)?.to_owned(),
            kecamatan: u32::try_from(districts.len()).unwrap_or(0),
            villages: u32::try_from(villages).unwrap_or(0),
            residents: 0,
        })
    }

    /// Takes the station code and, unless it is left for later (an empty `code`), activates at the centre by the one-time
    /// code. Asking again after a lost answer is asking once: the key stays the same.
    ///
    /// # Errors
    /// `NotNow` when it is set up already and for a station code that the numbers of papers cannot hold, `Invalid` for one that
    /// is none, `Sync` with what stands between; then nothing is decided and it may be tried again or left for later.
    pub fn setup_activate(&self, centre: &str, station: &str, code: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        let station = station.trim().to_uppercase();
        StationCode::parse(&station).map_err(|_| Error::Invalid { what: "station_code" })?;
        // A code cannot be changed afterwards, and no paper could be given a number.
        if !domain::nomor::numbers_fit(&station, false) {
            return Err(Error::not_now("station_code_long"));
        }
        let joined = if code.trim().is_empty() {
            Joined::later(&station)
        } else {
            let code = ActivationCode::parse(code).map_err(|_| Error::not_now("activation_malformed"))?;
            let proxy = self.config.sync.proxy.clone();
            Joined::join(&self.dir, centre.trim(), &station, &code, &proxy, self.sync_clock())?
        };
        held(&self.draft).activation = Some((joined, self.clock.now()));
        self.setup()
    }

    /// Names the station.
    ///
    /// # Errors
    /// `NotNow` when it is set up already, `Invalid` for an empty name.
    pub fn setup_station(&self, name: &str, place: &str, role: StationKind) -> Result<view::Setup> {
        self.only_when_new()?;
        if name.trim().is_empty() {
            return Err(Error::Invalid { what: "name" });
        }
        held(&self.draft).station =
            Some((name.trim().to_owned(), place.trim().to_owned(), role, self.clock.now()));
        self.setup()
    }

    /// Chooses the kabupaten and what level 4 is called there.
    ///
    /// # Errors
    /// `NotNow` when it is set up already, `Invalid` for a code that is no kabupaten or kota.
    pub fn setup_wilayah(&self, kabupaten: &str, village_word: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        let tables = self.tables();
        let known = |code: KodeWilayah| tables.wilayah.name(code).is_some();
        let code = KodeWilayah::parse(kabupaten)
            .filter(|code| code.level() == Tingkat::Kabupaten && known(*code))
            .ok_or(Error::Invalid { what: "wilayah" })?;
        held(&self.draft).wilayah = Some((code.digits(), village_word.trim().to_owned(), self.clock.now()));
        self.setup()
    }

    /// Makes the recovery code; asked again, another one.
    ///
    /// # Errors
    /// `NotNow` when it is set up already, `Store` without randomness.
    pub fn setup_recovery(&self) -> Result<view::Setup> {
        self.only_when_new()?;
        let code = RecoveryCode::generate()?;
        {
            let mut draft = held(&self.draft);
            (draft.recovery, draft.proved) = (Some(code), None);
        }
        self.setup()
    }

    /// Proves that the recovery code was written down, and says who keeps it where.
    ///
    /// # Errors
    /// `NotNow` until there is a code, or when what was typed back differs; `Invalid` without a keeper.
    pub fn setup_prove_recovery(&self, answers: &[String], holder: &str, place: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        if holder.trim().is_empty() || place.trim().is_empty() {
            return Err(Error::Invalid { what: "holder" });
        }
        {
            let mut draft = held(&self.draft);
            let shown = draft.recovery.as_ref().ok_or(Error::not_now("recovery_mismatch"))?.show();
            let groups: Vec<&str> = shown.split('-').collect();
            let same = answers.len() == ASKED.len()
                && ASKED.iter().zip(answers).all(|(at, answer)| {
                    groups.get(*at).is_some_and(|group| group.eq_ignore_ascii_case(answer.trim()))
                });
            if !same {
                return Err(Error::not_now("recovery_mismatch"));
            }
            draft.proved = Some((holder.trim().to_owned(), place.trim().to_owned(), self.clock.now()));
        }
        self.setup()
    }

    /// Adds the first operator and makes the station: database, key slots, roster. A cut leaves either no station or all of
    /// it. The account is the first word of the name in small letters; the centre adds the person under the same. The first
    /// one makes all others, so the roles have to hold the supervisor's.
    ///
    /// # Errors
    /// `WeakPassword`, `Invalid`; `NotNow` without a role that makes accounts and while an earlier part is missing; `Store`,
    /// `File`.
    pub fn setup_operator(&self, name: &str, roles: &[view::Role], password: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        let id = account_of(name).ok_or(Error::Invalid { what: "name" })?;
        if roles.is_empty() {
            return Err(Error::Invalid { what: "roles" });
        }
        let roles: Vec<Role> = roles.iter().copied().map(core_role).collect();
        // Only a supervisor makes one: a station that begins without would stay without.
        if !allowed(&roles, Action::ManageOperators) {
            return Err(Error::not_now("setup_supervisor"));
        }
        crate::session::check_password(password)?;
        let missing = || Error::not_now("setup_incomplete");
        let (set, first_sequence) = {
            let draft = held(&self.draft);
            let (joined, _) = draft.activation.as_ref().ok_or_else(missing)?;
            let (station, place, ..) = draft.station.clone().ok_or_else(missing)?;
            let (regency, village, _) = draft.wilayah.clone().ok_or_else(missing)?;
            let recovery = draft.recovery.clone().filter(|_| draft.proved.is_some()).ok_or_else(missing)?;
            joined::write_settings(&self.dir, &regency, &village)?;
            let set = Provision {
                code: joined.station.clone(),
                name: station,
                place,
                training: false,
                issued: joined.issued()?,
                address: joined.address(),
                recovery: Some(recovery),
                keeper: draft.proved.clone().map(|(holder, place, _)| (holder, place)),
                operators: vec![NewOperator {
                    id,
                    name: name.trim().to_owned(),
                    roles,
                    password: password.to_owned(),
                    finger: None,
                    // The centre certifies its operators in the first exchange.
                    identity: None,
                }],
            };
            (set, joined.first_sequence())
        };
        provision::provision_from(&self.config, self.clock.now(), set, None, first_sequence)?;
        *held(&self.door) = Door::at(&self.dir)?;
        *held(&self.draft) = Draft::default();
        Joined::forget(&self.dir)?;
        self.news.tell(News::Station);
        self.setup()
    }

    /// Opens training mode instead; only a program that was started with simulated devices can.
    ///
    /// # Errors
    /// `NotNow`: training is started by its own command.
    pub fn setup_training(&self) -> Result<view::StationState> {
        Err(Error::not_now("training_by_command"))
    }
}

/// The first word of a name, in the letters that an account may have.
pub(crate) fn account_of(name: &str) -> Option<OperatorId> {
    let first = name.split_whitespace().next()?.to_ascii_lowercase();
    let plain: String = first.chars().filter(char::is_ascii_alphanumeric).collect();
    OperatorId::parse(&plain).ok()
}
