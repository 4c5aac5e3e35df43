//! A synthetic desk: one operator with every role, one applicant, and short ways to make events.

use domain::capture::{ApprovalBy, Duration, Exception};
use domain::capture::{Attempt, ExceptionReason, JudgedCheck, Part, PartQuality, RematchAttempt, Target};
use domain::central_status::{CentralStatus, MirrorEntry};
use domain::codes::CodeTables;
use domain::document::Berkas;
use domain::ids::{CaptureId, DocumentId, JobId, OperatorId, PacketId};
use domain::permohonan::Rules;
use domain::plan::PlanFacts;
use domain::register::Hash32;
use domain::role::Witness;
use domain::steps::attestation::{AttestationEvent, AttestationSignature, RenderedForm};
use domain::steps::capture::CaptureEvent;
use domain::steps::form::FormEvent;
use domain::steps::handover::{HandoverEvent, HandoverLine};
use domain::steps::print::{PrintEvent, SpoilReason};
use domain::steps::print_request::{Eligibility, PrintRequestEvent, RequestFacts, eligibility};
use domain::steps::requirements::{Paper, RequirementsEvent};
use domain::steps::verification::{RecordSource, VerificationEvent};
use domain::stock::NomorBlangko;
use domain::{
    Biodata, Ctx, Date, Effect, Event, Eye, Finger, JenisPermohonan, Refusal, Role, Slap, State, Timestamp,
    Unsur, Wilayah, next,
};
use jiff::civil::date;
use uuid::Uuid;

pub fn biodata(born: &str) -> Biodata {
    let year = &born[2..4];
    let (month, day) = (born.get(5..7).unwrap_or("01"), born.get(8..10).unwrap_or("01"));
    let nik = format!("181301{day}{month}{year}9001");
    [
        (Unsur::Nik, nik.as_str()),
        (Unsur::NomorKk, "1813010107159001"),
        (Unsur::Nama, "Budi Contoh"),
        (Unsur::TempatLahir, "Krui"),
        (Unsur::TanggalLahir, born),
        (Unsur::JenisKelamin, "1"),
        (Unsur::Alamat, "Jl. Contoh 1"),
        (Unsur::Rt, "001"),
        (Unsur::Rw, "002"),
        (Unsur::Kelurahan, "1813011005"),
        (Unsur::Agama, "1"),
        (Unsur::StatusPerkawinan, "1"),
        (Unsur::Pekerjaan, "3"),
        (Unsur::Kewarganegaraan, "WNI"),
    ]
    .into_iter()
    .map(|(unsur, text)| (unsur, text.to_owned()))
    .collect()
}

/// Holds what a context borrows, and the visit.
#[derive(Debug)]
pub struct Desk {
    pub state: State,
    pub biodata: Biodata,
    pub today: Date,
    pub second: i64,
    pub operator: OperatorId,
    pub roles: Vec<Role>,
    pub rules: Rules,
    /// Until when the centre's feed is whole.
    pub whole: Option<Timestamp>,
    pub ids: u128,
    pub effects: Vec<Effect>,
    /// Stands in the queue of prints, or in that of birthdays.
    pub queued: bool,
}

impl Desk {
    pub fn new(kind: JenisPermohonan, born: &str) -> Self {
        let today = date(2026, 11, 23);
        let facts = PlanFacts {
            already_recorded: None,
            born: None,
            married_ever: false,
            today,
            new_portrait: true,
            new_signature: false,
        };
        let second = 1_795_000_000;
        Self {
            state: State::start(kind, facts, Timestamp::from_second(second).unwrap()).unwrap(),
            biodata: biodata(born),
            today,
            second,
            operator: OperatorId::parse("dewi").unwrap(),
            roles: Role::ALL.to_vec(),
            rules: Rules::default(),
            whole: None,
            ids: 1,
            effects: Vec::new(),
            queued: false,
        }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.second).unwrap()
    }

    pub fn capture_id(&mut self) -> CaptureId {
        self.ids += 1;
        CaptureId::new(Uuid::from_u128(self.ids))
    }

    /// What an event is judged beside at this desk.
    pub fn ctx(&self) -> Ctx<'_> {
        Ctx {
            now: self.now(),
            today: self.today,
            operator: &self.operator,
            roles: &self.roles,
            biodata: &self.biodata,
            wilayah: Wilayah::builtin(),
            codes: CodeTables::builtin(),
            rules: &self.rules,
            whole: self.whole,
        }
    }

    /// Performs one event; a refusal leaves the state as it was.
    pub fn does(&mut self, event: Event) -> Result<(), Refusal> {
        self.second += 7;
        let (state, effects) = next(&self.state, event, &self.ctx())?;
        let lines = effects.iter().filter(|effect| matches!(effect, Effect::RegisterLine { .. })).count();
        assert_eq!(lines, 1, "every accepted event leaves exactly one register line: {effects:?}");
        self.state = state;
        for effect in &effects {
            match effect {
                Effect::JoinPrintQueue { .. } | Effect::HoldForAge { .. } => self.queued = true,
                Effect::LeavePrintQueue => self.queued = false,
                _ => {}
            }
        }
        self.effects = effects;
        Ok(())
    }

    pub fn form(&mut self) -> Result<(), Refusal> {
        self.does(Event::Form(FormEvent::Completed))
    }

    pub fn paper(&mut self, berkas: Berkas) -> Result<(), Refusal> {
        self.does(Event::Requirements(RequirementsEvent::PaperReceived {
            paper: Paper { berkas, document: None, page: 0 },
        }))
    }

    pub fn verification(&mut self, event: VerificationEvent) -> Result<(), Refusal> {
        self.does(Event::Verification(event))
    }

    pub fn capture(&mut self, event: CaptureEvent) -> Result<(), Refusal> {
        self.does(Event::Capture(event))
    }

    /// Performs an event of step 4 that is accepted; returns the columns of its register line.
    pub fn capture_line(&mut self, event: CaptureEvent) -> std::collections::BTreeMap<String, String> {
        self.capture(event).unwrap();
        let lines = self.effects.iter().filter_map(|effect| match effect {
            Effect::RegisterLine { detail, .. } => Some(detail.clone()),
            _ => None,
        });
        lines.flatten().collect()
    }

    pub fn compared(&mut self, differing: &[Unsur]) -> Result<(), Refusal> {
        let differing = differing.iter().copied().collect();
        let source = RecordSource::Online { as_of: None };
        self.verification(VerificationEvent::Compared {
            source,
            differing,
            only_record: Default::default(),
            stay_until: None,
            record: String::new(),
        })
    }

    /// Steps 1–3 for a kind whose papers are the form, KK and old or damaged card.
    pub fn walk_steps_1_to_3(&mut self, recorded: bool) {
        self.form().unwrap();
        for berkas in [Berkas::FormulirPermohonan, Berkas::KartuKeluarga, Berkas::KtpRusak, Berkas::KtpLama] {
            self.paper(berkas).unwrap();
        }
        self.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
        self.compared(&[]).unwrap();
        self.verification(VerificationEvent::RecordedBefore { recorded }).unwrap();
        self.verification(VerificationEvent::ReadAloud).unwrap();
        if self.state.plan.identity_check {
            self.identified().unwrap();
        }
        self.verification(VerificationEvent::Verified).unwrap();
    }

    /// The applicant's own finger matches the record.
    pub fn identified(&mut self) -> Result<(), Refusal> {
        let finger = Finger::RightIndex;
        self.verification(VerificationEvent::IdentityTried { finger, score: 60 })
    }

    pub fn attempt(&mut self, target: Target, scores: &[(Part, u8)]) -> Result<CaptureId, Refusal> {
        let id = self.capture_id();
        let parts = scores
            .iter()
            .map(|(part, score)| PartQuality { part: *part, score: *score, reasons: vec![] })
            .collect();
        let (device, algorithm, backdrop) = ("uji".into(), "uji-1".into(), None);
        let attempt = Attempt { id, at: self.now(), target, parts, device, algorithm, backdrop };
        self.capture(CaptureEvent::AttemptAccepted { attempt }).map(|()| id)
    }

    pub fn slap(&mut self, slap: Slap, score: u8) -> Result<CaptureId, Refusal> {
        let scores: Vec<(Part, u8)> =
            slap.fingers().iter().map(|finger| (Part::Finger(*finger), score)).collect();
        self.attempt(Target::Slap(slap), &scores)
    }

    pub fn photo(&mut self) -> Result<(), Refusal> {
        self.attempt(Target::Portrait, &[(Part::Face, 80)])?;
        for check in JudgedCheck::ALL {
            self.capture(CaptureEvent::Judged { check, yes: true })?;
        }
        let limits = self.rules.thresholds;
        let portrait = self.state.capture.best(Target::Portrait, &limits).map(|attempt| attempt.id).unwrap();
        self.capture(CaptureEvent::PortraitApproved { portrait, by: ApprovalBy::Screen })
    }

    pub fn eyes(&mut self) -> Result<(), Refusal> {
        for eye in Eye::ALL {
            self.attempt(Target::Eye(eye), &[(Part::Eye(eye), 70)])?;
        }
        Ok(())
    }

    pub fn signature(&mut self) -> Result<(), Refusal> {
        self.attempt(Target::Signature, &[(Part::Signature, 100)]).map(|_| ())
    }

    pub fn rematch(&mut self, finger: Finger, score: u32) -> Result<(), Refusal> {
        let id = self.capture_id();
        let limits = self.rules.thresholds;
        let against =
            self.state.capture.best(Target::Slap(finger.slap()), &limits).map_or(id, |attempt| attempt.id);
        let (at, device) = (self.now(), "modul uji".to_owned());
        let reasons = Vec::new();
        let attempt = RematchAttempt { finger, id, at, score, against, reasons, device, levels: Some(16) };
        self.capture(CaptureEvent::RematchTried { attempt })
    }

    pub fn biometrics(&mut self) -> Result<(), Refusal> {
        for slap in Slap::ALL {
            self.slap(slap, 70)?;
        }
        self.eyes()?;
        self.signature()?;
        self.rematch(Finger::RightIndex, 118)?;
        self.rematch(Finger::LeftIndex, 90)
    }

    pub fn officer(&self) -> Witness {
        Witness::Officer { operator: OperatorId::parse("yuliana").unwrap() }
    }

    pub fn exception(&self, part: Part, reason: ExceptionReason) -> Exception {
        Exception {
            part,
            reason,
            duration: Duration::Permanent,
            photo: Some(DocumentId::new(Uuid::from_u128(7))),
            substitute: None,
            witness: self.officer(),
            operator: self.operator.clone(),
            at: self.now(),
        }
    }

    pub fn attestation(&mut self, event: AttestationEvent) -> Result<(), Refusal> {
        self.does(Event::Attestation(event))
    }

    pub fn sign(&mut self) -> Result<(), Refusal> {
        let capture = self.capture_id();
        self.attestation(AttestationEvent::Signed { signature: AttestationSignature::Pen { capture } })
    }

    pub fn rendered(&mut self) -> Result<(), Refusal> {
        let form = RenderedForm {
            document: DocumentId::new(Uuid::from_u128(9)),
            sha256: Hash32::of(b"pdf"),
            packet: Some(PacketId::new(Uuid::from_u128(11))),
        };
        self.attestation(AttestationEvent::FormRendered { form })
    }

    pub fn sealed(&mut self) -> Result<(), Refusal> {
        self.attestation(AttestationEvent::Sealed { packet: PacketId::new(Uuid::from_u128(11)) })
    }

    pub fn status(&self, text: &str) -> MirrorEntry {
        MirrorEntry {
            status: CentralStatus::received(text),
            source: "pusat".into(),
            as_of: self.now(),
            seen_at: self.now(),
            of_another: false,
        }
    }

    pub fn job(&mut self) -> JobId {
        self.ids += 1;
        JobId::new(Uuid::from_u128(self.ids))
    }

    pub fn eligibility(&self, facts: &RequestFacts) -> Eligibility {
        eligibility(&self.state, &self.ctx(), facts)
    }

    /// Stands at step 6 without papers or finger, as a state of an older program might.
    pub fn walk_steps_1_to_3_unchecked(&mut self) {
        self.state.step = domain::Step::PrintRequest;
    }

    pub fn request_with(&mut self, facts: RequestFacts) -> Result<(), Refusal> {
        let job = self.job();
        self.does(Event::PrintRequest(PrintRequestEvent::Requested { job, facts }))
    }

    pub fn request(&mut self) -> Result<(), Refusal> {
        self.request_with(RequestFacts::default())
    }

    pub fn print(&mut self, event: PrintEvent) -> Result<(), Refusal> {
        self.does(Event::Print(event))
    }

    pub fn start_print(&mut self, blangko: &str) -> Result<(), Refusal> {
        let (job, blangko) = (self.job(), NomorBlangko::parse(blangko).unwrap());
        self.print(PrintEvent::Started { job, blangko, printer: "uji".into() })
    }

    pub fn spoil(&mut self, reason: SpoilReason, note: &str) -> Result<(), Refusal> {
        let witness = self.officer();
        self.print(PrintEvent::Spoiled { reason, note: note.into(), witness, said: None })
    }

    pub fn accept_card(&mut self) -> Result<(), Refusal> {
        self.print(PrintEvent::QualityAccepted { place: "B2-07".into() })
    }

    pub fn hand(&mut self, event: HandoverEvent) -> Result<(), Refusal> {
        self.does(Event::Handover(event))
    }

    /// Photo and name are held against the person, and the card is given.
    pub fn give(&mut self) -> Result<(), Refusal> {
        self.hand(HandoverEvent::PersonConfirmed)?;
        self.hand(HandoverEvent::HandedOver)
    }

    pub fn judge(&mut self, line: HandoverLine) -> Result<(), Refusal> {
        self.hand(HandoverEvent::LineJudged { line, yes: true })
    }

    pub fn receipt(&mut self) -> Result<(), Refusal> {
        let capture = self.capture_id();
        self.hand(HandoverEvent::ReceiptSigned { signature: AttestationSignature::Pen { capture } })
    }

    /// The card that the centre takes back is voided.
    pub fn call_off(&mut self, note: &str) -> Result<(), Refusal> {
        let witness = self.officer();
        self.hand(HandoverEvent::CalledOff { note: note.into(), witness })
    }

    /// The card is kept back, unharmed.
    pub fn hold(&mut self, reason: &str) -> Result<(), Refusal> {
        self.hand(HandoverEvent::Held { reason: reason.into(), place: "C1-02".into() })
    }

    /// The card is not on its shelf.
    pub fn lose(&mut self, note: &str) -> Result<(), Refusal> {
        let (witness, again) = (self.officer(), self.job());
        self.hand(HandoverEvent::CardNotFound { note: note.into(), witness, again })
    }

    /// Neither card nor blangko is in the printer or beside it.
    pub fn miss(&mut self, note: &str) -> Result<(), Refusal> {
        let witness = self.officer();
        self.print(PrintEvent::NotFound { note: note.into(), witness })
    }

    pub fn dispute(&mut self, note: &str) -> Result<(), Refusal> {
        let (witness, again) = (self.officer(), self.job());
        self.hand(HandoverEvent::DataDisputed { note: note.into(), witness, again, said: None })
    }
}
