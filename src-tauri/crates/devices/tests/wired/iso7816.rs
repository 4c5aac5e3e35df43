//! ISO 7816-4 beyond the photo path: golden bytes, tries, chaining, file control parameters.

use devices::protocol::apdu::{
    CommandApdu, Fcp, LifeCycle, ResponseApdu, StatusWord, Tries, TriesStop, chain, tlv,
};
use proptest::prelude::*;

#[test]
fn the_commands_of_a_card_task_have_these_bytes() {
    let golden = [
        (CommandApdu::select_aid(&[0xF0, 1, 2, 3, 4]), "00A4040405F00102030400"),
        (CommandApdu::select_fcp(0x6FF0), "00A40004026FF000"),
        (CommandApdu::select_under(0x6FF1), "00A4020C026FF1"),
        (CommandApdu::read_at(0x7FFF, 16), "00B07FFF10"),
        (CommandApdu::read_at(0x8000, 16), "00B1000004540280 0012"),
        (CommandApdu::read_at(0x01_0000, 16), "00B10000055403010000 12"),
        (CommandApdu::update_at(0x0102, &[9, 8]), "00D60102020908"),
        (CommandApdu::update_at(0x8001, &[9, 8]), "00D7000008 54028001 53020908"),
        (CommandApdu::authenticate_tries(1), "00820001"),
        (CommandApdu::activate(), "00440000"),
        (CommandApdu::terminate(), "00E60000"),
    ];
    for (command, bytes) in golden {
        let want = hex::decode(bytes.replace(' ', "")).unwrap();
        assert_eq!(hex::encode_upper(command.encode().unwrap()), hex::encode_upper(want), "{command:?}");
    }
}

#[test]
fn an_odd_read_gives_what_stands_in_its_data_object() {
    let read = CommandApdu::read_at(0x9000, 3);
    let answer = |data: &[u8]| ResponseApdu { data: data.to_vec(), status: StatusWord::Success };
    assert_eq!(read.read_data(&answer(&[0x53, 3, 1, 2, 3])), Some(vec![1, 2, 3]), "unwrapped");
    assert_eq!(read.read_data(&answer(&[1, 2, 3])), None, "bare bytes are no answer to B1");
}

#[test]
fn the_last_try_and_a_blocked_or_silent_card_stop_before_the_secret_is_sent() {
    let may = |sw: u16| Tries::from(StatusWord::from(sw)).may_try();
    assert_eq!(may(0x63C3), Ok(()), "three are left");
    assert_eq!(may(0x9000), Ok(()), "verified already");
    assert_eq!(may(0x63C1), Err(TriesStop::Last), "one is left");
    assert_eq!(may(0x63C0), Err(TriesStop::Blocked), "none");
    assert_eq!(may(0x6983), Err(TriesStop::Blocked), "none, in another word");
    assert!(matches!(may(0x6D00), Err(TriesStop::Unknown(_))), "who does not tell is not risked");
}

#[test]
fn a_file_control_template_is_read_bare_and_inside_6f() {
    let fcp = "6218 8002 0300 8201 01 8302 6FF1 8A01 05 8C02 0102 8404 41424344".replace(' ', "");
    let bare = Fcp::parse(&hex::decode(fcp.replacen("6218", "6219", 1)).unwrap());
    assert!(bare.is_err(), "a template longer than the answer is refused");
    let bytes = hex::decode(fcp).unwrap();
    let read = Fcp::parse(&bytes).unwrap();
    assert_eq!((read.size, read.fid, read.descriptor), (Some(0x300), Some(0x6FF1), Some(1)), "of the file");
    assert_eq!(read.life_cycle, Some(LifeCycle::Activated), "operational");
    assert_eq!(read.name.as_deref(), Some(&b"ABCD"[..]), "name of the directory");
    assert_eq!(Fcp::parse(&tlv::encode(0x6F, &bytes).unwrap()), Ok(read), "the same inside FCI");
}

proptest! {
    #[test]
    fn a_chained_command_carries_the_same_data(data in prop::collection::vec(any::<u8>(), 0..1200), piece in 1usize..=255) {
        let whole = CommandApdu::new(0x00, 0xDB, 0x3F, 0xFF).data(data.clone()).le(10);
        let parts = chain(&whole, piece);
        let joined: Vec<u8> = parts.iter().flat_map(|part| part.data.clone()).collect();
        prop_assert_eq!(joined, data);
        let (last, before) = parts.split_last().unwrap();
        prop_assert!(last.cla == 0x00 && last.le == Some(10), "the last one ends the chain");
        prop_assert!(before.iter().all(|p| p.cla == 0x10 && p.le.is_none() && p.data.len() == piece));
    }

    #[test]
    fn data_objects_survive_and_any_bytes_end(
        tag in prop_oneof![1u32..0x1F, Just(0x5F2D), Just(0x9F8101)],
        value in prop::collection::vec(any::<u8>(), 0..70_000),
        any in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let bytes = tlv::encode(tag, &value).unwrap();
        prop_assert_eq!(tlv::parse(&bytes).unwrap(), vec![(tag, value.as_slice())]);
        let _ = tlv::parse(&any);
        let _ = Fcp::parse(&any);
    }
}
