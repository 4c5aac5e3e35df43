//! The answer to reset of a card with contacts, as far as its own length says. Source: ISO/IEC 7816-3, 8.2.

/// Returns the answer without what stands behind its own end: after a reset that went wrong a reader's driver may fill the rest of
/// its buffer with zeros. An answer that ends too early is returned as it came.
pub fn own(atr: &[u8]) -> &[u8] {
    length(atr).and_then(|length| atr.get(..length)).unwrap_or(atr)
}

fn length(atr: &[u8]) -> Option<usize> {
    let mut flags = *atr.get(1)?;
    let historical = usize::from(flags & 0x0F);
    let mut at = 2;
    let mut check = false;
    // Each TD says which interface bytes follow it; any protocol but T=0 brings the check byte at the end.
    loop {
        let interface = (flags >> 4).count_ones() as usize;
        if flags & 0x80 == 0 {
            at += interface;
            break;
        }
        at += interface;
        flags = *atr.get(at - 1)?;
        check |= flags & 0x0F != 0;
    }
    Some(at + historical + usize::from(check))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The open training profile: T=1 over a contactless reader, twelve historical bytes, check byte.
    const TRAINING: [u8; 17] = [
        0x3B, 0x8C, 0x80, 0x01, 0x4B, 0x54, 0x50, 0x2D, 0x4C, 0x41, 0x54, 0x49, 0x48, 0x41, 0x4E, 0x31, 0x09,
    ];

    #[test]
    fn what_stands_behind_the_end_of_an_answer_is_no_part_of_it() {
        let padded = [&TRAINING[..], &[0; 16]].concat();
        assert_eq!(own(&padded), TRAINING);
        assert_eq!(own(&TRAINING), TRAINING, "a whole one stays whole");
    }

    #[test]
    fn an_answer_of_the_first_protocol_has_no_check_byte() {
        // ISO/IEC 7816-3: TS, T0 with TA1 and two historical bytes, no TD.
        let card = [0x3B, 0x12, 0x11, 0xAA, 0xBB];
        assert_eq!(own(&card), card);
        assert_eq!(own(&[0x3B, 0x02, 0xAA, 0xBB, 0x00, 0x00]), [0x3B, 0x02, 0xAA, 0xBB]);
    }

    #[test]
    fn an_answer_that_ends_too_early_is_returned_as_it_came() {
        for cut in 0..TRAINING.len() {
            assert_eq!(own(&TRAINING[..cut]), &TRAINING[..cut]);
        }
        assert_eq!(own(&[0x3B, 0xFF]), [0x3B, 0xFF]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_a_beginning_of_what_came(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            assert!(bytes.starts_with(own(&bytes)));
        }
    }
}
