//! The stretch of the station's register that a packet carries: every line since the packet before.
//!
//! Lines of the packet's own visit stand whole. Of any other line the hash stands alone: it pins that line for good, and
//! says nothing of somebody else's visit.

use domain::ids::PermohonanId;
use domain::register::{Checkpoint, Hash32, RegisterEntry, RegisterLine, canonical_bytes};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Name of the stretch's file in the part `id`.
pub const REGISTER_FILE: &str = "register.json";

/// One line of a stretch.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StretchLine {
    /// Its hash.
    pub hash: Hash32,
    /// What it says, when it is of the packet's own visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<RegisterEntry>,
}

/// Lines of a register, one after the other without a gap.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterStretch {
    /// [`RegisterStretch::FORMAT`].
    pub format: String,
    /// The last line that the packet before spoke of; none at the beginning of the register.
    pub after: Option<Checkpoint>,
    /// In their order. The first one's row is that of `after` and one.
    pub lines: Vec<StretchLine>,
}

impl std::fmt::Debug for RegisterStretch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterStretch({} lines after {:?})", self.lines.len(), self.after)
    }
}

/// Where a stretch does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StretchError {
    /// It is of another format.
    #[error("the lines are of another format")]
    Format,
    /// A line is not what was hashed after the one before: edited, left out, put in, or moved.
    #[error("the register is broken at row {row}")]
    Broken {
        /// Row at which it is noticed.
        row: u64,
    },
    /// The last line is not the head that the packet names.
    #[error("the lines do not end at the head")]
    Head,
    /// No line is of the packet's own visit.
    #[error("no line is of this visit")]
    OtherVisit,
    /// A line is of another station.
    #[error("row {row} is of another station")]
    OtherStation {
        /// Its row.
        row: u64,
    },
    /// A line is older than the one of the visit before it by more than a clock may be put right.
    #[error("the time goes back at row {row}")]
    TimeBack {
        /// Its row.
        row: u64,
    },
}

/// What a stretch is held against.
#[derive(Clone, Copy, Debug)]
pub struct StretchOf<'a> {
    /// Head of the register as the packet names it.
    pub head: Checkpoint,
    /// Station code of the packet.
    pub station: &'a str,
    /// The packet's visit.
    pub visit: PermohonanId,
    /// A clock may be put back by so much between two lines without a question.
    pub slack: SignedDuration,
}

impl RegisterStretch {
    /// The format of this version.
    pub const FORMAT: &'static str = "rekam-register-lines/1";

    /// The stretch of these lines for one visit; they follow each other without a gap.
    pub fn of(lines: impl IntoIterator<Item = RegisterLine>, visit: PermohonanId) -> Self {
        let mut after = None;
        let lines = lines
            .into_iter()
            .enumerate()
            .map(|(number, line)| {
                if number == 0 && line.row > 1 {
                    after = Some(Checkpoint { row: line.row - 1, hash: line.previous });
                }
                let own = line.entry.permohonan == Some(visit);
                StretchLine { hash: line.hash, entry: own.then_some(line.entry) }
            })
            .collect();
        Self { format: Self::FORMAT.to_owned(), after, lines }
    }

    /// Checks every line that stands whole in its place, the order, the end, and the times.
    ///
    /// # Errors
    /// The first [`StretchError`] in the order of its variants.
    pub fn check(&self, of: StretchOf<'_>) -> Result<(), StretchError> {
        if self.format != Self::FORMAT {
            return Err(StretchError::Format);
        }
        let (mut row, mut previous) = self.after.map_or((0, Hash32::GENESIS), |last| (last.row, last.hash));
        let mut foreign = None;
        let mut back = None;
        let mut latest = Timestamp::MIN;
        let mut own = false;
        for line in &self.lines {
            row = row.saturating_add(1);
            if let Some(entry) = &line.entry {
                if Hash32::of(&canonical_bytes(row, &previous, entry)) != line.hash {
                    return Err(StretchError::Broken { row });
                }
                own |= entry.permohonan == Some(of.visit);
                if entry.station.as_str() != of.station {
                    foreign = foreign.or(Some(row));
                }
                if entry.at < latest && latest.duration_since(entry.at) > of.slack {
                    back = back.or(Some(row));
                }
                latest = latest.max(entry.at);
            }
            previous = line.hash;
        }
        match (foreign, back) {
            _ if (row, previous) != (of.head.row, of.head.hash) => Err(StretchError::Head),
            _ if !own => Err(StretchError::OtherVisit),
            (Some(row), _) => Err(StretchError::OtherStation { row }),
            (None, Some(row)) => Err(StretchError::TimeBack { row }),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{OperatorId, StationCode};
    use domain::register::RegisterKind;
    use std::collections::BTreeMap;

    const VISIT: u128 = 7;

    fn visit(number: u128) -> PermohonanId {
        PermohonanId::new(uuid::Uuid::from_u128(number))
    }

    /// Ten lines from row 5 on; the even rows are of the visit.
    fn lines() -> Vec<RegisterLine> {
        let mut before = Some((4, Hash32::of(b"row 4")));
        (5..15)
            .map(|row: i64| {
                let entry = RegisterEntry {
                    at: Timestamp::from_second(1_795_000_000 + row * 60).unwrap(),
                    station: StationCode::parse("UJI-01").unwrap(),
                    operator: OperatorId::parse("dewi").unwrap(),
                    kind: RegisterKind::FieldSaved,
                    permohonan: Some(visit(if row % 2 == 0 { VISIT } else { 8 })),
                    ticket: None,
                    corrects: None,
                    detail: BTreeMap::from([("baris".to_owned(), row.to_string())]),
                };
                let line = RegisterLine::chain(before, entry);
                before = Some((line.row, line.hash));
                line
            })
            .collect()
    }

    fn head(lines: &[RegisterLine]) -> Checkpoint {
        lines.last().map(|line| Checkpoint { row: line.row, hash: line.hash }).unwrap()
    }

    fn judged(stretch: &RegisterStretch, head: Checkpoint) -> Result<(), StretchError> {
        let slack = SignedDuration::from_mins(10);
        stretch.check(StretchOf { head, station: "UJI-01", visit: visit(VISIT), slack })
    }

    #[test]
    fn a_sound_stretch_holds_and_shows_nothing_of_other_visits() {
        let lines = lines();
        let stretch = RegisterStretch::of(lines.clone(), visit(VISIT));
        assert_eq!(stretch.after, Some(Checkpoint { row: 4, hash: Hash32::of(b"row 4") }), "where it begins");
        assert_eq!(judged(&stretch, head(&lines)), Ok(()), "it holds");
        let whole: Vec<bool> = stretch.lines.iter().map(|line| line.entry.is_some()).collect();
        assert_eq!(whole[..4], [false, true, false, true], "of somebody else there is the hash alone");
        let text = serde_json::to_string(&stretch).unwrap();
        assert_eq!(serde_json::from_str::<RegisterStretch>(&text).unwrap(), stretch, "it is read back");
    }

    #[test]
    fn a_line_edited_left_out_put_in_or_moved_is_noticed_where_it_stands() {
        let lines = lines();
        let sound = RegisterStretch::of(lines.clone(), visit(VISIT));
        let broken = |change: fn(&mut Vec<StretchLine>)| {
            let mut stretch = sound.clone();
            change(&mut stretch.lines);
            judged(&stretch, head(&lines))
        };
        let at = |row| Err(StretchError::Broken { row });
        let edit = broken(|lines| {
            lines[1].entry.as_mut().unwrap().detail.insert("baris".into(), "lain".into());
        });
        assert_eq!(edit, at(6), "edited");
        let hashed_anew = broken(|lines| lines[2].hash = Hash32::of(b"another line"));
        assert_eq!(
            hashed_anew,
            at(8),
            "another visit's line exchanged: the next whole one does not follow it"
        );
        assert_eq!(broken(|lines| drop(lines.remove(3))), at(9), "left out: those after it stand elsewhere");
        assert_eq!(broken(|lines| drop(lines.remove(2))), at(7), "also one of another visit");
        assert_eq!(broken(|lines| lines.swap(3, 5)), at(8), "two exchanged");
        let twice = broken(|lines| {
            let line = lines[3].clone();
            lines.insert(4, line);
        });
        assert_eq!(twice, at(9), "one put in");
        let cut = broken(|lines| drop(lines.pop()));
        assert_eq!(cut, Err(StretchError::Head), "the end cut off");
        let bare = broken(|lines| lines.iter_mut().for_each(|line| line.entry = None));
        assert_eq!(bare, Err(StretchError::OtherVisit), "hashes alone prove nothing of the visit");
    }

    #[test]
    fn lines_of_another_register_and_times_that_go_back_are_told_apart() {
        let mut all = lines();
        let rechained = |change: &dyn Fn(usize, &mut RegisterEntry)| {
            let mut before = Some((4, Hash32::of(b"row 4")));
            let mut lines = lines();
            for (number, line) in lines.iter_mut().enumerate() {
                change(number, &mut line.entry);
                *line = RegisterLine::chain(before, line.entry.clone());
                before = Some((line.row, line.hash));
            }
            let stretch = RegisterStretch::of(lines.clone(), visit(VISIT));
            judged(&stretch, head(&lines))
        };
        let minutes = |entry: &mut RegisterEntry, n: i64| entry.at += SignedDuration::from_mins(n);
        assert_eq!(
            rechained(&|at, entry| if at == 3 {
                minutes(entry, -9)
            }),
            Ok(()),
            "a clock put right a little"
        );
        let far = rechained(&|at, entry| {
            if at == 3 {
                minutes(entry, -30)
            }
        });
        assert_eq!(far, Err(StretchError::TimeBack { row: 8 }), "half an hour back");
        let other = rechained(&|at, entry| {
            if at == 5 {
                entry.station = StationCode::parse("UJI-02").unwrap();
            }
        });
        assert_eq!(other, Err(StretchError::OtherStation { row: 10 }), "another station's line");
        all[0].row = 9;
        let stretch = RegisterStretch::of(all.clone(), visit(VISIT));
        assert_eq!(
            judged(&stretch, head(&all)).unwrap_err(),
            StretchError::Broken { row: 10 },
            "another place"
        );
    }
}
