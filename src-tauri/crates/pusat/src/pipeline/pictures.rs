//! The pictures of the ANSI/NIST file, opened one after the other and measured again: a patched station can write any
//! score beside any picture.
//!
//! One picture at a time is in the clear, and none larger than a scanner of 1000 ppi delivers.

use biometrics::codec::{Limits, decode_gray, decode_rgb};
use biometrics::format::itl::Record;
use biometrics::matching::Template;
use biometrics::portrait::find_faces;
use biometrics::quality::measure_finger;
use domain::capture::Thresholds;
use domain::image::GrayImage;
use std::collections::BTreeMap;

/// A finger or an eye: four megapixels are a print of two inches at 1000 ppi. Ours.
const SAMPLE: Limits = Limits { bytes: 8 << 20, side: 4_096, pixels: 4_200_000 };
/// A portrait. Ours.
const PORTRAIT: Limits = Limits { bytes: 8 << 20, side: 6_000, pixels: 16_000_000 };
/// A claim may lie above our own measure by this much: devices score by NFIQ 2 or by their maker's measure, and the two scales
/// agree in their order only. Ours, not an official number.
const ABOVE: u8 = 50;

/// What a picture is claimed to be worth, and what it is by our own measure. Both 0–100, higher is better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    /// `<record type>:<position>`, as in the file.
    pub what: String,
    /// In the file.
    pub claimed: u8,
    /// By `biometrics`.
    pub measured: u8,
}

/// Why a recording is not simply believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// A claim far above what was measured.
    Overstated,
    /// The portrait shows no face that is found.
    NoFace,
}

impl Doubt {
    /// The word of the status.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Doubt::Overstated => "quality_overstated",
            Doubt::NoFace => "portrait_without_face",
        }
    }
}

/// What the pictures gave.
#[derive(Default)]
pub(super) struct Pictures {
    /// SHA-256 of each with what it shows.
    pub digests: BTreeMap<String, String>,
    /// Finger codes with their templates.
    pub templates: Vec<(u8, Vec<u8>)>,
    /// Those whose claim lies far above the measure.
    pub overstated: Vec<Measured>,
    /// A portrait was there, and no face in it.
    pub faceless: bool,
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pictures({}, {} templates)", self.digests.len(), self.templates.len())
    }
}

impl Pictures {
    /// What a person should look at, in the order of asking.
    pub(super) fn doubts(&self) -> Vec<Doubt> {
        let found = [(!self.overstated.is_empty(), Doubt::Overstated), (self.faceless, Doubt::NoFace)];
        found.into_iter().filter(|(doubted, _)| *doubted).map(|(_, doubt)| doubt).collect()
    }
}

/// Opens and measures every picture.
///
/// # Errors
/// The reason of a refusal: `image_reused`, `image_unreadable`, `quality_overstated` for a picture that claims to be
/// good and shows nothing at all.
pub(super) fn look(records: &[Record], limits: &Thresholds) -> Result<Pictures, &'static str> {
    let mut pictures = Pictures::default();
    for record in records {
        let Some(image) = record.image() else { continue };
        let place = record.text(13).or(record.text(3)).unwrap_or_default();
        let what = format!("{}:{place}", record.kind);
        let measured = match record.kind {
            10 => {
                let portrait = decode_rgb(image, &PORTRAIT).map_err(|_| "image_unreadable")?;
                pictures.faceless |= find_faces(&portrait).is_empty();
                None
            }
            14 => {
                let print = gray(record, image).map_err(|()| "image_unreadable")?;
                let ppi = record.text(9).and_then(|ppi| ppi.parse().ok()).unwrap_or(500);
                let score = measure_finger(&print, ppi).score;
                let measured = judged(&what, claim(record, 1), score, limits.finger)?;
                let template = Template::extract(&print, ppi).map_err(|_| "image_unreadable")?;
                if let Ok(finger) = place.parse::<u8>() {
                    pictures.templates.push((finger, template.to_bytes()));
                }
                measured
            }
            17 => {
                let eye = gray(record, image).map_err(|()| "image_unreadable")?;
                judged(&what, claim(record, 0), biometrics::iris::measure(&eye).score, limits.eye)?
            }
            _ => continue,
        };
        pictures.overstated.extend(measured);
        if pictures.digests.insert(packet::digest_hex(image), what).is_some() {
            return Err("image_reused");
        }
    }
    Ok(pictures)
}

/// The score of a finger (14.024) or an eye (17.024).
pub(super) fn claim(record: &Record, at: usize) -> Option<u8> {
    record.groups(24).first().and_then(|group| group.get(at)?.parse().ok())
}

/// A claim below the limit was a poor picture, said to be one: nothing to doubt.
fn judged(
    what: &str,
    claimed: Option<u8>,
    measured: u8,
    limit: u8,
) -> Result<Option<Measured>, &'static str> {
    let Some(claimed) = claimed.filter(|claimed| *claimed >= limit) else { return Ok(None) };
    if measured == 0 {
        return Err(Doubt::Overstated.reason());
    }
    let far = claimed.saturating_sub(measured) > ABOVE || measured < limit / 4;
    Ok(far.then(|| Measured { what: what.to_owned(), claimed, measured }))
}

/// The picture in grey. WSQ, which this program does not decode, is none that it could compare: such a recording is refused
/// rather than kept unseen.
pub(super) fn gray(record: &Record, image: &[u8]) -> Result<GrayImage, ()> {
    let side = |field: u16| record.text(field).and_then(|text| text.parse::<u32>().ok()).ok_or(());
    match record.text(11) {
        Some("NONE") => {
            let (width, height) = (side(6)?, side(7)?);
            let whole = u64::from(width) * u64::from(height) == image.len() as u64;
            (whole && image.len() as u64 <= SAMPLE.pixels)
                .then(|| GrayImage { width, height, pixels: image.to_vec() })
                .ok_or(())
        }
        Some("WSQ20") => Err(()),
        _ => decode_gray(image, &SAMPLE).map_err(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_doubted_when_it_lies_far_above_and_refused_when_there_is_nothing() {
        let doubted = |claimed, measured| judged("14:2", Some(claimed), measured, 40);
        assert_eq!(doubted(80, 0), Err("quality_overstated"), "good, and nothing there");
        assert!(doubted(80, 29).unwrap().is_some(), "more than 50 above");
        assert_eq!(doubted(80, 30), Ok(None), "two measures may differ");
        assert!(doubted(41, 9).unwrap().is_some(), "just above the limit, and hardly a print");
        assert_eq!(doubted(30, 0), Ok(None), "said to be poor, and poor");
        assert_eq!(
            judged("14:2", None, 0, 40),
            Ok(None),
            "nothing claimed; the evidence is held against it elsewhere"
        );
    }
}
