//! The station's papers: the signed form, the slip of returned papers.

use documents::{
    FingerLine, FormulirPerekaman, Office, Paper, Picture, Reason, Rendered, Sheet, SlipPengembalian,
};
use domain::capture::{EyeState, FingerState, Part, SignatureSubstitute, Target};
use domain::finger::Finger;
use domain::ids::PacketId;
use domain::permohonan::ReturnReason;
use domain::plan::JenisPermohonan;
use domain::role::Action;
use domain::seal::Kind;
use domain::{Eye, Unsur};
use jiff::Timestamp;
use store::NewDocument;

use crate::applicant::long_date;
use crate::capture::signature::{substitute_of, thumb_of};
use crate::session::Desk;
use crate::visit::{SLIP, Visit};
use crate::{Error, Result, Station, held, words};

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

impl Station {
    /// Hour and minute at the station, as on paper: `10.43`.
    pub(crate) fn clock_text(&self, at: Timestamp) -> String {
        let local = self.local(at);
        format!("{:02}.{:02}", local.hour(), local.minute())
    }

    pub(crate) fn day_text(&self, at: Timestamp) -> String {
        crate::queue::dmy(self.day_of(at))
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

    /// The Formulir Permohonan Perekaman of a visit.
    pub(super) fn form_paper(&self, desk: &Desk, visit: &Visit, packet: PacketId) -> Result<Rendered> {
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
                format!(
                    "{} pukul {} sampai {}",
                    self.day_text(first),
                    self.clock_text(first),
                    self.clock_text(last)
                )
            }
            _ => String::new(),
        };
        let rematch = |finger: Finger| {
            let score = capture
                .rematches
                .iter()
                .rev()
                .find(|attempt| attempt.finger == finger)
                .map(|attempt| attempt.score);
            match (capture.is_rematched(finger, &limits), score) {
                (true, Some(score)) if score >= limits.rematch_score => "cocok".to_owned(),
                (true, _) => "dengan saksi".to_owned(),
                (false, _) => String::new(),
            }
        };
        let strokes = self.attested_strokes(desk, visit)?;
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
        let station = held(&self.door).roster.station_code.clone();
        let sequence = desk.store.read(|view| view.peek_packet_sequence())?;
        let year = self.day_of(desk.now).year();
        let operators = desk.store.read(|view| view.operators())?;
        let exceptions = capture
            .exceptions
            .iter()
            .map(|exception| {
                let witness = match &exception.witness {
                    domain::role::Witness::Officer { operator } => operators
                        .iter()
                        .find(|row| &row.id == operator)
                        .map_or_else(|| operator.to_string(), |row| row.name.clone()),
                    domain::role::Witness::Family { name, relation } => format!("{name} ({relation})"),
                };
                let lasts = match exception.duration {
                    domain::capture::Duration::Permanent => "tetap".to_owned(),
                    domain::capture::Duration::Temporary { return_on } => {
                        format!("sementara, datang lagi {}", crate::queue::dmy(return_on))
                    }
                };
                format!(
                    "{}: {}, {lasts}, saksi {witness}, pukul {}",
                    part_word(exception.part),
                    reason_word(&exception.reason),
                    self.clock_text(exception.at)
                )
            })
            .collect();
        let portrait = self.best_image(desk, visit, Target::Portrait, "portrait")?;
        let number = format!("FP/{station}/{year}/{sequence:05}");
        let name = get(Unsur::Nama).to_uppercase();
        let values = [name.as_str(), get(Unsur::Nik), &packet.to_string()];
        let qr = self.seal_if_activated(desk, Kind::FormulirPerekaman, &number, None, &values)?;
        let form = FormulirPerekaman {
            number,
            kind: kind_of(visit.state.plan.kind),
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
            rematch_right: rematch(Finger::RightIndex),
            rematch_left: rematch(Finger::LeftIndex),
            signature_state: match substitute {
                None => "ada",
                Some(SignatureSubstitute::ThumbRight | SignatureSubstitute::ThumbLeft) => "cap jempol",
                Some(SignatureSubstitute::Line) => "garis",
                Some(SignatureSubstitute::Empty) => "tidak ada",
            }
            .into(),
            exceptions,
            statement: String::new(),
            signature: strokes.map(|row| Picture::Encoded(row.image)),
            signature_caption: format!("{}, {}", get(Unsur::Nama).to_uppercase(), self.clock_text(desk.now)),
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
            packet: packet.to_string(),
            file_hash: grouped,
            qr: qr.unwrap_or_default(),
        };
        let paper = self.paper(desk, Sheet::FormulirPerekaman(Box::new(form)))?;
        Ok(self.press().render(&paper)?)
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

    /// The slip that says why papers went back; rendered, ready to be kept with the return.
    pub(crate) fn return_slip(
        &self,
        desk: &Desk,
        visit: &Visit,
        reasons: &[ReturnReason],
    ) -> Result<NewDocument> {
        let (number, rendered) = self.slip_paper(desk, visit, reasons)?;
        Ok(NewDocument { permohonan: Some(visit.id()), kind: SLIP.into(), number, pdf: rendered.pdf })
    }

    fn slip_paper(&self, desk: &Desk, visit: &Visit, reasons: &[ReturnReason]) -> Result<(String, Rendered)> {
        let code = held(&self.door).roster.station_code.clone();
        let number = format!("PB/{code}/{}/{}", self.day_of(desk.now).year(), visit.ticket());
        let slip = self.return_sheet(desk, visit, reasons, &number)?;
        let paper = self.paper(desk, Sheet::SlipPengembalian(Box::new(slip)))?;
        Ok((number, self.press().render(&paper)?))
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
            reasons: reasons
                .iter()
                .map(|reason| Reason { what: reason.words.clone(), remedy: String::new() })
                .collect(),
            kept: visit
                .state
                .requirements
                .papers
                .iter()
                .map(|paper| words::berkas(paper.berkas).to_owned())
                .collect(),
            come_back: format!("Pada jam layanan, di {}. Sebutkan nomor {}.", station.place, visit.ticket()),
            officer: desk.session.name.clone(),
            officer_role: format!("Petugas, {}", station.station_name),
            qr: qr.unwrap_or_default(),
        })
    }

    /// A kept paper as PDF.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `Store` (also when there is no such paper).
    pub fn document_pdf(&self, document_id: &str) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        Ok(desk.store.read(|view| view.document_pdf(row))?)
    }

    /// One page of a kept paper as PNG, drawn from the paper itself.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `Document` (no such page), `Store` (also when there is no such paper).
    pub fn document_page(&self, document_id: &str, page: u32, dpi: u32) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        let dpi = u16::try_from(dpi).ok().filter(|dpi| (20..=400).contains(dpi));
        let (Some(dpi), true) = (dpi, page > 0) else { return Err(Error::Invalid { what: "page" }) };
        let pdf = desk.store.read(|view| view.document_pdf(row))?;
        let page = usize::try_from(page).unwrap_or(usize::MAX);
        Ok(documents::page::page_png(pdf, page, f32::from(dpi))?)
    }
}

fn kind_of(kind: JenisPermohonan) -> documents::JenisPermohonan {
    match kind {
        JenisPermohonan::BaruWni | JenisPermohonan::BaruWna | JenisPermohonan::LuarDomisili => {
            documents::JenisPermohonan::Baru
        }
        other => documents::JenisPermohonan::Lainnya(words::kind(other).to_owned()),
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
