//! Step 8 in one go, where the chip station stands inside the card printer: the program is killed where the card was fed,
//! where its chip is written and read back and the book does not have it, where the face was sent, and where a card whose
//! chip failed came out. The order stays, a person is asked, and the next card takes another piece.

use domain::steps::print::ChipCheck;
use sim::vcard::ChipTrouble;
use store::ChipState;

use crate::card::{self, Stage};
use crate::counter::{NEVER, laid};
use crate::life::Ended;
use crate::{damaged, whole};

const INSIDE: &[&str] = &["--damaged", "--encoder"];

/// Where a card is cut, and what its chip's journal says then.
const CUTS: [(&str, Option<ChipState>); 4] = [
    ("station::card::fed", None),
    ("station::card::chip_written", Some(ChipState::Writing)),
    ("station::card::sent", Some(ChipState::Verified)),
    ("station::card::out", Some(ChipState::Torn)),
];

/// A `point` of this file.
pub fn cut_here(point: &str) -> bool {
    CUTS.iter().any(|(cut, _)| *cut == point)
}

#[test]
fn a_cut_while_a_card_goes_through_the_printer_leaves_its_order_to_a_person() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = damaged::asked_for();
    desk.goes_on_as(INSIDE, "own", "dewi", NEVER);
    damaged::record_comes(&desk);
    assert_eq!(card::agrees(&desk, "before the first card"), Stage::Order);
    for (number, (cut, journal)) in (70..).zip(CUTS) {
        let (chip, _plastic) = laid(number);
        if journal == Some(ChipState::Torn) {
            chip.trouble(ChipTrouble { refuse_writes: Some(0x6FF2), ..ChipTrouble::default() });
        }
        // The card before is asked about, called a bad one and photographed; then the next is ordered.
        assert_eq!(
            desk.goes_on_as(INSIDE, "own", "rizal", &format!("{cut}@1")),
            Ended::Cut,
            "{cut} was never reached"
        );
        assert_eq!(card::agrees(&desk, cut), Stage::InPrinter, "{cut}: its order stands");
        let store = whole::open(&desk);
        let job = card::only_visit(&store).1.print.job.expect("the order");
        let kept = store.read(|look| look.chip_write(&job.blangko)).unwrap();
        assert_eq!(kept.map(|kept| kept.state), journal, "{cut}: the journal says as much as it knows");
        let written = !matches!(journal, None | Some(ChipState::Torn));
        assert_eq!(chip.is_finalised(), written, "{cut}: what the chip itself carries");
    }
    let (chip, _plastic) = laid(79);
    assert_eq!(desk.goes_on_as(INSIDE, "own", "rizal", NEVER), Ended::Finished, "uncut it comes to its end");
    assert_eq!(card::agrees(&desk, "in the end"), Stage::Handover, "on the shelf");
    let (_, state) = card::only_visit(&whole::open(&desk));
    assert_eq!(state.print.spoiled.len(), CUTS.len(), "each card that was cut is a bad one, once");
    assert_eq!(state.print.jobs.len(), CUTS.len() + 1, "and none was printed twice");
    assert_eq!(state.print.chip, Some(ChipCheck::ReadBack), "the last has its chip");
    assert!(chip.is_finalised(), "written and read back");
}
