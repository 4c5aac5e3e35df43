//! Step 2: form and papers are checked; accepted, or returned with reasons.

use domain::document::Berkas;
use domain::ids::DocumentId;
use domain::permohonan::{Event, Phase, Refusal, ReturnReason};
use domain::plan::Step;
use domain::role::Action;
use domain::steps::form::FormEvent;
use domain::steps::requirements::{Paper, RequirementsEvent, asks_from_abroad, checklist, handed_back_by};
use domain::usia;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Act;

use crate::applicant::long_date;
use crate::pages::room_for_a_page;
use crate::session::Desk;
use crate::view::{self, PaperState};
use crate::visit::{NOTED_WITHIN, Visit};
use crate::{Error, Result, Station, clock, held, reasons, words};

/// The pages of a paper that count: without those that were there when it was taken back. What is no paper of a checklist has
/// none: the face that was read from a card lies there too, and nobody can say whose it is.
pub(crate) fn pages_in_force(desk: &Desk, visit: &Visit, row: &store::Berkas) -> Result<Vec<store::Halaman>> {
    let Some(berkas) = words::berkas_of(&row.code) else { return Ok(Vec::new()) };
    let mut pages = desk.store.read(|view| view.halaman(row.id))?;
    let counts = |page: &store::Halaman| {
        Timestamp::from_millisecond(page.taken_ms)
            .is_ok_and(|taken| visit.state.requirements.is_in_force(berkas, page.seq, taken))
    };
    pages.retain(counts);
    Ok(pages)
}

/// Which page of a paper comes next, counted from 1 over all that were ever taken.
fn next_page(desk: &Desk, visit: &Visit, item: &str) -> Result<u32> {
    desk.store
        .read(|view| {
            let paper = view.berkas(visit.id())?.into_iter().find(|paper| paper.code == item);
            let pages = paper.map(|paper| view.halaman(paper.id)).transpose()?.unwrap_or_default();
            Ok(pages.last().map_or(1, |page| page.seq + 1))
        })
        .map_err(Error::from)
}

/// The checklist as what lies in the folder: of a line that one of several papers meets those that are there, all of them in
/// one where none is.
pub(crate) fn listed(items: Vec<view::RequirementItem>) -> Vec<view::RequirementItem> {
    let mut list: Vec<view::RequirementItem> = Vec::new();
    for item in items.into_iter().filter(|item| item.required) {
        match list.last_mut() {
            Some(last) if last.line == item.line && item.state == PaperState::Missing => {
                last.label = words::any_of(&[&last.label, &item.label]);
            }
            Some(_) | None => list.push(item),
        }
    }
    list
}

/// Most pages of one paper.
const PAGES: usize = 20;

impl Station {
    /// Step 2 of one application. Steps 1, 3 and 5 read it too: whoever hands a visit back there says which papers it is for.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `Store`.
    pub fn requirements(&self, id: &str) -> Result<view::Requirements> {
        let desk = self.desk(Action::ReadQueue)?;
        let visit = self.visit(&desk, id)?;
        self.requirements_view(&desk, &visit)
    }

    /// The checklist of this visit with what was received of it; each paper of a line that one of several meets is an item of
    /// its own, so that the one that was shown is the one that is kept.
    pub(crate) fn papers_of(&self, desk: &Desk, visit: &Visit) -> Result<Vec<view::RequirementItem>> {
        let rules = self.rules();
        let ctx = self.ctx(desk, &visit.biodata, &rules);
        let stored = desk.store.read(|view| view.berkas(visit.id()))?;
        let there: Vec<Berkas> = visit.state.requirements.papers.iter().map(|paper| paper.berkas).collect();
        let mut items = Vec::new();
        for (line, requirement) in (0u32..).zip(checklist(&visit.state, &ctx)) {
            for berkas in requirement.any_of.iter().copied() {
                let key = words::berkas_key(berkas);
                let row = stored.iter().find(|row| row.code == key);
                let pages = match row {
                    Some(row) => pages_in_force(desk, visit, row)?
                        .iter()
                        .map(|page| view::PageRef { capture_id: format!("berkas:{}:{}", row.id, page.seq) })
                        .collect(),
                    None => Vec::new(),
                };
                let seen = there.contains(&berkas);
                let others = requirement.any_of.iter().filter(|other| **other != berkas);
                items.push(view::RequirementItem {
                    id: key,
                    line,
                    label: words::berkas(berkas).to_owned(),
                    others: others.map(|other| words::berkas(*other).to_owned()).collect(),
                    required: seen || !requirement.is_met(&there),
                    state: match (seen, pages.is_empty()) {
                        (false, _) => PaperState::Missing,
                        (true, true) => PaperState::Seen,
                        (true, false) => PaperState::Attached,
                    },
                    pages,
                    note: row.map(|row| row.note.clone()).unwrap_or_default(),
                });
            }
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
        let from_abroad =
            asks_from_abroad(visit.state.plan.kind).then_some(visit.state.requirements.from_abroad);
        Ok(view::Requirements {
            items,
            from_abroad,
            can_accept: why.is_none(),
            why,
            reasons: return_reasons(),
            age,
        })
    }

    /// Says that the applicant moves in from abroad, or does not: other papers are asked for, and those that only the other
    /// answer asked for are handed back.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` for a kind that does not ask it, `Refused`, `Store`.
    pub fn set_from_abroad(&self, id: &str, yes: bool) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let mut visit = self.visit(&desk, id)?;
        if !asks_from_abroad(visit.state.plan.kind) {
            return Err(Error::Invalid { what: "kind" });
        }
        if visit.state.requirements.from_abroad != yes {
            let rules = self.rules();
            let back = handed_back_by(&visit.state, &self.ctx(&desk, &visit.biodata, &rules), yes);
            let permohonan = visit.id();
            let event = Event::Requirements(RequirementsEvent::FromAbroad { yes });
            self.perform(&desk, &mut visit, event, |tx| {
                back.iter().try_for_each(|berkas| {
                    tx.decide_berkas(permohonan, &words::berkas_key(*berkas), "pending").map(drop)
                })
            })?;
        }
        self.requirements_view(&desk, &visit)
    }

    /// Notes that a paper was seen, or takes that back; what is written beside it stays.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn set_requirement(&self, id: &str, item: &str, seen: bool) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        if seen != is_received(&visit, berkas) {
            let (event, decision) = if seen {
                (
                    RequirementsEvent::PaperReceived { paper: Paper { berkas, document: None, page: 0 } },
                    "accepted",
                )
            } else {
                (RequirementsEvent::PaperRemoved { berkas }, "pending")
            };
            self.perform(&desk, &mut visit, Event::Requirements(event), |tx| {
                tx.decide_berkas(permohonan, item, decision).map(drop)
            })?;
        }
        self.requirements_view(&desk, &visit)
    }

    /// Keeps what is written beside a paper, whether it was received or not: a page may be taken while somebody writes.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Refused`, `Store`.
    pub fn note_requirement(&self, id: &str, item: &str, note: &str) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let mut visit = self.visit(&desk, id)?;
        for left in (0..NOTED_WITHIN).rev() {
            match keep_note(&desk, &visit, berkas, note) {
                Err(Error::Store(store::Error::ChangedMeanwhile)) if left > 0 => {
                    self.load_again(&desk, &mut visit)?;
                }
                kept => {
                    kept?;
                    break;
                }
            }
        }
        self.requirements_view(&desk, &visit)
    }

    /// Photographs one page of a paper with the station's camera and keeps it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (too many pages), `Device`, `Picture`, `Refused`, `Store`.
    pub fn photograph_requirement(&self, id: &str, item: &str) -> Result<view::Requirements> {
        let desk = self.desk(Action::CheckRequirements)?;
        let berkas = words::berkas_of(item).ok_or(Error::Invalid { what: "paper" })?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let pages = visit.state.requirements.papers.iter().filter(|paper| paper.berkas == berkas).count();
        if pages >= PAGES {
            return Err(Error::not_now_with("too_many_pages", &[("limit", PAGES.to_string())]));
        }
        room_for_a_page(&desk, &visit)?;
        let page = self.page()?;
        self.load_again(&desk, &mut visit)?;
        let document = DocumentId::new(clock::new_uuid());
        let page_number = next_page(&desk, &visit, item)?;
        let paper = Paper { berkas, document: Some(document), page: page_number };
        let event = RequirementsEvent::PaperReceived { paper };
        self.perform(&desk, &mut visit, Event::Requirements(event), |tx| {
            tx.add_halaman(permohonan, item, "image/jpeg", &page)?;
            tx.decide_berkas(permohonan, item, "accepted").map(drop)
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

    /// Exit 2: back to the applicant, with reasons; the slip is rendered and kept. From steps 1, 2, 3 and 5.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Document`, `Store`.
    pub fn return_to_applicant(&self, id: &str, reasons: &[String], note: &str) -> Result<view::Permohonan> {
        let _one = held(&self.numbering);
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
            Step::Form => Event::Form(FormEvent::Returned { reasons: list.clone() }),
            Step::Verification => {
                Event::Verification(domain::steps::verification::VerificationEvent::Returned {
                    reasons: list.clone(),
                })
            }
            Step::Attestation => Event::Attestation(domain::steps::attestation::AttestationEvent::Returned {
                reasons: list.clone(),
            }),
            _ => Event::Requirements(RequirementsEvent::Returned { reasons: list.clone() }),
        };
        // The slip is made first: a paper that cannot be made must not leave a visit returned without one.
        self.ask(&desk, &visit, event.clone())?;
        let slip = self.return_slip(&desk, &visit, &list)?;
        let permohonan = visit.id();
        let named = list.iter().filter_map(|reason| reason.berkas);
        let back: Vec<String> =
            named.filter(|berkas| is_received(&visit, *berkas)).map(words::berkas_key).collect();
        self.perform(&desk, &mut visit, event, |tx| {
            back.iter().try_for_each(|item| tx.decide_berkas(permohonan, item, "pending").map(drop))?;
            self.keep_paper(tx, &slip).map(drop)
        })?;
        self.masthead(&desk, &visit)
    }
}

impl Station {
    /// First day on which the applicant may be recorded, where their age is among the reasons and that day is still to come.
    pub(crate) fn too_young_until(
        &self,
        desk: &Desk,
        visit: &Visit,
        reasons: &[ReturnReason],
    ) -> Option<Date> {
        let biodata = &visit.biodata;
        let from = usia::record_from(biodata.born_latest()?, biodata.married_ever())?;
        (reasons.iter().any(is_of_age) && self.day_of(desk.now) < from).then_some(from)
    }

    /// When and where who was sent away comes again; `from` is the first day for who is too young, which the visit may not live
    /// to see.
    pub(crate) fn come_back(&self, desk: &Desk, visit: &Visit, place: &str, from: Option<Date>) -> String {
        let ticket = visit.ticket();
        let Some(from) = from else {
            return format!("Pada jam layanan, di {place}. Sebutkan nomor {ticket}.");
        };
        let day = long_date(&from.to_string());
        let days = self.rules().expiry_days;
        let ends = self.day_of(desk.now).checked_add(jiff::Span::new().days(i64::from(days)));
        if ends.is_ok_and(|ends| from < ends) {
            format!("Mulai {day}, pada jam layanan, di {place}. Sebutkan nomor {ticket}.")
        } else {
            format!(
                "Mulai {day}, pada jam layanan, di {place}. Permohonan ini berlaku {days} hari; \
                 sesudah itu petugas membuka permohonan baru."
            )
        }
    }
}

/// What brings a ready-made reason through, where the station knows it; empty else.
pub(crate) fn remedy(reason: &ReturnReason, from: Option<Date>) -> String {
    match from {
        Some(from) if is_of_age(reason) => format!("Boleh direkam mulai {}.", long_date(&from.to_string())),
        Some(_) | None => String::new(),
    }
}

/// Whether that is the ready-made reason of who is too young to be recorded.
fn is_of_age(reason: &ReturnReason) -> bool {
    return_reasons().iter().any(|known| known.code == "belum_16" && known.text == reason.words)
}

/// Whether a paper of that kind was received.
fn is_received(visit: &Visit, berkas: Berkas) -> bool {
    visit.state.requirements.papers.iter().any(|paper| paper.berkas == berkas)
}

/// Keeps a note beside a paper, when it is another one; what was decided of the paper stays.
fn keep_note(desk: &Desk, visit: &Visit, berkas: Berkas, note: &str) -> Result<()> {
    let (permohonan, item) = (visit.id(), words::berkas_key(berkas));
    if note == note_of(desk, visit, &item)? {
        return Ok(());
    }
    if visit.state.phase != Phase::Open {
        return Err(Refusal::NotOpen.into());
    }
    if visit.state.step != Step::Requirements {
        return Err(Refusal::OtherStep { at: visit.state.step, event: Step::Requirements }.into());
    }
    desk.transact(Act::FieldSave { permohonan, unsur: format!("berkas.{item}") }, |tx| {
        tx.expect_state(permohonan, &visit.row.state_json)?;
        tx.note_berkas(permohonan, &item, note)
    })
}

/// What is written beside a paper of a visit.
fn note_of(desk: &Desk, visit: &Visit, item: &str) -> Result<String> {
    let rows = desk.store.read(|view| view.berkas(visit.id()))?;
    Ok(rows.into_iter().find(|row| row.code == item).map(|row| row.note).unwrap_or_default())
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
        ("belum_16", "Belum 16 tahun dan belum pernah kawin, jadi belum dapat direkam"),
    ]
    .into_iter()
    .map(|(code, text)| view::ReasonText { code: code.to_owned(), text: text.to_owned() })
    .collect()
}

#[cfg(test)]
mod tests {
    use domain::role::Role;
    use store::LocalStatus;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn of_two_papers_of_which_one_will_do_the_one_that_was_shown_is_kept_and_listed() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let desk = station.desk(Action::CheckRequirements).unwrap();
        let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
        let born = station.day_of(desk.now).checked_sub(jiff::Span::new().years(16)).unwrap();
        station.save_field(&id, "tanggal_lahir", &born.to_string()).unwrap();
        station.save_field(&id, "status_perkawinan", "2").unwrap();
        let mut visit = station.visit(&desk, &id).unwrap();
        visit.state.step = Step::Requirements;
        let json = crate::visit::to_json("visit", &visit.state).unwrap();
        let act = Act::HandoverNote { permohonan: visit.id(), what: "uji".into() };
        let moved = |tx: &store::Tx<'_>| tx.set_state(visit.id(), &json, "requirements", LocalStatus::Draft);
        desk.transact(act, moved).unwrap();

        let marriage = |seen: &view::Requirements| {
            let of = |id: &str| seen.items.iter().find(|item| item.id == id).cloned().expect("offered");
            let (book, sptjm) = (of("bukti_nikah"), of("sptjm"));
            assert_eq!(book.line, sptjm.line, "one line of the checklist");
            assert_eq!(book.others, [sptjm.label.as_str()], "which says what else will do");
            ((book.state, book.required), (sptjm.state, sptjm.required))
        };
        let lists = |marriage: &[&str]| {
            let visit = station.visit(&desk, &id).unwrap();
            let papers = listed(station.papers_of(&desk, &visit).unwrap());
            let last: Vec<String> = papers.into_iter().skip(2).map(|paper| paper.label).collect();
            assert_eq!(last, marriage, "as the cover lists it");
        };
        let (book, sptjm) = (words::berkas(Berkas::BuktiNikah), words::berkas(Berkas::Sptjm));
        let seen = station.requirements(&id).unwrap();
        assert_eq!(marriage(&seen), ((PaperState::Missing, true), (PaperState::Missing, true)));
        lists(&[&format!("{book} atau {sptjm}")]);

        let seen = station.set_requirement(&id, "sptjm", true).unwrap();
        assert_eq!(marriage(&seen), ((PaperState::Missing, false), (PaperState::Seen, true)));
        let kept = station.visit(&desk, &id).unwrap().state.requirements.papers;
        assert_eq!(
            kept,
            [Paper { berkas: Berkas::Sptjm, document: None, page: 0 }],
            "no marriage book was shown"
        );
        lists(&[sptjm]);
        let noted = |seen: view::Requirements| {
            seen.items.into_iter().find(|item| item.id == "sptjm").map(|item| item.note).unwrap()
        };
        let seen = station.note_requirement(&id, "sptjm", "materai kering").unwrap();
        assert_eq!(marriage(&seen).1, (PaperState::Seen, true), "a note says nothing of the paper");
        assert_eq!(noted(seen), "materai kering");
        for seen in [false, true] {
            let ticked = station.set_requirement(&id, "sptjm", seen).unwrap();
            assert_eq!(noted(ticked), "materai kering", "and a tick nothing of the note");
        }
        let seen = station.note_requirement(&id, "bukti_nikah", "menyusul").unwrap();
        assert_eq!(marriage(&seen).0, (PaperState::Missing, false), "also of one that is not there");
        station.set_requirement(&id, "bukti_nikah", true).unwrap();
        lists(&[book, sptjm]);
        station.set_requirement(&id, "sptjm", false).unwrap();
        lists(&[book]);
    }

    #[test]
    fn the_window_has_words_for_every_reason_to_return_in_both_languages() {
        for reason in return_reasons() {
            words::assert_worded(&format!("return_reason.{}", reason.code));
        }
    }
}
