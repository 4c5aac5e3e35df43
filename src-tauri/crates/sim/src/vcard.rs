//! A card on a virtual reader (vpcd): a KTP-el with its free files, or one that misbehaves.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use devices::protocol::apdu::{CommandApdu, StatusWord};
use devices::protocol::ktpel::{DF_KTPEL, EF_CARD_CONTROL, EF_PHOTO};
use domain::image::RgbImage;

/// Port of the first slot in Debian's package; the second is one higher.
pub const VPCD_PORT: u16 = 0x8C7B;

const POWER_OFF: u8 = 0x00;
const POWER_ON: u8 = 0x01;
const RESET: u8 = 0x02;
const SEND_ATR: u8 = 0x04;

/// How a card behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// A KTP-el.
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

    fn reset(&mut self) {
        (self.in_ktpel, self.selected, self.corrected) = (false, None, false);
        self.waiting.clear();
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

/// A card lying on the reader. Dropping it takes it away.
pub struct VCard {
    socket: Arc<Mutex<Option<TcpStream>>>,
    thread: Option<JoinHandle<()>>,
}

impl VCard {
    /// Lays the card on the vpcd reader that listens on `port`, trying for at most `patience`.
    pub fn insert(port: u16, card: Card, patience: Duration) -> io::Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let until = Instant::now() + patience;
        let stream = loop {
            match TcpStream::connect_timeout(&address, Duration::from_secs(1)) {
                Ok(stream) => break stream,
                Err(error) if Instant::now() >= until => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        stream.set_nodelay(true)?;
        let socket = Arc::new(Mutex::new(Some(stream.try_clone()?)));
        let thread = std::thread::Builder::new().name("sim_vcard".to_owned()).spawn(move || {
            let _ = serve(stream, card);
        })?;
        Ok(Self { socket, thread: Some(thread) })
    }

    /// Takes the card away.
    pub fn remove(&self) {
        if let Some(socket) = self.socket.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for VCard {
    fn drop(&mut self) {
        self.remove();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// vpcd sends length and data apart; without a quick ACK each APDU then waits 40 ms for the delayed one.
fn quick(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_quickack(true);
}

fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    quick(stream);
    stream.read_exact(buffer)?;
    quick(stream);
    Ok(())
}

fn serve(mut stream: TcpStream, mut card: Card) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        read(&mut stream, &mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        read(&mut stream, &mut message)?;
        let reply = match *message.as_slice() {
            [POWER_OFF | POWER_ON | RESET] => {
                card.reset();
                continue;
            }
            [SEND_ATR] => Card::atr(),
            _ => match card.answer(&message) {
                Some(reply) => reply,
                None => {
                    let _ = stream.shutdown(Shutdown::Both);
                    return Ok(());
                }
            },
        };
        let mut framed = (reply.len() as u16).to_be_bytes().to_vec();
        framed.extend_from_slice(&reply);
        stream.write_all(&framed)?;
    }
}
