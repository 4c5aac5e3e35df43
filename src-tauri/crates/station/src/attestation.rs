//! Step 5: the applicant confirms and signs; the form is rendered; the recording is sealed into the outbox.

use domain::capture::completeness;
use domain::ids::{DocumentId, PacketId};
use domain::paper::DocumentKind;
use domain::permohonan::{Event, Refusal};
use domain::plan::Step;
use domain::register::Hash32;
use domain::role::Action;
use domain::steps::attestation::{AnsweredBy, AttestationEvent, DataAnswer, RenderedForm};
use packet::{Header, Packet, Part, Plain, Signer as _, Suite};
use store::PacketPart;

use crate::capture::signature::substitute_of;
use crate::session::Desk;
use crate::view::{self, AnswerState, SignaturePurpose};
use crate::visit::{Visit, iso, iso_ms};
use crate::{Error, News, Result, Station, clock, held, reasons};

pub(crate) mod form;
pub(crate) mod leftovers;
mod answers;
mod recording;
mod photo_words;
mod rematch_words;

/// The store's word for the signed form.
const FORM: DocumentKind = DocumentKind::FormulirPerekaman;

impl Station {
    /// Step 5 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn attestation(&self, id: &str) -> Result<view::Attestation> {
        let desk = self.desk(Action::Attest)?;
        let visit = self.visit(&desk, id)?;
        if visit.state.step == Step::Attestation {
            self.scene(|scene| {
                scene.visit = Some(id.to_owned());
                if !matches!(scene.key, "confirm_data" | "sign") {
                    scene.key = "confirm_data";
                }
            });
        }
        self.attestation_view(&desk, &visit)
    }

    fn attestation_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Attestation> {
        let id = visit.id();
        let state = &visit.state.attestation;
        let limits = self.rules().thresholds;
        let best = visit.state.capture.best(domain::capture::Target::Portrait, &limits);
        let (documents, packet, meta) =
            desk.store.read(|view| Ok((view.documents(id)?, view.packet_of(id)?, view.meta()?)))?;
        let form =
            state.form.and_then(|_| documents.iter().rev().find(|document| document.kind == FORM.key()));
        // What was chosen and never witnessed is only an intention: the core does not know it, and nobody signs by it.
        let mut exceptions = self.pending_exceptions(desk, visit)?;
        exceptions.retain(|exception| exception.valid);
        let substitute =
            exceptions.iter().find(|exception| matches!(exception.part, view::BodyPart::Other(_))).cloned();
        let why = self.seal_obstacle(visit);
        let form = form
            .map(|document| {
                let pages = self.pages_of(desk, document.id)?;
                Ok::<_, Error>(view::FormDocument {
                    document_id: document.id.to_string(),
                    pages,
                    rendered_at: iso_ms(document.rendered_ms).unwrap_or_default(),
                    printed_at: iso_ms(document.printed_ms),
                })
            })
            .transpose()?;
        Ok(view::Attestation {
            lines: self.data_lines(desk, visit),
            portrait_id: best.and_then(|best| self.portrait_id(desk, visit, best.id).ok().flatten()),
            photo_approved_at: visit.state.capture.approval.map(|approval| iso(approval.at)),
            answer: answer_view(state.answer.as_ref()),
            read_aloud_at: state.read_aloud_at.map(iso),
            signature: self.signature_state(desk, visit, SignaturePurpose::Attestation)?,
            substitute,
            form,
            packet: packet.map(|packet| view::PacketView {
                packet_id: packet.id.to_string(),
                sealed_at: iso_ms(packet.sealed_ms).unwrap_or_default(),
                sequence: u32::try_from(packet.sequence).unwrap_or(0),
                parts: packet
                    .parts
                    .iter()
                    .map(|part| view::PartView {
                        part: match part.part.as_str() {
                            "id" => view::PartName::Id,
                            "bio" => view::PartName::Bio,
                            _ => view::PartName::Dok,
                        },
                        bytes: u32::try_from(part.bytes).unwrap_or(u32::MAX),
                        sha256: hex(&part.sha256),
                    })
                    .collect(),
                training: meta.training,
            }),
            exceptions,
            photo_exceptions: photo_words::count(&visit.state.capture, &limits),
            can_seal: why.is_none(),
            why,
        })
    }

    /// What stands between this visit and its seal.
    fn seal_obstacle(&self, visit: &Visit) -> Option<view::Why> {
        let state = &visit.state.attestation;
        let rules = self.rules();
        let scope = visit.state.plan.capture;
        let missing = completeness(&visit.state.capture, scope, &rules.chip, &rules.thresholds);
        let refusal = match (visit.state.step, state.confirmed_at(), &state.signature, state.packet) {
            (_, _, _, Some(packet)) => Refusal::AlreadySealed { packet },
            (step, ..) if step != Step::Attestation => {
                Refusal::OtherStep { at: step, event: Step::Attestation }
            }
            _ if !missing.is_empty() => Refusal::CaptureReopened { missing },
            (_, None, ..) => Refusal::NotConfirmed,
            (_, _, None, _) if substitute_of(visit).is_some() && state.read_aloud_at.is_none() => {
                Refusal::NotReadAloud
            }
            (_, _, None, _) => Refusal::NotSigned,
            (_, Some(_), Some(_), None) if state.form.is_none() => Refusal::NotRendered,
            (_, Some(_), Some(_), None) => return None,
        };
        Some(reasons::why(&refusal))
    }

    /// The applicant's word on the data, and where it was given. "Wrong" is kept with the applicant's words and voids a
    /// signature over these data; the operator then goes back or returns the visit.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused`, `Store`.
    pub fn answer_data(
        &self,
        id: &str,
        answer: view::Answer,
        note: &str,
        by: view::AnswerBy,
    ) -> Result<view::Attestation> {
        let desk = self.desk(Action::Attest)?;
        let mut visit = self.visit(&desk, id)?;
        let by = match by {
            view::AnswerBy::Screen => AnsweredBy::Screen,
            view::AnswerBy::Operator => AnsweredBy::Operator,
        };
        let event = match answer {
            view::Answer::Correct => AttestationEvent::ApplicantConfirmed { by },
            view::Answer::Wrong => AttestationEvent::ApplicantDisputed { by, note: note.trim().to_owned() },
        };
        self.perform(&desk, &mut visit, Event::Attestation(event), |_| Ok(()))?;
        self.scene(|scene| {
            scene.visit = Some(id.to_owned());
            if answer == view::Answer::Correct {
                scene.key = "sign";
            }
        });
        self.attestation_view(&desk, &visit)
    }

    /// Renders the Formulir Permohonan Perekaman and keeps it under the next number of the year; made again, it is another
    /// paper with a number and a packet of its own.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (not signed), `Picture`, `Document`, `Store`.
    pub fn render_form(&self, id: &str) -> Result<view::Attestation> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::Attest)?;
        let mut visit = self.visit(&desk, id)?;
        if visit.state.attestation.signature.is_none() {
            return Err(Refusal::NotSigned.into());
        }
        let packet = PacketId::new(clock::new_uuid());
        let made = self.form_paper(&desk, &visit, packet)?;
        let form = RenderedForm {
            document: DocumentId::new(clock::new_uuid()),
            sha256: Hash32::of(&made.document.pdf),
            packet: Some(packet),
        };
        self.perform(&desk, &mut visit, Event::Attestation(AttestationEvent::FormRendered { form }), |tx| {
            self.keep_paper(tx, &made).map(drop)
        })?;
        self.attestation_view(&desk, &visit)
    }

    /// Seals the recording: three parts, signed twice, written and verified on disk, then committed with the outbox row.
    ///
    /// A failure leaves the draft untouched; nothing of it counts as sealed.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` with what is missing, `NotNow` (more papers than go into a packet), `Packet`, `File`, `Store`.
    pub fn seal(&self, id: &str) -> Result<view::Attestation> {
        // One at a time: a second press finds the packet instead of writing over its files. Also, between its files and its row a
        // packet looks like one that nobody knows.
        let _whole = held(&self.sealing);
        let desk = self.desk(Action::Attest)?;
        let mut visit = self.visit(&desk, id)?;
        if visit.state.attestation.packet.is_some() {
            return self.attestation_view(&desk, &visit);
        }
        if visit.state.step != Step::Attestation {
            return Err(Refusal::OtherStep { at: visit.state.step, event: Step::Attestation }.into());
        }
        let permohonan = visit.id();
        let documents = desk.store.read(|view| view.documents(permohonan))?;
        let rendered = visit.state.attestation.form.ok_or(Refusal::NotRendered)?;
        let form = documents
            .iter()
            .rev()
            .find(|document| document.kind == FORM.key())
            .ok_or(Refusal::NotRendered)?;
        let packet_id = packet_of(&rendered, form).ok_or(Error::NotFound { what: "form" })?;
        let event = Event::Attestation(AttestationEvent::Sealed { packet: packet_id });
        // Asked before anything is written, so that a refusal costs nothing.
        self.ask(&desk, &visit, event.clone())?;
        let (sequence, head, meta) = desk
            .store
            .read(|view| Ok((view.peek_packet_sequence()?, view.register_head()?, view.meta()?)))?;
        let credentials = self.credentials(&desk)?;
        let operator = credentials
            .operators
            .get(desk.session.operator.as_str())
            .ok_or(Error::not_now("operator_without_certificate"))?
            .identity()?;
        let station = credentials.station.identity()?;
        let header = Header {
            packet: packet_id.uuid(),
            station: station.certificate().common_name(),
            sequence: u64::try_from(sequence).unwrap_or(0),
            created: desk.now,
            training: meta.training,
            suite: Suite::default(),
        };
        let entries = self.recording(&desk, &visit, form.id, head.as_ref())?;
        let plain: Packet<Plain> = Packet::new(header, entries.id, entries.bio, entries.dok)?;
        let sealed = plain.seal(&station, &operator, &credentials.recipients()?, desk.now)?;
        fail::fail_point!("station::seal::sealed");
        let files = sealed.write(&self.dir.join("packets"))?;
        fail::fail_point!("station::seal::files_written");
        let mut parts = Vec::new();
        for (file, part) in files.iter().zip([Part::Id, Part::Bio, Part::Dok]) {
            let bytes = std::fs::metadata(&file.path)
                .map_err(|source| Error::File { doing: "look at a sealed part", source })?;
            parts.push(PacketPart {
                part: part.to_string(),
                path: format!("{packet_id}/{part}.cms"),
                sha256: unhex(&file.sha256),
                bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                location: String::new(),
                sent: 0,
            });
        }
        let row = store::Packet {
            id: packet_id,
            permohonan,
            sequence,
            register_seq: head.map_or(0, |head| i64::try_from(head.row).unwrap_or(i64::MAX)),
            sealed_ms: 0,
            parts,
        };
        let priority = visit.row.priority;
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let kept = self.perform(&desk, &mut visit, event, |tx| {
            tx.add_packet(&row, priority)?;
            tx.add_recorded_nik(&nik, "station")
        });
        if kept.is_err() {
            // The next form bears another number: nobody would know these files any more.
            self.drop_files(&desk.store, packet_id);
        }
        kept?;
        self.sync_soon();
        self.scene(|scene| scene.key = "done");
        self.news.tell(News::Strip);
        self.news.tell(News::Queue);
        self.attestation_view(&desk, &visit)
    }

    pub(crate) fn credentials(&self, desk: &Desk) -> Result<crate::credentials::Credentials> {
        let json =
            desk.store.read(crate::credentials::Credentials::read)?.ok_or(Error::not_now("no_centre"))?;
        crate::credentials::Credentials::parse(&json)
    }
}

/// The packet that a form names: a form of before it was kept beside it has it for its number.
fn packet_of(rendered: &RenderedForm, form: &store::Document) -> Option<PacketId> {
    rendered.packet.or_else(|| PacketId::parse(&form.number).ok())
}

/// The packet as the form prints it, and as its code seals it: in training marked like every number on paper.
fn packet_on_paper(packet: PacketId, training: bool) -> String {
    if training { format!("L-{packet}") } else { packet.to_string() }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}

/// The applicant's word as the window shows it.
fn answer_view(answer: Option<&DataAnswer>) -> view::DataAnswer {
    let (state, at, by, note) = match answer {
        None => (AnswerState::None, None, None, String::new()),
        Some(DataAnswer::Correct { at, by }) => (AnswerState::Correct, Some(at), Some(by), String::new()),
        Some(DataAnswer::Wrong { at, by, note }) => (AnswerState::Wrong, Some(at), Some(by), note.clone()),
    };
    view::DataAnswer {
        state,
        at: at.copied().map(iso),
        note,
        by: by.map(|by| match by {
            AnsweredBy::Screen => view::AnswerBy::Screen,
            AnsweredBy::Operator => view::AnswerBy::Operator,
        }),
    }
}
