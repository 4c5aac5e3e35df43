//! Any stream, cut anywhere, gives its frames and nothing else (fault 52).

use devices::protocol::zfm::frame::{Frame, MAX_FRAME, MAX_PAYLOAD, Pid};
use devices::protocol::zfm::image::{IMAGE_BYTES, expand, pack};
use devices::protocol::zfm::{Accumulator, Event, ImageAssembler};
use proptest::prelude::*;

fn frame() -> impl Strategy<Value = Frame> {
    let pid = prop_oneof![Just(Pid::Command), Just(Pid::Data), Just(Pid::Acknowledge), Just(Pid::LastData)];
    (pid, prop::collection::vec(any::<u8>(), 0..=MAX_PAYLOAD))
        .prop_map(|(pid, payload)| Frame::new(pid, payload))
}

fn frames_of(events: Vec<Event>) -> Vec<Frame> {
    events.into_iter().filter_map(|e| if let Event::Frame(f) = e { Some(f) } else { None }).collect()
}

#[test]
fn a_frame_split_at_every_byte_is_still_one_frame() {
    let frame = Frame::new(Pid::Data, (0..=255).collect());
    let bytes = frame.encode();
    for cut in 0..=bytes.len() {
        let mut accumulator = Accumulator::new();
        let mut events = accumulator.push(&bytes[..cut]);
        events.extend(accumulator.push(&bytes[cut..]));
        assert_eq!(events, [Event::Frame(frame.clone())], "cut after {cut} bytes");
    }
}

#[test]
fn a_flood_of_zeros_is_stepped_over_and_leaves_nothing_in_memory() {
    let mut accumulator = Accumulator::new();
    let zeros = vec![0; 1 << 20];
    assert_eq!(accumulator.push(&zeros), [], "zeros hold no frame");
    assert_eq!((accumulator.held(), accumulator.skipped()), (0, 1 << 20), "every byte is let go at once");
    let frame = Frame::new(Pid::Acknowledge, vec![0]);
    assert_eq!(accumulator.push(&frame.encode()), [Event::Frame(frame)], "and the next frame is heard");
}

#[test]
fn a_frame_that_lost_a_byte_does_not_swallow_the_next_one() {
    let next = Frame::new(Pid::Acknowledge, vec![0]);
    let mut bytes = Frame::new(Pid::Data, vec![7; 128]).encode();
    bytes.remove(40);
    bytes.extend(next.encode());
    let frames = frames_of(Accumulator::new().push(&bytes));
    assert_eq!(frames, [next], "the head of the next frame was inside the damaged one");
}

#[test]
fn an_upload_that_is_too_long_or_too_short_is_no_image() {
    let data = Frame::new(Pid::Data, vec![0x12; 256]);
    let mut assembler = ImageAssembler::new();
    let grown = (0..1000).map(|_| assembler.push(&data)).find(Result::is_err);
    assert!(grown.is_some(), "an endless upload must be refused");
    let held = format!("{assembler:?}");
    assert_eq!(held, format!("ImageAssembler(0 of {IMAGE_BYTES} bytes)"), "and nothing of it is kept");
    assert!(ImageAssembler::new().push(&Frame::new(Pid::LastData, vec![0; 16])).is_err(), "a short one too");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn frames_survive_any_split_with_noise_between(
        frames in prop::collection::vec((frame(), prop::collection::vec(0u8..0xEF, 0..40)), 1..6),
        cuts in prop::collection::vec(1usize..50, 1..40),
    ) {
        let bytes: Vec<u8> = frames.iter().flat_map(|(f, noise)| [noise.clone(), f.encode()].concat()).collect();
        let (mut accumulator, mut events, mut at) = (Accumulator::new(), Vec::new(), 0);
        for cut in cuts.iter().cycle() {
            let end = (at + cut).min(bytes.len());
            events.extend(accumulator.push(&bytes[at..end]));
            prop_assert!(accumulator.held() < MAX_FRAME);
            at = end;
            if at == bytes.len() { break }
        }
        let sent: Vec<Frame> = frames.into_iter().map(|(f, _)| f).collect();
        prop_assert_eq!(frames_of(events), sent);
    }

    #[test]
    fn a_damaged_byte_never_gives_another_frame(frame in frame(), at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut bytes = frame.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let frames = frames_of(Accumulator::new().push(&bytes));
        // The address is outside the sum: a frame for another address is the only thing that may pass.
        prop_assert!(frames.is_empty() || (2..6).contains(&at), "byte {} damaged", at);
    }

    #[test]
    fn noise_of_any_kind_is_bounded(noise in prop::collection::vec(any::<u8>(), 0..4096)) {
        let mut accumulator = Accumulator::new();
        accumulator.push(&noise);
        prop_assert!(accumulator.held() < MAX_FRAME);
    }

    #[test]
    fn a_truncated_frame_gives_nothing(frame in frame(), keep in any::<prop::sample::Index>()) {
        let bytes = frame.encode();
        prop_assert_eq!(Accumulator::new().push(&bytes[..keep.index(bytes.len())]), []);
    }
}

#[test]
fn four_bits_survive_packing() {
    let packed: Vec<u8> = (0..IMAGE_BYTES).map(|i| (i % 256) as u8).collect();
    assert_eq!(expand(&packed).and_then(|image| pack(&image)), Ok(packed), "every pair of levels comes back");
}
