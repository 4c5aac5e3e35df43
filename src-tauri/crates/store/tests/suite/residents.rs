//! Signed extracts come in whole or not at all; people are found again.

use crate::desk::{Desk, at, by};
use crate::slots::{certificate, ec_key};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use rstest::rstest;
use std::io::{BufReader, Read};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;
use store::{Act, Changed, Error, ExtractSignature, Imported, ResidentUpsert, Store};

/// People who do not exist: province 99 is given to nobody.
pub(crate) const NAMES: &[&str] = &[
    "Siti Aminah",
    "Siti Aminah",
    "Budi Santoso",
    "Nur'aini binti Ma'ruf",
    "José Ximenes",
    "Sukarno",
    "And Orlando",
    "Muhammad Rizki Pratama",
    "Muhammad Riski Pratama",
    "Ni Luh Ayu Kartika",
    "Wahyuningsih",
    "Dewi",
    "A",
];

pub(crate) struct Extract {
    pub(crate) body: Vec<u8>,
    cms: Vec<u8>,
    ca: X509,
}

const TAKEN_AT: &str = "2026-11-01T00:00:00Z";

pub(crate) fn extract(names: &[&str]) -> Extract {
    extract_of(TAKEN_AT, names)
}

fn extract_of(taken_at: &str, names: &[&str]) -> Extract {
    let people: Vec<_> = names.iter().enumerate().map(|(i, name)| (i + 1, i / 3, *name)).collect();
    of_wilayah("99.01.01", taken_at, &people)
}

/// Of people by the number of their NIK, that of their family card, and their name.
pub(crate) fn of_wilayah(wilayah: &str, taken_at: &str, people: &[(usize, usize, &str)]) -> Extract {
    let key = ec_key();
    signed((wilayah, taken_at), people, &key, &certificate(&key))
}

/// The NIK of this number.
pub(crate) fn nik(number: usize) -> String {
    format!("99010141{number:08}")
}

/// The family card of this number.
pub(crate) fn kk(number: usize) -> String {
    format!("99010101{number:08}")
}

fn signed(
    (wilayah, taken_at): (&str, &str),
    people: &[(usize, usize, &str)],
    key: &PKey<Private>,
    cert: &X509,
) -> Extract {
    let lines: Vec<_> = people
        .iter()
        .map(|(number, card, name)| serde_json::json!({"nik": nik(*number), "kk": kk(*card), "nama": name}))
        .collect();
    signed_lines((wilayah, taken_at), &lines, key, cert)
}

/// Of people who live in a part of the wilayah: the number of the NIK, the name and that part.
pub(crate) fn of_parts(wilayah: &str, taken_at: &str, people: &[(usize, &str, &str)]) -> Extract {
    let lines: Vec<_> = people
        .iter()
        .map(|(number, name, home)| {
            serde_json::json!({"nik": nik(*number), "kk": kk(1), "nama": name, "kode_wilayah": home})
        })
        .collect();
    let key = ec_key();
    signed_lines((wilayah, taken_at), &lines, &key, &certificate(&key))
}

fn signed_lines(
    (wilayah, taken_at): (&str, &str),
    people: &[serde_json::Value],
    key: &PKey<Private>,
    cert: &X509,
) -> Extract {
    let lines: String = people.iter().map(|line| format!("{line}\n")).collect();
    let header = serde_json::json!({
        "format": "rekam-residents", "version": 1, "wilayah": wilayah, "taken_at": taken_at,
        "count": people.len(), "sha256": hex::encode(openssl::sha::sha256(lines.as_bytes())),
    })
    .to_string();
    let cms = CmsContentInfo::sign(
        Some(cert),
        Some(key),
        None,
        Some(header.as_bytes()),
        CMSOptions::BINARY | CMSOptions::DETACHED,
    )
    .unwrap();
    Extract { body: format!("{header}\n{lines}").into_bytes(), cms: cms.to_der().unwrap(), ca: cert.clone() }
}

pub(crate) fn import(desk: &Desk, extract: &Extract) -> store::Result<Changed<Imported>> {
    import_of(desk, 0, extract)
}

/// The centre's extract of that version.
pub(crate) fn import_of(desk: &Desk, version: u64, extract: &Extract) -> store::Result<Changed<Imported>> {
    import_into(&desk.store, version, extract)
}

pub(crate) fn import_into(
    store: &Store,
    version: u64,
    extract: &Extract,
) -> store::Result<Changed<Imported>> {
    let signature = ExtractSignature { cms: &extract.cms, ca: &extract.ca };
    store.import_residents_of(version, &extract.body[..], signature, &by("op-1", 100))
}

/// An extract of `count` people, each with about `bytes` more in the line.
pub(crate) fn of_long_lines(count: usize, bytes: usize) -> Extract {
    of_lines(std::iter::repeat_n(bytes, count))
}

/// An extract of people, each with about so many bytes more in the line.
pub(crate) fn of_lines(more: impl Iterator<Item = usize>) -> Extract {
    let lines: Vec<_> = (1..)
        .zip(more)
        .map(|(n, bytes)| {
            serde_json::json!({"nik": nik(n), "kk": kk(n), "nama": "Orang", "alamat": "x".repeat(bytes)})
        })
        .collect();
    let key = ec_key();
    signed_lines(("99.01.01", TAKEN_AT), &lines, &key, &certificate(&key))
}

fn names(desk: &Desk, typed: &str) -> Vec<String> {
    desk.store.find_names(typed, 10).unwrap().into_iter().map(|hit| hit.resident.name).collect()
}

#[test]
fn a_newer_extract_replaces_the_older_one_of_its_wilayah() {
    let desk = Desk::new();
    import(&desk, &extract(NAMES)).unwrap();
    assert_eq!(names(&desk, "sukarno"), ["Sukarno"], "there before");
    import(&desk, &extract(&["Rahmat Hidayat"])).unwrap();
    assert!(names(&desk, "sukarno").is_empty(), "gone with the older extract");
    assert_eq!(names(&desk, "rahmat"), ["Rahmat Hidayat"], "the index follows");
    assert_eq!(desk.store.read(|v| v.resident_extracts()).unwrap().len(), 1, "one extract of the wilayah");
}

#[test]
fn an_older_extract_never_takes_the_place_of_a_newer_one() {
    let desk = Desk::new();
    let older = extract_of("2026-11-02T06:00:00+07:00", &["Yang Lama"]);
    let newer = extract_of("2026-11-01T23:30:00Z", &["Yang Baru"]);
    import(&desk, &older).unwrap();
    import(&desk, &newer).expect("half an hour younger, whatever the zone it is written in");
    let head = desk.store.read(|v| v.register_head()).unwrap();
    let refused = import(&desk, &older);
    assert!(matches!(refused, Err(Error::ExtractOlder)), "{refused:?}");
    assert_eq!(names(&desk, "yang"), ["Yang Baru"], "what is here stays");
    assert_eq!(desk.store.read(|v| v.register_head()).unwrap(), head, "and no register line");
    import(&desk, &newer).expect("the same once more is no older one");
    import_of(&desk, 7, &older).expect("nothing changed at the centre since before the file was made");
    assert_eq!(names(&desk, "yang"), ["Yang Lama"], "what the centre calls its newest");
}

#[test]
fn what_came_from_the_centre_is_as_young_as_its_last_word_and_its_versions_are_counted() {
    let desk = Desk::new();
    let named = |name: &str| extract(&[name]);
    import_of(&desk, 7, &named("Versi Tujuh")).unwrap();
    let earlier = import_of(&desk, 6, &named("Versi Enam"));
    assert!(matches!(earlier, Err(Error::ExtractOlder)), "{earlier:?}");
    import_of(&desk, 8, &named("Versi Delapan")).expect("the next one");
    desk.store.bookkeep(at(0), |books| books.note_extract_check(true)).unwrap();
    let stick = |ms: i64| import(&desk, &extract_of(&at(ms).to_string(), &["Dari Flashdisk"]));
    let between = stick(-1000);
    assert!(matches!(between, Err(Error::ExtractOlder)), "the centre's deltas are younger: {between:?}");
    import_of(&desk, 9, &named("Versi Sembilan"))
        .expect("a version that the centre made is not judged by the clock");
    assert_eq!(names(&desk, "versi"), ["Versi Sembilan"], "the newest");
    stick(1000).expect("younger than the centre's last word");
    assert_eq!(names(&desk, "flashdisk"), ["Dari Flashdisk"], "taken");
}

#[rstest]
#[case::other_ca("other_ca")]
#[case::header("header")]
#[case::signature("signature")]
#[case::body("body")]
#[case::short("short")]
#[case::longer("longer")]
#[case::garbage("garbage")]
fn an_extract_that_is_not_what_was_signed_imports_nothing(#[case] what: &str) {
    let desk = Desk::new();
    import(&desk, &extract(&["Yang Lama"])).unwrap();
    let head = desk.store.read(|v| v.register_head()).unwrap();
    let mut bad = extract(NAMES);
    let feed = bad.body.iter().position(|b| *b == b'\n').unwrap();
    match what {
        "other_ca" => bad.ca = certificate(&ec_key()),
        "header" => {
            bad.body = String::from_utf8(bad.body).unwrap().replacen("99.01.01", "99.01.02", 1).into_bytes()
        }
        "signature" => *bad.cms.last_mut().unwrap() ^= 1,
        "body" => bad.body = String::from_utf8(bad.body).unwrap().replacen("Budi", "Bidu", 1).into_bytes(),
        "short" => {
            bad.body.truncate(bad.body[..bad.body.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1)
        }
        "longer" => bad.body.extend_from_slice(b"{\"nik\":\"1\",\"kk\":\"1\",\"nama\":\"Lebih\"}\n"),
        _ => {
            bad.body.truncate(feed + 1);
            bad.body.extend_from_slice(&[0xff, 0xfe, b'\n']);
        }
    }
    let refused = import(&desk, &bad).unwrap_err();
    match what {
        "other_ca" | "header" | "signature" => {
            assert!(matches!(refused, Error::ExtractSignature(_)), "{refused:?}")
        }
        "garbage" => assert!(matches!(refused, Error::ExtractLine { line: 2 }), "{refused:?}"),
        _ => assert!(matches!(refused, Error::ExtractAltered { .. }), "{refused:?}"),
    }
    assert_eq!(names(&desk, "yang"), ["Yang Lama"], "the older extract is as before");
    assert!(names(&desk, "siti").is_empty(), "nothing of the bad one");
    assert_eq!(desk.store.read(|v| v.register_head()).unwrap(), head, "and no register line");
}

#[rstest]
#[case("sit", "Siti Aminah")]
#[case("AMINAH siti", "Siti Aminah")]
#[case("nuraini", "Nur'aini binti Ma'ruf")]
#[case("jose x", "José Ximenes")]
#[case("and", "And Orlando")]
#[case("and OR", "And Orlando")]
#[case("\"and\"*", "And Orlando")]
#[case("a", "A")]
#[case("muhammad rizki pr", "Muhammad Rizki Pratama")]
fn a_name_is_found_as_it_is_typed(#[case] typed: &str, #[case] expected: &str) {
    let desk = Desk::new();
    import(&desk, &extract(NAMES)).unwrap();
    let found = names(&desk, typed);
    assert_eq!(found.first().map(String::as_str), Some(expected), "typed {typed:?}, found {found:?}");
    let ahead = desk.store.type_ahead(typed, 10).unwrap();
    assert_eq!(ahead[0].resident.name, expected, "the same while typing");
    assert!(ahead.iter().all(|hit| hit.edits == 0), "and nothing that was not typed");
}

#[rstest]
#[case("stii amniah", "Siti Aminah")]
#[case("budy sentoso", "Budi Santoso")]
#[case("sukrano", "Sukarno")]
#[case("wahyunigsi", "Wahyuningsih")]
#[case("muhamad rizkki pratama", "Muhammad Rizki Pratama")]
#[case("kartka ayu luhh", "Ni Luh Ayu Kartika")]
#[case("dwi", "Dewi")]
fn two_typos_are_forgiven(#[case] typed: &str, #[case] expected: &str) {
    let desk = Desk::new();
    import(&desk, &extract(NAMES)).unwrap();
    let found = desk.store.find_names(typed, 10).unwrap();
    assert_eq!(found.first().map(|hit| hit.resident.name.as_str()), Some(expected), "typed {typed:?}");
    assert!((1..=2).contains(&found[0].edits), "it says how far off it was: {}", found[0].edits);
}

#[rstest]
#[case::twelve_names_begin_so("Siti Nur", "Siti Nur", 12)]
#[case::one_typed_word_begins_another("Nuraini Nur", "Nuraini Nur", 12)]
#[case::a_word_is_typed_twice("Siti Siti", "Siti Siti ", 12)]
#[case::fifty_have_it_as_their_first_word("Ahmad", "Ahmad ", 50)]
fn whoever_is_called_as_was_typed_comes_first(
    #[case] called: &str,
    #[case] before: &str,
    #[case] others: u8,
) {
    let letter = |n: u8| char::from(b'a' + n);
    let mut people: Vec<String> =
        (0..others).map(|n| format!("{before}{}{}", letter(n / 26), letter(n % 26))).collect();
    people.extend([called.to_owned(), called.to_uppercase()]);
    let mut desk = Desk::new();
    import(&desk, &extract(&people.iter().map(String::as_str).collect::<Vec<_>>())).unwrap();
    let typed = called.to_lowercase();
    // As many as the station shows.
    let both =
        |desk: &Desk| [desk.store.type_ahead(&typed, 8).unwrap(), desk.store.find_names(&typed, 8).unwrap()];
    let found = both(&desk);
    let called_so = [nik(usize::from(others) + 1), nik(usize::from(others) + 2)];
    for hits in &found {
        let niks: Vec<&str> = hits.iter().map(|hit| hit.resident.nik.as_str()).collect();
        assert_eq!(niks[..2], called_so, "both of the name before all others, in the extract's order");
        assert!(niks.len() > 2, "others after them: {niks:?}");
        assert!(hits[..2].iter().all(|hit| hit.edits == 0), "typed without a mistake");
    }
    desk = desk.restart();
    assert_eq!(both(&desk), found, "the same order every time");
}

#[test]
fn more_of_one_name_than_are_shown_leave_no_seat_to_longer_names() {
    let desk = Desk::new();
    let mut people = vec!["Siti Nuraini"; 12];
    people.extend(["Siti Nur"; 9]);
    import(&desk, &extract(&people)).unwrap();
    let ahead = desk.store.type_ahead("siti nur", 8).unwrap();
    let meant = desk.store.find_names("siti nur", 8).unwrap();
    let niks: Vec<String> = ahead.iter().map(|hit| hit.resident.nik.clone()).collect();
    assert_eq!(
        niks,
        (13..21).map(nik).collect::<Vec<_>>(),
        "a longer name is found by typing on, these are not"
    );
    assert_eq!(meant, ahead, "the same after the pause");
}

#[test]
fn a_name_in_the_typed_order_comes_before_many_of_the_same_words_in_another() {
    let desk = Desk::new();
    let mut people = vec!["Nur Siti"; 20];
    people.push("Siti Nur");
    import(&desk, &extract(&people)).unwrap();
    let found = desk.store.find_names("siti nur", 8).unwrap();
    assert_eq!(found[0].resident.name, "Siti Nur", "found in the pause after typing");
    assert!(found[1..].iter().all(|hit| hit.resident.name == "Nur Siti"), "the others stay: {found:?}");
    assert_eq!(found.len(), 8, "as many as are asked for");
}

#[test]
fn a_whole_name_hides_none_that_two_typos_reach() {
    let desk = Desk::new();
    import(&desk, &extract(&["Sita Nur", "Siti Nuraini", "Siti Nur", "Sukarno", "Sukarna"])).unwrap();
    assert_eq!(names(&desk, "siti nur"), ["Siti Nur", "Siti Nuraini", "Sita Nur"], "as typed, begun, meant");
    assert_eq!(names(&desk, "sukarna"), ["Sukarna", "Sukarno"], "of one word too");
}

#[test]
fn a_word_of_three_letters_forgives_two_typos_beside_another_word_and_one_by_itself() {
    let desk = Desk::new();
    import(&desk, &extract(&["Budi Tani", "Tani"])).unwrap();
    assert_eq!(names(&desk, "budi tji"), ["Budi Tani"], "a letter lost and a letter wrong");
    assert!(names(&desk, "tji").is_empty(), "by itself it would be anybody");
    assert_eq!(names(&desk, "tai"), ["Tani", "Budi Tani"], "one is forgiven");
}

#[test]
fn nonsense_finds_nobody_and_breaks_nothing() {
    let desk = Desk::new();
    assert!(names(&desk, "siti").is_empty(), "before any import");
    import(&desk, &extract(NAMES)).unwrap();
    for typed in ["", "   ", "'*\"", "qqqqqqqqqq zzzzzzz", &"x".repeat(5_000)] {
        assert!(names(&desk, typed).is_empty(), "typed {} bytes", typed.len());
    }
    assert_eq!(names(&desk, "siti")[..2], ["Siti Aminah", "Siti Aminah"], "both people of one name");
}

#[test]
fn a_lock_calls_the_reading_of_the_names_off_and_leaves_none_of_them_in_memory() {
    let desk = Desk::new();
    import(&desk, &extract(NAMES)).unwrap();
    desk.store.warm_names().unwrap();
    assert!(desk.store.names_in_memory_for_tests(), "read ahead of the first search");
    assert_eq!(names(&desk, "sukarno"), ["Sukarno"], "which finds as ever");
    let mut desk = desk;
    for round in 0..20 {
        desk = desk.restart();
        assert!(!desk.store.names_in_memory_for_tests(), "a new start has read nothing");
        let store = &desk.store;
        std::thread::scope(|scope| {
            let reading = [0; 4].map(|_| scope.spawn(|| store.warm_names()));
            if round % 2 == 0 {
                std::thread::yield_now();
            }
            store.lock();
            for done in reading.map(|thread| thread.join().unwrap()) {
                assert!(matches!(done, Ok(()) | Err(Error::Locked)), "read or called off: {done:?}");
            }
        });
        assert!(!store.names_in_memory_for_tests(), "whoever came late left nothing");
        assert!(matches!(store.warm_names(), Err(Error::Locked)), "and nothing is read of a locked store");
    }
}

/// A stick that gives the bytes before `gate_at`, says so, and the rest only when it is let.
struct Slow<'a> {
    bytes: &'a [u8],
    at: usize,
    gate_at: usize,
    reached: Option<Sender<()>>,
    gate: Receiver<()>,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.gate_at
            && let Some(reached) = self.reached.take()
        {
            reached.send(()).unwrap();
            self.gate.recv().unwrap();
        }
        let end = if self.reached.is_some() { self.gate_at } else { self.bytes.len() };
        let given = (end - self.at).min(buffer.len());
        buffer[..given].copy_from_slice(&self.bytes[self.at..self.at + given]);
        self.at += given;
        Ok(given)
    }
}

/// What an act does with the index of names when it changes residents.
pub(crate) const OUTDATE: &str =
    "UPDATE resident_index SET generation = generation + 1, words = x'', postings = x'', rows = x'';";

/// Whether an index of names is kept.
fn is_stored(desk: &Desk) -> bool {
    let sql = "SELECT length(words) > 0 FROM resident_index";
    desk.raw().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn count(desk: &Desk, table: &str) -> i64 {
    desk.raw().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn whoever_types_saves_while_an_extract_is_read_from_a_slow_stick() {
    let desk = Desk::with_visit();
    import(&desk, &extract(&["Yang Lama"])).unwrap();
    let people: Vec<String> = (1..=9_000).map(|n| format!("Penduduk {n}")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let extract = extract(&people);
    let (reached, is_reached) = mpsc::channel();
    let (open, gate) = mpsc::channel();
    let (saved, is_saved) = mpsc::channel();
    let bytes = &extract.body[..];
    let stick = Slow { bytes, at: 0, gate_at: bytes.len() / 4 * 3, reached: Some(reached), gate };
    let signature = ExtractSignature { cms: &extract.cms, ca: &extract.ca };
    let store = &desk.store;
    let (came_through, imported) = std::thread::scope(|scope| {
        // Dropped with this closure, so that the stick does not hold a test that fails.
        let go_on = open;
        let importing = scope.spawn(move || {
            store
                .import_residents(BufReader::new(stick), signature, &by("op-1", 100))
                .map(|done| done.value.count)
        });
        is_reached.recv().unwrap();
        scope.spawn(move || {
            let act = Act::FieldSave { permohonan: crate::desk::visit(1), unsur: "nama".into() };
            saved.send(store.transact(act, &by("op-1", 200), |_| Ok(())).is_ok()).unwrap();
        });
        // Generous: only one that waits for the stick takes this long.
        let came_through = is_saved.recv_timeout(Duration::from_secs(60));
        assert!(count(&desk, "resident") > 4_000, "a part of it is written");
        assert_eq!(names(&desk, "yang"), ["Yang Lama"], "and nobody sees it");
        assert!(names(&desk, "penduduk").is_empty());
        let record = store.read(|v| v.resident_by_nik(&nik(1))).unwrap();
        assert_eq!(record.map(|one| one.name).as_deref(), Some("Yang Lama"));
        assert_eq!(store.read(|v| v.resident_extracts()).unwrap().len(), 1);
        go_on.send(()).unwrap();
        (came_through, importing.join().unwrap())
    });
    assert_eq!(came_through, Ok(true), "the field is on the disk before the stick has given the rest");
    assert_eq!(imported.unwrap(), 9_000);
    assert_eq!(names(&desk, "penduduk 9000")[0], "Penduduk 9000", "all of it is there at once");
    assert!(names(&desk, "yang").is_empty(), "in place of the one before");
    let kept = (count(&desk, "resident"), count(&desk, "resident_extract"));
    assert_eq!(kept, (9_000, 1), "of which nothing is left");
}

#[test]
fn what_a_cut_or_a_lock_left_of_an_import_is_seen_by_nobody_and_is_cleared_away() {
    let desk = Desk::new();
    import(&desk, &extract(&["Yang Lama"])).unwrap();
    let left = |name: &str| {
        format!(
            "INSERT INTO resident_extract (wilayah) VALUES ('{name}');
             INSERT INTO resident (extract, nik, kk, name, data)
                SELECT max(id), '{}', '{}', 'Setengah Jalan', '{{}}' FROM resident_extract;",
            nik(1),
            kk(0)
        )
    };
    // Before the act, and after it: what it took the place of is left, and the index is still that of before.
    let (coming, going) = (left("-coming"), format!("{}{OUTDATE}", left("-7")));
    for (left, again) in [(&coming, false), (&coming, true), (&going, false), (&going, true)] {
        desk.raw().execute_batch(left).unwrap();
        assert!(names(&desk, "setengah").is_empty());
        let (record, family, extracts) = desk
            .store
            .read(|v| Ok((v.resident_by_nik(&nik(1))?, v.residents_by_kk(&kk(0))?, v.resident_extracts()?)))
            .unwrap();
        assert_eq!(record.map(|one| one.name).as_deref(), Some("Yang Lama"));
        assert_eq!((family.len(), extracts.len()), (1, 1), "nor in the family, nor as an extract");
        if again {
            import(&desk, &extract(&["Yang Lama"])).expect("the next import clears it away");
        } else {
            desk.store.tidy_residents().unwrap();
        }
        assert_eq!((count(&desk, "resident"), count(&desk, "resident_extract")), (1, 1), "again: {again}");
        assert!(is_stored(&desk), "and the index is kept");
    }
    let desk = desk.restart();
    assert_eq!(names(&desk, "yang"), ["Yang Lama"]);
    assert!(names(&desk, "setengah").is_empty());
}

#[test]
fn a_lock_ends_an_import_that_is_under_way_and_the_next_one_takes_it_whole() {
    let desk = Desk::new();
    import(&desk, &extract(&["Yang Lama"])).unwrap();
    let whole = of_long_lines(9_000, 10);
    let (reached, is_reached) = mpsc::channel();
    let (open, gate) = mpsc::channel();
    let bytes = &whole.body[..];
    let stick = Slow { bytes, at: 0, gate_at: bytes.len() / 4 * 3, reached: Some(reached), gate };
    let signature = ExtractSignature { cms: &whole.cms, ca: &whole.ca };
    let store = &desk.store;
    let ended = std::thread::scope(|scope| {
        let go_on = open;
        let importing =
            scope.spawn(move || store.import_residents(BufReader::new(stick), signature, &by("op-1", 100)));
        is_reached.recv().unwrap();
        store.lock();
        go_on.send(()).unwrap();
        importing.join().unwrap()
    });
    assert!(matches!(ended, Err(Error::Locked)), "{ended:?}");
    assert!(count(&desk, "resident") > 4_000, "a part of it is left");
    let desk = desk.restart();
    assert_eq!(names(&desk, "yang"), ["Yang Lama"], "the one before is in use");
    assert!(desk.store.type_ahead("orang", 10).unwrap().is_empty(), "and nobody sees the part");
    assert_eq!(import(&desk, &whole).unwrap().value.count, 9_000, "from its beginning");
    let kept = (count(&desk, "resident"), count(&desk, "resident_extract"));
    assert_eq!(kept, (9_000, 1), "once");
    assert!(desk.store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
}

#[test]
fn what_is_left_is_cleared_away_also_where_the_index_of_names_has_no_room() {
    let desk = Desk::new();
    let people: Vec<String> = (1..=9_000).map(|n| format!("Penduduk {n}")).collect();
    import(&desk, &extract(&people.iter().map(String::as_str).collect::<Vec<_>>())).unwrap();
    let raw = desk.raw();
    let left = format!("INSERT INTO resident_extract (wilayah) VALUES ('-7'); {OUTDATE}");
    raw.execute_batch(&left).unwrap();
    // What is left has every free page of the file, and the file cannot grow.
    let free = || -> i64 { raw.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap() };
    for _ in 0..200 {
        let sql = "INSERT INTO resident (extract, data)
            SELECT max(id), json_quote(hex(zeroblob(200000))) FROM resident_extract";
        raw.execute_batch(sql).unwrap();
        if free() == 0 {
            break;
        }
    }
    assert_eq!(free(), 0);
    desk.store.limit_pages_for_tests(0).unwrap();
    let refused = desk.store.refresh_names();
    assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "{refused:?}");
    desk.store.tidy_residents().expect("there is room once they are gone");
    assert_eq!((count(&desk, "resident"), count(&desk, "resident_extract")), (9_000, 1));
    assert!(is_stored(&desk), "the index too");
}

#[test]
fn an_extract_that_is_refused_at_its_end_leaves_nothing_of_what_was_written_before() {
    let desk = Desk::new();
    import(&desk, &extract(&["Yang Lama"])).unwrap();
    let mut bad = of_long_lines(9_000, 10);
    let last = bad.body.len() - 4;
    bad.body[last] = b'y';
    let refused = import(&desk, &bad);
    assert!(matches!(refused, Err(Error::ExtractAltered { what: "sha256" })), "{refused:?}");
    assert_eq!((count(&desk, "resident"), count(&desk, "resident_extract")), (1, 1));
    assert_eq!(names(&desk, "yang"), ["Yang Lama"], "the extract before is as it was");
}

#[test]
fn the_index_of_names_is_built_apart_from_the_act_that_changes_residents() {
    let desk = Desk::new();
    import_of(&desk, 7, &extract(&["Yang Lama"])).unwrap();
    assert!(is_stored(&desk), "with the import");
    let upsert = ResidentUpsert { nik: nik(2), kk: kk(0), name: "Yang Baru".into(), data_json: "{}".into() };
    let told = desk.store.transact(Act::CentralStatuses { count: 1 }, &by("op-1", 200), |tx| {
        let applied = tx.apply_residents("99.01.01", 8, std::slice::from_ref(&upsert), &[])?;
        tx.outdate_name_index()?;
        Ok(applied)
    });
    assert!(told.unwrap().value);
    assert!(!is_stored(&desk), "the act has built none");
    let desk = desk.restart();
    assert_eq!(names(&desk, "baru"), ["Yang Baru"], "a search builds its own");
    assert!(desk.store.refresh_names().unwrap());
    assert!(is_stored(&desk), "now it is kept");
    assert!(!desk.store.refresh_names().unwrap(), "once");
    let desk = desk.restart();
    assert_eq!(names(&desk, "yang").len(), 2, "the kept one finds both");

    // The other way round: what is built to be kept is there for the search, which builds none.
    let desk = desk.restart();
    desk.raw().execute_batch(OUTDATE).unwrap();
    assert!(desk.store.refresh_names().unwrap());
    assert!(desk.store.names_in_memory_for_tests());
    assert_eq!(names(&desk, "yang").len(), 2);
}
