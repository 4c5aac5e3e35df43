//! Counting afterwards: what the stations hold a receipt for, beside what stands in the database and on the disk.

use crate::post::Outcome;
use load::{Held, House, Result};
use packet::Part;
use packet::wire::{Finalise, Receipt};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Every so many receipts are verified; checking all of them would cost more than the test.
const EVERY: usize = 25;

/// What the count says. All zero is sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Acknowledged, and not there whole: no row, another digest, a part that is absent or short.
    pub lost: usize,
    /// Received more than once, or two under one number.
    pub doubled: usize,
    /// Sent and never acknowledged.
    pub silent: usize,
    /// Receipts that do not hold.
    pub unproven: usize,
}

impl Audit {
    /// Nothing is wrong.
    pub fn is_sound(&self) -> bool {
        *self == Self::default()
    }
}

pub fn count(house: &House, outcome: &Outcome) -> Result<Audit> {
    let all = house.held("")?;
    let ours: BTreeSet<Uuid> = outcome.acknowledged.iter().map(|(body, _)| body.enrolment).collect();
    let rows: BTreeMap<Uuid, &Held> = all.iter().map(|row| (row.enrolment, row)).collect();
    let whole = |body: &Finalise| {
        rows.get(&body.enrolment).is_some_and(|row| {
            row.station == body.station
                && row.sequence == body.sequence
                && Part::ALL.into_iter().all(|part| {
                    let digest = row.parts.of(part);
                    let path = house.kept(body.enrolment, part, &digest.sha256);
                    digest == body.parts.of(part)
                        && std::fs::metadata(path).is_ok_and(|file| file.len() == digest.bytes)
                })
        })
    };
    let lost = outcome.acknowledged.iter().filter(|(body, _)| !whole(body)).count();
    let mut numbers = BTreeSet::new();
    let doubled = all
        .iter()
        .filter(|row| ours.contains(&row.enrolment))
        .filter(|row| row.received != 1 || !numbers.insert((&row.station, row.sequence)))
        .count();
    let authority = packet::pki::Certificate::from_pem(&house.authority()?)?;
    let trust = packet::Trust { training: true, authorities: vec![authority] };
    let unproven = outcome.acknowledged.iter().step_by(EVERY).filter(|(body, receipt)| {
        let receipt = Receipt::verify(receipt, &trust);
        !receipt.is_ok_and(|receipt| receipt.acknowledges(body.enrolment, &body.station, &body.parts))
    });
    Ok(Audit { lost, doubled, silent: outcome.silent, unproven: unproven.count() })
}
