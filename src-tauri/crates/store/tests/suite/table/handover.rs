use crate::desk::{Desk, START_MS, by, visit};
use store::{Act, HandoverTry};

#[test]
fn what_was_shown_at_the_hand_over_is_kept() {
    let desk = Desk::with_visit();
    let tried = HandoverTry {
        finger: "right_index".into(),
        score: 96,
        threshold: 40,
        matched: true,
        device_json: "{}".into(),
        media_type: "image/png".into(),
        image: vec![3; 10],
        tried_ms: 0,
    };
    desk.store
        .transact(Act::HandoverNote { permohonan: visit(1), what: "finger".into() }, &by("op-1", 10), |tx| {
            tx.add_handover_try(visit(1), &tried)?;
            tx.set_collector(visit(1), r#"{"who":"own"}"#)?;
            tx.set_chip_photo(visit(1), "04a1", "image/jpeg", b"photo")?;
            tx.set_receipt(visit(1), 7)?;
            tx.shelve(visit(1), "B2-07")
        })
        .unwrap();
    desk.store
        .transact(Act::ShelfMove { permohonan: visit(1) }, &by("op-1", 50), |tx| tx.shelve(visit(1), "C1-01"))
        .unwrap();
    let desk = desk.restart();
    desk.store
        .read(|v| {
            assert_eq!(v.handover_tries(visit(1))?[0].tried_ms, START_MS + 10, "the finger, and when");
            let kept = v.handover(visit(1))?.unwrap();
            assert_eq!((kept.chip_photo.as_slice(), kept.receipt), (&b"photo"[..], 7), "photo and receipt");
            let shelf = v.unclaimed(i64::MAX)?;
            assert_eq!(
                (shelf[0].place.as_str(), shelf[0].since_ms),
                ("C1-01", START_MS + 10),
                "it waits since it came"
            );
            assert!(v.unclaimed(START_MS)?.is_empty(), "and not longer");
            let day = 86_400_000;
            let midnight = START_MS - START_MS.rem_euclid(day) + day;
            let days = |now_ms, offset_s| v.report_unclaimed(now_ms, offset_s).map(|ages| ages[0].0);
            assert_eq!(days(midnight - 1, 0)?, 0, "the same day");
            assert_eq!(days(midnight, 0)?, 1, "the next one, however few hours later");
            assert_eq!(days(midnight + 3 * day, 0)?, 4);
            // There it came at eleven in the evening.
            let west = -(START_MS.rem_euclid(day) / 1000) - 3_600;
            let hour_later = START_MS + 3_600_000;
            assert_eq!((days(hour_later, 0)?, days(hour_later, west)?), (0, 1), "by the office's calendar");
            Ok(())
        })
        .unwrap();
}
