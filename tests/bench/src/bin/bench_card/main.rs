//! What a card costs this computer: writing the chip beside the time of its APDUs alone, and the host's own share of a card
//! without the printer's and the chip's time. `bench_card [rounds]`, 12 by default. Prints JSON lines {name, value, unit,
//! reference, ratio}.
//!
//! The chip is the training card on the virtual reader of a real pcscd, which is started when none runs; every step stands
//! in the journal of a real, encrypted store (`ledger.rs`) before the card hears of it, as in the station. It is written twice:
//! at the pace of a contactless card (ISO/IEC 14443, 106 kbit/s), and by a card that answers at once, where the host's own
//! time has nothing to hide behind.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

mod ledger;

use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::driver::card::chip::{Talk, personalise};
use devices::driver::card::personaliser::{ChipJob, WrittenHow};
use devices::driver::card::sam::SoftSam;
use devices::driver::card_printer::evolis::{EvolisPrinter, Settings};
use devices::driver::card_printer::{CardJob, CardRaster, JobId};
use devices::protocol::personalisation::{CardData, Field, Profile};
use devices::transport::pcsc::{ApduChannel, PcscLink};
use devices::{Budget, CardPrinter, Fault};
use documents::{CardFace, CardPrinter as Offsets, CardTemplate, Picture, Press};
use domain::image::RgbImage;
use ledger::Books;
use sim::FaultPlan;
use sim::evolis::EvolisSim;
use sim::vcard::{Pcscd, TrainingChip, VCard, VirtualCard, vpcd_port};

const READER: &str = "Virtual PCD 00 00";
const LONG: Duration = Duration::from_secs(120);

/// Passes commands on and keeps the time that the card and its reader took.
struct Timed<'a> {
    card: &'a mut dyn ApduChannel,
    spent: Duration,
    apdus: u32,
}

impl ApduChannel for Timed<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Fault> {
        let started = Instant::now();
        let answer = self.card.transmit(command);
        self.spent += started.elapsed();
        self.apdus += 1;
        answer
    }
}

/// A card whose bytes take the time that they take through the air.
struct Paced<C>(C);

impl<C: VirtualCard> VirtualCard for Paced<C> {
    fn atr(&self) -> Vec<u8> {
        self.0.atr()
    }

    fn reset(&mut self) {
        self.0.reset();
    }

    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let started = Instant::now();
        let answer = self.0.answer(command)?;
        std::thread::sleep(air(command.len(), answer.len()).saturating_sub(started.elapsed()));
        Some(answer)
    }
}

/// Time of one command and its answer at 13.56 MHz / 128: nine bits a byte, and three bytes of ISO/IEC 14443-4 around each
/// block. The card's own time for its memory is left out.
fn air(command: usize, answer: usize) -> Duration {
    let bits = (command + 3 + answer + 3) * 9;
    Duration::from_secs_f64(bits as f64 * 128.0 / 13_560_000.0)
}

fn main() {
    let rounds: u32 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(12).max(1);
    let folder = tempfile::tempdir_in(".").unwrap();
    let books = Books::open(folder.path(), 2 * rounds);
    let _service = Pcscd::start().unwrap();
    let (press, template, offsets) = (Press::new(), CardTemplate::training().unwrap(), Offsets::default());
    let sim = EvolisSim::start([0], FaultPlan::new()).unwrap();
    sim.refill(rounds + 2, rounds + 2);
    let printer = EvolisPrinter::new(Settings {
        service: sim.address(),
        printer: "Evolis Primacy 2".into(),
        print_settings: "GRibbonType=RC_YMCKO".into(),
    });
    // Warm: the first face loads fonts.
    press.card(&face(rounds + 1), &template, &offsets).unwrap();
    let (mut air, mut bare, mut host) = (Chips::default(), Chips::default(), Vec::new());
    for round in 0..rounds {
        let started = Instant::now();
        let print = press.card(&face(round), &template, &offsets).unwrap();
        let front = CardRaster::from_png(&print.png).unwrap();
        let raster = started.elapsed();
        let job = CardJob { id: JobId::parse(&format!("bench-{round}")).unwrap(), front, keep_inside: false };
        let started = Instant::now();
        printer.submit(&job, &Budget::of(LONG)).unwrap();
        let submit = started.elapsed();
        while !printer.poll(&job.id, &Budget::of(LONG)).unwrap().is_final() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let own =
            air.write(round, &books, |chip| VCard::insert(vpcd_port().unwrap(), Paced(chip.laid()), LONG));
        host.push(ms(raster + submit + own));
        bare.write(rounds + round, &books, |chip| VCard::insert(vpcd_port().unwrap(), chip.laid(), LONG));
    }
    air.tell("chip written, read back and finalised, at 106 kbit/s");
    bare.tell("chip written, read back and finalised, by a card that answers at once");
    let host = median(host);
    println!(
        "{}",
        serde_json::json!({"name": "host time per card: face, print job, chip without its APDUs", "value": host, "unit": "ms",
            "reference": 300, "reference_name": "aim", "ratio": host / 300.0, "cards": rounds})
    );
}

/// Chips written in one way.
#[derive(Default)]
struct Chips {
    whole: Vec<f64>,
    apdu: Vec<f64>,
    ratios: Vec<f64>,
    apdus: u32,
}

impl Chips {
    /// Writes one more; its time without that of the APDUs.
    fn write(
        &mut self,
        number: u32,
        books: &Books,
        lay: impl FnOnce(&TrainingChip) -> std::io::Result<VCard>,
    ) -> Duration {
        let (total, spent, count) = write_chip(number, books, lay);
        self.whole.push(ms(total));
        self.apdu.push(ms(spent));
        self.ratios.push(ms(total) / ms(spent));
        self.apdus = count;
        total.saturating_sub(spent)
    }

    fn tell(self, name: &str) {
        let cards = self.whole.len();
        println!(
            "{}",
            serde_json::json!({"name": name, "value": median(self.whole), "unit": "ms", "reference": median(self.apdu),
                "reference_name": "its APDUs alone", "ratio": median(self.ratios), "aim_ratio": 1.3, "apdus": self.apdus, "cards": cards})
        );
    }
}

/// Whole time, time of the APDUs, their number.
fn write_chip(
    number: u32,
    books: &Books,
    lay: impl FnOnce(&TrainingChip) -> std::io::Result<VCard>,
) -> (Duration, Duration, u32) {
    let profile = Arc::new(Profile::training().unwrap());
    let chip = TrainingChip::blank(profile.clone(), number + 1);
    let card = lay(&chip).unwrap();
    let mut link = PcscLink::new();
    let until = Instant::now() + LONG;
    let atr = loop {
        match link.look(READER) {
            Ok(Some(atr)) => break atr,
            _ => assert!(Instant::now() < until, "the card is seen in {READER}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let data = data(number);
    let journal = Arc::new(books.of(number, &profile, &data));
    let job = ChipJob {
        profile: profile.clone(),
        data,
        history: Vec::new(),
        journal: journal.clone(),
        progress: None,
    };
    let budget = Budget::of(LONG);
    let measured = link
        .with_card_reset(READER, |card| {
            let mut timed = Timed { card, spent: Duration::ZERO, apdus: 0 };
            let started = Instant::now();
            let mut sam = SoftSam::new(&profile).unwrap();
            let mut talk = Talk::new(&mut timed, &budget);
            let (how, log) = personalise(&mut talk, &mut sam, &job, &atr).unwrap();
            journal.finish(&serde_json::to_vec(&log).unwrap());
            let total = started.elapsed();
            assert_eq!(how, WrittenHow::Fresh);
            Ok((total, timed.spent, timed.apdus))
        })
        .unwrap();
    assert!(chip.is_finalised(), "whole");
    drop(card);
    while link.look(READER).is_ok_and(|atr| atr.is_some()) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    measured
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Another number each round, with a running number that no registration comes to.
fn nik(number: u32) -> String {
    format!("18130141{:02}00{}", number / 999 % 12 + 1, 9001 + number % 999)
}

/// Somebody who does not exist, with pictures as large as usual.
fn data(number: u32) -> CardData {
    use Field as F;
    let nik = nik(number);
    let texts = [
        (F::Nik, nik.as_str()),
        (F::Nama, "SITI CONTOH"),
        (F::TempatLahir, "KRUI"),
        (F::TanggalLahir, "01-02-2000"),
        (F::JenisKelamin, "PEREMPUAN"),
        (F::GolonganDarah, "O"),
        (F::Alamat, "JL. CONTOH 1"),
        (F::Rt, "001"),
        (F::Rw, "002"),
        (F::Kelurahan, "PASAR KRUI"),
        (F::Kecamatan, "PESISIR TENGAH"),
        (F::Kabupaten, "PESISIR BARAT"),
        (F::Provinsi, "LAMPUNG"),
        (F::Agama, "ISLAM"),
        (F::StatusPerkawinan, "BELUM KAWIN"),
        (F::Pekerjaan, "PELAJAR/MAHASISWA"),
        (F::Kewarganegaraan, "WNI"),
        (F::BerlakuHingga, "SEUMUR HIDUP"),
    ];
    let mut photo: Vec<u8> = (0..4000).map(|n| (n * 7 % 251) as u8).collect();
    photo.splice(..2, [0xFF, 0xD8]);
    photo.splice(3998.., [0xFF, 0xD9]);
    let data = texts.into_iter().fold(CardData::new(), |data, (field, text)| data.text(field, text));
    data.bytes(F::Photo, photo).bytes(F::Signature, vec![0x53; 800]).bytes(F::Minutiae1, vec![0x46; 260])
}

/// The same person's card face; another number each round, or the typesetter would remember it.
fn face(number: u32) -> CardFace {
    let pixels = (0..300u32 * 400).flat_map(|i| [(i % 251) as u8, (i / 300 % 256) as u8, 160]).collect();
    CardFace {
        province: "PROVINSI LAMPUNG".into(),
        regency: "KABUPATEN PESISIR BARAT".into(),
        nik: nik(number),
        name: "SITI CONTOH".into(),
        birth: "KRUI, 01-02-2000".into(),
        sex: "PEREMPUAN".into(),
        blood: "O".into(),
        address: "JL. CONTOH 1".into(),
        rt_rw: "001/002".into(),
        village: "PASAR KRUI".into(),
        district: "PESISIR TENGAH".into(),
        religion: "ISLAM".into(),
        marital: "BELUM KAWIN".into(),
        occupation: "PELAJAR/MAHASISWA".into(),
        nationality: "WNI".into(),
        valid: "SEUMUR HIDUP".into(),
        place: "PESISIR BARAT".into(),
        issued: "23-11-2026".into(),
        photo: Some(Picture::Rgb(RgbImage { width: 300, height: 400, pixels })),
        signature: None,
        training: true,
    }
}
