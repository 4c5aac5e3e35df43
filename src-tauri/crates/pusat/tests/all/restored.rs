//! A centre that came back from an older backup.

use crate::district::District;
use crate::recording::{Sheet, nik};
use packet::wire::Change;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_centre_whose_feed_has_outgrown_the_stations_cursor_is_noticed() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    let shared = district.feed(&desk, "0").await.cursor;
    let cluster = district.cluster.as_ref().unwrap();
    let (data, backup) = (district.folder.path().join("pg/data"), district.folder.path().join("pg/backup"));
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let done = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
        assert!(done.success(), "copied with its owner");
    };
    cluster.stop().expect("the database stops");
    copy(&data, &backup);
    cluster.launch().expect("and goes on");

    district.outcome(&desk, &Sheet::new(&desk, 2, 2, &nik(2))).await;
    let before = district.feed(&desk, "0").await.cursor;
    cluster.stop().expect("the database stops");
    std::fs::remove_dir_all(&data).unwrap();
    copy(&backup, &data);
    cluster.launch().expect("the backup is put back");

    for first in ["B-0001", "B-0101", "B-0201", "B-0301", "B-0401"] {
        pusat::orders::allot_blangko(&district.centre, "UJI-01", domain::stock::Item::Blangko, first, 100)
            .await
            .unwrap();
    }
    let whole = district.feed(&desk, "0").await;
    assert!(whole.cursor.number() >= before.number(), "the feed has outgrown what the station knows");
    for path in ["/v1/stations/UJI-01/changes?after=", "/v1/changes/"] {
        let answer = desk.client.get(&format!("{path}{before}")).await;
        assert_eq!(answer.problem(), "cursor_ahead", "the numbers are there, the changes are others: {path}");
    }
    let blangko = |change: &&Change| matches!(change, Change::Blangko(_));
    let told = district.feed(&desk, &shared.to_string()).await;
    assert_eq!(told.changes.iter().filter(blangko).count(), 5, "a cursor from before the backup goes on");
    assert_eq!(whole.changes.iter().filter(blangko).count(), 5, "and from the start nothing is missing");
}
