//! A Topaz pad: the real packets, on a pty or on any byte link.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use devices::protocol::topaz::{Model, Packet};
use devices::transport::serial::ByteLink;

use crate::pty::Pty;
use crate::{DeskPerson, FaultPlan, SimFault};

/// Within this time whoever listens has taken what is on the line.
const ARRIVED: Duration = Duration::from_millis(100);

/// What the hand does on the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gesture {
    /// The person signs.
    Sign,
    /// One dot.
    Dot,
    /// A straight line, as someone does who cannot sign.
    Line,
    /// A line of 2 mm: too short for a signature, long enough where a line was announced.
    ShortLine,
    /// The pen hovers and never touches.
    Hover,
}

/// The packets of a gesture by `person` on a pad of `model`; pressure goes before each position.
pub fn packets(person: synth::Person, gesture: Gesture, model: Model) -> Vec<Packet> {
    let calibration = model.calibration();
    let strokes: Vec<Vec<(f32, f32, f32)>> = match gesture {
        Gesture::Sign => person
            .signature()
            .iter()
            .map(|stroke| stroke.iter().map(|p| (p.x, p.y, p.pressure)).collect())
            .collect(),
        Gesture::Dot => vec![vec![(0.5, 0.5, 0.4); 6]],
        Gesture::Line => vec![(0..60).map(|i| (0.2 + i as f32 / 100.0, 0.5, 0.5)).collect()],
        Gesture::ShortLine => {
            vec![(0..20).map(|i| (0.4 + 2.0 * i as f32 / 19.0 / calibration.width_mm, 0.5, 0.5)).collect()]
        }
        Gesture::Hover => vec![vec![(0.5, 0.5, 0.0); 20]],
    };
    let mut packets = Vec::new();
    for stroke in strokes {
        let place = |(x, y, _): (f32, f32, f32)| {
            calibration.to_raw(x * calibration.width_mm, y * calibration.height_mm)
        };
        for &point in &stroke {
            let (x, y) = place(point);
            let down = gesture != Gesture::Hover;
            packets.push(Packet::Pressure { down, value: (point.2 * 1023.0) as u16 });
            packets.push(Packet::Position { near: true, down, x, y });
        }
        // The tip leaves the surface where the stroke ends.
        if let Some(&last) = stroke.last() {
            let (x, y) = place(last);
            packets.push(Packet::Position { near: true, down: false, x, y });
        }
    }
    packets
}

enum Order {
    Draw(Gesture, Sender<()>),
    Unplug,
}

/// A pad that runs on its own thread until dropped.
pub struct TopazSim {
    path: PathBuf,
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

impl TopazSim {
    /// Plugs a pad in at `path`; `paced` keeps to the model's real speed. One that is busy from the start has its port held by
    /// another program until it is dropped.
    ///
    /// # Errors
    /// When the system gives no pseudo-terminal, or `path` cannot be made to point to it.
    pub fn plug(
        path: &Path,
        model: Model,
        paced: bool,
        desk: DeskPerson,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        // Odd parity makes a byte 11 bits long.
        let pace = paced.then_some(model.line().baud / 11 * 10);
        let held = plan.now() == Some(SimFault::Busy);
        let link = if held { Pty::plug_held(path, pace)? } else { Pty::plug(path, pace)? };
        Ok(Self::over(Box::new(link), path, model, desk, plan))
    }

    /// Runs a pad on any link.
    pub fn over(
        link: Box<dyn ByteLink>,
        path: &Path,
        model: Model,
        desk: DeskPerson,
        plan: FaultPlan,
    ) -> Self {
        let (orders, inbox) = channel();
        let thread = std::thread::Builder::new()
            .name("sim_topaz".to_owned())
            .spawn(move || run(link, &inbox, model, &desk, &plan));
        Self { path: path.to_owned(), orders, thread: thread.ok() }
    }

    /// The port to open.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The person on the chair moves the pen; returns when the last packet is on the line or the pad is gone.
    pub fn draw(&self, gesture: Gesture) {
        let (done, wait) = channel();
        if self.orders.send(Order::Draw(gesture, done)).is_ok() {
            let _ = wait.recv();
        }
    }

    /// Pulls the plug.
    pub fn unplug(&self) {
        let _ = self.orders.send(Order::Unplug);
    }
}

fn run(
    mut link: Box<dyn ByteLink>,
    inbox: &Receiver<Order>,
    model: Model,
    desk: &DeskPerson,
    plan: &FaultPlan,
) {
    while let Ok(order) = inbox.recv() {
        let Order::Draw(gesture, _done) = order else { return };
        let fault = plan.take();
        // Of a port that another program holds the station hears nothing.
        if matches!(fault, Some(SimFault::Absent | SimFault::NoFinger | SimFault::Busy)) {
            continue;
        }
        let packets = packets(synth::Person::new(desk.get().seed), gesture, model);
        let half = packets.len() / 2;
        for (i, packet) in packets.into_iter().enumerate() {
            let mut bytes = packet.encode().to_vec();
            match fault {
                Some(SimFault::UnplugMidCapture) if i == half => {
                    // What left before the cable was pulled has arrived.
                    std::thread::sleep(ARRIVED);
                    return;
                }
                Some(SimFault::Slow(ms)) if i == half => std::thread::sleep(Duration::from_millis(ms)),
                // Half packets, stray bytes and bad samples in between.
                Some(SimFault::Garbage) if i % 7 == 0 => {
                    bytes.splice(0..0, [0x00, 0x81, 0x12, 0x7F]);
                }
                Some(SimFault::PoorQuality) if i % 5 == 0 => {
                    bytes.splice(0..0, Packet::BadSample { down: true }.encode());
                }
                _ => {}
            }
            if link.write(&bytes).is_err() {
                return;
            }
        }
    }
}

impl Drop for TopazSim {
    fn drop(&mut self) {
        self.unplug();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
