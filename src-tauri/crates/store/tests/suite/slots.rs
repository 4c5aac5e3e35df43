//! Who can open the database, and how often somebody else may try.

use crate::desk::{at, key, operator};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use rstest::rstest;
use store::{Argon2Cost, Error, KeySlots, SlotKind};

const CHEAP: Argon2Cost = Argon2Cost::CHEAP_FOR_TESTS;

fn slots(folder: &tempfile::TempDir) -> KeySlots {
    let path = folder.path().join("rekam.db.keys");
    KeySlots::create(&path, &key(), &operator("op-1"), "kata sandi", CHEAP, at(0)).unwrap()
}

/// A self-signed certificate of a district that does not exist.
pub fn certificate(key: &PKey<Private>) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "Dinas Contoh (latihan)").unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(3650).unwrap()).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}

pub fn ec_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub fn rsa_key() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

#[test]
fn production_slots_cost_64_mib_and_three_passes() {
    assert_eq!(
        Argon2Cost::PRODUCTION,
        Argon2Cost { memory_kib: 65_536, passes: 3, lanes: 1 },
        "a cheaper default would be a weaker lock on every station"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k");
    let mut slots =
        KeySlots::create(&path, &key(), &operator("op-1"), "kata sandi", Argon2Cost::PRODUCTION, at(0))
            .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"memory_kib\": 65536"), "the cost stands in the slot");
    let opened = slots.unlock(&operator("op-1"), "kata sandi", at(1)).unwrap();
    assert_eq!(same(&opened), same(&key()), "and the production cost opens it");
}

/// Two keys are the same when they open the same database: compared through a slot of a third.
fn same(key: &store::DataKey) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.db");
    if store::Store::create(&path, &crate::desk::key(), &crate::desk::identity(), crate::desk::options())
        .is_err()
    {
        return "cannot create".into();
    }
    match store::Store::open(&path, key, crate::desk::options(), at(1)) {
        Ok(_) => "opens".into(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn adding_changing_and_revoking_a_slot_leaves_the_database_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("rekam.db");
    drop(store::Store::create(&database, &key(), &crate::desk::identity(), crate::desk::options()).unwrap());
    let before = std::fs::read(&database).unwrap();
    let mut slots = slots(&folder);
    let key = slots.unlock(&operator("op-1"), "kata sandi", at(1)).unwrap();
    slots.add_operator(&key, &operator("op-2"), "lain", at(2)).unwrap();
    assert!(
        matches!(slots.add_operator(&key, &operator("op-2"), "x", at(2)), Err(Error::SlotExists)),
        "not silently over it"
    );
    slots.change_password(&key, &operator("op-1"), "baru", at(3)).unwrap();
    let mut again = KeySlots::open(&folder.path().join("rekam.db.keys"), CHEAP).unwrap();
    assert!(again.unlock(&operator("op-1"), "kata sandi", at(4)).is_err(), "the old password is gone");
    assert_eq!(same(&again.unlock(&operator("op-1"), "baru", at(5)).unwrap()), "opens", "the new one opens");
    assert_eq!(
        same(&again.unlock(&operator("op-2"), "lain", at(5)).unwrap()),
        "opens",
        "the other operator too"
    );
    again.revoke(&SlotKind::Operator(operator("op-1"))).unwrap();
    assert!(matches!(again.unlock(&operator("op-1"), "baru", at(6)), Err(Error::NoSuchSlot)), "revoked");
    assert!(
        matches!(again.revoke(&SlotKind::Operator(operator("op-2"))), Err(Error::LastSlot)),
        "never the last one"
    );
    assert!(std::fs::read(&database).unwrap() == before, "not one byte of the database was written");
}

#[test]
fn wrong_passwords_back_off_through_a_restart_and_a_clock_that_is_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut slots = slots(&folder);
    let op = operator("op-1");
    for (i, expected) in [0, 0, 5_000].into_iter().enumerate() {
        match slots.unlock(&op, "salah", at(i as i64)) {
            Err(Error::WrongPassword { wait_ms }) => {
                assert_eq!(wait_ms, expected, "after {} wrong ones", i + 1)
            }
            other => panic!("wrong password gave {other:?}"),
        }
    }
    drop(slots);
    let mut slots = KeySlots::open(&folder.path().join("rekam.db.keys"), CHEAP).unwrap();
    assert!(
        matches!(slots.unlock(&op, "kata sandi", at(3)), Err(Error::TooEarly { wait_ms: 4_999 })),
        "a restart forgets nothing, and even the right password waits"
    );
    assert!(
        matches!(slots.unlock(&op, "kata sandi", at(-86_400_000)), Err(Error::TooEarly { wait_ms: 5_000 })),
        "a clock that was set back does not shorten the wait"
    );
    assert!(
        slots.unlock(&op, "kata sandi", at(-86_400_000 + 5_000)).is_ok(),
        "after the wait the right one opens"
    );
    match slots.unlock(&op, "salah", at(10_000)) {
        Err(Error::WrongPassword { wait_ms }) => assert_eq!(wait_ms, 0, "success forgave the earlier ones"),
        other => panic!("wrong password gave {other:?}"),
    }
}

#[test]
fn the_recovery_code_opens_and_a_typing_mistake_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut slots = slots(&folder);
    let code = slots.renew_recovery_code(&key(), at(1)).unwrap();
    let shown = code.show().to_lowercase();
    for _ in 0..5 {
        assert!(
            matches!(slots.unlock_with_code(&shown[1..], at(2)), Err(Error::MistypedCode)),
            "not counted"
        );
    }
    assert_eq!(same(&slots.unlock_with_code(&shown, at(3)).unwrap()), "opens", "typed in small letters");
    let other = store::RecoveryCode::generate().unwrap();
    assert!(
        matches!(slots.unlock_with_code(&other.show(), at(4)), Err(Error::WrongPassword { .. })),
        "another code"
    );
    slots.renew_recovery_code(&key(), at(5)).unwrap();
    assert!(slots.unlock_with_code(&shown, at(6)).is_err(), "a renewed code ends the older one");
}

#[rstest]
#[case::rsa(rsa_key())]
#[case::ec(ec_key())]
fn the_district_opens_with_its_private_key_only(#[case] private: PKey<Private>) {
    let folder = tempfile::tempdir().unwrap();
    let mut slots = slots(&folder);
    let cert = certificate(&private);
    slots.add_district(&key(), &cert, at(1)).unwrap();
    assert_eq!(
        same(&slots.unlock_with_district(&cert, &private).unwrap()),
        "opens",
        "the district's key opens"
    );
    let stranger = ec_key();
    assert!(
        matches!(slots.unlock_with_district(&certificate(&stranger), &stranger), Err(Error::NoSuchSlot)),
        "another's not"
    );
    assert_eq!(slots.list().len(), 2, "operator and district");
}

#[test]
fn a_slot_that_was_moved_to_another_name_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    drop(slots(&folder));
    let path = folder.path().join("rekam.db.keys");
    let text = std::fs::read_to_string(&path).unwrap().replace("op-1", "op-2");
    std::fs::write(&path, text).unwrap();
    let mut slots = KeySlots::open(&path, CHEAP).unwrap();
    assert!(
        matches!(slots.unlock(&operator("op-2"), "kata sandi", at(1)), Err(Error::WrongPassword { .. })),
        "the name is part of the seal"
    );
}

#[test]
fn key_slots_of_a_newer_program_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    drop(slots(&folder));
    let path = folder.path().join("rekam.db.keys");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"format\": 1,"), "the form that this program writes: {text}");
    let opened = |text: &str| {
        std::fs::write(&path, text).unwrap();
        KeySlots::open(&path, CHEAP)
    };
    for newer in
        [text.replace("\"format\": 1,", "\"format\": 2,"), "{\"format\": 2, \"entah\": []}".to_owned()]
    {
        let Err(refused) = opened(&newer) else {
            panic!("it would be read wrongly, and written again without what is new")
        };
        assert!(matches!(refused, Error::NewerSlots { found: 2, known: 1 }), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), newer, "not a byte was changed");
    }
    for torn in [text.replace("\"format\": 1,", "\"format\": 0,"), text.replace("\"format\": 1,", "")] {
        let Err(refused) = opened(&torn) else { panic!("no program of ours wrote it") };
        assert!(matches!(refused, Error::SlotFile { .. }), "{refused}");
    }
    opened(&text).unwrap();
}
