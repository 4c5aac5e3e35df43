//! Photographed pages: small enough that all of one visit are sealed together.

use std::borrow::Cow;

use biometrics::codec::{CodecError, Limits, PAGE_BYTES, decode_rgb, page_jpeg};
use packet::{Entry, MAX_PART_BYTES};

use crate::requirements::pages_in_force;
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// Most bytes of the papers of one visit, photographed at step 2. Ours: what is left of a part holds [`PHOTOGRAPHS`].
const PAPERS_BYTES: usize = 30 << 20;
/// Photographs of exceptions: ten fingers, two eyes, a signature.
const PHOTOGRAPHS: usize = 13;
/// Room for the signed form and the heads of the archive, bytes.
const FORM_BYTES: usize = 4 << 20;
const _: () = assert!((PAPERS_BYTES + PHOTOGRAPHS * PAGE_BYTES + FORM_BYTES) as u64 <= MAX_PART_BYTES);

/// Says that a visit has as many pages as go into one packet.
fn full() -> Error {
    Error::not_now_with("papers_full", &[("limit", (PAPERS_BYTES >> 20).to_string())])
}

impl Station {
    /// One page or part of a body before the desk's camera, as small as reading it allows.
    ///
    /// # Errors
    /// `Device`, `Picture`.
    pub(crate) fn page(&self) -> Result<Vec<u8>> {
        let still = self.equipment.still(self.reading())?;
        let refused = |error: CodecError| Error::Picture { what: "page", reason: error.to_string() };
        // A small one is kept as it came: what is damaged in it is noticed now, not by whoever opens the packet.
        decode_rgb(&still.jpeg, &Limits::default()).map_err(refused)?;
        Ok(page_jpeg(&still.jpeg).map_err(refused)?.into_owned())
    }
}

/// Refuses another page of a visit whose papers would outgrow what is sealed together.
///
/// # Errors
/// `NotNow`, `Store`.
pub(crate) fn room_for_a_page(desk: &Desk, visit: &Visit) -> Result<()> {
    let mut bytes = PAGE_BYTES;
    for paper in desk.store.read(|view| view.berkas(visit.id()))? {
        bytes += pages_in_force(desk, visit, &paper)?.iter().map(|page| page.image.len()).sum::<usize>();
    }
    if bytes > PAPERS_BYTES { Err(full()) } else { Ok(()) }
}

/// A page as it is sealed: one that an older version of the program kept whole is made small here. One that cannot be read is
/// sealed as it is.
pub(crate) fn as_sealed(page: Vec<u8>) -> Vec<u8> {
    match page_jpeg(&page) {
        Ok(Cow::Owned(small)) => small,
        Ok(Cow::Borrowed(_)) | Err(_) => page,
    }
}

/// Refuses papers that do not go into one part, in words, before they are sealed: their pages can be taken back at step 2.
///
/// # Errors
/// `NotNow`.
pub(crate) fn go_into_a_part(dok: &[Entry]) -> Result<()> {
    let bytes: usize = dok.iter().map(|entry| entry.bytes.len()).sum();
    if (bytes + FORM_BYTES) as u64 > MAX_PART_BYTES { Err(full()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_that_outgrow_a_part_are_refused_in_words() {
        let paper = |bytes| Entry::new("kartu-keluarga-1.jpg", "image/jpeg", vec![0; bytes]);
        assert!(go_into_a_part(&[paper(PAPERS_BYTES), paper(PHOTOGRAPHS * PAGE_BYTES)]).is_ok());
        let Err(refused) = go_into_a_part(&[paper(PAPERS_BYTES), paper(20 << 20)]) else { panic!("it fits") };
        let refused = refused.to_view();
        assert_eq!((refused.key.as_str(), refused.code.as_str()), ("papers_full", "not_now"));
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.papers_full.{part}"));
        }
    }
}
