use crate::desk::{Desk, START_MS, by, visit};
use store::{Act, CardData, CardFinger};

#[test]
fn the_centres_record_for_a_card_replaces_an_older_one() {
    let desk = Desk::with_visit();
    let data = |portrait: &[u8], fingers: &[u8]| CardData {
        source: "pusat".into(),
        as_of_ms: START_MS,
        biodata_json: r#"{"nama":"BUDI"}"#.into(),
        portrait_type: "image/jpeg".into(),
        portrait: portrait.to_vec(),
        fingers: fingers
            .iter()
            .map(|finger| CardFinger {
                finger: *finger,
                format: "iso-19794-2".into(),
                template: vec![*finger; 4],
            })
            .collect(),
        ..CardData::default()
    };
    for (portrait, fingers) in [(b"a", &[2u8, 7][..]), (b"b", &[7][..])] {
        let act = Act::CardDataKeep { permohonan: visit(1) };
        desk.store
            .transact(act, &by("op-1", 10), |tx| tx.set_card_data(visit(1), &data(portrait, fingers)))
            .unwrap();
    }
    let kept = desk.store.read(|v| v.card_data(visit(1))).unwrap().unwrap();
    assert_eq!(
        (kept.portrait.as_slice(), kept.fingers.len(), kept.fetched_ms),
        (&b"b"[..], 1, START_MS + 10),
        "the newer"
    );
    assert!(!format!("{kept:?}").contains("BUDI"), "no name in a log");
}
