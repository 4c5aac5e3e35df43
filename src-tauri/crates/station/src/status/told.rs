//! The slip that an applicant takes home who was told why there is no card yet.

use documents::{Sheet, SlipStatus};
use domain::Unsur;
use domain::seal::Kind;

use crate::papers::{Made, TOLD};
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Result, Station, held, words};

impl Station {
    /// The slip of a reason that is about to be told.
    pub(super) fn status_slip(&self, desk: &Desk, visit: &Visit, reason: &str) -> Result<Made> {
        let letters = self.letters()?;
        let (number, running) = self.next_number(desk, TOLD, &letters.told.number)?;
        let slip = self.status_sheet(desk, visit, &number, reason)?;
        self.made(desk, visit, TOLD, number, running, Sheet::SlipStatus(Box::new(slip)))
    }

    /// What stands on the slip of a number: what the centre had said by the moment of `desk`.
    pub(crate) fn status_sheet(
        &self,
        desk: &Desk,
        visit: &Visit,
        number: &str,
        reason: &str,
    ) -> Result<SlipStatus> {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let name = get(Unsur::Nama).to_uppercase();
        let known = visit.state.status.mirror.current_at(desk.now);
        // The centre may have said it long ago: that is the reason then, and nobody reads that the card is not ready.
        let status = match known {
            Some(entry) if entry.status.is_print_ready() => "Siap cetak menurut kabar terakhir",
            Some(_) => "Belum siap cetak",
            None => "Belum ada kabar dari pusat",
        };
        let status_at = known
            .map(|entry| format!("{} pukul {}", self.day_text(entry.as_of), self.clock_text(entry.as_of)))
            .unwrap_or_default();
        let qr = self.seal_if_activated(desk, Kind::SlipStatus, number, None, &[&name, get(Unsur::Nik)])?;
        Ok(SlipStatus {
            number: number.to_owned(),
            name,
            nik: get(Unsur::Nik).to_owned(),
            kind: words::kind(visit.state.plan.kind).to_owned(),
            ticket: visit.ticket().to_owned(),
            status: status.to_owned(),
            status_at,
            reason: reason.to_owned(),
            recorded: self.knows_recording(desk, visit)?,
            packet: self.packet_number(desk, visit)?,
            officer: desk.session.name.clone(),
            officer_role: format!("Petugas, {}", held(&self.door).roster.station_name),
            qr: qr.unwrap_or_default(),
        })
    }
}
