//! Step 9: four panels in any order, then the register closes.

use super::capture::SignatureState;
use super::desk::Why;
use super::visit::ReasonText;
use super::words::*;

view! {
    /// One comparison of a finger.
    HandoverTry { number: u32, finger: FingerName, score: u32, matched: bool, at: String }
    /// Panel 1. Pictures are named by id; `recorded_at` is the day of the reference. `tries_left`: of this officer, today.
    /// `untried`: why none can be made at this desk, so that another officer answers without one.
    HandoverFinger {
        state: HandoverFingerState, finger: FingerName, fingers: Vec<FingerName>, score: Option<u32>, limit: u32,
        tries: Vec<HandoverTry>, most_tries: u32, tries_left: u32, record_image_id: Option<String>, live_image_id: Option<String>,
        recorded_at: Option<String>, note: String, witness: Option<String>, untried: Option<Untried>,
    }
    /// A line that a person judged.
    HandoverJudged { line: HandoverLine, ticked: bool, by: Option<String>, at: Option<String> }
    /// Panel 2. `identical` compares the bytes; the face is for the eye. `by_eye`: an officer may judge the photographs.
    /// `unread`: why the chip that was written here cannot be read at this desk.
    HandoverPhoto {
        state: ChipPhotoState, chip_photo_id: Option<String>, record_photo_id: Option<String>, bytes: u32,
        read_at: Option<String>, by_eye: bool, unread: Option<Unread>, lines: Vec<HandoverJudged>,
    }
    /// Panel 3.
    OldCard { state: OldCardState, condition: String, place: String, at: Option<String>, officer: Option<String>, note: String, conditions: Vec<ReasonText> }
    /// Who collects. `no_slip`: why it goes without the Tanda Pengambilan, where that was not seen.
    Collector {
        kind: CollectorKind, name: String, nik: String, relation: String, letter_seen: bool, slip_seen: bool,
        no_slip: String,
    }
    /// Whose card it is, as the record says: to be held against the person at the desk before the card is given.
    HandoverPerson { name: String, masked_nik: String, birth: String, photo_id: Option<String> }
    /// A good card that was kept back the last time somebody came for it.
    HandoverHeld { reason: String, by: String, at: String }
    /// What the applicant wants corrected on a card that agrees with the signed form. `follow_up`: ticket of the application
    /// that takes it up.
    HandoverCorrection { note: String, by: String, at: String, follow_up: Option<String> }
    /// Step 9. `form_id`: the signed form of this person's recording, where it is kept here. `can_close`: all is done but the
    /// last look at photo and name. `withdrawn`: the centre has taken PRINT_READY_RECORD back, and the card is not given.
    /// `checked_earlier`: somebody was checked in another sitting, of another officer or day, which counts no more.
    Handover {
        id: String, serial: String, shelf: String, shelved_at: Option<String>, finger: HandoverFinger, photo: HandoverPhoto,
        old_card: OldCard, receipt: SignatureState, collector: Collector, person: HandoverPerson, slip_number: Option<String>,
        can_close: bool, why: Option<Why>, withdrawn: Option<Why>, held: Option<HandoverHeld>,
        correction: Option<HandoverCorrection>, form_id: Option<String>, checked_earlier: bool,
    }
    /// A card that nobody has collected yet.
    UnclaimedRow { id: String, ticket: String, name: String, masked_nik: String, serial: String, place: String, days: u32, slip_number: String }
}
