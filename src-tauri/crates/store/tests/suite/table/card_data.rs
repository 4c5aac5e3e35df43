use crate::desk::{Desk, START_MS, at, by, visit};
use domain::ids::JobId;
use domain::permohonan::CardNews;
use store::{Act, CardData, CardFinger, CardReportState};

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

#[test]
fn a_request_wants_data_of_its_own_whatever_was_given_out_for_the_one_before() {
    let desk = Desk::with_visit();
    let [first, second] = [1, 2].map(|n| JobId::new(uuid::Uuid::from_u128(n)));
    let tells = |job: JobId| {
        let act = Act::FieldSave { permohonan: visit(1), unsur: "kartu".into() };
        desk.store
            .transact(act, &by("op-1", 10), |tx| {
                tx.add_card_report(visit(1), job, CardNews::Requested, None)?;
                tx.save_isian(visit(1), "alamat", "JL. BARU 2")
            })
            .unwrap();
        let open = desk.store.read(|v| v.card_reports_open()).unwrap();
        for row in open {
            let act = Act::CardReportSettle {
                permohonan: visit(1),
                kind: "requested".into(),
                state: "told".into(),
            };
            let told = CardReportState::Told;
            desk.store.transact(act, &by("op-1", 11), |tx| tx.settle_card_report(row.id, told, "")).unwrap();
        }
    };
    let wanted = || {
        let rows = desk.store.read(|v| v.card_data_wanted()).unwrap();
        let rows = rows.into_iter().map(|row| (row.job, row.form_json, row.biodata_json, row.fetched_ms));
        rows.collect::<Vec<_>>()
    };
    let form = r#"{"alamat":"JL. BARU 2"}"#.to_owned();
    tells(first);
    assert_eq!(wanted(), [(first, form.clone(), String::new(), 0)], "nothing is here");
    let data = CardData { job: Some(first), biodata_json: "{}".into(), ..CardData::default() };
    let act = Act::CardDataKeep { permohonan: visit(1) };
    desk.store.transact(act, &by("op-1", 20), |tx| tx.set_card_data(visit(1), &data)).unwrap();
    assert_eq!(wanted(), [(first, form.clone(), "{}".to_owned(), START_MS + 20)], "its data, and since when");
    desk.store.bookkeep(at(30), |ledger| ledger.card_data_unchanged(visit(1))).unwrap();
    assert_eq!(wanted()[0].3, START_MS + 30, "asked again, and unchanged");
    tells(second);
    assert_eq!(wanted(), [(second, form, String::new(), 0)], "the next request has none yet");
}
