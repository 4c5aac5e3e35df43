//! The courier at the desk: what waits onto a stick, the centre's answers back from it.

use std::path::Path;

use ::sync::courier::{self, Desk as Carrier};
use domain::role::Action;

use super::page::small;
use super::{station_code, trust};
use crate::{News, Result, Station, view};

impl Station {
    /// Folders of the removable media that are plugged in, as the system mounts them; the person may name another.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn courier_media(&self) -> Result<Vec<String>> {
        self.desk(Action::Courier)?;
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        Ok(removable(&mounts))
    }

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

/// Mount points of people's media in a mount table (proc_pid_mounts(5): second field, a space written `\040`).
fn removable(mounts: &str) -> Vec<String> {
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    let media =
        points.filter(|point| ["/media/", "/run/media/"].iter().any(|place| point.starts_with(place)));
    media.map(|point| point.replace("\\040", " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::removable;

    #[test]
    fn a_stick_is_found_by_where_it_is_mounted_and_the_disk_is_none() {
        let mounts = "/dev/sda2 / ext4 rw 0 0\n/dev/sdb1 /media/dewi/KURIR\\0401 vfat rw 0 0\n\
            /dev/sdc1 /run/media/dewi/ANTAR exfat rw 0 0\ntmpfs /run tmpfs rw 0 0\n";
        assert_eq!(removable(mounts), ["/media/dewi/KURIR 1", "/run/media/dewi/ANTAR"]);
    }
}
