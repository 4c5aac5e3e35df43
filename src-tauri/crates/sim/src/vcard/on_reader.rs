//! What goes wrong between a sound card and whoever reads it: it answers late, or another program has it.

use std::io;
use std::time::{Duration, Instant};

use devices::transport::pcsc::{HeldCard, PcscLink};

use super::VirtualCard;
use crate::{FaultPlan, SimFault};

/// A card under the fault plan of the reader that it lies on.
pub struct OnReader<C> {
    card: C,
    plan: FaultPlan,
}

impl<C> OnReader<C> {
    /// `card`, each answer of which is late while `plan` says `Slow`.
    pub fn new(card: C, plan: FaultPlan) -> Self {
        Self { card, plan }
    }
}

impl<C: VirtualCard> VirtualCard for OnReader<C> {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.card.answer(command)
    }

    fn late(&mut self) -> Duration {
        match self.plan.now() {
            Some(SimFault::Slow(ms)) => {
                self.plan.take();
                Duration::from_millis(ms)
            }
            _ => self.card.late(),
        }
    }
}

/// Takes the card on `reader` as another program would, until what is given is dropped. Tries for at most `patience`: the
/// service may not have seen the card yet, or somebody may be reading it.
///
/// # Errors
/// No service, no such reader, or no card that is free within `patience`.
pub fn hold(reader: &str, patience: Duration) -> io::Result<HeldCard> {
    let (mut link, until) = (PcscLink::new(), Instant::now() + patience);
    loop {
        match link.hold(reader) {
            Ok(held) => return Ok(held),
            Err(fault) if Instant::now() >= until => {
                return Err(io::Error::other(format!("cannot hold the card on {reader}: {fault}")));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
