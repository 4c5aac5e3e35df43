//! Panel 1: one finger of the applicant against the record, as often as the rules allow; else another officer's word.

use std::collections::BTreeSet;

use devices::driver::card::reader_name::is_unclear;
use devices::registry::Standing;
use devices::{Fault, Role};
use domain::Finger;
use domain::capture::Target;
use domain::ids::PermohonanId;
use domain::permohonan::Event;
use domain::role::{Action, Witness};
use domain::steps::handover::{self as core, HandoverEvent};
use domain::steps::verification::FingerProof;
use store::HandoverTry;

use super::{LONG, short};
use crate::capture::finger_key;
use crate::capture::rematch::{Again, template};
use crate::references::References;
use crate::session::Desk;
use crate::view::{self, HandoverFingerState};
use crate::visit::{Visit, iso};
use crate::{Error, Result, Station, held};

/// The fingers that are asked for first: those of the chip, then the thumbs.
const FIRST: [Finger; 4] = [Finger::RightIndex, Finger::LeftIndex, Finger::RightThumb, Finger::LeftThumb];

impl Station {
    pub(super) fn finger_view(&self, desk: &Desk, visit: &Visit) -> Result<view::HandoverFinger> {
        let state = &visit.state.handover;
        let record = self.references(desk, visit)?;
        let rules = self.rules();
        let fingers = in_order(record.names());
        let last = state.tries.last();
        let own = state.collector == core::Collector::Own;
        let (shown, matched, note, witness) = match &state.finger {
            Some(FingerProof::Matched { finger, score }) => {
                (HandoverFingerState::Matched, Some((*finger, *score)), String::new(), None)
            }
            Some(FingerProof::Witnessed { note, witness }) => {
                (HandoverFingerState::Witnessed, None, note.clone(), Some(witness))
            }
            None if fingers.is_empty() => (HandoverFingerState::NoReference, None, String::new(), None),
            None if last.is_some() => (HandoverFingerState::NotYet, None, String::new(), None),
            None => (HandoverFingerState::NotTried, None, String::new(), None),
        };
        let witness = match witness {
            Some(Witness::Officer { operator }) => {
                desk.store.read(|look| look.operator(operator))?.map(|row| row.name)
            }
            Some(Witness::Family { name, .. }) => Some(name.clone()),
            None => None,
        };
        let finger = matched
            .map(|(finger, _)| finger)
            .or(last.map(|tried| tried.finger))
            .or(fingers.first().copied())
            .unwrap_or(Finger::RightIndex);
        let kept = match last {
            Some(_) => {
                let tries = desk.store.read(|look| look.handover_tries(visit.id()))?;
                // What the retention rule has emptied is no picture.
                tries.iter().rposition(|tried| !tried.image.is_empty())
            }
            None => None,
        };
        let recorded = match record.visit {
            Some(of) if fingers.contains(&finger) => self.recorded_picture(desk, of, finger)?,
            _ => None,
        };
        Ok(view::HandoverFinger {
            state: shown,
            finger: finger.into(),
            fingers: fingers.into_iter().map(Into::into).collect(),
            score: matched.map(|(_, score)| score).or(last.map(|tried| tried.score)),
            limit: rules.thresholds.rematch_score,
            tries: state
                .tries
                .iter()
                .zip(1u32..)
                .map(|(tried, number)| view::HandoverTry {
                    number,
                    finger: tried.finger.into(),
                    score: tried.score,
                    matched: tried.matched,
                    at: iso(tried.at),
                })
                .collect(),
            most_tries: u32::from(rules.handover_tries),
            tries_left: {
                let had = u32::try_from(state.tries_in(&self.sitting(desk))).unwrap_or(u32::MAX);
                u32::from(rules.handover_tries).saturating_sub(had)
            },
            record_image_id: recorded,
            live_image_id: kept.map(|index| format!("handover:{}:try{index}", visit.id())),
            recorded_at: record.recorded_at.map(iso),
            note,
            witness,
            untried: self.untried(desk, visit, &record).filter(|_| own).map(|why| match why {
                core::Untried::NoReference => view::Untried::NoReference,
                core::Untried::NoDevice => view::Untried::NoDevice,
                core::Untried::DeviceFailed => view::Untried::DeviceFailed,
                core::Untried::CannotLay => view::Untried::CannotLay,
            }),
        })
    }

    /// Why no finger of this person can be tried at this desk now; `None` when one can.
    fn untried(&self, desk: &Desk, visit: &Visit, record: &References) -> Option<core::Untried> {
        if record.fingers.is_empty() {
            return Some(core::Untried::NoReference);
        }
        let (reader, standing) = self.equipment.finger_standing();
        match standing {
            Standing::Sound => None,
            Standing::Away => Some(core::Untried::NoDevice),
            // What failed for the applicant before, or at another step, may read this one: it is pressed first.
            Standing::Failing => {
                let failed = held(&self.failed_devices).has(visit.id(), &self.sitting(desk), reader);
                failed.then_some(core::Untried::DeviceFailed)
            }
        }
    }

    /// One finger again, where a device that fails is remembered for this visit and this sitting.
    fn pressed(&self, desk: &Desk, visit: &Visit, finger: Finger) -> Result<Again> {
        let again = self.finger_again(finger);
        self.note_failure(desk, visit.id(), &again);
        again
    }

    /// Remembers for this visit and this sitting that a device failed, where this is what `done` came to.
    pub(super) fn note_failure<T>(&self, desk: &Desk, visit: PermohonanId, done: &Result<T>) {
        if let Err(Error::Device { role, source }) = done
            && is_failure(&source.fault())
        {
            held(&self.failed_devices).note(visit, self.sitting(desk), *role);
        }
    }

    /// Window id of the recorded print, where its picture is still kept here.
    fn recorded_picture(&self, desk: &Desk, of: PermohonanId, finger: Finger) -> Result<Option<String>> {
        let held = self.visit(desk, &of.to_string())?;
        let target = Target::Slap(finger.slap());
        let Some(best) = held.state.capture.best(target, &self.rules().thresholds) else { return Ok(None) };
        let attempt = best.id.to_string();
        let samples = desk.store.read(|look| look.samples(of))?;
        let Some(sample) = samples.iter().find(|sample| sample.attempt == attempt) else { return Ok(None) };
        let kept = desk.store.read(|look| look.has_sample_image(sample.id, &finger_key(finger)))?;
        Ok(kept.then(|| format!("s:{}:{}", sample.id, finger_key(finger))))
    }

    /// Holds one finger of the applicant against the record. A try counts when a print was compared.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` (that finger is not on record), `Refused` (tries spent, somebody else collects),
    /// `Device`, `Picture`, `Store`.
    pub fn handover_finger(&self, id: &str, finger: view::FingerName) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let finger: Finger = finger.into();
        let tried = |score| Event::Handover(HandoverEvent::FingerTried { finger, score });
        // Whatever forbids the comparison is said before anybody lays a finger down.
        self.ask(&desk, &visit, tried(0))?;
        let record = self.references(&desk, &visit)?;
        if !record.names().contains(&finger) {
            return Err(Error::not_now("finger_not_on_record"));
        }
        if let Some(practice) = &self.practice {
            practice.lays(finger);
        }
        let Again { image, ppi, device, delivered, .. } = self.pressed(&desk, &visit, finger)?;
        let now = template(&image, ppi)?;
        let score = record.score(finger, &now).ok_or(Error::not_now("finger_not_on_record"))?;
        let threshold = self.rules().thresholds.rematch_score;
        let png = biometrics::codec::encode_png_gray(&image, Some(u32::from(ppi)))
            .map_err(|error| Error::Picture { what: "finger", reason: error.to_string() })?;
        let row = HandoverTry {
            finger: finger_key(finger),
            score,
            threshold,
            matched: score >= threshold,
            device_json: device,
            media_type: "image/png".into(),
            image: png,
            tried_ms: 0,
        };
        self.load_again(&desk, &mut visit)?;
        let permohonan = visit.id();
        self.perform(&desk, &mut visit, tried(score), |tx| {
            tx.add_handover_try(permohonan, &row)?;
            tx.add_delivered(&delivered)
        })?;
        self.handover_view(&desk, &visit)
    }

    /// Another officer answers for who receives the card, with a note: for the applicant after a finger was tried in this
    /// sitting, where none can be (nothing on record, no reader, or one that failed in this sitting), or with the word that the
    /// applicant `cannot_lay` one down.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (wrong password), `Refused` (no note, no finger tried), `Picture`, `Store`.
    pub fn handover_witness(
        &self,
        id: &str,
        note: &str,
        cannot_lay: bool,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let note = short("note", note, LONG)?;
        let visit = self.visit(&desk, id)?;
        let record = self.references(&desk, &visit)?;
        let untried = self.untried(&desk, &visit, &record).or(cannot_lay.then_some(core::Untried::CannotLay));
        let operator =
            self.second_person(&desk.session.operator, witness_id, witness_password, Action::Witness)?;
        let witness = Witness::Officer { operator };
        self.handed(id, HandoverEvent::FingerWitnessed { note, witness, untried })
    }
}

/// Which devices failed at whose hand-over, in the newest sitting alone: under a finger, or at the card. Forgotten with the
/// program: then a press or a read shows it again.
#[derive(Default)]
pub(crate) struct FailedDevices {
    of: Option<(PermohonanId, core::Sitting)>,
    roles: BTreeSet<Role>,
}

impl FailedDevices {
    fn note(&mut self, visit: PermohonanId, sitting: core::Sitting, role: Role) {
        let of = Some((visit, sitting));
        if self.of != of {
            self.of = of;
            self.roles.clear();
        }
        self.roles.insert(role);
    }

    pub(super) fn has(&self, visit: PermohonanId, sitting: &core::Sitting, role: Role) -> bool {
        let same = self.of.as_ref().is_some_and(|(of, in_it)| *of == visit && in_it == sitting);
        same && self.roles.contains(&role)
    }
}

/// A device that was called off, is busy, or got nothing to read, is well; one that is away is not there. Of several readers
/// none was asked: a person chooses one first.
fn is_failure(fault: &Fault) -> bool {
    let well = matches!(fault, Fault::Cancelled | Fault::Busy | Fault::Absent | Fault::Unplugged);
    !well && !fault.gave_nothing() && !is_unclear(fault)
}

/// The fingers of the chip first, then the others in the order of the record.
fn in_order(names: Vec<Finger>) -> Vec<Finger> {
    let mut list: Vec<Finger> = FIRST.into_iter().filter(|finger| names.contains(finger)).collect();
    list.extend(names.into_iter().filter(|finger| !FIRST.contains(finger)));
    list
}

#[cfg(test)]
mod tests {
    use devices::driver::card::reader_name::choose;

    use super::*;

    #[test]
    fn the_fingers_of_the_chip_are_asked_for_first_and_none_is_invented() {
        let names = vec![Finger::RightThumb, Finger::RightMiddle, Finger::LeftIndex];
        let wanted = [Finger::LeftIndex, Finger::RightThumb, Finger::RightMiddle];
        assert_eq!(in_order(names), wanted, "index, thumb, the rest");
        assert!(in_order(Vec::new()).is_empty(), "nothing on record, nothing asked");
    }

    #[test]
    fn a_reader_that_nobody_chose_among_several_has_not_failed() {
        let two = ["Reader 00 00".to_owned(), "Reader 01 00".to_owned()];
        assert!(!is_failure(&choose(None, &two).unwrap_err()), "the officer chooses one and reads");
        assert!(!is_failure(&choose(None, &[]).unwrap_err()), "nor one that is away");
        let refused = Fault::Refused { code: "6FF2".into(), info: "kartu.menolak".into() };
        for failed in [refused, Fault::NotReady, Fault::TimedOut { after_ms: 1 }] {
            assert!(is_failure(&failed), "{failed:?}");
        }
    }
}
