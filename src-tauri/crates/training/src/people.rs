//! The staff of a training station and the people who sit down at its devices; all of them drawn.

use domain::Finger;
use domain::ids::OperatorId;
use domain::role::Role;
use sim::{Backdrop, Person};
use station::provision::Issued;
use station::{NewOperator, Provision};

use crate::keys::Keys;
use crate::{PASSWORD, TrainingError};

/// Code of the training station.
pub(crate) const STATION: &str = "LATIHAN-1813-01";

/// One account of the training station.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// What is typed at sign-in.
    pub id: &'static str,
    /// Full name; nobody's.
    pub name: &'static str,
    /// Roles.
    pub roles: &'static [Role],
}

/// Everybody who may sign in; the password is [`PASSWORD`].
pub const STAFF: [Account; 5] = [
    Account {
        id: "dewi",
        name: "Dewi Anggraini",
        roles: &[Role::Operator, Role::RegisterOfficer, Role::CustomerService],
    },
    Account { id: "yuliana", name: "Yuliana", roles: &[Role::RegisterOfficer, Role::CustomerService] },
    Account { id: "rizal", name: "Rizal Fahmi", roles: &[Role::Printing] },
    Account { id: "hendra", name: "Hendra Saputra", roles: &[Role::Supervisor, Role::Operator] },
    Account { id: "maya", name: "Maya Sari", roles: &[Role::Operator] },
];

/// FNV-1a: a seed that is the same on every machine.
fn seed(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What the body of an account's person is drawn from.
pub fn operator_seed(account: &str) -> u64 {
    seed(&format!("petugas:{account}"))
}

/// The body that belongs to a NIK of the training residents: always the same, with the backdrop of the year of birth.
pub fn applicant(nik: &str) -> Person {
    let number =
        |range: std::ops::Range<usize>| nik.get(range).and_then(|text| text.parse::<u8>().ok()).unwrap_or(0);
    // Day of birth + 40 is a woman; the parity of two-digit years is that of the whole year.
    let woman = number(6..8) > 40;
    Person {
        backdrop: if number(10..12) % 2 == 0 { Backdrop::Blue } else { Backdrop::Red },
        hijab: if woman { None } else { Some(false) },
        ..Person::new(seed(&format!("penduduk:{nik}")))
    }
}

/// The whole station as the district would bring it.
pub(crate) fn provision(keys: Keys, station: &str) -> Result<Provision, TrainingError> {
    let mut operators = Vec::new();
    for account in STAFF {
        let body = synth::Person::new(operator_seed(account.id));
        operators.push(NewOperator {
            id: OperatorId::parse(account.id).map_err(|_| TrainingError::Name { what: "account" })?,
            name: account.name.to_owned(),
            roles: account.roles.to_vec(),
            password: PASSWORD.to_owned(),
            finger: Some(body.finger(Finger::RightIndex, &synth::Impression::default())),
            identity: Some(keys.operator(account.id)?),
        });
    }
    Ok(Provision {
        code: station.into(),
        name: "Stasiun Latihan 1".into(),
        place: "Ruang latihan".into(),
        training: true,
        issued: Some(Issued {
            authority: keys.authority.certificate().clone(),
            centre: keys.centre.certificate_ref().clone(),
            escrow: keys.escrow.certificate_ref().clone(),
            station: keys.station,
            earlier: Vec::new(),
        }),
        address: None,
        recovery: None,
        keeper: Some(("Hendra Saputra".into(), "Laci latihan".into())),
        operators,
    })
}
