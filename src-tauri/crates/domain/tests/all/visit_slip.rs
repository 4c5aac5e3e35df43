//! A small reference model of the visit, for the random walks of `visit_model`.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Where {
    Open,
    Returned,
    Held,
    Waiting,
    Ended,
}

/// The whole visit in a few flags: what an auditor would keep on a slip of paper.
#[derive(Clone, Debug)]
pub struct Slip {
    pub minor: bool,
    pub grown: bool,
    pub at: u8,
    pub place: Where,
    pub kk: bool,
    pub accepted: bool,
    pub compared: bool,
    pub recorded: Option<bool>,
    pub read: bool,
    pub identified: bool,
    pub photo: bool,
    pub biometrics: bool,
    pub confirmed: bool,
    pub signed: bool,
    pub rendered: bool,
    pub sealed: bool,
    pub ready: Option<bool>,
    pub job: bool,
    pub unknown: bool,
    pub card: bool,
    pub chip: bool,
    pub source: bool,
    pub finger: bool,
    pub witnessed: bool,
    pub other: bool,
    pub letter: bool,
    pub tries: u8,
    pub face: bool,
    pub lines: bool,
    pub sealed_envelope: bool,
    pub receipt: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Act {
    Form,
    Paper,
    Accept,
    Return,
    Compare,
    Recorded(bool),
    Read,
    Identified,
    Verify,
    Photo,
    Biometrics,
    Finish,
    Confirm,
    Dispute,
    Sign,
    Render,
    Seal,
    Request,
    Status(bool),
    Slip,
    Suket,
    CardData,
    Start,
    Printed,
    Spoiled,
    Unknown,
    NotFound,
    NotPrinted,
    OtherNumber,
    Chip,
    Good,
    Finger,
    Witnessed,
    Collector(bool),
    Face,
    Lines,
    Envelope,
    Receipt,
    Held,
    CardDisputed,
    Lost,
    CalledOff,
    HandOver,
    Back(u8),
    Resume,
    Birthday,
    Cancel,
    Expire,
}

impl Slip {
    pub fn captures(&self) -> bool {
        self.recorded != Some(true)
    }

    pub fn open_at(&self, step: u8) -> bool {
        self.at == step && self.place == Where::Open
    }

    pub fn too_young(&self) -> bool {
        self.minor && !self.grown
    }

    /// Says whether an act is taken now.
    pub fn takes(&self, act: Act) -> bool {
        if self.place == Where::Ended {
            return matches!(act, Act::Birthday);
        }
        match act {
            Act::Form => self.open_at(1),
            Act::Paper | Act::Return => self.open_at(2),
            Act::Accept => self.open_at(2) && self.kk,
            Act::Compare | Act::Recorded(_) | Act::Read | Act::Identified => self.open_at(3),
            Act::Verify => {
                let known = self.captures() || self.identified;
                self.open_at(3) && self.compared && self.recorded.is_some() && self.read && known
            }
            Act::Photo => self.open_at(4),
            Act::Biometrics => self.open_at(4) && self.photo,
            Act::Finish => self.open_at(4) && self.photo && self.biometrics,
            Act::Confirm | Act::Dispute => self.open_at(5),
            Act::Sign => self.open_at(5) && self.confirmed,
            Act::Render => self.open_at(5) && self.signed,
            Act::Seal => self.open_at(5) && self.rendered,
            Act::Request => self.open_at(6),
            Act::Status(_) => self.at >= 7 && matches!(self.place, Where::Open | Where::Waiting),
            Act::Slip => {
                self.at == 7 && matches!(self.place, Where::Open | Where::Waiting) && self.ready == Some(true)
            }
            Act::Suket => {
                self.at == 7 && matches!(self.place, Where::Open | Where::Waiting) && self.ready != Some(true)
            }
            Act::CardData => self.open_at(8) && !self.job,
            Act::Start => {
                let data = self.captures() || self.source;
                self.open_at(8) && !self.job && !self.card && data && self.ready == Some(true)
            }
            Act::Printed | Act::Unknown | Act::NotPrinted | Act::OtherNumber => self.open_at(8) && self.job,
            Act::NotFound => self.open_at(8) && (self.job && self.unknown || self.card),
            Act::Spoiled => self.open_at(8) && (self.job || self.card),
            Act::Chip => self.open_at(8) && self.card,
            Act::Good => self.open_at(8) && self.card && self.chip,
            Act::Finger => self.open_at(9) && !self.other && self.tries < 4,
            Act::Witnessed => self.open_at(9) && (self.other || self.tries > 0),
            Act::Collector(_) | Act::Face | Act::Lines | Act::Envelope | Act::Receipt | Act::Held => {
                self.open_at(9)
            }
            Act::CardDisputed | Act::Lost => self.open_at(9),
            Act::CalledOff => self.open_at(9) && self.ready == Some(false),
            Act::HandOver => {
                let person = if self.other {
                    self.witnessed && self.sealed_envelope && self.letter
                } else {
                    self.finger && self.lines
                };
                self.open_at(9) && person && self.face && self.receipt && self.ready == Some(true)
            }
            Act::Back(to) => {
                let in_plan = self.captures() || !(4..=5).contains(&to);
                self.place == Where::Open
                    && to < self.at
                    && in_plan
                    && !self.job
                    && !self.card
                    && !(self.sealed && to <= 5)
            }
            Act::Resume => match self.place {
                Where::Returned | Where::Waiting => true,
                Where::Held => !self.too_young(),
                Where::Open | Where::Ended => false,
            },
            Act::Birthday => true,
            Act::Cancel => !self.job && !self.card,
            Act::Expire => !self.sealed && !self.job && !self.card,
        }
    }

    pub fn go_on(&mut self) {
        self.at = match self.at {
            1 if self.accepted && self.kk => 3,
            3 if !self.captures() => 6,
            at => at + 1,
        };
        if self.at == 6 && self.too_young() {
            self.place = Where::Held;
        }
        if self.at == 10 {
            self.at = 9;
            self.place = Where::Ended;
        }
    }

    pub fn take(&mut self, act: Act) {
        match act {
            Act::Form | Act::Verify | Act::Finish | Act::Request | Act::Good | Act::HandOver => self.go_on(),
            Act::Paper => self.kk = true,
            Act::Accept => {
                self.accepted = true;
                self.go_on();
            }
            Act::Return => self.place = Where::Returned,
            Act::Compare => self.compared = true,
            Act::Recorded(yes) => self.recorded = Some(yes),
            Act::Read => self.read = true,
            Act::Identified => self.identified = true,
            Act::Photo => self.photo = true,
            Act::Biometrics => self.biometrics = true,
            Act::Confirm => self.confirmed = true,
            Act::Dispute => (self.confirmed, self.signed, self.rendered) = (false, false, false),
            Act::Sign => (self.signed, self.rendered) = (true, false),
            Act::Render => self.rendered = true,
            Act::Seal => {
                self.sealed = true;
                self.go_on();
            }
            Act::Status(ready) => self.ready = Some(ready),
            Act::Slip => {
                self.place = Where::Open;
                self.go_on();
            }
            Act::Suket => self.place = Where::Waiting,
            Act::Start => (self.job, self.unknown) = (true, false),
            Act::Printed => (self.job, self.card, self.chip) = (false, true, false),
            Act::Spoiled | Act::NotFound => (self.job, self.card, self.chip) = (false, false, false),
            Act::Chip => self.chip = true,
            Act::CardData => self.source = true,
            Act::Unknown => self.unknown = true,
            // Read from the card or not, what became of it is asked as before.
            Act::OtherNumber => {}
            Act::NotPrinted => self.job = false,
            Act::Finger => (self.finger, self.witnessed, self.tries) = (true, false, self.tries + 1),
            Act::Witnessed => (self.finger, self.witnessed) = (true, true),
            Act::Collector(other) => {
                self.letter = other;
                if self.other != other {
                    self.other = other;
                    (self.finger, self.witnessed, self.receipt) = (false, false, false);
                    (self.lines, self.sealed_envelope) = (false, false);
                }
            }
            Act::Lines => self.lines = true,
            Act::Envelope => self.sealed_envelope = true,
            Act::CardDisputed => {
                (self.card, self.chip, self.finger, self.witnessed) = (false, false, false, false);
                (self.other, self.face, self.lines, self.sealed_envelope) = (false, false, false, false);
                (self.receipt, self.tries, self.at, self.place) = (false, 0, 8, Where::Returned);
                self.source = false;
            }
            // Nobody has to come for it: the next card is printed at once, unless the centre took its word back.
            Act::Lost => {
                (self.card, self.chip, self.finger, self.witnessed) = (false, false, false, false);
                (self.other, self.face, self.lines, self.sealed_envelope) = (false, false, false, false);
                (self.receipt, self.tries) = (false, 0);
                self.at = if self.ready == Some(true) { 8 } else { 7 };
                self.source &= self.at == 7;
            }
            Act::CalledOff => {
                (self.card, self.chip, self.finger, self.witnessed) = (false, false, false, false);
                (self.other, self.face, self.lines, self.sealed_envelope) = (false, false, false, false);
                (self.receipt, self.tries, self.at) = (false, 0, 7);
            }
            // The card stays, and so do its photo, which was measured, and the tries; the person is checked anew.
            Act::Held => {
                (self.finger, self.witnessed, self.other) = (false, false, false);
                (self.lines, self.sealed_envelope, self.receipt) = (false, false, false);
            }
            Act::Face => self.face = true,
            Act::Receipt => self.receipt = true,
            Act::Back(to) => {
                if to == 1 {
                    (self.compared, self.read, self.identified) = (false, false, false);
                }
                if to == 2 {
                    self.accepted = false;
                }
                if to <= 5 {
                    (self.confirmed, self.signed, self.rendered) = (false, false, false);
                }
                // Another request, other data.
                self.source &= to > 6;
                self.at = to;
            }
            Act::Resume => self.place = Where::Open,
            // Another day is another sitting, with tries of its own; what was shown of a person counts no more.
            Act::Birthday if self.grown => {}
            Act::Birthday => {
                (self.grown, self.tries, self.letter) = (true, 0, false);
                self.identified = false;
                (self.finger, self.witnessed, self.receipt) = (false, false, false);
                (self.lines, self.sealed_envelope) = (false, false);
            }
            Act::Cancel | Act::Expire => self.place = Where::Ended,
        }
    }
}

impl ReferenceStateMachine for Slip {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>()
            .prop_map(|minor| Slip {
                minor,
                grown: false,
                at: 1,
                place: Where::Open,
                kk: false,
                accepted: false,
                compared: false,
                recorded: None,
                read: false,
                identified: false,
                photo: false,
                biometrics: false,
                confirmed: false,
                signed: false,
                rendered: false,
                sealed: false,
                ready: None,
                job: false,
                unknown: false,
                card: false,
                chip: false,
                source: false,
                finger: false,
                witnessed: false,
                other: false,
                letter: false,
                tries: 0,
                face: false,
                lines: false,
                sealed_envelope: false,
                receipt: false,
            })
            .boxed()
    }

    /// Mostly acts of the present step, so that walks get far; now and then anything at all.
    fn transitions(slip: &Self) -> BoxedStrategy<Act> {
        let mut near = match slip.at {
            1 => vec![Act::Form],
            2 => vec![Act::Paper, Act::Accept, Act::Return],
            3 => vec![
                Act::Compare,
                Act::Recorded(false),
                Act::Recorded(true),
                Act::Read,
                Act::Identified,
                Act::Verify,
            ],
            4 => vec![Act::Photo, Act::Biometrics, Act::Finish],
            5 => vec![Act::Confirm, Act::Dispute, Act::Sign, Act::Render, Act::Seal],
            6 => vec![Act::Request],
            7 => vec![Act::Status(false), Act::Status(true), Act::Slip, Act::Suket],
            8 => vec![
                Act::CardData,
                Act::Start,
                Act::Printed,
                Act::Spoiled,
                Act::Unknown,
                Act::NotFound,
                Act::NotPrinted,
                Act::OtherNumber,
                Act::Chip,
                Act::Good,
                Act::Good,
                Act::Status(false),
                Act::Status(true),
                Act::Status(true),
            ],
            _ => vec![
                Act::Finger,
                Act::Finger,
                Act::Witnessed,
                Act::Collector(true),
                Act::Collector(false),
                Act::Face,
                Act::Lines,
                Act::Envelope,
                Act::Receipt,
                Act::HandOver,
                Act::HandOver,
                Act::Held,
                Act::CardDisputed,
                Act::Lost,
                Act::CalledOff,
                Act::Status(false),
                Act::Status(true),
            ],
        };
        if slip.place != Where::Open {
            near.extend([Act::Resume, Act::Birthday]);
        }
        let anything = prop_oneof![
            proptest::sample::select(vec![
                Act::Form,
                Act::Paper,
                Act::Accept,
                Act::Return,
                Act::Compare,
                Act::Read,
                Act::Identified,
                Act::Verify,
                Act::Photo,
                Act::Biometrics,
                Act::Finish,
                Act::Confirm,
                Act::Dispute,
                Act::Sign,
                Act::Render,
                Act::Seal,
                Act::Request,
                Act::Slip,
                Act::Suket,
                Act::Start,
                Act::Printed,
                Act::Spoiled,
                Act::CardData,
                Act::Unknown,
                Act::NotFound,
                Act::NotPrinted,
                Act::OtherNumber,
                Act::Chip,
                Act::Good,
                Act::Finger,
                Act::Witnessed,
                Act::Face,
                Act::Lines,
                Act::Envelope,
                Act::Receipt,
                Act::Held,
                Act::CardDisputed,
                Act::Lost,
                Act::CalledOff,
                Act::HandOver,
                Act::Resume,
                Act::Birthday,
            ]),
            (1u8..=9).prop_map(Act::Back),
            any::<bool>().prop_map(Act::Status),
            any::<bool>().prop_map(Act::Recorded),
            any::<bool>().prop_map(Act::Collector),
        ];
        prop_oneof![
            40 => proptest::sample::select(near),
            6 => anything,
            1 => prop_oneof![Just(Act::Cancel), Just(Act::Expire)],
        ]
        .boxed()
    }

    fn apply(mut slip: Self, act: &Act) -> Self {
        if slip.takes(*act) {
            slip.take(*act);
        }
        slip
    }
}
