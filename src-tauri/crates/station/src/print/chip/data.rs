//! What goes on the chip of a card, and what of it the chip goes without.

use biometrics::portrait::chip::{chip_photo, chip_signature};
use devices::protocol::personalisation::{CardData, Field, Profile};
use domain::Unsur;

use crate::print::face::CardPerson;
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// Bytes before the first point of a compact template.
const HEAD: usize = 4;
/// Bytes of one point.
const POINT: usize = 5;
/// The two fingers of a chip.
const FINGERS: [Field; 2] = [Field::Minutiae1, Field::Minutiae2];

/// Everything for one chip.
pub(super) struct OnChip {
    pub data: CardData,
    /// Keys of what the chip goes without (`card.chip_without.<key>`).
    pub without: Vec<&'static str>,
}

impl OnChip {
    /// Puts `bytes` in, or names why the chip goes without them.
    fn put(&mut self, field: Field, bytes: std::result::Result<Vec<u8>, Lack>) {
        match bytes {
            Ok(bytes) => self.data = std::mem::take(&mut self.data).bytes(field, bytes),
            Err(lack) => self.without.push(key(field, lack)),
        }
    }
}

/// Why a part is not on a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    /// There is none on record.
    None,
    /// The chip has no room for it.
    Room,
}

fn key(field: Field, lack: Lack) -> &'static str {
    match (field, lack) {
        (Field::Minutiae1, Lack::None) => "finger_1_none",
        (Field::Minutiae1, Lack::Room) => "finger_1_room",
        (Field::Minutiae2, Lack::None) => "finger_2_none",
        (Field::Minutiae2, Lack::Room) => "finger_2_room",
        (_, Lack::None) => "signature_none",
        (_, Lack::Room) => "signature_room",
    }
}

/// The best minutiae of a compact template, as many as the chip has room for.
fn minutiae(template: &[u8], room: usize) -> std::result::Result<Vec<u8>, Lack> {
    let (Some(head), Some(points)) = (template.get(..HEAD), template.get(HEAD..)) else {
        return Err(Lack::None);
    };
    let mut best: Vec<&[u8]> = points.chunks_exact(POINT).collect();
    best.sort_by_key(|point| std::cmp::Reverse(point.last().copied().unwrap_or_default()));
    best.truncate(room.saturating_sub(HEAD) / POINT);
    if best.is_empty() {
        return Err(Lack::Room);
    }
    let mut out = head.to_vec();
    if let Some(count) = out.last_mut() {
        *count = u8::try_from(best.len()).unwrap_or(u8::MAX);
    }
    out.extend(best.into_iter().flatten());
    Ok(out)
}

impl Station {
    /// The photograph as it goes on the chip of a profile.
    pub(crate) fn chip_photo_of(&self, profile: &Profile, portrait: &[u8]) -> Result<Option<Vec<u8>>> {
        let room = profile.room(Field::Photo).map_or(0, |(_, room)| room);
        chip_photo(portrait, room)
            .map_err(|error| Error::Picture { what: "portrait", reason: error.to_string() })
    }

    pub(super) fn chip_data(
        &self,
        desk: &Desk,
        visit: &Visit,
        person: &CardPerson,
        profile: &Profile,
    ) -> Result<OnChip> {
        let face = self.card_face_of(desk, person)?;
        let path = person.biodata.domicile().map(|code| desk.tables.wilayah.path(code)).unwrap_or_default();
        let part = |n: usize| path.get(n).map(|name| name.to_uppercase()).unwrap_or_default();
        let of = |unsur| self.shown(unsur, person.biodata.get(unsur).unwrap_or_default()).to_uppercase();
        let three = |unsur| format!("{:0>3}", of(unsur));
        let mut data = CardData::new();
        for (field, text) in [
            (Field::Nik, face.nik.clone()),
            (Field::Nama, face.name.clone()),
            (Field::TempatLahir, of(Unsur::TempatLahir)),
            (Field::TanggalLahir, of(Unsur::TanggalLahir)),
            (Field::JenisKelamin, face.sex.clone()),
            (Field::GolonganDarah, face.blood.clone()),
            (Field::Alamat, face.address.clone()),
            (Field::Rt, three(Unsur::Rt)),
            (Field::Rw, three(Unsur::Rw)),
            (Field::Kelurahan, part(3)),
            (Field::Kecamatan, part(2)),
            (Field::Kabupaten, part(1)),
            (Field::Provinsi, part(0)),
            (Field::Agama, face.religion.clone()),
            (Field::StatusPerkawinan, face.marital.clone()),
            (Field::Pekerjaan, face.occupation.clone()),
            (Field::Kewarganegaraan, face.nationality.clone()),
            (Field::BerlakuHingga, face.valid.clone()),
        ] {
            data = data.text(field, &text);
        }
        if let Some(portrait) = &person.portrait {
            let photo = self.chip_photo_of(profile, portrait)?.ok_or(Error::not_now("chip_too_large"))?;
            data = data.bytes(Field::Photo, photo);
        }
        let room = |field| profile.room(field).map_or(0, |(_, room)| room);
        let mut chip = OnChip { data, without: Vec::new() };
        let signature = match &person.signature {
            Some(signature) => chip_signature(signature, room(Field::Signature))
                .map_err(|error| Error::Picture { what: "signature", reason: error.to_string() })?
                .ok_or(Lack::Room),
            None => Err(Lack::None),
        };
        chip.put(Field::Signature, signature);
        let rules = self.rules();
        let record = self.references(desk, visit)?;
        let chip_fingers =
            |recorded: &Visit| recorded.state.capture.chip_fingers(&rules.chip, &rules.thresholds);
        // A card in place of another bears the fingers of the first one: those that its recording chose. Of its own record the
        // centre sends the chosen ones alone.
        let mut chosen = match record.visit {
            Some(recorded) if recorded == visit.id() => chip_fingers(visit),
            Some(recorded) => chip_fingers(&self.visit(desk, &recorded.to_string())?),
            None => Vec::new(),
        };
        chosen.extend(record.names());
        let mut templates = Vec::new();
        let mut taken = Vec::new();
        for finger in chosen {
            let held = record.fingers.iter().find(|(held, _)| *held == finger);
            if let Some((_, template)) = held.filter(|_| !taken.contains(&finger)) {
                taken.push(finger);
                templates.push(template.to_compact());
            }
        }
        for (n, field) in FINGERS.into_iter().enumerate() {
            let template = templates.get(n).ok_or(Lack::None);
            chip.put(field, template.and_then(|template| minutiae(template, room(field))));
        }
        Ok(chip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Vec<u8> {
        let mut template = b"RK\x01\x03".to_vec();
        for quality in [10u8, 90, 50] {
            template.extend([0, 0, 0, 0, quality]);
        }
        template
    }

    #[test]
    fn the_best_minutiae_stay_when_the_chip_has_no_room_for_all() {
        let small = minutiae(&template(), 14).unwrap();
        assert_eq!((small.len(), small[3]), (14, 2), "two fit");
        assert_eq!((small[8], small[13]), (90, 50), "the two best");
        assert!(biometrics::matching::Template::from_compact(&small).is_ok(), "and it is a template still");
    }

    #[test]
    fn what_has_no_room_or_is_not_on_record_is_named_and_never_an_empty_field() {
        let mut chip = OnChip { data: CardData::new(), without: Vec::new() };
        chip.put(Field::Minutiae1, minutiae(&template(), 8));
        chip.put(Field::Minutiae2, Err(Lack::None));
        let dot = biometrics::codec::encode_png_gray(
            &domain::image::GrayImage::new(400, 200, vec![0; 400 * 200]).unwrap(),
            None,
        );
        let dot = chip_signature(&dot.unwrap(), 10).unwrap();
        chip.put(Field::Signature, dot.ok_or(Lack::Room));
        assert_eq!(chip.without, ["finger_1_room", "finger_2_none", "signature_room"]);
        for field in [Field::Minutiae1, Field::Minutiae2, Field::Signature] {
            assert_eq!(chip.data.get(field), None, "{field:?}: nothing rather than an empty field");
        }
    }

    #[test]
    fn the_window_has_words_for_everything_that_a_chip_can_go_without() {
        for field in [Field::Minutiae1, Field::Minutiae2, Field::Signature] {
            for lack in [Lack::None, Lack::Room] {
                crate::words::assert_worded(&format!("card.chip_without.{}", key(field, lack)));
            }
        }
    }
}
