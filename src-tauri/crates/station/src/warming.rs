//! What is read into memory ahead of its first use, so that nobody waits for it at the desk.

use std::sync::Arc;

use store::Store;

use crate::Station;

impl Station {
    /// Reads the residents' name index beside the desk; called with each sign-in. Locking calls it off: the thread holds the
    /// closed store and no key.
    pub(crate) fn warm_names(&self, store: &Arc<Store>) {
        let store = Arc::clone(store);
        let started =
            std::thread::Builder::new().name("warm-names".into()).spawn(move || match store.warm_names() {
                Ok(()) | Err(store::Error::Locked) => {}
                Err(error) => tracing::warn!(%error, "the name index is read with the first search"),
            });
        if let Err(error) = started {
            tracing::warn!(%error, "the name index is read with the first search");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use domain::ids::OperatorId;
    use domain::role::Role;
    use jiff::Timestamp;

    use super::*;
    use crate::clock::SystemClock;
    use crate::{Config, NewOperator, Provision, Start, held, provision};

    const PASSWORD: &str = "sandi-uji-panjang";

    #[test]
    fn the_names_are_read_with_each_sign_in_and_gone_with_each_lock() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.station.data_dir = dir.path().to_string_lossy().into_owned();
        config.devices.camera_usb = false;
        config.devices.card_reader_enabled = false;
        (config.disk.ballast_mb, config.disk.refuse_below_mb) = (1, 1);
        let officer = NewOperator {
            id: OperatorId::parse("satu").unwrap(),
            name: "Petugas Uji".into(),
            roles: Role::ALL.to_vec(),
            password: PASSWORD.into(),
            finger: None,
            identity: None,
        };
        let set = Provision {
            code: "UJI-01".into(),
            name: "Stasiun Uji".into(),
            place: "Krui".into(),
            training: true,
            issued: None,
            address: None,
            recovery: None,
            keeper: None,
            operators: vec![officer],
        };
        provision::provision(&config, Timestamp::now(), set, None).unwrap();
        let start = Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
        let station = Station::start(start).unwrap();
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
