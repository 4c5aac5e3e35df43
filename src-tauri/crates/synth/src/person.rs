//! One drawn person.

/// A person that exists only as a seed; everything about the body is drawn from it on demand.
///
/// `Copy` and cheap: the fingerprint ridge maps are kept in a cache of the process.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Person {
    pub(crate) seed: u64,
}

impl Person {
    /// The person of a seed.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed this person was made from.
    pub const fn seed(self) -> u64 {
        self.seed
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.seed)
    }
}
