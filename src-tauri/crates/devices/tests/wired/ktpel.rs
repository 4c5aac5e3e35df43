//! The free files of a KTP-el, without any reader.

use devices::protocol::apdu::{Exchange, ResponseApdu, StatusWord, Step};
use devices::protocol::ktpel::{KtpelError, PhotoRead, Progress, Uid, UidRead};
use proptest::prelude::*;
use sim::vcard::{Card, CardContents, Temper};

fn contents(photo: Vec<u8>, uid: Vec<u8>) -> CardContents {
    CardContents { photo, control: vec![0; 53], uid }
}

fn jpeg_of(len: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..len).map(|i| i as u8).collect();
    bytes.splice(..2, [0xFF, 0xD8]);
    bytes.splice(len - 2.., [0xFF, 0xD9]);
    bytes
}

fn ask(card: &mut Card, command: devices::protocol::apdu::CommandApdu) -> ResponseApdu {
    let (mut exchange, mut bytes) = Exchange::start(command).unwrap();
    loop {
        match exchange.push(&card.answer(&bytes).unwrap()).unwrap() {
            Step::Send(next) => bytes = next,
            Step::Done(answer) => return answer,
        }
    }
}

fn read(card: &mut Card) -> Result<Vec<u8>, KtpelError> {
    let mut read = PhotoRead::new();
    loop {
        if let Progress::Done(jpeg) = read.accept(&ask(card, read.command()))? {
            return Ok(jpeg);
        }
    }
}

#[test]
fn a_foreign_card_a_false_length_and_a_broken_picture_each_have_their_own_reason() {
    let of = |temper| read(&mut Card::new(contents(jpeg_of(900), vec![4; 7]), temper));
    assert_eq!(
        of(Temper::Foreign),
        Err(KtpelError::NotKtpel { status: StatusWord::NotFound }),
        "another card"
    );
    assert_eq!(of(Temper::HugeLength), Err(KtpelError::PhotoLength { length: 0xFFFF }), "above every chip");
    assert_eq!(of(Temper::NotJpeg), Err(KtpelError::NotJpeg), "not FF D8 … FF D9");
    assert_eq!(of(Temper::WrongLeFirst), Ok(jpeg_of(900)), "6Cxx is followed");
}

#[test]
fn both_kinds_of_chip_give_their_uid() {
    let uid = |bytes: Vec<u8>| {
        let mut card = Card::new(contents(jpeg_of(10), bytes), Temper::Ktpel);
        let mut read = UidRead::new();
        loop {
            if let Some(uid) = read.accept(&ask(&mut card, read.command())).unwrap() {
                return uid;
            }
        }
    };
    assert_eq!(uid(vec![4; 7]), Uid::TypeA(vec![4; 7]), "FF CA");
    assert_eq!(uid(vec![9; 8]), Uid::TypeB(vec![9; 8]), "00 DD after FF CA was refused");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_photo_of_any_length_is_read_whole(len in 4usize..=32_000) {
        let photo = jpeg_of(len);
        prop_assert_eq!(read(&mut Card::new(contents(photo.clone(), vec![4; 7]), Temper::Ktpel)), Ok(photo));
    }

    #[test]
    fn a_card_that_answers_anything_ends_the_read(answers in prop::collection::vec(
        (prop::collection::vec(any::<u8>(), 0..300), any::<bool>()), 200))
    {
        let mut read = PhotoRead::new();
        let ended = answers.into_iter().any(|(data, ok)| {
            let status = if ok { StatusWord::Success } else { StatusWord::NoDiagnosis };
            !matches!(read.accept(&ResponseApdu { data, status }), Ok(Progress::Reading { .. }))
        });
        prop_assert!(ended, "random answers never look like 200 right ones");
    }
}
