//! The training card of `docs/protocols/card-profile.md`: file tree, life cycle, tries, SCP03, and its troubles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use devices::protocol::apdu::{CommandApdu, StatusWord, tlv};
use devices::protocol::personalisation::{Access, CardData, ChipFile, Field, Profile, SamKind, field_of};
use devices::protocol::scp03::{KeySet, diversify};
use serde::{Deserialize, Serialize};

use super::VirtualCard;
use super::secure::CardChannel;

/// Tries of the card key.
const TRIES: u8 = 5;

/// When in a command the card is torn out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before the command is heard.
    Before,
    /// In the middle: of a write, half the bytes stand in the memory.
    Half,
    /// After it was done, before the answer leaves.
    After,
}

/// Which of a card's keys are some other issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForeignKeys {
    /// All of them.
    All,
    /// Key-ENC only: the card authenticates and understands nothing that is enciphered.
    Cipher,
    /// Key-MAC only.
    Mac,
}

/// What a card does wrong. Everything but `torn` stays until it is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChipTrouble {
    /// Torn out at this APDU since it was laid down, from 0; once.
    pub torn: Option<(u32, Moment)>,
    /// This many further reads of written files give a wrong byte.
    pub wrong_reads: u32,
    /// Every write to this file is refused with 6581.
    pub refuse_writes: Option<u16>,
    /// Another answer to reset.
    pub other_atr: bool,
    /// Keys that are not the profile's.
    pub foreign_keys: Option<ForeignKeys>,
    /// The application is not on the card.
    pub no_application: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Blank,
    Writing,
    Finalised,
    Locked,
    Void,
}

impl Life {
    fn byte(self) -> u8 {
        match self {
            Self::Blank => 0x01,
            Self::Writing => 0x03,
            Self::Finalised => 0x05,
            Self::Locked => 0x04,
            Self::Void => 0x0C,
        }
    }
}

/// What survives without power.
struct Memory {
    profile: Arc<Profile>,
    uid: Vec<u8>,
    files: BTreeMap<u16, Vec<u8>>,
    life: Life,
    tries: u8,
    trouble: ChipTrouble,
    /// APDUs since the card was laid down.
    heard: u32,
}

/// A training card: the plastic. Clones are the same card; it keeps its content off the reader.
#[derive(Clone)]
pub struct TrainingChip(Arc<Mutex<Memory>>);

/// What stands in a chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipDump {
    /// UID, hex.
    pub uid: String,
    /// `blank`, `writing`, `finalised`, `locked` or `void`.
    pub life: String,
    /// Tries left.
    pub tries: u8,
    /// Content by file identifier, hex without the trailing zeros of the file.
    pub files: BTreeMap<String, String>,
}

impl std::fmt::Debug for TrainingChip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrainingChip({:?})", self.memory().life)
    }
}

impl TrainingChip {
    /// A blank card; `number` gives its UID.
    pub fn blank(profile: Arc<Profile>, number: u32) -> Self {
        let uid = [&[0x04, 0x52, 0x4B][..], &number.to_be_bytes()].concat();
        let files = profile.files.iter().map(|file| (file.fid, vec![0; file.size])).collect();
        let trouble = ChipTrouble::default();
        Self(Arc::new(Mutex::new(Memory {
            profile,
            uid,
            files,
            life: Life::Blank,
            tries: TRIES,
            trouble,
            heard: 0,
        })))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The card as it is laid on a reader.
    pub fn laid(&self) -> impl VirtualCard + use<> {
        self.memory().heard = 0;
        Laid { chip: self.clone(), selected: None, in_application: false, channel: None }
    }

    /// Misbehaves from now on.
    pub fn trouble(&self, trouble: ChipTrouble) {
        self.memory().trouble = trouble;
    }

    /// Sets how many tries the card key has left.
    pub fn set_tries(&self, tries: u8) {
        self.memory().tries = tries;
    }

    /// Somebody deactivates the card.
    pub fn lock(&self) {
        self.memory().life = Life::Locked;
    }

    /// Makes it the finalised card of somebody with this NIK.
    pub fn make_card_of(&self, nik: &str) {
        let mut memory = self.memory();
        let profile = Arc::clone(&memory.profile);
        let Some(file) = profile.files.first() else { return };
        let tag = file.fields.iter().find(|rule| rule.field == Field::Nik).and_then(|rule| rule.tag);
        let object = tag.and_then(|tag| tlv::encode(tag, nik.as_bytes())).unwrap_or_default();
        if let Some(bytes) = memory.files.get_mut(&file.fid) {
            bytes.splice(..object.len().min(bytes.len()), object);
        }
        memory.life = Life::Finalised;
    }

    /// APDUs heard since it was laid down.
    pub fn heard(&self) -> u32 {
        self.memory().heard
    }

    /// Whether the card is finalised.
    pub fn is_finalised(&self) -> bool {
        self.memory().life == Life::Finalised
    }

    /// Whether the card is void.
    pub fn is_void(&self) -> bool {
        self.memory().life == Life::Void
    }

    /// Reads the fields straight out of the memory, past every protection.
    pub fn data(&self) -> CardData {
        let memory = self.memory();
        let mut data = CardData::new();
        for file in &memory.profile.files {
            let bytes = memory.files.get(&file.fid).map_or(&[][..], Vec::as_slice);
            for rule in &file.fields {
                if let Ok(Some(value)) = field_of(file, bytes, rule.field) {
                    data = data.bytes(rule.field, value);
                }
            }
        }
        data
    }

    /// The whole content, for a demonstration.
    pub fn dump(&self) -> ChipDump {
        let memory = self.memory();
        let used = |bytes: &Vec<u8>| bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
        let file =
            |(fid, bytes): (&u16, &Vec<u8>)| (format!("{fid:04X}"), hex::encode_upper(&bytes[..used(bytes)]));
        ChipDump {
            uid: hex::encode_upper(&memory.uid),
            life: format!("{:?}", memory.life).to_lowercase(),
            tries: memory.tries,
            files: memory.files.iter().map(file).collect(),
        }
    }
}

/// The card on a reader, with power.
struct Laid {
    chip: TrainingChip,
    selected: Option<u16>,
    in_application: bool,
    channel: Option<CardChannel>,
}

type Answer = (Vec<u8>, StatusWord);

fn only(status: StatusWord) -> Answer {
    (Vec::new(), status)
}

impl Memory {
    fn keys(&self) -> Option<(KeySet, [u8; 10])> {
        let SamKind::Training(sam) = &self.profile.sam else { return None };
        let mut diversification = [0; 10];
        diversification[3..].copy_from_slice(self.uid.get(..7)?);
        let own = diversify(&sam.masters, &diversification).ok()?;
        // Keys of some other issuer: derived from bytes that the card does not tell.
        let other = diversify(&sam.masters, b"elsewhere!").ok()?;
        let keys = match self.trouble.foreign_keys {
            None => own,
            Some(ForeignKeys::All) => other,
            Some(ForeignKeys::Cipher) => KeySet { enc: other.enc, ..own },
            Some(ForeignKeys::Mac) => KeySet { mac: other.mac, ..own },
        };
        Some((keys, diversification))
    }

    fn file(&self, fid: u16) -> Option<&ChipFile> {
        self.profile.files.iter().find(|file| file.fid == fid)
    }

    fn write(&mut self, fid: u16, offset: usize, data: &[u8], half: bool) -> StatusWord {
        if self.trouble.refuse_writes == Some(fid) {
            return StatusWord::MemoryFailure;
        }
        if !matches!(self.life, Life::Blank | Life::Writing) {
            return StatusWord::ConditionsNotSatisfied;
        }
        let Some(bytes) = self.files.get_mut(&fid) else { return StatusWord::NotFound };
        let Some(room) = bytes.get_mut(offset..offset + data.len()) else { return StatusWord::NoRoom };
        let length = if half { data.len() / 2 } else { data.len() };
        room[..length].copy_from_slice(&data[..length]);
        self.life = Life::Writing;
        StatusWord::Success
    }

    fn fcp(&self, descriptor: u8, fid: u16, size: usize, life: Life) -> Vec<u8> {
        let mut inside = Vec::new();
        let mut add = |tag, value: &[u8]| inside.extend(tlv::encode(tag, value).unwrap_or_default());
        if descriptor == 0x01 {
            add(0x80, &(size as u16).to_be_bytes());
        }
        add(0x82, &[descriptor]);
        add(0x83, &fid.to_be_bytes());
        if let (0x38, Some(aid)) = (descriptor, &self.profile.aid) {
            add(0x84, aid);
        }
        add(0x8A, &[life.byte()]);
        tlv::encode(0x62, &inside).unwrap_or_default()
    }
}

impl Laid {
    fn select(&mut self, command: &CommandApdu) -> Answer {
        let memory = self.chip.memory();
        if memory.trouble.no_application {
            return only(StatusWord::NotFound);
        }
        let wants = command.p2 & 0x0C == 0x04;
        let fid = <[u8; 2]>::try_from(command.data.as_slice()).ok().map(u16::from_be_bytes);
        let by_name = command.p1 == 0x04 && Some(&command.data) == memory.profile.aid.as_ref();
        if by_name || command.p1 == 0x00 && fid == Some(memory.profile.directory) {
            (self.in_application, self.selected, self.channel) = (true, None, None);
            let fcp = memory.fcp(0x38, memory.profile.directory, 0, memory.life);
            return match memory.life {
                Life::Locked => only(StatusWord::FileInvalidated),
                Life::Void => {
                    self.in_application = false;
                    only(StatusWord::FileTerminated)
                }
                _ => (if wants { fcp } else { Vec::new() }, StatusWord::Success),
            };
        }
        match fid.filter(|_| command.p1 != 0x04 && self.in_application).and_then(|fid| memory.file(fid)) {
            Some(_) if memory.life == Life::Locked => only(StatusWord::FileInvalidated),
            Some(file) => {
                self.selected = fid;
                let fcp = memory.fcp(0x01, file.fid, file.size, memory.life);
                (if wants { fcp } else { Vec::new() }, StatusWord::Success)
            }
            None => only(StatusWord::NotFound),
        }
    }

    fn read(&mut self, command: &CommandApdu, secure: bool) -> Answer {
        let mut memory = self.chip.memory();
        let Some(fid) = self.selected else { return only(StatusWord::ConditionsNotSatisfied) };
        if !secure && memory.file(fid).is_none_or(|file| file.read == Access::Sam) {
            return only(StatusWord::SecurityNotSatisfied);
        }
        let start = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = memory.files.get(&fid).and_then(|bytes| bytes.get(start..)) else {
            return only(StatusWord::WrongOffset);
        };
        let wanted = command.le.unwrap_or(0) as usize;
        let mut data = rest[..wanted.min(rest.len())].to_vec();
        let status = if data.len() < wanted { StatusWord::EndOfFile } else { StatusWord::Success };
        if secure && memory.trouble.wrong_reads > 0 && !data.is_empty() {
            memory.trouble.wrong_reads -= 1;
            data[0] ^= 0x01;
        }
        (data, status)
    }

    /// Commands that are heard only through the channel.
    fn secured(&mut self, command: &CommandApdu, half: bool) -> Answer {
        match command.ins {
            0xA4 if command.p1 != 0x04 => self.select(command),
            0xB0 => self.read(command, true),
            0xD6 => {
                let Some(fid) = self.selected else { return only(StatusWord::ConditionsNotSatisfied) };
                let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
                only(self.chip.memory().write(fid, offset, &command.data, half))
            }
            0x44 => {
                let mut memory = self.chip.memory();
                if memory.life != Life::Writing {
                    return only(StatusWord::ConditionsNotSatisfied);
                }
                if !half {
                    memory.life = Life::Finalised;
                }
                only(StatusWord::Success)
            }
            0xE6 => {
                if !half {
                    self.chip.memory().life = Life::Void;
                }
                only(StatusWord::Success)
            }
            _ => only(StatusWord::InstructionUnknown),
        }
    }

    fn initialize(&mut self, command: &CommandApdu) -> Answer {
        let memory = self.chip.memory();
        if memory.tries == 0 {
            return only(StatusWord::Blocked);
        }
        let Some((keys, diversification)) = memory.keys().filter(|(keys, _)| keys.version == command.p1)
        else {
            return only(StatusWord::ReferenceNotFound);
        };
        let mut challenge = [0; 8];
        if openssl::rand::rand_bytes(&mut challenge).is_err() {
            return only(StatusWord::NoDiagnosis);
        }
        match CardChannel::begin(&keys, &diversification, &command.data, challenge) {
            Some((channel, answer)) => {
                self.channel = Some(channel);
                (answer, StatusWord::Success)
            }
            None => only(StatusWord::WrongData),
        }
    }

    fn authenticate(&mut self, command: &CommandApdu) -> Answer {
        let mut memory = self.chip.memory();
        let Some(channel) = self.channel.as_mut() else { return only(StatusWord::ConditionsNotSatisfied) };
        if memory.tries == 0 {
            return only(StatusWord::Blocked);
        }
        if channel.authenticate(command) {
            memory.tries = TRIES;
            return only(StatusWord::Success);
        }
        self.channel = None;
        memory.tries -= 1;
        only(StatusWord::TriesLeft(memory.tries))
    }

    fn obey(&mut self, command: &CommandApdu, half: bool) -> Vec<u8> {
        let plain = |(data, status): Answer| [data, u16::from(status).to_be_bytes().to_vec()].concat();
        if command.cla & 0x04 != 0 && command.cla != 0xFF && command.ins != 0x82 {
            let opened = self.channel.as_mut().filter(|c| c.is_open()).and_then(|c| c.open(command));
            let Some(inner) = opened else {
                // A broken seal ends the session.
                self.channel = None;
                return plain(only(StatusWord::SecureMessagingWrong));
            };
            let (data, status) = self.secured(&inner, half);
            let sealed = self.channel.as_ref().and_then(|c| c.seal(data, status));
            return sealed.unwrap_or_else(|| plain(only(StatusWord::NoDiagnosis)));
        }
        plain(match (command.cla, command.ins) {
            (0xFF, 0xCA) => (self.chip.memory().uid.clone(), StatusWord::Success),
            (0x00, 0xA4) => self.select(command),
            (0x00, 0x84) => {
                let mut bytes = vec![0; command.le.unwrap_or(8).min(256) as usize];
                match openssl::rand::rand_bytes(&mut bytes) {
                    Ok(()) => (bytes, StatusWord::Success),
                    Err(_) => only(StatusWord::NoDiagnosis),
                }
            }
            _ if !self.in_application => only(StatusWord::ConditionsNotSatisfied),
            (0x00, 0x82) if command.data.is_empty() => match self.chip.memory().tries {
                0 => only(StatusWord::Blocked),
                left => only(StatusWord::TriesLeft(left)),
            },
            (0x80, 0x50) => self.initialize(command),
            (0x84, 0x82) => self.authenticate(command),
            (0x00, 0xB0) => self.read(command, false),
            (0x00, 0xD6 | 0x44 | 0xE6) => only(StatusWord::SecurityNotSatisfied),
            _ => only(StatusWord::InstructionUnknown),
        })
    }
}

impl VirtualCard for Laid {
    fn atr(&self) -> Vec<u8> {
        let name: &[u8; 12] =
            if self.chip.memory().trouble.other_atr { b"KARTU-LAIN-1" } else { b"KTP-LATIHAN1" };
        let mut atr = vec![0x3B, 0x8C, 0x80, 0x01];
        atr.extend_from_slice(name);
        atr.push(atr[1..].iter().fold(0, |x, b| x ^ b));
        atr
    }

    fn reset(&mut self) {
        (self.selected, self.in_application, self.channel) = (None, false, None);
    }

    fn answer(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let moment = {
            let mut memory = self.chip.memory();
            let at = memory.heard;
            memory.heard += 1;
            match memory.trouble.torn {
                Some((n, moment)) if n == at => {
                    memory.trouble.torn = None;
                    Some(moment)
                }
                _ => None,
            }
        };
        if moment == Some(Moment::Before) {
            return None;
        }
        let answer = match CommandApdu::decode(bytes) {
            Ok(command) => self.obey(&command, moment == Some(Moment::Half)),
            Err(_) => u16::from(StatusWord::WrongLength).to_be_bytes().to_vec(),
        };
        moment.is_none().then_some(answer)
    }
}
