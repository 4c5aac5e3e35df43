//! What runs on the devices now, so that it can be called off.

use std::collections::BTreeMap;

use devices::{CancelToken, Role};

/// One operation among those that run.
pub(super) type Key = (Role, u64);

/// A role may have two: an order waits for a question, or is turned away by what runs, which must still be called off
/// afterwards.
#[derive(Default)]
pub(super) struct Running {
    begun: u64,
    tokens: BTreeMap<Key, CancelToken>,
}

impl Running {
    /// Enters one operation under a key of its own.
    pub(super) fn enter(&mut self, role: Role) -> (Key, CancelToken) {
        self.begun += 1;
        let (key, token) = ((role, self.begun), CancelToken::new());
        self.tokens.insert(key, token.clone());
        (key, token)
    }

    /// It has ended.
    pub(super) fn leave(&mut self, key: Key) {
        self.tokens.remove(&key);
    }

    /// What runs on a role.
    pub(super) fn of(&self, role: Role) -> impl Iterator<Item = &CancelToken> {
        self.tokens.range((role, 0)..=(role, u64::MAX)).map(|(_, token)| token)
    }

    /// Everything that runs.
    pub(super) fn all(&self) -> impl Iterator<Item = &CancelToken> {
        self.tokens.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_turned_away_leaves_the_first_one_to_be_called_off() {
        let mut running = Running::default();
        let (_, first) = running.enter(Role::SignaturePad);
        let (_, other) = running.enter(Role::CardReader);
        let (second, _) = running.enter(Role::SignaturePad);
        running.leave(second);
        running.of(Role::SignaturePad).for_each(CancelToken::cancel);
        assert!(first.is_cancelled(), "the recording ends");
        assert!(!other.is_cancelled(), "and nothing else");
    }
}
