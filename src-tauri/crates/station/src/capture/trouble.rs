//! The device of the open part is away: what is told, and whose time it is.

use domain::capture::Target;
use domain::permohonan::{Event, Phase};
use domain::plan::Step;
use domain::sop::PauseReason;

use super::key;
use crate::session::Desk;
use crate::view::{self, Modality};
use crate::visit::{Visit, iso};
use crate::{Result, Station};

impl Station {
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
        let (reason, since) = match table.state(role) {
            devices::DeviceState::Absent => {
                // A registry that has not looked yet knows nothing to be away.
                let seen = table.rows.iter().find(|row| row.kind == role);
                let at = seen.and_then(|row| row.health.last_fault.as_ref()).map(|(_, at)| *at);
                ("absent".to_owned(), at)
            }
            devices::DeviceState::Faulted { reason, since } => {
                let gone = matches!(
                    reason,
                    devices::Fault::Absent | devices::Fault::Unplugged | devices::Fault::Denied
                );
                if !gone {
                    return None;
                }
                (crate::error::fault_key(&reason).to_owned(), Some(since))
            }
            devices::DeviceState::Present
            | devices::DeviceState::Opening
            | devices::DeviceState::Ready
            | devices::DeviceState::Busy => return None,
        };
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
            reason,
            since: since.and_then(|at| jiff::Timestamp::try_from(at).ok()).map_or_else(|| iso(desk.now), iso),
            during: key(&modality),
            saved: saved.into_iter().collect(),
            next: key(&modality),
        })
    }
}
