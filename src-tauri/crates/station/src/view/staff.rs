//! The officers of the station and the ways to open it.

use super::{Role, StaffState};

view! {
    /// One officer. `finger`: a template of the own right index finger is kept; `slot`: a password of this officer opens
    /// the database; `me`: this officer is the one who asks.
    Officer {
        id: String, name: String, initials: String, roles: Vec<Role>, state: StaffState,
        last_sign_in: Option<String>, finger: bool, slot: bool, me: bool,
    }
    /// A way to open the database without a password: the printed code, or (with `fingerprint`, SHA-256 in hex) the key of
    /// the district. Holder and place are absent where nobody wrote them down.
    RecoverySlot { fingerprint: Option<String>, made_at: String, holder: Option<String>, place: Option<String> }
    /// The officers' page. Who may not keep officers sees only the own line and no recovery slots.
    Staff { officers: Vec<Officer>, slots: Vec<RecoverySlot>, can_manage: bool, scanner: bool }
    /// First of two captures of an officer's finger: how many minutiae it has.
    FingerTaken { minutiae: u32 }
    /// A new recovery code in groups of four, shown once.
    NewRecovery { groups: Vec<String>, staff: Staff }
}
