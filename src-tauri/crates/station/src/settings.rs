//! The frame around every screen: the state of the station and the strip.

use domain::role::Role;
use jiff::Timestamp;

use crate::error::{fault_key, role_key};
use crate::left;
use crate::roster::Card;
use crate::session::Door;
use crate::view::{self, DeviceRole, DiskLevel, Phase};
use crate::visit::iso;
use crate::{News, Result, Station, held};

pub(crate) fn view_role(role: Role) -> view::Role {
    match role {
        Role::RegisterOfficer => view::Role::RegisterOfficer,
        Role::Operator => view::Role::Operator,
        Role::CustomerService => view::Role::CustomerService,
        Role::Printing => view::Role::Printing,
        Role::Supervisor => view::Role::Supervisor,
    }
}

pub(crate) fn core_role(role: view::Role) -> Role {
    match role {
        view::Role::RegisterOfficer => Role::RegisterOfficer,
        view::Role::Operator => Role::Operator,
        view::Role::CustomerService => Role::CustomerService,
        view::Role::Printing => Role::Printing,
        view::Role::Supervisor => Role::Supervisor,
    }
}

/// A device role in the window's words.
pub(crate) fn view_device(role: devices::Role) -> DeviceRole {
    match role {
        devices::Role::Camera => DeviceRole::Camera,
        devices::Role::SignaturePad => DeviceRole::SignaturePad,
        devices::Role::FingerprintScanner => DeviceRole::FingerprintScanner,
        devices::Role::IrisScanner => DeviceRole::IrisScanner,
        devices::Role::CardReader => DeviceRole::CardReader,
        devices::Role::DocumentPrinter => DeviceRole::DocumentPrinter,
        devices::Role::FingerVerifier => DeviceRole::FingerVerifier,
        devices::Role::CardPrinter => DeviceRole::CardPrinter,
        devices::Role::SlipPrinter => DeviceRole::SlipPrinter,
    }
}

/// A device role in the drivers' words.
pub(crate) fn core_device(role: DeviceRole) -> devices::Role {
    match role {
        DeviceRole::Camera => devices::Role::Camera,
        DeviceRole::SignaturePad => devices::Role::SignaturePad,
        DeviceRole::FingerprintScanner => devices::Role::FingerprintScanner,
        DeviceRole::IrisScanner => devices::Role::IrisScanner,
        DeviceRole::CardReader => devices::Role::CardReader,
        DeviceRole::DocumentPrinter => devices::Role::DocumentPrinter,
        DeviceRole::FingerVerifier => devices::Role::FingerVerifier,
        DeviceRole::CardPrinter => devices::Role::CardPrinter,
        DeviceRole::SlipPrinter => devices::Role::SlipPrinter,
    }
}

fn card_view(card: &Card) -> view::OperatorCard {
    let initials = card.name.split(' ').filter_map(|word| word.chars().next()).take(2).collect::<String>();
    view::OperatorCard {
        id: card.id.to_string(),
        name: card.name.clone(),
        initials: initials.to_uppercase(),
        roles: card.roles.iter().map(|role| view_role(*role)).collect(),
        last_sign_in: card.last_sign_in.map(iso),
        on_duty: false,
        backoff: None,
    }
}

/// Wrong passwords of one account, and when it may be tried again; nobody else waits for it.
fn backoff_of(door: &Door, card: &Card, now: Timestamp) -> Option<view::Backoff> {
    let slots = door.slots.as_ref()?;
    let attempts = slots.wrong_tries(&card.id);
    let wait = i64::try_from(slots.wait_ms(&card.id, now)).ok()?;
    let until = now.checked_add(jiff::SignedDuration::from_millis(wait)).ok()?;
    (attempts > 0).then(|| view::Backoff { attempts, until: iso(until) })
}

impl Station {
    /// The station as a whole; readable while locked, and without a word about applicants.
    ///
    /// # Errors
    /// `Store`.
    pub fn station_state(&self) -> Result<view::StationState> {
        let now = self.clock.now();
        let door = held(&self.door);
        let phase = match (&door.slots, &door.open) {
            (None, _) => Phase::New,
            (Some(_), None) => Phase::Locked,
            (Some(_), Some(_)) => Phase::Open,
        };
        let open_applications = match &door.open {
            Some(open) => Some(left::open_in(&open.store)?),
            None => door.left().map(|left| left.open),
        };
        let may_sign_in = |card: &Card| view::OperatorCard {
            on_duty: door.last.as_ref() == Some(&card.id),
            backoff: backoff_of(&door, card, now),
            ..card_view(card)
        };
        let signed_in = door.open.as_ref().map(|open| {
            let card = Card {
                id: open.session.operator.clone(),
                name: open.session.name.clone(),
                roles: open.session.roles.clone(),
                last_sign_in: Some(now),
                suspended: false,
            };
            view::OperatorCard { on_duty: true, ..card_view(&card) }
        });
        let lease = door.roster.lease_from.filter(|_| !door.roster.training);
        let lease = lease.and_then(|from| self.permit_until(from)).map(|until| view::Lease {
            days_left: i32::try_from((until.as_second() - now.as_second()).div_euclid(86_400)).unwrap_or(0),
            days: self.config.lock.offline_lease_days,
            until: iso(until),
            over: now > until,
        });
        Ok(view::StationState {
            phase,
            training: door.roster.training,
            station_name: door.roster.station_name.clone(),
            office: self.config.office.name.clone(),
            place: door.roster.place.clone(),
            station_code: door.roster.station_code.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: door.roster.language.unwrap_or(view::Language::Id),
            theme: door.roster.theme.unwrap_or(view::Theme::Light),
            village_word: self.config.office.village_word.clone(),
            time_zone: self.time_zone(),
            operators: door.roster.cards.iter().filter(|card| !card.suspended).map(may_sign_in).collect(),
            signed_in,
            locked_since: door.locked_since.map(iso),
            lock_reason: (phase == Phase::Locked).then_some(door.lock_reason),
            lease,
            exchange_only: door.open.as_ref().is_some_and(|open| open.permit_over),
            key_place: view::KeyPlace::Password,
            training_hint: self.training_hint.clone().filter(|_| door.roster.training),
            open_applications,
        })
    }

    /// Changes language and theme of the window.
    ///
    /// # Errors
    /// `File` when the choice cannot be kept.
    pub fn save_settings(&self, settings: &view::Settings) -> Result<view::StationState> {
        {
            let mut door = held(&self.door);
            door.roster.language = Some(settings.language);
            door.roster.theme = Some(settings.theme);
            if door.slots.is_some() {
                door.roster.write(&self.dir)?;
            }
        }
        self.news.tell(News::Station);
        self.station_state()
    }

    /// The strip that never hides.
    ///
    /// # Errors
    /// `Store`.
    pub fn strip(&self) -> Result<view::Strip> {
        let table = self.equipment.table();
        let wanted: Vec<devices::Role> = self.wanted_roles();
        let mut ready = 0;
        let mut trouble = None;
        for role in &wanted {
            match table.state(*role) {
                devices::DeviceState::Ready
                | devices::DeviceState::Busy
                | devices::DeviceState::Present
                | devices::DeviceState::Opening => ready += 1,
                devices::DeviceState::Absent => {
                    trouble = trouble
                        .or(Some(view::DeviceHint { role: view_device(*role), reason: "absent".into() }));
                }
                devices::DeviceState::Faulted { reason, .. } => {
                    trouble = trouble.or(Some(view::DeviceHint {
                        role: view_device(*role),
                        reason: fault_key(&reason).into(),
                    }));
                }
            }
        }
        let sends = !self.centre().is_empty();
        let door = held(&self.door);
        let (unsent, blangko) = match &door.open {
            Some(open) => (Some(left::unsent_in(&open.store)?), Some(self.blangko_strip(&open.store)?)),
            None => {
                let left = door.left();
                (left.as_ref().map(|left| left.unsent), left.map(|left| left.blangko))
            }
        };
        let unsent = view::UnsentStrip {
            count: unsent.map(|unsent| unsent.count),
            oldest_days: unsent.and_then(|unsent| unsent.oldest_days(self.clock.now())),
            sends,
        };
        let free = store::free_bytes(&self.dir)?;
        let disk = self.disk_strip(door.open.as_ref().map(|open| open.store.as_ref()), free)?;
        Ok(view::Strip {
            network: self.network_strip(),
            unsent,
            devices: view::DevicesStrip { ready, total: u32::try_from(wanted.len()).unwrap_or(0), trouble },
            disk,
            blangko,
            operator: door.open.as_ref().map(|open| open.session.name.clone()),
            unsettled: self.unsettled(),
        })
    }

    pub(crate) fn disk_strip(&self, store: Option<&store::Store>, free: u64) -> Result<view::DiskStrip> {
        let threshold = u64::from(self.config.disk.refuse_below_mb) * 1_000_000;
        let (left, reserved) = match store {
            Some(store) => {
                let forecast = store.forecast()?;
                (forecast.recordings_left, forecast.ballast_ready)
            }
            None => (free.saturating_sub(threshold) / (3 << 20), true),
        };
        // Without the reserve nothing new begins either.
        let level = if free < threshold || !reserved {
            DiskLevel::Full
        } else if left < 200 {
            DiskLevel::Low
        } else {
            DiskLevel::Ok
        };
        #[allow(clippy::cast_precision_loss)] // shown as GB
        Ok(view::DiskStrip {
            free_bytes: free as f64,
            recordings_left: u32::try_from(left).unwrap_or(u32::MAX),
            level,
        })
    }

    /// Roles that this desk is set up for.
    pub(crate) fn wanted_roles(&self) -> Vec<devices::Role> {
        let set = &self.config.devices;
        devices::Role::ALL
            .into_iter()
            .filter(|role| match role {
                devices::Role::Camera => true,
                devices::Role::FingerprintScanner | devices::Role::IrisScanner => true,
                devices::Role::SignaturePad => !set.signature_port.is_empty(),
                devices::Role::FingerVerifier => !set.finger_verifier_port.is_empty(),
                devices::Role::CardReader => set.card_reader_enabled,
                devices::Role::DocumentPrinter => !set.printer_url.is_empty(),
                devices::Role::CardPrinter => !set.card_printer.is_empty(),
                devices::Role::SlipPrinter => !set.slip_printer.is_empty(),
            })
            .collect()
    }
}

/// Key of a role for messages.
pub(crate) fn device_word(role: devices::Role) -> &'static str {
    role_key(role)
}
