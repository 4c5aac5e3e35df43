//! The personalisation engine against a training card without a reader: plan, guards, and a card torn out at every APDU.

use std::sync::{Arc, Mutex};

use devices::driver::card::chip::{Talk, look, personalise, read_card, void};
use devices::driver::card::personaliser::{
    CardAfter, ChipError, ChipFailure, ChipJob, ChipState, Voided, WrittenHow,
};
use devices::driver::card::sam::{Sam, SoftSam};
use devices::protocol::personalisation::{
    CardData, Draft, Field, History, Journal, JournalEntry, JournalError, PersonalisationLog, PlanError,
    Profile, ProfileError,
};
use devices::transport::pcsc::ApduChannel;
use devices::{Budget, Fault};
use proptest::prelude::*;
use sim::vcard::{Card, CardContents, ChipTrouble, ForeignKeys, Moment, Temper, TrainingChip, VirtualCard};

/// A journal in memory.
#[derive(Default)]
pub struct Book(pub Mutex<Vec<JournalEntry>>, pub Mutex<Option<usize>>);

impl Journal for Book {
    fn record(&self, entry: &JournalEntry) -> Result<(), JournalError> {
        let mut entries = self.0.lock().unwrap();
        if self.1.lock().unwrap().is_some_and(|full| entries.len() >= full) {
            return Err(JournalError("disk full".to_owned()));
        }
        entries.push(entry.clone());
        Ok(())
    }
}

/// Straight to the card, no reader.
struct Direct(Box<dyn VirtualCard>, bool);

impl ApduChannel for Direct {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Fault> {
        if self.1 {
            return Err(Fault::Unplugged);
        }
        let answer = self.0.answer(command);
        self.1 = answer.is_none();
        answer.ok_or(Fault::Unplugged)
    }
}

pub fn profile() -> Arc<Profile> {
    Arc::new(Profile::training().expect("the training profile holds"))
}

fn picture(bytes: usize) -> Vec<u8> {
    let mut photo: Vec<u8> = (0..bytes).map(|n| (n * 7 % 251) as u8).collect();
    photo.splice(..2, [0xFF, 0xD8]);
    photo.splice(bytes - 2.., [0xFF, 0xD9]);
    photo
}

pub fn data(nik: &str) -> CardData {
    use Field as F;
    let texts = [
        (F::Nik, nik),
        (F::Nama, "SITI CONTOH"),
        (F::TempatLahir, "KRUI"),
        (F::TanggalLahir, "01-02-2000"),
        (F::JenisKelamin, "PEREMPUAN"),
        (F::GolonganDarah, "O"),
        (F::Alamat, "JL. CONTOH 1"),
        (F::Rt, "001"),
        (F::Rw, "002"),
        (F::Kelurahan, "PASAR KRUI"),
        (F::Kecamatan, "PESISIR TENGAH"),
        (F::Kabupaten, "PESISIR BARAT"),
        (F::Provinsi, "LAMPUNG"),
        (F::Agama, "ISLAM"),
        (F::StatusPerkawinan, "BELUM KAWIN"),
        (F::Pekerjaan, "PELAJAR/MAHASISWA"),
        (F::Kewarganegaraan, "WNI"),
        (F::BerlakuHingga, "SEUMUR HIDUP"),
    ];
    let data = texts.into_iter().fold(CardData::new(), |data, (field, text)| data.text(field, text));
    data.bytes(F::Photo, picture(900))
        .bytes(F::Signature, vec![0x53; 300])
        .bytes(F::Minutiae1, vec![0x46; 260])
}

pub const NIK: &str = "1813014102009001";
pub const OTHER: &str = "1813010102999002";

fn job(book: &Arc<Book>, nik: &str) -> ChipJob {
    let history = book.0.lock().unwrap().clone();
    ChipJob { profile: profile(), data: data(nik), history, journal: book.clone(), progress: None }
}

fn task<T>(
    chip: &TrainingChip,
    run: impl FnOnce(&mut Talk<'_>, &mut dyn Sam, &[u8]) -> Result<T, ChipError>,
) -> Result<T, ChipFailure> {
    let card = chip.laid();
    let atr = card.atr();
    let mut channel = Direct(Box::new(card), false);
    let budget = Budget::of(std::time::Duration::from_secs(60));
    let mut talk = Talk::new(&mut channel, &budget);
    let mut sam = SoftSam::new(&profile()).unwrap();
    run(&mut talk, &mut sam, &atr).map_err(|error| talk.failure(error))
}

fn write(chip: &TrainingChip, job: &ChipJob) -> Result<(WrittenHow, PersonalisationLog), ChipFailure> {
    task(chip, |talk, sam, atr| personalise(talk, sam, job, atr))
}

fn make_void(chip: &TrainingChip, job: &ChipJob) -> Result<Voided, ChipFailure> {
    task(chip, |talk, sam, atr| void(talk, sam, job, atr))
}

fn blank() -> TrainingChip {
    TrainingChip::blank(profile(), 7)
}

fn holds(chip: &TrainingChip, nik: &str) -> bool {
    let (stands, want) = (chip.data(), data(nik));
    [Field::Nik, Field::Nama, Field::Photo, Field::Signature, Field::Minutiae1, Field::BerlakuHingga]
        .into_iter()
        .all(|field| stands.get(field) == want.get(field))
        && stands.get(Field::DigitalSignature).is_some()
}

#[test]
fn a_blank_card_is_written_read_back_finalised_and_its_log_signed() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    let (how, log) = write(&chip, &job(&book, NIK)).expect("written");
    assert_eq!(how, WrittenHow::Fresh);
    assert!(
        chip.is_finalised() && holds(&chip, NIK),
        "everything stands on the card: {:?}",
        chip.dump().life
    );
    assert!(SoftSam::verifies_log(&profile(), &log), "the log is signed");
    let mut forged = log.clone();
    forged.files[0].sha256 = "00".repeat(32);
    assert!(!SoftSam::verifies_log(&profile(), &forged), "and a changed log is not");
    let profile = profile();
    let digest = Draft::new(&profile, &data(NIK)).unwrap().content_digest();
    let signature = chip.data().get(Field::DigitalSignature).map(<[u8]>::to_vec).unwrap();
    assert!(SoftSam::verifies(&profile, &digest, &signature), "the signature on the card covers its content");
    let history = History::of(&*book.0.lock().unwrap());
    assert!(history.finished.is_some() && !history.confirmed.is_empty(), "the journal says so");
    assert_eq!(history.open, None, "and nothing is open any more");
    let card = task(&chip, |talk, _, atr| read_card(talk, &profile, atr)).expect("free files");
    assert_eq!(card.nik().as_deref(), Some(NIK), "step 9 reads the NIK");
    assert_eq!(card.photo(), data(NIK).get(Field::Photo), "and the photograph");
    assert_eq!(card.data.get(Field::Nama), None, "biodata need the SAM");
}

#[test]
fn a_finished_card_laid_down_again_is_verified_and_nothing_is_written() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    write(&chip, &job(&book, NIK)).expect("written");
    let before = (chip.dump(), book.0.lock().unwrap().len());
    let (how, _) = write(&chip, &job(&book, NIK)).expect("verified");
    assert_eq!(how, WrittenHow::AlreadyWritten);
    assert_eq!((chip.dump(), book.0.lock().unwrap().len()), before, "neither card nor journal changed");
    let mut other = job(&book, NIK);
    other.data = other.data.text(Field::Nama, "SITI LAIN");
    other.history.clear();
    assert_eq!(
        write(&chip, &other).unwrap_err().error,
        ChipError::FinalisedOtherwise,
        "same NIK, other data"
    );
}

#[test]
fn every_guard_stops_with_its_own_reason_and_leaves_the_card_as_it_was() {
    let stopped = |prepare: &dyn Fn(&TrainingChip)| {
        let chip = blank();
        prepare(&chip);
        let before = chip.dump();
        let book = Arc::<Book>::default();
        let failure = write(&chip, &job(&book, NIK)).expect_err("stopped");
        assert_eq!(failure.card, CardAfter::Untouched, "{failure:?}");
        assert!(book.0.lock().unwrap().is_empty(), "the journal heard of no write: {failure:?}");
        assert_eq!(chip.dump(), before, "nothing changed on the card, no try was used: {failure:?}");
        failure.error
    };
    let trouble = |trouble: ChipTrouble| move |chip: &TrainingChip| chip.trouble(trouble.clone());
    let none = ChipTrouble::default;
    assert_eq!(stopped(&trouble(ChipTrouble { other_atr: true, ..none() })), ChipError::WrongCard);
    assert_eq!(stopped(&trouble(ChipTrouble { no_application: true, ..none() })), ChipError::WrongCard);
    let foreign = |keys| ChipTrouble { foreign_keys: Some(keys), ..none() };
    assert_eq!(stopped(&trouble(foreign(ForeignKeys::All))), ChipError::Foreign);
    assert_eq!(stopped(&trouble(foreign(ForeignKeys::Mac))), ChipError::Foreign, "it proves nothing to us");
    assert_eq!(stopped(&trouble(foreign(ForeignKeys::Cipher))), ChipError::ForeignCipher);
    assert_eq!(stopped(&|chip| chip.make_card_of(OTHER)), ChipError::OtherNik);
    assert_eq!(stopped(&|chip| chip.lock()), ChipError::Locked);
    assert_eq!(stopped(&|chip| chip.set_tries(0)), ChipError::Blocked);
    assert_eq!(stopped(&|chip| chip.set_tries(1)), ChipError::LastTry);
}

#[test]
fn a_real_ktpel_is_named_and_its_profile_needs_dukcapil() {
    let contents = CardContents { photo: picture(500), control: vec![0; 53], uid: vec![4; 7] };
    let mut channel = Direct(Box::new(Card::new(contents, Temper::Ktpel)), false);
    let budget = Budget::of(std::time::Duration::from_secs(60));
    let mut talk = Talk::new(&mut channel, &budget);
    assert_eq!(
        look(&mut talk, &profile(), &Card::atr()).unwrap_err(),
        ChipError::RealKtpel,
        "not a training card"
    );
    let real = Profile::ktpel().expect("the file holds");
    assert!(SoftSam::new(&real).is_none(), "no keys");
    let refused = Draft::new(&real, &data(NIK)).err().map(ChipError::from);
    assert_eq!(refused, Some(ChipError::NeedsDukcapil), "said as a value");
}

#[test]
fn a_photograph_too_large_for_the_chip_and_missing_data_are_refused_before_any_card() {
    let profile = profile();
    let (file, room) = profile.room(Field::Photo).expect("a photo file");
    let plan = |data: CardData| Draft::new(&profile, &data).map(|draft| draft.content_digest());
    assert!(plan(data(NIK).bytes(Field::Photo, picture(room))).is_ok(), "as large as the room");
    assert_eq!(
        plan(data(NIK).bytes(Field::Photo, picture(room + 1))),
        Err(PlanError::TooLarge { file: file.name.clone(), bytes: room + 3, room: room + 2 })
    );
    assert_eq!(plan(data(NIK).bytes(Field::Photo, vec![1; 90])), Err(PlanError::NotJpeg));
    assert_eq!(plan(data(NIK).text(Field::Nama, "")), Err(PlanError::Missing { field: Field::Nama }));
    assert_eq!(plan(data("18130141020000")), Err(PlanError::Nik));
}

#[test]
fn a_wrong_read_back_and_a_refused_write_stop_and_the_same_card_can_be_resumed() {
    let none = ChipTrouble::default;
    for (trouble, wrong) in [
        (ChipTrouble { wrong_reads: 1, ..none() }, "read"),
        (ChipTrouble { refuse_writes: Some(0x6FF2), ..none() }, "write"),
    ] {
        let (chip, book) = (blank(), Arc::new(Book::default()));
        chip.trouble(trouble);
        let failure = write(&chip, &job(&book, NIK)).unwrap_err();
        assert_eq!(failure.card, CardAfter::Unknown, "begun and not verified");
        match wrong {
            "read" => assert!(matches!(failure.error, ChipError::ReadBack { .. }), "{failure:?}"),
            _ => assert_eq!(failure.error, ChipError::WriteRefused { fid: 0x6FF2, status: 0x6581 }),
        }
        assert!(!chip.is_finalised(), "never finalised unverified");
        chip.trouble(none());
        assert_eq!(write(&chip, &job(&book, NIK)).expect("resumed").0, WrittenHow::Resumed);
        assert!(holds(&chip, NIK), "whole");
    }
}

#[test]
fn a_journal_that_refuses_stops_the_write_before_it_is_made() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    *book.1.lock().unwrap() = Some(0);
    let failure = write(&chip, &job(&book, NIK)).unwrap_err();
    assert_eq!((failure.error, failure.card), (ChipError::Journal, CardAfter::Untouched));
    assert_eq!(chip.dump().life, "blank", "nothing was written that no journal knows");
    *book.1.lock().unwrap() = Some(3);
    let failure = write(&chip, &job(&book, NIK)).unwrap_err();
    assert_eq!((failure.error, failure.card), (ChipError::Journal, CardAfter::Unknown));
    *book.1.lock().unwrap() = None;
    assert_eq!(write(&chip, &job(&book, NIK)).expect("resumed").0, WrittenHow::Resumed);
}

#[test]
fn a_begun_card_is_resumed_only_by_its_own_job_and_no_second_card_is_begun_beside_it() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    chip.trouble(ChipTrouble { torn: Some((30, Moment::After)), ..ChipTrouble::default() });
    assert_eq!(write(&chip, &job(&book, NIK)).unwrap_err().error, ChipError::Removed);
    let stranger = Arc::new(Book::default());
    assert_eq!(
        write(&chip, &job(&stranger, NIK)).unwrap_err().error,
        ChipError::BegunElsewhere,
        "another job"
    );
    assert_eq!(make_void(&chip, &job(&stranger, NIK)).unwrap_err().error, ChipError::BegunElsewhere);
    let mut changed = job(&book, NIK);
    changed.data = changed.data.text(Field::Nama, "SITI LAIN");
    assert_eq!(write(&chip, &changed).unwrap_err().error, ChipError::BegunElsewhere, "other data");
    let second = TrainingChip::blank(profile(), 8);
    assert_eq!(write(&second, &job(&book, NIK)).unwrap_err().error, ChipError::OtherCardBegun);
    make_void(&chip, &job(&book, NIK)).expect("voided");
    assert!(chip.is_void(), "for ever");
    make_void(&chip, &job(&book, NIK)).expect("twice is once");
    assert_eq!(write(&chip, &job(&book, NIK)).unwrap_err().error, ChipError::Void);
    assert_eq!(write(&second, &job(&book, NIK)).expect("the next blangko").0, WrittenHow::Fresh);
}

#[test]
fn a_finished_card_is_void_when_it_is_spoiled_and_the_job_may_begin_the_next() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    write(&chip, &job(&book, NIK)).expect("written");
    let second = TrainingChip::blank(profile(), 8);
    assert_eq!(
        make_void(&second, &job(&book, NIK)).unwrap_err().error,
        ChipError::OtherCardBegun,
        "not that"
    );
    assert_eq!(
        write(&second, &job(&book, NIK)).unwrap_err().error,
        ChipError::OtherCardBegun,
        "one at a time"
    );
    assert_eq!(second.dump().life, "blank", "nor anything done to it");
    make_void(&chip, &job(&book, NIK)).expect("voided");
    assert!(chip.is_void(), "also after its lock");
    let told = History::of(&*book.0.lock().unwrap());
    assert_eq!((told.card(), told.voided.len()), (None, 1), "the journal agrees");
    assert_eq!(write(&second, &job(&book, NIK)).expect("the next blangko").0, WrittenHow::Fresh);
}

#[test]
fn a_signing_key_of_another_length_is_refused_when_the_profile_is_read() {
    let whole = include_str!("../../../../../assets/chip/latihan.toml");
    let sign = whole.lines().find_map(|line| line.strip_prefix("sign = ")).unwrap().trim_matches('"');
    for bytes in [16, 24, 31] {
        let short = whole.replace(sign, &sign[..2 * bytes]);
        let refused = Profile::parse(&short);
        assert!(
            matches!(&refused, Err(ProfileError::Rule { what }) if what.contains("sign")),
            "{bytes} bytes: {refused:?}"
        );
    }
}

/// APDUs of one undisturbed personalisation.
fn apdus() -> u32 {
    let chip = blank();
    write(&chip, &job(&Arc::default(), NIK)).expect("written");
    chip.heard()
}

#[test]
fn a_card_torn_out_at_every_apdu_is_resumed_to_a_verified_card_or_voided_and_never_called_written() {
    let all = apdus();
    assert!(all > 30, "the walk is long enough to be torn: {all}");
    for moment in [Moment::Before, Moment::Half, Moment::After] {
        for at in 0..all {
            let (chip, book) = (blank(), Arc::new(Book::default()));
            chip.trouble(ChipTrouble { torn: Some((at, moment)), ..ChipTrouble::default() });
            let failure = write(&chip, &job(&book, NIK)).expect_err("a torn card is never written");
            let said = format!("torn {moment:?} {at}: {failure:?}");
            assert_eq!(failure.error, ChipError::Removed, "{said}");
            if failure.card == CardAfter::Untouched {
                assert_eq!(chip.dump().life, "blank", "{said}");
                assert!(book.0.lock().unwrap().is_empty(), "{said}");
            }
            if at % 2 == 0 || failure.card == CardAfter::Untouched {
                let (how, log) =
                    write(&chip, &job(&book, NIK)).unwrap_or_else(|e| panic!("{said}, then {e:?}"));
                assert!(chip.is_finalised() && holds(&chip, NIK), "{said}, then {how:?}");
                assert!(SoftSam::verifies_log(&profile(), &log), "{said}");
                let told = History::of(&*book.0.lock().unwrap());
                assert!(told.finished.is_some() && told.open.is_none(), "{said}: the journal agrees");
            } else {
                make_void(&chip, &job(&book, NIK)).unwrap_or_else(|e| panic!("{said}, then {e:?}"));
                assert!(chip.is_void(), "{said}");
                assert_eq!(History::of(&*book.0.lock().unwrap()).card(), None, "{said}: the journal agrees");
            }
        }
    }
}

#[test]
fn a_card_torn_out_again_and_again_while_it_is_resumed_ends_whole() {
    let (chip, book) = (blank(), Arc::new(Book::default()));
    for at in [20, 24, 33, 41, 55, 60] {
        chip.trouble(ChipTrouble { torn: Some((at, Moment::Half)), ..ChipTrouble::default() });
        if let Err(failure) = write(&chip, &job(&book, NIK)) {
            assert_eq!(
                (failure.error, failure.card),
                (ChipError::Removed, CardAfter::Unknown),
                "torn at {at}"
            );
        }
    }
    chip.trouble(ChipTrouble::default());
    write(&chip, &job(&book, NIK)).expect("whole in the end");
    assert!(chip.is_finalised() && holds(&chip, NIK));
}

#[test]
fn looking_uses_no_try_and_tells_where_the_card_stands() {
    let chip = blank();
    chip.set_tries(2);
    let seen = task(&chip, |talk, _, atr| look(talk, &profile(), atr)).unwrap();
    assert_eq!((seen.state, seen.nik, seen.tries), (ChipState::Blank, None, Some(2)));
    chip.make_card_of(OTHER);
    let seen = task(&chip, |talk, _, atr| look(talk, &profile(), atr)).unwrap();
    assert_eq!((seen.state, seen.nik.as_deref(), seen.tries), (ChipState::Finalised, Some(OTHER), Some(2)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_writes_of_a_plan_join_to_its_files_whatever_the_sizes(photo in 4usize..4600, signature in 1usize..1000) {
        let profile = profile();
        let data = data(NIK).bytes(Field::Photo, picture(photo)).bytes(Field::Signature, vec![9; signature]);
        let plan = Draft::new(&profile, &data).unwrap().signed(vec![1; 64]).unwrap();
        for (n, file) in plan.files.iter().enumerate() {
            let writes: Vec<_> = plan.writes.iter().filter(|w| w.file == n).collect();
            let joined: Vec<u8> = writes.iter().flat_map(|w| plan.bytes(w).to_vec()).collect();
            prop_assert_eq!(&joined, &file.bytes);
            prop_assert!(writes.iter().all(|w| w.length <= profile.piece));
        }
        prop_assert_eq!(plan.files[0].fid, 0x6FF0, "the NIK first, so that a torn card has an owner");
    }
}
