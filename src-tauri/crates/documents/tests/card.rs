//! The card as the printer gets it: measured in its pixels against the template's millimetres.
#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "the papers are another test's")]
mod sample;

use documents::*;
use image::{GrayImage, RgbImage};

const DOT: f64 = 25.4 / 300.0;

fn face() -> CardFace {
    CardFace {
        province: "PROVINSI LAMPUNG".into(),
        regency: "KABUPATEN PESISIR BARAT".into(),
        nik: "1804015403089002".into(),
        name: "SITI RAHMAWATI".into(),
        birth: "KRUI, 14-03-2008".into(),
        sex: "PEREMPUAN".into(),
        blood: "O".into(),
        address: "JL. MERDEKA GG. CENGKIH 7".into(),
        rt_rw: "003/001".into(),
        village: "PASAR KRUI".into(),
        district: "PESISIR TENGAH".into(),
        religion: "ISLAM".into(),
        marital: "BELUM KAWIN".into(),
        occupation: "PELAJAR/MAHASISWA".into(),
        nationality: "WNI".into(),
        valid: "SEUMUR HIDUP".into(),
        place: "PESISIR BARAT".into(),
        issued: "23-11-2026".into(),
        photo: Some(sample::portrait()),
        signature: Some(sample::signature()),
        training: false,
    }
}

/// A face with one field only, so that all ink is that field's.
fn only(field: &str, text: &str) -> CardFace {
    let mut face = CardFace::default();
    let place = match field {
        "province" => &mut face.province,
        "regency" => &mut face.regency,
        "nik" => &mut face.nik,
        "name" => &mut face.name,
        "birth" => &mut face.birth,
        "sex" => &mut face.sex,
        "blood" => &mut face.blood,
        "address" => &mut face.address,
        "rt_rw" => &mut face.rt_rw,
        "village" => &mut face.village,
        "district" => &mut face.district,
        "religion" => &mut face.religion,
        "marital" => &mut face.marital,
        "occupation" => &mut face.occupation,
        "nationality" => &mut face.nationality,
        "valid" => &mut face.valid,
        "place" => &mut face.place,
        "issued" => &mut face.issued,
        other => panic!("{other} is no field"),
    };
    *place = text.into();
    face
}

fn template() -> CardTemplate {
    CardTemplate::training().expect("the shipped template")
}

fn pixels(png: &[u8]) -> RgbImage {
    image::load_from_memory(png).expect("PNG").to_rgb8()
}

fn grey(png: &[u8]) -> GrayImage {
    image::load_from_memory(png).expect("PNG").to_luma8()
}

/// Left, top, right and bottom of the ink in mm; an edge pixel counts by its share of ink.
fn ink(image: &GrayImage) -> (f64, f64, f64, f64) {
    let columns: Vec<f64> = (0..image.width())
        .map(|x| {
            (0..image.height())
                .map(|y| f64::from(255 - image.get_pixel(x, y).0[0]) / 255.0)
                .fold(0.0, f64::max)
        })
        .collect();
    let rows: Vec<f64> = (0..image.height())
        .map(|y| {
            (0..image.width())
                .map(|x| f64::from(255 - image.get_pixel(x, y).0[0]) / 255.0)
                .fold(0.0, f64::max)
        })
        .collect();
    let first = |edge: &[f64]| {
        let at = edge.iter().position(|share| *share > 0.05).expect("ink");
        (at as f64 + 1.0 - edge[at].min(1.0)) * DOT
    };
    let last = |edge: &[f64]| {
        let at = edge.iter().rposition(|share| *share > 0.05).expect("ink");
        (at as f64 + edge[at].min(1.0)) * DOT
    };
    (first(&columns), first(&rows), last(&columns), last(&rows))
}

/// Ink of "H" beside its origin in this typeface, mm: left bearing, right edge, height.
fn bearings(field: &Field, size: f64) -> (f64, f64, f64) {
    let file = match (field.is_mono(), field.weight) {
        (true, 500) => "IBMPlexMono_500Medium.ttf",
        (true, _) => "IBMPlexMono_600SemiBold.ttf",
        (false, 400) => "PlusJakartaSans_400Regular.ttf",
        (false, 600) => "PlusJakartaSans_600SemiBold.ttf",
        (false, _) => "PlusJakartaSans_700Bold.ttf",
    };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/fonts").join(file);
    let data = std::fs::read(path).expect("font");
    let face = ttf_parser::Face::parse(&data, 0).expect("font");
    let glyph = face.glyph_index('H').expect("H");
    let bounds = face.glyph_bounding_box(glyph).expect("outline");
    let mm = |units: f64| units / f64::from(face.units_per_em()) * size * 25.4 / 72.0;
    (mm(f64::from(bounds.x_min)), mm(f64::from(bounds.x_max)), mm(f64::from(bounds.y_max)))
}

#[test]
fn every_field_stands_within_a_fifth_of_a_millimetre_of_the_template() {
    let (press, template) = (Press::new(), template());
    for page in [CardPage::Exact, CardPage::Bleed] {
        let corner = match page {
            CardPage::Exact => (0.0, 0.0),
            CardPage::Bleed => ((1016.0 * DOT - WIDTH_MM) / 2.0, (648.0 * DOT - HEIGHT_MM) / 2.0),
        };
        for (dx_mm, dy_mm) in [(0.0, 0.0), (0.35, -0.25)] {
            let printer = CardPrinter {
                page,
                placement: Placement { dx_mm, dy_mm, ..Placement::default() },
                ..CardPrinter::default()
            };
            for (name, field) in &template.fields {
                let print = press.card(&only(name, "H"), &template, &printer).expect("set");
                let (left, top, right, bottom) = ink(&grey(&print.png));
                let (bearing, _, height) = bearings(field, field.size);
                let wide = right - left + 2.0 * bearing;
                // By its align: left edge of the box, middle, right edge. H is as free at its right as at its left.
                let origin = if name == "province" || name == "regency" || name == "place" || name == "issued"
                {
                    field.x - wide / 2.0
                } else {
                    field.x
                };
                let off = [
                    left - (corner.0 + dx_mm + origin + bearing),
                    bottom - (corner.1 + dy_mm + field.y),
                    top - (corner.1 + dy_mm + field.y - height),
                ];
                assert!(off.iter().all(|v| v.abs() <= 0.2), "{name} on {page:?} is off by {off:.3?} mm");
            }
        }
    }
}

#[test]
fn photo_and_signature_fill_their_boxes() {
    let (press, template) = (Press::new(), template());
    let photo = CardFace { photo: Some(sample::portrait()), ..CardFace::default() };
    let print = press.card(&photo, &template, &CardPrinter::default()).expect("set");
    let (left, top, right, bottom) = ink(&grey(&print.png));
    let b = template.photo;
    let off = [left - b.x, top - b.y, right - b.x - b.w, bottom - b.y - b.h];
    assert!(off.iter().all(|v| v.abs() <= 0.2), "the photo is off by {off:.3?} mm");

    let signed = CardFace { signature: Some(sample::signature()), ..CardFace::default() };
    let print = press.card(&signed, &template, &CardPrinter::default()).expect("set");
    let (left, top, right, bottom) = ink(&grey(&print.png));
    let b = template.signature;
    assert!(left >= b.x - 0.2 && right <= b.x + b.w + 0.2 && top >= b.y - 0.2 && bottom <= b.y + b.h + 0.2);
    assert!(right - left > b.w * 0.4, "the signature is as large as its box allows");
}

#[test]
fn the_pixels_and_the_page_are_those_of_a_card() {
    let (press, template) = (Press::new(), template());
    for (page, size) in [(CardPage::Exact, (1011, 638)), (CardPage::Bleed, (1016, 648))] {
        let print =
            press.card(&face(), &template, &CardPrinter { page, ..CardPrinter::default() }).expect("set");
        assert_eq!(pixels(&print.png).dimensions(), size);
        assert_eq!(print.pixels, size);
    }
    let print = press.card(&face(), &template, &CardPrinter::default()).expect("set");
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("card.pdf");
    std::fs::write(&file, &print.pdf).expect("write");
    let info = std::process::Command::new("pdfinfo").arg(&file).output().expect("pdfinfo runs");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    // 85.60 × 53.98 mm in points.
    assert!(info.contains("242.646 x 153.014 pts"), "exact page: {info}");
}

#[test]
fn poppler_finds_each_text_where_the_template_has_it() {
    let (press, template) = (Press::new(), template());
    let print = press.card(&face(), &template, &CardPrinter::default()).expect("set");
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("card.pdf");
    std::fs::write(&file, &print.pdf).expect("write");
    let out = std::process::Command::new("pdftotext")
        .args(["-bbox"])
        .arg(&file)
        .arg("-")
        .output()
        .expect("pdftotext");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    for (word, field) in [
        ("SITI", "name"),
        ("KRUI,", "birth"),
        ("1804015403089002", "nik"),
        ("SEUMUR", "valid"),
        ("ISLAM", "religion"),
    ] {
        let line = said
            .lines()
            .find(|line| line.contains(&format!(">{word}<")))
            .unwrap_or_else(|| panic!("{word} in {said}"));
        let x: f64 = line
            .split("xMin=\"")
            .nth(1)
            .and_then(|s| s.split('"').next())
            .and_then(|s| s.parse().ok())
            .expect("x");
        let off = x * 25.4 / 72.0 - template.fields[field].x;
        assert!(off.abs() <= 0.2, "{word} begins {off:.3} mm beside the template");
    }
}

#[test]
fn long_texts_shrink_and_break_inside_their_box_and_nothing_is_lost() {
    let (press, template) = (Press::new(), template());
    let long = "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYASARI";
    assert_eq!(long.len(), 60, "the longest name that the rule allows");
    let face = CardFace {
        name: long.into(),
        address: "JL. JENDERAL SUDIRMAN GANG CENGKEH RAYA BLOK C NOMOR 27".into(),
        ..face()
    };
    let print = press.card(&face, &template, &CardPrinter::default()).expect("fits by shrinking");
    let name = print.fitted.iter().find(|f| f.field == "name").expect("name");
    assert!(
        name.size < name.wanted && name.size >= template.fields["name"].min && name.lines == 2,
        "{name:?}"
    );

    let alone = press.card(&only("name", long), &template, &CardPrinter::default()).expect("set");
    let (left, _, right, bottom) = ink(&grey(&alone.png));
    let field = &template.fields["name"];
    assert!(left >= field.x - 0.2 && right <= field.x + field.w + 0.2, "{left:.2} to {right:.2} mm");
    assert!(bottom <= field.y + field.leading + 0.2, "two lines end at {bottom:.2} mm");

    let text = {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("card.pdf");
        std::fs::write(&file, &print.pdf).expect("write");
        let out = std::process::Command::new("pdftotext")
            .args(["-raw"])
            .arg(&file)
            .arg("-")
            .output()
            .expect("pdftotext");
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    for word in long.split(' ') {
        assert!(text.contains(word), "{word} is on the card: {text}");
    }
}

#[test]
fn what_cannot_be_set_is_refused_and_names_its_field() {
    let (press, template) = (Press::new(), template());
    for (field, text) in [
        ("name", "W".repeat(60)),
        ("occupation", "MENTERI KOORDINATOR BIDANG PEMBANGUNAN MANUSIA DAN KEBUDAYAAN".into()),
        ("name", "علي".into()),
        ("village", "山田".into()),
        ("nik", "18040154030890021804".into()),
    ] {
        let set = press.card(&only(field, &text), &template, &CardPrinter::default());
        assert!(
            matches!(&set, Err(Error::CardField { field: found, .. }) if found == field),
            "{field} {text}: {set:?}"
        );
    }
}

#[test]
fn every_place_of_the_list_of_regions_fits_on_the_card() {
    let (press, template) = (Press::new(), template());
    let regions = domain::wilayah::Wilayah::builtin();
    let bare = |name: &str| {
        let name = name.to_uppercase();
        ["KABUPATEN ", "KOTA "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(&name).to_owned()
    };
    // The longest of each level: what is shorter by a third is narrower too.
    let longest = |names: &mut Vec<String>| {
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        let most = names.first().map_or(0, |name| name.chars().count());
        names.retain(|name| name.chars().count() * 3 >= most * 2);
        names.len()
    };
    let (mut regencies, mut districts, mut villages) = (Vec::new(), Vec::new(), Vec::new());
    for province in (11..97).filter_map(|code| domain::wilayah::KodeWilayah::parse(&code.to_string())) {
        for (regency, name) in regions.children(province) {
            regencies.push(name.to_uppercase());
            for (district, name) in regions.children(regency) {
                districts.push(name.to_uppercase());
                villages.extend(regions.children(district).map(|(_, name)| name.to_uppercase()));
            }
        }
    }
    assert!(
        regencies.len() > 500 && districts.len() > 7_000 && villages.len() > 80_000,
        "all of the country"
    );
    let counts = [longest(&mut regencies), longest(&mut districts), longest(&mut villages)];
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    for name in &regencies {
        let face = CardFace {
            regency: name.clone(),
            birth: format!("{}, 28-08-1990", bare(name)),
            place: name.trim_start_matches("KABUPATEN ").to_owned(),
            ..CardFace::default()
        };
        assert_eq!(press.card_misfits(&face, &template), [""; 0], "{name}");
    }
    for (field, names) in [("district", &districts), ("village", &villages)] {
        for name in names {
            assert_eq!(press.card_misfits(&only(field, name), &template), [""; 0], "{name}");
        }
    }
    let widest = CardFace {
        birth: "KEPULAUAN SIAU TAGULANDANG BIARO, 28-08-1990".into(),
        address: "JALAN KAPTEN MUSLIHAT PERUMAHAN GRAHA PADJADJARAN INDAH BLOK CEMPAKA NOMOR 127".into(),
        village: "KAMPUANG TANJUANG KOTO MAMBANG SUNGAI DURIAN".into(),
        religion: "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA".into(),
        ..face()
    };
    let print = press.card(&widest, &template, &CardPrinter::default()).expect("every one of them fits");
    for (name, field) in &template.fields {
        let (left, _, right, _) = match name.as_str() {
            "birth" | "address" | "village" | "religion" => {
                let alone = only(
                    name,
                    match name.as_str() {
                        "birth" => &widest.birth,
                        "address" => &widest.address,
                        "village" => &widest.village,
                        _ => &widest.religion,
                    },
                );
                ink(&grey(&press.card(&alone, &template, &CardPrinter::default()).expect("set").png))
            }
            _ => continue,
        };
        assert!(
            left >= field.x - 0.2 && right <= field.x + field.w + 0.2,
            "{name}: {left:.2} to {right:.2} mm"
        );
    }
    assert!(print.fitted.iter().all(|field| field.size >= 3.4), "and can still be read");
}

#[test]
fn what_cannot_be_set_is_known_before_anything_is_set() {
    let (press, template) = (Press::new(), template());
    assert_eq!(press.card_misfits(&face(), &template), [""; 0], "a card as any other");
    let face = CardFace { name: "山田".into(), occupation: "W".repeat(60), ..face() };
    assert_eq!(press.card_misfits(&face, &template), ["name", "occupation"], "each by its name");
}

#[test]
fn one_word_accents_and_no_photo_are_cards_too() {
    let (press, template) = (Press::new(), template());
    for name in ["SUPARMAN", "ÉLODIE ŽUŽANA ÑANDÚ", ""] {
        let print = press.card(
            &CardFace { name: name.into(), photo: None, signature: None, ..face() },
            &template,
            &CardPrinter::default(),
        );
        assert_eq!(print.expect("set").pixels, (1011, 638), "{name}");
    }
}

#[test]
fn only_a_training_card_carries_the_mark_and_only_the_preview_the_blank_cards_words() {
    let (press, template) = (Press::new(), template());
    let empty = press.card(&CardFace::default(), &template, &CardPrinter::default()).expect("set");
    assert!(
        grey(&empty.png).pixels().all(|p| p.0[0] == 255),
        "nothing that the blank card carries is printed"
    );
    let marked =
        press.card(&CardFace { training: true, ..CardFace::default() }, &template, &CardPrinter::default());
    let inked = grey(&marked.expect("set").png).pixels().filter(|p| p.0[0] < 200).count();
    assert!(inked > 1000, "LATIHAN stands across: {inked}");
    let preview = press.card_preview(&CardFace::default(), &template).expect("set");
    assert!(grey(&preview.png).pixels().any(|p| p.0[0] < 160), "the screen shows the blank card's words");
}

#[test]
fn each_ribbon_gets_what_it_can_show() {
    let (press, template) = (Press::new(), template());
    let with = |ink| {
        press.card(&face(), &template, &CardPrinter { ink, ..CardPrinter::default() }).expect("set").png
    };
    let coloured = pixels(&with(Ink::Colour));
    assert!(coloured.pixels().any(|p| p.0[2] > p.0[0].saturating_add(60)), "the backdrop is blue");
    assert!(pixels(&with(Ink::Grey)).pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]));
    assert!(grey(&with(Ink::Black)).pixels().all(|p| p.0[0] == 0 || p.0[0] == 255));
}

#[test]
fn the_calibration_print_has_its_crosses_where_it_says() {
    let (press, template) = (Press::new(), template());
    for (dx_mm, dy_mm) in [(0.0, 0.0), (1.2, -0.8)] {
        let placement = Placement { dx_mm, dy_mm, ..Placement::default() };
        let print = press
            .card_calibration(&template, &CardPrinter { placement, ..CardPrinter::default() })
            .expect("set");
        let image = grey(&print.png);
        for (x, y) in CROSSES {
            let at = |mm: f64| (mm / DOT).floor() as u32;
            // Dark at the middle and along both arms, and light between them.
            let dark = |x: f64, y: f64| {
                (-1..=1).any(|i| {
                    (-1..=1).any(|j| {
                        image.get_pixel(at(x).saturating_add_signed(i), at(y).saturating_add_signed(j)).0[0]
                            < 140
                    })
                })
            };
            let (x, y) = (x + dx_mm, y + dy_mm);
            assert!(dark(x, y) && dark(x + 2.4, y) && dark(x, y - 2.4), "a cross at {x:.2}, {y:.2}");
        }
    }
}

#[test]
fn a_placement_that_would_print_beside_the_card_is_refused() {
    let (press, template) = (Press::new(), template());
    let off = Placement { dx_mm: -2.9, dy_mm: 2.9, ..Placement::default() };
    let set = press.card(&face(), &template, &CardPrinter { placement: off, ..CardPrinter::default() });
    assert!(matches!(set, Err(Error::CardTemplate { .. })), "{set:?}");
}

#[test]
fn a_template_that_lacks_or_invents_a_field_is_refused() {
    let text = include_str!("../../../../assets/print/kartu-training.toml");
    for broken in [
        text.replace("[fields.nik]", "[fields.nomor]"),
        text.replace("x = 61.3", "x = 80.0"),
        text.replace("min = 12.0", "min = 13.5"),
        text.replace("name = \"latihan\"", ""),
    ] {
        assert!(matches!(CardTemplate::from_toml(&broken), Err(Error::CardTemplate { .. })));
    }
}

#[test]
fn the_same_card_gives_the_same_bytes() {
    let (one, two) = (Press::new(), Press::new());
    let set = |press: &Press| press.card(&face(), &template(), &CardPrinter::default()).expect("set");
    assert_eq!((set(&one).png, set(&one).pdf), (set(&two).png, set(&two).pdf));
}

#[test]
fn nothing_personal_stands_in_the_debug_text_of_a_card() {
    assert!(!format!("{:?}", face()).contains("SITI"));
}
