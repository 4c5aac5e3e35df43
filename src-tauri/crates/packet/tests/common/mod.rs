//! A small synthetic recording and a training district around it.
#![allow(dead_code, clippy::expect_used, reason = "each test file uses its own half; a test may panic")]

use jiff::Timestamp;
use packet::pki::{Authority, Identity, Role, Validity};
use packet::{Entry, Header, Packet, Plain, Recipients, Sealed, Suite, Trust};
use std::path::Path;
use std::process::Command;

/// One authority with everybody it certified.
pub struct District {
    pub authority: Authority,
    pub centre: Identity,
    pub escrow: Identity,
    pub station: Identity,
    pub operator: Identity,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp in a test")
}

pub fn now() -> Timestamp {
    at("2026-11-23T03:43:00Z")
}

impl District {
    pub fn new(training: bool) -> Self {
        let validity = Validity::days(at("2026-01-01T00:00:00Z"), 365);
        let authority =
            Authority::new("Otoritas uji", training, Validity::days(at("2026-01-01T00:00:00Z"), 3650))
                .expect("authority");
        let issue = |role, name| authority.issue_identity(role, name, validity).expect("identity");
        Self {
            centre: issue(Role::Centre, "pusat uji"),
            escrow: issue(Role::Escrow, "eskro uji"),
            station: issue(Role::Station, "18.13-02"),
            operator: issue(Role::Operator, "petugas-07"),
            authority,
        }
    }

    pub fn recipients(&self) -> Recipients {
        Recipients {
            centre: self.centre.certificate_ref().clone(),
            escrow: self.escrow.certificate_ref().clone(),
        }
    }

    pub fn trust(&self) -> Trust {
        let authority = self.authority.certificate().clone();
        Trust { training: authority.is_training(), authorities: vec![authority] }
    }

    pub fn seal(&self, packet: &Packet<Plain>) -> Packet<Sealed> {
        packet.seal(&self.station, &self.operator, &self.recipients(), now()).expect("sealing")
    }
}

pub fn header(training: bool) -> Header {
    Header {
        packet: "01939a2e-7c00-7000-8000-0123456789ab".parse().expect("uuid"),
        station: "18.13-02".to_owned(),
        sequence: 11846,
        created: at("2026-11-23T03:40:00Z"),
        training,
        suite: Suite::P256,
    }
}

pub fn recording(training: bool) -> Packet<Plain> {
    let id = vec![
        Entry::new("portrait.png", "image/png", vec![0x89; 700]),
        Entry::new("biodata.json", "application/json", *b"{\"nama\":\"CONTOH\"}"),
    ];
    let bio = vec![Entry::new("recording.an2", "application/octet-stream", vec![7u8; 512])];
    let dok = vec![Entry::new("formulir.pdf", "application/pdf", *b"%PDF-1.7 contoh")];
    Packet::new(header(training), id, bio, dok).expect("a sound recording")
}

/// Whether the command line program does this in a folder.
pub fn openssl(folder: &Path, args: &[&str]) -> bool {
    Command::new("openssl").current_dir(folder).args(args).output().expect("openssl runs").status.success()
}

/// Whether it opens a sealed file for a recipient and believes both signatures; `plain.tar` is what it finds.
pub fn judge(folder: &Path, sealed: &str, recipient: &str) -> bool {
    let (key, certificate) = (format!("{recipient}.key.pem"), format!("{recipient}.crt.pem"));
    let decrypt =
        ["cms", "-decrypt", "-inform", "DER", "-in", sealed, "-inkey", &key, "-recip", &certificate];
    let verify = "cms -verify -inform DER -in signed.der -CAfile ca.pem -purpose any -binary -out plain.tar";
    openssl(folder, &[&decrypt[..], &["-binary", "-out", "signed.der"]].concat())
        && openssl(folder, &verify.split(' ').collect::<Vec<_>>())
}
