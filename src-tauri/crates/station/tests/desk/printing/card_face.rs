//! What the printer draws on the card: this person's data, each at its place, and moved as this printer needs it.

use std::sync::Arc;

use devices::driver::card_printer::CardRaster;
use documents::{CardFace, CardPrinter, CardTemplate, Picture, Press};
use station::clock::HeldClock;
use station::view::{ConditionState, RequestCondition, StockLevel};
use store::{Act, CardData};

use super::*;
use crate::card_data::{at_step_8, keep_card_data, meanwhile, portrait};

/// One text of a face.
type Field = fn(&mut CardFace) -> &mut String;

/// Pixels of the canvas that this printer asks for.
const CANVAS: (usize, usize) = (1016, 648);

/// Somebody of whom no two data are alike, recorded far from this office.
const PERSON: [(&str, &str); 12] = [
    ("nama", "Ni Luh Sekar Wangi"),
    ("tempat_lahir", "Singaraja"),
    ("tanggal_lahir", "1987-03-09"),
    ("jenis_kelamin", "2"),
    ("golongan_darah", "3"),
    ("alamat", "Gang Melati No. 7"),
    ("rt", "4"),
    ("rw", "12"),
    ("kelurahan", "5102052007"),
    ("agama", "4"),
    ("status_perkawinan", "5"),
    ("pekerjaan", "9"),
];

/// The centre's record of [`PERSON`], with `more`.
fn recorded(nik: &str, as_of_ms: i64, signature: &[u8], more: &[(&str, &str)]) -> CardData {
    let number = [("nik", nik)];
    let all = PERSON.iter().chain(more).chain(&number);
    let biodata: serde_json::Map<String, serde_json::Value> =
        all.map(|(unsur, value)| ((*unsur).to_owned(), (*value).into())).collect();
    CardData {
        source: "pusat".into(),
        as_of_ms,
        biodata_json: serde_json::Value::Object(biodata).to_string(),
        portrait_type: "image/jpeg".into(),
        portrait: portrait(),
        signature_type: "image/png".into(),
        signature: signature.to_vec(),
        ..CardData::default()
    }
}

/// A stroke from corner to corner, dark on light.
fn stroke() -> Vec<u8> {
    let (width, height) = (200u32, 60u32);
    let dark = |at: u32| (at % width).abs_diff(at / width * width / height) < 4;
    let pixels = (0..width * height).map(|at| if dark(at) { 0 } else { 255 }).collect();
    let image = domain::image::GrayImage::new(width, height, pixels).unwrap();
    biometrics::codec::encode_png_gray(&image, None).unwrap()
}

/// The card of [`PERSON`], written down by hand from what stands above.
fn card_of_the_person(nik: &str, issued: &str) -> CardFace {
    CardFace {
        province: "PROVINSI BALI".into(),
        regency: "KABUPATEN TABANAN".into(),
        nik: nik.into(),
        name: "NI LUH SEKAR WANGI".into(),
        birth: "SINGARAJA, 09-03-1987".into(),
        sex: "PEREMPUAN".into(),
        blood: "AB".into(),
        address: "GANG MELATI NO. 7".into(),
        rt_rw: "004/012".into(),
        village: "DENBANTAS".into(),
        district: "TABANAN".into(),
        religion: "HINDU".into(),
        marital: "CERAI HIDUP".into(),
        occupation: "PETANI/PEKEBUN".into(),
        nationality: "WNI".into(),
        valid: "SEUMUR HIDUP".into(),
        // The office that makes the card, not the one of the domicile.
        place: "PESISIR BARAT".into(),
        issued: issued.into(),
        photo: Some(Picture::Encoded(portrait())),
        signature: Some(Picture::Encoded(stroke())),
        training: true,
    }
}

/// The face as it is handed to a printer that is not off.
fn raster(press: &Press, face: &CardFace) -> Vec<u8> {
    let template = CardTemplate::training().unwrap();
    let png = press.card(face, &template, &CardPrinter::default()).unwrap().png;
    CardRaster::from_png(&png).unwrap().rgb().to_vec()
}

/// The card without the bleed of the canvas.
fn cut(canvas: &[u8]) -> Vec<u8> {
    assert_eq!(canvas.len(), CANVAS.0 * CANVAS.1 * 3);
    let (width, height) = (CardRaster::WIDTH as usize, CardRaster::HEIGHT as usize);
    let (left, top) = ((CANVAS.0 - width) / 2, (CANVAS.1 - height) / 2);
    let row = |y: usize| {
        let at = ((top + y) * CANVAS.0 + left) * 3;
        &canvas[at..at + width * 3]
    };
    (0..height).flat_map(row).copied().collect()
}

/// Where two cards first differ, mm from the left and the upper edge: the template tells which field stands there.
fn first_difference(one: &[u8], other: &[u8]) -> Option<(f64, f64)> {
    let at = one.iter().zip(other).position(|(a, b)| a != b)? / 3;
    let width = CardRaster::WIDTH as usize;
    let mm = |dots: usize| dots as f64 / 300.0 * 25.4;
    Some((mm(at % width), mm(at / width)))
}

/// The printer draws the card of this visit; nobody has said yet what came out.
fn drawn(bench: &Bench) -> Vec<u8> {
    let (station, id) = (&bench.station, bench.id.as_str());
    let began = std::time::Instant::now();
    while !station.card_print(id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(Duration::from_millis(50));
    }
    station.start_print(id, FIRST, &job()).unwrap();
    assert_eq!(told(bench).job.unwrap().state, CardJobState::Reported, "the printer's own word");
    cut(&bench.training.desk.card_printer().last_printed().expect("a card came out"))
}

/// The clock of the desk stands still, so that the day of issue is known; it is said as the card says it.
fn on_one_day(bench: &mut Bench) -> String {
    let now = jiff::Timestamp::now();
    bench.restart_by(Arc::new(HeldClock::at(now)));
    sits(bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    // In Krui it is seven hours later than in UTC.
    jiff::tz::Offset::constant(7).to_datetime(now).strftime("%d-%m-%Y").to_string()
}

/// The form of step 3 says [`PERSON`] with `form`, and the centre's record [`PERSON`] with `record`.
fn keep(bench: &mut Bench, as_of_ms: i64, form: &[(&str, &str)], record: &[(&str, &str)]) {
    let visit = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let data = recorded(&bench.nik, as_of_ms, &stroke(), record);
    meanwhile(bench, |store, ctx| {
        let act = Act::FieldSave { permohonan: visit, unsur: "nama".into() };
        store
            .transact(act, ctx, |tx| {
                PERSON.iter().chain(form).try_for_each(|(unsur, value)| tx.save_isian(visit, unsur, value))
            })
            .unwrap();
        keep_card_data(store, ctx, visit, &data);
    });
}

#[test]
fn a_foreigners_card_is_printed_only_while_the_itap_that_ends_it_holds() {
    let mut bench = at_step_8();
    let alien = ("kewarganegaraan", "WNA");
    let missing = |bench: &Bench| bench.station.card_print(&bench.id).unwrap().missing;
    let now = jiff::Timestamp::now();
    let day = |days: i64| {
        let there = jiff::tz::Offset::constant(7).to_datetime(now).date();
        there.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
    };
    let (past, today) = (day(-1), day(0));
    for (at, last) in [(1_795_000_000_000, ""), (1_795_000_100_000, past.as_str())] {
        let stay = [alien, ("itap_berlaku", last)];
        keep(&mut bench, at, &stay, &stay);
        on_one_day(&mut bench);
        assert_eq!(missing(&bench), ["valid"], "{last:?} is no last day of a card");
        let refused = bench.station.start_print(&bench.id, FIRST, &job());
        let lacking = matches!(refused, Err(Error::NotNow { key: "card_data_missing", .. }));
        assert!(lacking, "nor is it printed: {refused:?}");
    }
    let stay = [alien, ("itap_berlaku", today.as_str())];
    keep(&mut bench, 1_795_000_200_000, &stay, &stay);
    on_one_day(&mut bench);
    assert_eq!(missing(&bench), Vec::<String>::new(), "on its last day it holds");
}

#[test]
fn what_does_not_fit_the_card_is_named_at_step_6_already_and_nothing_is_printed() {
    let mut bench = sealed();
    let visit = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let street = "GANG PERINTIS KEMERDEKAAN ".repeat(8);
    let text = |bench: &Bench| {
        let lines = bench.station.print_request(&bench.id).unwrap().lines;
        lines.into_iter().find(|line| line.condition == RequestCondition::CardText)
    };
    assert!(text(&bench).is_none(), "an ordinary card needs no line");
    meanwhile(&mut bench, |store, ctx| {
        let act = Act::FieldSave { permohonan: visit, unsur: "alamat".into() };
        store.transact(act, ctx, |tx| tx.save_isian(visit, "alamat", &street)).unwrap();
    });
    let line = text(&bench).expect("a line of its own");
    let why = line.why.expect("which field");
    assert_eq!((line.state, why.key.as_str()), (ConditionState::Hold, "card_text_misfit"));
    assert_eq!(why.args["field"], "address", "{:?}", why.args);

    let mut bench = at_step_8();
    let long = [("alamat", street.as_str()), ("nama", "Ni Luh 山田")];
    keep(&mut bench, 1_795_000_000_000, &long, &long);
    on_one_day(&mut bench);
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert_eq!(seen.missing, ["fit_address", "fit_name"], "too long, and a letter that is not there");
    assert_eq!(seen.start_why.map(|why| why.key).as_deref(), Some("card_does_not_fit"));
    let refused = bench.station.start_print(&bench.id, FIRST, &job());
    let said = matches!(refused, Err(Error::NotNow { key: "card_does_not_fit", .. }));
    assert!(said, "{refused:?}");
    let face = bench.station.card_face(&bench.id).unwrap_err().to_view();
    assert_eq!(face.key, "card_does_not_fit", "nor shown");
    assert_eq!(stock(&bench).0, 10, "no blangko is taken");
}

#[test]
fn the_card_of_somebody_recorded_elsewhere_carries_the_centres_record_each_field_at_its_place() {
    let mut bench = at_step_8();
    let nik = bench.nik.clone();
    let alien = [("kewarganegaraan", "WNA"), ("itap_berlaku", "2031-10-30")];
    keep(&mut bench, 1_795_000_000_000, &alien, &alien);
    let issued = on_one_day(&mut bench);
    let (press, template) = (Press::new(), CardTemplate::training().unwrap());
    let wanted = card_of_the_person(&nik, &issued);
    let alien = CardFace { nationality: "WNA".into(), valid: "30-10-2031".into(), ..wanted.clone() };
    let shown = bench.station.card_face(&bench.id).unwrap();
    let same = shown == press.card_preview(&alien, &template).unwrap().png;
    assert!(same, "a foreigner's card is good as long as the ITAP");

    let own = [("kewarganegaraan", "WNI")];
    keep(&mut bench, 1_795_000_500_000, &own, &own);
    let issued = on_one_day(&mut bench);
    let wanted = CardFace { issued, ..wanted };
    let card = drawn(&bench);
    let expected = raster(&press, &wanted);
    assert_eq!(
        first_difference(&card, &expected),
        None,
        "the card in the printer is this person's, dot for dot"
    );

    // A field that the card does not show could hold anything and still be the same card.
    let fields: [(&str, Field); 18] = [
        ("province", |face| &mut face.province),
        ("regency", |face| &mut face.regency),
        ("nik", |face| &mut face.nik),
        ("name", |face| &mut face.name),
        ("birth", |face| &mut face.birth),
        ("sex", |face| &mut face.sex),
        ("blood", |face| &mut face.blood),
        ("address", |face| &mut face.address),
        ("rt_rw", |face| &mut face.rt_rw),
        ("village", |face| &mut face.village),
        ("district", |face| &mut face.district),
        ("religion", |face| &mut face.religion),
        ("marital", |face| &mut face.marital),
        ("occupation", |face| &mut face.occupation),
        ("nationality", |face| &mut face.nationality),
        ("valid", |face| &mut face.valid),
        ("place", |face| &mut face.place),
        ("issued", |face| &mut face.issued),
    ];
    let mut texts = std::collections::BTreeSet::new();
    for (name, field) in fields {
        let mut other = wanted.clone();
        assert!(texts.insert(field(&mut other).clone()), "{name}: no two fields say the same");
        let last = field(&mut other).pop();
        assert!(last.is_some() && raster(&press, &other) != expected, "{name} stands on the card");
    }
    for other in [CardFace { photo: None, ..wanted.clone() }, CardFace { signature: None, ..wanted.clone() }]
    {
        assert!(raster(&press, &other) != expected, "and the pictures do");
    }
}

/// What a code of the form means, from the table that ships.
fn label(table: &str, code: &str) -> String {
    let path = format!("{}/../../../assets/codes/{table}.json", env!("CARGO_MANIFEST_DIR"));
    let table: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = table["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["code"] == code).expect("a code of the table");
    row["card"].as_str().or(row["label"].as_str()).unwrap().to_uppercase()
}

#[test]
fn a_first_card_carries_what_the_applicant_attested_with_the_portrait_and_signature_of_step_4() {
    let mut bench = printable();
    let nik = bench.nik.clone();
    let residents = training::residents(1, 60, jiff::Timestamp::now()).unwrap();
    let person = residents.into_iter().find(|resident| resident.nik == nik).expect("the applicant");
    sits(&bench, "dewi");
    let seen = bench.station.capture(&bench.id).unwrap();
    let best = seen.portrait.attempts.iter().find(|attempt| attempt.best).expect("a portrait");
    let picture = |id: &str| Some(Picture::Encoded(bench.station.image(id).unwrap()));
    let (photo, signature) =
        (picture(&best.capture_id), picture(seen.signature.capture_id.as_deref().expect("a signature")));
    let form = bench.station.form(&bench.id).unwrap();
    let place = form.fields.iter().find(|field| field.unsur == "kelurahan").expect("where the person lives");
    let place = place.shown.to_uppercase();
    let [village, district, regency, province] = place.split(", ").collect::<Vec<_>>()[..] else {
        panic!("village, district, regency, province")
    };
    let (year, rest) = person.tanggal_lahir.split_at(4);
    let blood = label("golongan_darah", &person.golongan_darah);
    let wanted = CardFace {
        province: format!("PROVINSI {province}"),
        regency: regency.into(),
        nik,
        name: person.nama.to_uppercase(),
        birth: format!("{}, {}-{}-{year}", person.tempat_lahir.to_uppercase(), &rest[4..6], &rest[1..3]),
        sex: label("jenis_kelamin", &person.jenis_kelamin),
        blood: if blood.len() <= 3 { blood } else { "-".into() },
        address: person.alamat.to_uppercase(),
        rt_rw: format!("{:0>3}/{:0>3}", person.rt, person.rw),
        village: village.into(),
        district: district.into(),
        religion: label("agama", &person.agama),
        marital: label("status_perkawinan", &person.status_perkawinan),
        occupation: label("pekerjaan", &person.pekerjaan),
        nationality: person.kewarganegaraan.clone(),
        valid: "SEUMUR HIDUP".into(),
        place: "PESISIR BARAT".into(),
        issued: on_one_day(&mut bench),
        photo,
        signature,
        training: true,
    };
    let difference = first_difference(&drawn(&bench), &raster(&Press::new(), &wanted));
    assert_eq!(difference, None, "the card in the printer is the applicant's, dot for dot");
}

/// Dots of ink: dark in every colour.
fn ink(card: &[u8]) -> Vec<(i32, i32)> {
    let width = CardRaster::WIDTH as usize;
    let dark = |(at, pixel): (usize, &[u8])| {
        let place = (i32::try_from(at % width).unwrap(), i32::try_from(at / width).unwrap());
        pixel.iter().all(|level| *level < 96).then_some(place)
    };
    card.chunks_exact(3).enumerate().filter_map(dark).collect()
}

/// Left, top, right, bottom of all ink.
fn ink_box(ink: &[(i32, i32)]) -> [i32; 4] {
    let (across, down) = (ink.iter().map(|dot| dot.0), ink.iter().map(|dot| dot.1));
    let ends = (across.clone().min(), down.clone().min(), across.max(), down.max());
    [ends.0.unwrap(), ends.1.unwrap(), ends.2.unwrap(), ends.3.unwrap()]
}

#[test]
fn a_printer_that_is_off_draws_the_next_card_the_other_way_by_as_many_dots() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    let straight = ink(&drawn(&bench));
    station.print_result(id, PrintResult::NotPrinted, "kartu tidak keluar", None, None).unwrap();
    // It prints 1.0 mm too far to the right and 0.5 mm too high.
    station.set_printer_offset(1.0, -0.5).unwrap();
    let moved = ink(&drawn(&bench));
    let dots = |mm: f64| (mm * 300.0 / 25.4).round() as i32;
    let (right, down) = (-dots(1.0), dots(0.5));
    assert_eq!((right, down), (-12, 6));

    let mut seen = vec![false; (CardRaster::WIDTH * CardRaster::HEIGHT) as usize];
    let at = |(x, y): (i32, i32)| {
        let inside =
            (0..CardRaster::WIDTH as i32).contains(&x) && (0..CardRaster::HEIGHT as i32).contains(&y);
        inside.then(|| y as usize * CardRaster::WIDTH as usize + x as usize)
    };
    for dot in &moved {
        seen[at(*dot).unwrap()] = true;
    }
    let covered = |(dx, dy): (i32, i32)| {
        straight.iter().filter(|(x, y)| at((x + dx, y + dy)).is_some_and(|at| seen[at])).count()
    };
    let all = (-15..=15).flat_map(|dx| (-15..=15).map(move |dy| (dx, dy)));
    let best = all.max_by_key(|shift| covered(*shift)).unwrap();
    assert_eq!(best, (right, down), "to the left and down, so that it lands where it belongs");
    for ((before, after), by) in
        ink_box(&straight).iter().zip(ink_box(&moved)).zip([right, down, right, down])
    {
        // A line that fell between two dots may fall on one of them now.
        assert!((after - before - by).abs() <= 1, "no edge of the ink is cut off: {before} to {after}");
    }
}

#[test]
fn a_foreigners_card_is_printed_on_an_orange_blangko_and_a_citizens_on_no_such() {
    let mut bench = at_step_8();
    let orange = "0718-900-001";
    let refusal = |bench: &Bench, serial: &str| {
        let Err(refused) = bench.station.start_print(&bench.id, serial, &job()) else {
            panic!("{serial} was printed");
        };
        refused.to_view().key
    };
    let alien = [("kewarganegaraan", "WNA"), ("itap_berlaku", "2031-10-30")];
    keep(&mut bench, 1_795_000_000_000, &alien, &alien);
    on_one_day(&mut bench);
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert_eq!((seen.next_serial, seen.can_start), (None, false), "ten of citizens' are none of foreigners'");
    assert_eq!(seen.start_why.map(|why| why.key).as_deref(), Some("no_blangko_wna"), "and it says which");
    let queue = bench.station.print_queue().unwrap();
    assert_eq!(queue.rows[0].needs, StockItem::BlangkoWna, "the queue says which, too");
    let none = queue.foreigners.expect("a card waits for one");
    assert_eq!((none.on_hand, none.level), (0, StockLevel::Unknown), "and that there is none");
    bench.station.receive_stock(StockItem::BlangkoWna, 2, orange, "BAST 2/2026").unwrap();
    let citizen = [("kewarganegaraan", "WNI")];
    keep(&mut bench, 1_795_000_100_000, &citizen, &citizen);
    on_one_day(&mut bench);
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert_eq!((seen.needs, seen.stock.blangko), (StockItem::Blangko, 10), "a citizen's, and how many");
    assert_eq!(seen.queue[0].needs, StockItem::Blangko, "the queue beside it as well");
    assert_eq!(refusal(&bench, orange), "stock_other_kind", "not on an orange one");
    keep(&mut bench, 1_795_000_200_000, &alien, &alien);
    on_one_day(&mut bench);
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert_eq!((seen.needs, seen.stock.blangko), (StockItem::BlangkoWna, 2), "a foreigner's");
    assert_eq!(seen.next_serial.as_deref(), Some(orange), "the lowest of its kind, not of all");
    assert_eq!(refusal(&bench, FIRST), "stock_other_kind", "a citizen's is refused");
    assert!(bench.training.desk.card_printer().last_printed().is_none(), "the printer never heard of either");
    bench.station.start_print(&bench.id, orange, &job()).unwrap();
    told(&bench);
    let Err(other) = bench.station.take_other_blangko(&bench.id, FIRST) else {
        panic!("a citizen's number was taken over");
    };
    assert_eq!(other.to_view().key, "stock_other_kind", "nor is it said to be on a citizen's");
    let seen = bench.station.print_result(&bench.id, PrintResult::Printed, orange, None, None).unwrap();
    assert_eq!(seen.card.as_deref(), Some(orange), "printed");
    let items = bench.station.blangko().unwrap();
    let of = |item| items.items.iter().find(|one| one.item == item).unwrap();
    assert_eq!(of(StockItem::BlangkoWna).on_hand, 1, "one is used");
    assert_eq!(of(StockItem::BlangkoWna).used_today, 1, "of its own pace");
    assert_eq!(of(StockItem::Blangko).on_hand, 10, "and none of the others");
    assert!(items.agrees, "the book adds up: {:?}", items.disagreement);
}
