//! Two recordings whose fingers are alike, line by line: what a person is asked to look at, never a verdict.

use super::diff::same;
use super::{Biodata, Unsur};

/// What two recordings are held against each other by: the elements of each line, of which the first names it.
pub const RECORD_LINES: [&[Unsur]; 5] = [
    &[Unsur::Nik],
    &[Unsur::Nama],
    &[Unsur::TempatLahir, Unsur::TanggalLahir],
    &[Unsur::NomorKk],
    &[Unsur::Alamat, Unsur::Rt, Unsur::Rw, Unsur::Kelurahan],
];

/// Says whether two people's data agree in `elements`, by those that both have; `None` when they have none in common.
pub fn agree(elements: &[Unsur], one: &Biodata, other: &Biodata) -> Option<bool> {
    let both = elements.iter().filter_map(|unsur| Some(same(*unsur, one.get(*unsur)?, other.get(*unsur)?)));
    both.reduce(|all, same| all && same)
}
