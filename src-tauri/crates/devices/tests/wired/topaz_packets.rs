//! The bytes of a Topaz pad. If a golden test here fails, do not change the test.

use devices::protocol::topaz::{Accumulator, Model, Packet};
use proptest::prelude::*;

#[test]
fn a_position_has_these_bytes() {
    let golden = [
        0xC1, // sync · near · type 0 · down
        0x34, // X low 7 bits
        0x08, // X high 5 bits: 0x08 << 7 | 0x34 = 1076
        0x7F, // Y low
        0x02, // Y high: 0x02 << 7 | 0x7F = 383
    ];
    let position = Packet::Position { near: true, down: true, x: 1076, y: 383 };
    assert_eq!(Packet::decode(golden), Some(position), "layout of both public sources");
    assert_eq!(position.encode(), golden, "the simulator writes what the driver reads");
}

#[test]
fn pressure_and_bad_samples_have_these_bytes() {
    let pressure = [0xDD, 0x00, 0x00, 0x7F, 0x07]; // type 7 in bits 2–4 · 10 bits in b4, b3
    assert_eq!(Packet::decode(pressure), Some(Packet::Pressure { down: true, value: 1023 }), "full pressure");
    let bad = [0xC1, 0x7F, 0x1F, 0x7F, 0x1F]; // both coordinates FFF
    assert_eq!(Packet::decode(bad), Some(Packet::BadSample { down: true }), "not a point at the corner");
}

#[test]
fn calibration_gives_back_the_millimetres_it_was_given() {
    for model in Model::ALL {
        let c = model.calibration();
        let (x, y) = c.to_raw(50.0, 20.0);
        let mm = |raw: u16, edge: u16| (f32::from(raw) - f32::from(edge)) * 25.4 / c.dpi;
        let (mm_x, mm_y) = (mm(x, c.left), mm(y, c.top));
        assert!((mm_x - 50.0).abs() < 0.1 && (mm_y - 20.0).abs() < 0.1, "{model:?}: {mm_x} × {mm_y}");
        let (x, y) = c.to_raw(c.width_mm, c.height_mm);
        assert!(x < 0xFFF && y < 0xFFF, "{model:?}: the far corner must fit in 12 bits");
    }
}

proptest! {
    #[test]
    fn packets_survive_any_split_and_noise_before_them(
        points in prop::collection::vec((0u16..0xFFF, 0u16..0xFFF, any::<bool>()), 1..20),
        noise in prop::collection::vec(any::<u8>(), 0..30),
        cut in 1usize..7,
    ) {
        let sent: Vec<Packet> =
            points.iter().map(|&(x, y, down)| Packet::Position { near: true, down, x, y }).collect();
        // Noise may cost the packet it runs into, never a later one.
        let mut bytes: Vec<u8> = noise.iter().map(|b| b & 0x7F).collect();
        bytes.extend(sent.iter().flat_map(|p| p.encode()));
        let mut accumulator = Accumulator::new();
        let got: Vec<Packet> = bytes.chunks(cut).flat_map(|piece| accumulator.push(piece)).collect();
        prop_assert_eq!(got, sent);
        prop_assert_eq!(accumulator.skipped(), noise.len() as u64);
    }

    #[test]
    fn any_five_bytes_are_read_without_panic(bytes in any::<[u8; 5]>()) {
        let packet = Packet::decode(bytes);
        prop_assert_eq!(packet.is_some(), bytes[0] >= 0x80 && bytes[1..].iter().all(|b| *b < 0x80));
    }
}
