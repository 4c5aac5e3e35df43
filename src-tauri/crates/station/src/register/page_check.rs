//! A printed page of the Buku Register held against the book: the paper is the witness that nobody at this computer can change.

use domain::role::Action;
use domain::seal::{Checksum, Kind, Seal, decode, is_seal};
use jiff::civil::Date;
use packet::seal::{Verdict, verify_among};

use super::{number, print};
use crate::credentials::Credentials;
use crate::session::Desk;
use crate::{Error, Result, Station, view};

impl Station {
    /// Looks for the line that a printed page bears witness to, and verifies the chain when it is there. `code` is the text
    /// of the page's code as a scanner types it; without one it is read from the desk's camera, for as long as one reading may
    /// take, called off by calling off the camera. The check of the chain tells how far it has come and is stopped like
    /// [`Self::register_verify`]; it is then left out of the answer.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`; `NotNow`: no code was seen (`page_none`), one that is no page's (`page_other`), half of one
    /// (`page_damaged`), a page of another station (`page_foreign`), one that names this station and was sealed with a key which it
    /// never had (`page_unknown_key`), one that was made up or changed (`page_forged`); `Device`, `Store`.
    pub fn register_check_page(&self, code: Option<&str>) -> Result<view::PageCheck> {
        let work = self.register_work_begins();
        let desk = self.desk(Action::ReadRegister)?;
        let text = match code.map(str::trim).filter(|code| !code.is_empty()) {
            Some(typed) => typed.to_owned(),
            None => self.held_up_code()?.ok_or(Error::not_now("page_none"))?,
        };
        if !is_seal(&text) {
            return Err(Error::not_now("page_other"));
        }
        let (seal, is_own) = self.page_seal(&desk, &text)?;
        let (station, day) = print::page_parts(&seal.number).ok_or(Error::not_now("page_other"))?;
        if station != crate::held(&self.door).roster.station_code {
            return Err(Error::not_now("page_foreign"));
        }
        // Its words alone are no witness: whoever knows the book can write them.
        if !is_own {
            return Err(Error::not_now("page_unknown_key"));
        }
        let row = self.witnessed_line(&desk, &seal, station, day)?;
        let verified = match row {
            Some(_) => self.verified(&desk, &work)?,
            None => None,
        };
        Ok(view::PageCheck { number: seal.number, day: day.to_string(), row: row.map(number), verified })
    }

    /// What a page's code says, and whether it was sealed with a key of this station: papers are older than keys.
    fn page_seal(&self, desk: &Desk, text: &str) -> Result<(Seal, bool)> {
        let sealed = decode(text).map_err(|_| Error::not_now("page_damaged"))?;
        if sealed.seal.kind != Kind::TitikPeriksa {
            return Err(Error::not_now("page_other"));
        }
        let json = desk.store.read(Credentials::read)?.ok_or(Error::not_now("page_foreign"))?;
        match verify_among(text, &Credentials::parse(&json)?.seal_keys()?)? {
            Verdict::Genuine(seal) | Verdict::Training(seal) | Verdict::OutOfTime(seal) => Ok((seal, true)),
            Verdict::OtherKey(sealed) => Ok((sealed.seal, false)),
            Verdict::Forged | Verdict::Mixed(_) => Err(Error::not_now("page_forged")),
        }
    }

    /// The line whose number and hash the page bears, looked for in its day and the days beside it: the desk's time zone may
    /// have been another one.
    fn witnessed_line(&self, desk: &Desk, seal: &Seal, station: &str, day: Date) -> Result<Option<u64>> {
        let origin = print::origin(station);
        let (from, to) = (day.yesterday().unwrap_or(day), day.tomorrow().unwrap_or(day));
        let mut found = None;
        self.walk_book(desk, ("", from, to), &mut |lines| {
            found = lines.iter().map(|line| &line.row.line).find_map(|line| {
                let printed = [origin.as_str(), &line.row.to_string(), &line.hash.hex()];
                let same = Checksum::of(Kind::TitikPeriksa, &printed).is_ok_and(|sum| sum == seal.checksum);
                same.then_some(line.row)
            });
            Ok(found.is_none())
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_each_code_that_is_no_page_of_this_book() {
        for key in
            ["page_other", "page_foreign", "page_unknown_key", "page_forged", "page_none", "page_damaged"]
        {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
