//! The QR codes of the papers: read back from the printed page by two readers, and what none of them may carry.

use documents::*;

use crate::reader::zbar;
use crate::{formulir, render, sample};

fn scanned(paper: &Paper, page: usize) -> Vec<String> {
    let press = Press::new();
    let rendered = press.render(paper).expect("set");
    let png = press.page_png(&rendered, page, 200.0).expect("page");
    read(&image::load_from_memory(&png).expect("PNG").to_luma8())
}

fn read(picture: &image::GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    read_codes(&domain::image::GrayImage { width, height, pixels: picture.as_raw().clone() })
}

/// A page as the camera of a counter sees it: 1280 × 720, the part around the code as high as the picture, a JPEG.
fn held_up(page: &image::GrayImage, corner: (u32, u32)) -> image::GrayImage {
    let near = image::imageops::crop_imm(page, corner.0, corner.1, 433, 520).to_image();
    let near = image::imageops::resize(&near, 559, 672, image::imageops::FilterType::Triangle);
    let mut frame = image::GrayImage::from_pixel(1280, 720, image::Luma([150]));
    image::imageops::replace(&mut frame, &near, 360, 24);
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 80).encode_image(&frame).expect("JPEG");
    image::load_from_memory(&jpeg).expect("JPEG").to_luma8()
}

#[test]
fn each_of_many_codes_is_read_at_the_counter() {
    let press = Press::new();
    for number in 0..24_u32 {
        // As long as the seal of a letter, and another one each time.
        let text: String = std::iter::successors(Some(number.wrapping_mul(2_654_435_761).max(1)), |last| {
            Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223))
        })
        .map(|word| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh"[(word >> 27) as usize]))
        .take(170)
        .collect();
        let slip = TandaPengambilan { qr: text.clone(), ..sample::later::pickup() };
        let paper = sample::paper(Sheet::TandaPengambilan(Box::new(slip)), false);
        let rendered = press.render(&paper).expect("set");
        let png = press.page_png(&rendered, 1, 200.0).expect("page");
        let page = image::load_from_memory(&png).expect("PNG").to_luma8();
        assert_eq!(read(&held_up(&page, (748, 94))), [text], "code {number}");
    }
}

#[test]
fn the_codes_on_paper_scan_to_what_was_given() {
    let paper = formulir(|_| {});
    assert_eq!(scanned(&paper, 1), ["REKAM1:FP:26-1123-016:9c4107be52d8e610"], "a scanner reads the form");
    let training = Paper { training: true, ..paper };
    assert_eq!(
        scanned(&training, 1),
        ["LATIHAN:REKAM1:FP:26-1123-016:9c4107be52d8e610"],
        "and knows training"
    );
    let register = sample::paper(Sheet::HalamanRegister(Box::new(sample::register(38))), false);
    assert_eq!(
        scanned(&register, 2),
        [sample::register(38).checkpoint.qr],
        "the last page carries the checkpoint"
    );
}

#[test]
fn a_code_with_a_nik_is_refused() {
    let press = Press::new();
    for qr in ["REKAM1:1804015403089002", "KK 1813 0121 0615 9004"] {
        let set = press.render(&formulir(|sheet| sheet.qr = qr.into()));
        assert!(matches!(set, Err(Error::NikInQr)), "{qr} would give a number away");
    }
}

/// A seal as a station makes it: 98 bytes and more, which is the size that must still be read from paper.
fn seal(training: bool) -> String {
    use domain::seal::{Checksum, KeyId, Kind, Seal, text};
    let kind = Kind::TandaPengambilan;
    let values: Vec<&str> = kind.labels().iter().map(|_| "X").collect();
    let seal = Seal {
        kind,
        number: "470/0318/SKT/18.13/XI/2026".into(),
        issued: domain::Date::constant(2026, 11, 23),
        until: None,
        training,
        checksum: Checksum::of(kind, &values).expect("fields"),
    };
    text(&seal.to_sign(KeyId([1, 2, 3, 4])).expect("fits"), &[0xa5; 64]).expect("text")
}

/// The papers that carry a seal, with that seal.
fn sealed(training: bool) -> Vec<(&'static str, usize, Paper)> {
    let qr = seal(training);
    let sheets = [
        (
            "tanda-pengambilan",
            2,
            Sheet::TandaPengambilan(Box::new(TandaPengambilan { qr: qr.clone(), ..sample::later::pickup() })),
        ),
        (
            "surat-keterangan",
            1,
            Sheet::SuratKeterangan(Box::new(SuratKeterangan { qr: qr.clone(), ..sample::later::suket() })),
        ),
        (
            "berita-acara",
            1,
            Sheet::BeritaAcara(Box::new(BeritaAcara { qr: qr.clone(), ..sample::later::minutes() })),
        ),
        (
            "berkas-permohonan",
            1,
            Sheet::BerkasPermohonan(Box::new(BerkasPermohonan { qr: qr.clone(), ..sample::later::folder() })),
        ),
        (
            "laporan-harian",
            1,
            Sheet::LaporanHarian(Box::new(LaporanHarian { qr: qr.clone(), ..sample::later::daily() })),
        ),
        ("laporan", 1, Sheet::Laporan(Box::new(Laporan { qr: qr.clone(), ..sample::later::report() }))),
        (
            "laporan-stok",
            1,
            Sheet::LaporanStok(Box::new(LaporanStok { qr: qr.clone(), ..sample::later::stock() })),
        ),
        (
            "formulir-perekaman",
            1,
            Sheet::FormulirPerekaman(Box::new(FormulirPerekaman { qr: qr.clone(), ..sample::formulir() })),
        ),
        (
            "slip-pengembalian",
            1,
            Sheet::SlipPengembalian(Box::new(SlipPengembalian { qr: qr.clone(), ..sample::slip() })),
        ),
        ("slip-status", 1, Sheet::SlipStatus(Box::new(SlipStatus { qr, ..sample::later::told() }))),
    ];
    sheets.into_iter().map(|(name, count, sheet)| (name, count, sample::paper(sheet, training))).collect()
}

#[test]
fn an_independent_reader_reads_every_seal_from_the_printed_page() {
    for training in [false, true] {
        for (name, count, paper) in sealed(training) {
            let read = zbar(&render(&paper).pdf);
            assert_eq!(read, vec![seal(training); count], "{name}, training {training}");
            assert!(read.iter().all(|text| text.starts_with("LATIHAN:") == training), "{name}");
        }
    }
}

#[test]
fn each_day_of_the_book_carries_its_checkpoint_for_another_reader() {
    let mut book = sample::later::book();
    for (at, day) in book.days.iter_mut().enumerate() {
        day.checkpoint.qr = format!("REKAM-REG1:18.13-02:{at}");
    }
    let read = zbar(&render(&sample::paper(Sheet::BukuRegister(Box::new(book)), false)).pdf);
    assert_eq!(read, ["REKAM-REG1:18.13-02:0", "REKAM-REG1:18.13-02:1"], "one for each day, in order");
}

#[test]
fn a_seal_of_training_never_stands_on_a_real_paper_nor_the_other_way_round() {
    for (paper, seal_of) in [(false, true), (true, false)] {
        let sheet = TandaPengambilan { qr: seal(seal_of), ..sample::later::pickup() };
        let set = Press::new().render(&sample::paper(Sheet::TandaPengambilan(Box::new(sheet)), paper));
        assert!(matches!(set, Err(Error::TrainingQr)), "paper {paper}, seal {seal_of}: {set:?}");
    }
}
