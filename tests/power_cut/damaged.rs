//! A card is printed anew for a damaged one: the old card is taken in at step 9, waits in its box, and goes with a Berita
//! Acara. The program is killed at every act on the way; the old card is in the visit and in the list of what waits, or in
//! neither, and never twice.

use domain::image::RgbImage;
use domain::steps::handover::OldCard;
use jiff::Timestamp;
use store::{Act, CardData, Ctx};

use crate::card::{self, Stage};
use crate::counter::{NEVER, laid};
use crate::life::{Desk, Ended};
use crate::through::Way;
use crate::whole;

const DAMAGED: &[&str] = &["--damaged"];

/// Somebody recorded elsewhere has asked for a card in place of a damaged one: at step 6, cut off in the act of the request.
pub fn asked_for() -> Desk {
    let desk = Desk::set_up();
    let first = "store::effects::performed@1";
    assert_eq!(desk.goes_on_as(DAMAGED, "own", "dewi", first), Ended::Cut, "no effect was performed");
    assert_eq!(card::agrees(&desk, first), Stage::Request, "nothing was asked for yet");
    card::print_ready(&desk);
    desk
}

/// The centre's record for what was asked for, as the line would leave it: what the form says, and a portrait.
pub fn record_comes(desk: &Desk) {
    let store = whole::open(desk);
    let now = Timestamp::now();
    let visit = store.read(card::only_row).unwrap().id;
    let biodata: serde_json::Map<String, serde_json::Value> = store
        .read(|look| look.isian(visit))
        .unwrap()
        .into_iter()
        .map(|field| (field.unsur, field.value.into()))
        .collect();
    let (width, height) = (300u32, 400u32);
    let pixels = (0..width * height).flat_map(|at| [(at % width) as u8, (at / width) as u8, 120]).collect();
    let data = CardData {
        job: card::only_visit(&store).1.print_request.job,
        source: "pusat".into(),
        as_of_ms: now.as_millisecond(),
        biodata_json: serde_json::Value::Object(biodata).to_string(),
        portrait_type: "image/jpeg".into(),
        portrait: sim::jpeg::rgb(&RgbImage { width, height, pixels }, 85),
        ..CardData::default()
    };
    let act = Act::CardDataKeep { permohonan: visit };
    store.transact(act, &Ctx { operator: None, now }, |tx| tx.set_card_data(visit, &data)).unwrap();
}

#[test]
fn a_cut_while_an_old_card_is_taken_in_and_destroyed_leaves_all_books_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = asked_for();
    let (chip, _plastic) = laid(63);
    let way = Way { desk: &desk, set: DAMAGED, counter: "own" };
    let mut came = false;
    let cuts = way.until(Stage::Done, |stage| {
        if stage == Stage::Order && !std::mem::replace(&mut came, true) {
            record_comes(&desk);
        }
    });
    assert!(cuts > 35, "every act from the request to the closing was cut: {cuts}");
    assert!(chip.is_finalised(), "the chip is written to its end, over every cut");
    let (_, state) = card::only_visit(&whole::open(&desk));
    assert!(matches!(state.handover.old_card, Some(OldCard::Withdrawn { .. })), "the old card was taken in");

    // One piece was spoiled on the way; both go with one paper. Count and explanation come before it.
    assert_eq!(waiting(&desk), (1, 1), "a spoiled piece and an old card wait");
    let paper = ["store::act::before_commit@4", "store::act::begun@2", "store::act::before_commit@2"];
    for here in paper {
        assert_eq!(desk.goes_on_at("office", OFFICE, here), Ended::Cut, "{here} was never reached");
        whole::register(&desk, &whole::open(&desk), here);
        assert_eq!(waiting(&desk), (1, 1), "{here}: not committed, so both wait");
        assert!(papers(&desk).is_empty(), "{here}: and no paper says otherwise");
    }
    assert_eq!(desk.goes_on_at("office", OFFICE, "store::act::committed@2"), Ended::Cut, "committed");
    assert_eq!(waiting(&desk), (0, 0), "both are gone");
    assert_eq!(papers(&desk), [2], "with their paper");
    assert_eq!(desk.goes_on_at("office", OFFICE, NEVER), Ended::Finished, "nothing is left to do");
    whole::register(&desk, &whole::open(&desk), "in the end");
    assert_eq!(papers(&desk), [2], "and nothing was destroyed twice");
    let lines = whole::open(&desk).read(|look| look.register_between(0, u64::MAX)).unwrap();
    let acts = lines.iter().filter_map(|line| line.entry.detail.get("act"));
    assert_eq!(acts.filter(|act| *act == "blangko.destroy").count(), 1, "one line of the register says it");
}

/// Who answers for what is destroyed.
const OFFICE: &str = "hendra";

/// Spoiled pieces and old cards that wait for their Berita Acara.
fn waiting(desk: &Desk) -> (usize, usize) {
    whole::open(desk)
        .read(|look| {
            assert_eq!(look.verify_stock()?, None, "the stock book agrees with itself");
            Ok((look.spoiled_blangko(None)?.len(), look.withdrawn_cards(None)?.len()))
        })
        .unwrap()
}

/// How many pieces each Berita Acara names.
fn papers(desk: &Desk) -> Vec<u32> {
    let acts = whole::open(desk).read(|look| look.berita_acara()).unwrap();
    acts.into_iter().map(|act| act.pieces).collect()
}
