//! What is read into memory ahead of its first use, so that nobody waits for it at the desk.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use store::Store;

use crate::{Station, held};

/// The thread that reads ahead. It ends before the station does: at the program's end the cipher's library lets go of what
/// a thread that still reads would use.
#[derive(Default)]
pub(crate) struct Warming {
    ended: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Warming {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = held(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

impl Station {
    /// Reads the residents' name index beside the desk, and clears away what an import left that was cut; called with each
    /// sign-in. Locking calls it off: the thread holds the closed store and no key.
    pub(crate) fn warm_names(&self, store: &Arc<Store>) {
        let (store, ended) = (Arc::clone(store), Arc::clone(&self.warming.ended));
        let started = std::thread::Builder::new().name("warm-names".into()).spawn(move || {
            match store.warm_names_until(&|| ended.load(Ordering::Relaxed)) {
                Ok(()) | Err(store::Error::Locked) => {}
                Err(error) => tracing::warn!(%error, "the name index is read with the first search"),
            }
            if ended.load(Ordering::Relaxed) {
                return;
            }
            match store.tidy_residents() {
                Ok(()) | Err(store::Error::Locked) => {}
                Err(error) => {
                    tracing::warn!(%error, "what an import of residents left is cleared another day")
                }
            }
        });
        match started {
            // One that an earlier sign-in started holds a locked store, and ends at its next look.
            Ok(thread) => drop(held(&self.warming.thread).replace(thread)),
            Err(error) => tracing::warn!(%error, "the name index is read with the first search"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use domain::role::Role;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn the_names_are_read_with_each_sign_in_and_gone_with_each_lock() {
        let dir = tempfile::tempdir().unwrap();
        let set = plain::provision(true, vec![plain::officer("satu", &Role::ALL)]);
        let station = plain::start(plain::config(dir.path()), set);
        for _ in 0..2 {
            station.sign_in("satu", PASSWORD).unwrap();
            let store = Arc::clone(&held(&station.door).open.as_ref().unwrap().store);
            let began = Instant::now();
            while !store.names_in_memory_for_tests() {
                assert!(began.elapsed() < Duration::from_secs(120), "nobody reads the names");
                std::thread::sleep(Duration::from_millis(5));
            }
            station.lock().unwrap();
            assert!(!store.names_in_memory_for_tests(), "nothing of them stays");
        }
    }
}
