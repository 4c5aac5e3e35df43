use super::stock::{account, agrees, number, officer, perform, receive};
use crate::desk::{Desk, by, visit};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use domain::stock::Account;
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
    assert!(desk.raw().execute_batch("DELETE FROM berita_acara").is_err(), "for ever");
}
