//! Commands over a link: deadlines, retry and resynchronisation.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::zfm::read_sys_para::{ReadSysPara, SysPara};
use crate::protocol::zfm::up_image::{PACKET_TIMEOUT, UpImage};
use crate::protocol::zfm::vfy_pwd::VfyPwd;
use crate::protocol::zfm::{Accumulator, Code, Command, Event, Frame, ImageAssembler, Pid, ZfmError};
use crate::transport::serial::ByteLink;

/// Times an idempotent command is sent before its fault is reported.
const TRIES: usize = 3;
/// Silence after which a disturbed line counts as quiet.
const SILENCE: Duration = Duration::from_millis(150);
/// Most bytes thrown away while waiting for silence: two images. A line that never stops is garbage.
const DRAIN_MOST: usize = 100_000;

/// An open module.
pub struct Session {
    link: Box<dyn ByteLink>,
    accumulator: Accumulator,
    events: VecDeque<Event>,
    /// Until when something may still come of the last command; nothing once all of it has come.
    owed: Option<Instant>,
}

impl From<ZfmError> for Fault {
    fn from(error: ZfmError) -> Self {
        match error {
            ZfmError::Refused { command, code } => {
                Fault::Refused { code: format!("{:02X}", u8::from(code)), info: command.to_owned() }
            }
            other => Fault::garbage(other.to_string()),
        }
    }
}

impl Session {
    /// The module behind `link`, not yet asked anything. `owed` is that of an older session on the same line.
    pub fn new(link: Box<dyn ByteLink>, owed: Option<Instant>) -> Self {
        Self { link, accumulator: Accumulator::new(), events: VecDeque::new(), owed }
    }

    /// Until when something may still come of a command that was left, also over another link to the same module.
    pub fn owed(&self) -> Option<Instant> {
        self.owed
    }

    /// Throws away what lies on the line, then asks who is there.
    ///
    /// # Errors
    /// Those of [`Self::identify`] and [`Self::run`]; [`Fault::TooLarge`] when the line does not fall silent.
    pub fn begin(&mut self, budget: &Budget) -> Result<SysPara, Fault> {
        self.settle(budget)?;
        self.link.drain(Duration::from_millis(20), DRAIN_MOST)?;
        self.identify(budget)?;
        self.run(&ReadSysPara, budget)
    }

    /// Proves that a module with the factory password is there.
    ///
    /// # Errors
    /// [`Fault::Refused`] for another password; [`Fault::TimedOut`], [`Fault::Cancelled`], [`Fault::Unplugged`].
    pub fn identify(&mut self, budget: &Budget) -> Result<(), Fault> {
        self.retry(VfyPwd::IDEMPOTENT, budget, |session, budget| {
            match session.once(&VfyPwd::default(), budget)? {
                Code::Done => Ok(()),
                code => Err(ZfmError::Refused { command: VfyPwd::NAME, code }.into()),
            }
        })
    }

    /// Sends a command and reads its answer, retrying where that is safe.
    ///
    /// # Errors
    /// [`Fault::Refused`] with the module's confirmation code; [`Fault::Garbage`], [`Fault::Checksum`] after the last
    /// try; [`Fault::TooLarge`] for noise without end; [`Fault::TimedOut`], [`Fault::Cancelled`], [`Fault::Unplugged`].
    pub fn run<C: Command>(&mut self, command: &C, budget: &Budget) -> Result<C::Response, Fault> {
        self.retry(C::IDEMPOTENT, budget, |session, budget| session.once(command, budget))
    }

    /// Uploads the image in the module's buffer, packed.
    ///
    /// # Errors
    /// Those of [`Self::run`]; [`Fault::Garbage`] for an upload that is no image.
    pub fn upload(&mut self, budget: &Budget) -> Result<Vec<u8>, Fault> {
        self.retry(UpImage::IDEMPOTENT, budget, |session, budget| {
            match session.once(&UpImage, budget) {
                Ok(Code::Done) => {}
                Ok(code) => return Err(ZfmError::Refused { command: UpImage::NAME, code }.into()),
                Err(fault) => {
                    // The image comes also behind an answer that came damaged.
                    if matches!(fault, Fault::Checksum { .. }) {
                        session.owed = Some(Instant::now() + PACKET_TIMEOUT);
                    }
                    return Err(fault);
                }
            }
            let mut assembler = ImageAssembler::new();
            loop {
                session.owed = Some(Instant::now() + PACKET_TIMEOUT);
                let frame = session.frame(Pid::LastData, &budget.step(PACKET_TIMEOUT))?;
                if frame.pid == Pid::LastData {
                    session.owed = None;
                }
                if let Some(packed) = assembler.push(&frame)? {
                    return Ok(packed);
                }
            }
        })
    }

    fn retry<T>(
        &mut self,
        idempotent: bool,
        budget: &Budget,
        mut attempt: impl FnMut(&mut Self, &Budget) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut tries = 0;
        loop {
            budget.check()?;
            tries += 1;
            match attempt(self, budget) {
                Err(fault @ (Fault::TimedOut { .. } | Fault::Checksum { .. } | Fault::Garbage { .. }))
                    if idempotent && tries < TRIES =>
                {
                    tracing::debug!(%fault, tries, "resynchronising the fingerprint module");
                    self.resynchronise(budget)?;
                }
                result => return result,
            }
        }
    }

    /// Waits for silence, then asks for identity; an unanswered question is left to the next attempt.
    fn resynchronise(&mut self, budget: &Budget) -> Result<(), Fault> {
        // Also after an answer that came whole: it may have been that of another command.
        self.owed = Some(self.owed.unwrap_or_else(Instant::now));
        self.settle(budget)?;
        match self.once(&VfyPwd::default(), budget) {
            Err(fault @ (Fault::Unplugged | Fault::Cancelled)) => Err(fault),
            _ => budget.check(),
        }
    }

    /// Throws away what still comes of a command that was left, until the line is silent. An answer does not say of which
    /// command it is: it would be read as that of the next one.
    fn settle(&mut self, budget: &Budget) -> Result<(), Fault> {
        let Some(until) = self.owed else { return Ok(()) };
        let (mut buffer, mut thrown, mut came) = ([0; 1024], 0, false);
        loop {
            came |= self.events.drain(..).any(|event| is_end(&event));
            let n = self.link.read(&mut buffer, budget.slice(SILENCE))?;
            self.events.extend(self.accumulator.push(&buffer[..n]));
            budget.check()?;
            if n == 0 && (came || until <= Instant::now()) {
                break;
            }
            thrown += n;
            if thrown >= DRAIN_MOST {
                return Err(Fault::TooLarge { limit: DRAIN_MOST as u64, got: thrown as u64 });
            }
        }
        self.accumulator.reset();
        self.events.clear();
        self.owed = None;
        Ok(())
    }

    fn once<C: Command>(&mut self, command: &C, budget: &Budget) -> Result<C::Response, Fault> {
        self.settle(budget)?;
        self.owed = Some(Instant::now() + C::TIMEOUT);
        self.link.write(&Frame::new(Pid::Command, command.encode()).encode())?;
        let step = budget.step(C::TIMEOUT);
        loop {
            let frame = self.frame(Pid::Acknowledge, &step)?;
            // Data packets here are the tail of an upload that was given up.
            if frame.pid == Pid::Acknowledge {
                self.owed = None;
                if frame.payload.len() > C::MAX_ANSWER {
                    return Err(Fault::garbage(format!("answer to {}", C::NAME)));
                }
                return Ok(C::decode_response(&frame.payload)?);
            }
        }
    }

    /// The next frame. One of the kind that ends what was asked for has come also when it is damaged: then nothing but silence
    /// is waited for before the next question.
    fn frame(&mut self, end: Pid, budget: &Budget) -> Result<Frame, Fault> {
        let mut buffer = [0; 1024];
        let mut noise = 0;
        loop {
            match self.events.pop_front() {
                Some(Event::Frame(frame)) => return Ok(frame),
                Some(Event::BadSum { pid, computed, carried }) => {
                    if pid == end {
                        self.owed = Some(Instant::now());
                    }
                    return Err(Fault::Checksum { expected: computed.into(), got: carried.into() });
                }
                None => {}
            }
            budget.check()?;
            let n = self.link.read(&mut buffer, budget.slice(Duration::from_millis(100)))?;
            noise += n;
            if noise > DRAIN_MOST {
                return Err(Fault::TooLarge { limit: DRAIN_MOST as u64, got: noise as u64 });
            }
            self.events.extend(self.accumulator.push(&buffer[..n]));
        }
    }
}

/// Says whether this is the answer, or the end of an upload, that was waited for.
fn is_end(event: &Event) -> bool {
    matches!(event, Event::Frame(frame) if matches!(frame.pid, Pid::Acknowledge | Pid::LastData))
}
