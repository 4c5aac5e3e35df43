//! A sound recording as a station would seal it, and every place where a patched station could lie.

use crate::district::{Desk, District};
use biometrics::codec;
use biometrics::format::itl::{Cga, EyeEntry, FingerEntry, Picture, Score, Transaction};
use domain::capture::{
    Approval, ApprovalBy, Attempt, CaptureState, ChipRule, Judged, JudgedCheck, Part as Body, PartQuality,
    RematchAttempt, Target, Thresholds,
};
use domain::finger::Slap;
use domain::ids::{CaptureId, OperatorId, PermohonanId, StationCode};
use domain::image::GrayImage;
use domain::register::{RegisterEntry, RegisterKind, RegisterLine};
use domain::{Eye, Finger};
use hyper::Method;
use jiff::Timestamp;
use packet::pki::Identity;
use packet::wire::{Digests, Finalise, PartDigest, UploadMetadata};
use packet::{Entry, Header, Packet, Part, Recipients, RegisterStretch, Sealed, Suite};
use serde_json::{Value, json};
use std::sync::LazyLock;
use synth::{Impression, IrisLook, Person, PortraitLook};
use uuid::Uuid;

/// Everything that goes into a packet, before it is frozen.
pub struct Sheet {
    pub header: Header,
    pub biodata: Value,
    pub evidence: Value,
    pub itl: Transaction,
    /// The portrait for the card.
    pub portrait: Vec<u8>,
    /// The register's lines since the packet before.
    pub register: RegisterStretch,
    /// The devices' signed answers by attempt.
    pub devices: Value,
    pub signing: Timestamp,
}

/// Fingers, eyes and the portrait of one person.
struct Drawn {
    fingers: Vec<GrayImage>,
    eyes: Vec<GrayImage>,
    portrait: Vec<u8>,
}

/// Drawn once per process and person.
fn body(person: u64) -> &'static Drawn {
    static ONE: LazyLock<Drawn> = LazyLock::new(|| draw(1));
    static TWO: LazyLock<Drawn> = LazyLock::new(|| draw(2));
    if person == 1 { &ONE } else { &TWO }
}

fn draw(seed: u64) -> Drawn {
    let person = Person::new(seed);
    Drawn {
        fingers: Finger::ALL.iter().map(|finger| person.finger(*finger, &Impression::usual(1))).collect(),
        eyes: Eye::ALL.iter().map(|eye| person.iris(*eye, &IrisLook::default())).collect(),
        portrait: codec::encode_jpeg(&person.portrait(&PortraitLook::default()), 92).unwrap(),
    }
}

/// The same portrait of another capture: a comment (JPEG `COM`, ITU-T T.81 B.2.4.5) behind the first mark.
fn portrait_again(jpeg: &[u8], capture: u64) -> Vec<u8> {
    [&jpeg[..2], &[0xff, 0xfe, 0, 10], &capture.to_be_bytes(), &jpeg[2..]].concat()
}

/// A portrait as the file and the card carry it.
pub fn portrait_picture(jpeg: Vec<u8>) -> Picture {
    let probe = codec::probe(&jpeg, &codec::Limits::default()).unwrap();
    Picture {
        width: u16::try_from(probe.width).unwrap(),
        height: u16::try_from(probe.height).unwrap(),
        ppi: 0,
        cga: Cga::Jpeg,
        data: jpeg,
    }
}

/// The visit of a station's number, always the same one.
pub fn visit(station: &str, sequence: u64) -> PermohonanId {
    let digest = packet::digest_hex(format!("{station} {sequence}").as_bytes());
    PermohonanId::new(Uuid::parse_str(&digest[..32]).unwrap())
}

/// A station's register up to the head of a number: ten lines for each, of which every second one is of its visit.
pub fn register_lines(station: &str, sequence: u64) -> Vec<RegisterLine> {
    let mut before = None;
    (1..=sequence * 10)
        .map(|row| {
            let own = row % 2 == 0;
            let entry = RegisterEntry {
                at: Timestamp::from_second(1_795_000_000 + i64::try_from(row).unwrap()).unwrap(),
                station: StationCode::parse(station).unwrap(),
                operator: OperatorId::parse("dewi").unwrap(),
                kind: RegisterKind::FieldSaved,
                permohonan: own.then(|| visit(station, (row - 1) / 10 + 1)),
                ticket: None,
                corrects: None,
                detail: [("baris".to_owned(), row.to_string())].into(),
            };
            let line = RegisterLine::chain(before, entry);
            before = Some((line.row, line.hash));
            line
        })
        .collect()
}

/// The same picture of another capture: one dot differs.
fn again(image: &GrayImage, capture: u64) -> GrayImage {
    let mut image = image.clone();
    let at = usize::try_from(capture % 997).unwrap();
    image.pixels[at] = image.pixels[at].wrapping_add(1 + u8::try_from(capture % 100).unwrap());
    image
}

fn picture(image: &GrayImage, ppi: u16) -> Picture {
    Picture {
        width: image.width as u16,
        height: image.height as u16,
        ppi,
        cga: Cga::Png,
        data: codec::encode_png_gray(image, (ppi > 0).then_some(u32::from(ppi))).unwrap(),
    }
}

pub fn nik(number: u64) -> String {
    format!("180{:013}", 1_301_010_190_000 + number)
}

impl Sheet {
    /// The sound recording of a person under a NIK, number `sequence` of its station.
    pub fn new(desk: &Desk, sequence: u64, person: u64, nik: &str) -> Self {
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        let capture = u64::from(rand_seed());
        let Drawn { fingers, eyes, portrait } = body(person);
        let portrait = portrait_again(portrait, capture);
        let state = capture_state(now);
        let lines = register_lines(&desk.code, sequence);
        let head = lines.last().unwrap().clone();
        let new = usize::try_from((sequence - 1) * 10).unwrap();
        let itl = Transaction {
            kind: "KTPEL".into(),
            control_number: "0190f5a27b1c70008000000000000001".into(),
            destination: "PUSAT".into(),
            origin: desk.code.clone(),
            source: desk.code.clone(),
            date: "20261123".into(),
            gmt: "20261123003005Z".into(),
            domain: Some(("REKAM".into(), "1.0".into())),
            priority: 5,
            text: vec![(3, nik.to_owned())],
            portrait: Some(portrait_picture(portrait.clone())),
            fingers: Finger::ALL
                .iter()
                .zip(fingers)
                .map(|(finger, image)| FingerEntry {
                    finger: *finger,
                    content: Ok(picture(&again(image, capture), 500)),
                    impression: 0,
                    quality: vec![Score { value: 62, vendor: 0, algorithm: 1 }],
                    comment: None,
                })
                .collect(),
            eyes: Eye::ALL
                .iter()
                .zip(eyes)
                .map(|(eye, image)| EyeEntry {
                    eye: *eye,
                    content: Ok(picture(&again(image, capture), 0)),
                    quality: vec![Score { value: 70, vendor: 0, algorithm: 1 }],
                    diameter: None,
                    comment: None,
                })
                .collect(),
            signature: Vec::new(),
        };
        Self {
            header: Header {
                packet: Uuid::now_v7(),
                station: desk.code.clone(),
                sequence,
                created: now,
                training: true,
                suite: Suite::P256,
            },
            biodata: json!({
                "format": "rekam-biodata/1", "kind": "baru_wni", "permohonan": visit(&desk.code, sequence),
                "biodata": {"nik": nik, "nama": "ORANG CONTOH", "tanggal_lahir": "1990-01-01", "jenis_kelamin": "L"},
            }),
            evidence: json!({
                "format": "rekam-evidence/1", "operator": "dewi", "capture": state,
                "thresholds": Thresholds::default(),
                "register": {"row": head.row, "hash": head.hash},
            }),
            itl,
            portrait,
            register: RegisterStretch::of(lines[new..].iter().cloned(), visit(&desk.code, sequence)),
            devices: json!({}),
            signing: now,
        }
    }

    pub fn seal_by(&self, desk: &Desk, station: &Identity, operator: &Identity) -> Packet<Sealed> {
        let bytes = |value: &Value| serde_json::to_vec(value).unwrap();
        let id = vec![
            Entry::new("biodata.json", "application/json", bytes(&self.biodata)),
            Entry::new("evidence.json", "application/json", bytes(&self.evidence)),
            Entry::new(
                packet::REGISTER_FILE,
                "application/json",
                serde_json::to_vec(&self.register).unwrap(),
            ),
            Entry::new("portrait.jpg", "image/jpeg", self.portrait.clone()),
            Entry::new("signature.png", "image/png", *b"\x89PNGcontoh"),
        ];
        let bio = vec![
            Entry::new("recording.an2", "application/x-ansi-nist-itl", self.itl.write().unwrap()),
            Entry::new("evidence.json", "application/json", bytes(&self.devices)),
        ];
        let dok = vec![Entry::new("formulir-perekaman.pdf", "application/pdf", *b"%PDF-1.7 contoh")];
        let plain = Packet::new(self.header.clone(), id, bio, dok).unwrap();
        let read = |pem: &str| packet::pki::Certificate::from_pem(pem.as_bytes()).unwrap();
        let recipients =
            Recipients { centre: read(&desk.certificates.centre), escrow: read(&desk.certificates.escrow) };
        plain.seal(station, operator, &recipients, self.signing).unwrap()
    }

    pub fn seal(&self, desk: &Desk) -> Packet<Sealed> {
        self.seal_by(desk, &desk.identity, &desk.operator)
    }
}

fn rand_seed() -> u32 {
    u32::from_be_bytes(Uuid::now_v7().into_bytes()[12..].try_into().unwrap())
}

fn capture_state(at: Timestamp) -> CaptureState {
    let attempt = |target: Target, parts: Vec<(Body, u8)>| Attempt {
        id: CaptureId::new(Uuid::now_v7()),
        at,
        target,
        parts: parts
            .into_iter()
            .map(|(part, score)| PartQuality { part, score, reasons: Vec::new() })
            .collect(),
        device: "uji".into(),
        algorithm: "uji/1".into(),
        backdrop: None,
    };
    let portrait = attempt(Target::Portrait, vec![(Body::Face, 80)]);
    let mut state = CaptureState {
        judged: JudgedCheck::ALL
            .map(|check| Judged {
                portrait: Some(portrait.id),
                check,
                yes: true,
                by: Some(OperatorId::parse("dewi").unwrap()),
                at: Some(at),
                excuse: None,
            })
            .to_vec(),
        approval: Some(Approval { portrait: portrait.id, at, by: ApprovalBy::Screen }),
        ..CaptureState::default()
    };
    state.attempts.push(portrait);
    for slap in Slap::ALL {
        let parts = slap.fingers().iter().map(|finger| (Body::Finger(*finger), 62)).collect();
        state.attempts.push(attempt(Target::Slap(slap), parts));
    }
    for eye in Eye::ALL {
        state.attempts.push(attempt(Target::Eye(eye), vec![(Body::Eye(eye), 70)]));
    }
    state.attempts.push(attempt(Target::Signature, vec![(Body::Signature, 100)]));
    let limits = Thresholds::default();
    for finger in state.chip_fingers(&ChipRule::default(), &limits) {
        let against = state.best(Target::Slap(finger.slap()), &limits).unwrap().id;
        state.rematches.push(RematchAttempt {
            id: CaptureId::new(Uuid::now_v7()),
            finger,
            at,
            score: 120,
            against,
            reasons: Vec::new(),
            device: "modul uji".into(),
            levels: Some(16),
        });
    }
    state
}

/// The body of the finalisation of a sealed packet.
pub fn finalise_of(packet: &Packet<Sealed>) -> Finalise {
    let header = packet.header();
    let of = |part: Part| {
        let part = packet.part(part);
        PartDigest { sha256: part.sha256.clone(), bytes: part.der.len() as u64 }
    };
    let parts = Digests { id: of(Part::Id), bio: of(Part::Bio), dok: of(Part::Dok) };
    Finalise::new(
        header.packet,
        header.station.clone(),
        header.sequence,
        header.created,
        header.training,
        false,
        parts,
    )
}

impl Desk {
    pub async fn create(
        &self,
        enrolment: Uuid,
        part: Part,
        sha256: &str,
        bytes: usize,
    ) -> crate::client::Answer {
        let metadata = UploadMetadata { part, sha256: sha256.to_owned() }.to_header();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-length", &bytes.to_string()),
            ("upload-metadata", &metadata),
        ];
        self.client.ask(Method::POST, &format!("/v1/enrollments/{enrolment}/buffer"), &headers, b"").await
    }

    pub async fn patch(&self, location: &str, offset: usize, bytes: &[u8]) -> crate::client::Answer {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", &offset.to_string()),
            ("content-type", "application/offset+octet-stream"),
        ];
        self.client.ask(Method::PATCH, location, &headers, bytes).await
    }

    pub async fn head(&self, location: &str) -> crate::client::Answer {
        self.client.ask(Method::HEAD, location, &[("tus-resumable", "1.0.0")], b"").await
    }

    pub async fn upload(&self, enrolment: Uuid, part: Part, bytes: &[u8]) {
        let answer = self.create(enrolment, part, &packet::digest_hex(bytes), bytes.len()).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let done: usize = answer.header("upload-offset").parse().unwrap();
        if done < bytes.len() {
            let answer = self.patch(answer.header("location"), done, &bytes[done..]).await;
            assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        }
    }

    pub async fn finalise(&self, body: &Finalise) -> crate::client::Answer {
        let path =
            format!("/v1/enrollments/{}?finalize=true&transactionId={}", body.enrolment, Uuid::now_v7());
        self.client.post(&path, body).await
    }

    /// Sends a packet whole and answers its finalisation.
    pub async fn send(&self, packet: &Packet<Sealed>) -> Finalise {
        let body = finalise_of(packet);
        for part in Part::ALL {
            self.upload(body.enrolment, part, &packet.part(part).der).await;
        }
        let answer = self.finalise(&body).await;
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        body
    }
}

impl District {
    /// Sends a sheet and answers what the centre decides.
    pub async fn outcome(&self, desk: &Desk, sheet: &Sheet) -> (String, String) {
        let body = desk.send(&sheet.seal(desk)).await;
        self.status(body.enrolment).await
    }
}
