//! The station's papers: the signed form, the slip of returned papers.

use documents::{FingerLine, FormulirPerekaman, Office, Paper, Picture, Reason, Sheet, SlipPengembalian};
use domain::capture::{EyeState, FingerState, Part, SignatureSubstitute, Target};
use domain::finger::Finger;
use domain::ids::PacketId;
use domain::paper::DocumentKind;
use domain::permohonan::ReturnReason;
use domain::plan::{CaptureScope, JenisPermohonan, Step};
use domain::role::{Action, Witness};
use domain::seal::Kind;
use domain::{Eye, Unsur};
use jiff::Timestamp;
use jiff::civil::Date;
use store::FoundDocument;

use super::photo_words::photo_words;
use super::rematch_words::rematch_words;
use super::{FORM, packet_on_paper};
use crate::applicant::long_date;
use crate::capture::signature::{substitute_of, thumb_of};
use crate::capture::witness_name;
use crate::papers::Made;
use crate::requirements::remedy;
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station, held, words};

/// Numbers of the signed form.
pub(crate) const FORM_NUMBER: &str = domain::nomor::FORM;
/// Numbers of the slips of a return.
pub(crate) const SLIP_NUMBER: &str = domain::nomor::RETURN_SLIP;

fn finger_word(state: FingerState) -> &'static str {
    match state {
        FingerState::Ok => "baik",
        FingerState::LowQualityAccepted | FingerState::Low => "cukup",
        FingerState::Amputated => "tidak ada",
        FingerState::Bandaged => "diperban",
        FingerState::Unreadable => "tidak terbaca",
        FingerState::Stiff => "kaku",
        FingerState::Other => "dikecualikan",
        FingerState::Waiting => "-",
    }
}

fn eye_word(state: EyeState) -> &'static str {
    match state {
        EyeState::Ok => "baik",
        EyeState::LowQualityAccepted | EyeState::Low => "cukup",
        EyeState::MissingOrBlind => "tidak ada",
        EyeState::Bandaged => "diperban",
        EyeState::Unreadable => "tidak terbaca",
        EyeState::LidClosed => "kelopak tertutup",
        EyeState::Other => "dikecualikan",
        EyeState::Waiting => "-",
    }
}

/// The form's word for the specimen, which goes on the card; a visit for a photo alone takes none, whatever is signed below.
fn specimen_word(scope: CaptureScope, substitute: Option<SignatureSubstitute>) -> &'static str {
    match substitute {
        _ if !scope.signature() => "tidak direkam",
        None => "ada",
        Some(SignatureSubstitute::ThumbRight | SignatureSubstitute::ThumbLeft) => "cap jempol",
        Some(SignatureSubstitute::Line) => "garis",
        Some(SignatureSubstitute::Empty) => "tidak ada",
    }
}

impl Station {
    /// Hour and minute at the station, as on paper: `10.43`.
    pub(crate) fn clock_text(&self, at: Timestamp) -> String {
        let local = self.local(at);
        format!("{:02}.{:02}", local.hour(), local.minute())
    }

    pub(crate) fn day_text(&self, at: Timestamp) -> String {
        crate::queue::dmy(self.day_of(at))
    }

    /// A moment on a paper about `day`: `10.43` on that day, else `29-11-2026 pukul 10.43`.
    fn moment_text(&self, at: Timestamp, day: Option<Date>) -> String {
        match self.clock_text(at) {
            time if day == Some(self.day_of(at)) => time,
            time => format!("{} pukul {time}", self.day_text(at)),
        }
    }

    /// Letterhead, station and the office's own wording.
    pub(crate) fn office(&self) -> Result<Office> {
        let (letters, emblem) = (self.letters()?, self.emblem()?);
        let door = held(&self.door);
        let office = &self.config.office;
        Ok(Office {
            government: office.regency.to_uppercase(),
            office: office.long_name.to_uppercase(),
            address: office.address.clone(),
            emblem,
            station_name: door.roster.station_name.clone(),
            station_code: door.roster.station_code.clone(),
            program: format!("Rekam {}", env!("CARGO_PKG_VERSION")),
            short: office.name.clone(),
            place: door.roster.place.clone(),
            letters,
        })
    }

    pub(crate) fn paper(&self, desk: &Desk, sheet: Sheet) -> Result<Paper> {
        let meta = desk.store.read(|view| view.meta())?;
        let mut office = self.office()?;
        if meta.training {
            office.letters = office.letters.without_samples();
        }
        Ok(Paper {
            office,
            training: meta.training,
            draft: false,
            reprint: 0,
            printed: format!("{} pukul {}", self.day_text(desk.now), self.clock_text(desk.now)),
            sheet,
        })
    }

    /// The Formulir Permohonan Perekaman of a visit, under the next number of the year.
    pub(super) fn form_paper(&self, desk: &Desk, visit: &Visit, packet: PacketId) -> Result<Made> {
        let limits = self.rules().thresholds;
        let capture = &visit.state.capture;
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let shown = |unsur: Unsur| self.shown(unsur, get(unsur)).to_uppercase();
        let region = visit.biodata.domicile().map(|code| {
            let mut path = desk.tables.wilayah.path(code);
            path.reverse();
            path.truncate(2);
            path.join(", ")
        });
        let first = capture.attempts.first().map(|attempt| attempt.at);
        let last = capture.attempts.last().map(|attempt| attempt.at);
        let recorded = match (first, last) {
            (Some(first), Some(last)) => {
                let began = self.moment_text(first, None);
                format!("{began} sampai {}", self.moment_text(last, Some(self.day_of(first))))
            }
            _ => String::new(),
        };
        // The day on which all was recorded, where it was one.
        let one_day = first
            .map(|first| self.day_of(first))
            .filter(|day| last.is_some_and(|last| self.day_of(last) == *day));
        let chip = capture.chip_fingers(&self.rules().chip, &limits);
        let rematch = |right| match visit.state.plan.capture.biometrics() {
            true => rematch_words(capture, &chip, &limits, right),
            false => String::new(),
        };
        let strokes = self.attested_strokes(desk, visit)?;
        let attested = &visit.state.attestation;
        let stroke = strokes.as_ref().and_then(|row| Timestamp::from_millisecond(row.signed_ms).ok());
        let signed = attested.signed_at.or(stroke).or(attested.confirmed_at()).unwrap_or(desk.now);
        let substitute = substitute_of(visit);
        let thumb = substitute.and_then(thumb_of);
        let thumb = match thumb {
            Some(finger) => self.finger_png(desk, visit, finger)?,
            None => None,
        };
        let itl = self.itl(desk, visit)?;
        let digest = super::hex(&domain::register::Hash32::of(&itl).bytes()[..8]);
        let grouped = digest
            .as_bytes()
            .chunks(4)
            .filter_map(|c| std::str::from_utf8(c).ok())
            .collect::<Vec<_>>()
            .join(" ");
        let operators = desk.store.read(|view| view.operators())?;
        let named = |witness: &Witness| witness_name(witness, &operators);
        let when = |at| match one_day == Some(self.day_of(at)) {
            true => format!("pukul {}", self.clock_text(at)),
            false => self.moment_text(at, None),
        };
        let mut exceptions: Vec<String> = capture
            .exceptions
            .iter()
            .map(|exception| {
                let lasts = match exception.duration {
                    domain::capture::Duration::Permanent => "tetap".to_owned(),
                    domain::capture::Duration::Temporary { return_on } => {
                        format!("sementara, datang lagi {}", crate::queue::dmy(return_on))
                    }
                };
                format!(
                    "{}: {}, {lasts}, saksi {}, {}",
                    part_word(exception.part),
                    reason_word(&exception.reason),
                    named(&exception.witness),
                    when(exception.at),
                )
            })
            .collect();
        exceptions.extend(photo_words(capture, &limits, named, when));
        let portrait = self.best_image(desk, visit, Target::Portrait, "portrait")?;
        let (number, running) = self.next_number(desk, FORM, FORM_NUMBER)?;
        let name = get(Unsur::Nama).to_uppercase();
        let training = desk.store.read(|view| view.meta())?.training;
        let printed = packet_on_paper(packet, training);
        let values = [name.as_str(), get(Unsur::Nik), &printed];
        let qr = self.seal_if_activated(desk, Kind::FormulirPerekaman, &number, None, &values)?;
        let [country, stay] = self.stay_words(&visit.biodata);
        let form = FormulirPerekaman {
            number: number.clone(),
            kind: kind_of(visit.state.plan.kind, visit.state.plan.capture),
            nik: get(Unsur::Nik).to_owned(),
            kk: get(Unsur::NomorKk).to_owned(),
            name: name.clone(),
            birth: format!("{}, {}", get(Unsur::TempatLahir).to_uppercase(), shown(Unsur::TanggalLahir)),
            sex: shown(Unsur::JenisKelamin),
            blood: shown(Unsur::GolonganDarah),
            address: format!(
                "{} RT {} RW {}",
                get(Unsur::Alamat).to_uppercase(),
                get(Unsur::Rt),
                get(Unsur::Rw)
            ),
            village: region.unwrap_or_default().to_uppercase(),
            religion: shown(Unsur::Agama),
            marital: shown(Unsur::StatusPerkawinan),
            occupation: shown(Unsur::Pekerjaan),
            nationality: shown(Unsur::Kewarganegaraan),
            country,
            stay,
            photo: portrait.map(Picture::Encoded),
            photo_approved: capture
                .approval
                .map(|approval| format!("{}, {}", self.day_text(approval.at), self.clock_text(approval.at)))
                .unwrap_or_default(),
            recorded,
            fingers: Finger::ALL
                .into_iter()
                .map(|finger| FingerLine {
                    finger,
                    verdict: finger_word(capture.finger_state(finger, &limits)).to_owned(),
                })
                .collect(),
            iris_right: eye_word(capture.eye_state(Eye::Right, &limits)).to_owned(),
            iris_left: eye_word(capture.eye_state(Eye::Left, &limits)).to_owned(),
            rematch_right: rematch(true),
            rematch_left: rematch(false),
            signature_state: specimen_word(visit.state.plan.capture, substitute).to_owned(),
            exceptions,
            statement: String::new(),
            signature: strokes.map(|row| Picture::Encoded(row.image)),
            signature_caption: format!("{name}, {}", self.moment_text(signed, Some(self.day_of(desk.now)))),
            thumb,
            thumb_note: match substitute {
                None => "tidak dipakai, pemohon menandatangani sendiri",
                Some(SignatureSubstitute::ThumbRight | SignatureSubstitute::ThumbLeft) => "",
                Some(SignatureSubstitute::Line) => "tidak dipakai, pemohon memberi garis",
                Some(SignatureSubstitute::Empty) => "dikosongkan, dengan saksi",
            }
            .into(),
            officer: desk.session.name.clone(),
            officer_role: format!("Operator, {}", held(&self.door).roster.station_name),
            officer_signature: None,
            packet: printed,
            file_hash: grouped,
            qr: qr.unwrap_or_default(),
        };
        self.made(desk, visit, FORM, number, running, Sheet::FormulirPerekaman(Box::new(form)))
    }

    fn finger_png(&self, desk: &Desk, visit: &Visit, finger: Finger) -> Result<Option<Picture>> {
        let part = match serde_json::to_value(finger) {
            Ok(serde_json::Value::String(part)) => part,
            Ok(_) | Err(_) => return Ok(None),
        };
        let Some(record) = self.best_image(desk, visit, Target::Slap(finger.slap()), &part)? else {
            return Ok(None);
        };
        let (image, _) = crate::capture::finger_picture(&record)?;
        Ok(Some(Picture::Gray(image)))
    }

    /// The slip that says why papers went back, under the next number of the year; rendered, ready to be kept with the return.
    pub(crate) fn return_slip(&self, desk: &Desk, visit: &Visit, reasons: &[ReturnReason]) -> Result<Made> {
        let kind = DocumentKind::SlipPengembalian;
        let (number, running) = self.next_number(desk, kind, SLIP_NUMBER)?;
        let slip = self.return_sheet(desk, visit, reasons, &number)?;
        self.made(desk, visit, kind, number, running, Sheet::SlipPengembalian(Box::new(slip)))
    }

    /// The slip of a return, of the moment of `desk`.
    pub(crate) fn return_sheet(
        &self,
        desk: &Desk,
        visit: &Visit,
        reasons: &[ReturnReason],
        number: &str,
    ) -> Result<SlipPengembalian> {
        let station = held(&self.door).roster.clone();
        let name = visit.biodata.name().unwrap_or_default().to_uppercase();
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let qr = self.seal_if_activated(desk, Kind::SlipPengembalian, number, None, &[&name, &nik])?;
        // After the recording only a card comes back; no paper does.
        let of_card = visit.state.step > Step::Attestation;
        let from = self.too_young_until(desk, visit, reasons);
        Ok(SlipPengembalian {
            number: number.to_owned(),
            name,
            nik,
            kind: words::kind(visit.state.plan.kind).to_owned(),
            returned: format!(
                "{}, pukul {}",
                long_date(&self.day_of(desk.now).to_string()),
                self.clock_text(desk.now)
            ),
            at_form: visit.state.step == Step::Form,
            of_card,
            reasons: reasons
                .iter()
                .map(|reason| Reason { what: reason.words.clone(), remedy: remedy(reason, from) })
                .collect(),
            // What it is returned for is asked for again.
            kept: visit
                .state
                .requirements
                .received()
                .into_iter()
                .filter(|(berkas, _)| !of_card && reasons.iter().all(|reason| reason.berkas != Some(*berkas)))
                .map(|(berkas, _)| words::berkas(berkas).to_owned())
                .collect(),
            come_back: self.come_back(desk, visit, &station.place, from),
            officer: desk.session.name.clone(),
            officer_role: format!("Petugas, {}", station.station_name),
            qr: qr.unwrap_or_default(),
        })
    }

    /// A kept paper as PDF.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `NotNow` once the retention has emptied it, `Store` (also when there is no such paper).
    pub fn document_pdf(&self, document_id: &str) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        Ok(self.kept_paper(&desk, document_id)?.1)
    }

    /// A kept paper and its PDF. Whoever reads a paper of a visit has opened that visit, and the register says so first.
    pub(crate) fn kept_paper(&self, desk: &Desk, document_id: &str) -> Result<(FoundDocument, Vec<u8>)> {
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        let (paper, pdf) = desk.store.read(|view| Ok((view.document(row)?, view.document_pdf(row)?)))?;
        if let Some(id) = paper.permohonan {
            self.opens(desk, id)?;
        }
        if pdf.is_empty() {
            return Err(Error::not_now(emptied(desk, &paper)?));
        }
        Ok((paper, pdf))
    }

    /// One page of a kept paper as PNG, drawn from the paper itself.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `NotNow` once the retention has emptied it, `Document` (no such page), `Store` (also when there is no
    /// such paper).
    pub fn document_page(&self, document_id: &str, page: u32, dpi: u32) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let dpi = u16::try_from(dpi).ok().filter(|dpi| (20..=400).contains(dpi));
        let (Some(dpi), true) = (dpi, page > 0) else { return Err(Error::Invalid { what: "page" }) };
        let (_, pdf) = self.kept_paper(&desk, document_id)?;
        let page = usize::try_from(page).unwrap_or(usize::MAX);
        Ok(documents::page::page_png(pdf, page, f32::from(dpi))?)
    }
}

/// What is told of a paper that the retention has emptied, by where its face still is: a Suket was given to the applicant alone, of
/// a signed form the centre has the one that was sealed, once it said that it received the packet.
fn emptied(desk: &Desk, paper: &FoundDocument) -> Result<&'static str> {
    Ok(desk.store.read(|view| {
        let number = &paper.document.number;
        let suket = DocumentKind::Suket.key();
        let copy_of_suket = paper.document.kind == DocumentKind::CetakUlang.key()
            && view.documents_by_number(number)?.iter().any(|other| other.document.kind == suket);
        if paper.document.kind == suket || copy_of_suket {
            return Ok("suket_emptied");
        }
        let packet = paper.permohonan.map(|id| view.packet_of(id)).transpose()?.flatten();
        let Some(packet) = packet else { return Ok("form_emptied_unsealed") };
        Ok(match view.receipt(packet.id)? {
            Some(_) => "form_emptied",
            None => "form_emptied_not_received",
        })
    })?)
}

/// The box of the Formulir for a kind; `capture` tells a new photograph from a new signature alone, which has none.
fn kind_of(kind: JenisPermohonan, capture: CaptureScope) -> documents::JenisPermohonan {
    use documents::JenisPermohonan as Ticked;
    match kind {
        JenisPermohonan::BaruWni | JenisPermohonan::BaruWna => Ticked::Baru,
        JenisPermohonan::PindahDatangWni | JenisPermohonan::PindahDatangWna => Ticked::PindahDatang,
        JenisPermohonan::PerubahanData => Ticked::UbahData,
        JenisPermohonan::Hilang => Ticked::Hilang,
        JenisPermohonan::Rusak => Ticked::Rusak,
        JenisPermohonan::LuarDomisili => Ticked::LuarDomisili,
        JenisPermohonan::FotoTandaTangan if capture.portrait() => Ticked::GantiFoto,
        JenisPermohonan::FotoTandaTangan => Ticked::Lainnya("tanda tangan baru".to_owned()),
        JenisPermohonan::PerpanjanganWna => Ticked::Lainnya(words::kind(kind).to_owned()),
    }
}

fn part_word(part: Part) -> &'static str {
    match part {
        Part::Face => "Wajah",
        Part::Eye(Eye::Right) => "Iris kanan",
        Part::Eye(Eye::Left) => "Iris kiri",
        Part::Signature => "Tanda tangan",
        Part::Finger(finger) => match finger {
            Finger::RightThumb => "Jempol kanan",
            Finger::RightIndex => "Telunjuk kanan",
            Finger::RightMiddle => "Tengah kanan",
            Finger::RightRing => "Manis kanan",
            Finger::RightLittle => "Kelingking kanan",
            Finger::LeftThumb => "Jempol kiri",
            Finger::LeftIndex => "Telunjuk kiri",
            Finger::LeftMiddle => "Tengah kiri",
            Finger::LeftRing => "Manis kiri",
            Finger::LeftLittle => "Kelingking kiri",
        },
    }
}

fn reason_word(reason: &domain::capture::ExceptionReason) -> String {
    use domain::capture::ExceptionReason as R;
    match reason {
        R::Amputated => "tidak ada, amputasi".into(),
        R::Bandaged => "luka atau perban".into(),
        R::Unreadable => "tidak terbaca".into(),
        R::Stiff => "kaku".into(),
        R::MissingOrBlind => "tidak ada atau tidak melihat".into(),
        R::LidClosed => "kelopak tidak bisa dibuka".into(),
        R::CannotSign => "tidak bisa tanda tangan".into(),
        R::Other(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests {
    use documents::JenisPermohonan as Ticked;

    use super::*;

    #[test]
    fn the_window_has_words_for_each_paper_that_the_retention_emptied() {
        for key in ["form_emptied", "form_emptied_not_received", "form_emptied_unsealed", "suket_emptied"] {
            for part in ["happened", "safe", "next"] {
                words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn each_kind_ticks_its_own_box() {
        let full = CaptureScope::Full;
        let ticked: Vec<Ticked> = JenisPermohonan::ALL.map(|kind| kind_of(kind, full)).to_vec();
        let wanted = [
            Ticked::Baru,
            Ticked::Baru,
            Ticked::PindahDatang,
            Ticked::PindahDatang,
            Ticked::UbahData,
            Ticked::Lainnya(words::kind(JenisPermohonan::PerpanjanganWna).to_owned()),
            Ticked::Hilang,
            Ticked::Rusak,
            Ticked::LuarDomisili,
            Ticked::GantiFoto,
        ];
        assert!(ticked == wanted, "in the order of the form");
        let signature = kind_of(JenisPermohonan::FotoTandaTangan, CaptureScope::Signature);
        assert!(signature == Ticked::Lainnya("tanda tangan baru".to_owned()), "no photograph is taken");
    }
}
