//! The picture of a kept PDF, beside the picture that is made while the paper is set.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod reader;
mod sample;

use documents::{Error, Press, page};
use image::GrayImage;

fn gray(png: &[u8]) -> GrayImage {
    image::load_from_memory(png).expect("PNG").to_luma8()
}

/// Darkness of each cell of a 12 × 16 grid, 0 to 255.
fn cells(page: &GrayImage) -> Vec<f64> {
    let (width, height) = page.dimensions();
    let mut sums = vec![(0.0, 0.0); 12 * 16];
    for (x, y, pixel) in page.enumerate_pixels() {
        let cell = (y * 16 / height * 12 + x * 12 / width) as usize;
        sums[cell].0 += 255.0 - f64::from(pixel.0[0]);
        sums[cell].1 += 1.0;
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

#[test]
fn the_kept_paper_looks_as_it_was_set_page_by_page() {
    let press = Press::new();
    for (name, paper) in sample::all(true) {
        let rendered = press.render(&paper).expect("set");
        assert_eq!(page::pages(rendered.pdf.clone()).expect("a PDF"), rendered.pages, "{name}: its pages");
        for number in 1..=rendered.pages {
            let set = gray(&press.page_png(&rendered, number, 96.0).expect("set"));
            let kept = gray(&page::page_png(rendered.pdf.clone(), number, 96.0).expect("kept"));
            let apart = (set.width().abs_diff(kept.width()), set.height().abs_diff(kept.height()));
            assert!(apart.0 <= 1 && apart.1 <= 1, "{name}: true size, off by {apart:?}");
            let (set, kept) = (cells(&set), cells(&kept));
            assert!(set.iter().sum::<f64>() > 50.0, "{name}: page {number} is not empty");
            let worst = set.iter().zip(&kept).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst < 12.0, "{name}, page {number}: the same ink in the same places, worst {worst:.1}");
        }
    }
}

#[test]
fn the_code_on_a_kept_paper_still_scans() {
    let rendered = Press::new()
        .render(
            &sample::all(false).into_iter().find(|(name, _)| *name == "tanda-pengambilan").expect("slip").1,
        )
        .expect("set");
    let read = |png: &[u8]| {
        let page = gray(png);
        let (width, height) = page.dimensions();
        documents::read_codes(&domain::image::GrayImage { width, height, pixels: page.into_raw() })
    };
    let kept: Vec<String> = read(&page::page_png(rendered.pdf.clone(), 1, 200.0).expect("kept"));
    let set: Vec<String> = read(&Press::new().page_png(&rendered, 1, 200.0).expect("set"));
    assert!(!kept.is_empty() && kept == set, "{kept:?} against {set:?}");
}

#[test]
fn what_is_no_pdf_or_no_page_is_said() {
    for bytes in [Vec::new(), b"%PDF-1.7\nno more".to_vec(), vec![0xff; 4096]] {
        let seen = page::page_png(bytes, 1, 96.0);
        assert!(matches!(seen, Err(Error::PageImage { .. } | Error::NoPage { .. })), "{seen:?}");
    }
    let (_, paper) = sample::all(false).remove(0);
    let rendered = Press::new().render(&paper).expect("set");
    for number in [0, rendered.pages + 1] {
        let seen = page::page_png(rendered.pdf.clone(), number, 96.0);
        assert!(matches!(seen, Err(Error::NoPage { .. })), "{number}: {seen:?}");
    }
}

#[test]
fn a_reprint_is_the_kept_paper_with_a_mark_on_every_page_and_its_code_still_scans() {
    let press = Press::new();
    for (name, paper) in sample::all(false) {
        // Upright and across, one page and many, a small sheet.
        if !["slip-pengembalian", "buku-register", "tanda-pengambilan"].contains(&name) {
            continue;
        }
        let kept = press.render(&paper).expect("set");
        let again = press.reprint(&kept.pdf, 2, "27-11-2026 pukul 11.02").expect("marked");
        assert_eq!(again.pages, kept.pages, "{name}: as many pages");
        let (before, after) = (reader::words(&kept.pdf), reader::words(&again.pdf));
        let marks = after.matches("CETAK ULANG ke-2, 27-11-2026 pukul 11.02").count();
        assert_eq!(marks, kept.pages, "{name}: each page says so: {after}");
        let bare = after.replace("CETAK ULANG ke-2, 27-11-2026 pukul 11.02", "");
        let flat = |text: &str| {
            let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            words.sort();
            words
        };
        assert_eq!(flat(&bare), flat(&before), "{name}: everything else stands as it did");
        assert_eq!(reader::zbar(&again.pdf), reader::zbar(&kept.pdf), "{name}: the same code");
        let size = |pdf: &[u8]| {
            let info = reader::poppler("pdfinfo", &[], pdf);
            info.lines().find(|line| line.starts_with("Page size")).map(str::to_owned)
        };
        assert_eq!(size(&again.pdf), size(&kept.pdf), "{name}: on the same sheet");
        let once_more = press.reprint(&kept.pdf, 2, "27-11-2026 pukul 11.02").expect("marked");
        assert_eq!(once_more.pdf, again.pdf, "{name}: the same values, the same bytes");
    }
    assert!(matches!(press.reprint(b"no paper", 1, ""), Err(Error::PageImage { .. })), "no PDF");
}
