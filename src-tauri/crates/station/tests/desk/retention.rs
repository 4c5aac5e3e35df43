//! What is left of a person once the visit is over and the time of keeping has passed: no face, no finger, no iris.

use std::sync::Arc;

use domain::ids::PermohonanId;
use domain::paper::DocumentKind;
use domain::register::RegisterKind;
use jiff::{SignedDuration, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::{Tone, VisitState};
use store::{Act, CardData, CardFinger, Ctx, NewDocument, OutboxState, Receipt};

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
pub fn until_gone(bench: &mut Bench, later: i64, picture: &str) {
    bench.restart_by(Arc::new(HeldClock::at(Timestamp::now() + days(later))));
    sits(bench, "rizal");
    let began = std::time::Instant::now();
    while !matches!(bench.station.image(picture), Err(Error::NotFound { .. })) {
        assert!(began.elapsed() < LONG, "{picture} goes by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// The portrait that was taken in a visit, and its Formulir, which holds the very bytes of it.
fn face_and_form(bench: &Bench, id: PermohonanId) -> (i64, String) {
    books(bench, |store, _| {
        store
            .read(|view| {
                let samples = view.samples(id)?;
                let portrait = samples.iter().find(|sample| sample.modality == "portrait").unwrap().id;
                let images = view.sample_images(portrait)?;
                let face = &images.iter().find(|image| image.part == "portrait").unwrap().image;
                let form = view.newest_document(id, DocumentKind::FormulirPerekaman)?.unwrap();
                let pdf = view.document_pdf(form.id)?;
                assert!(pdf.windows(face.len()).any(|part| part == face), "the face stands on the form");
                Ok((portrait, form.id.to_string()))
            })
            .unwrap()
    })
}

/// Nobody reads or prints a paper any more, and whoever asks is told why; its row says what it was.
fn emptied(bench: &Bench, document: &str, said: &str) {
    let asked = [
        bench.station.document_pdf(document).map(drop),
        bench.station.document_page(document, 1, 60).map(drop),
        bench.station.print_document(document, "").map(drop),
    ];
    for answer in asked {
        let Err(refused) = answer else { panic!("{said}: the face is still there") };
        let shown = refused.to_view();
        assert_eq!((shown.key.as_str(), shown.tone), (said, Tone::Hold));
    }
    books(bench, |store, _| {
        let row = document.parse().unwrap();
        let (paper, pdf) = store.read(|view| Ok((view.document(row)?, view.document_pdf(row)?))).unwrap();
        assert!(pdf.is_empty(), "{said}");
        assert!(!paper.document.number.is_empty() && paper.document.sha256.len() == 32, "number and SHA-256");
    });
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
    let (of_portrait, form) = face_and_form(&bench, id);
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
    emptied(&bench, &form, "form_emptied");
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
    // As if both had been made before the visit was given up.
    let papers = books(&bench, |store, ctx| {
        [DocumentKind::FormulirPerekaman, DocumentKind::Suket].map(|kind| {
            let new = NewDocument {
                permohonan: Some(id),
                kind: kind.key().into(),
                number: format!("{}/1", kind.key()),
                pdf: b"%PDF with a face".to_vec(),
            };
            let act = Act::DocumentRender { permohonan: id, kind: kind.key().into() };
            store.transact(act, ctx, |tx| tx.add_document(&new)).unwrap().value.to_string()
        })
    });
    sits(&bench, "dewi");
    bench.station.cancel(&bench.id, "pemohon pindah").unwrap();
    until_gone(&mut bench, 31, &picture);
    let kept = books(&bench, |store, _| store.read(|view| view.card_data(id)).unwrap()).unwrap();
    assert!(kept.portrait.is_empty() && kept.fingers.is_empty(), "no face and no finger");
    assert_eq!(kept.source, "pusat", "but where it came from");
    let [form, suket] = papers;
    emptied(&bench, &form, "form_emptied_unsealed");
    emptied(&bench, &suket, "suket_emptied");
}

#[test]
fn a_recording_that_the_centre_has_leaves_no_face_on_paper_either() {
    let mut bench = sealed();
    let id = visit(&bench);
    meanwhile(&mut bench, |store, ctx| {
        let packet = store.read(|view| view.packet_of(id)).unwrap().unwrap().id;
        let receipt =
            Receipt { cms: b"resi".to_vec(), received_ms: 1, path: "network".into(), applied_ms: 0 };
        let act = Act::ReceiptApply { packet };
        store.transact(act, ctx, |tx| tx.apply_receipt(packet, &receipt)).unwrap();
    });
    sits(&bench, "dewi");
    let (of_portrait, form) = face_and_form(&bench, id);
    sits(&bench, "dewi");
    bench.station.cancel(&bench.id, "pemohon pindah").unwrap();
    assert!(bench.station.document_pdf(&form).is_ok(), "kept as long as the office says");
    until_gone(&mut bench, 31, &format!("s:{of_portrait}:portrait"));
    emptied(&bench, &form, "form_emptied");
    books(&bench, |store, _| {
        let lines = store.read(|view| view.register_of(id)).unwrap();
        let purged = lines.iter().filter(|row| row.line.entry.kind == RegisterKind::DataPurged).count();
        assert_eq!(purged, 1, "sealed files, pictures and paper under one line");
    });
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
    let (of_portrait, form) = face_and_form(&bench, id);
    let picture = format!("s:{of_portrait}:portrait");
    assert!(bench.station.image(&picture).is_ok(), "forty days after the refusal nobody has ended the visit");
    sits(&bench, "dewi");
    bench.station.cancel(&bench.id, "ditolak pusat, direkam ulang").unwrap();
    until_gone(&mut bench, 31, &picture);
    emptied(&bench, &form, "form_emptied_not_received");
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
