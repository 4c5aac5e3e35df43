use super::stock::{account, agrees, number, officer, perform, receive};
use crate::desk::{Desk, START_MS, by, visit};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use domain::stock::{Account, Item, Movement, MovementKind};
use store::{Act, Error, NewBeritaAcara};

#[test]
fn a_berita_acara_accounts_for_what_it_destroys() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0003");
    let spoil = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Factory,
        note: String::new(),
        witness: officer(),
    };
    let old = Effect::WithdrawOldCard { condition: "retak".into(), place: "Kotak 14".into(), again: false };
    perform(&desk, &[spoil, old]).unwrap();
    let photo = || Act::BlangkoPhoto { blangko: number("0001") };
    let row = || desk.store.read(|v| v.spoiled(&number("0001"))).unwrap().unwrap();
    let said = |note: &str| {
        desk.store.transact(photo(), &by("op-1", 59), |tx| tx.set_spoiled_photo_note(&number("0001"), note))
    };
    assert!(!row().is_shown(), "neither photographed nor said why not");
    said("kamera rusak").unwrap();
    assert_eq!((row().is_shown(), row().photo_note.as_str()), (true, "kamera rusak"), "said");
    desk.store
        .transact(photo(), &by("op-1", 60), |tx| tx.set_spoiled_photo(&number("0001"), "image/jpeg", b"jpeg"))
        .unwrap();
    assert!(row().has_photo, "photographed after all");
    assert!(matches!(said("lagi").unwrap_err(), Error::NoSuchRow { .. }), "then no excuse is kept any more");
    let new = NewBeritaAcara {
        number: "BA/1/BLK/18.13/XI/2026".into(),
        witnesses_json: "[]".into(),
        method: "dibakar".into(),
        place: "Krui".into(),
        document: 0,
        blangko: vec![number("0001")],
        cards: vec![visit(1)],
    };
    let destroy = |new: &NewBeritaAcara| {
        let act = Act::BlangkoDestroy { number: new.number.clone(), pieces: 2 };
        desk.store.transact(act, &by("op-3", 70), |tx| tx.add_berita_acara(new)).map(|changed| changed.value)
    };
    let whole = NewBeritaAcara { blangko: vec![number("0002")], ..new.clone() };
    assert!(matches!(destroy(&whole), Err(Error::Stock { .. })), "a good blangko is not destroyed");
    let id = destroy(&new).unwrap();
    assert!(destroy(&new).is_err(), "nor anything twice");
    agrees(&desk);
    desk.store
        .read(|v| {
            assert_eq!(v.berita_acara()?[0].pieces, 2, "a blangko and an old card");
            assert_eq!(v.spoiled_blangko(Some(id))?[0].serial, number("0001"), "named");
            assert_eq!(v.withdrawn_cards(Some(id))?.len(), 1, "both");
            assert!(
                v.spoiled_blangko(None)?.is_empty() && v.withdrawn_cards(None)?.is_empty(),
                "nothing waits"
            );
            assert_eq!(v.spoiled_photo(&number("0001"))?.1, b"jpeg", "with its picture");
            Ok(())
        })
        .unwrap();
    assert_eq!(account(&desk, "0001"), Account::Destroyed, "and in the book");
    let card = |condition: &str| Effect::WithdrawOldCard {
        condition: condition.into(),
        place: "Kotak 15".into(),
        again: true,
    };
    perform(&desk, &[card("pudar")]).unwrap();
    perform(&desk, &[card("aus")]).unwrap();
    let (burned, waits) =
        desk.store.read(|v| Ok((v.withdrawn_cards(Some(id))?, v.withdrawn_cards(None)?))).unwrap();
    assert_eq!((burned[0].condition.as_str(), burned[0].place.as_str()), ("retak", "Kotak 14"), "as sealed");
    let waits: Vec<_> = waits.iter().map(|card| card.condition.as_str()).collect();
    assert_eq!(waits, ["aus"], "another card, and its words can still be changed");
    let second = NewBeritaAcara { number: "BA/2".into(), blangko: vec![], ..new };
    let next = destroy(&second).unwrap();
    assert_eq!(desk.store.read(|v| v.withdrawn_cards(Some(next))).unwrap().len(), 1, "that one alone");
    assert!(desk.raw().execute_batch("DELETE FROM berita_acara").is_err(), "for ever");
}

#[test]
fn the_photographs_of_pieces_that_are_accounted_for_go_and_those_that_wait_stay() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0003");
    let pieces = ["0001", "0002", "0003"];
    for serial in pieces {
        let spoil = Effect::SpoilBlangko {
            blangko: number(serial),
            reason: SpoilReason::Factory,
            note: String::new(),
            witness: officer(),
        };
        perform(&desk, &[spoil]).unwrap();
        let act = Act::BlangkoPhoto { blangko: number(serial) };
        desk.store
            .transact(act, &by("op-1", 60), |tx| tx.set_spoiled_photo(&number(serial), "image/jpeg", b"jpeg"))
            .unwrap();
    }
    let movement = Movement::piece(MovementKind::SpoiledReturned, Item::Blangko, number("0002"));
    let act = Act::StockReturn { item: Item::Blangko, count: 1, document: "BA-R".into() };
    desk.store
        .transact(act, &by("op-1", 65), |tx| tx.move_stock(&movement, &store::MovementNote::default()))
        .unwrap();
    let new = NewBeritaAcara {
        number: "BA/1".into(),
        witnesses_json: "[]".into(),
        method: "dibakar".into(),
        place: "Krui".into(),
        document: 0,
        blangko: vec![number("0001")],
        cards: vec![],
    };
    let act = Act::BlangkoDestroy { number: new.number.clone(), pieces: 1 };
    desk.store.transact(act, &by("op-3", 70), |tx| tx.add_berita_acara(&new)).unwrap();
    let old = |ms| desk.store.read(|v| v.old_spoiled_photos(START_MS + ms)).unwrap();
    assert_eq!((old(65), old(70), old(71)), (0, 1, 2), "sent back, then destroyed; the third waits");
    desk.store
        .transact(Act::PhotoPurge { pieces: 2 }, &by("op-1", 90), |tx| tx.purge_spoiled_photos(START_MS + 71))
        .unwrap();
    assert_eq!(old(i64::MAX - START_MS), 0, "nothing is left to empty");
    let left = pieces.map(|serial| {
        let row = desk.store.read(|v| v.spoiled(&number(serial))).unwrap().unwrap();
        let photo = desk.store.read(|v| v.spoiled_photo(&number(serial))).unwrap().1;
        (photo.len(), row.has_photo, row.is_shown())
    });
    assert_eq!(left, [(0, false, true), (0, false, true), (4, true, true)], "and what became of it is said");
}
