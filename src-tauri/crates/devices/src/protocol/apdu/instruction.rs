//! The commands of ISO 7816-4, -8 and -9 that a card task needs, by name.

use super::tlv::{encode, find, parse};
use super::{CommandApdu, ResponseApdu};

/// Largest offset of READ and UPDATE BINARY with an even instruction byte.
pub const SHORT_OFFSET_MAX: u32 = 0x7FFF;
/// Offset data object of the odd instructions.
const OFFSET: u32 = 0x54;
/// Discretionary data object of the odd instructions.
const DATA: u32 = 0x53;

/// An offset as its data object: two bytes where they suffice, else three.
fn offset_object(offset: u32) -> Vec<u8> {
    let bytes = offset.to_be_bytes();
    let value = if offset <= 0xFFFF { &bytes[2..] } else { &bytes[1..] };
    encode(OFFSET, value).unwrap_or_default()
}

impl CommandApdu {
    /// SELECT by application identifier, file control parameters wanted: `00 A4 04 04 Lc <aid> 00`.
    pub fn select_aid(aid: &[u8]) -> Self {
        Self::new(0x00, 0xA4, 0x04, 0x04).data(aid.to_vec()).le(256)
    }

    /// SELECT by file identifier, file control parameters wanted: `00 A4 00 04 02 <fid> 00`.
    pub fn select_fcp(fid: u16) -> Self {
        Self::new(0x00, 0xA4, 0x00, 0x04).data(fid.to_be_bytes().to_vec()).le(256)
    }

    /// SELECT of a file under the current directory, nothing wanted back: `00 A4 02 0C 02 <fid>`.
    pub fn select_under(fid: u16) -> Self {
        Self::new(0x00, 0xA4, 0x02, 0x0C).data(fid.to_be_bytes().to_vec())
    }

    /// READ BINARY at any offset up to 16 MB: `B0` up to 32 KB, beyond it `B1` with an offset object.
    pub fn read_at(offset: u32, length: u32) -> Self {
        if offset <= SHORT_OFFSET_MAX {
            return Self::read_binary(offset as u16, length);
        }
        // The answer carries the data in an object of its own: two to four bytes more.
        let object = if length < 0x80 { 2 } else { 3 };
        Self::new(0x00, 0xB1, 0x00, 0x00).data(offset_object(offset)).le((length + object).min(256))
    }

    /// UPDATE BINARY at any offset up to 16 MB: `D6` up to 32 KB, beyond it `D7` with offset and data objects.
    pub fn update_at(offset: u32, data: &[u8]) -> Self {
        if offset <= SHORT_OFFSET_MAX {
            let [p1, p2] = (offset as u16).to_be_bytes();
            return Self::new(0x00, 0xD6, p1, p2).data(data.to_vec());
        }
        let objects = [offset_object(offset), encode(DATA, data).unwrap_or_default()].concat();
        Self::new(0x00, 0xD7, 0x00, 0x00).data(objects)
    }

    /// The data of an answer to [`CommandApdu::read_at`]; `None` when an odd read came without its object.
    pub fn read_data(&self, answer: &ResponseApdu) -> Option<Vec<u8>> {
        if self.ins != 0xB1 {
            return Some(answer.data.clone());
        }
        find(&parse(&answer.data).ok()?, DATA).map(<[u8]>::to_vec)
    }

    /// EXTERNAL AUTHENTICATE without data: how many tries the key has left; uses none.
    pub fn authenticate_tries(key: u8) -> Self {
        Self::new(0x00, 0x82, 0x00, key)
    }

    /// ACTIVATE FILE on the current directory (ISO 7816-9): nothing can be written afterwards.
    pub fn activate() -> Self {
        Self::new(0x00, 0x44, 0x00, 0x00)
    }

    /// TERMINATE DF on the current directory (ISO 7816-9): for ever.
    pub fn terminate() -> Self {
        Self::new(0x00, 0xE6, 0x00, 0x00)
    }
}
