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
    orders::allot_blangko(centre, "UJI-02", "0718224001", 500).await.unwrap();
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
