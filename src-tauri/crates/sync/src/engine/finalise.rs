//! Saying that all parts are there, and believing the receipt.

use domain::ids::PacketId;
use jiff::Timestamp;
use packet::pki::Role;
use packet::wire::{Digests, Finalise, PartDigest, Receipt, Via};
use packet::{Document, Part, Trust};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use store::{Act, Ctx, Packet, Store};

use super::outbox::Outbox;
use super::transfer::simple;
use super::{Engine, Report, Stop};
use crate::line::{Refused, judge};
use crate::{Cause, revoked, routes};

/// Digests of a packet's three sealed files as the wire has them.
pub(crate) fn digests(packet: &Packet) -> Option<Digests> {
    let of = |part: Part| {
        let row = packet.parts.iter().find(|row| row.part == part.name())?;
        Some(PartDigest { sha256: hex::encode(&row.sha256), bytes: u64::try_from(row.bytes).ok()? })
    };
    Some(Digests { id: of(Part::Id)?, bio: of(Part::Bio)?, dok: of(Part::Dok)? })
}

/// Body of a packet's finalisation.
pub(crate) fn finalise_of(packet: &Packet, station: &str, training: bool, urgent: bool) -> Option<Finalise> {
    let created = Timestamp::from_millisecond(packet.sealed_ms).ok()?;
    let sequence = u64::try_from(packet.sequence).ok()?;
    let (id, station) = (packet.id.uuid(), station.to_owned());
    Some(Finalise::new(id, station, sequence, created, training, urgent, digests(packet)?))
}

/// Believes a receipt for this very packet, and keeps it for ever. Twice is the same as once.
pub(crate) fn apply_receipt(
    store: &Store,
    packet: &Packet,
    station: &str,
    trust: &Trust,
    cms: &[u8],
    now: Timestamp,
    by: Option<domain::ids::OperatorId>,
) -> crate::Result<()> {
    let invalid = Cause::ReceiptInvalid;
    let receipt = Receipt::verify(cms, trust).map_err(|_| invalid.clone())?;
    let signed =
        Document::verify(cms, Receipt::FORMAT, Role::CentreSigner, trust).map_err(|_| invalid.clone())?;
    if store.read(|view| revoked::is_revoked(view, &signed.signer, signed.signed_at))? {
        return Err(invalid.into());
    }
    let digests = digests(packet).ok_or_else(|| invalid.clone())?;
    let same_number = u64::try_from(packet.sequence).is_ok_and(|number| number == receipt.sequence);
    if !receipt.acknowledges(packet.id.uuid(), station, &digests) || !same_number {
        return Err(invalid.into());
    }
    let kept = store::Receipt {
        cms: cms.to_vec(),
        received_ms: receipt.received_at.as_millisecond(),
        path: match receipt.via {
            Via::Network => "network".into(),
            Via::Courier => "courier".into(),
        },
        applied_ms: 0,
    };
    let id = packet.id;
    store.transact(Act::ReceiptApply { packet: id }, &Ctx { operator: by, now }, |tx| {
        tx.apply_receipt(id, &kept)
    })?;
    Ok(())
}

impl Engine {
    pub(super) async fn finalise(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let parcel = outbox.parcel(packet)?;
        let (station, training) = (&self.setup.station, self.setup.trust.training);
        let Some(body) = finalise_of(&parcel.packet, station, training, parcel.row.priority > 0) else {
            return Err(Cause::FileChanged.into());
        };
        let body = serde_json::to_vec(&body).map_err(|_| Cause::Store)?;
        // The packet names the transaction as well: asking twice is asking once.
        let path = routes::finalise(packet.uuid(), packet.uuid());
        let request = self
            .line
            .request(Method::POST, self.line.url(&path)?)
            .header(CONTENT_TYPE, "application/json")
            // The receipt in the same answer saves one way there and back.
            .header("prefer", "return=representation")
            .timeout(self.line.patience() * 2)
            .body(body);
        match judge(self.line.send(request).await?, &[200, 204]) {
            Ok(answer) => {
                outbox.sent(&self.setup.store, self.line.now(), packet)?;
                if answer.status == 200 {
                    return self.believe(outbox, packet, &answer.body, report);
                }
                Ok(())
            }
            Err(Refused::Incomplete | Refused::Gone) => {
                // The centre lacks bytes that it once had: ask for each offset again.
                outbox.parcel(packet)?.asked = [false; 3];
                for part in Part::ALL {
                    let location = outbox.parcel(packet)?.part(part).map(|row| row.location.clone());
                    let location = location.unwrap_or_default();
                    outbox.progress(&self.setup.store, self.line.now(), packet, part, &location, 0)?;
                }
                Err(Cause::Damaged.into())
            }
            Err(other) => Err(simple(other)),
        }
    }

    pub(super) async fn receipt(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let url = self.line.url(&routes::receipt(packet.uuid()))?;
        let request = self.line.request(Method::GET, url).timeout(self.line.patience() * 2);
        let answer = match judge(self.line.send(request).await?, &[200]) {
            Ok(answer) => answer,
            Err(Refused::Gone | Refused::Incomplete) => return Err(Cause::ReceiptPending.into()),
            Err(other) => return Err(simple(other)),
        };
        self.believe(outbox, packet, &answer.body, report)
    }

    fn believe(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        cms: &[u8],
        report: &mut Report,
    ) -> Result<(), Stop> {
        let parcel = outbox.parcel(packet)?;
        let (store, station, trust) = (&self.setup.store, &self.setup.station, &self.setup.trust);
        let now = self.line.now();
        match apply_receipt(store, &parcel.packet, station, trust, cms, now, None) {
            Ok(()) => {
                outbox.remove(packet);
                report.acknowledged.push(packet);
                Ok(())
            }
            Err(crate::Error::Cause(cause)) => Err(cause.into()),
            Err(other) => Err(other.into()),
        }
    }
}
