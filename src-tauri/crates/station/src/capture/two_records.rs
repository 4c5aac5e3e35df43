//! Two recordings side by side: what the officer needs to judge whether fingers that are alike are one person's.

use domain::Unsur;
use domain::biodata::{Biodata, RECORD_LINES, agree};
use domain::capture::{Attempt, Target};
use domain::finger::Slap;
use jiff::Timestamp;
use store::Sample;

use crate::session::Desk;
use crate::view::{self, RecordedPhoto};
use crate::visit::{Visit, iso, visit_state};
use crate::{Result, Station, words};

impl Station {
    /// An earlier recording beside the one of now.
    pub(super) fn beside(
        &self,
        desk: &Desk,
        now: &Visit,
        earlier: &Visit,
        fingers: Vec<view::DuplicateFinger>,
    ) -> Result<view::DuplicateMatch> {
        Ok(view::DuplicateMatch {
            id: earlier.id().to_string(),
            earlier: self.recorded_side(desk, earlier)?,
            lines: self.recorded_lines(&now.biodata, &earlier.biodata),
            state: visit_state(&earlier.state),
            answer: self.last_said(desk, earlier)?,
            handed_over_at: earlier.state.handover.handed_at.map(iso),
            fingers,
        })
    }

    /// One recording: its portrait, and when and by whom its fingers were taken.
    pub(super) fn recorded_side(&self, desk: &Desk, visit: &Visit) -> Result<view::RecordedSide> {
        let id = visit.id();
        let samples = desk.store.read(|view| view.samples(id))?;
        let sample = |attempt: &Attempt| {
            let wanted = attempt.id.to_string();
            samples.iter().find(|sample| sample.attempt == wanted)
        };
        let (capture, limits) = (&visit.state.capture, self.rules().thresholds);
        let portrait = capture.best(Target::Portrait, &limits).and_then(sample);
        let (photo, photo_id) = self.recorded_photo(desk, portrait)?;
        let slaps = Slap::ALL.into_iter().filter_map(|slap| capture.best(Target::Slap(slap), &limits));
        let fingers = slaps.max_by_key(|attempt| attempt.at);
        let opened = Timestamp::from_millisecond(visit.row.opened_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let operator = fingers.and_then(sample).and_then(|sample| sample.operator.as_ref());
        let recorded_by = match operator {
            Some(operator) => desk.store.read(|view| view.operator(operator))?.map(|row| row.name),
            None => None,
        };
        Ok(view::RecordedSide {
            ticket: visit.ticket().to_owned(),
            photo,
            photo_id,
            recorded_at: iso(fingers.map_or(opened, |attempt| attempt.at)),
            recorded_by: recorded_by.unwrap_or_default(),
        })
    }

    /// Whether the portrait is still here, and its id for the window.
    fn recorded_photo(
        &self,
        desk: &Desk,
        portrait: Option<&Sample>,
    ) -> Result<(RecordedPhoto, Option<String>)> {
        let Some(sample) = portrait else { return Ok((RecordedPhoto::NotTaken, None)) };
        let kept = desk.store.read(|view| view.has_sample_image(sample.id, "portrait"))?;
        Ok(if kept {
            (RecordedPhoto::Kept, Some(format!("s:{}:portrait", sample.id)))
        } else {
            (RecordedPhoto::Removed, None)
        })
    }

    fn recorded_lines(&self, now: &Biodata, earlier: &Biodata) -> Vec<view::RecordedLine> {
        let texts = self.recorded_texts(now).into_iter().zip(self.recorded_texts(earlier));
        RECORD_LINES
            .into_iter()
            .zip(texts)
            .filter_map(|(elements, (mine, theirs))| {
                Some(view::RecordedLine {
                    unsur: elements.first()?.key().to_owned(),
                    now: mine,
                    earlier: theirs,
                    same: agree(elements, now, earlier),
                })
            })
            .collect()
    }

    /// The texts of [`RECORD_LINES`]; empty where nothing is recorded. The family is told apart by the ends of its number.
    fn recorded_texts(&self, biodata: &Biodata) -> [String; RECORD_LINES.len()] {
        let get = |unsur: Unsur| biodata.get(unsur).unwrap_or_default().trim();
        let spoken = |unsur: Unsur| words::spoken_name(get(unsur));
        let numbered = |unsur: Unsur, label: &str| match get(unsur) {
            "" => String::new(),
            number => format!("{label} {number}"),
        };
        let block = joined(" ", [numbered(Unsur::Rt, "RT"), numbered(Unsur::Rw, "RW")]);
        // Village, kecamatan and kabupaten: the province tells nobody apart here.
        let village: Vec<String> = self
            .shown(Unsur::Kelurahan, get(Unsur::Kelurahan))
            .split(", ")
            .take(3)
            .map(str::to_owned)
            .collect();
        [
            get(Unsur::Nik).to_owned(),
            spoken(Unsur::Nama),
            joined(
                ", ",
                [spoken(Unsur::TempatLahir), self.shown(Unsur::TanggalLahir, get(Unsur::TanggalLahir))],
            ),
            biodata.nomor_kk().map(|kk| kk.masked()).unwrap_or_default(),
            joined(", ", [joined(" ", [spoken(Unsur::Alamat), block]), village.join(", ")]),
        ]
    }
}

/// The parts that say something, with `between` them.
fn joined(between: &str, parts: [String; 2]) -> String {
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(between)
}
