//! What is left in the memory of a process after its store was locked.

use crate::desk::{at, by, identity, new_visit, operator, options, visit};
use crate::memory::{Secret, Watched};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Act, Argon2Cost, DataKey, Error, KeySlots, NewSample, SampleImage, Store};
use zeroize::Zeroizing;

const CHILD: &str = "REKAM_STORE_KEY_CHILD";
const LETTERS: usize = 32;

/// Only the child of the test below does something here. What it types comes straight into a buffer that is wiped: the
/// buffers of the standard input would keep it.
#[test]
fn child_that_opens_and_locks() {
    let Ok(path) = std::env::var(CHILD) else { return };
    let path = Path::new(&path);
    let mut typed = File::open("/dev/stdin").unwrap();
    let mut say = |word: &str| {
        println!("{word}");
        typed.read_exact(&mut [0]).unwrap();
    };
    {
        let mut wrong = Zeroizing::new([0u8; LETTERS]);
        File::open("/dev/stdin").unwrap().read_exact(&mut wrong[..]).unwrap();
        let mut slots = KeySlots::open(&KeySlots::path_beside(path), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
        let refused = slots.unlock(&operator("op-1"), std::str::from_utf8(&wrong[..]).unwrap(), at(5));
        assert!(matches!(refused, Err(Error::WrongPassword { .. })));
    }
    say("refused");
    let key = {
        let mut password = Zeroizing::new([0u8; LETTERS]);
        File::open("/dev/stdin").unwrap().read_exact(&mut password[..]).unwrap();
        say("typed");
        let mut slots = KeySlots::open(&KeySlots::path_beside(path), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
        let password = std::str::from_utf8(&password[..]).unwrap();
        let key = slots.unlock(&operator("op-1"), password, at(10)).unwrap();
        slots.add_operator(&key, &operator("op-2"), password, at(20)).unwrap();
        slots.change_password(&key, &operator("op-2"), password, at(30)).unwrap();
        key
    };
    say("unlocked");
    let store = Arc::new(Store::open(path, &key, options(), at(40)).unwrap());
    drop(key);
    work(&store);
    say("open");
    // The names are being read beside the desk while it is locked.
    let reading = Arc::clone(&store);
    let reading = std::thread::spawn(move || while reading.warm_names().is_ok() {});
    // So is something that would never come to its end by itself.
    let (endless, (begun, begins)) = (Arc::clone(&store), std::sync::mpsc::channel());
    let endless = std::thread::spawn(move || {
        endless.read(|view| {
            begun.send(()).unwrap();
            view.read_without_end_for_tests()
        })
    });
    begins.recv().unwrap();
    store.lock();
    assert!(store.is_let_go(Duration::from_secs(120)), "what was being read has been stopped");
    say("locked");
    reading.join().unwrap();
    assert!(matches!(endless.join().unwrap(), Err(Error::Locked)));
}

/// Writes, and reads with several connections at once, as a desk does.
fn work(store: &Store) {
    let body = vec![7u8; 300_000];
    let sample = NewSample {
        attempt: "1".into(),
        modality: "irises".into(),
        part: "right".into(),
        quality_json: "{}".into(),
        device_json: "{}".into(),
        evidence: body.clone(),
        images: vec![SampleImage { part: "slap".into(), media_type: "image/png".into(), image: body }],
        chosen: true,
    };
    let act = Act::PermohonanOpen { permohonan: visit(1) };
    store.transact(act, &by("op-1", 50), |tx| tx.open_permohonan(&new_visit(1))).unwrap();
    let act = Act::SampleAccept { permohonan: visit(1), modality: "irises".into(), part: "right".into() };
    store.transact(act, &by("op-1", 60), |tx| tx.add_sample(visit(1), &sample)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| store.read(|view| view.samples(visit(1))).unwrap());
        }
    });
    store.tidy().unwrap();
}

#[test]
fn after_the_lock_neither_the_key_nor_the_password_is_anywhere_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let mut random = [0u8; 32 + LETTERS];
    openssl::rand::rand_bytes(&mut random).unwrap();
    let (bytes, letters) = (&random[..32], hex::encode(&random[32..]));
    let (password, wrong) = letters.split_at(LETTERS);
    let key = DataKey::from_bytes(bytes.try_into().unwrap());
    drop(Store::create(&path, &key, &identity(), options()).unwrap());
    let (sidecar, cost) = (KeySlots::path_beside(&path), Argon2Cost::CHEAP_FOR_TESTS);
    KeySlots::create(&sidecar, &key, &operator("op-1"), password, cost, at(0)).unwrap();

    let mut desk = Watched::start("key_in_memory::child_that_opens_and_locks", CHILD, &path);
    let register = openssl::pkey::PKey::hmac(bytes).unwrap();
    let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &register).unwrap();
    signer.update(b"rekam register digest v1").unwrap();
    let key = [
        Secret::new("the data key", bytes),
        Secret::new("the data key as text", hex::encode(bytes).as_bytes()),
        Secret::new("the data key as text", hex::encode_upper(bytes).as_bytes()),
    ];
    let register = [Secret::new("the key of the register's digests", &signer.sign_to_vec().unwrap())];
    let password_too = [Secret::new("the password", password.as_bytes())];

    desk.type_in(wrong.as_bytes());
    desk.until("refused");
    let wrong = [Secret::new("a wrong password", wrong.as_bytes())];
    assert_eq!(desk.holds(&wrong), [""; 0], "a wrong password is mostly the right one with a slip");
    desk.go_on();
    desk.type_in(password.as_bytes());
    desk.until("typed");
    assert_ne!(
        desk.holds(&password_too),
        [""; 0],
        "a password that is being used is found, or nothing would be"
    );
    desk.go_on();
    desk.until("unlocked");
    assert_eq!(desk.holds(&password_too), [""; 0], "the password is gone with the unlocking");
    desk.go_on();
    desk.until("open");
    assert_ne!(desk.holds(&key), [""; 0], "the key of an open store is found, or nothing would be");
    assert_ne!(desk.holds(&register), [""; 0], "so is what is derived from it");
    desk.go_on();
    desk.until("locked");
    for secrets in [&key[..], &register, &password_too] {
        assert_eq!(desk.holds(secrets), [""; 0], "nothing is left after the lock");
    }
    desk.ends_well();
}
