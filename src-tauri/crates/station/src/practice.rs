//! Training mode's people: who sits before the simulated devices and which finger they lay down.
//!
//! With real devices there is nobody to tell; the applicant simply acts.

use domain::Finger;
use domain::ids::OperatorId;

/// Moves the simulated people as a visit goes on.
pub trait Practice: Send + Sync {
    /// The applicant with this NIK sits at the desk; called often, also for the one who sits there already.
    fn sits(&self, nik: &str);
    /// The applicant lays this finger on the one-finger module.
    fn lays(&self, finger: Finger);
    /// The pad on the desk begins to listen: the applicant takes the pen and signs. Returns at once.
    fn takes_pen(&self);
    /// This member of staff lays the own right index finger on the one-finger module while `work` runs.
    fn staff_touches(&self, operator: &OperatorId, work: &mut dyn FnMut());
}
