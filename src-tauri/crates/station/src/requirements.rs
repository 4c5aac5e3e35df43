//! Step 2: form and papers are checked; accepted, or returned with reasons.

use domain::ids::DocumentId;
use domain::permohonan::{Event, ReturnReason};
use domain::role::Action;
use domain::steps::requirements::{Paper, RequirementsEvent, checklist};
use domain::usia;
use jiff::Timestamp;

use crate::session::Desk;
use crate::view::{self, PaperState};
use crate::visit::Visit;
use crate::{Error, Result, Station, clock, reasons, words};

/// The pages of a paper that count: without those that were there when it was taken back.
pub(crate) fn pages_in_force(desk: &Desk, visit: &Visit, row: &store::Berkas) -> Result<Vec<store::Halaman>> {
    let mut pages = desk.store.read(|view| view.halaman(row.id))?;
    if let Some(berkas) = words::berkas_of(&row.code) {
        let counts = |page: &store::Halaman| {
            Timestamp::from_millisecond(page.taken_ms)
                .is_ok_and(|taken| visit.state.requirements.is_in_force(berkas, taken))
        };
        pages.retain(counts);
    }
    Ok(pages)
}

/// Most pages of one paper.
const PAGES: usize = 20;

impl Station {
    /// Step 2 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `Store`.
    pub fn requirements(&self, id: &str) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let visit = self.visit(&desk, id)?;
        self.requirements_view(&desk, &visit)
    }

    /// The checklist of this visit with what was received of it.
    pub(crate) fn papers_of(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::RequirementItem>> {
        let rules = self.rules();
        let ctx = self.ctx(desk, &visit.biodata, &rules);
        let stored = desk.store.read(|view| view.berkas(visit.id()))?;
        let mut items = Vec::new();
        for requirement in checklist(&visit.state, &ctx) {
            let Some(first) = requirement.any_of.first().copied() else { continue };
            let key = words::berkas_key(first);
            let row = stored.iter().find(|row| row.code == key);
            let pages = match row {
                Some(row) => pages_in_force(desk, visit, row)?
                    .iter()
                    .map(|page| format!("berkas:{}:{}", row.id, page.seq))
                    .collect(),
                None => Vec::new(),
            };
            let seen = visit
                .state
                .requirements
                .papers
                .iter()
                .any(|paper| requirement.any_of.contains(&paper.berkas));
            items.push(view::RequirementItem {
                id: key,
                label: requirement
                    .any_of
                    .iter()
                    .map(|paper| words::berkas(*paper))
                    .collect::<Vec<_>>()
                    .join(" atau "),
                required: true,
                state: match (seen, pages.is_empty()) {
                    (false, _) => PaperState::Missing,
                    (true, true) => PaperState::Seen,
                    (true, false) => PaperState::Attached,
                },
                pages: pages.into_iter().map(|capture_id: String| view::PageRef { capture_id }).collect(),
                note: row.map(|row| row.note.clone()).unwrap_or_default(),
            });
        }
        Ok(items)
    }

    fn requirements_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Requirements> {
        let items = self.papers_of(desk, visit)?;
        let why = reasons::obstacle(&self.ask(desk, visit, Event::Requirements(RequirementsEvent::Accepted)));
        let age = visit.biodata.born_latest().map(|born| {
            let today = self.day_of(desk.now);
            let years = usia::age_on(born, today).max(0);
            let months = usia::birthday(born, years).map_or(0, |last| {
                let months = (i32::from(today.year()) - i32::from(last.year())) * 12
                    + i32::from(today.month())
                    - i32::from(last.month());
                months - i32::from(today.day() < last.day())
            });
            let married = visit.biodata.married_ever();
            view::Age {
                years: u32::try_from(years).unwrap_or(0),
                months: u32::try_from(months).unwrap_or(0),
                may_print: usia::may_print(born, married, today),
                may_record: usia::may_record(born, married, today),
            }
        });
        Ok(view::Requirements { items, can_accept: why.is_none(), why, reasons: return_reasons(), age })
    }

    /// Notes that a paper was seen, or takes that back.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn set_requirement(
        &self,
        id: &str,
        item: &str,
        seen: bool,
        note: &str,
    ) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let already = visit.state.requirements.papers.iter().any(|paper| paper.berkas == berkas);
        let decision = if seen { "accepted" } else { "pending" };
        if seen != already {
            let event = if seen {
                RequirementsEvent::PaperReceived { paper: Paper { berkas, document: None } }
            } else {
                RequirementsEvent::PaperRemoved { berkas }
            };
            self.perform(&desk, &mut visit, Event::Requirements(event), |tx| {
                tx.decide_berkas(permohonan, item, decision, note).map(drop)
            })?;
        }
        self.requirements_view(&desk, &visit)
    }

    /// Photographs one page of a paper with the station's camera and keeps it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Device`, `Picture`, `Refused`, `Store`.
    pub fn photograph_requirement(&self, id: &str, item: &str) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let pages = visit.state.requirements.papers.iter().filter(|paper| paper.berkas == berkas).count();
        if pages >= PAGES {
            return Err(Error::not_now_with("too_many_pages", &[("limit", PAGES.to_string())]));
        }
        let still = self.equipment.still(self.reading())?;
        self.load_again(&desk, &mut visit)?;
        let document = DocumentId::new(clock::new_uuid());
        let event = RequirementsEvent::PaperReceived { paper: Paper { berkas, document: Some(document) } };
        self.perform(&desk, &mut visit, Event::Requirements(event), |tx| {
            tx.add_halaman(permohonan, item, "image/jpeg", &still.jpeg)?;
            tx.decide_berkas(permohonan, item, "accepted", "").map(drop)
        })?;
        self.requirements_view(&desk, &visit)
    }

    /// Exit 1: the papers are complete.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn accept_requirements(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::CheckRequirements)?;
        self.step(&desk, id, Event::Requirements(RequirementsEvent::Accepted))
    }

    /// Exit 2: back to the applicant, with reasons; the slip is rendered and kept.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Document`, `Store`.
    pub fn return_to_applicant(&self, id: &str, reasons: &[String], note: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::ReadQueue)?;
        let mut visit = self.visit(&desk, id)?;
        let known = return_reasons();
        let mut list: Vec<ReturnReason> = reasons
            .iter()
            .map(|code| {
                let words = known
                    .iter()
                    .find(|reason| &reason.code == code)
                    .map_or_else(|| code.clone(), |reason| reason.text.clone());
                ReturnReason { berkas: words::berkas_of(code), unsur: None, words }
            })
            .collect();
        if !note.trim().is_empty() {
            list.push(ReturnReason { berkas: None, unsur: None, words: note.trim().to_owned() });
        }
        let event = match visit.state.step {
            domain::plan::Step::Verification => {
                Event::Verification(domain::steps::verification::VerificationEvent::Returned {
                    reasons: list.clone(),
                })
            }
            domain::plan::Step::Attestation => {
                Event::Attestation(domain::steps::attestation::AttestationEvent::Returned {
                    reasons: list.clone(),
                })
            }
            _ => Event::Requirements(RequirementsEvent::Returned { reasons: list.clone() }),
        };
        // The slip is made first: a paper that cannot be made must not leave a visit returned without one.
        self.ask(&desk, &visit, event.clone())?;
        let slip = self.return_slip(&desk, &visit, &list)?;
        self.perform(&desk, &mut visit, event, |tx| tx.add_document(&slip).map(drop))?;
        self.masthead(&desk, &visit)
    }
}

/// Ready-made reasons, in words for the applicant.
fn return_reasons() -> Vec<view::ReasonText> {
    [
        ("kartu_keluarga", "Fotokopi KK belum ada atau tidak terbaca"),
        ("formulir_permohonan", "Formulir belum ditandatangani"),
        ("surat_pindah", "Surat keterangan pindah belum ada"),
        ("surat_kehilangan", "Surat kehilangan dari kepolisian belum ada"),
        ("ktp_lama", "KTP-el lama belum diserahkan"),
        ("bukti_perubahan", "Bukti perubahan data belum ada"),
        ("data_beda", "Data di formulir berbeda dengan data penduduk"),
        ("bukan_di_sini", "Perlu diurus di loket pendaftaran penduduk dahulu"),
    ]
    .into_iter()
    .map(|(code, text)| view::ReasonText { code: code.to_owned(), text: text.to_owned() })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_every_reason_to_return_in_both_languages() {
        for reason in return_reasons() {
            words::assert_worded(&format!("return_reason.{}", reason.code));
        }
    }
}
