//! Devices, the computer itself, the support bundle.

use super::desk::Why;
use super::words::*;

view! {
    /// Last success.
    LastOk { at: String, what: String }
    /// Last trouble and what helps.
    LastFault { at: String, reason: String, remedy: String }
    /// One fact about a device: words of the window (`fact.<key>`, or `fact.<key>.<value>`) and the value in them.
    DeviceFact { key: String, value: String }
    /// One device that could take the role.
    DeviceChoice { identity: String, name: String }
    /// One role.
    DeviceRow {
        role: DeviceRole, name: String, identity: String, firmware: String, detail: Vec<DeviceFact>, state: DeviceState,
        since: Option<String>, reason: Option<String>,
        /// It answers with something false; anything else is only not there now.
        broken: bool, last_ok: Option<LastOk>, last_fault: Option<LastFault>,
        choices: Vec<DeviceChoice>,
    }
    /// Room on the disk with the reserve; `ballast_ready` is false once that was given up.
    ComputerDisk {
        #[specta(type = u32)] free_bytes: f64, recordings_left: u32, level: DiskLevel,
        #[specta(type = u32)] ballast_bytes: f64, ballast_ready: bool,
    }
    /// The clock.
    ClockView { state: ClockState, note: String }
    /// The station's certificate.
    CertificateView { days_left: i32, until: String, assurance: Assurance }
    /// The database.
    DatabaseView { checked_at: Option<String>, backup_at: Option<String> }
    /// Battery.
    PowerView { percent: Option<u32>, on_battery: bool }
    /// A code table (`codes.<id>`) or the retired regions (`wilayah.retired`) in a version of the centre's.
    TableVersion { key: String, version: u32 }
    /// The computer.
    Computer {
        disk: ComputerDisk, clock: ClockView, certificate: Option<CertificateView>, database: DatabaseView,
        power: Option<PowerView>,
        /// Tables that are newer than those shipped; none when all are the program's own.
        tables: Vec<TableVersion>,
    }
    /// A card inside the card printer, as far as it may be brought out from the device page: `why` says why not now; `ticket`
    /// and `serial` are those of the one order that waits for somebody to look, where there is one; `rejected` is since when
    /// cards lie in the reject box of which nobody has read the number.
    CardLeft { why: Option<Why>, ticket: String, serial: Option<String>, rejected: Vec<String> }
    /// The device page. `card_left` is absent for who keeps no blangko, and where no printer brings a card out on command.
    Devices { rows: Vec<DeviceRow>, computer: Computer, card_left: Option<CardLeft>, seen_at: String }
    /// A setting whose value cannot be used: `section.key`, what stands there, and what may (`allowed.<key>`).
    WrongSetting { key: String, value: String, allowed: Why }
    /// Why the program cannot begin: key of its sentences, the data folder, and the program's own words for who mends it;
    /// `settings` are those that cannot be used.
    StartFailure { key: String, folder: String, detail: String, version: String, settings: Vec<WrongSetting> }
    /// Result of a test.
    DeviceTest { ok: bool, reason: Option<String>, detail: Vec<DeviceFact>, took_ms: u32 }
    /// One file of the bundle.
    BundleFile { name: String, bytes: u32 }
    /// The support bundle, without personal data.
    SupportBundle { files: Vec<BundleFile>, total_bytes: u32, preview: String, saved_to: Option<String> }
}
