//! People on record, and the question who among them has these fingers.

use std::collections::HashMap;
use std::hash::Hash;

use domain::Finger;

use super::{Probe, Scratch, SearchPrint, likeness};
use crate::matching::{SAME_FINGER, SAME_FINGER_TWICE, Template, compare};

/// Bits that unrelated prints reach often; only what lies above counts towards a person.
const FLOOR: u32 = 50;
/// Bits above the floor, all fingers together, that make a person worth confirming.
const CANDIDATE: u32 = 12;
/// Fingers after which a person with nothing above the floor is left: that four of one person's fingers all fail is
/// far rarer than what a search may miss anyway.
const SCREEN: usize = 4;
/// People confirmed in one search at most; a true pair costs BOZORTH3 up to 20 ms a finger.
const CONFIRMED: usize = 5;

/// Somebody on record.
struct Held<K> {
    key: K,
    fingers: Vec<(Finger, Template, SearchPrint)>,
}

/// People on record, each under a key of the caller's.
pub struct Gallery<K> {
    people: Vec<Held<K>>,
    /// Where each key stands in `people`.
    places: HashMap<K, usize>,
}

/// A person whose fingers look like those asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<K> {
    /// The caller's key.
    pub key: K,
    /// Bits above chance, all fingers together; orders candidates, says nothing absolute.
    pub likeness: u32,
    /// BOZORTH3 score of every finger that both have, in the order asked.
    pub fingers: Vec<(Finger, u32)>,
}

impl<K> Candidate<K> {
    /// Fingers whose score reaches [`SAME_FINGER`].
    pub fn alike(&self) -> usize {
        self.fingers.iter().filter(|(_, score)| *score >= SAME_FINGER).count()
    }

    /// Confirmed: two fingers alike, or one so much that chance among ten does not explain it.
    fn holds(&self) -> bool {
        self.alike() >= 2 || self.fingers.iter().any(|(_, score)| *score >= SAME_FINGER_TWICE)
    }
}

/// A search was stopped by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search was stopped")]
pub struct Stopped;

impl<K> Default for Gallery<K> {
    fn default() -> Self {
        Self { people: Vec::new(), places: HashMap::new() }
    }
}

impl<K: Clone + Eq + Hash> Gallery<K> {
    /// Adds a person, or replaces the fingers of a key that is there already.
    pub fn put(&mut self, key: K, fingers: Vec<(Finger, Template)>) {
        let fingers = fingers
            .into_iter()
            .map(|(finger, template)| {
                let print = SearchPrint::new(&template);
                (finger, template, print)
            })
            .collect();
        match self.places.get(&key) {
            Some(place) => self.people[*place].fingers = fingers,
            None => {
                self.places.insert(key.clone(), self.people.len());
                self.people.push(Held { key, fingers });
            }
        }
    }

    /// Takes a person out.
    pub fn remove(&mut self, key: &K) {
        let Some(place) = self.places.remove(key) else { return };
        self.people.swap_remove(place);
        // The last one moved into the empty place.
        if let Some(moved) = self.people.get(place) {
            self.places.insert(moved.key.clone(), place);
        }
    }

    /// Number of people.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// True when nobody is on record.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Who has these fingers? Most alike first, each confirmed by BOZORTH3.
    ///
    /// Compares like with like: right thumb with right thumb. `skip` leaves people out (the applicant's own earlier
    /// visit); `stop` is asked between people.
    ///
    /// # Errors
    /// [`Stopped`] when `stop` said so.
    pub fn search(
        &self,
        fingers: &[(Finger, Template)],
        skip: impl Fn(&K) -> bool,
        stop: impl Fn() -> bool,
    ) -> Result<Vec<Candidate<K>>, Stopped> {
        let probes: Vec<(Finger, Probe)> =
            fingers.iter().map(|(finger, t)| (*finger, Probe::new(SearchPrint::new(t)))).collect();
        let mut scratch = Scratch::default();
        let mut found: Vec<(u32, &Held<K>)> = Vec::new();
        for held in self.people.iter().filter(|held| !skip(&held.key)) {
            if stop() {
                return Err(Stopped);
            }
            let fused = fused(&probes, held, &mut scratch);
            if fused >= CANDIDATE {
                found.push((fused, held));
            }
        }
        found.sort_by_key(|(fused, _)| std::cmp::Reverse(*fused));
        let mut confirmed = Vec::new();
        for (likeness, held) in found.into_iter().take(CONFIRMED) {
            if stop() {
                return Err(Stopped);
            }
            let scores = fingers.iter().filter_map(|(finger, probe)| {
                let (_, template, _) = held.fingers.iter().find(|(f, ..)| f == finger)?;
                Some((*finger, compare(probe, template)))
            });
            let candidate = Candidate { key: held.key.clone(), likeness, fingers: scores.collect() };
            if candidate.holds() {
                confirmed.push(candidate);
            }
        }
        Ok(confirmed)
    }
}

/// Bits above the floor over the fingers that both have.
fn fused<K>(probes: &[(Finger, Probe)], held: &Held<K>, scratch: &mut Scratch) -> u32 {
    let mut sum = 0;
    let mut compared = 0;
    for (finger, probe) in probes {
        let Some((.., print)) = held.fingers.iter().find(|(f, ..)| f == finger) else { continue };
        sum += likeness(probe, print, scratch).saturating_sub(FLOOR);
        compared += 1;
        if compared == SCREEN && sum == 0 {
            break;
        }
    }
    sum
}

impl<K> std::fmt::Debug for Gallery<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gallery({} people)", self.people.len())
    }
}
