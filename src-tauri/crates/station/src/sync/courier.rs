//! The courier at the desk: what waits onto a stick, the centre's answers back from it.

use std::path::Path;

use ::sync::courier::{self, Desk as Carrier};
use domain::role::Action;

use super::page::small;
use super::{station_code, trust};
use crate::{News, Result, Station, view};

impl Station {
    /// Writes every packet that waits into `folder` (a removable medium).
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Sync` with what is wrong with the medium; nothing here is changed by it.
    pub fn courier_export(&self, folder: &Path) -> Result<view::CourierReport> {
        let desk = self.desk(Action::Courier)?;
        let credentials = self.credentials(&desk)?;
        let (code, packets) = (station_code(&credentials)?, self.dir.join("packets"));
        let trust = trust(&credentials, desk.store.read(|view| view.meta())?.training)?;
        let ctx = desk.ctx();
        let carrier =
            Carrier { store: &desk.store, packets: &packets, station: &code, trust: &trust, ctx: &ctx };
        let done = courier::export(carrier, &credentials.station.identity()?, folder)?;
        Ok(view::CourierReport {
            folder: done.folder.to_string_lossy().into_owned(),
            packets: small(done.packets),
            bytes: small(done.bytes),
            changes: 0,
            left_out: small(done.left_out),
            refused: 0,
        })
    }

    /// Takes receipts and statuses for this station from `folder`.
    ///
    /// # Errors
    /// As [`Self::courier_export`]; a file that is refused is counted and does not keep the others from being taken.
    pub fn courier_replies(&self, folder: &Path) -> Result<view::CourierReport> {
        let desk = self.desk(Action::Courier)?;
        let credentials = self.credentials(&desk)?;
        let (code, packets) = (station_code(&credentials)?, self.dir.join("packets"));
        let trust = trust(&credentials, desk.store.read(|view| view.meta())?.training)?;
        let ctx = desk.ctx();
        let carrier =
            Carrier { store: &desk.store, packets: &packets, station: &code, trust: &trust, ctx: &ctx };
        let taken = courier::take_replies(carrier, folder)?;
        self.news.tell(News::Strip);
        self.news.tell(News::Queue);
        Ok(view::CourierReport {
            folder: folder.to_string_lossy().into_owned(),
            packets: small(taken.receipts.len()),
            bytes: 0,
            changes: small(taken.changes),
            left_out: 0,
            refused: small(taken.refused.len()),
        })
    }
}
