//! The prints and the portrait that are on record of a person: what a finger is held against, 1:1, and a card.

use biometrics::matching::{Template, compare};
use domain::Finger;
use domain::biodata::Biodata;
use domain::capture::Target;
use domain::central_status::CentralStatus;
use domain::ids::{PacketId, PermohonanId};
use jiff::Timestamp;
use store::{CardData, OutboxState};

use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// The prints of one recording.
pub(crate) struct References {
    /// Fingers with their templates; none when nothing is on record here.
    pub fingers: Vec<(Finger, Template)>,
    /// When they were recorded, or when the centre gave them out.
    pub recorded_at: Option<Timestamp>,
    /// The visit at this station that recorded them; `None` when the centre sent them.
    pub visit: Option<PermohonanId>,
}

impl References {
    /// Fingers that can be compared, in the order of the record.
    pub(crate) fn names(&self) -> Vec<Finger> {
        self.fingers.iter().map(|(finger, _)| *finger).collect()
    }

    /// Score of a print against the same finger on record; `None` when that finger is not on record.
    pub(crate) fn score(&self, finger: Finger, now: &Template) -> Option<u32> {
        let (_, held) = self.fingers.iter().find(|(held, _)| *held == finger)?;
        Some(compare(held, now))
    }
}

impl Station {
    /// The prints of this person: those that this visit takes, else those that the centre gave out for the card which it asked for,
    /// else of the newest earlier visit under the same NIK that stands as their record, else what the centre gave out before.
    ///
    /// What was captured here before the plan lost it counts for nothing: whoever sat there would be held against themselves. And
    /// the centre knows more recordings than this station, also whose a recording of here is.
    ///
    /// # Errors
    /// `Store`, `Picture`.
    pub(crate) fn references(&self, desk: &Desk, visit: &Visit) -> Result<References> {
        let id = visit.id();
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let (own, card) = desk.store.read(|view| {
            let card = card_of(view, visit)?;
            let chosen =
                card.as_ref().is_some_and(|card| is_of_request(card, visit) && !card.fingers.is_empty());
            let mut visits = Vec::new();
            if visit.state.plan.capture.biometrics() {
                visits.push((id, visit.row.opened_ms));
            }
            if !chosen {
                let earlier = standing_recordings(view, &nik, id)?;
                visits.extend(earlier.into_iter().map(|row| (row.id, row.opened_ms)));
            }
            let mut own = None;
            for (visit, at) in visits {
                let rows = view.finger_templates_of(visit)?;
                if !rows.is_empty() {
                    own = Some((rows, at, visit));
                    break;
                }
            }
            Ok((own, card))
        })?;
        let recorded_by = own.as_ref().map(|(_, _, visit)| *visit);
        let (rows, at): (Vec<(u8, Vec<u8>)>, Option<i64>) = match (own, card) {
            (Some((rows, at, _)), _) => {
                (rows.into_iter().map(|row| (row.finger, row.template)).collect(), Some(at))
            }
            (None, Some(card)) => (
                card.fingers.into_iter().map(|finger| (finger.finger, finger.template)).collect(),
                Some(card.as_of_ms),
            ),
            (None, None) => (Vec::new(), None),
        };
        let mut fingers = Vec::new();
        for (code, bytes) in rows {
            let template = Template::from_compact(&bytes)
                .map_err(|error| Error::Picture { what: "finger", reason: error.to_string() })?;
            fingers.extend(
                Finger::from_code(code).filter(|_| template.is_comparable()).map(|finger| (finger, template)),
            );
        }
        let recorded_at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
        Ok(References { fingers, recorded_at, visit: recorded_by })
    }

    /// The portrait on record of this person: the one that the centre gave out for the card which this visit asked for, else of the
    /// newest earlier recording here that stands under the same NIK, else what the centre gave out before. JPEG; `None` where none
    /// is here.
    ///
    /// # Errors
    /// `Store`, `Stored`.
    pub(crate) fn portrait_on_record(&self, desk: &Desk, visit: &Visit) -> Result<Option<Vec<u8>>> {
        let id = visit.id();
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let (earlier, card) =
            desk.store.read(|view| Ok((standing_recordings(view, &nik, id)?, card_of(view, visit)?)))?;
        let asked_for =
            card.as_ref().is_some_and(|card| is_of_request(card, visit) && !card.portrait.is_empty());
        for row in earlier.into_iter().filter(|_| !asked_for) {
            let earlier = self.visit(desk, &row.id.to_string())?;
            if let Some(jpeg) = self.best_image(desk, &earlier, Target::Portrait, "portrait")? {
                return Ok(Some(jpeg));
            }
        }
        Ok(card.map(|card| card.portrait).filter(|jpeg| !jpeg.is_empty()))
    }
}

/// The centre's record that is here for this visit, where it names the NIK that the form bears now. After the NIK was corrected
/// it is somebody else's, and it stays until the centre gives out another one.
fn card_of(view: &store::View<'_>, visit: &Visit) -> store::Result<Option<CardData>> {
    let nik = visit.biodata.nik();
    let names = |card: &CardData| serde_json::from_str::<Biodata>(&card.biodata_json).ok()?.nik();
    Ok(view.card_data(visit.id())?.filter(|card| nik.is_some() && names(card) == nik))
}

/// Whether the centre gave out a record for the card that this visit asks for now.
pub(crate) fn is_of_request(card: &CardData, visit: &Visit) -> bool {
    let job = visit.state.print_request.job;
    job.is_some() && card.job == job
}

/// Those of [`earlier_recordings`] that stand as this person's record. One that the centre refused, or calls somebody else's,
/// does not: whoever sat there would be taken for the owner of the NIK by finger and by face.
pub(crate) fn standing_recordings(
    view: &store::View<'_>,
    nik: &str,
    but: PermohonanId,
) -> store::Result<Vec<store::PermohonanRow>> {
    let mut standing = Vec::new();
    for row in earlier_recordings(view, nik, but)? {
        if let Some(packet) = view.packet_of(row.id)?
            && stands(view, packet.id)? == Some(false)
        {
            continue;
        }
        standing.push(row);
    }
    Ok(standing)
}

/// Whether a recording of this station stands as its person's record; `None` while the centre has decided neither way.
pub(crate) fn stands(view: &store::View<'_>, packet: PacketId) -> store::Result<Option<bool>> {
    if view.outbox_row(packet)?.is_some_and(|row| row.state == OutboxState::Refused) {
        return Ok(Some(false));
    }
    // The newest word that decides it: where the centre asks on, and where a card of it went, does not.
    let words = view.central_statuses_of(packet)?;
    Ok(words.into_iter().find_map(|word| CentralStatus::received(word.status).stands()))
}

/// The other visits under this NIK whose recording came to its seal, newest first.
///
/// From its seal a recording is on its way to the centre and is the record of this person there, whatever becomes of the visit
/// at this desk: neither cancelling a visit nor its return for a wrong card takes a packet back. What was cancelled before its
/// seal is nobody's record, and a card that was only replaced here recorded nobody.
pub(crate) fn earlier_recordings(
    view: &store::View<'_>,
    nik: &str,
    but: PermohonanId,
) -> store::Result<Vec<store::PermohonanRow>> {
    let mut recordings = Vec::new();
    if nik.is_empty() {
        return Ok(recordings);
    }
    for row in view.permohonan_of_nik(nik)? {
        if row.id != but && view.packet_of(row.id)?.is_some() {
            recordings.push(row);
        }
    }
    Ok(recordings)
}
