//! A Levenshtein automaton over bytes that the vocabulary is walked with.

use fst::Automaton;

/// Accepts words within `limit` edits of `word`, where an edit inserts, drops or replaces a letter or exchanges two
/// neighbours (optimal string alignment). The state is computed as it is walked: building a whole table for two
/// edits costs more than the walk.
pub(crate) struct Typos<'w> {
    word: &'w [u8],
    limit: u8,
}

/// One row of the distance table, the row before it, and the letter between them.
#[derive(Clone)]
pub(crate) struct Row {
    now: Vec<u8>,
    before: Vec<u8>,
    letter: u8,
}

impl<'w> Typos<'w> {
    pub fn new(word: &'w str, limit: u8) -> Typos<'w> {
        Typos { word: word.as_bytes(), limit }
    }

    /// Distance of a whole word that was reached, if within the limit.
    pub fn distance(&self, state: &Row) -> Option<u8> {
        state.now.last().copied().filter(|d| *d <= self.limit)
    }

    /// Distance between the word and `other`, if within the limit.
    pub fn distance_to(&self, other: &str) -> Option<u8> {
        let mut state = self.start();
        for byte in other.bytes() {
            state = self.accept(&state, byte);
        }
        self.distance(&state)
    }
}

impl Automaton for Typos<'_> {
    type State = Row;

    fn start(&self) -> Row {
        let now = (0..=self.word.len()).map(|i| u8::try_from(i).unwrap_or(u8::MAX)).collect();
        Row { now, before: Vec::new(), letter: 0 }
    }

    fn is_match(&self, state: &Row) -> bool {
        self.distance(state).is_some()
    }

    fn can_match(&self, state: &Row) -> bool {
        // An exchange looks one row back, so a dead row may still be saved by the row before it.
        let alive = |row: &[u8], limit: u8| row.iter().any(|d| *d <= limit);
        alive(&state.now, self.limit) || (self.limit > 0 && alive(&state.before, self.limit - 1))
    }

    fn accept(&self, state: &Row, byte: u8) -> Row {
        let mut now = Vec::with_capacity(self.word.len() + 1);
        let mut left = state.now[0].saturating_add(1);
        now.push(left);
        for (i, letter) in self.word.iter().enumerate() {
            let replace = state.now[i].saturating_add(u8::from(*letter != byte));
            let mut best = replace.min(state.now[i + 1].saturating_add(1)).min(left.saturating_add(1));
            if i > 0 && !state.before.is_empty() && *letter == state.letter && self.word[i - 1] == byte {
                best = best.min(state.before[i - 1].saturating_add(1));
            }
            now.push(best);
            left = best;
        }
        Row { now, before: state.now.clone(), letter: byte }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("siti", "siti", Some(0))]
    #[case("siti", "stii", Some(1))]
    #[case("siti", "sitti", Some(1))]
    #[case("siti", "sii", Some(1))]
    #[case("siti", "sari", Some(2))]
    #[case("siti", "suti", Some(1))]
    #[case("siti", "budi", None)]
    #[case("aminah", "maniah", Some(2))]
    #[case("", "ab", Some(2))]
    #[case("", "abc", None)]
    fn edits_are_counted_as_people_make_them(
        #[case] word: &str,
        #[case] other: &str,
        #[case] expected: Option<u8>,
    ) {
        assert_eq!(Typos::new(word, 2).distance_to(other), expected, "{word} → {other}");
        assert_eq!(
            Typos::new(other, 2).distance_to(word),
            expected,
            "the distance is the same the other way round"
        );
    }

    #[test]
    fn the_walk_finds_what_a_plain_comparison_finds() {
        let mut words: Vec<String> = Vec::new();
        for a in "aists".chars() {
            for b in "bito".chars() {
                for c in "tiax".chars() {
                    words.push(format!("{a}{b}{c}i"));
                    words.push(format!("{a}{b}{c}"));
                }
            }
        }
        words.sort();
        words.dedup();
        let set = fst::Set::from_iter(&words).unwrap();
        for probe in ["siti", "isti", "ab", "tox"] {
            let typos = Typos::new(probe, 2);
            let found = {
                use fst::{IntoStreamer, Streamer};
                let mut stream = set.search(&typos).into_stream();
                let mut found = Vec::new();
                while let Some(word) = stream.next() {
                    found.push(String::from_utf8(word.to_vec()).unwrap());
                }
                found
            };
            let expected: Vec<String> =
                words.iter().filter(|w| typos.distance_to(w).is_some()).cloned().collect();
            assert_eq!(found, expected, "pruning must lose nothing for {probe}");
        }
    }
}
