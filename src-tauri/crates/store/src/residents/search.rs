//! Names: as they are typed, and as they were meant.

use super::index::NameIndex;
use super::typos::Typos;
use super::words::words;
use crate::table::Resident;
use crate::{Error, Result, Store, View};
use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer, Streamer};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// One resident that a name search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameHit {
    /// The resident.
    pub resident: Resident,
    /// Edits between what was typed and the name: 0 when every typed word is there (the last may be a beginning).
    pub edits: u8,
}

/// Most edits that are forgiven in a whole query.
const MOST_EDITS: u8 = 2;
/// A longer word is no name and only costs time.
const LONGEST_WORD: usize = 64;
/// No more than this many candidates are read to be ranked.
const CANDIDATES: usize = 60;
/// A document carries a word that begins with the last typed one.
const BEGINS: u8 = 1;
/// It carries the last typed word itself.
const CARRIES: u8 = 2;

impl Store {
    /// Finds residents by name: every typed word must be there, in any order, the last one may be a beginning. When
    /// that finds fewer than `limit`, up to two typos in the whole query are forgiven. Whoever's whole name was typed comes
    /// first, in the extract's order: they can type nothing more to be found. Then best first; people of different names
    /// before many of one name; each NIK once.
    ///
    /// # Errors
    /// Those of [`Store::read`], [`crate::Error::Sql`]; [`crate::Error::NameIndex`] for an index that cannot be read: importing
    /// the extract again builds a new one.
    pub fn find_names(&self, typed: &str, limit: usize) -> Result<Vec<NameHit>> {
        let typed = words(typed);
        if typed.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        self.read(|view| {
            let index = self.name_index(view)?;
            // In order already; each row that is read costs a page of decryption, so only a few are read to spare.
            let most = candidates(view, limit)?;
            // The index keeps no order of words: of many with the same ones, who has them in the typed order is read out.
            let documents = index.as_typed(&typed, most, most.max(CANDIDATES));
            let mut hits = ranked(view, &index, documents, &typed, limit)?;
            if hits.len() < limit {
                let known: BTreeSet<String> = hits.iter().map(|hit| hit.resident.nik.clone()).collect();
                let meant = index.as_meant(&typed, limit.max(CANDIDATES));
                let more = ranked(view, &index, meant, &typed, limit + known.len())?;
                hits.extend(more.into_iter().filter(|hit| !known.contains(&hit.resident.nik)));
                hits.truncate(limit);
            }
            Ok(hits)
        })
    }

    /// Finds residents while a name is being typed: every typed word must be there, the last one may be a beginning, no
    /// typo is forgiven. In the order of [`Store::find_names`], which is for the pause after it; this is for each key.
    ///
    /// # Errors
    /// Those of [`Store::find_names`].
    pub fn type_ahead(&self, typed: &str, limit: usize) -> Result<Vec<NameHit>> {
        let typed = words(typed);
        self.read(|view| {
            let index = self.name_index(view)?;
            let most = candidates(view, limit)?;
            ranked(view, &index, index.as_typed(&typed, most, most), &typed, limit)
        })
    }

    /// Reads the name index into memory ahead of the first search. [`Store::lock`] calls it off and does not wait for it;
    /// a search that comes meanwhile waits for what has begun and does not begin anew.
    ///
    /// # Errors
    /// Those of [`Store::find_names`]; [`crate::Error::Locked`] when it was called off.
    pub fn warm_names(&self) -> Result<()> {
        self.warm_names_until(&|| false)
    }

    /// The same, called off as well when `ended` says so.
    ///
    /// # Errors
    /// Those of [`Store::warm_names`].
    pub fn warm_names_until(&self, ended: &dyn Fn() -> bool) -> Result<()> {
        self.read(|view| self.read_names(view, ended).map(drop))
    }

    fn name_index(&self, view: &View<'_>) -> Result<Arc<NameIndex>> {
        self.read_names(view, &|| false)
    }

    pub(super) fn read_names(&self, view: &View<'_>, ended: &dyn Fn() -> bool) -> Result<Arc<NameIndex>> {
        let generation = NameIndex::stored_generation(view)?;
        let kept = || self.index_cell().clone().filter(|index| index.generation == generation);
        if let Some(index) = kept() {
            return Ok(index);
        }
        let _one_reads = self.reading_names();
        if let Some(index) = kept() {
            return Ok(index);
        }
        let index = Arc::new(NameIndex::load(view, &|| self.is_locked() || ended())?);
        let mut cell = self.index_cell();
        // Locking takes the key first and clears the cell then: whoever finds the key here is cleared up after.
        if self.is_locked() {
            return Err(Error::Locked);
        }
        *cell = Some(Arc::clone(&index));
        Ok(index)
    }

    /// For the test that nothing of the names stays after a lock.
    #[doc(hidden)]
    pub fn names_in_memory_for_tests(&self) -> bool {
        self.index_cell().is_some()
    }
}

impl NameIndex {
    /// Documents that carry every word but the last, and a word that begins with the last. First those of the typed words
    /// and no other, at most `called_so`; then others, at most `limit` in all.
    fn as_typed(&self, typed: &[String], limit: usize, called_so: usize) -> Vec<usize> {
        let Some((beginning, whole)) = typed.split_last() else { return Vec::new() };
        let mut candidates: Option<Vec<usize>> = None;
        for word in whole {
            let Some(offset) = self.words.get(word) else { return Vec::new() };
            candidates = Some(self.intersect(candidates, offset));
        }
        let mut stream = self.words.search(Str::new(beginning).starts_with()).into_stream();
        let mut offsets = Vec::new();
        while let Some((_, offset)) = stream.next() {
            offsets.push(offset);
        }
        let exact = self.words.get(beginning);
        // As the index counts them: each once.
        let different = typed.iter().collect::<BTreeSet<_>>().len();
        let mut found = Vec::new();
        match candidates {
            None => {
                if let Some(offset) = exact {
                    self.each(offset, |document| {
                        if self.word_count(document) == different {
                            found.push(document);
                        }
                        found.len() < called_so
                    });
                }
                // The exact word first, then the commonest words that begin so.
                offsets
                    .sort_by_key(|offset| (Some(*offset) != exact, std::cmp::Reverse(self.count(*offset))));
                let mut seen: BTreeSet<usize> = found.iter().copied().collect();
                for offset in offsets {
                    if found.len() >= limit {
                        break;
                    }
                    // A few of each, so that different names are shown.
                    let mut taken = 0;
                    self.each(offset, |document| {
                        if seen.insert(document) {
                            found.push(document);
                            taken += 1;
                        }
                        taken < limit.div_ceil(4) && found.len() < limit
                    });
                }
            }
            Some(candidates) => {
                let mut wanted = vec![0u8; self.rows.len()];
                for offset in offsets {
                    let how = if Some(offset) == exact { CARRIES } else { BEGINS };
                    self.each(offset, |document| {
                        wanted[document] |= how;
                        true
                    });
                }
                let mut others = Vec::new();
                for document in candidates {
                    if wanted[document] & CARRIES != 0 && self.word_count(document) == different {
                        found.push(document);
                        if found.len() >= called_so {
                            break;
                        }
                    } else if wanted[document] != 0 && others.len() < limit {
                        others.push(document);
                    } else if exact.is_none() && others.len() >= limit {
                        break;
                    }
                }
                others.truncate(limit.saturating_sub(found.len()));
                found.append(&mut others);
            }
        }
        found
    }

    fn intersect(&self, candidates: Option<Vec<usize>>, offset: u64) -> Vec<usize> {
        let mut both = Vec::new();
        match candidates {
            None => self.each(offset, |document| {
                both.push(document);
                true
            }),
            Some(candidates) => {
                let mut rest = candidates.iter().copied().peekable();
                self.each(offset, |document| {
                    while rest.next_if(|c| *c < document).is_some() {}
                    if rest.next_if_eq(&document).is_some() {
                        both.push(document);
                    }
                    rest.peek().is_some()
                });
            }
        }
        both
    }

    /// Documents whose words can be reached with at most two edits in all, cheapest first, different words first. At
    /// most `limit`.
    fn as_meant(&self, typed: &[String], limit: usize) -> Vec<usize> {
        let mut lists: Vec<Vec<(u8, u64)>> =
            typed.iter().map(|word| self.near(word, typed.len() == 1)).collect();
        // The rarest word decides who is looked at further.
        lists.sort_by_key(|list| list.iter().map(|(_, offset)| self.count(*offset)).sum::<u64>());
        let mut reached: Vec<Reached> = Vec::new();
        // Document → its place in `reached`, plus one.
        let mut place = vec![0u32; 0];
        for (i, list) in lists.iter().enumerate() {
            let mut next: Vec<Reached> = Vec::new();
            let mut next_place = vec![0u32; self.rows.len()];
            // `list` is ordered by edits, so the first that reaches a document is its cheapest word.
            for (edits, offset) in list {
                self.each(*offset, |document| {
                    if next_place[document] != 0 {
                        return true;
                    }
                    let before = match (i, place.get(document)) {
                        (0, _) => Some(Reached { document, edits: 0, words: 0 }),
                        (_, Some(at)) if *at != 0 => Some(reached[*at as usize - 1]),
                        _ => None,
                    };
                    if let Some(before) = before
                        && before.edits + edits <= MOST_EDITS
                    {
                        let words = before.words.rotate_left(21) ^ offset.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                        next.push(Reached { document, edits: before.edits + edits, words });
                        next_place[document] = u32::try_from(next.len()).unwrap_or(0);
                    }
                    true
                });
            }
            reached = next;
            place = next_place;
        }
        let rank = |r: &Reached| (r.edits, self.word_count(r.document).abs_diff(typed.len()), r.document);
        reached.sort_unstable_by_key(rank);
        let mut seen = HashSet::new();
        let (first, more): (Vec<Reached>, Vec<Reached>) =
            reached.into_iter().partition(|r| seen.insert(r.words));
        first.into_iter().chain(more).take(limit).map(|r| r.document).collect()
    }

    /// Words near `word` with their edits, nearest first. A word of two letters forgives one edit, and so does one of three that
    /// stands alone, or it would be any word.
    fn near(&self, word: &str, alone: bool) -> Vec<(u8, u64)> {
        let limit = if word.len() <= 2 || (alone && word.len() == 3) { 1 } else { MOST_EDITS };
        let typos = Typos::new(word, limit);
        if word.len() > LONGEST_WORD {
            return Vec::new();
        }
        let mut stream = self.words.search_with_state(&typos).into_stream();
        let mut near = Vec::new();
        while let Some((_, offset, state)) = stream.next() {
            if let Some(edits) = typos.distance(&state) {
                near.push((edits, offset));
            }
        }
        near.sort_unstable();
        near
    }
}

/// A document on the way through the typed words.
#[derive(Clone, Copy)]
struct Reached {
    document: usize,
    /// Edits so far.
    edits: u8,
    /// Which words of the vocabulary it was reached by; people of one name have the same.
    words: u64,
}

/// How many are read for `limit` rows: some to spare, and where extracts overlap as many again that a younger record drops.
fn candidates(view: &View<'_>, limit: usize) -> Result<usize> {
    let spare = limit + limit / 2;
    Ok(if view.may_overlap()? { 2 * spare } else { spare })
}

/// Reads the candidates, scores them against what was typed and puts different names first. Each NIK stands once, as its
/// youngest record has it; a name that only an older record has finds nobody.
fn ranked(
    view: &View<'_>,
    index: &NameIndex,
    documents: Vec<usize>,
    typed: &[String],
    limit: usize,
) -> Result<Vec<NameHit>> {
    let overlap = view.may_overlap()?;
    let mut niks = HashSet::new();
    let mut hits = Vec::with_capacity(documents.len());
    for document in documents {
        if let Some(resident) = view.resident(index.rows[document])?
            && (!overlap || view.is_youngest(&resident)?)
            && niks.insert(resident.nik.clone())
        {
            let name = words(&resident.name);
            let (edits, rest) = score(&name, typed);
            hits.push((unlike(&name, typed), edits, rest, NameHit { resident, edits }));
        }
    }
    // Stable: of two equally good ones the index's order stays, in which common names come early.
    hits.sort_by_key(|(unlike, edits, rest, _)| (*unlike, *edits, *rest));
    // Different names first: each further resident of one name goes one round later, but nobody who is called as was typed.
    let mut rounds: Vec<(usize, NameHit)> = Vec::with_capacity(hits.len());
    let mut times: HashMap<String, usize> = HashMap::new();
    for (unlike, _, _, hit) in hits {
        if unlike == 0 {
            rounds.push((0, hit));
            continue;
        }
        let round = times.entry(hit.resident.name.clone()).or_default();
        rounds.push((*round, hit));
        *round += 1;
    }
    rounds.sort_by_key(|(round, _)| *round);
    Ok(rounds.into_iter().take(limit).map(|(_, hit)| hit).collect())
}

/// 0 for the typed words and no other, in their order; 1 for the same in another order; 2 for any other name.
fn unlike(name: &[String], typed: &[String]) -> u8 {
    if name == typed {
        0
    } else if name.iter().collect::<BTreeSet<_>>() == typed.iter().collect::<BTreeSet<_>>() {
        1
    } else {
        2
    }
}

/// Edits between the typed words and a name's, each typed word taking its nearest; then what is left over: words of
/// the name that nobody typed, and words out of order.
fn score(name: &[String], typed: &[String]) -> (u8, usize) {
    let mut edits = 0u8;
    let mut places = Vec::with_capacity(typed.len());
    for (i, word) in typed.iter().enumerate() {
        let typos = Typos::new(word, MOST_EDITS);
        let last = i + 1 == typed.len();
        let best = name
            .iter()
            .enumerate()
            .map(|(place, other)| {
                let distance = typos.distance_to(other).unwrap_or(MOST_EDITS + 1);
                let begins = last && other.starts_with(word.as_str());
                (if begins { 0 } else { distance }, !(begins && distance > 0), place)
            })
            .min_by_key(|(distance, whole, place)| (*distance, !*whole, *place));
        match best {
            Some((distance, _, place)) => {
                edits = edits.saturating_add(distance);
                places.push(place);
            }
            None => edits = edits.saturating_add(MOST_EDITS + 1),
        }
    }
    let disorder = places.windows(2).filter(|pair| pair[0] >= pair[1]).count();
    (edits, name.len().abs_diff(typed.len()) * 2 + disorder)
}
