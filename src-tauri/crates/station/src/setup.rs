//! The first start: activation, name, wilayah, recovery code, first operator.
//!
//! Activation needs the centre, which this version does not speak to yet; until then a real station cannot be set up
//! from the window and says so, while training mode is complete.

use domain::wilayah::{KodeWilayah, Tingkat};
use jiff::Timestamp;

use crate::view::{self, SetupPart, StationKind};
use crate::visit::iso;
use crate::{Error, Result, Station, held};

/// What was given so far; nothing of it is secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    station: Option<(String, String, StationKind, Timestamp)>,
    wilayah: Option<(String, String, Timestamp)>,
}

impl Station {
    fn only_when_new(&self) -> Result<()> {
        if held(&self.door).slots.is_some() { Err(Error::not_now("already_set_up")) } else { Ok(()) }
    }

    /// How far the first start has come.
    ///
    /// # Errors
    /// None today.
    pub fn setup(&self) -> Result<view::Setup> {
        let finished = held(&self.door).slots.is_some();
        let draft = held(&self.draft).clone();
        let part = |part, done: bool, summary: Vec<String>, at: Option<Timestamp>| view::SetupPartState {
            part,
            done: done || finished,
            summary,
            at: at.map(iso),
        };
        let station = draft.station.as_ref();
        let wilayah = draft.wilayah.as_ref();
        let current = if finished { SetupPart::Finished } else { SetupPart::Activation };
        Ok(view::Setup {
            parts: vec![
                part(SetupPart::Activation, false, Vec::new(), None),
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
                part(SetupPart::Recovery, false, Vec::new(), None),
                part(SetupPart::DevicesOperator, false, Vec::new(), None),
            ],
            current,
            recovery: None,
            wilayah: wilayah.and_then(|(code, ..)| self.setup_region(code)),
        })
    }

    fn setup_region(&self, code: &str) -> Option<view::SetupWilayah> {
        let code = KodeWilayah::parse(code)?;
        let districts: Vec<KodeWilayah> = self.wilayah.children(code).map(|(code, _)| code).collect();
        let villages =
            districts.iter().map(|district| self.wilayah.children(*district).count()).sum::<usize>();
        Some(view::SetupWilayah {
            code: code.dotted(),
            name: self.wilayah.name(code)?.to_owned(),
            kecamatan: u32::try_from(districts.len()).unwrap_or(0),
            villages: u32::try_from(villages).unwrap_or(0),
            residents: 0,
        })
    }

    /// Takes the activation code of the district.
    ///
    /// # Errors
    /// `NotNow`: the centre that answers to the code is not reachable from this version.
    pub fn setup_activate(&self, code: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        if code.trim().is_empty() {
            return Err(Error::Invalid { what: "activation_code" });
        }
        Err(Error::not_now("activation_needs_centre"))
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
        let code = KodeWilayah::parse(kabupaten)
            .filter(|code| code.level() == Tingkat::Kabupaten && self.wilayah.name(*code).is_some())
            .ok_or(Error::Invalid { what: "wilayah" })?;
        held(&self.draft).wilayah = Some((code.digits(), village_word.trim().to_owned(), self.clock.now()));
        self.setup()
    }

    /// Makes the recovery code.
    ///
    /// # Errors
    /// `NotNow` until the station is activated.
    pub fn setup_recovery(&self) -> Result<view::Setup> {
        self.only_when_new()?;
        Err(Error::not_now("activation_needs_centre"))
    }

    /// Proves that the recovery code was written down.
    ///
    /// # Errors
    /// `NotNow` until the station is activated.
    pub fn setup_prove_recovery(
        &self,
        _answers: &[String],
        _holder: &str,
        _place: &str,
    ) -> Result<view::Setup> {
        self.only_when_new()?;
        Err(Error::not_now("activation_needs_centre"))
    }

    /// Adds the first operator.
    ///
    /// # Errors
    /// `WeakPassword`; `NotNow` until the station is activated.
    pub fn setup_operator(&self, name: &str, _roles: &[view::Role], password: &str) -> Result<view::Setup> {
        self.only_when_new()?;
        if name.trim().is_empty() {
            return Err(Error::Invalid { what: "name" });
        }
        crate::session::check_password(password)?;
        Err(Error::not_now("activation_needs_centre"))
    }

    /// Opens training mode instead; only a program that was started with simulated devices can.
    ///
    /// # Errors
    /// `NotNow`: training is started by its own command.
    pub fn setup_training(&self) -> Result<view::StationState> {
        Err(Error::not_now("training_by_command"))
    }
}
