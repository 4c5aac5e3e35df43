//! A photo in which the program finds no face: every such still is kept and counted, and after the set number of tries a photo
//! is cut out of it by hand, before a second officer.

use biometrics::codec::{Limits, decode_rgb, encode_jpeg};
use biometrics::portrait::{Place, PortraitMeasures, crop_at};
use devices::driver::camera::Portrait;
use domain::capture::{Attempt, FacelessStill, Part, PartQuality, QuarterTurn, Target};
use domain::ids::CaptureId;
use domain::permohonan::Event;
use domain::role::{Action, Witness};
use domain::steps::capture::CaptureEvent;
use store::{NewSample, SampleImage};

use super::portrait::{JPEG_QUALITY, checks, evidence_of};
use super::{Taken, at_capture, delivered};
use crate::session::Desk;
use crate::view;
use crate::visit::{Visit, iso, to_json};
use crate::{Error, Result, Station, clock};

/// Nobody measured it: a person placed the cut.
const ALGORITHM: &str = "rekam-by-hand/1";
/// What is wrong with it, in the words of the measured photos.
const NO_FACE: &str = "no_face";

/// The newest still without a face, of which a photo can be cut.
pub(super) fn newest(taken: &Taken<'_>, width_px: u32, height_px: u32) -> Option<view::FacelessStill> {
    let state = taken.state();
    let still = state.faceless.last()?;
    let wanted = still.id.to_string();
    let row = taken.samples.iter().find(|sample| sample.attempt == wanted)?.id;
    Some(view::FacelessStill {
        still_id: format!("s:{row}:still"),
        taken_at: iso(still.at),
        newest: state.attempts_of(Target::Portrait).last().is_none_or(|photo| still.at > photo.at),
        width_px,
        height_px,
    })
}

impl Station {
    /// Keeps a picture in which no face is found, as it came.
    pub(super) fn keep_faceless(
        &self,
        desk: &Desk,
        visit: &mut Visit,
        taken: Portrait,
        measures: &PortraitMeasures,
    ) -> Result<view::Capture> {
        let delivered = delivered::of_portrait(&taken);
        let still = FacelessStill {
            id: CaptureId::new(clock::new_uuid()),
            at: desk.now,
            device: taken.provenance.device.to_string(),
        };
        let sample = NewSample {
            attempt: still.id.to_string(),
            modality: "portrait".into(),
            part: String::new(),
            quality_json: to_json("quality", &checks(measures))?,
            device_json: to_json("device", &taken.provenance)?,
            evidence: evidence_of(&taken)?,
            images: vec![SampleImage {
                part: "still".into(),
                media_type: taken.media_type.into(),
                image: taken.image,
            }],
            chosen: false,
        };
        let permohonan = visit.id();
        self.perform(desk, visit, Event::Capture(CaptureEvent::FaceNotFound { still }), |tx| {
            tx.add_sample(permohonan, &sample)?;
            tx.add_delivered(&delivered)
        })?;
        self.capture_view(desk, visit, Some(view::Modality::Portrait))
    }

    /// Turns a still in which no face is found and cuts the photo by hand out of it; it counts from now on. The second officer proves to be
    /// there, and the note says why no face is found.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (the second officer's password), `Invalid` (no such place or turn),
    /// `NotFound`, `Picture`, `Refused` (more tries needed, no note), `Store`.
    pub fn cut_portrait(
        &self,
        id: &str,
        still_id: &str,
        place: view::CutPlace,
        note: &str,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Capture> {
        let desk = self.desk(Action::Capture)?;
        let mut visit = self.visit(&desk, id)?;
        at_capture(&visit)?;
        let still = Self::attempt_of(&desk, &visit, still_id)?;
        let witness =
            self.second_person(&desk.session.operator, witness_id, witness_password, Action::Witness)?;
        let taken = self.taken(&desk, &visit)?;
        let wanted = still.to_string();
        let row = taken.samples.iter().find(|sample| sample.attempt == wanted);
        let row = row.ok_or(Error::NotFound { what: "capture" })?.clone();
        let device = visit.state.capture.faceless.iter().find(|held| held.id == still);
        let device = device.map(|held| held.device.clone()).ok_or(Error::NotFound { what: "capture" })?;
        let (images, evidence) =
            desk.store.read(|look| Ok((look.sample_images(row.id)?, look.sample_evidence(row.id)?)))?;
        let image = images
            .into_iter()
            .find(|image| image.part == "still" && !image.image.is_empty())
            .ok_or(Error::NotFound { what: "capture" })?;
        let unusable = |reason: String| Error::Picture { what: "portrait", reason };
        let image =
            decode_rgb(&image.image, &Limits::default()).map_err(|error| unusable(error.to_string()))?;
        let share = |permille: u16| f32::from(permille) / 1000.0;
        let turn = QuarterTurn::of_degrees(place.turn).ok_or(Error::Invalid { what: "turn" })?;
        let place = Place { turn, x: share(place.x), y: share(place.y), size: share(place.size) };
        let cut = crop_at(&image, &place, &self.config.crop).ok_or(Error::Invalid { what: "place" })?;
        let jpeg = encode_jpeg(&cut, JPEG_QUALITY).map_err(|error| unusable(error.to_string()))?;
        let attempt = Attempt {
            id: CaptureId::new(clock::new_uuid()),
            at: desk.now,
            target: Target::Portrait,
            parts: vec![PartQuality { part: Part::Face, score: 0, reasons: vec![NO_FACE.into()] }],
            device,
            algorithm: ALGORITHM.into(),
            // Nobody measures it: the officers had the colour that is due before them.
            backdrop: Some(self.backdrop(&visit).0),
        };
        let sample = NewSample {
            attempt: attempt.id.to_string(),
            modality: "portrait".into(),
            part: String::new(),
            quality_json: row.quality_json,
            device_json: row.device_json,
            evidence,
            images: vec![SampleImage {
                part: "portrait".into(),
                media_type: "image/jpeg".into(),
                image: jpeg,
            }],
            chosen: false,
        };
        let permohonan = visit.id();
        let event = CaptureEvent::CutByHand {
            attempt,
            still,
            turn,
            note: note.trim().to_owned(),
            witness: Witness::Officer { operator: witness },
        };
        self.perform(&desk, &mut visit, Event::Capture(event), |tx| {
            tx.add_sample(permohonan, &sample).map(drop)
        })?;
        self.show_portrait(&desk, &visit)?;
        self.capture_view(&desk, &visit, Some(view::Modality::Portrait))
    }
}
