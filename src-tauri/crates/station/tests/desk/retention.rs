//! What is left of a person once the visit is over and the time of keeping has passed: no face, no finger, no iris.

use std::sync::Arc;

use domain::ids::PermohonanId;
use domain::register::RegisterKind;
use jiff::{SignedDuration, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::VisitState;
use store::{Act, CardData, CardFinger, Ctx, OutboxState, Receipt};

use crate::bench::{Bench, LONG};
use crate::card_data::{at_step_8, keep_card_data, meanwhile, portrait};
use crate::handing_over::{books, given, matches, signed, tick_all};
use crate::printing::{printed, sits};
use crate::sealed::sealed;

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

fn visit(bench: &Bench) -> PermohonanId {
    PermohonanId::parse(&bench.id).unwrap()
}

/// The station runs on `days` later, and the rule has emptied the picture of this name.
fn until_gone(bench: &mut Bench, later: i64, picture: &str) {
    bench.restart_by(Arc::new(HeldClock::at(Timestamp::now() + days(later))));
    sits(bench, "rizal");
    let began = std::time::Instant::now();
    while !matches!(bench.station.image(picture), Err(Error::NotFound { .. })) {
        assert!(began.elapsed() < LONG, "{picture} goes by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_card_that_was_collected_late_leaves_no_picture_either() {
    let mut bench = printed();
    let id = visit(&bench);
    let packet = meanwhile(&mut bench, |store, ctx| {
        let packet = store.read(|view| view.packet_of(id)).unwrap().unwrap().id;
        let then = Ctx { now: ctx.now - days(40), ..ctx.clone() };
        let receipt =
            Receipt { cms: b"resi".to_vec(), received_ms: 1, path: "network".into(), applied_ms: 0 };
        let act = Act::ReceiptApply { packet };
        store.transact(act, &then, |tx| tx.apply_receipt(packet, &receipt)).unwrap();
        packet
    });
    let folder = bench.dir.path().join("packets").join(packet.to_string());
    let began = std::time::Instant::now();
    while folder.exists() {
        assert!(began.elapsed() < LONG, "the centre has had it for forty days");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    sits(&bench, "rizal");
    let of_portrait = books(&bench, |store, _| {
        let samples = store.read(|view| view.samples(id)).unwrap();
        samples.iter().find(|sample| sample.modality == "portrait").unwrap().id
    });
    let picture = format!("s:{of_portrait}:portrait");
    assert!(bench.station.image(&picture).is_ok(), "needed until the card is in the hand");

    matches(&bench);
    bench.station.compare_handover_photo(&bench.id, true).unwrap();
    tick_all(&bench);
    signed(&bench);
    assert_eq!(given(&bench).state, VisitState::Done);
    assert!(bench.station.image(&picture).is_ok(), "kept as long as the office says");
    let copy = bench.dir.path().join("rekam.db.before-20261123-0002-residents");
    std::fs::write(&copy, b"what an upgrade copied").unwrap();
    until_gone(&mut bench, 31, &picture);
    let began = std::time::Instant::now();
    while copy.exists() {
        assert!(began.elapsed() < LONG, "the copy of before an upgrade holds the same pictures");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    books(&bench, |store, _| {
        store
            .read(|view| {
                let samples = view.samples(id)?;
                assert!(samples.len() > 4, "the rows stay: {}", samples.len());
                for sample in samples {
                    let images = view.sample_images(sample.id)?;
                    assert!(images.iter().all(|image| image.image.is_empty()), "{}", sample.part);
                }
                assert!(
                    view.rematches(id)?.iter().all(|one| one.image.is_empty()),
                    "nor of the chip's fingers"
                );
                let tries = view.handover_tries(id)?;
                assert!(tries.iter().any(|one| one.matched), "that the finger matched is known");
                assert!(tries.iter().all(|one| one.image.is_empty()), "without its picture");
                Ok(())
            })
            .unwrap();
    });
    let seen = bench.station.handover(&bench.id).unwrap();
    assert_eq!((seen.finger.live_image_id, seen.finger.record_image_id), (None, None), "none is offered");
    assert!(seen.finger.score.is_some(), "the score is");
}

#[test]
fn a_visit_without_a_packet_leaves_nothing_of_the_centres_record() {
    let mut bench = at_step_8();
    let id = visit(&bench);
    meanwhile(&mut bench, |store, ctx| {
        let data = CardData {
            source: "pusat".into(),
            as_of_ms: 1_795_000_000_000,
            biodata_json: r#"{"nama":"ORANG CONTOH"}"#.into(),
            portrait_type: "image/jpeg".into(),
            portrait: portrait(),
            fingers: vec![CardFinger { finger: 2, format: "uji".into(), template: vec![1; 8] }],
            ..CardData::default()
        };
        keep_card_data(store, ctx, id, &data);
    });
    let picture = format!("handover:{id}:portrait");
    sits(&bench, "rizal");
    assert!(bench.station.image(&picture).is_ok(), "the centre's portrait is here");
    sits(&bench, "dewi");
    bench.station.cancel(&bench.id, "pemohon pindah").unwrap();
    until_gone(&mut bench, 31, &picture);
    let kept = books(&bench, |store, _| store.read(|view| view.card_data(id)).unwrap()).unwrap();
    assert!(kept.portrait.is_empty() && kept.fingers.is_empty(), "no face and no finger");
    assert_eq!(kept.source, "pusat", "but where it came from");
}

#[test]
fn a_recording_that_the_centre_refused_for_good_leaves_no_picture_once_its_visit_is_over() {
    let mut bench = sealed();
    let id = visit(&bench);
    let packet = meanwhile(&mut bench, |store, ctx| {
        let packet = store.read(|view| view.packet_of(id)).unwrap().unwrap().id;
        let then = Ctx { now: ctx.now - days(40), ..ctx.clone() };
        let act = Act::OutboxMove { packet, state: OutboxState::Refused.code().to_owned() };
        store
            .transact(act, &then, |tx| {
                tx.set_outbox(packet, OutboxState::Refused, 1, 0, "refused:other_station")?;
                tx.refused_by_centre(packet)
            })
            .unwrap();
        packet
    });
    sits(&bench, "rizal");
    let of_portrait = books(&bench, |store, _| {
        let samples = store.read(|view| view.samples(id)).unwrap();
        samples.iter().find(|sample| sample.modality == "portrait").unwrap().id
    });
    let picture = format!("s:{of_portrait}:portrait");
    assert!(bench.station.image(&picture).is_ok(), "forty days after the refusal nobody has ended the visit");
    sits(&bench, "dewi");
    bench.station.cancel(&bench.id, "ditolak pusat, direkam ulang").unwrap();
    until_gone(&mut bench, 31, &picture);
    books(&bench, |store, _| {
        store
            .read(|view| {
                for sample in view.samples(id)? {
                    let images = view.sample_images(sample.id)?;
                    assert!(images.iter().all(|image| image.image.is_empty()), "{}", sample.part);
                    assert!(view.sample_evidence(sample.id)?.is_empty(), "{}", sample.part);
                }
                assert!(view.rematches(id)?.iter().all(|one| one.image.is_empty()), "nor of the re-match");
                let lines = view.register_of(id)?;
                let purged =
                    lines.iter().filter(|row| row.line.entry.kind == RegisterKind::DataPurged).count();
                assert_eq!(purged, 1, "one line of the register says so");
                let row = view.outbox_row(packet)?.unwrap();
                assert_eq!(row.state, OutboxState::Refused, "the refusal still waits for a person");
                for part in view.packet(packet)?.unwrap().parts {
                    let file = bench.dir.path().join("packets").join(&part.path);
                    assert!(file.is_file(), "what only the centre can open stays: {}", part.part);
                }
                Ok(())
            })
            .unwrap();
    });
}
