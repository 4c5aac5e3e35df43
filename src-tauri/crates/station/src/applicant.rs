//! The applicant's own screen: which of its few pictures shows now, and for whom.

use std::sync::atomic::Ordering;

use domain::Unsur;
use domain::capture::{SignatureSubstitute, Target};
use domain::permohonan::Phase;
use domain::plan::Step;
use domain::role::Action;
use domain::steps::attestation::DataAnswer;

use crate::capture::core_modality;
use crate::capture::signature::{stroke_of, substitute_of};
use crate::session::Desk;
use crate::view::{self, ApplicantView, Modality};
use crate::visit::Visit;
use crate::{Error, News, Result, Station, held, words};

/// What shows on the applicant's screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    /// Whose data may show; `None` shows nothing of anybody.
    pub visit: Option<String>,
    /// The part of step 4 that is open on the desk; it is left when the operator goes on, not when it is complete.
    pub part: Option<Modality>,
    /// What to place on the scanner.
    pub guide: Option<view::Guide>,
    /// A device is away: please wait.
    pub waiting: bool,
    /// The portrait that waits for approval, and since when.
    pub shown_portrait: Option<(String, jiff::Timestamp)>,
    /// Key of what shows.
    pub key: &'static str,
}

impl Scene {
    /// The applicant of `id` is at the desk; what was open for another is closed.
    pub(crate) fn seat(&mut self, id: &str) {
        if self.visit.as_deref() != Some(id) {
            *self = Self { visit: Some(id.to_owned()), key: "wait", ..Self::default() };
        }
    }

    /// Key of what the applicant of this visit sees.
    pub(crate) fn key_for(&self, id: &str) -> String {
        if self.visit.as_deref() == Some(id) { self.key.to_owned() } else { "idle".to_owned() }
    }
}

impl Station {
    /// Asked before the applicant's window opens.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn may_open_applicant(&self) -> Result<()> {
        self.desk(Action::ReadQueue).map(drop)
    }

    /// The applicant's window was opened or closed; told by the shell, so that the desk never says that something is
    /// shown which nobody can see.
    pub fn applicant_window(&self, open: bool) {
        if self.applicant_window.swap(open, Ordering::SeqCst) != open {
            self.news.tell(News::Applicant);
        }
    }

    /// A hand on the applicant's screen is somebody at the desk, whose signature a lock would take away; on a screen that asks
    /// nothing of anybody it is nobody whom the desk waits for.
    ///
    /// # Errors
    /// `Locked` when nobody is signed in; `Store`.
    pub fn touch_by_applicant(&self) -> Result<()> {
        if held(&self.door).open.is_none() {
            return Err(Error::Locked);
        }
        match self.applicant_screen()?.view {
            ApplicantView::Idle | ApplicantView::Done => Ok(()),
            ApplicantView::Wait
            | ApplicantView::ConfirmData
            | ApplicantView::ApprovePhoto
            | ApplicantView::FingerGuide
            | ApplicantView::IrisGuide
            | ApplicantView::Sign => self.touch(),
        }
    }

    /// Key of what the applicant of this visit sees; `closed` without a window of theirs.
    pub(crate) fn scene_key(&self, id: &str) -> String {
        if self.applicant_window.load(Ordering::SeqCst) {
            held(&self.applicant).key_for(id)
        } else {
            "closed".to_owned()
        }
    }

    /// Nobody is at the desk: the operator went to the queue, and the applicant's screen shows nothing of anybody.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn clear_applicant(&self) -> Result<()> {
        self.desk(Action::ReadQueue)?;
        self.scene(|scene| *scene = Scene::default());
        Ok(())
    }

    /// Another visit is taken up: what the screen shows of somebody else goes, whose answers would count for them.
    pub(crate) fn seats_another(&self, id: &str) {
        self.scene(|scene| {
            if scene.visit.as_deref().is_some_and(|seated| seated != id) {
                *scene = Scene::default();
            }
        });
    }

    /// Changes the scene and, when it is another one then, tells the applicant's window.
    pub(crate) fn scene(&self, change: impl FnOnce(&mut Scene)) {
        let mut scene = held(&self.applicant);
        let before = scene.clone();
        change(&mut scene);
        let changed = *scene != before;
        drop(scene);
        if changed {
            self.news.tell(News::Applicant);
        }
    }

    /// What the applicant's screen shows now.
    ///
    /// # Errors
    /// `Store`; a locked station shows the idle picture, not an error.
    pub fn applicant_screen(&self) -> Result<view::ApplicantScreen> {
        let scene = held(&self.applicant).clone();
        let idle = view::ApplicantScreen {
            view: ApplicantView::Idle,
            salutation: String::new(),
            step: 0,
            lines: Vec::new(),
            portrait_id: None,
            photo_approved: false,
            photo_judged: false,
            guide: None,
            answered: view::AnswerState::None,
            next: String::new(),
            id: None,
            purpose: None,
            line: false,
            signed: None,
        };
        let Some(id) = &scene.visit else { return Ok(idle) };
        let Ok(desk) = self.desk(Action::ReadQueue) else { return Ok(idle) };
        let visit = self.visit(&desk, id)?;
        let limits = self.rules().thresholds;
        let capture = &visit.state.capture;
        let approved = capture.is_portrait_approved(&limits);
        let mut part = None;
        let substitute = substitute_of(&visit);
        let line = substitute == Some(SignatureSubstitute::Line);
        let aloud = visit.state.attestation.read_aloud_at.is_some();
        let waits = substitute.is_some() && !(line && aloud);
        let view = match (&visit.state.phase, visit.state.step) {
            _ if visit.state.attestation.packet.is_some() => ApplicantView::Done,
            (Phase::Open, _) if scene.waiting => ApplicantView::Wait,
            // A question has an answer at step 5 alone; till then nothing here is settled.
            (Phase::Open, Step::Verification) => ApplicantView::Wait,
            (Phase::Open, Step::Capture) => {
                let (rules, scope) = (self.rules(), visit.state.plan.capture);
                let first = || capture.current(scope, &rules.chip, &limits).map(core_modality);
                part = scene.part.or_else(first);
                match part {
                    Some(Modality::Portrait) if scene.shown_portrait.is_some() => ApplicantView::ApprovePhoto,
                    Some(Modality::Portrait) | None => ApplicantView::Wait,
                    Some(Modality::Fingers | Modality::Rematch) => ApplicantView::FingerGuide,
                    Some(Modality::Irises) => ApplicantView::IrisGuide,
                    Some(Modality::Signature) => ApplicantView::Sign,
                }
            }
            (Phase::Open, Step::Attestation) if visit.state.attestation.confirmed_at().is_some() => {
                // A thumbprint or a witness stands in: there is nothing to write here.
                if waits { ApplicantView::Wait } else { ApplicantView::Sign }
            }
            (Phase::Open, Step::Attestation) => ApplicantView::ConfirmData,
            _ => ApplicantView::Wait,
        };
        let portrait_id = match &scene.shown_portrait {
            Some((id, _)) if view == ApplicantView::ApprovePhoto => Some(id.clone()),
            _ => capture
                .best(Target::Portrait, &limits)
                .and_then(|best| self.portrait_id(&desk, &visit, best.id).ok().flatten()),
        };
        Ok(view::ApplicantScreen {
            view,
            salutation: self.salutation(&visit),
            step: u32::from(visit.state.step.number()),
            lines: self
                .data_lines(&desk, &visit)
                .into_iter()
                .map(|line| view::ApplicantLine { unsur: line.unsur, label: line.label, value: line.value })
                .collect(),
            portrait_id,
            photo_approved: approved,
            photo_judged: capture
                .best(Target::Portrait, &limits)
                .is_some_and(|best| capture.is_judged(best.id)),
            guide: scene.guide,
            answered: match &visit.state.attestation.answer {
                Some(DataAnswer::Correct { .. }) => view::AnswerState::Correct,
                Some(DataAnswer::Wrong { .. }) => view::AnswerState::Wrong,
                None => view::AnswerState::None,
            },
            next: after(visit.state.step, part, view).to_owned(),
            id: Some(id.clone()),
            purpose: match (view, visit.state.step) {
                (ApplicantView::Sign, Step::Attestation) => Some(view::SignaturePurpose::Attestation),
                (ApplicantView::Sign, _) => Some(view::SignaturePurpose::Specimen),
                _ => None,
            },
            line: line && view == ApplicantView::Sign,
            signed: match (view, visit.state.step) {
                (ApplicantView::Sign, Step::Attestation) => stroke_of(&visit.state.attestation),
                (ApplicantView::Sign, _) => capture.attempts_of(Target::Signature).last().map(|kept| kept.id),
                _ => None,
            }
            .map(|kept| kept.to_string()),
        })
    }

    /// How the applicant is spoken to.
    pub(crate) fn salutation(&self, visit: &Visit) -> String {
        let title = match visit.biodata.sex() {
            Some(domain::Sex::Female) => "Ibu",
            Some(domain::Sex::Male) => "Bapak",
            None => "Bapak/Ibu",
        };
        let called = words::called(visit.biodata.name().unwrap_or_default());
        format!("{title} {called}").trim().to_owned()
    }

    /// The data to be confirmed, as a person reads them: every element that is filled in, for all of them are sealed as attested.
    pub(crate) fn data_lines(&self, _desk: &Desk, visit: &Visit) -> Vec<view::DataLine> {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let shown = |unsur: Unsur| self.shown(unsur, get(unsur));
        let tables = self.tables();
        let spoken = |unsur: Unsur| words::spoken_name(get(unsur));
        let line = |unsur: Unsur, label: &str, value: String| view::DataLine {
            unsur: unsur.key().to_owned(),
            label: label.to_owned(),
            value,
        };
        // A region that no table names is told by its number.
        let region = |code| tables.wilayah.name(code).map(|_| tables.wilayah.path(code));
        let address = [
            spoken(Unsur::Alamat),
            format!("RT {} RW {}", get(Unsur::Rt), get(Unsur::Rw)),
            visit.biodata.domicile().and_then(region).map_or_else(
                || get(Unsur::Kelurahan).to_owned(),
                |mut path| {
                    path.reverse();
                    path.truncate(2);
                    path.join(", ")
                },
            ),
        ]
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(", ");
        let born = format!("{}, {}", spoken(Unsur::TempatLahir), long_date(get(Unsur::TanggalLahir)));
        let listed = |parts: [String; 2]| {
            parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", ")
        };
        let nation = shown(Unsur::Kewarganegaraan);
        let foreign = |unsur: Unsur| if visit.biodata.is_foreigner() { shown(unsur) } else { String::new() };
        // Each with the elements that it tells.
        let joint: [(&[Unsur], view::DataLine); 14] = [
            (&[Unsur::Nama], line(Unsur::Nama, "Nama", spoken(Unsur::Nama))),
            (&[Unsur::Nik], line(Unsur::Nik, "NIK", get(Unsur::Nik).to_owned())),
            (&[Unsur::TempatLahir, Unsur::TanggalLahir], line(Unsur::TempatLahir, "Lahir", born)),
            (&[Unsur::JenisKelamin], line(Unsur::JenisKelamin, "Jenis kelamin", shown(Unsur::JenisKelamin))),
            // The window puts it beside the sex, as the passport and the last day of the stay beside what they belong to.
            (
                &[Unsur::GolonganDarah],
                line(Unsur::GolonganDarah, "Golongan darah", shown(Unsur::GolonganDarah)),
            ),
            (
                &[Unsur::Alamat, Unsur::Rt, Unsur::Rw, Unsur::Kelurahan],
                line(Unsur::Alamat, "Alamat", address),
            ),
            (&[Unsur::Agama], line(Unsur::Agama, "Agama", shown(Unsur::Agama))),
            (
                &[Unsur::StatusPerkawinan, Unsur::Kewarganegaraan],
                line(Unsur::StatusPerkawinan, "Status", listed([shown(Unsur::StatusPerkawinan), nation])),
            ),
            (&[Unsur::Pekerjaan], line(Unsur::Pekerjaan, "Pekerjaan", shown(Unsur::Pekerjaan))),
            (&[Unsur::NomorKk], line(Unsur::NomorKk, "Nomor KK", get(Unsur::NomorKk).to_owned())),
            (&[Unsur::Negara], line(Unsur::Negara, "Negara", foreign(Unsur::Negara))),
            (&[Unsur::Paspor], line(Unsur::Paspor, "Paspor", foreign(Unsur::Paspor))),
            (&[Unsur::NomorItap], line(Unsur::NomorItap, "ITAP", foreign(Unsur::NomorItap))),
            (&[Unsur::ItapBerlaku], line(Unsur::ItapBerlaku, "Berlaku sampai", foreign(Unsur::ItapBerlaku))),
        ];
        let (mut lines, mut told) = (Vec::new(), Vec::new());
        for (elements, line) in joint.into_iter().filter(|(_, line)| !line.value.trim().is_empty()) {
            told.extend_from_slice(elements);
            lines.push(line);
        }
        // Whatever else is filled in, in the order of the form: a stay that a citizen's form still holds is among it.
        let rest = visit.biodata.iter().filter(|(unsur, _)| !told.contains(unsur));
        lines.extend(rest.map(|(unsur, value)| {
            line(unsur, &words::unsur(unsur, &self.config.office.village_word), self.shown(unsur, value))
        }));
        lines
    }
}

/// Key of what the applicant does after what shows now.
fn after(step: Step, part: Option<Modality>, view: ApplicantView) -> &'static str {
    match (step, part, view) {
        (_, _, ApplicantView::Idle | ApplicantView::Done) => "pickup_slip",
        (Step::Form | Step::Requirements, ..) => "other",
        (Step::Verification, ..) => "portrait",
        (Step::Capture, Some(Modality::Portrait), _) => "fingers",
        (Step::Capture, Some(Modality::Fingers), _) => "irises",
        (Step::Capture, Some(Modality::Irises), _) => "signature",
        (Step::Capture, Some(Modality::Signature), _) => "rematch",
        (Step::Capture, ..) => "attestation",
        (Step::Attestation, _, ApplicantView::ConfirmData) => "sign",
        (Step::Attestation | Step::PrintRequest | Step::Status | Step::Print | Step::Handover, ..) => {
            "pickup_slip"
        }
    }
}

/// A day with its month in words: `14 Maret 2008`; partial dates as far as they are known: `Maret 1965`, `1965`.
pub(crate) fn long_date(text: &str) -> String {
    let Ok(date) = domain::tanggal::Tanggal::parse(text) else { return text.to_owned() };
    let month = date.month().map(domain::terbilang::month);
    match (date.day(), month) {
        (Some(day), Some(month)) => format!("{day} {month} {}", date.year()),
        (None, Some(month)) => format!("{month} {}", date.year()),
        (_, None) => date.year().to_string(),
    }
}
