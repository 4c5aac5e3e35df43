//! The chair before the desk: who sits there and what the cables do, told to the simulators' control port.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};

/// A line to the simulators of one training station; none at a station that is real.
pub struct Chair(Option<BufReader<TcpStream>>);

impl Chair {
    /// Finds the simulators of the station that stands in `data`.
    pub fn at(data: &Path) -> Self {
        let text = std::fs::read_to_string(data.join("alat/endpoints.json"))
            .expect("a training station writes down where its simulators listen");
        let endpoints: Value = serde_json::from_str(&text).unwrap();
        let socket = TcpStream::connect(endpoints["control"].as_str().unwrap()).unwrap();
        Self(Some(BufReader::new(socket)))
    }

    /// Nobody sits here, and no device is simulated.
    pub fn nobody() -> Self {
        Self(None)
    }

    fn tell(&mut self, command: &Value) -> Value {
        let line = self.0.as_mut().expect("a training station has simulators");
        line.get_mut().write_all(format!("{command}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        line.read_line(&mut answer).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["ok"], json!(true), "the simulators refused {command}: {answer}");
        answer
    }

    /// Who sits there now.
    pub fn who(&mut self) -> Value {
        self.tell(&json!({"state": true}))["person"].clone()
    }

    /// `person` sits down.
    pub fn seat(&mut self, person: &Value) {
        self.tell(&json!({"person": person}));
    }

    /// The person lays `finger` on the one-finger module.
    pub fn lay(&mut self, finger: &str) {
        self.tell(&json!({"lay": finger}));
    }

    /// The device of `role` misbehaves as `kind` says, until [`Chair::replug`].
    pub fn fault(&mut self, role: &str, kind: &str) {
        self.tell(&json!({"fault": role, "kind": kind}));
    }

    /// The device of `role` misbehaves as `kind` says, once.
    pub fn fault_once(&mut self, role: &str, kind: &str) {
        self.tell(&json!({"fault": role, "kind": kind, "times": 1}));
    }

    /// The next capture of `role` takes `ms` milliseconds longer.
    pub fn slow(&mut self, role: &str, ms: u32) {
        self.tell(&json!({"fault": role, "kind": {"slow": ms}, "times": 1}));
    }

    /// The printed card with this blangko's number is laid on the virtual reader, in place of what lies there.
    pub fn lay_card(&mut self, serial: &str) {
        self.tell(&json!({"blangko": serial}));
    }

    /// A paper is held before the camera, as the picture in `file` shows it.
    pub fn hold_up(&mut self, file: &Path) {
        self.tell(&json!({"hold_up": file}));
    }

    /// The hand with the paper goes down again.
    pub fn hold_nothing(&mut self) {
        self.tell(&json!({"hold_up": ""}));
    }

    /// The card is taken from the reader.
    pub fn lift_card(&mut self) {
        self.tell(&json!({"card": false}));
    }

    /// What stands in the chip of that card.
    pub fn chip(&mut self, serial: &str) -> Value {
        self.tell(&json!({"chip": serial}))["chip"].clone()
    }

    /// Somebody pulls the cable of `role`.
    pub fn unplug(&mut self, role: &str) {
        self.tell(&json!({"unplug": role}));
    }

    /// The cable of `role` is back.
    pub fn replug(&mut self, role: &str) {
        self.tell(&json!({"replug": role}));
    }
}
