//! What the real centre orders arrives once, by network and by stick.

use crate::desk::Station;
use crate::district::District;
use crate::recording::{Sheet, nik};
use pusat::orders;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_the_centre_arrive_once_by_network_and_by_stick_together() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let station = Station::new(&district, &away);
    station.seal();
    let centre = &district.centre;
    orders::print(centre, "UJI-02", sheet.header.packet).await.unwrap();
    orders::allot_blangko(centre, "UJI-02", domain::stock::Item::Blangko, "0718224001", 500).await.unwrap();
    orders::set(centre, None, "sync.red_after_days", &json!(3)).await.unwrap();
    let rows = json!([{"code": "1", "label": "ISLAM"}]);
    let agama = json!({"id": "agama", "title": "Agama", "version": 2, "source": "Surat", "rows": rows});
    orders::set(centre, None, "codes.agama", &agama).await.unwrap();
    orders::recover(centre, "UJI-02", "re_record", &[(1, 1)], "quality_below_threshold").await.unwrap();

    let (folder, store) = (station.folder.path().join("packets"), &station.store);
    let ctx = station.ctx();
    let desk = sync::courier::Desk {
        store,
        packets: &folder,
        station: &station.code,
        trust: &station.trust,
        ctx: &ctx,
    };
    let stick = tempfile::tempdir().unwrap();
    let out = sync::courier::export(desk, &away.identity, stick.path()).expect("onto the stick");
    assert_eq!(out.packets, 1, "one packet travels");
    let imported = pusat::import_courier(centre, stick.path()).await.expect("taken in");
    assert!(imported.refused.is_empty(), "nothing is refused: {:?}", imported.refused);
    let taken = sync::courier::take_replies(desk, stick.path()).expect("back from the stick");
    assert_eq!((taken.receipts.len(), taken.refused.len()), (1, 0), "with the receipt");
    let seen = |station: &Station| {
        station
            .store
            .read(|v| {
                let red = sync::kept_setting(v, "sync.red_after_days")?;
                let table = sync::kept_setting(v, "codes.agama")?;
                let statuses = v.central_statuses(&nik(1))?.len();
                Ok((v.allotments(10)?.len(), red, table, statuses))
            })
            .unwrap()
    };
    let expected = (1, Some(json!(3)), Some(agama), 1);
    assert_eq!(seen(&station), expected, "allotment, setting, table and card came by stick");
    let found = station.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0 == "re_record" && found[0].1.contains("quality_below_threshold"), "{found:?}");

    assert_eq!(station.exchange().await.cause, None, "the network comes back");
    station
        .store
        .transact(store::Act::CentralStatuses { count: 0 }, &station.ctx(), |tx| tx.move_cursor("0"))
        .unwrap();
    assert_eq!(station.exchange().await.cause, None, "and all is told again from the start");
    assert_eq!(seen(&station), expected, "each is there once");
    assert_eq!(station.findings(), found, "and found once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_machine_that_hears_the_whole_feed_stands_where_the_old_one_stands() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let centre = &district.centre;
    let table = |version: u32, label: &str| {
        let rows = json!([{"code": "1", "label": label}]);
        json!({"id": "agama", "title": "Agama", "version": version, "source": "Surat", "rows": rows})
    };
    // The old machine hears each change alone, in the order in which it comes.
    let old = Station::new(&district, &away);
    for number in [1, 2] {
        let sheet = Sheet::new(&home, number, number, &nik(number));
        assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
        orders::print(centre, "UJI-02", sheet.header.packet).await.unwrap();
        assert_eq!(old.exchange().await.cause, None);
    }
    for (version, label) in [(2, "ISLAM"), (3, "Islam")] {
        orders::set(centre, None, "codes.agama", &table(version, label)).await.unwrap();
        orders::set(centre, None, "sync.red_after_days", &json!(version)).await.unwrap();
        assert_eq!(old.exchange().await.cause, None);
    }
    orders::allot_blangko(centre, "UJI-02", domain::stock::Item::Blangko, "0718224001", 500).await.unwrap();
    assert_eq!(old.exchange().await.cause, None);
    let stands = |station: &Station| {
        let read = station.store.read(|view| {
            let mut mirror = Vec::new();
            for number in [1, 2] {
                for row in view.central_statuses(&nik(number))? {
                    mirror.push((row.nik, row.status, row.as_of_ms, row.source, row.packet, row.detail));
                }
            }
            let red = sync::kept_setting(view, "sync.red_after_days")?;
            let agama = sync::kept_setting(view, "codes.agama")?;
            let allotted: Vec<String> =
                view.allotments(10)?.iter().map(|row| format!("{} {}", row.quantity, row.document)).collect();
            Ok((mirror, red, agama, allotted, view.change_cursor()?))
        });
        read.unwrap()
    };
    let expected = stands(&old);
    assert_eq!(expected.0.len(), 2, "two people may have their card here");
    assert_eq!(
        (expected.1.clone(), expected.2.clone()),
        (Some(json!(3)), Some(table(3, "Islam"))),
        "the newest"
    );
    assert_eq!(expected.3.len(), 1, "and one allotment");

    let new = Station::new(&district, &away);
    assert_eq!(new.exchange().await.cause, None, "an empty one hears everything at once");
    assert!(stands(&new) == expected, "and stands at the same place");
    new.store
        .transact(store::Act::CentralStatuses { count: 0 }, &new.ctx(), |tx| tx.move_cursor("0"))
        .unwrap();
    assert_eq!(new.exchange().await.cause, None, "once more from the start");
    assert!(stands(&new) == expected, "nothing is there twice, and nothing older came back");
}
