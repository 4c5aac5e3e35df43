use crate::desk::{Desk, by, visit};
use store::{Act, NewSample, SampleImage};

fn sample(attempt: &str, chosen: bool) -> NewSample {
    NewSample {
        attempt: attempt.into(),
        modality: "fingers".into(),
        part: "left_four".into(),
        quality_json: r#"{"nfiq":2}"#.into(),
        device_json: "{}".into(),
        evidence: b"signed by the device".to_vec(),
        images: vec![
            SampleImage { part: "slap".into(), media_type: "image/png".into(), image: vec![1; 50_000] },
            SampleImage { part: "left_index".into(), media_type: "image/png".into(), image: vec![2; 5_000] },
        ],
        chosen,
    }
}

fn accept(desk: &Desk, ms: i64, new: &NewSample) -> store::Result<i64> {
    let act =
        Act::SampleAccept { permohonan: visit(1), modality: new.modality.clone(), part: new.part.clone() };
    desk.store.transact(act, &by("op-1", ms), |tx| tx.add_sample(visit(1), new)).map(|changed| changed.value)
}

#[test]
fn an_accepted_capture_is_there_after_a_restart_with_every_picture() {
    let desk = Desk::with_visit();
    let id = accept(&desk, 20, &sample("a-1", true)).unwrap();
    let desk = desk.restart();
    let images = desk.store.read(|v| v.sample_images(id)).unwrap();
    assert_eq!(images, sample("a-1", true).images, "byte for byte, in order");
    assert_eq!(
        desk.store.read(|v| v.sample_evidence(id)).unwrap(),
        b"signed by the device",
        "with its evidence"
    );
    let whose = |row| desk.store.read(|v| v.visit_of_sample(row)).unwrap();
    assert_eq!((whose(id), whose(id + 1)), (Some(visit(1)), None), "and whose it is");
}

#[test]
fn a_retake_is_a_new_row_and_the_one_to_send_is_one() {
    let desk = Desk::with_visit();
    let first = accept(&desk, 20, &sample("a-1", true)).unwrap();
    accept(&desk, 30, &sample("a-2", false)).unwrap();
    let chosen = || -> Vec<i64> {
        desk.store.read(|v| v.samples(visit(1))).unwrap().iter().filter(|s| s.chosen).map(|s| s.id).collect()
    };
    assert_eq!(chosen(), [first], "the worse re-take did not overwrite the better one");
    let third = accept(&desk, 40, &sample("a-3", true)).unwrap();
    assert_eq!(chosen(), [third], "the better one takes its place");
    let seqs: Vec<u32> = desk.store.read(|v| v.samples(visit(1))).unwrap().iter().map(|s| s.seq).collect();
    assert_eq!(seqs, [1, 2, 3], "attempts are counted");
}

#[test]
fn a_purge_empties_pictures_and_keeps_the_rows() {
    let desk = Desk::with_visit();
    let id = accept(&desk, 20, &sample("a-1", true)).unwrap();
    let kept = |part: &str| desk.store.read(|v| v.has_sample_image(id, part)).unwrap();
    assert!(kept("slap") && kept("left_index") && !kept("left_little"), "those that were taken are there");
    desk.store
        .transact(Act::Purge { permohonan: visit(1) }, &by("op-1", 50), |tx| tx.purge_samples(visit(1)))
        .unwrap();
    assert!(
        desk.store.read(|v| v.sample_images(id)).unwrap().iter().all(|i| i.image.is_empty()),
        "pictures gone"
    );
    assert!(!kept("slap") && !kept("left_index"), "and said to be");
    assert_eq!(
        desk.store.read(|v| v.samples(visit(1))).unwrap()[0].quality_json,
        r#"{"nfiq":2}"#,
        "the row stays"
    );
}

#[test]
fn an_unknown_modality_is_refused() {
    let desk = Desk::with_visit();
    let odd = NewSample { modality: "gait".into(), ..sample("a-1", true) };
    assert!(accept(&desk, 20, &odd).is_err(), "the CHECK refuses it");
    assert!(desk.store.read(|v| v.samples(visit(1))).unwrap().is_empty(), "and nothing is left");
}
