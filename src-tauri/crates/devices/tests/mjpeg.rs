//! The MJPEG splitter against the bytes of `docs/protocols/mjpeg.md`.
//! If a golden test in this file fails, do not change the test.

use devices::protocol::mjpeg::{Event, Splitter};
use proptest::prelude::*;

const MAX: usize = 4096;

fn jpeg(fill: u8, len: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend(std::iter::repeat_n(fill & 0x7F, len));
    bytes.extend([0xFF, 0xD9]);
    bytes
}

fn part(frame: &[u8]) -> Vec<u8> {
    let head =
        format!("--BoundaryString\r\nContent-Type:image/jpeg\r\nContent-Length:{}\r\n\r\n", frame.len());
    [head.as_bytes(), frame, b"\r\n\r\n"].concat()
}

fn frames(events: &[Event]) -> Vec<Vec<u8>> {
    events.iter().filter_map(|e| if let Event::Frame(f) = e { Some(f.clone()) } else { None }).collect()
}

#[test]
fn golden_two_parts_of_the_reference_server_split_at_every_byte() {
    #[rustfmt::skip]
    let wire: &[u8] = &[
        // "--BoundaryString\r\n": the declared boundary without the RFC's extra dashes
        0x2D, 0x2D, 0x42, 0x6F, 0x75, 0x6E, 0x64, 0x61, 0x72, 0x79, 0x53, 0x74, 0x72, 0x69, 0x6E, 0x67, 0x0D, 0x0A,
        // "Content-Length:5\r\n": no blank after the colon
        0x43, 0x6F, 0x6E, 0x74, 0x65, 0x6E, 0x74, 0x2D, 0x4C, 0x65, 0x6E, 0x67, 0x74, 0x68, 0x3A, 0x35, 0x0D, 0x0A,
        0x0D, 0x0A,                   // blank line ends the part's head
        0xFF, 0xD8, 0x01, 0xFF, 0xD9, // five bytes of JPEG: start, one byte, end
        0x0D, 0x0A, 0x0D, 0x0A,       // the reference server ends a part with two line ends
        0xFF, 0xD8, 0x02, 0xFF, 0xD9, // a frame with no head at all is still a frame
    ];
    for at in 0..=wire.len() {
        let mut splitter = Splitter::new(MAX);
        let mut events = splitter.push(&wire[..at]);
        events.extend(splitter.push(&wire[at..]));
        let want = [vec![0xFF, 0xD8, 1, 0xFF, 0xD9], vec![0xFF, 0xD8, 2, 0xFF, 0xD9]];
        assert_eq!(frames(&events), want, "split at {at} must not matter");
    }
}

#[test]
fn an_error_in_place_of_the_stream_is_reported_with_code_and_words() {
    let mut splitter = Splitter::new(MAX);
    let events = splitter.push(br#"{"error":{"errorCode":"202","errorInfo":"No Device"}}"#);
    assert_eq!(events, [Event::Refused { code: "202".into(), info: "No Device".into() }]);
}

#[test]
fn a_length_that_is_too_short_or_too_long_loses_no_frame() {
    for lie in [3usize, 30] {
        let frame = jpeg(7, 20);
        let mut wire = format!("--b\r\nContent-Length: {lie}\r\n\r\n").into_bytes();
        wire.extend(&frame);
        wire.extend(b"\r\n");
        wire.extend(part(&jpeg(9, 10)));
        let got = frames(&Splitter::new(MAX).push(&wire));
        assert_eq!(got, [frame, jpeg(9, 10)], "declared {lie}, real 24");
    }
}

#[test]
fn an_oversize_part_is_thrown_away_and_the_next_frame_is_read() {
    let wire = [part(&jpeg(1, MAX + 1)), part(&jpeg(2, 5))].concat();
    let events = Splitter::new(MAX).push(&wire);
    assert!(events.contains(&Event::Oversize), "the loss is told");
    assert_eq!(frames(&events), [jpeg(2, 5)]);
}

#[test]
fn a_flood_of_zeros_or_of_an_endless_frame_does_not_grow_memory() {
    for start in [vec![], vec![0xFF, 0xD8], b"Content-Length:99999999\r\n\r\n".to_vec(), b"{".to_vec()] {
        let mut splitter = Splitter::new(MAX);
        splitter.push(&start);
        for _ in 0..200 {
            splitter.push(&[0u8; 10_000]);
            assert!(splitter.held() <= 80 * 1024, "held {} bytes", splitter.held());
        }
    }
}

proptest! {
    #[test]
    fn any_split_gives_the_same_events(
        lengths in proptest::collection::vec((0u8..128, 0usize..200, any::<bool>()), 1..6),
        cuts in proptest::collection::vec(1usize..50, 1..40),
    ) {
        let mut wire = Vec::new();
        for (fill, len, headed) in &lengths {
            let frame = jpeg(*fill, *len);
            wire.extend(if *headed { part(&frame) } else { frame });
        }
        let whole = Splitter::new(MAX).push(&wire);
        prop_assert_eq!(frames(&whole).len(), lengths.len(), "every frame arrives");
        let mut splitter = Splitter::new(MAX);
        let (mut events, mut rest, mut n) = (Vec::new(), &wire[..], 0);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(cuts[n % cuts.len()].min(rest.len()));
            events.extend(splitter.push(now));
            rest = later;
            n += 1;
        }
        prop_assert_eq!(events, whole);
    }

    #[test]
    fn garbage_before_the_head_never_hides_the_frame_after_next(
        garbage in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut splitter = Splitter::new(MAX);
        splitter.push(&garbage);
        let clean = part(&jpeg(5, 30));
        let mut got = Vec::new();
        // Garbage may look like a frame's start or a length below MAX; it can cost frames, never the stream.
        for _ in 0..(2 * MAX / clean.len() + 4) {
            got.extend(frames(&splitter.push(&clean)));
        }
        prop_assert!(got.contains(&jpeg(5, 30)), "the stream recovers");
    }
}
