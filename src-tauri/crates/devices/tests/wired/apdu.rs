//! Commands and answers of ISO 7816-4, and the cap on cards that never end (fault 96).

use devices::protocol::apdu::exchange::MAX_ANSWER;
use devices::protocol::apdu::{CommandApdu, Exchange, ExchangeError, StatusWord, Step};
use proptest::prelude::*;

#[test]
fn the_commands_of_the_photo_path_have_these_bytes() {
    let bytes = |c: CommandApdu| c.encode().unwrap();
    assert_eq!(bytes(CommandApdu::select(0x7F0A)), [0x00, 0xA4, 0x00, 0x00, 0x02, 0x7F, 0x0A], "SELECT DF");
    assert_eq!(bytes(CommandApdu::read_binary(0, 2)), [0x00, 0xB0, 0x00, 0x00, 0x02], "length");
    assert_eq!(bytes(CommandApdu::read_binary(0x102, 253)), [0x00, 0xB0, 0x01, 0x02, 0xFD], "a piece");
    assert_eq!(bytes(CommandApdu::new(0xFF, 0xCA, 0, 0).le(256)), [0xFF, 0xCA, 0, 0, 0], "UID, type A");
}

#[test]
fn a_long_answer_is_collected_and_a_wrong_length_asked_again() {
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 256)).unwrap();
    assert_eq!(exchange.push(&[0x6C, 0x03]), Ok(Step::Send(vec![0, 0xB0, 0, 0, 3])), "6Cxx: again with Le 3");
    assert_eq!(exchange.push(&[1, 0x61, 0x02]), Ok(Step::Send(vec![0, 0xC0, 0, 0, 2])), "61xx: GET RESPONSE");
    let Ok(Step::Done(answer)) = exchange.push(&[2, 3, 0x90, 0x00]) else { panic!("whole now") };
    assert_eq!((answer.data.as_slice(), answer.status), (&[1, 2, 3][..], StatusWord::Success), "one answer");
}

#[test]
fn a_card_that_says_6c_for_ever_is_believed_once() {
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 2)).unwrap();
    assert!(matches!(exchange.push(&[0x6C, 1]), Ok(Step::Send(_))), "once");
    assert!(matches!(exchange.push(&[0x6C, 1]), Ok(Step::Done(_))), "then it is the answer");
}

#[test]
fn a_card_that_says_61_for_ever_is_left() {
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 2)).unwrap();
    let end = (0..1000).find_map(|_| exchange.push(&[0x61, 0x10]).err());
    assert!(
        matches!(end, Some(ExchangeError::Endless { after }) if after < 10),
        "without data at once: {end:?}"
    );
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 2)).unwrap();
    let end = (0..1000).find_map(|_| exchange.push(&[7, 0x61, 0x10]).err());
    assert!(
        matches!(end, Some(ExchangeError::Endless { .. })),
        "with a byte each time, after the cap: {end:?}"
    );
}

#[test]
fn an_answer_above_64_kilobytes_is_refused() {
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 2)).unwrap();
    let piece = [vec![0xAA; 1000], vec![0x61, 0x00]].concat();
    let end = (0..1000).find_map(|_| exchange.push(&piece).err());
    assert_eq!(end, Some(ExchangeError::TooLong { limit: MAX_ANSWER }), "memory is bounded");
    let (mut exchange, _) = Exchange::start(CommandApdu::read_binary(0, 2)).unwrap();
    assert_eq!(exchange.push(&[0x90]), Err(ExchangeError::NoStatus { got: 1 }), "half a status word");
}

proptest! {
    #[test]
    fn a_command_survives_its_bytes(
        head in any::<[u8; 4]>(),
        data in prop_oneof![prop::collection::vec(any::<u8>(), 0..260), (256usize..=65_535).prop_map(|n| vec![0xA5; n])],
        le in prop::option::of(1u32..=65_536),
    ) {
        let mut command = CommandApdu::new(head[0], head[1], head[2], head[3]).data(data);
        command.le = le;
        prop_assert_eq!(CommandApdu::decode(&command.encode().unwrap()), Ok(command));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(command) = CommandApdu::decode(&bytes) {
            // Lc and Le may be written in a longer form than needed, so only the meaning must survive.
            prop_assert_eq!(CommandApdu::decode(&command.encode().unwrap()), Ok(command));
        }
    }
}
