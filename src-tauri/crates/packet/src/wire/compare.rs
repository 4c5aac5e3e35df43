use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Two sequence numbers, lower first, both included.
pub type SequenceRange = (u64, u64);

/// What a station says of its packets; sent before the first upload of a round and after its last.
///
/// The announcement makes gaps meaningful: a number that the centre lacks is either announced here as still to come, or
/// was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Inventory {
    /// Always [`Inventory::FORMAT`].
    pub format: String,
    /// Highest sequence number ever used; 0 for none.
    pub highest: u64,
    /// Numbers whose verified receipt the station holds, as ascending ranges.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(u64, u64)>))]
    pub acknowledged: Vec<SequenceRange>,
    /// Packets without a receipt yet, ascending by sequence; at most 10,000.
    pub waiting: Vec<InventoryRow>,
}

/// One packet of the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InventoryRow {
    /// The station's running number, from 1.
    pub sequence: u64,
    /// Enrolment id.
    pub enrolment: Uuid,
}

/// What the centre answers to an inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// Finalised packets of this station at the centre.
    pub received: u64,
    /// Highest sequence number received; 0 when none.
    pub highest: u64,
    /// Acknowledged at the station, absent at the centre: an older backup was restored. Offer them again.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(u64, u64)>))]
    pub lost: Vec<SequenceRange>,
    /// Received at the centre, without a receipt at the station: fetch it.
    pub receipts: Vec<InventoryRow>,
    /// Neither received nor announced: the station skipped them, or lost them.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(u64, u64)>))]
    pub gaps: Vec<SequenceRange>,
    /// Received above the station's own highest number, or one number with two enrolments: the station was restored from
    /// an older backup, or its disk was cloned.
    pub foreign: Vec<InventoryRow>,
    /// The sequence number from which the station must go on: above everything either side knows.
    pub next_sequence: u64,
}

impl Inventory {
    /// Name and version of the body.
    pub const FORMAT: &'static str = "rekam-inventory/1";
}

/// Ascending numbers as ranges; doubles are taken once.
pub fn ranges(numbers: impl IntoIterator<Item = u64>) -> Vec<SequenceRange> {
    let mut out: Vec<SequenceRange> = Vec::new();
    for number in numbers {
        match out.last_mut() {
            Some(last) if number <= last.1 => {}
            Some(last) if number == last.1 + 1 => last.1 = number,
            _ => out.push((number, number)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn numbers_become_the_fewest_ranges() {
        assert_eq!(ranges([]), [], "nothing");
        assert_eq!(ranges([1, 2, 2, 3, 7, 9, 10]), [(1, 3), (7, 7), (9, 10)], "neighbours join");
    }
}
