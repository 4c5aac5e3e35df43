//! The centre measures each picture itself and looks at what the devices signed: a patched station's word is worth nothing.

use crate::district::{Desk, District};
use crate::recording::{Sheet, nik, portrait_picture};
use biometrics::codec;
use biometrics::format::finger::{self, Compression, FingerRecord};
use biometrics::format::iris::{self, IrisData, IrisRecord};
use biometrics::quality::measure_finger;
use domain::Finger;
use domain::image::GrayImage;
use pusat::pipeline::adjudication::{self, Word};
use pusat::{Centre, Serving};
use serde_json::{Value, json};
use sim::sbi::Authority;
use synth::{Impression, Person, PortraitLook};
use uuid::Uuid;

const FAILED: &str = "ENROLL_FAILURE_AT_CENTRAL";

async fn outcome(district: &District, desk: &Desk, sheet: &Sheet) -> (Uuid, String, String) {
    let enrolment = desk.send(&sheet.seal(desk)).await.enrolment;
    let (status, reason) = district.status(enrolment).await;
    (enrolment, status, reason)
}

#[track_caller]
fn refused((_, status, reason): (Uuid, String, String), why: &str, what: &str) {
    assert_eq!((status.as_str(), reason.as_str()), (FAILED, why), "{what}");
}

impl Sheet {
    /// Writes a score for a finger everywhere where a client writes one.
    fn claim(&mut self, finger: Finger, score: u8) {
        let part = json!({"part": "finger", "which": finger});
        for attempt in self.evidence["capture"]["attempts"].as_array_mut().unwrap() {
            for quality in attempt["parts"].as_array_mut().unwrap() {
                if quality["part"] == part {
                    quality["score"] = json!(score);
                }
            }
        }
        let entry = self.itl.fingers.iter_mut().find(|entry| entry.finger == finger).unwrap();
        entry.quality[0].value = score;
    }

    /// Puts another picture under a finger's name.
    fn put(&mut self, finger: Finger, image: &GrayImage) {
        let entry = self.itl.fingers.iter_mut().find(|entry| entry.finger == finger).unwrap();
        let picture = entry.content.as_mut().unwrap();
        (picture.width, picture.height) = (image.width as u16, image.height as u16);
        picture.data = codec::encode_png_gray(image, Some(500)).unwrap();
    }

    fn show(&mut self, look: &PortraitLook) {
        self.portrait = codec::encode_jpeg(&Person::new(1).portrait(look), 92).unwrap();
        self.itl.portrait = Some(portrait_picture(self.portrait.clone()));
    }

    /// Signs every finger and eye as the devices of an authority do, by attempt.
    fn sign_captures(&mut self, devices: &Authority) {
        let identity = devices.sign(&json!({"serialNo": "UJI-7", "make": "Uji", "model": "Uji"})).unwrap();
        let mut signed = serde_json::Map::new();
        for attempt in self.evidence["capture"]["attempts"].as_array().unwrap() {
            let mut answers = Vec::new();
            for quality in attempt["parts"].as_array().unwrap() {
                let Some((kind, word, record)) = self.record_of(&quality["part"]) else { continue };
                let payload = json!({
                    "digitalId": identity, "bioType": kind, "bioSubType": word,
                    "bioValue": url64(&record), "transactionId": "uji", "timestamp": attempt["at"],
                    "qualityScore": quality["score"].to_string(),
                });
                answers.push(devices.sign(&payload).unwrap());
            }
            signed.insert(attempt["id"].as_str().unwrap().to_owned(), json!(answers));
        }
        self.devices = Value::Object(signed);
    }

    /// The ISO record of what stands in the file, as a device delivers it.
    fn record_of(&self, part: &Value) -> Option<(&'static str, String, Vec<u8>)> {
        match part["part"].as_str()? {
            "finger" => {
                let finger: Finger = serde_json::from_value(part["which"].clone()).unwrap();
                let entry = self.itl.fingers.iter().find(|entry| entry.finger == finger)?;
                let picture = entry.content.as_ref().ok()?;
                let record = FingerRecord {
                    position: finger.code(),
                    compression: Compression::Png,
                    width: picture.width,
                    height: picture.height,
                    ppi: 500,
                    impression: 0,
                    captured: None,
                    quality: None,
                    image: picture.data.clone(),
                };
                let side = if finger.code() > 5 { "Left" } else { "Right" };
                let name = ["Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger"]
                    [usize::from((finger.code() - 1) % 5)];
                Some(("Finger", format!("{side} {name}"), finger::write(&record).unwrap()))
            }
            "eye" => {
                let eye: domain::Eye = serde_json::from_value(part["which"].clone()).unwrap();
                let entry = self.itl.eyes.iter().find(|entry| entry.eye == eye)?;
                let picture = entry.content.as_ref().ok()?;
                let pixels = codec::decode_gray(&picture.data, &codec::Limits::default()).unwrap().pixels;
                // Bare pixels, which the file carries packed: what most scanners of eyes deliver.
                let record = IrisRecord {
                    eye: Some(eye),
                    kind: 2,
                    data: IrisData::Raw,
                    width: picture.width,
                    height: picture.height,
                    diameter: None,
                    captured: None,
                    quality: None,
                    image: pixels,
                };
                let side = if eye == domain::Eye::Left { "Left" } else { "Right" };
                Some(("Iris", side.to_owned(), iris::write(&record).unwrap()))
            }
            _ => None,
        }
    }
}

fn url64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A print that our own measure holds for poor, and not for nothing.
fn poor_print() -> GrayImage {
    let pressed = |n: u8| {
        let look = Impression {
            pressure: 0.5 - 0.03 * f32::from(n),
            partial: 0.06 * f32::from(n),
            ..Impression::usual(77)
        };
        Person::new(1).finger(Finger::RightIndex, &look)
    };
    let poor = |image: &GrayImage| (11..=25).contains(&measure_finger(image, 500).score);
    (0..16).map(pressed).find(poor).expect("one of them is poor")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_claimed_as_good_is_refused_and_a_poor_print_claimed_as_good_goes_to_a_person() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    sheet.put(Finger::RightIndex, &GrayImage::new(400, 500, vec![243; 200_000]).unwrap());
    sheet.claim(Finger::RightIndex, 80);
    refused(outcome(&district, &desk, &sheet).await, "quality_overstated", "an empty glass of quality 80");

    let mut sheet = Sheet::new(&desk, 2, 1, &nik(1));
    let blank = GrayImage::new(640, 480, vec![90; 640 * 480]).unwrap();
    let eye = sheet.itl.eyes[0].content.as_mut().unwrap();
    eye.data = codec::encode_png_gray(&blank, None).unwrap();
    (eye.width, eye.height) = (640, 480);
    refused(outcome(&district, &desk, &sheet).await, "quality_overstated", "a wall in place of an eye");

    let mut sheet = Sheet::new(&desk, 3, 1, &nik(1));
    sheet.put(Finger::RightIndex, &poor_print());
    sheet.claim(Finger::RightIndex, 95);
    let (enrolment, status, reason) = outcome(&district, &desk, &sheet).await;
    assert_eq!((status.as_str(), reason.as_str()), ("ADJUDICATE_RECORD", "quality_overstated"), "far above");
    let case = adjudication::show(&district.centre, enrolment, "ahli").await.unwrap();
    let [(what, 95, own)] = case.measured.as_slice() else { panic!("{:?}", case.measured) };
    assert!(
        what == "14:2" && (1..=25).contains(own),
        "the person sees which, and both numbers: {what} {own}"
    );
    adjudication::decide(&district.centre, enrolment, Word::Accept, "ahli", "").await.unwrap();
    let decided = district.status(enrolment).await;
    assert_eq!(
        decided.0, "PRINT_READY_RECORD",
        "accepted, it goes on, and is not asked about again: {decided:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_without_a_face_goes_to_a_person_and_another_one_than_the_card_s_is_refused() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    sheet.show(&PortraitLook { faces: 0, ..PortraitLook::default() });
    let (enrolment, status, reason) = outcome(&district, &desk, &sheet).await;
    assert_eq!((status.as_str(), reason.as_str()), ("ADJUDICATE_RECORD", "portrait_without_face"), "nobody");
    adjudication::decide(&district.centre, enrolment, Word::Reject, "ahli", "foto kosong").await.unwrap();
    assert_eq!(district.status(enrolment).await, (FAILED.into(), "foto kosong".into()), "the person's word");

    let mut sheet = Sheet::new(&desk, 2, 1, &nik(1));
    sheet.portrait = Sheet::new(&desk, 2, 2, &nik(2)).portrait;
    refused(outcome(&district, &desk, &sheet).await, "itl_differs", "another face for the card");
    let mut sheet = Sheet::new(&desk, 3, 1, &nik(1));
    sheet.itl.portrait = None;
    refused(
        outcome(&district, &desk, &sheet).await,
        "itl_differs",
        "a first card without a portrait in the file",
    );
    let mut sheet = Sheet::new(&desk, 4, 1, &nik(1));
    sheet.portrait = b"\xff\xd8\xff\xe0 contoh".to_vec();
    let mut picture = sheet.itl.portrait.take().unwrap();
    picture.data.clone_from(&sheet.portrait);
    sheet.itl.portrait = Some(picture);
    refused(outcome(&district, &desk, &sheet).await, "image_unreadable", "no picture at all");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_signed_must_be_what_was_sent_under_its_own_score() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let devices = Authority::new("Uji").unwrap();
    let mut sheet = Sheet::new(&desk, 1, 1, &nik(1));
    sheet.sign_captures(&devices);
    assert_eq!(outcome(&district, &desk, &sheet).await.1, "PRINT_READY_RECORD", "sound evidence");

    let mut sheet = Sheet::new(&desk, 2, 2, &nik(2));
    sheet.sign_captures(&devices);
    let other = Person::new(2).finger(Finger::RightIndex, &Impression::usual(9));
    sheet.put(Finger::RightIndex, &other);
    let found = outcome(&district, &desk, &sheet).await;
    refused(found, "device_image_differs", "a picture whose digest is not the signed one");

    let mut sheet = Sheet::new(&desk, 3, 2, &nik(2));
    sheet.sign_captures(&devices);
    sheet.claim(Finger::LeftThumb, 90);
    refused(outcome(&district, &desk, &sheet).await, "itl_differs", "a better score than the signed one");

    let mut sheet = Sheet::new(&desk, 4, 2, &nik(2));
    sheet.sign_captures(&devices);
    for answers in sheet.devices.as_object_mut().unwrap().values_mut() {
        if let Some(jws) = answers.get_mut(0) {
            let text = jws.as_str().unwrap();
            let (signed, signature) = text.rsplit_once('.').unwrap();
            *jws = json!(format!("{signed}.{}", signature.chars().rev().collect::<String>()));
        }
    }
    refused(outcome(&district, &desk, &sheet).await, "device_evidence", "a signature that does not hold");

    let mut sheet = Sheet::new(&desk, 5, 2, &nik(2));
    sheet.sign_captures(&devices);
    for attempt in sheet.evidence["capture"]["attempts"].as_array_mut().unwrap() {
        let at: jiff::Timestamp = attempt["at"].as_str().unwrap().parse().unwrap();
        attempt["at"] = json!(at - jiff::SignedDuration::from_hours(2));
    }
    refused(outcome(&district, &desk, &sheet).await, "time_impossible", "evidence of another hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_that_names_makers_asks_for_their_signature_on_every_finger_and_eye() {
    let devices = Authority::new("Uji").unwrap();
    let mut district = District::closed(|_| {}).await;
    std::fs::write(district.folder.path().join("keys/devices.pem"), devices.ca_pem()).unwrap();
    district.centre = Centre::open(district.folder.path()).await.expect("the centre opens again");
    district.serving = Some(Serving::start(district.centre.clone()).await.expect("and serves"));
    let desk = district.desk("UJI-01").await;

    let sheet = Sheet::new(&desk, 1, 1, &nik(1));
    refused(outcome(&district, &desk, &sheet).await, "device_evidence", "nothing signed");
    let mut sheet = Sheet::new(&desk, 2, 1, &nik(1));
    sheet.sign_captures(&Authority::new("Lain").unwrap());
    refused(outcome(&district, &desk, &sheet).await, "device_evidence", "signed by somebody else's devices");
    let mut sheet = Sheet::new(&desk, 3, 1, &nik(1));
    sheet.sign_captures(&devices);
    for answers in sheet.devices.as_object_mut().unwrap().values_mut() {
        answers.as_array_mut().unwrap().pop();
    }
    refused(outcome(&district, &desk, &sheet).await, "device_evidence", "one finger of each hand left out");
    let mut sheet = Sheet::new(&desk, 4, 1, &nik(1));
    sheet.sign_captures(&devices);
    let found = outcome(&district, &desk, &sheet).await;
    assert_eq!(found.1, "PRINT_READY_RECORD", "all of it signed by a maker that is named: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_warning_names_counts_no_more_at_the_centre_either() {
    use domain::capture::{CaptureState, Target, Warning, WarningAnswer};
    use domain::ids::CaptureId;

    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let left = Target::Slap(domain::Slap::LeftFour);
    let with_a_wrong_hand = |sequence, named: bool| {
        let mut sheet = Sheet::new(&desk, sequence, sequence, &nik(sequence));
        let mut state: CaptureState = serde_json::from_value(sheet.evidence["capture"].clone()).unwrap();
        let at = state.attempts.iter().position(|attempt| attempt.target == left).unwrap();
        let mut wrong = state.attempts[at].clone();
        wrong.id = CaptureId::new(Uuid::now_v7());
        wrong.parts.iter_mut().for_each(|part| part.score = 90);
        if named {
            state.warnings.push(WarningAnswer {
                warning: Warning::SameFingerTwice { a: Finger::RightIndex, b: Finger::LeftIndex },
                attempts: vec![wrong.id],
                search: None,
                note: "tangan keliru, diulang".into(),
                at: wrong.at,
            });
        }
        state.attempts.insert(at, wrong);
        sheet.evidence["capture"] = serde_json::to_value(&state).unwrap();
        sheet
    };
    let (_, status, _) = outcome(&district, &desk, &with_a_wrong_hand(1, true)).await;
    assert_eq!(status, "PRINT_READY_RECORD", "the file has the newer one");
    let sheet = with_a_wrong_hand(2, false);
    refused(
        outcome(&district, &desk, &sheet).await,
        "capture_incomplete",
        "the better one has no second match",
    );
}
