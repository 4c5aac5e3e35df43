//! Who may do what. A person can hold several roles; roles are checked, not assumed.

use serde::{Deserialize, Serialize};

use crate::ids::OperatorId;

/// A role at the station, named as the SOP names the desks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Petugas register: form, papers, register (steps 1, 2).
    RegisterOfficer,
    /// Operator: verification, capture, attestation, print request (steps 3–6).
    Operator,
    /// Customer service: status, slips, hand-over (steps 7, 9).
    CustomerService,
    /// Loket pencetakan: cards and blangko (step 8).
    Printing,
    /// Supervisor: answers for blangko, register, accounts and settings.
    Supervisor,
}

impl Role {
    /// All roles in the order of the desk.
    pub const ALL: [Role; 5] =
        [Role::RegisterOfficer, Role::Operator, Role::CustomerService, Role::Printing, Role::Supervisor];
}

/// Everything that a person can ask of the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the queue and open a visit to read it.
    ReadQueue,
    /// Begin a visit and give it a ticket.
    StartPermohonan,
    /// Fill and finish the form (step 1).
    FillForm,
    /// Receive papers, accept or return (step 2).
    CheckRequirements,
    /// Compare with the resident record (step 3).
    Verify,
    /// Search and read resident records.
    ReadResidents,
    /// Capture photo and biometrics (step 4).
    Capture,
    /// Confirm an exception or substitute as second person.
    Witness,
    /// Attestation and sealing (step 5).
    Attest,
    /// Submit the print request (step 6).
    RequestPrint,
    /// Move a print request forward in the queue, with a reason.
    Prioritise,
    /// Read the status, give slip or Suket, return (step 7).
    CheckStatus,
    /// Print, judge and account a card (step 8).
    PrintCard,
    /// Receive, count and return blangko, ribbon and film.
    KeepBlangko,
    /// Make the Berita Acara of destruction.
    DestroyBlangko,
    /// Hand the card over (step 9).
    HandOver,
    /// Take up a visit that was returned, waiting or interrupted.
    Resume,
    /// Cancel a visit.
    Cancel,
    /// Let an abandoned visit expire.
    Expire,
    /// Search and print the Buku Register, and verify its chain: a check that changes nothing needs nobody's leave, and the
    /// more people can make it, the less it depends on one.
    ReadRegister,
    /// Write a correction line.
    CorrectRegister,
    /// Say how a finding of the comparison with the centre was seen to, and end it.
    SettleFinding,
    /// See and test devices.
    ReadDevices,
    /// Choose which device plays which role, calibrate.
    ConfigureDevices,
    /// See the outbox and send now.
    Sync,
    /// Export to and import from removable media.
    Courier,
    /// Import residents and central status lists.
    ImportResidents,
    /// See reports.
    ReadReports,
    /// Change settings, templates, code tables.
    ChangeSettings,
    /// Add, change and revoke accounts and key slots.
    ManageOperators,
    /// Back up, restore and move to another computer.
    Backup,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 31] = [
        Action::ReadQueue,
        Action::StartPermohonan,
        Action::FillForm,
        Action::CheckRequirements,
        Action::Verify,
        Action::ReadResidents,
        Action::Capture,
        Action::Witness,
        Action::Attest,
        Action::RequestPrint,
        Action::Prioritise,
        Action::CheckStatus,
        Action::PrintCard,
        Action::KeepBlangko,
        Action::DestroyBlangko,
        Action::HandOver,
        Action::Resume,
        Action::Cancel,
        Action::Expire,
        Action::ReadRegister,
        Action::CorrectRegister,
        Action::SettleFinding,
        Action::ReadDevices,
        Action::ConfigureDevices,
        Action::Sync,
        Action::Courier,
        Action::ImportResidents,
        Action::ReadReports,
        Action::ChangeSettings,
        Action::ManageOperators,
        Action::Backup,
    ];

    /// Returns the roles that may do it; any one of them is enough.
    pub const fn roles(self) -> &'static [Role] {
        use Role::{CustomerService, Operator, Printing, RegisterOfficer, Supervisor};
        match self {
            Action::ReadQueue | Action::Witness | Action::ReadDevices | Action::ReadRegister => &Role::ALL,
            Action::StartPermohonan => &[RegisterOfficer, Operator, CustomerService],
            Action::FillForm => &[RegisterOfficer, Operator],
            Action::CheckRequirements => &[RegisterOfficer],
            Action::Verify | Action::Capture | Action::Attest | Action::RequestPrint => &[Operator],
            Action::ReadResidents => &[RegisterOfficer, Operator, CustomerService, Supervisor],
            Action::Prioritise => &[Operator, Printing, Supervisor],
            Action::CheckStatus => &[CustomerService],
            Action::PrintCard => &[Printing],
            Action::KeepBlangko => &[Printing, Supervisor],
            Action::HandOver => &[CustomerService, Printing],
            Action::Resume | Action::Cancel => &[RegisterOfficer, Operator, CustomerService, Supervisor],
            Action::Expire | Action::ReadReports => {
                &[RegisterOfficer, Operator, CustomerService, Printing, Supervisor]
            }
            Action::Sync | Action::Courier => &[Operator, Supervisor],
            Action::ConfigureDevices => &[Operator, Printing, Supervisor],
            Action::DestroyBlangko
            | Action::CorrectRegister
            | Action::SettleFinding
            | Action::ImportResidents
            | Action::ChangeSettings
            | Action::ManageOperators
            | Action::Backup => &[Supervisor],
        }
    }
}

/// Says whether someone with these roles may do this.
pub fn allowed(roles: &[Role], action: Action) -> bool {
    action.roles().iter().any(|role| roles.contains(role))
}

/// A second person who confirms what cannot be measured; never the operator who asks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Witness {
    /// Another member of staff, who gave his or her own password.
    Officer {
        /// The account of the witness.
        operator: OperatorId,
    },
    /// A relative or companion of the applicant; only for the signature unless the limits of step 4 allow more.
    Family {
        /// Name as given.
        name: String,
        /// Relation in words.
        relation: String,
    },
}

impl Witness {
    /// Says whether the witness is another person than `operator`.
    pub fn is_another_than(&self, operator: &OperatorId) -> bool {
        match self {
            Witness::Officer { operator: witness } => witness != operator,
            Witness::Family { name, .. } => !name.trim().is_empty(),
        }
    }
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Witness::Officer { operator } => write!(f, "Officer({})", operator.as_str()),
            Witness::Family { .. } => f.write_str("Family(••••)"),
        }
    }
}
