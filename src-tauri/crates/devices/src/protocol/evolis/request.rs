//! What the station asks.

use serde_json::{Map, Value, json};

/// Printer commands as the service takes them: without the ESC and CR of the wire behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscapeCommand {
    /// `Sic`: take a card to the contactless station.
    ToContactless,
    /// `Sis`: take a card to the contact (smart card) station.
    ToContact,
    /// `Si`: take a card into the printing position.
    ToPrint,
    /// `Se`: the card goes out at the exit.
    Eject,
    /// `Ser`: the card goes into the reject box.
    Reject,
    /// `Psoe;D`: the card stays inside after printing.
    KeepAfterPrint,
    /// `Psoe;E`: the card goes out after printing.
    EjectAfterPrint,
    /// `Rfv`: firmware version.
    Firmware,
    /// `Rsn`: serial number.
    Serial,
    /// `Rtp`: model.
    Model,
    /// `Rrt;count`: prints left on the ribbon.
    RibbonLeft,
    /// `Rco;i`: cards taken in since the factory.
    CardsTaken,
    /// `Scs`: forget the error that was reported; what it was of has to be put right before.
    ClearStatus,
}

impl EscapeCommand {
    /// The text.
    pub fn text(self) -> &'static str {
        match self {
            Self::ToContactless => "Sic",
            Self::ToContact => "Sis",
            Self::ToPrint => "Si",
            Self::Eject => "Se",
            Self::Reject => "Ser",
            Self::KeepAfterPrint => "Psoe;D",
            Self::EjectAfterPrint => "Psoe;E",
            Self::Firmware => "Rfv",
            Self::Serial => "Rsn",
            Self::Model => "Rtp",
            Self::RibbonLeft => "Rrt;count",
            Self::CardsTaken => "Rco;i",
            Self::ClearStatus => "Scs",
        }
    }
}

/// One call. Every parameter value is text, as the service expects.
#[derive(Clone, PartialEq, Eq)]
pub enum Call<'a> {
    /// `CMD.SendCommand`.
    Command {
        /// Printer name.
        device: &'a str,
        /// Command.
        command: EscapeCommand,
        /// The service's own time-out, milliseconds.
        timeout_ms: u32,
    },
    /// `CMD.GetStatus`: binary flags; only their presence is used.
    BinaryStatus {
        /// Printer name.
        device: &'a str,
    },
    /// `SUPERVISION.List` at level 2: every printer with its state.
    List {
        /// Printer name or model.
        device: &'a str,
    },
    /// `SUPERVISION.GetState`: `MAJOR,MINOR`.
    State {
        /// Printer name.
        device: &'a str,
    },
    /// `SUPERVISION.GetEvent`: `NONE` or `EVENT:ACTION,ACTION`.
    Event {
        /// Printer name.
        device: &'a str,
    },
    /// `SUPERVISION.SetEvent` with CANCEL: gives the interrupted job up.
    CancelEvent {
        /// Printer name.
        device: &'a str,
        /// The event as it was told.
        event: &'a str,
    },
    /// `PRINT.Begin`.
    Begin {
        /// Printer name.
        device: &'a str,
        /// Session name, ours.
        session: &'a str,
    },
    /// `PRINT.Set`.
    Set {
        /// Session.
        session: &'a str,
        /// `Key=VALUE;Key=VALUE`.
        settings: &'a str,
    },
    /// `PRINT.SetBitmap` of the front in colour.
    Bitmap {
        /// Session.
        session: &'a str,
        /// `base64:` and a BMP of [`super::CANVAS`].
        data: &'a str,
    },
    /// `PRINT.Print`: from here on a card moves.
    Print {
        /// Session.
        session: &'a str,
        /// The service's own time-out, milliseconds.
        timeout_ms: u32,
    },
    /// `PRINT.End`.
    End {
        /// Session.
        session: &'a str,
    },
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.method())
    }
}

impl Call<'_> {
    /// Name of the method.
    pub fn method(&self) -> &'static str {
        match self {
            Call::Command { .. } => "CMD.SendCommand",
            Call::BinaryStatus { .. } => "CMD.GetStatus",
            Call::List { .. } => "SUPERVISION.List",
            Call::State { .. } => "SUPERVISION.GetState",
            Call::Event { .. } => "SUPERVISION.GetEvent",
            Call::CancelEvent { .. } => "SUPERVISION.SetEvent",
            Call::Begin { .. } => "PRINT.Begin",
            Call::Set { .. } => "PRINT.Set",
            Call::Bitmap { .. } => "PRINT.SetBitmap",
            Call::Print { .. } => "PRINT.Print",
            Call::End { .. } => "PRINT.End",
        }
    }

    fn params(&self) -> Map<String, Value> {
        let pairs: Vec<(&str, String)> = match *self {
            Call::Command { device, command, timeout_ms } => vec![
                ("command", command.text().to_owned()),
                ("device", device.to_owned()),
                ("timeout", timeout_ms.to_string()),
            ],
            Call::BinaryStatus { device } | Call::State { device } | Call::Event { device } => {
                vec![("device", device.to_owned())]
            }
            Call::List { device } => vec![("device", device.to_owned()), ("level", "2".to_owned())],
            Call::CancelEvent { device, event } => {
                vec![("action", format!("{event}:CANCEL")), ("device", device.to_owned())]
            }
            Call::Begin { device, session } => {
                vec![("device", device.to_owned()), ("session", session.to_owned())]
            }
            Call::Set { session, settings } => {
                vec![("data", settings.to_owned()), ("session", session.to_owned())]
            }
            Call::Bitmap { session, data } => vec![
                ("session", session.to_owned()),
                ("face", "front".to_owned()),
                ("panel", "color".to_owned()),
                ("data", data.to_owned()),
                ("timeout", "5000".to_owned()),
            ],
            Call::Print { session, timeout_ms } => {
                vec![("session", session.to_owned()), ("timeout", timeout_ms.to_string())]
            }
            Call::End { session } => vec![("session", session.to_owned()), ("timeout", "5000".to_owned())],
        };
        pairs.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))).collect()
    }

    /// The bytes of the request with its `id`; there is no delimiter behind it.
    pub fn encode(&self, id: &str) -> Vec<u8> {
        json!({"jsonrpc": "2.0", "id": id, "method": self.method(), "params": self.params()})
            .to_string()
            .into_bytes()
    }
}
