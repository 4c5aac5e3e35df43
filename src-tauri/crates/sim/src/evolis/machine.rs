//! What the printer does when it is told to, and what it says of itself.

use base64::Engine;
use devices::protocol::evolis::reply::ServiceError;
use devices::protocol::evolis::{CANVAS, bmp};

use super::{Answer, CardAt, Machine, Request, Session};
use crate::SimFault;

/// How often the state says "printing" after a card was printed.
const RUNNING: u8 = 2;
/// With so few cards the feeder says that it is near empty.
const FEW_CARDS: u32 = 5;
/// With so few prints the ribbon says that it is low.
const FEW_PRINTS: u32 = 10;

fn ok(text: impl Into<String>) -> Answer {
    Answer::Reply(Ok(text.into()))
}

fn no(message: &str) -> Answer {
    Answer::Reply(Err(ServiceError { code: -32_000, message: message.to_owned() }))
}

impl Machine {
    pub(super) fn obey(&mut self, request: &Request) -> Answer {
        let text = |key: &str| request.params.get(key).map_or("", String::as_str);
        match request.method.as_str() {
            "SUPERVISION.GetState" => ok(self.state()),
            "SUPERVISION.List" => ok(format!("{},{}", text("device"), self.state())),
            "SUPERVISION.GetEvent" if self.no_events => no("Method not found"),
            "SUPERVISION.GetEvent" => ok(match self.event {
                Some(event) => format!("{event}:OK,CANCEL"),
                None => "NONE".to_owned(),
            }),
            "SUPERVISION.SetEvent" => {
                self.event = None;
                self.session = None;
                ok("OK")
            }
            "CMD.GetStatus" => ok("gAAAAAAAAAA="),
            "CMD.SendCommand" if self.loses.as_deref() == Some(text("command")) => {
                self.loses = None;
                Answer::Drop
            }
            "CMD.SendCommand" => self.command(text("command")),
            "PRINT.Begin" if self.plan.now() == Some(SimFault::Busy) => {
                no("Communication session already reserved")
            }
            "PRINT.Begin" if self.session.is_some() => {
                no("Printing session already in progress for the device")
            }
            "PRINT.Begin" => {
                self.session = Some(Session { name: text("session").to_owned(), ..Session::default() });
                ok("OK")
            }
            method if method.starts_with("PRINT.") => self.in_session(method, request),
            _ => no("Method not found"),
        }
    }

    fn in_session(&mut self, method: &str, request: &Request) -> Answer {
        let text = |key: &str| request.params.get(key).map_or("", String::as_str);
        let Some(session) = self.session.as_mut().filter(|s| s.name == text("session")) else {
            return no("Unknown session");
        };
        match method {
            "PRINT.Set" => {
                for (key, value) in text("data").split(';').filter_map(|pair| pair.split_once('=')) {
                    session.settings.insert(key.to_owned(), value.to_owned());
                }
                ok("OK")
            }
            "PRINT.SetBitmap" => {
                let bytes = text("data")
                    .strip_prefix("base64:")
                    .and_then(|t| base64::engine::general_purpose::STANDARD.decode(t).ok());
                match bytes.as_deref().and_then(bmp::decode) {
                    Some((w, h, rgb)) if (w, h) == CANVAS && text("face") == "front" => {
                        session.bitmap = Some(rgb);
                        ok("OK")
                    }
                    _ => no("Invalid bitmap"),
                }
            }
            "PRINT.Print" => self.print(),
            "PRINT.End" if std::mem::take(&mut self.deaf_end) => Answer::Drop,
            "PRINT.End" => {
                self.session = None;
                ok("OK")
            }
            _ => no("Method not found"),
        }
    }

    /// Takes a card from the feeder; false when there is none.
    fn take(&mut self) -> bool {
        if self.panel.feeder == 0 {
            return false;
        }
        self.panel.feeder -= 1;
        self.panel.taken += 1;
        true
    }

    fn print(&mut self) -> Answer {
        let Some(rgb) = self.session.as_ref().and_then(|s| s.bitmap.clone()) else {
            return no("No bitmap");
        };
        let fault = self.plan.now();
        if self.panel.card.is_none() && !self.take() {
            self.event = Some("DEF_FEEDER_EMPTY");
            return ok("OK");
        }
        self.panel.card = Some(CardAt::Print);
        let broken = match fault {
            Some(SimFault::JamMidJob) => Some("ERR_MECHANICAL"),
            Some(SimFault::RibbonOutMidJob) => Some("ERR_RIBBON_ENDED"),
            Some(SimFault::CoverOpenMidJob) => Some("ERR_COVER_OPEN"),
            Some(SimFault::PrintsNothing) => {
                self.plan.take();
                self.running = RUNNING;
                self.panel.card = None;
                return ok("OK");
            }
            _ => None,
        };
        if broken.is_some() {
            self.plan.take();
            self.event = broken;
            return ok("OK");
        }
        self.panel.ribbon = self.panel.ribbon.saturating_sub(1);
        self.panel.printed += 1;
        self.running = RUNNING;
        self.last = Some(rgb);
        if !self.keep {
            self.panel.card = None;
            self.panel.output += 1;
        }
        match fault {
            // The card comes out all the same; only the answer is lost.
            Some(SimFault::DropMidJob) => {
                self.plan.take();
                Answer::Drop
            }
            Some(SimFault::SilentMidJob) => {
                self.plan.take();
                Answer::Silence
            }
            _ => ok("OK"),
        }
    }

    fn state(&mut self) -> String {
        let now = self.state_now();
        if now.starts_with("ERROR") || now.starts_with("WARNING,DEF_") {
            self.stuck = self.sticks.then(|| now.clone());
        }
        self.stuck.clone().unwrap_or(now)
    }

    fn state_now(&mut self) -> String {
        let fault = self.plan.now();
        if let Some(event) = self.event {
            let major = if event.starts_with("ERR") { "ERROR" } else { "WARNING" };
            return format!("{major},{event}");
        }
        if self.running > 0 {
            self.running -= 1;
            return "READY,INF_PRINTING_RUNNING".to_owned();
        }
        if let Some(says) = &self.says {
            return says.clone();
        }
        match fault {
            Some(SimFault::Offline) => "OFF,PRINTER_OFFLINE",
            Some(SimFault::CoverOpen) => "WARNING,DEF_COVER_OPEN",
            Some(SimFault::Overheated) => "WARNING,DEF_COOLING",
            Some(SimFault::CardJam) => "ERROR,ERR_MECHANICAL",
            Some(SimFault::FilmOut) => "WARNING,DEF_CLEAR_ENDED",
            Some(SimFault::CleaningDue) => "READY,INF_CLEANING",
            Some(SimFault::RibbonOut) => "WARNING,DEF_RIBBON_ENDED",
            _ if self.panel.ribbon == 0 => "WARNING,DEF_RIBBON_ENDED",
            _ if self.panel.feeder == 0 && self.panel.card.is_none() => "WARNING,DEF_FEEDER_EMPTY",
            _ if self.panel.ribbon <= FEW_PRINTS => "WARNING,INF_RIBBON_LOW",
            _ if self.panel.feeder <= FEW_CARDS && self.panel.card.is_none() => {
                "WARNING,INF_FEEDER_NEAR_EMPTY"
            }
            _ if matches!(self.panel.card, Some(CardAt::Contact | CardAt::Contactless)) => {
                "READY,INF_ENCODING_RUNNING"
            }
            _ => "READY,PRINTER_READY",
        }
        .to_owned()
    }

    fn command(&mut self, command: &str) -> Answer {
        let to = match command {
            "Sic" => Some(CardAt::Contactless),
            "Sis" => Some(CardAt::Contact),
            "Si" => Some(CardAt::Print),
            _ => None,
        };
        if let Some(to) = to {
            if self.plan.now() == Some(SimFault::JamMidJob) {
                self.plan.take();
                self.take();
                self.event = Some("ERR_MECHANICAL");
                return ok("ERROR MECHANICAL");
            }
            if self.panel.card.is_none() && !self.take() {
                return ok("FEEDER EMPTY");
            }
            self.panel.card = Some(to);
            return ok("OK");
        }
        match command {
            "Se" | "Ser" => {
                if self.panel.card.take().is_some() {
                    let box_ =
                        if command == "Se" { &mut self.panel.output } else { &mut self.panel.rejected };
                    *box_ += 1;
                }
                ok("OK")
            }
            "Psoe;D" | "Psoe;E" => {
                self.keep = command == "Psoe;D";
                ok("OK")
            }
            "Rfv" => ok("1.0-SIM"),
            "Rsn" => ok("SIM0001"),
            "Rtp" => ok("Primacy 2"),
            "Rrt;count" if self.plan.now() == Some(SimFault::NoCounter) => ok("ERR RIB DETECTION"),
            "Rrt;count" => ok(self.panel.ribbon.to_string()),
            "Rco;i" => ok(self.panel.taken.to_string()),
            "Scs" => {
                (self.event, self.stuck) = (None, None);
                ok("OK")
            }
            _ => ok("ERROR COMMAND"),
        }
    }
}
