//! Command chaining: data too long for one command, sent in pieces (ISO 7816-4 §5.3.3).

use super::CommandApdu;

/// Bit of the class byte that says "more follows".
pub const MORE: u8 = 0x10;

/// Splits a command's data into pieces of at most `piece` bytes (1..=255 for short commands; 0 counts as 1).
///
/// All but the last carry [`MORE`] in their class and expect nothing back. A command that fits stays as it is.
pub fn chain(command: &CommandApdu, piece: usize) -> Vec<CommandApdu> {
    let piece = piece.max(1);
    if command.data.len() <= piece {
        return vec![command.clone()];
    }
    let last = command.data.len().div_ceil(piece) - 1;
    let part = |(n, data): (usize, &[u8])| {
        let cla = if n == last { command.cla } else { command.cla | MORE };
        let mut part = CommandApdu::new(cla, command.ins, command.p1, command.p2).data(data.to_vec());
        part.le = if n == last { command.le } else { None };
        part
    };
    command.data.chunks(piece).enumerate().map(part).collect()
}
