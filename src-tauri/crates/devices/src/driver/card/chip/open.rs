//! Talking to the card: the first look, and the secure channel.

use crate::budget::Budget;
use crate::driver::card::pcsc::exchange;
use crate::driver::card::personaliser::{CardAfter, ChipError, ChipFailure, ChipLook, ChipState};
use crate::driver::card::sam::{Sam, SamError, SamStep};
use crate::error::Fault;
use crate::protocol::apdu::{CommandApdu, Fcp, LifeCycle, ResponseApdu, StatusWord, Tries, TriesStop};
use crate::protocol::ktpel::UidRead;
use crate::protocol::personalisation::{Access, CardId, ChipFile, Field, Profile, field_of};
use crate::transport::pcsc::ApduChannel;

/// Most bytes in one plain READ BINARY.
const READ: usize = 240;

/// One task on one card.
pub struct Talk<'a> {
    channel: &'a mut dyn ApduChannel,
    budget: &'a Budget,
    /// True once something may have reached the card's memory.
    pub(super) touched: bool,
    /// Writes of the plan that stand verified.
    pub(super) confirmed: u32,
    /// The card, once it told.
    pub(super) id: Option<CardId>,
}

impl<'a> Talk<'a> {
    /// Begins to talk over an open transaction.
    pub fn new(channel: &'a mut dyn ApduChannel, budget: &'a Budget) -> Self {
        Self { channel, budget, touched: false, confirmed: 0, id: None }
    }

    /// The failure for this reason as things stand.
    pub fn failure(&self, error: ChipError) -> ChipFailure {
        let card = if self.touched { CardAfter::Unknown } else { CardAfter::Untouched };
        ChipFailure { error, card, id: self.id.clone(), confirmed: self.confirmed }
    }

    /// Sends one command in clear.
    pub(super) fn plain(&mut self, command: CommandApdu) -> Result<ResponseApdu, ChipError> {
        exchange(self.channel, command, self.budget).map_err(|fault| match fault {
            Fault::Cancelled | Fault::TimedOut { .. } | Fault::TooLarge { .. } | Fault::Garbage { .. } => {
                ChipError::Reader { fault }
            }
            // Whatever the reader calls it: the answer is missing, so nobody knows what the card did.
            _ => ChipError::Removed,
        })
    }

    /// Sends one command through the SAM's channel.
    pub(super) fn sealed(
        &mut self,
        sam: &mut dyn Sam,
        command: &CommandApdu,
    ) -> Result<ResponseApdu, ChipError> {
        let wrapped = sam.wrap(command)?;
        let answer = self.plain(wrapped)?;
        Ok(sam.unwrap(&answer)?)
    }

    fn uid(&mut self) -> Result<(), ChipError> {
        let mut read = UidRead::new();
        loop {
            let answer = self.plain(read.command())?;
            match read.accept(&answer) {
                Ok(None) => {}
                Ok(Some(uid)) => {
                    self.id = Some(CardId::of(uid.bytes()));
                    return Ok(());
                }
                Err(_) => return Ok(()),
            }
        }
    }

    /// Selects the application and says where the card stands.
    pub(super) fn select(&mut self, profile: &Profile) -> Result<ChipState, ChipError> {
        let command = match &profile.aid {
            Some(aid) => CommandApdu::select_aid(aid),
            None => CommandApdu::select_fcp(profile.directory),
        };
        let answer = self.plain(command)?;
        let fcp = match answer.status {
            StatusWord::Success => Fcp::parse(&answer.data).map_err(|_| ChipError::WrongCard)?,
            StatusWord::FileInvalidated => return Ok(ChipState::Locked),
            StatusWord::FileTerminated => return Ok(ChipState::Void),
            _ => {
                let ktpel = self.plain(CommandApdu::select(profile.directory))?.status;
                let real = profile.aid.is_some() && ktpel == StatusWord::Success;
                return Err(if real { ChipError::RealKtpel } else { ChipError::WrongCard });
            }
        };
        match fcp.life_cycle {
            Some(LifeCycle::Creation) => Ok(ChipState::Blank),
            Some(LifeCycle::Initialisation) => Ok(ChipState::BeingWritten),
            Some(LifeCycle::Activated) => Ok(ChipState::Finalised),
            Some(LifeCycle::Deactivated) => Ok(ChipState::Locked),
            Some(LifeCycle::Terminated) => Ok(ChipState::Void),
            Some(LifeCycle::Other(_)) | None => Err(ChipError::WrongCard),
        }
    }

    /// Reads a free file whole; without a stated size, what the card gives.
    pub(super) fn read_free(&mut self, file: &ChipFile) -> Result<Vec<u8>, ChipError> {
        let selected = self.plain(CommandApdu::select_fcp(file.fid))?;
        if selected.status != StatusWord::Success {
            return Err(ChipError::Refused { status: selected.status.into() });
        }
        let told = Fcp::parse(&selected.data).ok().and_then(|fcp| fcp.size);
        let size = told.map_or(file.size, |told| if file.size == 0 { told } else { told.min(file.size) });
        let mut bytes = Vec::with_capacity(size);
        while bytes.len() < size {
            let command = CommandApdu::read_at(bytes.len() as u32, (size - bytes.len()).min(READ) as u32);
            let answer = self.plain(command.clone())?;
            let data = command.read_data(&answer).unwrap_or_default();
            match answer.status {
                StatusWord::Success if !data.is_empty() => bytes.extend(data),
                StatusWord::EndOfFile => {
                    bytes.extend(data);
                    break;
                }
                status => return Err(ChipError::Refused { status: status.into() }),
            }
        }
        Ok(bytes)
    }

    /// Tries left for the key, without using one.
    pub(super) fn tries(&mut self) -> Result<Tries, ChipError> {
        Ok(self.plain(CommandApdu::authenticate_tries(0))?.status.into())
    }

    /// Opens the channel and proves its cipher; stops before a last try. The file that is selected afterwards, where the
    /// profile has one. The card must have been looked at.
    pub(super) fn authenticate(
        &mut self,
        sam: &mut dyn Sam,
        profile: &Profile,
    ) -> Result<Option<u16>, ChipError> {
        self.tries()?.may_try().map_err(|stop| match stop {
            TriesStop::Last => ChipError::LastTry,
            TriesStop::Blocked => ChipError::Blocked,
            TriesStop::Unknown(status) => ChipError::Refused { status: status.into() },
        })?;
        let mut step = sam.begin()?;
        while let SamStep::Send(command) = step {
            let answer = self.plain(command)?;
            step = sam.advance(&answer).map_err(|sam| match sam {
                SamError::NotAuthentic => ChipError::Foreign,
                SamError::Refused { status: 0x6983 } => ChipError::Blocked,
                sam => ChipError::Sam { sam },
            })?;
        }
        self.prove_cipher(sam, profile)
    }

    /// Both cryptograms come of the MAC key (SCP03, Amendment D §6.2.2): a SAM whose ENC key alone is foreign opens the
    /// channel, and the card would read every write as garbage. So the first protected command names a file that the look
    /// has just selected in clear: what the card refuses now is the cipher. It is the SELECT of the first write, sent early.
    fn prove_cipher(&mut self, sam: &mut dyn Sam, profile: &Profile) -> Result<Option<u16>, ChipError> {
        let Some(first) = profile.files.first() else { return Ok(None) };
        match self.sealed(sam, &CommandApdu::select_under(first.fid))?.status {
            StatusWord::Success => Ok(Some(first.fid)),
            _ => Err(ChipError::ForeignCipher),
        }
    }
}

/// What lies there. The profile's answer to reset, application and free files are asked, no key is used.
///
/// # Errors
/// [`ChipError::WrongCard`], [`ChipError::RealKtpel`]; [`ChipError::Removed`], [`ChipError::Reader`]. The card is as it
/// was.
pub fn look(talk: &mut Talk<'_>, profile: &Profile, atr: &[u8]) -> Result<ChipLook, ChipError> {
    talk.uid()?;
    if !profile.fits_atr(atr) {
        let ktpel = talk.plain(CommandApdu::select(profile.directory))?.status == StatusWord::Success;
        let ours = ktpel && talk.select(profile).is_ok();
        return Err(if ktpel && !ours { ChipError::RealKtpel } else { ChipError::WrongCard });
    }
    let state = talk.select(profile)?;
    let (mut nik, mut tries) = (None, None);
    if !matches!(state, ChipState::Locked | ChipState::Void) {
        let carrier =
            |file: &&ChipFile| file.read == Access::Free && file.fields.iter().any(|f| f.field == Field::Nik);
        if let Some(file) = profile.files.iter().find(carrier) {
            // A torn first write can leave half a NIK or no TLV at all: then no NIK is known.
            let bytes = talk.read_free(file)?;
            let whole = |nik: &Vec<u8>| nik.len() == 16 && nik.iter().all(u8::is_ascii_digit);
            nik = field_of(file, &bytes, Field::Nik).ok().flatten().filter(whole);
        }
        tries = match talk.tries()? {
            Tries::Left(n) => Some(n),
            Tries::Blocked => Some(0),
            Tries::Verified | Tries::Unknown(_) => None,
        };
    }
    let nik = nik.map(|nik| String::from_utf8_lossy(&nik).into_owned());
    Ok(ChipLook { id: talk.id.clone(), state, nik, tries })
}
