//! The courier at the desk: what waits onto a stick, the centre's answers back from it.

use std::path::Path;

use ::sync::courier::{self, Desk as Carrier};
use domain::role::Action;
use jiff::Timestamp;

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
        Ok(media())
    }

    /// Where removable media are mounted, for whoever asks to save something there.
    pub(crate) fn removable_media(&self) -> Vec<String> {
        media()
    }

    /// Writes every packet that waits into `folder` (a removable medium); where none waits, only the question for the centre's
    /// word.
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
            refusals: Vec::new(),
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
        // First of all: what fails behind it keeps nobody from their work.
        match taken.whole {
            Some(said) => self.centre_was_read(&desk.store, said)?,
            // An answer that was taken before is the centre's word still: that time may have come to no end, or a wrong clock
            // judged it.
            None => {
                let whole_ms = desk.store.read(|view| view.feed_whole_ms())?;
                let whole_ms = whole_ms.filter(|ms| *ms <= desk.now.as_millisecond());
                if let Some(said) = whole_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
                    self.centre_was_read_before(&desk.store, said);
                }
            }
        }
        self.follow_revocations()?;
        self.take_tables(&desk.store);
        self.news.tell(News::Strip);
        self.news.tell(News::Queue);
        Ok(view::CourierReport {
            folder: folder.to_string_lossy().into_owned(),
            packets: small(taken.receipts.len()),
            bytes: 0,
            changes: small(taken.changes),
            left_out: 0,
            refused: small(taken.refused.len()),
            refusals: reasons(&taken.refused),
        })
    }
}

/// Why files were refused, each reason once; that of most files first.
fn reasons(refused: &[courier::Refusal]) -> Vec<view::CourierRefusal> {
    let mut files = std::collections::BTreeMap::<&str, usize>::new();
    for refusal in refused {
        *files.entry(refusal.code()).or_default() += 1;
    }
    let mut reasons: Vec<_> = files
        .into_iter()
        .map(|(code, files)| view::CourierRefusal { code: code.to_owned(), files: small(files) })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.files));
    reasons
}

/// Where removable media are mounted.
#[cfg(not(windows))]
pub(crate) fn media() -> Vec<String> {
    removable(&std::fs::read_to_string("/proc/self/mounts").unwrap_or_default())
}

/// Windows has no mount table to read: PowerShell, which is part of it, is asked for the drives of type 2 (removable).
#[cfg(windows)]
pub(crate) fn media() -> Vec<String> {
    use std::os::windows::process::CommandExt as _;
    /// No console window flashes up.
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let ask = "Get-CimInstance Win32_LogicalDisk | ForEach-Object { '{0} {1}' -f $_.DeviceID, $_.DriveType }";
    let said = std::process::Command::new("powershell.exe")
        .args(["-NoProfile", "-NonInteractive", "-Command", ask])
        .creation_flags(CREATE_NO_WINDOW)
        .output();
    said.map(|said| drives(&String::from_utf8_lossy(&said.stdout))).unwrap_or_default()
}

/// Roots of the removable drives in lines such as `E: 2` (Win32_LogicalDisk: `DriveType` 2 is removable, 3 a disk, 4 a
/// network drive, 5 a disc).
#[cfg(any(windows, test))]
fn drives(lines: &str) -> Vec<String> {
    let letter = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.as_str() == ":"
    };
    let pairs = lines.lines().filter_map(|line| line.trim().split_once(' '));
    let sticks = pairs.filter(|(name, kind)| letter(name) && kind.trim() == "2");
    sticks.map(|(name, _)| format!("{}\\", name.to_ascii_uppercase())).collect()
}

/// Mount points of people's media in a mount table (proc_pid_mounts(5): second field, a space written `\040`).
#[cfg(any(not(windows), test))]
fn removable(mounts: &str) -> Vec<String> {
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    let media =
        points.filter(|point| ["/media/", "/run/media/"].iter().any(|place| point.starts_with(place)));
    media.map(|point| point.replace("\\040", " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::{drives, reasons, removable};
    use sync::courier::Refusal;

    #[test]
    fn each_reason_is_told_once_and_that_of_most_files_first() {
        let refused = [Refusal::Link, Refusal::NotProven, Refusal::OtherStation, Refusal::NotProven];
        let told: Vec<_> = reasons(&refused).into_iter().map(|reason| (reason.code, reason.files)).collect();
        assert_eq!(told, [("not_proven".into(), 2), ("link".into(), 1), ("other_station".into(), 1)]);
        assert!(reasons(&[]).is_empty());
    }

    #[test]
    fn on_windows_only_removable_drives_are_offered_by_their_letter() {
        let said = "C: 3\r\nD: 5\r\nE: 2\r\nf: 2\r\nZ: 4\r\n\r\nEE: 2\r\nG:\r\n";
        assert_eq!(drives(said), ["E:\\", "F:\\"], "a stick, and neither disk, disc nor network drive");
    }

    #[test]
    fn a_stick_is_found_by_where_it_is_mounted_and_the_disk_is_none() {
        let mounts = "/dev/sda2 / ext4 rw 0 0\n/dev/sdb1 /media/dewi/KURIR\\0401 vfat rw 0 0\n\
            /dev/sdc1 /run/media/dewi/ANTAR exfat rw 0 0\ntmpfs /run tmpfs rw 0 0\n";
        assert_eq!(removable(mounts), ["/media/dewi/KURIR 1", "/run/media/dewi/ANTAR"]);
    }
}
