//! Look-ups among residents: by NIK, by family card, as a name is typed, and with two typos. `bench_residents [count]`, 1,000,000
//! by default. Prints JSON lines {name, value, unit, reference, ratio}; the reference is the aim, and that of a family card the
//! NIK look-up of the same run.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use domain::Timestamp;
use domain::ids::StationCode;
use openssl::asn1::Asn1Time;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::{X509Builder, X509NameBuilder};
use std::io::{BufReader, Write};
use std::time::Instant;
use store::{Ctx, DataKey, ExtractSignature, StationIdentity, Store, StoreOptions};

/// Members of one family card.
const FAMILY: usize = 4;

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
    /// Small numbers are common, as names are.
    fn skewed(&mut self, n: usize) -> usize {
        let a = self.below(n);
        let b = self.below(a + 1);
        self.below(b + 1)
    }
}

/// Names of nobody: built from syllables, with some hundred common and many rare words.
fn vocabulary(chance: &mut Chance, words: usize) -> Vec<String> {
    let syllables = [
        "a", "ba", "bu", "da", "de", "di", "fa", "ha", "hi", "in", "ja", "ka", "ku", "la", "li", "ma", "mi",
        "mu", "na", "ni", "nur", "pra", "ra", "ri", "ru", "sa", "si", "su", "ta", "ti", "to", "wa", "wi",
        "ya", "yan", "zah",
    ];
    let mut found = std::collections::BTreeSet::new();
    let mut list = Vec::new();
    while list.len() < words {
        let word: String =
            (0..2 + chance.below(3)).map(|_| syllables[chance.below(syllables.len())]).collect();
        if found.insert(word.clone()) {
            list.push(word);
        }
    }
    list
}

fn typo(chance: &mut Chance, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let letter = char::from(b'a' + chance.below(26) as u8);
    // A letter, not a space: a lost space is another kind of mistake, not measured here.
    let at = loop {
        let at = chance.below(letters.len());
        if letters[at] != ' ' {
            break at;
        }
    };
    match chance.below(4) {
        0 => letters[at] = letter,
        1 => letters.insert(at, letter),
        2 if letters.len() > 4 => drop(letters.remove(at)),
        _ if at + 1 < letters.len() && letters[at + 1] != ' ' => letters.swap(at, at + 1),
        _ => letters[at] = letter,
    }
    letters.into_iter().collect()
}

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir_in(".").unwrap();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let words = vocabulary(&mut chance, 40_000);
    let extract = folder.path().join("extract.ndjson");
    let mut names = Vec::with_capacity(count);
    let mut body = std::io::BufWriter::new(std::fs::File::create(&extract).unwrap());
    let mut hash = openssl::sha::Sha256::new();
    let mut lines = Vec::new();
    for i in 0..count {
        let name: Vec<&str> =
            (0..2 + chance.below(2)).map(|_| words[chance.skewed(words.len())].as_str()).collect();
        let name = name.join(" ");
        let line = format!(
            "{{\"nik\":\"99{i:014}\",\"kk\":\"98{:014}\",\"nama\":\"{name}\",\"alamat\":\"Jalan Contoh {i}\"}}\n",
            i / FAMILY
        );
        hash.update(line.as_bytes());
        lines.extend_from_slice(line.as_bytes());
        names.push(name);
    }
    let header = serde_json::json!({"format": "rekam-residents", "version": 1, "wilayah": "99.01", "taken_at": "2026-11-01T00:00:00Z",
        "count": count, "sha256": hex::encode(hash.finish())}).to_string();
    body.write_all(header.as_bytes()).unwrap();
    body.write_all(b"\n").unwrap();
    body.write_all(&lines).unwrap();
    drop(body);
    drop(lines);

    let private = PKey::from_ec_key(
        EcKey::generate(&EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()).unwrap(),
    )
    .unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "bench").unwrap();
    let name = name.build();
    let mut cert = X509Builder::new().unwrap();
    cert.set_subject_name(&name).unwrap();
    cert.set_issuer_name(&name).unwrap();
    cert.set_pubkey(&private).unwrap();
    cert.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    cert.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    cert.sign(&private, MessageDigest::sha256()).unwrap();
    let cert = cert.build();
    let cms = CmsContentInfo::sign(
        Some(&cert),
        Some(&private),
        None,
        Some(header.as_bytes()),
        CMSOptions::BINARY | CMSOptions::DETACHED,
    )
    .unwrap()
    .to_der()
    .unwrap();

    let now = Timestamp::from_second(1_795_460_000).unwrap();
    let identity = StationIdentity { station: StationCode::parse("BENCH-1").unwrap(), training: true, now };
    let (path, key) = (folder.path().join("rekam.db"), DataKey::generate().unwrap());
    let store = Store::create(&path, &key, &identity, StoreOptions::default()).unwrap();
    let started = Instant::now();
    let file = BufReader::new(std::fs::File::open(&extract).unwrap());
    store
        .import_residents(file, ExtractSignature { cms: &cms, ca: &cert }, &Ctx { operator: None, now })
        .unwrap();
    report("import of residents", started.elapsed().as_secs_f64(), "s", None);
    // The import leaves it in memory: as at a sign-in.
    drop(store);
    let store = Store::open(&path, &key, StoreOptions::default(), now).unwrap();
    let started = Instant::now();
    store.warm_names().unwrap();
    report("name index into memory", started.elapsed().as_secs_f64() * 1e3, "ms", None);

    let rounds = 2_000;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let nik = format!("99{:014}", chance.below(count));
        let started = Instant::now();
        assert_eq!(store.read(|v| v.resident_by_nik(&nik)).unwrap().map(|one| one.nik), Some(nik.clone()));
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let (by_nik, by_nik_95) = (at(&mut times, 50), at(&mut times, 95));
    report("NIK look-up, p50", by_nik, "ms", Some(0.05));
    report("NIK look-up, p95", by_nik_95, "ms", Some(0.05));

    let mut times = Vec::new();
    for _ in 0..rounds {
        let kk = format!("98{:014}", chance.below((count / FAMILY).max(1)));
        let started = Instant::now();
        let family = store.read(|v| v.residents_by_kk(&kk)).unwrap();
        times.push(started.elapsed().as_secs_f64() * 1e3);
        assert_eq!(family.len(), FAMILY.min(count));
    }
    report("family card look-up, p50", at(&mut times, 50), "ms", Some(by_nik));
    report("family card look-up, p95", at(&mut times, 95), "ms", Some(by_nik_95));

    let mut times = Vec::new();
    for _ in 0..500 {
        let name = &names[chance.below(count)];
        let typed: String = name.chars().take(3 + chance.below(name.len())).collect();
        let started = Instant::now();
        let hits = store.type_ahead(&typed, 10).unwrap();
        times.push(started.elapsed().as_secs_f64() * 1e3);
        assert!(!hits.is_empty());
    }
    report("type-ahead, p50", at(&mut times, 50), "ms", Some(1.0));
    report("type-ahead, p95", at(&mut times, 95), "ms", Some(1.0));

    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..500 {
        let name = &names[chance.below(count)];
        let once = typo(&mut chance, name);
        let twice = typo(&mut chance, &once);
        let started = Instant::now();
        let hits = store.find_names(&twice, 10).unwrap();
        times.push(started.elapsed().as_secs_f64() * 1e3);
        found += usize::from(hits.iter().any(|hit| hit.resident.name == *name));
    }
    report("two typos, p95", at(&mut times, 95), "ms", Some(10.0));
    report("two typos, p50", at(&mut times, 50), "ms", None);
    report("two typos, recall@10", found as f64 / 500.0, "1", Some(0.99));
}

fn at(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * percent / 100]
}

fn report(name: &str, value: f64, unit: &str, aim: Option<f64>) {
    println!(
        "{}",
        serde_json::json!({"name": name, "value": value, "unit": unit, "reference": aim, "ratio": aim.map(|aim| value / aim)})
    );
}
