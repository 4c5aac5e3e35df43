//! The content of the packet's three parts, gathered from the store.

use biometrics::format::itl::{
    Cga, EyeEntry, EyeMissing, FingerEntry, FingerMissing, Picture, Score, Transaction, Vector,
};
use biometrics::format::{finger, iris};
use devices::driver::signature::strokes::Strokes;
use domain::capture::{ExceptionReason, Part, Target};
use domain::finger::Finger;
use domain::image::GrayImage;
use domain::register::Checkpoint;
use domain::{Eye, Unsur};
use packet::Entry;
use serde_json::json;

use crate::capture::exceptions::core_part;
use crate::pages::{as_sealed, go_into_a_part};
use crate::session::Desk;
use crate::visit::{Visit, iso, to_json};
use crate::{Error, Result, Station};

/// Entries by part.
pub(super) struct Entries {
    pub id: Vec<Entry>,
    pub bio: Vec<Entry>,
    pub dok: Vec<Entry>,
}

fn unusable(what: &'static str) -> impl Fn(String) -> Error {
    move |reason| Error::Picture { what, reason }
}

/// What the exchange file says of JPEG 2000: lossless only when the codestream bears it out, whatever the record says.
fn jpeg2000_cga(image: &[u8]) -> Cga {
    if biometrics::codec::is_reversible_jpeg2000(image) { Cga::Jpeg2000Lossless } else { Cga::Jpeg2000 }
}

fn finger_cga(compression: finger::Compression, image: &[u8]) -> Cga {
    match compression {
        finger::Compression::Raw => Cga::None,
        finger::Compression::Wsq => Cga::Wsq,
        finger::Compression::Jpeg => Cga::Jpeg,
        finger::Compression::Jpeg2000 => Cga::Jpeg2000,
        finger::Compression::Jpeg2000Lossless => jpeg2000_cga(image),
        finger::Compression::Png => Cga::Png,
    }
}

fn key<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(_) | Err(_) => String::new(),
    }
}

impl Station {
    /// Everything that is sealed, in the fixed names of `docs/protocols/packet.md`.
    pub(super) fn recording(
        &self,
        desk: &Desk,
        visit: &Visit,
        form: i64,
        head: Option<&Checkpoint>,
    ) -> Result<Entries> {
        let id = visit.id();
        let limits = self.rules().thresholds;
        let state = &visit.state;
        let answers = self.answers(desk, visit)?;
        let biodata: serde_json::Map<String, serde_json::Value> =
            visit.biodata.iter().map(|(unsur, value)| (unsur.key().to_owned(), json!(value))).collect();
        let attested = json!({
            "format": "rekam-biodata/1",
            "permohonan": id.to_string(),
            "ticket": visit.row.ticket,
            "kind": key(&state.plan.kind),
            "biodata": biodata,
            "confirmed_at": state.attestation.confirmed_at().map(iso),
            "answer": state.attestation.answer,
            "read_aloud_at": state.attestation.read_aloud_at.map(iso),
        });
        let record = json!({
            "format": "rekam-evidence/1",
            "operator": desk.session.operator.as_str(),
            "capture": state.capture,
            "verification": state.verification,
            "left_out": answers.left_out,
            "thresholds": limits,
            "register": head.map(|head| json!({"row": head.row, "hash": head.hash.hex()})),
            "program": env!("CARGO_PKG_VERSION"),
            "tables": desk.tables.versions().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        });
        let mut part_id = vec![
            Entry::new("biodata.json", "application/json", to_json("biodata", &attested)?.into_bytes()),
            Entry::new("evidence.json", "application/json", to_json("evidence", &record)?.into_bytes()),
        ];
        if let Some(head) = head {
            let lines = desk.store.read(|view| view.register_between(view.register_told()?, head.row))?;
            let stretch = packet::RegisterStretch::of(lines, id);
            let bytes = to_json("register", &stretch)?.into_bytes();
            part_id.push(Entry::new(packet::REGISTER_FILE, "application/json", bytes));
        }
        if let Some(portrait) = self.best_image(desk, visit, Target::Portrait, "portrait")? {
            part_id.push(Entry::new("portrait.jpg", "image/jpeg", portrait));
        }
        // The specimen goes on the card; what stands under the attestation says only that the data are right.
        let signed = [
            ("signature", self.specimen(desk, visit)?),
            ("attestation", self.attested_strokes(desk, visit)?),
        ];
        for (name, row) in signed {
            let Some(row) = row else { continue };
            part_id.push(Entry::new(format!("{name}.png"), "image/png", row.image));
            part_id.push(Entry::new(
                format!("{name}.json"),
                "application/json",
                row.strokes_json.into_bytes(),
            ));
        }
        let itl = self.itl(desk, visit)?;
        let bio = vec![
            Entry::new("recording.an2", "application/x-ansi-nist-itl", itl),
            Entry::new(
                "evidence.json",
                "application/json",
                serde_json::Value::Object(answers.sent).to_string().into_bytes(),
            ),
        ];
        let pdf = desk.store.read(|view| view.document_pdf(form))?;
        let mut dok = vec![Entry::new("formulir-perekaman.pdf", "application/pdf", pdf)];
        for paper in desk.store.read(|view| view.berkas(id))? {
            for page in crate::requirements::pages_in_force(desk, visit, &paper)? {
                let name = format!("{}-{}.jpg", paper.code.replace('_', "-"), page.seq);
                dok.push(Entry::new(name, page.media_type, as_sealed(page.image)));
            }
        }
        let exceptions = desk.store.read(|view| view.exceptions(id))?;
        for row in exceptions.iter().filter(|row| row.withdrawn_ms == 0 && row.photo_bytes > 0) {
            // Of a part that was captured after all there is no exception to prove.
            if core_part(row).and_then(|part| visit.state.capture.exception(part)).is_none() {
                continue;
            }
            let photo = desk.store.read(|view| view.exception_photo(row.id))?;
            dok.push(Entry::new(format!("pengecualian-{}.jpg", row.id), "image/jpeg", as_sealed(photo)));
        }
        go_into_a_part(&dok)?;
        Ok(Entries { id: part_id, bio, dok })
    }

    /// One picture of the attempt that counts; none of what this visit's plan does not take.
    pub(crate) fn best_image(
        &self,
        desk: &Desk,
        visit: &Visit,
        target: Target,
        part: &str,
    ) -> Result<Option<Vec<u8>>> {
        if !visit.state.plan.capture.takes(target) {
            return Ok(None);
        }
        let id = visit.id();
        let limits = self.rules().thresholds;
        let Some(best) = visit.state.capture.best(target, &limits) else { return Ok(None) };
        let wanted = best.id.to_string();
        let samples = desk.store.read(|view| view.samples(id))?;
        let Some(sample) = samples.iter().find(|sample| sample.attempt == wanted) else { return Ok(None) };
        let images = desk.store.read(|view| view.sample_images(sample.id))?;
        // What the retention rule has emptied is no picture.
        let image = images.into_iter().find(|image| image.part == part && !image.image.is_empty());
        Ok(image.map(|image| image.image))
    }

    /// The ANSI/NIST-ITL file; the same visit gives the same bytes.
    pub(super) fn itl(&self, desk: &Desk, visit: &Visit) -> Result<Vec<u8>> {
        let state = &visit.state;
        let at = state.attestation.confirmed_at().unwrap_or(desk.now);
        let local = self.day_of(at);
        let date = format!("{:04}{:02}{:02}", local.year(), local.month(), local.day());
        let gmt: String = iso(at).chars().filter(char::is_ascii_digit).collect::<String>() + "Z";
        let code = crate::held(&self.door).roster.station_code.clone();
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default().to_owned();
        let text: Vec<(u16, String)> = [
            Unsur::Nik,
            Unsur::NomorKk,
            Unsur::Nama,
            Unsur::TempatLahir,
            Unsur::TanggalLahir,
            Unsur::JenisKelamin,
        ]
        .into_iter()
        .zip(3u16..)
        .map(|(unsur, number)| (number, get(unsur)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
        let portrait = match self.best_image(desk, visit, Target::Portrait, "portrait")? {
            Some(jpeg) => {
                let probe = biometrics::codec::probe(&jpeg, &biometrics::codec::Limits::default())
                    .map_err(|error| unusable("portrait")(error.to_string()))?;
                Some(Picture {
                    width: u16::try_from(probe.width).unwrap_or(u16::MAX),
                    height: u16::try_from(probe.height).unwrap_or(u16::MAX),
                    ppi: 0,
                    cga: Cga::Jpeg,
                    data: jpeg,
                })
            }
            None => None,
        };
        let mut fingers = Vec::new();
        let mut eyes = Vec::new();
        if state.plan.capture.biometrics() {
            for finger in Finger::ALL {
                fingers.push(self.finger_entry(desk, visit, finger)?);
            }
            for eye in Eye::ALL {
                eyes.push(self.eye_entry(desk, visit, eye)?);
            }
        }
        let id = visit.id();
        let signature = match self.specimen(desk, visit)? {
            Some(row) => {
                let strokes: Strokes = serde_json::from_str(&row.strokes_json)
                    .map_err(|source| Error::Stored { what: "strokes", source })?;
                vectors(&strokes)
            }
            None => Vec::new(),
        };
        let transaction = Transaction {
            kind: "KTPEL".into(),
            control_number: id.to_string().replace('-', "").chars().take(32).collect(),
            destination: "PUSAT".into(),
            origin: code.clone(),
            source: code,
            date,
            gmt,
            domain: Some(("REKAM".into(), "1.0".into())),
            priority: 5,
            text,
            portrait,
            fingers,
            eyes,
            signature,
        };
        transaction.write().map_err(|error| unusable("ansi_nist")(error.to_string()))
    }

    fn finger_entry(&self, desk: &Desk, visit: &Visit, finger: Finger) -> Result<FingerEntry> {
        let limits = self.rules().thresholds;
        let capture = &visit.state.capture;
        let target = Target::Slap(finger.slap());
        if let Some(exception) = capture.exception(Part::Finger(finger)) {
            let missing = match exception.reason {
                ExceptionReason::Amputated => FingerMissing::Amputated,
                _ => FingerMissing::UnableToPrint,
            };
            return Ok(FingerEntry {
                finger,
                content: Err(missing),
                impression: 0,
                quality: Vec::new(),
                comment: None,
            });
        }
        let record =
            self.best_image(desk, visit, target, &key(&finger))?.ok_or(Error::NotFound { what: "finger" })?;
        let read = finger::read(&record).map_err(|error| unusable("finger")(error.to_string()))?;
        let score = capture.best(target, &limits).and_then(|attempt| attempt.score_of(Part::Finger(finger)));
        let note = capture.low_note(target, &limits);
        Ok(FingerEntry {
            finger,
            content: Ok(match read.compression {
                finger::Compression::Raw => png_of(read.width, read.height, read.ppi, read.image)?,
                compression => Picture {
                    width: read.width,
                    height: read.height,
                    ppi: read.ppi,
                    cga: finger_cga(compression, &read.image),
                    data: read.image,
                },
            }),
            impression: read.impression,
            // NFIQ 2 as the device reports it; the vendor number is not registered here.
            quality: score.map(|value| Score { value, vendor: 0, algorithm: 1 }).into_iter().collect(),
            comment: comment_of(score, limits.of(Part::Finger(finger)), note),
        })
    }

    fn eye_entry(&self, desk: &Desk, visit: &Visit, eye: Eye) -> Result<EyeEntry> {
        let limits = self.rules().thresholds;
        let capture = &visit.state.capture;
        let target = Target::Eye(eye);
        if let Some(exception) = capture.exception(Part::Eye(eye)) {
            let missing = match exception.reason {
                ExceptionReason::MissingOrBlind => EyeMissing::MissingOrDestroyed,
                _ => EyeMissing::UnableToCapture,
            };
            return Ok(EyeEntry {
                eye,
                content: Err(missing),
                quality: Vec::new(),
                diameter: None,
                comment: None,
            });
        }
        let record =
            self.best_image(desk, visit, target, &key(&eye))?.ok_or(Error::NotFound { what: "iris" })?;
        let read = iris::read(&record).map_err(|error| unusable("iris")(error.to_string()))?;
        let coded = |cga, data| Picture { width: read.width, height: read.height, ppi: 0, cga, data };
        let content = match read.data {
            iris::IrisData::Raw => png_of(read.width, read.height, 0, read.image)?,
            iris::IrisData::Jpeg2000 => coded(jpeg2000_cga(&read.image), read.image),
            iris::IrisData::Png => coded(Cga::Png, read.image),
        };
        let score = capture.best(target, &limits).and_then(|attempt| attempt.score_of(Part::Eye(eye)));
        let note = capture.low_note(target, &limits);
        Ok(EyeEntry {
            eye,
            content: Ok(content),
            quality: score.map(|value| Score { value, vendor: 0, algorithm: 1 }).into_iter().collect(),
            diameter: read.diameter.map(|(least, _)| least),
            comment: comment_of(score, limits.of(Part::Eye(eye)), note),
        })
    }
}

/// The note of a low quality stands only with what is low: of the fingers of a slap, not with the good ones beside it.
fn comment_of(score: Option<u8>, limit: u8, note: Option<&str>) -> Option<String> {
    score.filter(|score| *score < limit).and(note).map(str::to_owned)
}

/// Bare pixels of a device as PNG, without loss: the exchange file names a coding for every image.
fn png_of(width: u16, height: u16, ppi: u16, pixels: Vec<u8>) -> Result<Picture> {
    let image = GrayImage::new(width.into(), height.into(), pixels)
        .ok_or_else(|| unusable("raw")("raw picture has another size".into()))?;
    let data = biometrics::codec::encode_png_gray(&image, (ppi > 0).then(|| ppi.into()))
        .map_err(|error| unusable("raw")(error.to_string()))?;
    Ok(Picture { width, height, ppi, cga: Cga::Png, data })
}

/// Strokes as Type-8 vectors: thousandths of an inch from the lower left corner.
fn vectors(strokes: &Strokes) -> Vec<Vector> {
    let Some((left, top, right, bottom)) = strokes.bounds() else { return Vec::new() };
    let dpi = i64::from(strokes.dpi.max(1));
    let mils =
        |units: i32| u16::try_from((i64::from(units) * 1000 / dpi).clamp(0, 65_535)).unwrap_or(u16::MAX);
    let _ = (top, right);
    strokes
        .samples
        .iter()
        .map(|sample| Vector {
            x: mils(sample.x.saturating_sub(left)),
            y: mils(bottom.saturating_sub(sample.y)),
            pressure: match (sample.down, sample.pressure) {
                (false, _) => 0,
                (true, None) => 1,
                (true, Some(pressure)) => u8::try_from((pressure / 4).clamp(2, 254)).unwrap_or(254),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Cga, comment_of, finger, finger_cga, jpeg2000_cga};

    /// A pattern as JPEG 2000 by the encoder of another house.
    fn jpeg_2000(how: &[&str]) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let (pgm, out) = (dir.path().join("a.pgm"), dir.path().join("a.jp2"));
        let level = |x: u32, y: u32| u8::try_from((x * 7 + y * y) % 256).unwrap();
        let pixels = (0..96u32).flat_map(|y| (0..80u32).map(move |x| level(x, y)));
        let file: Vec<u8> = b"P5\n80 96\n255\n".iter().copied().chain(pixels).collect();
        std::fs::write(&pgm, file).unwrap();
        let mut opj = std::process::Command::new("opj_compress");
        let run = opj.arg("-i").arg(&pgm).arg("-o").arg(&out).args(how).output();
        assert!(run.expect("scripts/setup installs it").status.success(), "opj_compress {how:?}");
        std::fs::read(&out).unwrap()
    }

    #[test]
    fn the_exchange_file_says_of_each_picture_of_a_scanner_how_it_is_coded_whatever_its_record_claims() {
        use finger::Compression as C;
        let (whole, lossy) = (jpeg_2000(&[]), jpeg_2000(&["-I", "-r", "10"]));
        let said = [
            (C::Jpeg2000Lossless, &whole, Cga::Jpeg2000Lossless),
            (C::Jpeg2000Lossless, &lossy, Cga::Jpeg2000),
            (C::Jpeg2000, &lossy, Cga::Jpeg2000),
            (C::Wsq, &lossy, Cga::Wsq),
            (C::Jpeg, &lossy, Cga::Jpeg),
            (C::Png, &whole, Cga::Png),
            (C::Raw, &whole, Cga::None),
        ];
        for (record, image, expected) in said {
            assert_eq!(finger_cga(record, image), expected, "{record:?}");
        }
        assert_eq!(
            jpeg2000_cga(&whole),
            Cga::Jpeg2000Lossless,
            "of an iris, whose record says only JPEG 2000"
        );
        assert_eq!(jpeg2000_cga(&lossy), Cga::Jpeg2000);
    }

    #[test]
    fn a_note_of_low_quality_stands_with_what_is_low_and_only_there() {
        let note = Some("jari kering");
        assert_eq!(comment_of(Some(31), 40, note).as_deref(), note, "the finger it was accepted for");
        assert_eq!(comment_of(Some(40), 40, note), None, "the good one beside it");
        assert_eq!(comment_of(Some(31), 40, None), None, "nobody accepted anything");
        assert_eq!(comment_of(None, 40, note), None, "nothing was measured");
    }
}
