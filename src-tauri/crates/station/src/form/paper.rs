//! F-1.02, filled from an application, for the applicant to read and sign. Every kind of application rests on it
//! (Permendagri 108/2019 and 109/2019): it is the first paper of each checklist.

use documents::{FormulirF102, Sheet};
use domain::Unsur;
use domain::document::Berkas;
use domain::paper::DocumentKind;
use domain::plan::JenisPermohonan;
use domain::role::Action;
use store::{Act, NewDocument};

use crate::session::Desk;
use crate::view;
use crate::visit::Visit;
use crate::{Result, Station};

/// The store's word for the form.
const FORM: DocumentKind = DocumentKind::FormulirF102;

impl Station {
    /// Renders F-1.02 with the values of an application and keeps it with the visit; asked again while nothing has changed
    /// it is the same paper. What is not known yet stays empty, to be filled in by hand. Printed like every kept paper.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Document`, `Store`.
    pub fn application_form(&self, id: &str) -> Result<view::ApplicationForm> {
        let desk = self.desk(Action::FillForm)?;
        let visit = self.visit(&desk, id)?;
        let paper = self.paper(&desk, Sheet::FormulirF102(Box::new(self.filled_form(&desk, &visit))))?;
        let rendered = self.press().render(&paper)?;
        let permohonan = visit.id();
        let kept = desk.store.read(|look| look.newest_document(permohonan, FORM))?;
        let same = match kept {
            Some(kept) => {
                (desk.store.read(|look| look.document_pdf(kept.id))? == rendered.pdf).then_some(kept.id)
            }
            None => None,
        };
        let document = match same {
            Some(document) => document,
            None => {
                let new = NewDocument {
                    permohonan: Some(permohonan),
                    kind: FORM.key().into(),
                    number: String::new(),
                    pdf: rendered.pdf,
                };
                let act = Act::DocumentRender { permohonan, kind: FORM.key().into() };
                desk.transact(act, |tx| tx.add_document(&new))?
            }
        };
        Ok(view::ApplicationForm {
            document_id: document.to_string(),
            pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
            prints: self.prints_of(&desk, document)?,
        })
    }

    fn filled_form(&self, desk: &Desk, visit: &Visit) -> FormulirF102 {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default().to_owned();
        let papers: Vec<Berkas> = visit.state.requirements.papers.iter().map(|paper| paper.berkas).collect();
        FormulirF102 {
            name: get(Unsur::Nama).to_uppercase(),
            nik: get(Unsur::Nik),
            kk: get(Unsur::NomorKk),
            phone: get(Unsur::Telepon),
            email: get(Unsur::Email),
            ticked: ticked(visit.state.plan.kind, &papers),
            officer: desk.session.name.clone(),
        }
    }
}

/// The boxes of F-1.02 that an application ticks: its kind (part II), and what was received with it (part III).
fn ticked(kind: JenisPermohonan, papers: &[Berkas]) -> Vec<&'static str> {
    let kind: &[&'static str] = match kind {
        JenisPermohonan::BaruWni | JenisPermohonan::BaruWna => &["ktp-a"],
        JenisPermohonan::PindahDatangWni | JenisPermohonan::PindahDatangWna => &["ktp-b"],
        JenisPermohonan::Hilang => &["ktp-c", "ktp-c1"],
        JenisPermohonan::Rusak => &["ktp-c", "ktp-c2"],
        JenisPermohonan::PerpanjanganWna => &["ktp-d"],
        JenisPermohonan::LuarDomisili => &["ktp-f"],
        // The form has no box for a new photograph or signature: it is a change of what the card shows.
        JenisPermohonan::PerubahanData | JenisPermohonan::FotoTandaTangan => &["data-ktp"],
    };
    kind.iter().copied().chain(papers.iter().filter_map(|paper| enclosed(*paper))).collect()
}

/// The box of part III for a paper; `None` where the form names no such paper, or only another state of it.
fn enclosed(paper: Berkas) -> Option<&'static str> {
    match paper {
        Berkas::SuratPindah => Some("l-pindah"),
        Berkas::SkpPerwakilan => Some("l-skp"),
        Berkas::SuratPindahLuarNegeri => Some("l-pindah-ln"),
        Berkas::DokumenPerjalanan => Some("l-paspor"),
        Berkas::KartuItap => Some("l-itap"),
        Berkas::SuratKehilangan => Some("l-polisi"),
        Berkas::BuktiPerubahan => Some("l-ubah"),
        Berkas::BuktiNikah => Some("l-nikah"),
        Berkas::AktaCerai => Some("l-cerai"),
        Berkas::Sptjm => Some("l-sptjm"),
        // The form asks for an old or damaged KK, not for the copy that every application brings.
        Berkas::KartuKeluarga
        | Berkas::FormulirPermohonan
        | Berkas::KtpLama
        | Berkas::KtpRusak
        | Berkas::AktaLahirAtauIjazah
        | Berkas::SuratGolonganDarah
        | Berkas::FotoPengecualian
        | Berkas::Lainnya => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_application_ticks_its_box_and_only_boxes_of_the_form() {
        for kind in JenisPermohonan::ALL {
            let boxes = ticked(kind, &Berkas::ALL);
            let of_kind = boxes.iter().filter(|key| key.starts_with("ktp-") || key.starts_with("data-"));
            assert!(of_kind.count() >= 1, "{kind:?} stands in part II");
            for key in boxes {
                assert!(documents::F102_KEYS.contains(&key), "{key} is a box of the form");
            }
        }
    }

    #[test]
    fn a_lost_card_ticks_loss_and_the_letter_of_the_police() {
        let papers = [Berkas::FormulirPermohonan, Berkas::KartuKeluarga, Berkas::SuratKehilangan];
        assert_eq!(ticked(JenisPermohonan::Hilang, &papers), ["ktp-c", "ktp-c1", "l-polisi"]);
    }
}
