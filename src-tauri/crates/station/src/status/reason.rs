//! Ready-made reasons why there is no card yet. Only those that can be true are offered, and no other one goes onto a paper
//! that the office signs.

use domain::central_status::{CentralStatus, KnownStatus};

use super::is_ended;
use crate::references::earlier_recordings;
use crate::session::Desk;
use crate::view;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// How far the recording of this person that this station sealed has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// None was made here.
    None,
    /// Sealed, and no receipt of the centre is here.
    Sealed,
    /// The centre's receipt is here.
    Arrived,
}

/// What is known of a visit without a card, as far as a ready-made reason speaks of it.
#[derive(Clone, Debug)]
struct Known {
    /// The centre's newest word on the record; none yet, or news of a card alone.
    word: Option<CentralStatus>,
    own: Own,
    /// The card could be printed.
    ready: bool,
    no_blangko: bool,
    /// The centre has another card of this person under way, or ended the one that was made here by it.
    elsewhere: bool,
    /// The newest word is older than a slip may be given on.
    outdated: bool,
    /// The centre asked for another recording.
    again: bool,
}

impl Known {
    fn fits(&self, code: &str) -> bool {
        match code {
            "blangko" => self.ready && self.no_blangko,
            // Also of a card that lies printed there: the record then says CARD_PRINTED.
            "elsewhere" => self.elsewhere,
            "outdated" => self.outdated,
            "trouble" => true,
            "record_again" if self.again => !self.ready,
            code => !self.ready && of_record(self.word.as_ref(), self.own).contains(&code),
        }
    }
}

/// The reasons that the centre's newest word on the record bears out. Source: ktp-el §4.1, what each status means.
fn of_record(word: Option<&CentralStatus>, own: Own) -> &'static [&'static str] {
    use KnownStatus as S;
    // What is said of the way to the centre ends with its receipt.
    let on_the_way: &[&str] = match own {
        Own::None | Own::Sealed => &["not_arrived"],
        Own::Arrived => &["processing"],
    };
    let Some(word) = word else {
        // Of a recording that was made elsewhere nothing at all is known.
        return if own == Own::None { &[] } else { on_the_way };
    };
    // It speaks of the card that was made here: the record is no longer what the applicant waits for.
    if is_ended(word) {
        return &[];
    }
    match word.known() {
        // Somebody has to ask what it means; that the centre is at work is all that can be said.
        None => &["processing"],
        Some(S::Unregistered) => match own {
            Own::None | Own::Sealed => &["not_arrived", "record_again"],
            Own::Arrived => &["processing", "record_again"],
        },
        Some(S::BioCaptured | S::Processing | S::SentForEnrollment) => on_the_way,
        Some(S::ReceivedAtCentral | S::SearchFailureAtCentral | S::RequestValidation) => &["processing"],
        Some(S::AdjudicateRecord | S::DuplicateRecord) => &["duplicate"],
        Some(S::EnrollFailureAtCentral | S::EnrollFailureAtRegional) => &["record_again"],
        Some(
            S::PrintReadyRecord | S::SentForCardPrinting | S::CardPrinted | S::CardShipped | S::CardIssued,
        ) => &[],
    }
}

impl Station {
    /// Whether the stock has no blangko, and whether another card of this person is under way. A ready-made reason that cannot be
    /// true is refused: it would stand on a signed letter.
    pub(super) fn hindered(&self, desk: &Desk, visit: &Visit, reason: &str) -> Result<(bool, bool)> {
        let none = self.pickup_plan(desk, visit)?.blangko == 0;
        let code = reason_code(reason);
        if !code.is_empty() && !self.known(desk, visit, none)?.fits(&code) {
            return Err(Error::not_now("reason_untrue"));
        }
        Ok((none, Self::made_elsewhere(desk, visit)?.is_some()))
    }

    /// The ready-made reasons that can be true of a visit, in the order of the list.
    pub(super) fn reasons_that_fit(
        &self,
        desk: &Desk,
        visit: &Visit,
        no_blangko: bool,
    ) -> Result<Vec<view::ReasonText>> {
        let known = self.known(desk, visit, no_blangko)?;
        Ok(not_ready_reasons().into_iter().filter(|reason| known.fits(&reason.code)).collect())
    }

    fn known(&self, desk: &Desk, visit: &Visit, no_blangko: bool) -> Result<Known> {
        let mirror = &visit.state.status.mirror;
        let limit_s = self.rules().status_max_age_s;
        let word = mirror.about_record().map(|entry| entry.status.clone());
        let ended = word.as_ref().is_some_and(is_ended);
        Ok(Known {
            word,
            own: Self::own_recording(desk, visit)?,
            ready: mirror.current().is_some_and(|entry| entry.status.is_print_ready()),
            no_blangko,
            elsewhere: ended || Self::made_elsewhere(desk, visit)?.is_some(),
            outdated: mirror
                .age_s(desk.now, Self::whole_of(desk, visit)?)
                .is_some_and(|age_s| age_s > limit_s),
            again: self.re_record_of(desk, visit)?.is_some(),
        })
    }

    /// The newest recording under this NIK that was sealed here: of this visit, else of an earlier one.
    fn own_recording(desk: &Desk, visit: &Visit) -> Result<Own> {
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        Ok(desk.store.read(|view| {
            let mut visits = vec![visit.id()];
            visits.extend(earlier_recordings(view, &nik, visit.id())?.into_iter().map(|row| row.id));
            for id in visits {
                let Some(packet) = view.packet_of(id)? else { continue };
                return Ok(if view.receipt(packet.id)?.is_some() { Own::Arrived } else { Own::Sealed });
            }
            Ok(Own::None)
        })?)
    }
}

/// All ready-made reasons, in words for the applicant and the letter.
pub(crate) fn not_ready_reasons() -> Vec<view::ReasonText> {
    [
        ("processing", "data perekaman masih diproses di pusat"),
        ("not_arrived", "data perekaman belum sampai di pusat"),
        ("blangko", "blangko KTP-el sedang kosong"),
        ("elsewhere", "kartu lain atas nama pemohon sedang atau sudah dibuat di tempat lain"),
        ("duplicate", "data perekaman perlu diperiksa karena mirip data lain"),
        ("record_again", "perekaman perlu diulang"),
        ("trouble", "layanan pusat data sedang terganggu"),
        ("outdated", "status dari pusat sudah lama dan belum bisa diperbarui"),
    ]
    .into_iter()
    .map(|(code, text)| view::ReasonText { code: code.to_owned(), text: text.to_owned() })
    .collect()
}

/// A ready-made reason by its code, or the words as given.
pub(super) fn reason_words(reason: &str) -> String {
    not_ready_reasons()
        .into_iter()
        .find(|known| known.code == reason)
        .map_or_else(|| reason.trim().to_owned(), |known| known.text)
}

/// Code of the ready-made reason that the given words are or begin with; empty for own words.
pub(super) fn reason_code(reason: &str) -> String {
    let reason = reason.trim();
    let known = not_ready_reasons().into_iter();
    known
        .filter(|known| known.code == reason || reason.starts_with(&known.text))
        .map(|known| known.code)
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    /// What fits of all reasons, in the order of the list.
    fn fitting(known: &Known) -> Vec<String> {
        let all = not_ready_reasons().into_iter().map(|reason| reason.code);
        all.filter(|code| known.fits(code)).collect()
    }

    fn known(word: Option<&str>, own: Own) -> Known {
        let word = word.map(CentralStatus::received);
        let ready = word.as_ref().is_some_and(CentralStatus::is_print_ready);
        Known { word, own, ready, no_blangko: false, elsewhere: false, outdated: false, again: false }
    }

    #[test]
    fn every_status_has_the_reasons_that_it_bears_out_and_no_other() {
        // Sealed here without a receipt; with one; recorded elsewhere.
        let table: [(&str, [&[&str]; 3]); 19] = [
            (
                "UNREGISTERED",
                [
                    &["not_arrived", "record_again"],
                    &["processing", "record_again"],
                    &["not_arrived", "record_again"],
                ],
            ),
            ("BIO_CAPTURED", [&["not_arrived"], &["processing"], &["not_arrived"]]),
            ("PROCESSING", [&["not_arrived"], &["processing"], &["not_arrived"]]),
            ("SENT_FOR_ENROLLMENT", [&["not_arrived"], &["processing"], &["not_arrived"]]),
            ("RECEIVED_AT_CENTRAL", [&["processing"]; 3]),
            ("ENROLL_FAILURE_AT_CENTRAL", [&["record_again"]; 3]),
            ("SEARCH_FAILURE_AT_CENTRAL", [&["processing"]; 3]),
            ("ENROLL_FAILURE_AT_REGIONAL", [&["record_again"]; 3]),
            ("ADJUDICATE_RECORD", [&["duplicate"]; 3]),
            ("REQUEST_VALIDATION", [&["processing"]; 3]),
            ("DUPLICATE_RECORD", [&["duplicate"]; 3]),
            ("PRINT_READY_RECORD", [&[]; 3]),
            ("SENT_FOR_CARD_PRINTING", [&[]; 3]),
            ("CARD_PRINTED", [&[]; 3]),
            ("CARD_SHIPPED", [&[]; 3]),
            ("CARD_ISSUED", [&[]; 3]),
            ("DICABUT", [&["processing"]; 3]),
            ("CARD_LOST", [&[]; 3]),
            ("CARD_REPLACED", [&[]; 3]),
        ];
        for status in KnownStatus::ALL {
            assert!(table.iter().any(|(name, _)| *name == status.name()), "{} has its row", status.name());
        }
        for (name, rows) in table {
            for (own, reasons) in [Own::Sealed, Own::Arrived, Own::None].into_iter().zip(rows) {
                let mut seen = fitting(&known(Some(name), own));
                seen.retain(|code| code != "trouble");
                assert_eq!(seen, reasons, "{name}, {own:?}");
            }
        }
    }

    #[test]
    fn without_a_word_of_the_centre_only_the_own_packet_says_where_the_data_are() {
        assert_eq!(fitting(&known(None, Own::Sealed)), ["not_arrived", "trouble"], "it lies here");
        assert_eq!(fitting(&known(None, Own::Arrived)), ["processing", "trouble"], "the centre has it");
        assert_eq!(
            fitting(&known(None, Own::None)),
            ["trouble"],
            "and of another station's nothing is known"
        );
    }

    #[test]
    fn blangko_age_and_another_recording_are_reasons_where_they_are_so() {
        let ready = known(Some("PRINT_READY_RECORD"), Own::Arrived);
        assert_eq!(fitting(&Known { no_blangko: true, ..ready.clone() }), ["blangko", "trouble"]);
        assert_eq!(fitting(&Known { elsewhere: true, ..ready.clone() }), ["elsewhere", "trouble"]);
        let printed = Known { elsewhere: true, ..known(Some("CARD_PRINTED"), Own::None) };
        assert_eq!(fitting(&printed), ["elsewhere", "trouble"], "and lies there");
        let ended = Known { elsewhere: true, ..known(Some("CARD_LOST"), Own::Arrived) };
        assert_eq!(fitting(&ended), ["elsewhere", "trouble"], "the card of here ended by the other one");
        assert_eq!(fitting(&Known { outdated: true, ..ready.clone() }), ["trouble", "outdated"]);
        assert_eq!(fitting(&Known { again: true, ..ready }), ["trouble"], "a card that can be printed");
        let at_work = known(Some("RECEIVED_AT_CENTRAL"), Own::Arrived);
        let both = Known { no_blangko: true, again: true, ..at_work };
        assert_eq!(fitting(&both), ["processing", "record_again", "trouble"], "the centre asked for it");
    }

    #[test]
    fn a_reason_is_taken_by_its_code_or_as_it_was_written() {
        assert_eq!(reason_words("blangko"), "blangko KTP-el sedang kosong", "from the list");
        assert_eq!(reason_words(" listrik padam "), "listrik padam", "own words");
        assert_eq!(
            reason_code("blangko KTP-el sedang kosong sampai Senin"),
            "blangko",
            "what was added changes nothing"
        );
        assert_eq!(reason_code(" listrik padam "), "", "own words have none");
        for reason in not_ready_reasons() {
            // On the letter it goes on in a sentence; in the list it begins one, in the window's language.
            words::assert_worded(&format!("status_reason.{}", reason.code));
        }
    }
}
