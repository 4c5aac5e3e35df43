//! A ZFM module: the real frames, on a pty or on any byte link.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use devices::protocol::zfm::frame::{Frame, Pid};
use devices::protocol::zfm::gen_img::GenImg;
use devices::protocol::zfm::image::{HEIGHT, WIDTH, pack};
use devices::protocol::zfm::img2tz::Img2Tz;
use devices::protocol::zfm::read_sys_para::{ReadSysPara, SysPara};
use devices::protocol::zfm::up_image::UpImage;
use devices::protocol::zfm::vfy_pwd::VfyPwd;
use devices::protocol::zfm::{Accumulator, Code, Command, Event};
use devices::transport::serial::ByteLink;
use domain::Finger;
use domain::image::GrayImage;

use crate::pty::Pty;
use crate::{DeskPerson, FaultPlan, SimFault};

/// Bytes of one data packet.
const PACKET: usize = 128;

/// Who lays which finger: called once for every image taken, with the number of the touch.
pub type FingerSource = Box<dyn FnMut(u64) -> GrayImage + Send>;

/// The person on the chair lays `finger`; every touch is a little different.
pub fn finger_of(desk: DeskPerson, finger: Finger) -> FingerSource {
    Box::new(move |touch| {
        synth::Person::new(desk.get().seed).finger(finger, &synth::Impression::usual(touch))
    })
}

/// Cuts or pads a 500 ppi picture around its middle to the module's 256 × 288.
pub fn window(image: &GrayImage) -> GrayImage {
    let (left, top) =
        ((i64::from(image.width) - i64::from(WIDTH)) / 2, (i64::from(image.height) - i64::from(HEIGHT)) / 2);
    let pixels = (0..i64::from(HEIGHT))
        .flat_map(|y| (0..i64::from(WIDTH)).map(move |x| (x + left, y + top)))
        .map(|(x, y)| {
            let inside =
                (0..i64::from(image.width)).contains(&x) && (0..i64::from(image.height)).contains(&y);
            if inside { image.pixels[(y * i64::from(image.width) + x) as usize] } else { 255 }
        })
        .collect();
    GrayImage { width: WIDTH, height: HEIGHT, pixels }
}

/// The module itself, apart from any wire.
pub struct ZfmModule {
    accumulator: Accumulator,
    source: FingerSource,
    plan: FaultPlan,
    touches: u64,
    buffer: Option<Vec<u8>>,
}

/// What the module does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Wait, then go on.
    Wait(Duration),
    /// Go away.
    Unplug,
}

impl ZfmModule {
    /// A module on which `source` lays fingers and which misbehaves after `plan`.
    pub fn new(source: FingerSource, plan: FaultPlan) -> Self {
        Self { accumulator: Accumulator::new(), source, plan, touches: 0, buffer: None }
    }

    /// Takes bytes of the station.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Act> {
        let events = self.accumulator.push(bytes);
        let mut acts = Vec::new();
        for event in events {
            match event {
                Event::Frame(frame) if frame.pid == Pid::Command => self.command(&frame.payload, &mut acts),
                Event::Frame(_) => {}
                Event::BadSum { .. } => acts.push(Act::Send(ack(vec![u8::from(Code::ReceiveError)]))),
            }
        }
        acts
    }

    fn command(&mut self, payload: &[u8], acts: &mut Vec<Act>) {
        if self.plan.absent() {
            return;
        }
        if let Some(SimFault::Slow(ms)) = self.plan.now() {
            acts.push(Act::Wait(Duration::from_millis(ms)));
        }
        let answer = match payload.first() {
            Some(&VfyPwd::ID) => match VfyPwd::decode(payload) {
                Ok(VfyPwd { password: 0 }) => VfyPwd::encode_response(&Code::Done),
                _ => VfyPwd::encode_response(&Code::WrongPassword),
            },
            Some(&ReadSysPara::ID) => ReadSysPara::encode_response(&SysPara {
                status: 0,
                system_id: 9,
                capacity: 1000,
                security: 3,
                address: 0xFFFF_FFFF,
                packet_size_code: 2,
                baud_factor: 6,
            }),
            Some(&GenImg::ID) => GenImg::encode_response(&self.touch()),
            Some(&Img2Tz::ID) => Img2Tz::encode_response(&match (&self.buffer, self.plan.now()) {
                (None, _) => Code::NoImage,
                (_, Some(SimFault::PoorQuality)) => Code::Disorderly,
                _ => Code::Done,
            }),
            Some(&UpImage::ID) => {
                self.upload(acts);
                return;
            }
            _ => vec![u8::from(Code::Other(0x1F))],
        };
        acts.push(Act::Send(ack(answer)));
    }

    fn touch(&mut self) -> Code {
        match self.plan.now() {
            Some(SimFault::NoFinger) => {
                self.plan.take();
                return Code::NoFinger;
            }
            // The sensor says yes and keeps what it had.
            Some(SimFault::StaleImage) if self.buffer.is_some() => return Code::Done,
            _ => {}
        }
        self.touches += 1;
        let mut image = window(&(self.source)(self.touches));
        if self.plan.now() == Some(SimFault::PoorQuality) {
            image.pixels.iter_mut().for_each(|p| *p = 200 + *p / 5);
        }
        match pack(&image) {
            Ok(packed) => {
                self.buffer = Some(packed);
                Code::Done
            }
            Err(_) => Code::ImageFailed,
        }
    }

    fn upload(&mut self, acts: &mut Vec<Act>) {
        let Some(packed) = &self.buffer else {
            acts.push(Act::Send(ack(UpImage::encode_response(&Code::NoImage))));
            return;
        };
        acts.push(Act::Send(ack(UpImage::encode_response(&Code::Done))));
        let fault = self.plan.now();
        if matches!(fault, Some(SimFault::Garbage | SimFault::WrongChecksum | SimFault::UnplugMidCapture)) {
            self.plan.take();
        }
        let count = packed.len().div_ceil(PACKET);
        for (i, piece) in packed.chunks(PACKET).enumerate() {
            let pid = if i + 1 == count { Pid::LastData } else { Pid::Data };
            let mut bytes = Frame::new(pid, piece.to_vec()).encode();
            match fault {
                Some(SimFault::UnplugMidCapture) if i == count / 2 => {
                    acts.push(Act::Unplug);
                    return;
                }
                Some(SimFault::WrongChecksum) if i == count / 2 => {
                    let last = bytes.len() - 1;
                    bytes[last] ^= 0x55;
                }
                Some(SimFault::Garbage) if i == count / 2 => {
                    bytes = vec![0x00, 0xEF, 0x01, 0xEF, 0x13, 0x37, 0x00]
                }
                _ => {}
            }
            acts.push(Act::Send(bytes));
        }
    }
}

fn ack(payload: Vec<u8>) -> Vec<u8> {
    Frame::new(Pid::Acknowledge, payload).encode()
}

/// A module that runs on its own thread until dropped.
pub struct ZfmSim {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ZfmSim {
    /// Plugs a module in at `path`; `pace` = Some(57600) keeps to the real speed. After `UnplugMidCapture`
    /// the port vanishes; call this again for a replug. One that is busy from the start has its port held by another program
    /// until it is dropped.
    ///
    /// # Errors
    /// When the system gives no pseudo-terminal, or `path` cannot be made to point to it.
    pub fn plug(
        path: &Path,
        pace: Option<u32>,
        source: FingerSource,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        let held = plan.now() == Some(SimFault::Busy);
        let link = if held { Pty::plug_held(path, pace)? } else { Pty::plug(path, pace)? };
        Ok(Self::over(Box::new(link), path, source, plan))
    }

    /// Runs a module on any link.
    pub fn over(link: Box<dyn ByteLink>, path: &Path, source: FingerSource, plan: FaultPlan) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, mut module) = (stop.clone(), ZfmModule::new(source, plan));
        let thread = std::thread::Builder::new()
            .name("sim_zfm".to_owned())
            .spawn(move || run(link, &mut module, &stopped));
        Self { path: path.to_owned(), stop, thread: thread.ok() }
    }

    /// The port to open.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn run(mut link: Box<dyn ByteLink>, module: &mut ZfmModule, stop: &AtomicBool) {
    let mut buffer = [0; 512];
    while !stop.load(Ordering::Relaxed) {
        let Ok(n) = link.read(&mut buffer, Duration::from_millis(50)) else { return };
        for act in module.push(&buffer[..n]) {
            match act {
                Act::Send(bytes) if link.write(&bytes).is_err() => return,
                Act::Send(_) => {}
                Act::Wait(pause) => std::thread::sleep(pause),
                Act::Unplug => return,
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

impl Drop for ZfmSim {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
