//! Who may stand in for a finger; a card that is kept back unharmed; one that is given although its data are disputed.

use super::*;
use crate::bench::on_one_day;

#[test]
fn another_officer_stands_in_for_the_finger_only_after_a_try_and_has_tries_of_the_own_sitting() {
    on_one_day(|| {
        let mut bench = printed();
        let id = bench.id.clone();
        let fresh = bench.station.handover(&id).unwrap().finger;
        assert_eq!((fresh.untried, fresh.tries_left), (None, 4), "a reader is here, and so is the record");
        let before = bench
            .station
            .handover_witness(&id, "wajah sama", false, "hendra", training::PASSWORD)
            .unwrap_err();
        assert!(matches!(before, Error::Refused(Refusal::FingerUntried)), "a finger first: {before:?}");
        lay(&bench, domain::Finger::LeftMiddle);
        for left in (0..4).rev() {
            let seen = bench.station.handover_finger(&id, FingerName::RightIndex).unwrap().finger;
            assert_eq!(seen.tries_left, left, "somebody else's finger spends the tries");
        }
        sits(&bench, "dewi");
        let next = bench.station.handover(&id).unwrap().finger;
        assert_eq!(
            (next.tries.len(), next.tries_left),
            (4, 4),
            "the next officer has tries, and sees the spent ones"
        );
        let unseen = bench.station.handover_witness(&id, "wajah sama", false, "hendra", training::PASSWORD);
        assert!(
            matches!(unseen, Err(Error::Refused(Refusal::FingerUntried))),
            "those may have been another person's: {unseen:?}"
        );
        assert_eq!(
            matches(&bench).finger.state,
            HandoverFingerState::Matched,
            "the owner's finger opens the way"
        );
        bench.restart();
        sits(&bench, "dewi");
        let kept = bench.station.handover(&id).unwrap().finger;
        assert!(kept.tries.len() > 4 && kept.tries_left < 4, "and a restart is no new sitting");
    });
}

#[test]
fn a_card_is_kept_back_on_the_shelf_with_its_reason_and_stays_good() {
    let bench = printed();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.set_collector(id, &other(true)).unwrap();
    witnessed(&bench, "surat kuasa dilihat");
    signed(&bench);
    let bare = station.hold_card(id, " ", "C1-02");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "why? {bare:?}");
    let nowhere = station.hold_card(id, "surat kuasa meragukan", " ");
    assert!(matches!(nowhere, Err(Error::Refused(Refusal::ShelfMissing))), "and where: {nowhere:?}");
    let told = reports(&bench);
    let held = station.hold_card(id, " surat kuasa meragukan ", "C1-02").unwrap();
    assert_eq!((held.state, held.step), (VisitState::Sealed, Step::Handover), "it can be given later");
    let shelf = station.unclaimed().unwrap();
    assert_eq!((shelf.len(), shelf[0].place.as_str()), (1, "C1-02"), "it lies there");
    let seen = station.handover(id).unwrap();
    let why = seen.held.expect("the next officer reads why");
    assert_eq!((why.reason.as_str(), why.by.as_str()), ("surat kuasa meragukan", "Rizal Fahmi"));
    assert_eq!(seen.collector.kind, CollectorKind::Own, "whoever comes next is asked anew");
    assert!(seen.receipt.capture_id.is_none() && seen.finger.witness.is_none());
    let blangko = station.blangko().unwrap();
    let item = blangko.items.iter().find(|item| item.item == StockItem::Blangko).unwrap();
    assert_eq!(item.spoiled, 0, "no blangko is spoiled");
    assert_eq!(reports(&bench), told, "and the centre is told nothing");
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = station.register(&book).unwrap().rows;
    assert!(rows.iter().any(|row| row.event == "card_held"), "it stands in the book");
    matches(&bench);
    station.compare_handover_photo(id, true).unwrap();
    tick_all(&bench);
    signed(&bench);
    assert_eq!(given(&bench).state, VisitState::Done, "the owner gets this very card");
}

#[test]
fn a_card_that_agrees_with_the_signed_form_is_given_and_the_wanted_correction_is_kept() {
    let mut bench = printed();
    let id = bench.id.clone();
    let seen = bench.station.handover(&id).unwrap();
    let form = seen.form_id.expect("the form that was signed at this station");
    assert!(
        bench.station.document_page(&form, 1, 60).unwrap().starts_with(b"\x89PNG"),
        "it can be looked at"
    );
    matches(&bench);
    bench.station.compare_handover_photo(&id, true).unwrap();
    let bare = bench.station.card_agrees(&id, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "what is wrong? {bare:?}");
    bench.station.card_agrees(&id, "gelar S.Pd. belum tercantum").unwrap();
    bench.restart();
    sits(&bench, "rizal");
    let seen = bench.station.handover(&id).unwrap();
    let wanted = seen.correction.expect("a restart forgets nothing");
    assert_eq!((wanted.note.as_str(), wanted.by.as_str()), ("gelar S.Pd. belum tercantum", "Rizal Fahmi"));
    let lines: Vec<HandoverLine> = seen.photo.lines.iter().map(|line| line.line).collect();
    assert_eq!(lines, [HandoverLine::FaceSame], "nobody ticks that the data are right");
    let book =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let rows = bench.station.register(&book).unwrap().rows;
    assert!(rows.iter().any(|row| row.event == "correction_noted"), "it stands in the book");
    assert!(!format!("{:?}", serde_json::to_value(&rows).unwrap()).contains("S.Pd."), "without the words");
    tick_all(&bench);
    signed(&bench);
    assert_eq!(given(&bench).state, VisitState::Done);
    let blangko = bench.station.blangko().unwrap();
    let item = blangko.items.iter().find(|item| item.item == StockItem::Blangko).unwrap();
    assert_eq!(item.spoiled, 0, "a good card is not voided");
}
