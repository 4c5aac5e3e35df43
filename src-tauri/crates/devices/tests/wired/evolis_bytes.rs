//! The Evolis answers, cut anywhere, with garbage and oversize; and its words.

use devices::Fault;
use devices::driver::card_printer::CardReason;
use devices::protocol::evolis::reply::encode;
use devices::protocol::evolis::{Accumulator, Call, MAX_REPLY, State, reason_of};
use proptest::prelude::*;

#[test]
fn an_answer_split_at_every_byte_is_still_one_answer() {
    let mut bytes = vec![0, b' '];
    bytes.extend(encode("7", &Ok("READY,{\"PRINTER\\_READY".into())));
    bytes.extend([0; 16]);
    for cut in 0..=bytes.len() {
        let mut accumulator = Accumulator::new();
        let first = accumulator.push(&bytes[..cut]).expect("lawful");
        let reply = match first {
            Some(reply) => reply,
            None => accumulator.push(&bytes[cut..]).expect("lawful").expect("whole"),
        };
        assert_eq!((reply.id.as_str(), reply.result.is_ok()), ("7", true), "cut after {cut} bytes");
    }
}

#[test]
fn an_answer_without_end_is_given_up_at_its_limit() {
    let mut accumulator = Accumulator::new();
    let flood = vec![b'['; MAX_REPLY + 1];
    assert_eq!(accumulator.push(b"{"), Ok(None));
    assert!(matches!(accumulator.push(&flood), Err(Fault::TooLarge { .. })), "bounded memory");
}

#[test]
fn a_request_is_the_json_that_the_service_expects() {
    let bytes = Call::Begin { device: "Evolis Primacy 2", session: "a-1" }.encode("3");
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let expected = serde_json::json!({"jsonrpc": "2.0", "id": "3", "method": "PRINT.Begin",
        "params": {"device": "Evolis Primacy 2", "session": "a-1"}});
    assert_eq!(value, expected);
}

#[test]
fn words_of_old_and_new_services_mean_the_same() {
    for (word, reason) in [
        ("STDEVOLIS_DEF_FEEDER_EMPTY", Some(CardReason::FeederEmpty)),
        ("FEEDER_EMPTY (ERR_FEEDER_ERROR)", Some(CardReason::CardJam)),
        ("ERR_MECHANICAL", Some(CardReason::CardJam)),
        ("DEF_NO_RIBBON", Some(CardReason::RibbonMissing)),
        ("LAMINATOR_INF_LAMINATE_LOW", Some(CardReason::FilmLow)),
        ("ERR_HEAD_TEMP", Some(CardReason::Overheated)),
        ("PRINTER_READY", None),
        ("INF_PRINTING_RUNNING", None),
        ("SOMETHING_NEW", Some(CardReason::Other)),
    ] {
        assert_eq!(reason_of(word), reason, "{word}");
    }
    assert_eq!(
        State::read("ERROR,SOMETHING_NEW").trouble(),
        Some((CardReason::Other, true)),
        "never taken for ready"
    );
    assert_eq!(State::read("").trouble(), Some((CardReason::Other, true)), "nor is silence");
    assert_eq!(State::read("Evolis Primacy 2,READY,PRINTER_READY").trouble(), None);
    assert_eq!(State::read("WARNING,INF_SLEEP_MODE").trouble(), None, "sleep is no trouble");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic_and_never_held_beyond_the_limit(bytes in prop::collection::vec(any::<u8>(), 0..2048), cut in 0usize..2048) {
        let mut accumulator = Accumulator::new();
        let cut = cut.min(bytes.len());
        if accumulator.push(&bytes[..cut]) == Ok(None) {
            let _ = accumulator.push(&bytes[cut..]);
        }
        prop_assert!(accumulator.held() <= MAX_REPLY + 1);
    }

    #[test]
    fn any_word_is_read_without_a_panic(text in ".{0,80}") {
        let _ = State::read(&text).trouble();
    }
}
