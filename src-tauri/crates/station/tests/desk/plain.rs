//! A plain station for one test: no devices, no large disk, officers of one password; made and started over an empty folder.
//! The unit tests of `station`, its tests at the desk and those of the window's commands read this file by its path, so
//! that there is one such station: a practising one over simulated devices is `training`'s.
#![allow(dead_code, reason = "three test programs share it, and each uses its part")]
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::path::Path;
use std::sync::Arc;

use domain::ids::OperatorId;
use domain::role::Role;
use packet::pki::{Authority, Identity, Role as Certificate, Validity};
use station::clock::SystemClock;
use station::provision::Issued;
use station::{Config, NewOperator, Provision, Start, Station};

/// Everybody's.
pub const PASSWORD: &str = "sandi-uji-panjang";

const CODE: &str = "UJI-01";

/// Settings over this folder that look for no device of the computer and no room on its disk.
pub fn config(dir: &Path) -> Config {
    let mut config = Config::default();
    config.station.data_dir = dir.to_string_lossy().into_owned();
    config.devices.camera_usb = false;
    config.devices.card_reader_enabled = false;
    (config.disk.ballast_mb, config.disk.refuse_below_mb) = (1, 1);
    config
}

/// Somebody without a certificate.
pub fn officer(id: &str, roles: &[Role]) -> NewOperator {
    NewOperator {
        id: OperatorId::parse(id).unwrap(),
        name: "Petugas Uji".into(),
        roles: roles.to_vec(),
        password: PASSWORD.into(),
        finger: None,
        identity: None,
    }
}

/// A station that no centre knows.
pub fn provision(training: bool, operators: Vec<NewOperator>) -> Provision {
    Provision {
        code: CODE.into(),
        name: "Stasiun Uji".into(),
        place: "Krui".into(),
        training,
        issued: None,
        address: None,
        recovery: None,
        keeper: None,
        operators,
    }
}

/// Makes the folder a station and starts it; nobody is signed in.
pub fn start(config: Config, set: Provision) -> Arc<Station> {
    station::provision::provision(&config, jiff::Timestamp::now(), set, None).unwrap();
    let start = Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
    Station::start(start).unwrap()
}

/// Whoever certifies a station and its officers.
pub struct District {
    authority: Authority,
    validity: Validity,
}

impl District {
    /// An authority for a month.
    pub fn new(training: bool) -> Self {
        let validity = Validity::days(jiff::Timestamp::now(), 30);
        Self { authority: Authority::new("Uji", training, validity).unwrap(), validity }
    }

    fn issue(&self, role: Certificate, name: &str) -> Identity {
        self.authority.issue_identity(role, name, self.validity).unwrap()
    }

    /// Somebody with a certificate.
    pub fn officer(&self, id: &str, roles: &[Role]) -> NewOperator {
        NewOperator { identity: Some(self.issue(Certificate::Operator, id)), ..officer(id, roles) }
    }

    /// What a centre gives a station.
    pub fn issued(&self) -> Issued {
        Issued {
            authority: self.authority.certificate().clone(),
            centre: self.issue(Certificate::Centre, "pusat").certificate_ref().clone(),
            escrow: self.issue(Certificate::Escrow, "escrow").certificate_ref().clone(),
            station: self.issue(Certificate::Station, CODE),
            earlier: Vec::new(),
        }
    }

    /// Who signs what a centre says.
    pub fn centre_signer(&self) -> Identity {
        self.issue(Certificate::CentreSigner, "PUSAT-TTD")
    }
}
