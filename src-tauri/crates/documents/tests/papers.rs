//! Every paper as a reader gets it: judged by poppler, by a QR reader and by its own bytes.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod sample;

use documents::*;
use std::path::Path;
use std::process::Command;

fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).expect("write");
    // pdfinfo takes the file alone; pdftotext writes to the standard output for `-`.
    let output: &[&str] = if program == "pdftotext" { &["-"] } else { &[] };
    let out = Command::new(program).args(arguments).arg(&file).args(output).output().expect("poppler runs");
    assert!(out.status.success(), "{program} refuses the PDF: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// The words of a PDF in reading order, one line per printed line, without layout.
fn words(pdf: &[u8]) -> String {
    let text = poppler("pdftotext", &["-raw", "-nopgbrk"], pdf).replace('\u{200b}', "");
    let lines: Vec<_> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    lines.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

fn render(paper: &Paper) -> Rendered {
    Press::new().render(paper).expect("a sound paper is set")
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn formulir(change: impl FnOnce(&mut FormulirPerekaman)) -> Paper {
    let mut sheet = sample::formulir();
    change(&mut sheet);
    sample::paper(Sheet::FormulirPerekaman(Box::new(sheet)), false)
}

/// Set REKAM_WRITE_GOLDEN to accept new wording after reading the difference.
#[test]
fn each_paper_says_exactly_the_words_that_were_agreed() {
    let press = Press::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, paper) in sample::all(false) {
        let said = words(&press.render(&paper).expect("set").pdf);
        let golden = folder.join(format!("{name}.txt"));
        if std::env::var_os("REKAM_WRITE_GOLDEN").is_some() {
            std::fs::write(&golden, &said).expect("write golden");
        }
        let agreed = std::fs::read_to_string(&golden).expect("golden words");
        assert_eq!(said, agreed, "the words of {name} changed");
    }
}

#[test]
fn each_paper_is_a4_and_embeds_its_fonts() {
    let press = Press::new();
    for (name, paper) in sample::all(true) {
        let rendered = press.render(&paper).expect("set");
        let info = flat(&poppler("pdfinfo", &[], &rendered.pdf));
        let size = if name == "halaman-register" {
            "841.89 x 595.276 pts (A4)"
        } else {
            "595.276 x 841.89 pts (A4)"
        };
        assert!(info.contains(size), "{name} must be A4: {info}");
        assert!(
            info.contains(&format!("Pages: {}", rendered.pages)),
            "{name}: the PDF has the pages we say: {info}"
        );
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    for ((name, once), (_, again)) in sample::all(true).into_iter().zip(sample::all(true)) {
        assert_eq!(render(&once).pdf, render(&again).pdf, "{name} must not hold a clock or chance");
    }
}

#[test]
fn a_training_paper_says_so_across_in_head_and_in_foot() {
    let press = Press::new();
    for (name, paper) in sample::all(true) {
        let rendered = press.render(&paper).expect("set");
        let real = press.render(&Paper { training: false, ..paper }).expect("set");
        let across = light_grey(&press, &rendered).saturating_sub(light_grey(&press, &real));
        assert!(across > 500, "{name}: LATIHAN stands across the page, found {across} pixels of it");
        let (said, real) = (words(&rendered.pdf), words(&real.pdf));
        assert!(said.matches("LATIHAN, tidak berlaku").count() >= 2, "{name}: head and foot say so: {said}");
        assert!(!real.contains("LATIHAN"), "{name}: a real paper never says LATIHAN");
        let numbered = real.contains("Nomor FP/") || real.contains("Nomor PB/") || real.contains("Nomor KP/");
        assert_eq!(said.contains("Nomor L-"), numbered, "{name}: a training number begins with L-: {said}");
    }
}

/// Pixels of the first page as light as the outlines of the mark.
fn light_grey(press: &Press, rendered: &Rendered) -> usize {
    let png = press.page_png(rendered, 1, 60.0).expect("page");
    let gray = image::load_from_memory(&png).expect("PNG").to_luma8();
    gray.pixels().filter(|pixel| (205..=230).contains(&pixel.0[0])).count()
}

#[test]
fn what_the_applicant_holds_says_that_it_is_free() {
    for (name, paper) in sample::all(false) {
        if ["halaman-register", "amplop-pemulihan"].contains(&name) {
            continue;
        }
        assert!(words(&render(&paper).pdf).contains("GRATIS"), "{name} must say GRATIS");
    }
}

#[test]
fn slip_and_register_show_no_full_nik() {
    for (name, paper) in sample::all(false) {
        if ["slip-pengembalian", "halaman-register"].contains(&name) {
            let digits: String = words(&render(&paper).pdf).split_whitespace().collect();
            assert!(!digits.contains("1804015403080002"), "{name} must mask the NIK");
            assert!(digits.contains("180401••••••0002"), "{name} shows the mask");
        }
    }
}

fn scanned(paper: &Paper, page: usize) -> Vec<String> {
    let press = Press::new();
    let rendered = press.render(paper).expect("set");
    let png = press.page_png(&rendered, page, 200.0).expect("page");
    let gray = image::load_from_memory(&png).expect("PNG").to_luma8();
    let (width, height) = (gray.width() as usize, gray.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        gray.get_pixel(x as u32, y as u32).0[0]
    });
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
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
    for qr in ["REKAM1:1804015403080002", "KK 1813 0121 0615 0004"] {
        let set = press.render(&formulir(|sheet| sheet.qr = qr.into()));
        assert!(matches!(set, Err(Error::NikInQr)), "{qr} would give a number away");
    }
}

#[test]
fn sixty_letters_and_more_stay_inside_the_page() {
    let long = "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYADHARI PUSPITASARI".to_owned();
    let unbroken = "W".repeat(130);
    let paper = formulir(|sheet| {
        sheet.name = long.clone();
        sheet.address = unbroken.clone();
        sheet.village = format!("{long} {long}");
        sheet.signature_caption = long.clone();
        sheet.officer = long.clone();
        sheet.exceptions = (0..9).map(|i| format!("jari {i}, {long}")).collect();
    });
    let rendered = render(&paper);
    let said = flat(&words(&rendered.pdf));
    assert!(said.contains("KUSUMANINGRAT"), "the name is there");
    assert_eq!(said.matches('W').count() - long_count(&said), 130, "no letter of the address is lost");
    for page in 1..=rendered.pages {
        assert_margins_are_white(&rendered, page);
    }
}

/// The letters W that do not belong to the unbroken address.
fn long_count(said: &str) -> usize {
    said.split(' ').filter(|word| word.chars().any(|c| c != 'W')).map(|word| word.matches('W').count()).sum()
}

/// Nothing within 5 mm of the edges: the mark of a line that ran away.
fn assert_margins_are_white(rendered: &Rendered, page: usize) {
    let png = Press::new().page_png(rendered, page, 96.0).expect("page");
    let gray = image::load_from_memory(&png).expect("PNG").to_luma8();
    let edge = 19;
    let (width, height) = gray.dimensions();
    let inked = gray.enumerate_pixels().find(|(x, y, pixel)| {
        pixel.0[0] < 200 && (*x < edge || *x >= width - edge || *y < edge || *y >= height - edge)
    });
    assert!(inked.is_none(), "page {page} prints into its margin at {inked:?}");
}

#[test]
fn no_paper_prints_into_its_margins() {
    let press = Press::new();
    for (_, paper) in sample::all(true) {
        let rendered = press.render(&paper).expect("set");
        (1..=rendered.pages).for_each(|page| assert_margins_are_white(&rendered, page));
    }
}

#[test]
fn empty_values_become_dashes_and_never_a_gap_to_write_in() {
    let paper = sample::paper(Sheet::FormulirPerekaman(Box::default()), false);
    let rendered = render(&paper);
    let said = words(&rendered.pdf);
    assert_eq!(rendered.pages, 1, "an empty form is still one page");
    assert!(said.contains("Nama lengkap : –"), "an absent name is a dash: {said}");
    assert!(said.contains("tidak ada\nfoto"), "an absent photo is said");
    let empty: [Sheet; 4] = [
        Sheet::SlipPengembalian(Box::default()),
        Sheet::FormulirF102(Box::default()),
        Sheet::HalamanRegister(Box::default()),
        Sheet::AmplopPemulihan(Box::default()),
    ];
    for sheet in empty {
        assert_eq!(render(&sample::paper(sheet, false)).pages, 1, "empty values never break a paper");
    }
}

#[test]
fn text_is_never_taken_for_markup() {
    let hostile = "#panic() *tebal* $x$ \\ <a> @b `c` {} [ ]";
    let said = words(&render(&formulir(|sheet| sheet.name = hostile.into())).pdf);
    assert!(said.contains(hostile), "a name is printed letter by letter: {said}");
}

#[test]
fn a_long_day_goes_over_pages_with_head_and_numbers() {
    let rendered = render(&sample::paper(Sheet::HalamanRegister(Box::new(sample::register(120))), false));
    let said = words(&rendered.pdf);
    assert!(rendered.pages >= 4, "120 lines do not fit on {} pages", rendered.pages);
    assert_eq!(
        said.matches("BUKU REGISTER DOKUMEN KTP-el").count(),
        rendered.pages,
        "each sheet has its head"
    );
    assert!(
        said.contains(&format!("Halaman {}, lembar 1 dari {}", 213, rendered.pages)),
        "numbered on: {said}"
    );
    assert_eq!(said.matches("Titik periksa rantai").count(), 1, "the checkpoint stands once, at the end");
}

#[test]
fn pictures_that_are_none_are_refused_with_their_place() {
    let press = Press::new();
    let truncated = {
        let Picture::Rgb(image) = sample::portrait() else { unreachable!("the sample is colour") };
        let mut png = std::io::Cursor::new(Vec::new());
        let buffer = image::RgbImage::from_raw(image.width, image.height, image.pixels).expect("samples");
        buffer.write_to(&mut png, image::ImageFormat::Png).expect("PNG");
        let png = png.into_inner();
        png[..png.len() / 2].to_vec()
    };
    for bytes in [b"GIF89a".to_vec(), vec![], truncated] {
        let set = press.render(&formulir(|sheet| sheet.photo = Some(Picture::Encoded(bytes))));
        assert!(matches!(set, Err(Error::Picture { place: "foto", .. })), "the place is named: {set:?}");
    }
}

#[test]
fn a_page_that_is_not_there_is_said() {
    let rendered = render(&formulir(|_| {}));
    for page in [0, 2] {
        let png = Press::new().page_png(&rendered, page, 96.0);
        assert!(matches!(png, Err(Error::NoPage { pages: 1, .. })), "page {page} of one");
    }
    let png = Press::new().page_png(&rendered, 1, 96.0).expect("page");
    let size = image::load_from_memory(&png).expect("PNG");
    assert_eq!((size.width(), size.height()), (794, 1123), "A4 at 96 dpi is true size");
}

#[test]
fn nothing_personal_stands_in_debug_text() {
    let text = format!("{:?}", sample::all(false));
    for secret in ["SITI", "1804015403080002", "7QX4M", "MERDEKA"] {
        assert!(!text.contains(secret), "{secret} must not reach a log");
    }
}
