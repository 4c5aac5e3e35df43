//! The old card at step 9: taken in and boxed, absent with a word, or found again though none was asked for.

use super::*;
use store::Act;

use crate::stock::witnesses;

/// The kind of this visit becomes one whose holder has an old card.
pub fn with_old_card(bench: &Bench) {
    of_kind(bench, domain::plan::JenisPermohonan::Rusak);
}

/// The kind of this visit becomes another one.
fn of_kind(bench: &Bench, kind: domain::plan::JenisPermohonan) {
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    books(bench, |store, ctx| {
        let row = store.read(|look| look.permohonan(id)).unwrap().unwrap();
        let mut state: domain::permohonan::State = serde_json::from_str(&row.state_json).unwrap();
        state.plan.kind = kind;
        let json = serde_json::to_string(&state).unwrap();
        let act = Act::HandoverNote { permohonan: id, what: "uji".into() };
        store.transact(act, ctx, |tx| tx.set_state(id, &json, state.step.key(), row.status)).unwrap();
    });
}

#[test]
fn an_old_card_is_taken_in_or_its_absence_noted_before_the_new_one_is_given() {
    let bench = printed();
    with_old_card(&bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    matches(&bench);
    station.compare_handover_photo(id, true).unwrap();
    tick_all(&bench);
    let seen = signed(&bench);
    assert_eq!(seen.old_card.state, OldCardState::Needed);
    assert_eq!(seen.why.map(|why| why.key).as_deref(), Some("old_card_missing"), "said beforehand");
    let refused = station.close_handover(id);
    assert!(matches!(refused, Err(Error::Refused(Refusal::OldCardMissing))), "{refused:?}");

    for (condition, place) in [("", "Kotak 14"), ("other: ", "Kotak 14"), ("worn", " ")] {
        let bare = station.withdraw_old_card(id, condition, place);
        assert!(
            matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))),
            "{condition:?} {place:?}: {bare:?}"
        );
    }
    let bare = station.old_card_absent(id, "");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "absent, but why? {bare:?}");
    let noted = station.old_card_absent(id, "tertinggal di rumah").unwrap();
    assert_eq!(noted.old_card.state, OldCardState::Absent);
    let taken = station.withdraw_old_card(id, "cracked: cip tidak terbaca", "Kotak 14").unwrap();
    assert_eq!((taken.old_card.state, taken.old_card.place.as_str()), (OldCardState::Withdrawn, "Kotak 14"));
    assert!(taken.old_card.at.is_some() && !taken.can_close, "it must lie in the box now");
    let gone = station.old_card_absent(id, "tidak jadi");
    assert!(matches!(gone, Err(Error::Refused(Refusal::OldCardIsHere))), "it was here: {gone:?}");
    station.withdraw_old_card(id, "cracked: cip tidak terbaca", "Kotak 15").unwrap();
    let told = reports(&bench).into_iter().filter(|(news, ..)| *news == CardNews::OldWithdrawn).count();
    assert_eq!(told, 1, "the centre is told of it now, once, and not when the visit ends");
    let waiting = books(&bench, |store, _| store.read(|look| look.withdrawn_cards(None)).unwrap());
    assert_eq!(waiting.len(), 1, "one card waits for destruction, not two");
    assert_eq!(waiting[0].place, "Kotak 15", "in the box that was said last");
    let boxed = station.judge_handover(id, HandoverLine::OldCardBoxed, true).unwrap();
    assert!(boxed.can_close, "{:?}", boxed.why);
    assert_eq!(given(&bench).state, VisitState::Done);
}

#[test]
fn a_card_that_was_reported_lost_and_found_again_is_taken_in_although_none_is_asked_for() {
    let bench = printed();
    of_kind(&bench, domain::plan::JenisPermohonan::Hilang);
    let (station, id) = (&bench.station, bench.id.as_str());
    matches(&bench);
    station.compare_handover_photo(id, true).unwrap();
    tick_all(&bench);
    let seen = signed(&bench);
    assert_eq!((seen.old_card.state, seen.can_close), (OldCardState::NotNeeded, true), "none is asked for");
    let none = station.old_card_absent(id, "masih hilang");
    assert!(matches!(none, Err(Error::Refused(Refusal::NoOldCard))), "nor missed: {none:?}");
    let taken = station.withdraw_old_card(id, "good: ditemukan di rumah", "Kotak 14").unwrap();
    assert_eq!(taken.old_card.state, OldCardState::Withdrawn);
    assert!(!taken.can_close, "it must lie in the box now");
    let told = reports(&bench).into_iter().filter(|(news, ..)| *news == CardNews::OldWithdrawn).count();
    assert_eq!(told, 1, "the centre is told of it");
    let waiting = station.blangko().unwrap().to_destroy;
    assert_eq!(waiting.len(), 1, "one card waits for its destruction");
    assert!(waiting[0].old_card, "beside the spoiled blangko");
    assert!(station.judge_handover(id, HandoverLine::OldCardBoxed, true).unwrap().can_close);
    assert_eq!(given(&bench).state, VisitState::Done, "nobody goes home with two cards");
}

#[test]
fn an_old_card_that_is_burned_stays_as_its_berita_acara_says_and_the_next_one_is_another() {
    let bench = printed();
    with_old_card(&bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    station.withdraw_old_card(id, "cracked", "Kotak 14").unwrap();
    let burn = || {
        sits(&bench, "hendra");
        let ids: Vec<String> =
            station.blangko().unwrap().to_destroy.into_iter().map(|piece| piece.id).collect();
        assert_eq!(ids.len(), 1, "one card waits");
        let made = station.make_berita_acara(&ids, "Dibakar", &witnesses()).unwrap();
        assert!(made.to_destroy.is_empty(), "and is burned");
        sits(&bench, "rizal");
    };
    burn();
    let seen = station.handover(id).unwrap().old_card;
    assert_eq!((seen.state, seen.at), (OldCardState::Withdrawn, None), "taken in, and no longer in its box");
    let more = station.withdraw_old_card(id, "worn: kartu kedua", "Kotak 15").unwrap();
    assert!(more.old_card.at.is_some(), "this one is");
    burn();
    let acts = books(&bench, |store, _| {
        store
            .read(|look| {
                let acts = look.berita_acara()?;
                acts.iter().map(|act| look.withdrawn_cards(Some(act.id))).collect::<store::Result<Vec<_>>>()
            })
            .unwrap()
    });
    let places: Vec<Vec<&str>> =
        acts.iter().map(|cards| cards.iter().map(|card| card.place.as_str()).collect()).collect();
    assert_eq!(places, [["Kotak 15"], ["Kotak 14"]], "newest first; neither was rewritten");
}
