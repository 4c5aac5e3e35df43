//! Panel 4: the receipt, with a pen or the pad; by a thumb or another officer's word when the hand cannot write.

use domain::capture::SignatureSubstitute;
use domain::ids::CaptureId;
use domain::permohonan::Event;
use domain::role::{Action, Witness};
use domain::steps::attestation::AttestationSignature;
use domain::steps::handover::HandoverEvent;
use store::SignatureRow;

use crate::capture::rematch::Again;
use crate::capture::signature::{Held, Written, thumb_of};
use crate::session::Desk;
use crate::view::{
    self, ReceiptSubstitute, SignatureProgress, SignaturePurpose, SignatureSource, StrokePoint,
};
use crate::visit::{Visit, iso_ms, to_json};
use crate::{Error, Result, Station, clock};

impl Station {
    pub(super) fn receipt_view(&self, desk: &Desk, visit: &Visit) -> Result<view::SignatureState> {
        let (state, capture) = match &visit.state.handover.receipt {
            None => (SignatureProgress::Pending, None),
            Some(AttestationSignature::Pen { capture }) => (SignatureProgress::Done, Some(*capture)),
            Some(AttestationSignature::Substitute { capture, .. }) => {
                (SignatureProgress::Exception, *capture)
            }
        };
        let id = visit.id();
        let mut shown = view::SignatureState { state, capture_id: None, taken_at: None, source: None };
        let Some(capture) = capture.map(|capture| capture.to_string()) else { return Ok(shown) };
        let rows = desk.store.read(|look| look.signatures(id))?;
        let found = rows.iter().enumerate().rev().find(|(_, row)| of_capture(row, &capture));
        if let Some((index, row)) = found {
            shown.capture_id = Some(format!("signature:{id}:{index}"));
            shown.taken_at = iso_ms(row.signed_ms);
            shown.source = serde_json::from_str::<Held>(&row.device_json).ok().map(|held| held.source);
        }
        Ok(shown)
    }

    /// Keeps the receipt as it was signed in the window.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotNow` (empty, a dot), `Refused`, `Store`.
    pub fn save_receipt(
        &self,
        id: &str,
        source: SignatureSource,
        points: &[StrokePoint],
    ) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let written = Written::in_the_window(source, points)?;
        self.keep_signature(&desk, &mut visit, SignaturePurpose::Receipt, &written)?;
        self.handover_view(&desk, &visit)
    }

    /// Whoever receives the card signs on the wired pad.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Device`, `NotNow` (empty, a dot), `Refused`, `Store`.
    pub fn pad_receipt(&self, id: &str) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let event = HandoverEvent::ReceiptSigned {
            signature: AttestationSignature::Pen { capture: CaptureId::new(clock::new_uuid()) },
        };
        self.ask(&desk, &visit, Event::Handover(event))?;
        let written = self.on_the_pad()?;
        self.or_wiped(self.load_again(&desk, &mut visit))?;
        self.or_wiped(self.keep_signature(&desk, &mut visit, SignaturePurpose::Receipt, &written))?;
        self.handover_view(&desk, &visit)
    }

    /// The receipt of a hand that cannot write: a thumb on the scanner, or nothing; another officer has seen it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `SamePerson`, `NotNow` (wrong password), `Device`, `Picture`, `Refused`, `Store`.
    pub fn receipt_by_substitute(
        &self,
        id: &str,
        substitute: ReceiptSubstitute,
        witness_id: &str,
        witness_password: &str,
    ) -> Result<view::Handover> {
        let desk = self.desk(Action::HandOver)?;
        let mut visit = self.visit(&desk, id)?;
        let operator =
            self.second_person(&desk.session.operator, witness_id, witness_password, Action::Witness)?;
        let substitute = match substitute {
            ReceiptSubstitute::ThumbRight => SignatureSubstitute::ThumbRight,
            ReceiptSubstitute::ThumbLeft => SignatureSubstitute::ThumbLeft,
            ReceiptSubstitute::Empty => SignatureSubstitute::Empty,
        };
        let thumb = thumb_of(substitute);
        let capture = thumb.map(|_| CaptureId::new(clock::new_uuid()));
        let witness = Witness::Officer { operator };
        let signature = AttestationSignature::Substitute { substitute, capture, witness };
        let event = Event::Handover(HandoverEvent::ReceiptSigned { signature });
        self.ask(&desk, &visit, event.clone())?;
        let row = match (thumb, capture) {
            (Some(thumb), Some(capture)) => {
                if let Some(practice) = &self.practice {
                    practice.lays(thumb);
                }
                let Again { image, ppi, device, delivered, .. } = self.finger_again(thumb)?;
                let png = biometrics::codec::encode_png_gray(&image, Some(u32::from(ppi)))
                    .map_err(|error| Error::Picture { what: "finger", reason: error.to_string() })?;
                self.load_again(&desk, &mut visit)?;
                Some((thumbprint(capture, &device, png)?, delivered))
            }
            _ => None,
        };
        let permohonan = visit.id();
        self.perform(&desk, &mut visit, event, |tx| {
            let mut kept = 0;
            if let Some((row, delivered)) = &row {
                kept = tx.add_signature(permohonan, row)?;
                tx.add_delivered(delivered)?;
            }
            tx.set_receipt(permohonan, kept)
        })?;
        self.handover_view(&desk, &visit)
    }
}

/// A thumbprint among the signatures of a visit.
fn thumbprint(capture: CaptureId, device: &str, png: Vec<u8>) -> Result<SignatureRow> {
    let device: serde_json::Value =
        serde_json::from_str(device).map_err(|source| Error::Stored { what: "device", source })?;
    let beside = serde_json::json!({
        "purpose": SignaturePurpose::Receipt, "capture": capture.to_string(), "device": device,
    });
    Ok(SignatureRow {
        kind: "thumbprint".into(),
        strokes_json: "[]".into(),
        device_json: to_json("device", &beside)?,
        digest: Vec::new(),
        media_type: "image/png".into(),
        image: png,
        signed_ms: 0,
        operator: None,
    })
}

fn of_capture(row: &SignatureRow, capture: &str) -> bool {
    let Ok(beside) = serde_json::from_str::<serde_json::Value>(&row.device_json) else { return false };
    beside.get("capture").and_then(serde_json::Value::as_str) == Some(capture)
}
