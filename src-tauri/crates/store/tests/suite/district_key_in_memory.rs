//! What the wrapping of the data key for the district, and the opening with it, leave in memory.

use crate::desk::{at, operator};
use crate::memory::{Secret, Watched};
use crate::slots::{certificate, ec_key, rsa_key};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use store::{Argon2Cost, DataKey, KeySlots};

const CHILD: &str = "REKAM_STORE_DISTRICT_CHILD";

/// Only the child of the test below does something here. Each thread has a heap of its own, and none does anything else
/// that would write over what was left.
#[test]
fn child_that_wraps_and_opens() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let sidecar = Path::new(&folder).join("keys");
    let mut typed = File::open("/dev/stdin").unwrap();
    let key = typed_key(&mut typed);
    overwrite_stack();
    let mut say = |word: &str| {
        println!("{word}");
        typed.read_exact(&mut [0]).unwrap();
    };
    let open = || KeySlots::open(&sidecar, Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    drop(KeySlots::create(
        &sidecar,
        &key,
        &operator("op-1"),
        "sandi uji",
        Argon2Cost::CHEAP_FOR_TESTS,
        at(0),
    ));
    let district = [ec_key(), rsa_key()].map(|private| (certificate(&private), private));
    std::thread::scope(|scope| {
        for (cert, _) in &district {
            scope.spawn(|| open().add_district(&key, cert, at(1)).unwrap()).join().unwrap();
        }
    });
    say("wrapped");
    drop(key);
    say("dropped");
    std::thread::scope(|scope| {
        for (cert, private) in &district {
            scope.spawn(|| drop(open().unlock_with_district(cert, private).unwrap())).join().unwrap();
        }
    });
    say("opened");
}

#[inline(never)]
fn typed_key(typed: &mut File) -> DataKey {
    let mut bytes = [0; 32];
    typed.read_exact(&mut bytes).unwrap();
    DataKey::from_bytes(bytes)
}

/// The test's own copies; what it looks for are those of the slots.
#[inline(never)]
fn overwrite_stack() {
    std::hint::black_box(&mut [0u8; 16 << 10]);
}

#[test]
fn the_district_s_slot_leaves_nothing_of_the_key_that_it_wraps() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = [0u8; 32];
    openssl::rand::rand_bytes(&mut random).unwrap();
    let key = [Secret::new("the data key", &random)];
    let test = "district_key_in_memory::child_that_wraps_and_opens";
    let mut child = Watched::start(test, CHILD, folder.path());
    child.type_in(&random);
    child.until("wrapped");
    assert_ne!(child.holds(&key), [""; 0], "the key that is in use is found, or nothing would be");
    child.go_on();
    child.until("dropped");
    assert_eq!(child.holds(&key), [""; 0], "wrapping left nothing");
    child.go_on();
    child.until("opened");
    assert_eq!(child.holds(&key), [""; 0], "nor did opening");
    child.ends_well();
}
