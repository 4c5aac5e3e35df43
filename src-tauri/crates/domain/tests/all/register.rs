use std::collections::BTreeMap;

use domain::ids::{OperatorId, StationCode};
use domain::register::{
    BreakKind, ChainBreak, Checkpoint, Hash32, RegisterEntry, RegisterKind, RegisterLine, canonical_bytes,
    verify_chain,
};
use jiff::Timestamp;
use proptest::prelude::*;

fn entry(n: i64) -> RegisterEntry {
    RegisterEntry {
        at: Timestamp::from_second(1_795_000_000 + n).unwrap(),
        station: StationCode::parse("KRUI-01").unwrap(),
        operator: OperatorId::parse("dewi").unwrap(),
        kind: RegisterKind::FormCompleted,
        permohonan: None,
        ticket: None,
        corrects: None,
        detail: BTreeMap::from([("no".to_owned(), n.to_string())]),
    }
}

fn chain(length: i64) -> Vec<RegisterLine> {
    let mut lines: Vec<RegisterLine> = Vec::new();
    for n in 0..length {
        let before = lines.last().map(|line| (line.row, line.hash));
        lines.push(RegisterLine::chain(before, entry(n)));
    }
    lines
}

fn broken(lines: Vec<RegisterLine>) -> Option<(u64, BreakKind)> {
    let whole = chain(10);
    let checkpoint = Checkpoint { row: 10, hash: whole[9].hash };
    verify_chain(lines, &[checkpoint]).err().map(|ChainBreak { first_row, kind, .. }| (first_row, kind))
}

#[test]
fn a_whole_chain_verifies_and_an_empty_one_too() {
    let lines = chain(10);
    let last = lines[9].hash;
    assert_eq!(broken(lines.clone()), None, "untouched");
    let verdict = verify_chain(lines, &[]).unwrap();
    assert_eq!((verdict.rows, verdict.last), (10, last), "rows and last hash");
    assert_eq!(verify_chain([], &[]).unwrap().last, Hash32::GENESIS, "nothing yet");
}

#[test]
fn an_edited_row_is_named_even_when_hashed_anew() {
    let mut lines = chain(10);
    lines[3].entry.detail.insert("no".into(), "99".into());
    assert_eq!(broken(lines.clone()), Some((4, BreakKind::Edited)), "content no longer fits its hash");
    lines[3] = RegisterLine::chain(Some((3, lines[2].hash)), lines[3].entry.clone());
    assert_eq!(broken(lines), Some((4, BreakKind::Edited)), "hashed anew, but row 5 names the old hash");
}

#[test]
fn a_rewritten_tail_is_caught_by_the_checkpoint() {
    let mut lines = chain(9);
    let before = lines.last().map(|line| (line.row, line.hash));
    lines.push(RegisterLine::chain(before, entry(99)));
    assert_eq!(
        broken(lines),
        Some((10, BreakKind::Edited)),
        "the last row is whole but not the one that was printed"
    );
}

/// Ten rows whose fourth stands there again as the fifth, with the rows behind it numbered anew.
fn lines_of_copy() -> Vec<RegisterLine> {
    let mut lines = chain(10);
    let copy = lines[3].clone();
    lines.insert(4, copy);
    numbered_anew(lines)
}

/// Ten rows between whose fourth and fifth `count` others were put, each hashed behind the one before it.
fn lines_of_forged(count: u64) -> Vec<RegisterLine> {
    let mut lines = chain(10);
    let behind = lines.split_off(4);
    for _ in 0..count {
        let before = lines.last().map(|line| (line.row, line.hash));
        lines.push(RegisterLine::chain(before, entry(77)));
    }
    lines.extend(behind);
    numbered_anew(lines)
}

fn numbered_anew(mut lines: Vec<RegisterLine>) -> Vec<RegisterLine> {
    for (row, line) in (1..).zip(&mut lines) {
        line.row = row;
    }
    lines
}

#[test]
fn deleted_inserted_reordered_and_cut_off_rows_are_told_apart() {
    let mut lines = chain(10);
    lines.remove(4);
    assert_eq!(broken(lines), Some((5, BreakKind::Deleted)), "row 5 is missing");

    let mut lines = chain(10);
    lines.remove(0);
    assert_eq!(broken(lines), Some((1, BreakKind::Deleted)), "the first row is missing");

    let mut lines = chain(10);
    let forged = RegisterLine::chain(Some((5, lines[4].hash)), entry(77));
    lines.insert(5, forged);
    assert_eq!(broken(lines), Some((6, BreakKind::Inserted)), "a second row 6 stands before the true one");

    let mut lines = chain(10);
    let copy = lines[2].clone();
    lines.insert(7, copy);
    assert_eq!(broken(lines), Some((3, BreakKind::Inserted)), "row 3 stands there twice");

    for (put_in, what) in
        [(lines_of_copy(), "a copy of row 4"), (lines_of_forged(1), "one that is whole in itself")]
    {
        assert_eq!(
            broken(put_in),
            Some((5, BreakKind::Inserted)),
            "{what} as row 5, and the rest numbered anew"
        );
    }
    assert_eq!(
        broken(lines_of_forged(3)),
        Some((5, BreakKind::Inserted)),
        "three of them: the first is named"
    );

    let mut lines = chain(10);
    lines.swap(4, 6);
    assert_eq!(broken(lines), Some((5, BreakKind::Reordered)), "row 5 comes later");

    let mut lines = chain(10);
    lines.truncate(7);
    assert_eq!(broken(lines), Some((8, BreakKind::CutOff)), "the checkpoint knows row 10");
}

#[test]
fn reordered_and_deleted_rows_are_told_apart_also_when_all_are_numbered_anew() {
    for (from, to) in [(4, 5), (4, 8), (0, 1)] {
        let mut lines = chain(10);
        lines.swap(from, to);
        let first = from as u64 + 1;
        assert_eq!(broken(numbered_anew(lines)), Some((first, BreakKind::Reordered)), "{from} and {to}");
    }
    for (from, to) in [(7, 4), (4, 7)] {
        let mut lines = chain(10);
        let moved = lines.remove(from);
        lines.insert(to, moved);
        assert_eq!(broken(numbered_anew(lines)), Some((5, BreakKind::Reordered)), "from {from} to {to}");
    }
    for (first, count) in [(4, 1), (4, 3), (0, 1), (8, 1)] {
        let mut lines = chain(10);
        lines.drain(first..first + count);
        let missing = first as u64 + 1;
        assert_eq!(
            broken(numbered_anew(lines)),
            Some((missing, BreakKind::Deleted)),
            "{count} from row {missing} on"
        );
    }

    let mut lines = chain(10);
    let copy = lines[7].clone();
    lines.insert(4, copy);
    assert_eq!(broken(numbered_anew(lines)), Some((5, BreakKind::Inserted)), "a copy of row 8 as row 5");

    let mut lines = chain(10);
    lines.remove(4);
    let mut lines = numbered_anew(lines);
    lines[4].previous = lines[3].hash;
    assert_eq!(
        broken(lines),
        Some((5, BreakKind::Edited)),
        "what it was hashed behind is not known any more"
    );
}

#[test]
fn every_checkpoint_is_held_against_the_chain_and_what_is_not_known_is_not_called_whole() {
    let whole = chain(10);
    let of = |lines: &[RegisterLine], row: usize| Checkpoint { row: row as u64, hash: lines[row - 1].hash };
    let mut forged: Vec<RegisterLine> = whole[..4].to_vec();
    for n in 4..10 {
        let before = forged.last().map(|line| (line.row, line.hash));
        forged.push(RegisterLine::chain(before, entry(100 + n)));
    }
    let told = |lines: &[RegisterLine], checkpoints: &[Checkpoint]| {
        verify_chain(lines.iter().cloned(), checkpoints)
            .map(|_| ())
            .map_err(|broken| (broken.first_row, broken.up_to))
    };
    let (third, seventh, younger) = (of(&whole, 3), of(&whole, 7), of(&forged, 9));
    assert_eq!(told(&forged, &[younger]), Ok(()), "the newest was made over the changed rows");
    assert_eq!(
        told(&forged, &[third, seventh, younger]),
        Err((7, 3)),
        "an older one tells; known is what the third holds"
    );
    assert_eq!(told(&forged, &[younger, seventh]), Err((7, 0)), "in whatever order; and nothing is known");
    assert_eq!(told(&whole, &[third, seventh]), Ok(()), "untouched");

    let mut edited = whole.clone();
    edited[8].entry.detail.insert("no".into(), "99".into());
    assert_eq!(told(&edited, &[third]), Err((9, 8)), "its own hash tells: those before it hold");
    let mut two = forged.clone();
    two[8].entry.detail.insert("no".into(), "99".into());
    assert_eq!(told(&two, &[third, seventh]), Err((7, 3)), "the first of two breaks");
    let mut ends: Vec<RegisterLine> = forged[..8].to_vec();
    ends.extend_from_slice(&whole[8..]);
    assert_eq!(told(&ends, &[third]), Err((8, 3)), "hashed anew up to row 8, from anywhere behind row 3");
    assert_eq!(told(&whole[..6], &[third, seventh]), Err((7, 6)), "the end is missing");
}

#[test]
fn the_bytes_of_a_line_are_law() {
    let bytes = canonical_bytes(1, &Hash32::GENESIS, &entry(0));
    assert_eq!(&bytes[..18], b"rekam-register-v1\n", "version first");
    assert_eq!(
        bytes.len(),
        18 + 8 + 32 + 12 + 11 + 8 + 18 + 4 + 4 + 4 + 4 + 6 + 5,
        "every field is length-prefixed"
    );
    assert_eq!(
        Hash32::of(&bytes).hex(),
        "efac1d7c70f7c7cd2db0249a658ab39deb05d2639548064d570fea8f357a2ffc",
        "if this fails do not change the test: every register in the field depends on these bytes"
    );
}

#[test]
fn keys_of_kinds_are_unique_and_read_back() {
    for kind in RegisterKind::ALL {
        assert_eq!(RegisterKind::from_key(kind.key()), Some(*kind), "{}", kind.key());
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.key(), "JSON uses the key");
    }
}

proptest! {
    #[test]
    fn any_single_tampering_is_found(which in 0usize..10, how in 0u8..4, other in 0usize..10) {
        let mut lines = chain(10);
        match how {
            0 => { lines[which].entry.detail.insert("x".into(), "y".into()); }
            1 => { lines.remove(which); }
            2 if which != other => lines.swap(which, other),
            2 => { lines.truncate(which); }
            _ => { let copy = lines[other].clone(); lines.insert(which, copy); }
        }
        prop_assert!(broken(lines).is_some(), "tampering {} at {} went unseen", how, which);
    }
}
