//! Durable encrypted save of a 2 MiB recording against raw write + fdatasync of the same bytes.
//!
//! Pairs are interleaved, so that both meet the same disk. Prints one JSON line {name, value, unit, reference, ratio};
//! value and reference are medians in milliseconds.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use domain::Timestamp;
use domain::ids::{PermohonanId, StationCode};
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
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
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
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (value, reference) = (median(&mut ours), median(&mut theirs));
    println!(
        "{}",
        serde_json::json!({"name": "save 2 MiB, durable and encrypted", "value": value, "unit": "ms", "reference": reference, "ratio": value / reference})
    );
}
