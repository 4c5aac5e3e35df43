//! What the devices signed, held against what the packet says of it: the picture, the score, the finger, the time.

use super::pictures::{claim, gray};
use biometrics::format::itl::Record;
use biometrics::format::{finger, iris};
use domain::capture::{CaptureState, Part, Target, Thresholds};
use domain::{Eye, Finger, sbi};
use evidence::{DeviceCapture, Makers, verify_capture};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// A device's clock may be off from the station's by so much; stations refuse more than five minutes of it. Ours.
const CLOCK: SignedDuration = SignedDuration::from_mins(10);

/// `evidence.json` of the part `bio`: attempts by their id, each with the devices' signed answers.
pub(super) type Signed = BTreeMap<String, Vec<String>>;

/// Holds the evidence of every finger and eye that counts against the file. Without makers the centre believes no maker
/// in particular: what is signed must still be what was sent, but nothing needs to be signed.
///
/// # Errors
/// The reason of a refusal: `device_evidence`, `device_image_differs`, `itl_differs`, `time_impossible`.
pub(super) fn check(
    signed: &Signed,
    capture: &CaptureState,
    records: &[Record],
    limits: &Thresholds,
    makers: Option<&Makers>,
) -> Result<(), &'static str> {
    let fingers = Finger::ALL.into_iter().map(|finger| (Part::Finger(finger), Target::Slap(finger.slap())));
    let eyes = Eye::ALL.into_iter().map(|eye| (Part::Eye(eye), Target::Eye(eye)));
    for (part, target) in fingers.chain(eyes) {
        let Some(record) = record_of(records, part) else { continue };
        let Some(image) = record.image() else { continue };
        let Some(best) = capture.best(target, limits) else { continue };
        let evidence = signed.get(&best.id.to_string()).map_or(&[][..], Vec::as_slice);
        let mut own = None;
        for jws in evidence {
            let found = verify_capture(jws, makers).map_err(|_| "device_evidence")?;
            if sbi::same_word(&found.part, name(part)) && own.replace(found).is_some() {
                return Err("device_evidence");
            }
        }
        match own {
            Some(found) => agrees(&found, part, record, image, best.at)?,
            // A device that signs nothing, or a station that left it out: only a centre that trusts makers can tell.
            None if makers.is_some() || !evidence.is_empty() => return Err("device_evidence"),
            None => {}
        }
    }
    Ok(())
}

fn agrees(
    found: &DeviceCapture,
    part: Part,
    record: &Record,
    image: &[u8],
    at: jiff::Timestamp,
) -> Result<(), &'static str> {
    let (bare, delivered) = match part {
        Part::Finger(finger) => {
            let read = finger::read(&found.record).map_err(|_| "device_evidence")?;
            if read.finger() != Some(finger) {
                return Err("device_evidence");
            }
            ((read.compression == finger::Compression::Raw).then_some((read.width, read.height)), read.image)
        }
        Part::Eye(eye) => {
            let read = iris::read(&found.record).map_err(|_| "device_evidence")?;
            if read.eye.is_some_and(|named| named != eye) {
                return Err("device_evidence");
            }
            ((read.data == iris::IrisData::Raw).then_some((read.width, read.height)), read.image)
        }
        Part::Face | Part::Signature => return Ok(()),
    };
    let same = match bare {
        // The file names a coding for every picture: bare pixels were packed without loss on the way.
        Some((width, height)) => gray(record, image).is_ok_and(|picture| {
            (picture.width, picture.height) == (u32::from(width), u32::from(height))
                && picture.pixels == delivered
        }),
        None => delivered == image,
    };
    if !same {
        return Err("device_image_differs");
    }
    let place = usize::from(record.kind == 14);
    if claim(record, place) != Some(found.score) {
        return Err("itl_differs");
    }
    let off = found.at.duration_since(at);
    if off > CLOCK || off < -CLOCK { Err("time_impossible") } else { Ok(()) }
}

fn record_of(records: &[Record], part: Part) -> Option<&Record> {
    let (kind, field, code) = match part {
        Part::Finger(finger) => (14, 13, finger.code()),
        Part::Eye(eye) => (17, 3, eye.code()),
        Part::Face | Part::Signature => return None,
    };
    let code = code.to_string();
    records.iter().find(|record| record.kind == kind && record.text(field) == Some(&code))
}

/// The part in SBI's words.
const fn name(part: Part) -> &'static str {
    match part {
        Part::Finger(finger) => sbi::finger_word(finger),
        Part::Eye(eye) => sbi::eye_word(eye),
        Part::Face | Part::Signature => "",
    }
}
