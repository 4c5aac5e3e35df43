//! A paper found by its QR code: read from the camera's picture or typed by a scanner, and believed only when its seal holds.

use biometrics::codec::{Limits, decode_gray};
use domain::role::Action;
use domain::seal::{Seal, decode, is_seal};
use packet::seal::{Verdict, verify_among};

use crate::credentials::Credentials;
use crate::session::Desk;
use crate::{Error, Result, Station};

impl Station {
    /// Reads the code of a paper that is held before the desk's camera, for as long as one reading may take, and answers
    /// its text once its seal holds; the text finds the visit like a typed one. Called off by calling off the camera.
    ///
    /// # Errors
    /// `Locked`; `NotNow`: no code was seen, a code that is none of ours, one of another station, one that does not hold;
    /// `Device`, `Store`.
    pub fn scan_code(&self) -> Result<String> {
        let desk = self.desk(Action::ReadQueue)?;
        let text = self.held_up_code()?.ok_or(Error::not_now("code_none"))?;
        if !is_seal(&text) {
            return Err(Error::not_now("code_other"));
        }
        self.sealed(&desk, &text)?;
        Ok(text)
    }

    /// The first code that is held before the desk's camera while one reading may take, one of ours before any other; `None`
    /// when no code was seen.
    ///
    /// # Errors
    /// `Device`.
    pub(crate) fn held_up_code(&self) -> Result<Option<String>> {
        let limits = Limits::default();
        self.equipment.watch_camera(self.reading(), |frame| {
            let texts = documents::read_codes(&decode_gray(&frame.jpeg, &limits).ok()?);
            let ours = texts.iter().find(|text| is_seal(text)).cloned();
            ours.or_else(|| texts.into_iter().next())
        })
    }

    /// What a code says, when it was sealed with a key that this computer had, the present one or one of before.
    ///
    /// # Errors
    /// `NotNow`: it cannot be read (`code_damaged`), is of a computer in whose place this one came (`code_replaced`) or of another
    /// station (`code_foreign`), or was made up or changed (`code_forged`); `Store`.
    pub(crate) fn sealed(&self, desk: &Desk, text: &str) -> Result<Seal> {
        decode(text).map_err(|_| Error::not_now("code_damaged"))?;
        let Some(json) = desk.store.read(Credentials::read)? else {
            return Err(Error::not_now("code_foreign"));
        };
        let credentials = Credentials::parse(&json)?;
        match verify_among(text, &credentials.own_seal_keys()?)? {
            // A station whose certificate ran out before it could be renewed goes on giving papers.
            Verdict::Genuine(seal) | Verdict::Training(seal) | Verdict::OutOfTime(seal) => Ok(seal),
            // What it says of itself proves nothing: number and checksum stand on every copy of the paper.
            Verdict::OtherKey(_) => {
                Err(Error::not_now(match verify_among(text, &credentials.seal_keys()?)? {
                    // Its numbers were given by another book, and may be somebody else's here.
                    Verdict::Genuine(_) | Verdict::Training(_) | Verdict::OutOfTime(_) => "code_replaced",
                    Verdict::OtherKey(_) => "code_foreign",
                    Verdict::Forged | Verdict::Mixed(_) => "code_forged",
                }))
            }
            Verdict::Forged | Verdict::Mixed(_) => Err(Error::not_now("code_forged")),
        }
    }

    /// This station's certificates in PEM, the present one first: whoever checks its papers without network needs those under
    /// which they were sealed. They hold nothing secret.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` while the station has none, `Store`, `Stored`.
    pub fn certificates(&self) -> Result<Vec<String>> {
        let desk = self.desk(Action::ReadQueue)?;
        let json = desk.store.read(Credentials::read)?.ok_or(Error::not_now("no_centre"))?;
        Ok(Credentials::parse(&json)?.certificates())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_each_code_that_is_not_taken() {
        for key in ["code_none", "code_other", "code_damaged", "code_foreign", "code_replaced", "code_forged"]
        {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
