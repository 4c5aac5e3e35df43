//! The device of the open part is away: what is told, and whose time it is.

use devices::registry::Table;
use devices::{DeviceState, Fault};
use domain::Eye;
use domain::capture::{CaptureState, EyeState, Target, Thresholds};
use domain::ids::PermohonanId;
use domain::permohonan::{Event, Phase};
use domain::plan::Step;
use domain::sop::PauseReason;
use jiff::{SignedDuration, Timestamp};

use super::key;
use crate::session::Desk;
use crate::view::{self, Modality};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station, held};

/// A device may show as there for so long after it went away: its absence is found by listing.
const MISSED_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// A reading that its device broke off; nothing of it is used.
#[derive(Clone)]
pub(crate) struct BrokenOff {
    visit: PermohonanId,
    role: devices::Role,
    /// Key of the slap, the eye or the part that was being read.
    part: String,
    at: Timestamp,
}

/// Whether a reading that ends so was cut in the middle, should the device then be away.
fn is_cut(error: &Error) -> bool {
    let Error::Device { source, .. } = error else { return false };
    matches!(
        source.fault(),
        Fault::Unplugged
            | Fault::NotReady
            | Fault::TimedOut { .. }
            | Fault::Garbage { .. }
            | Fault::Io { .. }
    )
}

/// Key of the eyes that are read together.
pub(super) fn eyes_key(eyes: &[Eye]) -> String {
    match eyes {
        [one] => format!("eye_{}", key(one)),
        _ => key(&Modality::Irises),
    }
}

/// The eyes that are still to be read.
pub(super) fn due_eyes(state: &CaptureState, limits: &Thresholds) -> Vec<Eye> {
    let waits = |eye: &Eye| matches!(state.eye_state(*eye, limits), EyeState::Waiting | EyeState::Low);
    Eye::ALL.into_iter().filter(waits).collect()
}

/// Reason, since when, and what was being read or would be: what went away in the middle of a reading is told as that, also once it
/// is only missed.
fn told(
    reason: &'static str,
    since: Timestamp,
    broken: Option<BrokenOff>,
    next: &str,
) -> (&'static str, Timestamp, String) {
    // One that went away long after a reading ended did not break it off.
    let cut = broken.filter(|one| reason != "denied" && since.duration_since(one.at) <= MISSED_WITHIN);
    match cut {
        Some(one) => ("unplugged", one.at, one.part),
        // At most a live picture ended then: the words of this reason speak of a cut reading.
        None if reason == "unplugged" => ("absent", since, next.to_owned()),
        None => (reason, since, next.to_owned()),
    }
}

impl Station {
    /// Passes on what a device answered, and keeps which part it broke off until a reading of this device ends well.
    ///
    /// # Errors
    /// That of `answer`.
    pub(super) fn unless_broken_off<T>(
        &self,
        visit: &Visit,
        role: devices::Role,
        part: String,
        answer: Result<T>,
    ) -> Result<T> {
        let mut kept = held(&self.broken_off);
        match &answer {
            Ok(_) => *kept = kept.take().filter(|one| one.role != role),
            Err(error) if is_cut(error) => {
                *kept = Some(BrokenOff { visit: visit.id(), role, part, at: self.clock.now() });
            }
            Err(_) => {}
        }
        answer
    }

    /// The reading of this visit that was broken off as the device of this role went away. Once that has come back it is over.
    fn broken_off(
        &self,
        visit: &Visit,
        role: devices::Role,
        table: &Table,
        now: Timestamp,
    ) -> Option<BrokenOff> {
        let mut kept = held(&self.broken_off);
        let one = kept.clone()?;
        let away = matches!(table.state(one.role), DeviceState::Absent | DeviceState::Faulted { .. });
        if !away && now.duration_since(one.at) > MISSED_WITHIN {
            *kept = None;
            return None;
        }
        (one.visit == visit.id() && one.role == role).then_some(one)
    }

    /// What is read next of a part: its slap or its eye where one is due, else the part.
    fn due_next(&self, visit: &Visit, modality: Modality) -> String {
        let limits = self.rules().thresholds;
        match modality {
            Modality::Fingers => self.waiting_slap(visit).map(|slap| key(&slap)),
            Modality::Irises => Some(eyes_key(&due_eyes(&visit.state.capture, &limits))),
            Modality::Portrait | Modality::Signature | Modality::Rematch => None,
        }
        .unwrap_or_else(|| key(&modality))
    }

    /// Time in which the device of the open part is away is counted apart, from when the page shows it until it shows the part
    /// without it. The page does this by itself, so nobody counts as present for it.
    pub(super) fn count_trouble(&self, desk: &Desk, visit: &mut Visit, stands: bool) -> Result<()> {
        let due = |visit: &Visit| {
            let paused = visit.state.clock.paused();
            visit.state.step == Step::Capture
                && visit.state.phase == Phase::Open
                && if stands { paused.is_none() } else { paused == Some(PauseReason::DeviceTrouble) }
        };
        let event =
            if stands { Event::Paused { reason: PauseReason::DeviceTrouble } } else { Event::Continued };
        let unseen = Desk { presence: None, ..desk.clone() };
        crate::looks::if_room(self.note_if_due(&unseen, visit, &event, due))
    }

    /// The device that the current modality needs is away: what happened, what is safe, what next.
    pub(super) fn trouble(
        &self,
        desk: &Desk,
        visit: &Visit,
        modality: Modality,
    ) -> Option<view::DeviceTrouble> {
        let role = match modality {
            Modality::Portrait => devices::Role::Camera,
            Modality::Fingers => devices::Role::FingerprintScanner,
            Modality::Irises => devices::Role::IrisScanner,
            // The module only where the slap scanner cannot stand in for it either.
            Modality::Rematch => self.equipment.finger_reader(),
            Modality::Signature => return None,
        };
        let table = self.equipment.table();
        let broken = self.broken_off(visit, role, &table, desk.now);
        let (reason, since) = match table.state(role) {
            DeviceState::Absent => {
                // A registry that has not looked yet knows nothing to be away.
                let seen = table.rows.iter().find(|row| row.kind == role);
                let at = seen.and_then(|row| row.health.last_fault.as_ref()).map(|(_, at)| *at);
                ("absent", at)
            }
            DeviceState::Faulted { reason, since } => {
                let gone = matches!(reason, Fault::Absent | Fault::Unplugged | Fault::Denied);
                if !gone {
                    return None;
                }
                (crate::error::fault_key(&reason), Some(since))
            }
            DeviceState::Present | DeviceState::Opening | DeviceState::Ready | DeviceState::Busy => {
                return None;
            }
        };
        let since = since.and_then(|at| Timestamp::try_from(at).ok()).unwrap_or(desk.now);
        let next = self.due_next(visit, modality);
        let (reason, since, during) = told(reason, since, broken, &next);
        let saved = visit
            .state
            .capture
            .attempts
            .iter()
            .map(|attempt| match attempt.target {
                Target::Portrait => "portrait".to_owned(),
                Target::Slap(slap) => key(&slap),
                Target::Eye(eye) => format!("eye_{}", key(&eye)),
                Target::Signature => "signature".to_owned(),
            })
            .collect::<std::collections::BTreeSet<_>>();
        Some(view::DeviceTrouble {
            role: crate::settings::view_device(role),
            reason: reason.to_owned(),
            since: iso(since),
            during,
            saved: saved.into_iter().collect(),
            next,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn cut_at_100() -> Option<BrokenOff> {
        let visit = PermohonanId::parse("0190f5a2-7b1c-7000-9000-000000000001").unwrap();
        let (role, part) = (devices::Role::FingerprintScanner, "left_four".to_owned());
        Some(BrokenOff { visit, role, part, at: at(100) })
    }

    #[test]
    fn a_device_that_goes_away_long_after_a_broken_reading_is_told_by_itself() {
        let cut = ("unplugged", at(100), "left_four".to_owned());
        for since in [95, 100, 110] {
            assert_eq!(told("absent", at(since), cut_at_100(), "thumbs"), cut, "missed at {since}");
        }
        let later = ("absent", at(111), "thumbs".to_owned());
        assert_eq!(told("absent", at(111), cut_at_100(), "thumbs"), later);
        assert_eq!(told("unplugged", at(111), cut_at_100(), "thumbs"), later);
        let denied = ("denied", at(100), "thumbs".to_owned());
        assert_eq!(told("denied", at(100), cut_at_100(), "thumbs"), denied, "it is there");
    }

    #[test]
    fn one_pulled_while_only_its_live_picture_ran_cut_no_reading() {
        let missed = ("absent", at(100), "left_four".to_owned());
        assert_eq!(told("unplugged", at(100), None, "left_four"), missed);
    }
}
