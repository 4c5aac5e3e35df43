//! The centre's database is put back from an older backup, while the stations have gone on.

use crate::desk::Station;
use crate::district::District;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use store::Act;

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(done.success(), "copied with its owner");
}

/// Exchanges until everything that can go has gone; the centre's connections to its database are new after a restart.
async fn drive(station: &Station) {
    for _ in 0..20 {
        let report = station.exchange().await;
        if report.cause.is_none() && report.rest == sync::plan::Rest::Done {
            return;
        }
        station.later();
    }
    panic!("the exchange comes to its end: {:?}", station.findings());
}

async fn there(district: &District) -> Vec<(i64, uuid::Uuid)> {
    sqlx::query_as("SELECT sequence, id FROM enrolment ORDER BY sequence")
        .fetch_all(&district.centre.pool)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_centre_lost_is_offered_again_once_and_what_is_gone_is_said() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let station = Station::new(&district, &desk);
    for _ in 0..2 {
        station.seal();
    }
    drive(&station).await;
    let cluster = district.cluster.as_ref().unwrap();
    let (data, backup) = (district.folder.path().join("pg/data"), district.folder.path().join("pg/backup"));
    cluster.stop().expect("the database stops");
    copy(&data, &backup);
    cluster.launch().expect("and goes on");

    for _ in 0..3 {
        station.seal();
    }
    drive(&station).await;
    let before = there(&district).await;
    assert_eq!(before.len(), 5, "five were received and acknowledged");
    let receipts: Vec<Vec<u8>> = before
        .iter()
        .map(|(_, id)| {
            let id = domain::ids::PacketId::new(*id);
            station.store.read(|view| view.receipt(id)).unwrap().expect("acknowledged").cms
        })
        .collect();
    // Of the fourth the retention has emptied this disk already.
    let fourth = domain::ids::PacketId::new(before[3].1);
    let visit = station.store.read(|view| view.packet(fourth)).unwrap().unwrap().permohonan;
    let act = Act::Purge { permohonan: visit };
    station.store.transact(act, &station.ctx(), |tx| tx.purge_parts(fourth)).unwrap();

    cluster.stop().expect("the database stops");
    std::fs::remove_dir_all(&data).unwrap();
    copy(&backup, &data);
    cluster.launch().expect("the backup is put back");
    assert_eq!(there(&district).await.len(), 2, "three packets are forgotten");

    station.days_later();
    drive(&station).await;
    let after: BTreeSet<i64> = there(&district).await.into_iter().map(|row| row.0).collect();
    assert_eq!(after, BTreeSet::from([1, 2, 3, 5]), "what the station still had is there again");
    assert!(station.store.read(|view| view.outbox()).unwrap().is_empty(), "acknowledged anew");
    let standing = station.findings();
    assert_eq!(standing, [("lost".to_owned(), "4".to_owned())], "and what nobody has is a person's matter");
    for ((_, id), old) in before.iter().zip(&receipts) {
        let id = domain::ids::PacketId::new(*id);
        let kept = station.store.read(|view| view.receipt(id)).unwrap().expect("kept");
        assert!(kept.cms == *old, "the centre's first word stays as proof");
    }
    for (sequence, id) in there(&district).await {
        for part in packet::Part::ALL {
            let file = station.folder.path().join(format!("packets/{id}/{part}.cms"));
            let sealed = std::fs::read(file).unwrap();
            let held = district.centre.parts.read(id, part, &packet::digest_hex(&sealed)).await;
            assert!(held.expect("held")[..] == sealed[..], "{sequence} {part}: the very bytes");
        }
    }

    // The history goes on: a new packet, its status, nothing told twice.
    station.seal();
    drive(&station).await;
    assert_eq!(there(&district).await.len(), 5, "the next one");
    let newest = domain::ids::PacketId::new(there(&district).await[4].1);
    station.days_later();
    drive(&station).await;
    let statuses = station.store.read(|view| view.central_statuses_of(newest)).unwrap();
    assert!(!statuses.is_empty(), "and its status comes back");
    let mut told: Vec<(String, i64)> =
        statuses.iter().map(|row| (row.status.clone(), row.as_of_ms)).collect();
    let all = told.len();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), all, "each once");
}
