//! Reading what a card gives to anybody.

use super::open::{Talk, look};
use crate::driver::card::personaliser::{ChipCard, ChipError, ChipState};
use crate::protocol::personalisation::content::fields_of;
use crate::protocol::personalisation::{Access, CardData, Layout, Profile};

/// The free files of a card of the profile.
///
/// # Errors
/// Those of [`look`], and a file that cannot be read. The card is as it was.
pub fn read_card(talk: &mut Talk<'_>, profile: &Profile, atr: &[u8]) -> Result<ChipCard, ChipError> {
    let seen = look(talk, profile, atr)?;
    let mut data = CardData::new();
    match seen.state {
        ChipState::Locked => return Err(ChipError::Locked),
        ChipState::Void => return Err(ChipError::Void),
        ChipState::Blank | ChipState::BeingWritten | ChipState::Finalised => {}
    }
    for file in profile.files.iter().filter(|f| f.read == Access::Free && f.layout != Layout::Opaque) {
        let bytes = talk.read_free(file)?;
        match fields_of(file, &bytes, data.clone()) {
            Ok(more) => data = more,
            // Half a file on a card that is being written is no field.
            Err(_) if seen.state == ChipState::BeingWritten => {}
            Err(error) => return Err(ChipError::Data { what: error.to_string() }),
        }
    }
    Ok(ChipCard { id: seen.id, state: seen.state, data })
}
