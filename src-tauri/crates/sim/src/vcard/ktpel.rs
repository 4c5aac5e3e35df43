//! A KTP-el with its free files, or one that misbehaves.

use std::io;

use devices::protocol::apdu::{CommandApdu, StatusWord};
use devices::protocol::ktpel::{DF_KTPEL, EF_CARD_CONTROL, EF_PHOTO};
use domain::image::RgbImage;
use serde::{Deserialize, Serialize};

use super::VirtualCard;

/// How a card behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Temper {
    /// A KTP-el.
    #[default]
    Ktpel,
    /// A card of another kind.
    Foreign,
    /// Torn out after this many commands.
    TornAfter(u32),
    /// Says 6110 for ever.
    EndlessMore,
    /// Offers more than 64 KB by 6100.
    Flood,
    /// A KTP-el whose first answer to a read is 6Cxx.
    WrongLeFirst,
    /// A KTP-el whose photograph is no JPEG.
    NotJpeg,
    /// Length above every chip.
    HugeLength,
}

/// What is on the card.
#[derive(Clone)]
pub struct CardContents {
    /// Photograph, JPEG.
    pub photo: Vec<u8>,
    /// Card control file.
    pub control: Vec<u8>,
    /// UID; 8 bytes answer as type B, others as type A.
    pub uid: Vec<u8>,
}

impl std::fmt::Debug for CardContents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardContents({} bytes of photo)", self.photo.len())
    }
}

impl CardContents {
    /// The card of a synthetic person.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub fn of(person: synth::Person) -> io::Result<Self> {
        let portrait = person.portrait(&synth::PortraitLook::default());
        let photo = jpeg(&shrink(&portrait, 240))?;
        let seed = person.seed().to_be_bytes();
        let mut uid = vec![0x04];
        uid.extend_from_slice(&seed[2..]);
        Ok(Self { photo, control: (0..53).collect(), uid })
    }
}

/// Takes every n-th pixel so that the width is at most `width`.
fn shrink(image: &RgbImage, width: u32) -> RgbImage {
    let step = image.width.div_ceil(width).max(1);
    let (w, h) = (image.width / step, image.height / step);
    let pixels = (0..h)
        .flat_map(|y| (0..w).map(move |x| ((y * step * image.width + x * step) * 3) as usize))
        .flat_map(|i| image.pixels[i..i + 3].iter().copied())
        .collect();
    RgbImage { width: w, height: h, pixels }
}

fn jpeg(image: &RgbImage) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 70)
        .encode(&image.pixels, image.width, image.height, image::ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// The card itself, apart from any wire.
#[derive(Debug)]
pub struct Card {
    contents: CardContents,
    temper: Temper,
    in_ktpel: bool,
    selected: Option<u16>,
    waiting: Vec<u8>,
    corrected: bool,
    commands: u32,
}

impl Card {
    /// A card.
    pub fn new(contents: CardContents, temper: Temper) -> Self {
        let (in_ktpel, selected, waiting) = (false, None, Vec::new());
        Self { contents, temper, in_ktpel, selected, waiting, corrected: false, commands: 0 }
    }

    /// Answer to reset: `KTP-SIM1` in the historical bytes, checksum last.
    pub fn atr() -> Vec<u8> {
        let mut atr = vec![0x3B, 0x88, 0x80, 0x01];
        atr.extend_from_slice(b"KTP-SIM1");
        atr.push(atr[1..].iter().fold(0, |x, b| x ^ b));
        atr
    }

    /// The answer to a command; `None` = the card is torn out.
    pub fn answer(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.commands += 1;
        if matches!(self.temper, Temper::TornAfter(n) if self.commands > n) {
            return None;
        }
        let Ok(command) = CommandApdu::decode(bytes) else { return Some(status(StatusWord::WrongLength)) };
        Some(match (command.cla, command.ins) {
            (0xFF, 0xCA) if self.contents.uid.len() != 8 => self.with_ok(self.contents.uid.clone()),
            (0x00, 0xDD) if self.contents.uid.len() == 8 => self.with_ok(self.contents.uid.clone()),
            (0x00, 0xA4) => self.select(&command),
            (0x00, 0xB0) => self.read(&command),
            (0x00, 0xC0) => self.more(&command),
            (0x00, 0x84) => self.with_ok(vec![0x5A; 8]),
            _ => status(StatusWord::InstructionUnknown),
        })
    }

    fn with_ok(&self, mut data: Vec<u8>) -> Vec<u8> {
        data.extend_from_slice(&[0x90, 0x00]);
        data
    }

    fn select(&mut self, command: &CommandApdu) -> Vec<u8> {
        let &[high, low] = command.data.as_slice() else { return status(StatusWord::WrongLength) };
        let fid = u16::from_be_bytes([high, low]);
        match fid {
            _ if self.temper == Temper::Foreign => status(StatusWord::NotFound),
            DF_KTPEL => {
                self.in_ktpel = true;
                self.selected = None;
                status(StatusWord::Success)
            }
            EF_PHOTO | EF_CARD_CONTROL if self.in_ktpel => {
                self.selected = Some(fid);
                status(StatusWord::Success)
            }
            // Files that exist but need a SAM.
            0x6FF1 | 0x6FF3..=0x6FF6 if self.in_ktpel => status(StatusWord::SecurityNotSatisfied),
            _ => status(StatusWord::NotFound),
        }
    }

    fn file(&self) -> Option<Vec<u8>> {
        match self.selected? {
            EF_CARD_CONTROL => Some(self.contents.control.clone()),
            _ => {
                let mut photo = self.contents.photo.clone();
                if self.temper == Temper::NotJpeg {
                    photo.reverse();
                }
                let length = if self.temper == Temper::HugeLength { 0xFFFF } else { photo.len() as u16 };
                Some([length.to_be_bytes().to_vec(), photo].concat())
            }
        }
    }

    fn read(&mut self, command: &CommandApdu) -> Vec<u8> {
        match self.temper {
            Temper::EndlessMore => return status(StatusWord::MoreData(0x10)),
            Temper::Flood => return status(StatusWord::MoreData(0)),
            Temper::WrongLeFirst if !self.corrected => {
                self.corrected = true;
                return status(StatusWord::WrongLe(command.le.unwrap_or(0) as u8));
            }
            _ => self.corrected = false,
        }
        let Some(file) = self.file() else { return status(StatusWord::ConditionsNotSatisfied) };
        let start = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = file.get(start..) else { return status(StatusWord::WrongOffset) };
        let wanted = command.le.unwrap_or(0) as usize;
        if rest.len() < wanted {
            return [rest, &[0x62, 0x82]].concat();
        }
        self.with_ok(rest[..wanted].to_vec())
    }

    fn more(&mut self, command: &CommandApdu) -> Vec<u8> {
        let length = command.le.unwrap_or(0) as usize;
        match self.temper {
            Temper::EndlessMore => status(StatusWord::MoreData(0x10)),
            Temper::Flood => [vec![0xAA; length], status(StatusWord::MoreData(0))].concat(),
            _ => status(StatusWord::ConditionsNotSatisfied),
        }
    }
}

fn status(status: StatusWord) -> Vec<u8> {
    u16::from(status).to_be_bytes().to_vec()
}

impl VirtualCard for Card {
    fn atr(&self) -> Vec<u8> {
        Self::atr()
    }

    fn reset(&mut self) {
        (self.in_ktpel, self.selected, self.corrected) = (false, None, false);
        self.waiting.clear();
    }

    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        Card::answer(self, command)
    }
}
