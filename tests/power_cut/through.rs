//! One visit is taken on to a stage, and killed on the way at every act: once inside it, and once when it is committed.

use crate::card::{self, Stage};
use crate::life::{Desk, Ended};
use crate::whole;

/// Lives of one way, with room.
const LIVES: usize = 120;
/// Places inside an act, in turn: with nothing written, and with everything. Between its effects the store's own suite cuts.
const INSIDE: [&str; 2] = ["store::act::begun", "store::act::before_commit"];

/// Who goes on, and how.
pub struct Way<'a> {
    pub desk: &'a Desk,
    /// Settings of each life, as [`Desk::goes_on_as`] takes them.
    pub set: &'a [&'a str],
    /// What is done at step 9.
    pub counter: &'a str,
}

impl Way<'_> {
    /// Goes on until the visit stands at `end`; `before` each pair of lives the hands outside do what is theirs. Answers how
    /// often the program was killed.
    pub fn until(&self, end: Stage, mut before: impl FnMut(Stage)) -> usize {
        let mut stands = card::agrees(self.desk, "on the way");
        // The first act of a life is the sign-in.
        let (mut lives, mut pairs, mut cuts, mut chips, mut act) = (0, 0, 0, 0, 2);
        while stands != end {
            before(stands);
            if stands == Stage::Chip {
                // A begun chip is torn from the sign-in on, and taken up again: each life comes one act further.
                chips += 1;
                act = 2 + chips;
            }
            let (was, stood) = (self.stands(), stands);
            let inside = format!("{}@{act}", INSIDE[pairs % INSIDE.len()]);
            pairs += 1;
            for cut in [inside, format!("store::act::committed@{act}")] {
                lives += 1;
                assert!(lives < LIVES, "it does not come to its end: {stands:?}, {cut}");
                let when = format!("{}, life {lives}, {stands:?}, {cut}", self.counter);
                let ended = self.desk.goes_on_as(self.set, self.counter, card::desk_of(stands), &cut);
                cuts += usize::from(ended == Ended::Cut);
                stands = card::agrees(self.desk, &when);
                if act == 2 && ended == Ended::Cut && !cut.contains("committed") {
                    assert_eq!(self.stands(), was, "{when}: not committed, so nothing of it is there");
                }
                // The acts of another stage are counted anew.
                if stands != stood {
                    break;
                }
            }
            // What a person looks at last is looked at again by each life.
            act = if self.stands() == was { act + 1 } else { 2 };
        }
        cuts
    }

    /// How far the visit has come: without the last look at the person and without the times of each touch.
    fn stands(&self) -> String {
        let store = whole::open(self.desk);
        let mut state = card::only_visit(&store).1;
        state.handover.confirmed = None;
        let bad = state.print.spoiled.iter().map(|bad| {
            let kept = store.read(|look| Ok((look.spoiled(&bad.blangko)?, look.chip_write(&bad.blangko)?)));
            let (row, chip) = kept.unwrap();
            format!("{:?} {:?}", row.map(|row| row.is_shown()), chip.map(|chip| chip.end))
        });
        let bad: Vec<String> = bad.collect();
        let parts = (state.step, state.phase, state.print_request, state.status, state.print, state.handover);
        format!("{} {bad:?}", serde_json::to_string(&parts).unwrap())
    }
}
