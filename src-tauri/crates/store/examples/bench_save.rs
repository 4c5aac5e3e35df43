//! Durable encrypted save of a 2 MiB recording against raw write + fdatasync of the same bytes.
//!
//! Pairs are interleaved, so that both meet the same disk. Prints JSON lines {name, value, unit, reference, ratio};
//! value and reference are medians in milliseconds. The second line is what no saving through SQLCipher can be faster
//! than on this processor: raw writing, and encrypting and authenticating the same bytes page by page.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use domain::Timestamp;
use domain::ids::{PermohonanId, StationCode};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, encrypt};
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;
use store::{Act, Ctx, DataKey, NewPermohonan, NewSample, SampleImage, StationIdentity, Store, StoreOptions};

fn main() {
    let pairs: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir_in(".").unwrap();
    let now = Timestamp::from_second(1_795_460_000).unwrap();
    let identity = StationIdentity { station: StationCode::parse("BENCH-1").unwrap(), training: true, now };
    let key = DataKey::generate().unwrap();
    let store =
        Store::create(&folder.path().join("rekam.db"), &key, &identity, StoreOptions::default()).unwrap();
    let ctx = Ctx { operator: None, now };
    let id = PermohonanId::parse("01932f6e-0000-7000-8000-000000000001").unwrap();
    let new = NewPermohonan {
        id,
        day: "2026-11-23".into(),
        series: 'A',
        kind: "baru_wni".into(),
        plan_json: "[]".into(),
        state_json: "{}".into(),
        priority: 0,
    };
    store.transact(Act::PermohonanOpen { permohonan: id }, &ctx, |tx| tx.open_permohonan(&new)).unwrap();
    let mut raw = OpenOptions::new().create(true).append(true).open(folder.path().join("raw")).unwrap();
    // Sixteen pictures of 128 KiB: incompressible, different in each round.
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = |bytes: usize| -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes);
        while out.len() < bytes {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            out.extend_from_slice(&seed.to_le_bytes());
        }
        out
    };
    let (mut ours, mut theirs, mut cipher, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in 0..pairs {
        let images: Vec<SampleImage> = (0..16)
            .map(|i| SampleImage {
                part: format!("{i}"),
                media_type: "image/png".into(),
                image: noise(128 << 10),
            })
            .collect();
        let bytes: Vec<u8> = images.iter().flat_map(|i| i.image.iter().copied()).collect();
        let started = Instant::now();
        raw.write_all(&bytes).unwrap();
        raw.sync_data().unwrap();
        theirs.push(started.elapsed().as_secs_f64() * 1e3);
        let sample = NewSample {
            attempt: format!("{n}"),
            modality: "fingers".into(),
            part: "all".into(),
            quality_json: "{}".into(),
            device_json: "{}".into(),
            evidence: Vec::new(),
            images,
            chosen: true,
        };
        let act = Act::SampleAccept { permohonan: id, modality: "fingers".into(), part: "all".into() };
        let started = Instant::now();
        store.transact(act, &ctx, |tx| tx.add_sample(id, &sample)).unwrap();
        ours.push(started.elapsed().as_secs_f64() * 1e3);
        ratios.push(ours[n] / theirs[n]);
        let started = Instant::now();
        pages(&bytes);
        cipher.push(started.elapsed().as_secs_f64() * 1e3);
    }
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    cipher.sort_by(f64::total_cmp);
    ratios.sort_by(f64::total_cmp);
    let middle = pairs / 2;
    // 95 % of the median, by order statistics.
    let half = (0.98 * (pairs as f64).sqrt()) as usize;
    let (low, high) = (ratios[middle.saturating_sub(half)], ratios[(middle + half).min(pairs - 1)]);
    println!(
        "{}",
        serde_json::json!({"name": "save 2 MiB, durable and encrypted", "value": ours[middle], "unit": "ms",
            "reference": theirs[middle], "reference_name": "raw write and fdatasync", "ratio": ratios[middle],
            "ratio_95": [low, high], "aim_ratio": 1.5, "p95": ours[pairs * 95 / 100],
            "reference_p95": theirs[pairs * 95 / 100], "pairs": pairs})
    );
    let floor = theirs[middle] + cipher[middle];
    println!(
        "{}",
        serde_json::json!({"name": "save 2 MiB, floor of this cipher", "value": floor, "unit": "ms",
            "reference": theirs[middle], "reference_name": "raw write and fdatasync", "ratio": floor / theirs[middle],
            "cipher_ms": cipher[middle]})
    );
}

/// What SQLCipher does to every page: AES-256-CBC and HMAC-SHA-256 over 16 KiB.
fn pages(bytes: &[u8]) {
    let key = PKey::hmac(&[7; 32]).unwrap();
    for page in bytes.chunks(16 << 10) {
        let secret = encrypt(Cipher::aes_256_cbc(), &[1; 32], Some(&[2; 16]), page).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        signer.update(&secret).unwrap();
        std::hint::black_box(signer.sign_to_vec().unwrap());
    }
}
