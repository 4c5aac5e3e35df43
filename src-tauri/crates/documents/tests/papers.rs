//! Every paper as a reader gets it: judged by poppler, by a QR reader and by its own bytes.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod codes;
mod reader;
mod sample;

use documents::*;
use reader::{flat, poppler, words};
use std::path::Path;

fn render(paper: &Paper) -> Rendered {
    Press::new().render(paper).expect("a sound paper is set")
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
fn a_slip_promises_a_stored_recording_only_where_one_is_known_and_asks_nobody_for_papers_over_a_wrong_card() {
    let said = |sheet: Sheet| {
        let paper = sample::paper(sheet, false);
        let slip = roll(&paper).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        [flat(&words(&render(&paper).pdf)), flat(&slip.expect("set for the roll"))]
    };
    let unknown = SlipStatus { recorded: false, ..sample::later::told() };
    for text in said(Sheet::SlipStatus(Box::new(unknown))) {
        assert!(text.contains("Permohonan Anda tercatat."), "{text}");
        assert!(!text.contains("tersimpan") && !text.contains("Surat Keterangan"), "{text}");
    }
    for text in said(Sheet::SlipStatus(Box::new(sample::later::told()))) {
        assert!(text.contains("tersimpan") && text.contains("Surat Keterangan"), "of a recording: {text}");
    }
    let card = SlipPengembalian { of_card: true, kept: Vec::new(), ..sample::slip() };
    for text in said(Sheet::SlipPengembalian(Box::new(card))) {
        assert!(text.contains("Yang dilaporkan") && text.contains("kantor mencetak yang baru"), "{text}");
        assert!(!text.contains("dilengkapi") && !text.contains("berkas dikembalikan"), "{text}");
    }
    let young = SlipPengembalian { at_form: true, kept: Vec::new(), ..sample::slip() };
    for text in said(Sheet::SlipPengembalian(Box::new(young))) {
        assert!(text.contains("Sebabnya") && text.contains("Permohonan ini tidak ditolak"), "{text}");
        let text = text.to_lowercase();
        assert!(!text.contains("lengkapi") && !text.contains("berkas dikembalikan"), "{text}");
        assert!(text.contains("slip penundaan permohonan") && !text.contains("pengembalian"), "{text}");
    }
}

#[test]
fn each_paper_has_its_size_and_the_pages_it_says() {
    let press = Press::new();
    for (name, paper) in sample::all(true) {
        let rendered = press.render(&paper).expect("set");
        let info = flat(&poppler("pdfinfo", &[], &rendered.pdf));
        let size = match name {
            "halaman-register" | "buku-register" => "841.89 x 595.276 pts (A4)",
            "tanda-pengambilan" => "595.276 x 419.528 pts",
            "nomor-antrean" => "226.772 x ",
            _ => "595.276 x 841.89 pts (A4)",
        };
        assert!(info.contains(size), "{name} must be of its size: {info}");
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
fn the_number_of_a_station_with_a_long_code_stays_on_one_line() {
    let number = "TP/PESISIR-BARAT-02/2026/123456";
    let mut slip = sample::later::pickup();
    slip.number = number.into();
    let said = words(&render(&sample::paper(Sheet::TandaPengambilan(Box::new(slip)), true)).pdf);
    let whole = |said: &str| said.lines().filter(|line| line.contains(&format!("L-{number}"))).count();
    assert_eq!(whole(&said), 2, "on the applicant's part and on the stub: {said}");
    let mut report = sample::later::daily();
    report.unclaimed.iter_mut().for_each(|line| line.number = format!("L-{number}"));
    let said = words(&render(&sample::paper(Sheet::LaporanHarian(Box::new(report)), false)).pdf);
    assert_eq!(whole(&said), 2, "and in the list of the shelf: {said}");
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
        let patterns = [
            "Nomor FP/",
            "Nomor PB/",
            "Nomor KP/",
            "Nomor BP/",
            "Nomor 470/",
            "Nomor BA/",
            "Nomor LH/",
            "Nomor LP/",
            "Nomor LS/",
            "Nomor SP/",
            "TP/18.13-02/",
        ];
        let numbered = name == "laporan-harian" || patterns.iter().any(|pattern| real.contains(pattern));
        assert_eq!(
            said.contains("Nomor L-") || said.contains("L-TP/"),
            numbered,
            "{name}: a training number begins with L-: {said}"
        );
    }
}

#[test]
fn a_preview_of_an_official_letter_is_marked_as_no_letter_and_never_as_anything_else() {
    let press = Press::new();
    for (name, paper) in sample::all(true) {
        if !paper.sheet.is_official_letter() {
            continue;
        }
        let plain = press.render(&Paper { training: false, ..paper.clone() }).expect("set");
        let draft = press.render(&Paper { draft: true, ..paper }).expect("set");
        let across = light_grey(&press, &draft).saturating_sub(light_grey(&press, &plain));
        assert!(across > 300, "{name}: DRAF stands across the page, found {across} pixels of it");
        let said = words(&draft.pdf);
        assert!(said.matches("DRAF, bukan surat").count() >= 2, "{name}: head and foot say so: {said}");
        assert!(!words(&plain.pdf).contains("DRAF"), "{name}: a letter never says DRAF");
    }
}

#[test]
fn no_real_paper_shows_what_stands_in_for_an_emblem() {
    for (name, paper) in sample::all(false) {
        assert!(!words(&render(&paper).pdf).contains("lambang"), "{name}: its room stays white");
    }
    for (name, paper) in sample::all(true).into_iter().filter(|(_, paper)| paper.sheet.is_official_letter()) {
        assert!(words(&render(&paper).pdf).contains("tempat"), "{name}: in practice the shield is drawn");
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
        let inside = ["halaman-register", "buku-register", "amplop-pemulihan", "berkas-permohonan"];
        if inside.contains(&name)
            || ["berita-acara", "foto-pemusnahan", "laporan", "laporan-harian", "laporan-stok"]
                .contains(&name)
        {
            continue;
        }
        assert!(words(&render(&paper).pdf).contains("GRATIS"), "{name} must say GRATIS");
    }
}

#[test]
fn what_may_be_seen_by_others_shows_no_full_nik() {
    for (name, paper) in sample::all(false) {
        let masked =
            ["slip-pengembalian", "slip-status", "halaman-register", "buku-register", "tanda-pengambilan"];
        if masked.contains(&name) || ["berkas-permohonan", "berita-acara"].contains(&name) {
            let digits: String = words(&render(&paper).pdf).split_whitespace().collect();
            assert!(!digits.contains("1804015403089002"), "{name} must mask the NIK");
            assert!(digits.contains("180401••••••9002"), "{name} shows the mask");
        }
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

/// Top of the first printed line of a caption, and the lowest row that the signature inks, both in pixels at 96 dpi.
fn signature_above_its_caption(caption: &str) -> (f64, u32) {
    let of = |signature: Option<Picture>| {
        render(&formulir(|sheet| {
            sheet.signature_caption = caption.to_owned();
            sheet.signature = signature.clone();
        }))
    };
    let (width, height) = (420, 180);
    let black = domain::image::GrayImage { width, height, pixels: vec![0; (width * height) as usize] };
    let (with, without) = (of(Some(Picture::Gray(black))), of(None));
    let page = |rendered: &Rendered| {
        let png = Press::new().page_png(rendered, 1, 96.0).expect("page");
        image::load_from_memory(&png).expect("PNG").to_luma8()
    };
    let (with_page, without_page) = (page(&with), page(&without));
    let inked = with_page
        .enumerate_pixels()
        .filter(|(x, y, pixel)| pixel.0[0] < 100 && without_page.get_pixel(*x, *y).0[0] > 160);
    let lowest = inked.map(|(_, y, _)| y).max().expect("the signature is drawn");
    let first = caption.split(' ').next().expect("a word");
    let boxes = poppler("pdftotext", &["-bbox"], &with.pdf);
    let word =
        boxes.lines().rfind(|line| line.contains(&format!(">{first}<"))).expect("the caption is printed");
    let top = word.split("yMin=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a box");
    (top.parse::<f64>().expect("points") / 72.0 * 96.0, lowest)
}

#[test]
fn a_signature_stands_above_the_name_under_it_however_long_that_is() {
    let name = "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYADHARI PUSPITASARI";
    for letters in [16, 30, 61, name.len()] {
        // The first word is one that stands nowhere else on the form.
        let caption = format!("QXZ{}, 10.43, di papan", &name[..letters]);
        let (caption_top, ink_end) = signature_above_its_caption(&caption);
        assert!(
            f64::from(ink_end) < caption_top + 1.0,
            "{letters} letters: ink to {ink_end}, words from {caption_top}"
        );
        assert!(f64::from(ink_end) > caption_top - 40.0, "{letters} letters: and close above it");
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
fn the_number_of_a_paper_stays_inside_its_line_of_the_register() {
    let mut sheet = sample::register(6);
    for line in &mut sheet.lines {
        line.note = "L-FP/LATIHAN-1813-01/2026/00001".into();
    }
    let rendered = render(&sample::paper(Sheet::HalamanRegister(Box::new(sheet)), false));
    assert_margins_are_white(&rendered, 1);
}

#[test]
fn empty_values_become_dashes_and_never_a_gap_to_write_in() {
    let paper = sample::paper(Sheet::FormulirPerekaman(Box::default()), false);
    let rendered = render(&paper);
    let said = words(&rendered.pdf);
    assert_eq!(rendered.pages, 1, "an empty form is still one page");
    assert!(said.contains("Nama lengkap : –"), "an absent name is a dash: {said}");
    assert!(said.contains("tidak ada\nfoto"), "an absent photo is said");
    let empty = [
        Sheet::BukuRegister(Box::default()),
        Sheet::BerkasPermohonan(Box::default()),
        Sheet::TandaPengambilan(Box::default()),
        Sheet::NomorAntrean(Box::default()),
        Sheet::SlipPengembalian(Box::default()),
        Sheet::SlipStatus(Box::default()),
        Sheet::FormulirF102(Box::default()),
        Sheet::HalamanRegister(Box::default()),
        Sheet::AmplopPemulihan(Box::default()),
    ];
    for sheet in empty {
        assert_eq!(render(&sample::paper(sheet, false)).pages, 1, "empty values never break a paper");
    }
}

#[test]
fn a_foreigner_attests_to_the_data_of_the_stay_too_and_a_citizen_sees_no_line_for_them() {
    let foreign = render(&formulir(|sheet| {
        sheet.country = "Timor-Leste, paspor C1234567".into();
        sheet.stay = "2D11XX0001-A, berlaku sampai 30-11-2031".into();
    }));
    let said = flat(&words(&foreign.pdf));
    for wanted in ["Timor-Leste, paspor C1234567", "2D11XX0001-A, berlaku sampai 30-11-2031"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert_eq!(foreign.pages, 1, "still one page");
    assert!(!words(&render(&formulir(|_| ())).pdf).contains("Izin tinggal"), "not a citizen's");
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
    for secret in ["SITI", "1804015403089002", "7QX4M", "MERDEKA"] {
        assert!(!text.contains(secret), "{secret} must not reach a log");
    }
}

#[test]
fn a_reprint_says_which_one_it_is_and_a_first_print_does_not() {
    for (name, paper) in sample::all(false) {
        if ["nomor-antrean"].contains(&name) {
            continue;
        }
        let first = words(&render(&paper).pdf);
        let again = words(&render(&Paper { reprint: 2, ..paper }).pdf);
        assert!(!first.contains("CETAK ULANG"), "{name}");
        assert!(again.contains("CETAK ULANG ke-2"), "{name}: {again}");
    }
}

#[test]
fn long_names_one_word_names_and_a_missing_photo_stay_inside_every_paper() {
    let long = "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYADHARI PUSPITASARI";
    for name in [long, "SUPARMAN", "ÉLODIE ŽUŽANA ÑANDÚ ÇELİK", &"W".repeat(90)] {
        let sheets = [
            Sheet::TandaPengambilan(Box::new(TandaPengambilan {
                name: name.into(),
                shelf: name.into(),
                ..sample::later::pickup()
            })),
            Sheet::SuratKeterangan(Box::new(SuratKeterangan {
                name: name.into(),
                address: name.into(),
                reason: name.into(),
                photo: None,
                ..sample::later::suket()
            })),
            Sheet::BerkasPermohonan(Box::new(BerkasPermohonan {
                name: name.into(),
                ..sample::later::folder()
            })),
        ];
        for sheet in sheets {
            let rendered = render(&sample::paper(sheet, false));
            let said = flat(&words(&rendered.pdf)).replace(' ', "");
            assert!(said.contains(&name.replace(' ', "")), "every letter is there: {said}");
            assert_eq!(rendered.pages, 1, "{name} needs no second page");
            assert_margins_are_white(&rendered, 1);
        }
    }
}

#[test]
fn the_letter_ends_after_the_months_that_the_office_set() {
    let mut paper = sample::paper(Sheet::SuratKeterangan(Box::new(sample::later::suket())), false);
    assert!(flat(&words(&render(&paper).pdf)).contains("6 (enam) bulan, sampai dengan 24 Mei 2027"));
    paper.office.letters = Letters::from_toml("[suket]\nmonths = 3").expect("wording");
    assert!(flat(&words(&render(&paper).pdf)).contains("3 (tiga) bulan, sampai dengan 24 Februari 2027"));
}

#[test]
fn wording_that_names_what_a_letter_does_not_have_is_refused_before_it_is_printed() {
    let mut paper = sample::paper(Sheet::SuratKeterangan(Box::new(sample::later::suket())), false);
    paper.office.letters = Letters::from_toml("[suket]\nopening = \"{nik_ibu}\"").expect("wording");
    let set = Press::new().render(&paper);
    assert!(matches!(&set, Err(Error::Wording { reason }) if reason.contains("nik_ibu")), "{set:?}");
}

#[test]
fn a_long_list_of_pieces_keeps_its_head_and_its_signatures_together() {
    let mut minutes = sample::later::minutes();
    minutes.pieces = minutes.pieces.iter().cycle().take(120).cloned().collect();
    let rendered = render(&sample::paper(Sheet::BeritaAcara(Box::new(minutes)), false));
    let said = words(&rendered.pdf);
    assert!(rendered.pages > 3, "120 pieces need pages");
    assert!(said.contains("120 (seratus dua puluh) keping"), "counted in words");
    assert_eq!(
        said.matches("Seri atau NIK").count(),
        said.matches("Dicocokkan").count(),
        "a head on each page"
    );
    (1..=rendered.pages).for_each(|page| assert_margins_are_white(&rendered, page));
}

#[test]
fn a_destruction_says_on_paper_that_its_photograph_is_kept_or_is_to_be_pasted_in() {
    let kept = sample::later::destruction();
    let set = |sheet| render(&sample::paper(Sheet::FotoPemusnahan(Box::new(sheet)), false));
    let there = set(kept.clone());
    let said = flat(&words(&there.pdf));
    assert!(said.contains("disimpan dalam program, 27 November 2026 pukul 14.20"), "{said}");
    assert!(said.contains("9c4107be") && said.contains(&kept.number), "with checksum and number: {said}");
    assert!(!said.contains("ditempelkan") && !said.contains("Tempelkan"), "{said}");
    let none =
        FotoPemusnahan { photo: None, checksum: String::new(), why_none: "kamera rusak".into(), ..kept };
    let bare = set(none);
    let said = flat(&words(&bare.pdf));
    assert!(said.contains("harus ditempelkan di bawah ini") && said.contains("kamera rusak"), "{said}");
    assert!(said.contains("Tempelkan foto pemusnahan di sini") && !said.contains("disimpan dalam"), "{said}");
    assert_eq!((there.pages, bare.pages), (1, 1), "one page each");
    assert_margins_are_white(&there, 1);
    assert_margins_are_white(&bare, 1);
}

#[test]
fn an_account_that_does_not_add_up_is_marked() {
    let said =
        words(&render(&sample::paper(Sheet::LaporanHarian(Box::new(sample::later::daily())), false)).pdf);
    assert!(said.contains("141 *"), "160 - 20 is not 141: {said}");
    assert!(!said.contains("312 *"), "332 - 19 - 1 is 312");
}

/// The foot or head of each page that counts its sheets, as poppler reads it.
fn sheets(pdf: &[u8], before: &str) -> Vec<u32> {
    let text = words(pdf);
    let found = text.lines().filter_map(|line| line.split_once(before));
    found
        .map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>())
        .map(|number| number.parse().expect("a number"))
        .collect()
}

#[test]
fn parts_of_a_register_count_their_sheets_on_and_each_of_its_days_keeps_its_code() {
    let press = Press::new();
    let (first, second) = {
        let book = sample::later::book();
        let [one, two] =
            <[RegisterDay; 2]>::try_from(book.days.clone()).unwrap_or_else(|_| panic!("two days"));
        let part = |day, part| BukuRegister { days: vec![day], part: Some(part), ..book.clone() };
        let set = |at, before| Part { at, of: 2, before };
        let piece = RegisterDay { piece: Some((3, 3)), printed_before: 2, ..two };
        let first = sample::paper(Sheet::BukuRegister(Box::new(part(one, set(1, 0)))), false);
        let pages = press.render(&first).expect("set").pages;
        let before = u32::try_from(pages).expect("few");
        (first, sample::paper(Sheet::BukuRegister(Box::new(part(piece, set(2, before)))), false))
    };
    let (first, second) = (render(&first), render(&second));
    assert_eq!((first.pages, second.pages), (2, 1));
    assert_eq!(sheets(&first.pdf, "lembar "), [1, 2]);
    assert_eq!(sheets(&second.pdf, "lembar "), [3], "counted on");
    let said = words(&second.pdf);
    assert!(said.contains("Halaman 214, lembar 3, bagian 2 dari 2, pernah dicetak 2 kali"), "{said}");
    assert!(!words(&first.pdf).contains("pernah dicetak"), "the first print of a day says nothing");
    assert!(said.contains("Potongan 3 dari 3 hari ini, 12 baris, no."), "a day that is cut: {said}");
    for (paper, last) in [(&first, "11.852"), (&second, "11.864")] {
        let origin = "rekam-register/18.13-02";
        assert_eq!(reader::zbar(&paper.pdf), [origin, last], "each day its code, over two lines of text");
    }
}

#[test]
fn each_piece_of_a_day_says_which_it_is_on_each_of_its_sheets_the_middle_one_too() {
    let press = Press::new();
    let book = sample::later::book();
    let day = book.days.first().expect("two days").clone();
    let (all, mut before) = (sample::register(114).lines, 0);
    for (at, lines) in (1..).zip(all.chunks(38)) {
        let (first, last) = (&lines[0].no, &lines[37].no);
        let piece = RegisterDay { lines: lines.to_vec(), piece: Some((at, 3)), ..day.clone() };
        let part = Some(Part { at, of: 3, before });
        let piece = BukuRegister { days: vec![piece], part, ..book.clone() };
        let rendered =
            press.render(&sample::paper(Sheet::BukuRegister(Box::new(piece)), false)).expect("set");
        let pages = u32::try_from(rendered.pages).expect("few");
        assert!(pages > 1, "piece {at} has more than one sheet");
        let own: Vec<u32> = (before + 1..=before + pages).collect();
        assert_eq!(sheets(&rendered.pdf, "lembar "), own, "piece {at} is counted on");
        let said = flat(&words(&rendered.pdf));
        let whole =
            format!("Potongan {at} dari 3 hari ini, 38 baris, no. {first} sampai {last}, sampai pukul");
        assert!(said.contains(&whole), "{whole}: {said}");
        let places = said.matches(&format!("bagian {at} dari 3")).count();
        assert_eq!(places, rendered.pages, "each sheet says of which part it is: {said}");
        before += pages;
    }
    assert!(before > 5, "three pieces were set");
}

#[test]
fn each_sheet_of_the_register_says_which_it_is_also_one_that_the_checkpoint_has_to_itself() {
    let mut alone = 0;
    for lines in 20..=29 {
        let book = sample::register(lines);
        let last = book.lines.last().expect("lines").no.clone();
        let rendered = render(&sample::paper(Sheet::HalamanRegister(Box::new(book)), false));
        let pages = u32::try_from(rendered.pages).expect("few");
        assert_eq!(sheets(&rendered.pdf, "lembar "), (1..=pages).collect::<Vec<_>>(), "{lines} lines");
        let page = pages.to_string();
        let said = poppler("pdftotext", &["-raw", "-nopgbrk", "-f", &page, "-l", &page], &rendered.pdf);
        alone += u32::from(!said.lines().any(|line| line.starts_with(&format!("{last} "))));
    }
    assert!(alone > 0, "one of them has its checkpoint on a sheet without a line");
}

#[test]
fn parts_of_a_table_are_one_file_with_one_head_and_sheets_that_are_counted_through() {
    let press = Press::new();
    let row = |n: u32| LaporanBaris {
        cells: vec![format!("{n}"), format!("Kejadian nomor {n} dengan uraiannya")],
        ..LaporanBaris::default()
    };
    let (mut parts, mut before) = (Vec::new(), 0);
    for at in 1..=3 {
        let table = LaporanTabel {
            head: vec!["No.".into(), "Kejadian".into()],
            widths: vec![1.0, 4.0],
            rows: (at * 100..at * 100 + 90).map(row).collect(),
            ..LaporanTabel::default()
        };
        let sheet = Laporan {
            title: "BUKU REGISTER".into(),
            period: "Masa yang panjang".into(),
            tables: vec![table],
            part: Some(Part { at, of: 3, before }),
            ..Laporan::default()
        };
        let set = press.render(&sample::paper(Sheet::Laporan(Box::new(sheet)), false)).expect("set");
        before += u32::try_from(set.pages).expect("few");
        parts.push(set.pdf);
    }
    let alone = parts[0].clone();
    assert_eq!(join(vec![alone.clone()], "Uji").expect("one"), alone, "one part is the file");
    let whole = join(parts, "Buku Register").expect("joined");
    let info = flat(&poppler("pdfinfo", &[], &whole));
    assert!(info.contains(&format!("Pages: {before}")) && info.contains("Title: Buku Register"), "{info}");
    assert_eq!(page::pages(whole.clone()).expect("a PDF"), before as usize, "also as the window reads it");
    assert_eq!(sheets(&whole, "Lembar "), (1..=before).collect::<Vec<_>>(), "counted through");
    let said = words(&whole);
    assert_eq!(said.matches("Masa yang panjang").count(), 1, "one head: {said}");
    for n in [100, 189, 200, 389] {
        assert!(said.contains(&format!("Kejadian nomor {n} dengan")), "{n} stands there: {said}");
    }
    assert!(matches!(join(vec![vec![1], vec![2]], "Uji"), Err(Error::PageImage { .. })), "no PDF is said");
    assert!(join(Vec::new(), "Uji").is_err(), "nothing is no paper");
}
