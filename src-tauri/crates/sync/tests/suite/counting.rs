//! Both sides count: an old backup on either side, a copied disk, a number that nobody has.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::centre::{Centre, Keys};
use crate::desk::{Desk, key, options};

fn pair() -> (Centre, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

fn findings(desk: &Desk) -> Vec<(String, String, bool)> {
    let rows = desk.store.read(|v| v.sync_findings()).unwrap();
    rows.into_iter().map(|row| (row.kind, row.subject, row.over_ms == 0)).collect()
}

fn found(kind: &str, subject: &str, stands: bool) -> (String, String, bool) {
    (kind.into(), subject.into(), stands)
}

#[test]
fn a_centre_restored_from_an_older_backup_gets_offered_again_what_it_lost() {
    let (centre, desk) = pair();
    let engine = desk.engine(centre.address);
    let first = desk.seal([500, 900, 500]);
    desk.exchange(&engine);
    let [lost, purged] = [0; 2].map(|_| desk.seal([500, 900, 500]));
    desk.exchange(&engine);
    let old = desk.store.read(|v| v.receipt(lost)).unwrap().unwrap();
    let act =
        store::Act::Purge { permohonan: desk.store.read(|v| v.packet(purged)).unwrap().unwrap().permohonan };
    desk.store.transact(act, &desk.ctx(), |tx| tx.purge_parts(purged)).unwrap();
    {
        let mut all = centre.records();
        all.packets.retain(|id, _| *id == first.uuid());
        all.receipts.retain(|id, _| *id == first.uuid());
        all.uploads.clear();
        all.changes.truncate(2);
        all.history = "bbbb".into();
    }
    desk.set_clock(desk.now() + SignedDuration::from_hours(30));
    desk.exchange(&engine);
    assert_eq!(desk.waiting().len(), 0, "what was still here went again");
    assert_eq!(centre.records().packets.len(), 2, "the centre has it again");
    let all = findings(&desk);
    assert!(all.contains(&found("lost", "3", true)), "what was purged here is said to a person: {all:?}");
    assert!(all.contains(&found("centre_behind", "2", false)), "what was brought back is over: {all:?}");
    let kept = desk.store.read(|v| v.receipt(lost)).unwrap().unwrap();
    assert_eq!(kept.cms, old.cms, "the centre's first word stays as proof");
    let statuses = desk.store.read(|v| v.central_statuses_of(first)).unwrap();
    assert_eq!(statuses.len(), 2, "a history told again adds nothing");
}

#[test]
fn a_station_restored_from_an_older_backup_says_so_and_skips_the_numbers_in_use() {
    let (centre, desk) = pair();
    desk.seal([500, 900, 500]);
    desk.exchange(&desk.engine(centre.address));
    let backup = copy_of(&desk);
    for _ in 0..2 {
        desk.seal([500, 900, 500]);
    }
    desk.exchange(&desk.engine(centre.address));
    let restored = backup;
    restored.exchange(&restored.engine(centre.address));
    let all = findings(&restored);
    assert_eq!(
        all,
        [found("station_behind", "2", true), found("station_behind", "3", true)],
        "two packets at the centre are not known here"
    );
    let next = restored.seal([500, 900, 500]);
    let number = restored.store.read(|v| v.packet(next)).unwrap().unwrap().sequence;
    assert_eq!(number, 4, "2 and 3 are in use");
    restored.exchange(&restored.engine(centre.address));
    assert_eq!(centre.records().packets.len(), 4, "nothing was overwritten");
    assert!(restored.waiting().is_empty(), "and the new one is there");
}

#[test]
fn a_copied_disk_is_noticed_and_neither_packet_is_lost() {
    let (centre, desk) = pair();
    desk.seal([500, 900, 500]);
    desk.exchange(&desk.engine(centre.address));
    let copy = copy_of(&desk);
    let original = desk.seal([500, 900, 500]);
    let other = copy.seal([500, 900, 500]);
    desk.exchange(&desk.engine(centre.address));
    copy.exchange(&copy.engine(centre.address));
    assert!(findings(&copy).contains(&found("copied_disk", "2", true)), "one number, two packets");
    let row = &copy.waiting()[0];
    assert_eq!((row.packet, row.cause.as_str()), (other, "sequence_conflict"), "it stays, with its cause");
    assert!(row.refused_ms > 0, "which is the centre's word");
    assert!(centre.records().packets.contains_key(&original.uuid()), "the first one stays as it was");
    assert!(copy.packets().join(format!("{other}/id.cms")).exists(), "and the other one's files stay here");
}

#[test]
fn a_number_that_nobody_has_is_a_gap_until_it_arrives() {
    let (centre, desk) = pair();
    desk.seal([500, 900, 500]);
    let act = store::Act::SettingChange { name: "packet_sequence".into() };
    desk.store.transact(act, &desk.ctx(), |tx| tx.skip_sequences(3)).unwrap();
    desk.seal([500, 900, 500]);
    desk.exchange(&desk.engine(centre.address));
    assert_eq!(findings(&desk), [found("gap", "2-3", true)], "reported in red");
    let another = centre.records().packets.values().next().unwrap().clone();
    for sequence in [2, 3] {
        let late = packet::wire::Finalise { sequence, ..another.clone() };
        centre.records().packets.insert(uuid::Uuid::now_v7(), late);
    }
    desk.set_clock(desk.now() + SignedDuration::from_hours(30));
    desk.exchange(&desk.engine(centre.address));
    assert!(findings(&desk).contains(&found("gap", "2-3", false)), "and over when they are there");
}

/// The same disk once more: database and sealed files, as a backup or a clone has them.
fn copy_of(desk: &Desk) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    desk.store.tidy().unwrap();
    for name in ["rekam.db", "rekam.db-wal"] {
        let from = desk.folder.path().join(name);
        if from.exists() {
            std::fs::copy(from, folder.path().join(name)).unwrap();
        }
    }
    for entry in std::fs::read_dir(desk.packets()).unwrap().flatten() {
        let to = folder.path().join("packets").join(entry.file_name());
        std::fs::create_dir_all(&to).unwrap();
        for file in std::fs::read_dir(entry.path()).unwrap().flatten() {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    let store = store::Store::open(&folder.path().join("rekam.db"), &key(), options(), desk.now()).unwrap();
    Desk::over(folder, Arc::new(store), Arc::clone(&desk.keys), desk.now())
}
