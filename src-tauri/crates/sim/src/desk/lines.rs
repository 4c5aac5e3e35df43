//! Serial devices and the card of a desk: plugged in, pulled out, moved by the person.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use devices::Role;
use devices::protocol::personalisation::Profile;
use devices::protocol::topaz::Model;
use devices::transport::pcsc::{HeldCard, PcscLink};
use domain::Finger;
use std::sync::Arc;

use crate::topaz::{Gesture, TopazSim};
use crate::vcard::{Card, CardContents, OnReader, Temper, TrainingChip, VCard, hold, reader_at};
use crate::zfm::ZfmSim;
use crate::{DeskPerson, FaultPlan, SimFault};

/// Real speed of the one-finger module.
const ZFM_BAUD: u32 = 57_600;

/// The card service looks at its readers every 400 ms: a card exchanged sooner would never have left in its eyes.
const NOTICED: Duration = Duration::from_secs(1);
/// How long it may take on a loaded machine.
const NOTICED_WITHIN: Duration = Duration::from_secs(60);
/// How the service calls the slot where cards are laid.
const READER: &str = "Virtual PCD 00 00";

/// How long a reader that listens may keep a card waiting.
const PATIENCE: Duration = Duration::from_secs(2);

/// A card, and where it is laid.
#[derive(Clone)]
enum Laid {
    /// That of the person with this seed.
    Ktpel { seed: u64, temper: Temper, port: u16 },
    /// The training card of this blangko.
    Blangko { serial: String, port: u16 },
}

impl Laid {
    fn port(&self) -> u16 {
        match self {
            Self::Ktpel { port, .. } | Self::Blangko { port, .. } => *port,
        }
    }
}

/// A card on the reader; another program lets go of it before it is taken away.
struct There {
    held: Option<HeldCard>,
    _card: VCard,
    laid: Laid,
}

#[derive(Default)]
struct Plugged {
    zfm: Option<ZfmSim>,
    topaz: Option<TopazSim>,
    /// Lines whose port another program holds.
    held: BTreeSet<Role>,
    card: Option<There>,
    /// What lay on the reader when its cable was pulled.
    lifted: Option<Laid>,
    /// Training cards by the serial of their blangko; they keep their content off the reader.
    drawer: BTreeMap<String, TrainingChip>,
}

/// The lines of one desk.
pub struct Lines {
    dir: PathBuf,
    paced: bool,
    person: DeskPerson,
    plans: BTreeMap<Role, FaultPlan>,
    /// Which finger lies on the module, and whose when it is not the person's on the chair.
    finger: Arc<Mutex<(Finger, Option<u64>)>>,
    plugged: Mutex<Plugged>,
}

impl Lines {
    /// Plugs module and pad in below `dir`; `paced` keeps to their real speed.
    ///
    /// # Errors
    /// That of the first line that cannot be plugged in.
    pub fn plug_all(
        dir: &Path,
        paced: bool,
        person: DeskPerson,
        plans: BTreeMap<Role, FaultPlan>,
    ) -> std::io::Result<Self> {
        let lines = Self {
            dir: dir.to_owned(),
            paced,
            person,
            plans,
            finger: Arc::new(Mutex::new((Finger::RightIndex, None))),
            plugged: Mutex::default(),
        };
        lines.replug(Role::FingerVerifier)?;
        lines.replug(Role::SignaturePad)?;
        Ok(lines)
    }

    /// Paths by role.
    pub fn paths(&self) -> BTreeMap<Role, String> {
        [(Role::FingerVerifier, "zfm"), (Role::SignaturePad, "topaz")]
            .into_iter()
            .map(|(role, name)| (role, self.dir.join(name).to_string_lossy().into_owned()))
            .collect()
    }

    /// Pulls the cable of a line; nothing for other roles. The virtual reader is the card service's own: of it the card goes.
    pub fn unplug(&self, role: Role) {
        let mut plugged = self.lock();
        plugged.held.remove(&role);
        match role {
            Role::FingerVerifier => plugged.zfm = None,
            Role::SignaturePad => {
                if let Some(pad) = plugged.topaz.take() {
                    pad.unplug();
                }
            }
            Role::CardReader => {
                if let Some(there) = plugged.card.take() {
                    plugged.lifted = Some(there.laid.clone());
                }
            }
            _ => {}
        }
    }

    /// Plugs a line in again; nothing for other roles. What lay on the card reader lies there again.
    ///
    /// # Errors
    /// When the line cannot be plugged in, or the card not be laid down.
    pub fn replug(&self, role: Role) -> std::io::Result<()> {
        let lay_there = self.lock().card.is_some();
        self.unplug(role);
        let plan = self.plan(role);
        if plan.now() == Some(SimFault::Absent) {
            plan.clear();
        }
        match role {
            Role::CardReader => {
                if lay_there {
                    noticed();
                }
                self.follow(role)
            }
            _ => self.plug(role),
        }
    }

    /// Does what the plan of a role says, where that is not up to the device itself: another program holds its port or the
    /// card on it, or the card reader is away.
    ///
    /// # Errors
    /// When the line cannot be plugged in, or the card not be laid down or held.
    pub fn follow(&self, role: Role) -> std::io::Result<()> {
        let now = self.plan(role).now();
        let busy = now == Some(SimFault::Busy);
        match role {
            // Whoever has the port keeps it until the device is plugged in anew.
            Role::FingerVerifier | Role::SignaturePad if busy != self.lock().held.contains(&role) => {
                self.unplug(role);
                self.plug(role)
            }
            Role::CardReader if now == Some(SimFault::Absent) => {
                self.unplug(role);
                Ok(())
            }
            Role::CardReader => {
                let lifted = self.lock().lifted.clone();
                match lifted {
                    Some(laid) => self.lay_down(laid),
                    None => self.hold_card(busy),
                }
            }
            _ => Ok(()),
        }
    }

    fn plan(&self, role: Role) -> FaultPlan {
        self.plans.get(&role).cloned().unwrap_or_default()
    }

    fn plug(&self, role: Role) -> std::io::Result<()> {
        let plan = self.plan(role);
        let held = plan.now() == Some(SimFault::Busy);
        match role {
            Role::FingerVerifier => {
                let (desk, finger) = (self.person.clone(), self.finger.clone());
                let source = Box::new(move |touch| {
                    let (finger, other) = *finger.lock().unwrap_or_else(PoisonError::into_inner);
                    let seed = other.unwrap_or_else(|| desk.get().seed);
                    synth::Person::new(seed).finger(finger, &synth::Impression::usual(touch))
                });
                let zfm = ZfmSim::plug(&self.dir.join("zfm"), self.paced.then_some(ZFM_BAUD), source, plan)?;
                self.lock().zfm = Some(zfm);
            }
            Role::SignaturePad => {
                let path = self.dir.join("topaz");
                let pad = TopazSim::plug(&path, Model::default(), self.paced, self.person.clone(), plan)?;
                self.lock().topaz = Some(pad);
            }
            _ => return Ok(()),
        }
        if held {
            self.lock().held.insert(role);
        }
        Ok(())
    }

    /// The person lays this finger on the one-finger module from now on.
    pub fn lay(&self, finger: Finger) {
        *self.finger.lock().unwrap_or_else(PoisonError::into_inner) = (finger, None);
    }

    /// Somebody else, drawn from `seed`, reaches over and lays this finger from now on; the person stays on the chair.
    pub fn lay_of(&self, seed: u64, finger: Finger) {
        *self.finger.lock().unwrap_or_else(PoisonError::into_inner) = (finger, Some(seed));
    }

    /// The person moves the pen; returns when the last packet is on the line.
    pub fn draw(&self, gesture: Gesture) {
        if let Some(pad) = &self.lock().topaz {
            pad.draw(gesture);
        }
    }

    /// Puts the person's KTP-el, or a card that behaves otherwise, on a virtual reader (vpcd) at `port`, in place of what lies
    /// there.
    ///
    /// # Errors
    /// When nobody listens on `port`, or the person's picture cannot be encoded; when the card shall be held, and cannot be.
    pub fn insert_card(&self, port: u16, temper: Temper) -> std::io::Result<()> {
        self.lay_down(Laid::Ktpel { seed: self.person.get().seed, temper, port })
    }

    /// The training card in the drawer under this serial of a blangko, made blank when it is new.
    ///
    /// # Errors
    /// When the card in the drawer cannot be read or kept.
    pub fn blangko(&self, serial: &str) -> std::io::Result<TrainingChip> {
        let mut plugged = self.lock();
        if let Some(chip) = plugged.drawer.get(serial) {
            return Ok(chip.clone());
        }
        let profile = Profile::training().map_err(std::io::Error::other)?;
        let number = plugged.drawer.len() as u32 + 1;
        let chip = TrainingChip::blank(Arc::new(profile), number);
        plugged.drawer.insert(serial.to_owned(), chip.clone());
        Ok(chip)
    }

    /// Lays the training card of this serial on a virtual reader (vpcd) at `port`, in place of what lies there.
    ///
    /// # Errors
    /// Those of [`Self::blangko`]; when nobody listens on `port`; when the card shall be held, and cannot be.
    pub fn insert_blangko(&self, serial: &str, port: u16) -> std::io::Result<()> {
        self.lay_down(Laid::Blangko { serial: serial.to_owned(), port })
    }

    /// Takes the card away.
    pub fn remove_card(&self) {
        let mut plugged = self.lock();
        (plugged.card, plugged.lifted) = (None, None);
    }

    fn lay_down(&self, laid: Laid) -> std::io::Result<()> {
        let plan = self.plan(Role::CardReader);
        if plan.absent() {
            // Seen once the reader is plugged in.
            self.lock().lifted = Some(laid);
            return Ok(());
        }
        let lay_there = self.lock().card.take();
        if let Some(card) = lay_there {
            drop(card);
            noticed();
        }
        let port = laid.port();
        let card = match &laid {
            Laid::Ktpel { seed, temper, .. } => {
                let card = Card::new(CardContents::of(synth::Person::new(*seed))?, *temper);
                VCard::insert(port, OnReader::new(card, plan), PATIENCE)?
            }
            Laid::Blangko { serial, .. } => {
                VCard::insert(port, OnReader::new(self.blangko(serial)?.laid(), plan), PATIENCE)?
            }
        };
        let mut plugged = self.lock();
        (plugged.card, plugged.lifted) = (Some(There { held: None, _card: card, laid }), None);
        drop(plugged);
        self.follow(Role::CardReader)
    }

    /// Another program takes the card that lies there, or lets go of it.
    fn hold_card(&self, wanted: bool) -> std::io::Result<()> {
        let port = match &mut self.lock().card {
            Some(there) if wanted && there.held.is_none() => there.laid.port(),
            Some(there) if !wanted => {
                there.held = None;
                return Ok(());
            }
            _ => return Ok(()),
        };
        let reader = reader_at(port).ok_or_else(|| std::io::Error::other("no virtual reader"))?;
        let held = hold(&reader, NOTICED_WITHIN)?;
        if let Some(there) = &mut self.lock().card {
            there.held = Some(held);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Plugged> {
        self.plugged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the service has seen that the reader is empty; one that does not say is given its time.
fn noticed() {
    let (mut link, began) = (PcscLink::new(), Instant::now());
    while began.elapsed() < NOTICED_WITHIN {
        match link.look(READER) {
            Ok(None) => return,
            Ok(Some(_)) => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => return std::thread::sleep(NOTICED),
        }
    }
}
