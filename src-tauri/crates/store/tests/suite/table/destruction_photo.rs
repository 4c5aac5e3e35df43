use super::stock::{number, officer, perform, receive};
use crate::desk::{Desk, by};
use domain::permohonan::Effect;
use domain::steps::print::SpoilReason;
use store::{Act, Error, NewBeritaAcara, Tx};

/// A Berita Acara of one spoiled blank; its row.
fn destroyed(desk: &Desk) -> i64 {
    receive(desk, "0001", "0001");
    let spoil = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Factory,
        note: String::new(),
        witness: officer(),
    };
    perform(desk, &[spoil]).unwrap();
    let new = NewBeritaAcara {
        number: "BA/1".into(),
        witnesses_json: "[]".into(),
        method: "dibakar".into(),
        place: "Krui".into(),
        document: 0,
        blangko: vec![number("0001")],
        cards: Vec::new(),
    };
    let act = Act::BlangkoDestroy { number: "BA/1".into(), pieces: 1 };
    desk.store.transact(act, &by("op-3", 70), |tx| tx.add_berita_acara(&new)).unwrap().value
}

fn does(desk: &Desk, at: i64, work: impl FnMut(&Tx<'_>) -> store::Result<()>) -> store::Result<()> {
    let act = Act::DestructionPhoto { number: "BA/1".into() };
    desk.store.transact(act, &by("op-3", at), work).map(drop)
}

#[test]
fn a_destruction_is_photographed_again_until_it_is_signed_off_and_then_never() {
    let desk = Desk::with_visit();
    let id = destroyed(&desk);
    let kept = || desk.store.read(|v| v.destruction_photo(id)).unwrap();
    assert_eq!(kept(), None, "nobody has photographed it");
    let early = does(&desk, 71, |tx| tx.sign_destruction(id, 9));
    assert!(matches!(early, Err(Error::NoSuchRow { .. })), "nothing is signed off: {early:?}");
    assert!(does(&desk, 72, |tx| tx.set_destruction_note(id, "")).is_err(), "no words are no reason");
    assert!(
        does(&desk, 73, |tx| tx.set_destruction_photo(id + 1, "image/jpeg", b"x")).is_err(),
        "of nothing"
    );
    does(&desk, 74, |tx| tx.set_destruction_note(id, "kamera rusak")).unwrap();
    assert_eq!(kept().map(|one| (one.has_photo, one.note)), Some((false, "kamera rusak".into())));
    does(&desk, 75, |tx| tx.set_destruction_photo(id, "image/jpeg", b"satu")).unwrap();
    does(&desk, 76, |tx| tx.set_destruction_photo(id, "image/jpeg", b"dua")).unwrap();
    let now = kept().unwrap();
    assert_eq!((now.has_photo, now.note.as_str(), now.document), (true, "", 0), "the reason is over");
    assert_eq!(desk.store.read(|v| v.destruction_picture(id)).unwrap().1, b"dua", "the last one");
    does(&desk, 77, |tx| tx.sign_destruction(id, 9)).unwrap();
    assert_eq!(kept().unwrap().document, 9, "signed off");
    assert!(does(&desk, 78, |tx| tx.set_destruction_photo(id, "image/jpeg", b"tiga")).is_err(), "final");
    assert!(does(&desk, 79, |tx| tx.sign_destruction(id, 10)).is_err(), "once");
    assert!(desk.raw().execute_batch("DELETE FROM destruction_photo").is_err(), "for ever");
    assert_eq!(desk.restart().store.read(|v| v.destruction_picture(id)).unwrap().1, b"dua", "as it was");
}
