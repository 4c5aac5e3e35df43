//! The photograph of a destruction: taken at the desk after the Berita Acara was made, taken again until it is signed off,
//! and then a paper under the number of the Berita Acara. Without a camera a reason stands in its place, and the paper has
//! room for a photograph that is pasted in.

use documents::{FotoPemusnahan, Hadir, Picture, Sheet};
use domain::paper::DocumentKind;
use domain::register::Hash32;
use domain::role::Action;
use jiff::Timestamp;
use store::{Act, BeritaAcaraRow, DestructionPhoto};

use crate::session::Desk;
use crate::view::{self, DestructionWitness};
use crate::{Error, Result, Station, held};

/// Longest reason why there is no photograph.
const WORDS: usize = 200;

impl Station {
    /// Photographs the destruction of a Berita Acara; again replaces the picture, or the reason that stood in its place.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (no such Berita Acara), `NotNow` (signed off already), `Device`, `Store`.
    pub fn photograph_destruction(&self, number: &str) -> Result<view::Blangko> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::DestroyBlangko)?;
        let (act, _) = open(&desk, number)?;
        let still = self.equipment.still(self.reading())?;
        desk.transact(Act::DestructionPhoto { number: act.number.clone() }, |tx| {
            tx.note("foto", &String::from(Hash32::of(&still.jpeg)));
            tx.set_destruction_photo(act.id, "image/jpeg", &still.jpeg)
        })?;
        self.blangko_view(&desk)
    }

    /// A destruction goes without a photograph in the program, with the reason in words: only where no camera works.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (no such Berita Acara), `Refused` (no reason), `Invalid` (too long), `NotNow` (signed
    /// off already, a camera is there), `Store`.
    pub fn leave_destruction_photo(&self, number: &str, note: &str) -> Result<view::Blangko> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::DestroyBlangko)?;
        let note = super::words(note)?;
        if note.chars().count() > WORDS {
            return Err(Error::Invalid { what: "note" });
        }
        let (act, _) = open(&desk, number)?;
        if self.can_photograph() {
            return Err(Error::not_now("destruction_camera"));
        }
        desk.transact(Act::DestructionPhoto { number: act.number.clone() }, |tx| {
            tx.note("tanpa_foto", note);
            tx.set_destruction_note(act.id, note)
        })?;
        self.blangko_view(&desk)
    }

    /// Signs the photograph off, or the reason in its place: its paper is made and kept, and neither changes any more.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound` (no such Berita Acara), `NotNow` (signed off already, neither photographed nor said
    /// why not), `Document`, `Store`.
    pub fn sign_destruction(&self, number: &str) -> Result<view::Blangko> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::DestroyBlangko)?;
        let (act, kept) = open(&desk, number)?;
        let kept = kept.ok_or_else(|| Error::not_now("destruction_unshown"))?;
        let sheet = self.destruction_sheet(&desk, &act, &kept)?;
        let paper = self.paper(&desk, Sheet::FotoPemusnahan(Box::new(sheet)))?;
        let paper = store::NewDocument {
            permohonan: None,
            kind: DocumentKind::FotoPemusnahan.key().into(),
            number: act.number.clone(),
            pdf: self.press().render(&paper)?.pdf,
        };
        desk.transact(Act::DestructionSign { number: act.number.clone() }, |tx| {
            let document = tx.add_document(&paper)?;
            tx.sign_destruction(act.id, document)
        })?;
        self.blangko_view(&desk)
    }

    fn destruction_sheet(
        &self,
        desk: &Desk,
        act: &BeritaAcaraRow,
        kept: &DestructionPhoto,
    ) -> Result<FotoPemusnahan> {
        let when = |ms: i64| {
            let at = Timestamp::from_millisecond(ms).unwrap_or(desk.now);
            format!("{} pukul {}", self.day_text(at), self.clock_text(at))
        };
        let photo = if kept.has_photo {
            desk.store.read(|look| look.destruction_picture(act.id))?.1
        } else {
            Vec::new()
        };
        let checksum =
            if photo.is_empty() { String::new() } else { in_groups(&String::from(Hash32::of(&photo))) };
        let witnesses: Vec<DestructionWitness> = serde_json::from_str(&act.witnesses_json)
            .map_err(|source| Error::Stored { what: "witnesses", source })?;
        let witnesses = witnesses.into_iter().map(|witness| Hadir {
            name: witness.name,
            office: format!("{}, {}", witness.position, witness.office),
            short: witness.office,
        });
        Ok(FotoPemusnahan {
            number: act.number.clone(),
            made: when(act.at_ms),
            photo: kept.has_photo.then_some(Picture::Encoded(photo)),
            kept: when(kept.kept_ms),
            checksum,
            why_none: kept.note.clone(),
            executor: self.executor(desk),
            witnesses: witnesses.collect(),
        })
    }
}

/// The Berita Acara of a number and what is kept of its destruction, while it may still change.
fn open(desk: &Desk, number: &str) -> Result<(BeritaAcaraRow, Option<DestructionPhoto>)> {
    let (act, kept) = desk.store.read(|look| {
        let act = look.berita_acara()?.into_iter().find(|row| row.number == number);
        let kept = act.as_ref().map_or(Ok(None), |act| look.destruction_photo(act.id))?;
        Ok((act, kept))
    })?;
    let act = act.ok_or(Error::NotFound { what: "berita_acara" })?;
    match kept {
        Some(kept) if kept.document != 0 => Err(Error::not_now("destruction_signed")),
        kept => Ok((act, kept)),
    }
}

/// Names the photograph of a destruction for the window.
pub(super) fn photo_id(act: &BeritaAcaraRow, kept: &DestructionPhoto) -> Option<String> {
    kept.has_photo.then(|| format!("destruction:{}", act.id))
}

/// Hexadecimal digits in groups of eight.
fn in_groups(digits: &str) -> String {
    digits.as_bytes().chunks(8).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_three_sentences_for_what_a_photograph_of_a_destruction_still_needs() {
        for key in ["destruction_camera", "destruction_signed", "destruction_unshown"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        assert_eq!(in_groups("9c4107be52d8"), "9c4107be 52d8", "groups that a person can compare");
    }
}
