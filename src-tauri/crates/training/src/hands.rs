//! What the people of a training station do with their hands, the same in every walk through the SOP.

use std::time::{Duration, Instant};

use domain::Finger;
use jiff::Timestamp;
use sim::SimFault;
use station::view::{
    CardJobState, DeviceRole, DeviceState, DiffResult, DiffSource, StrokePoint, SyncReport, Verification,
};
use station::{Error, Station};
use synth::resident::Resident;

use crate::{PASSWORD, Training, TrainingError, residents};

/// How often somebody looks whether something has come about.
const LOOK: Duration = Duration::from_millis(20);

impl Training {
    /// What the person before the camera signs with the pen of the window.
    pub fn strokes(&self) -> Vec<StrokePoint> {
        let mut points = Vec::new();
        for stroke in synth::Person::new(self.desk.person().get().seed).signature() {
            let last = stroke.len().saturating_sub(1);
            points.extend(stroke.iter().enumerate().map(|(index, point)| StrokePoint {
                x: point.x,
                y: point.y * 0.4,
                t: point.t_ms,
                p: point.pressure,
                down: index != last,
            }));
        }
        points
    }

    /// The person before the camera lays this finger on the one-finger module from now on.
    pub fn lays(&self, finger: Finger) {
        if let Some(lines) = self.desk.lines() {
            lines.lay(finger);
        }
    }

    /// The card printer misbehaves like this from now on; `None` heals it.
    pub fn card_printer_fault(&self, fault: Option<SimFault>) {
        let plan = self.desk.plan(devices::Role::CardPrinter);
        match fault {
            Some(fault) => plan.set(fault),
            None => plan.clear(),
        }
    }
}

/// `account` sits down at the desk, in place of whoever sat there.
///
/// # Errors
/// Those of signing in.
pub fn sits(station: &Station, account: &str) -> station::Result<()> {
    if station.station_state()?.signed_in.is_none_or(|now| now.id != account) {
        station.lock()?;
        station.sign_in(account, PASSWORD)?;
    }
    Ok(())
}

/// Waits until a device was found; false when it was not within `patience`.
///
/// # Errors
/// `Locked`.
pub fn found(station: &Station, role: DeviceRole, patience: Duration) -> station::Result<bool> {
    let began = Instant::now();
    loop {
        let rows = station.devices()?.rows;
        if rows.iter().any(|row| row.role == role && row.state != DeviceState::Absent) {
            return Ok(true);
        }
        if began.elapsed() > patience {
            return Ok(false);
        }
        std::thread::sleep(LOOK);
    }
}

/// One exchange with the centre; one that runs by itself is waited for first.
///
/// # Errors
/// Those of `Station::sync_now` but for the waiting.
pub fn exchange(station: &Station) -> station::Result<SyncReport> {
    loop {
        match station.sync_now() {
            Err(Error::NotNow { key: "sync_running", .. }) => std::thread::sleep(LOOK),
            other => return other,
        }
    }
}

/// Step 3: what differs goes by the record, and every warning is answered; returns what is left.
///
/// # Errors
/// Those of the station's step 3.
pub fn goes_by_the_record(station: &Station, id: &str) -> station::Result<Verification> {
    let seen = station.verification(id)?;
    for row in seen.rows.iter().filter(|row| row.result == DiffResult::Differs) {
        station.choose_source(id, &row.unsur, DiffSource::Record, "")?;
    }
    // The values of the record have warnings of their own.
    let seen = station.verification(id)?;
    for warning in seen.warnings.iter().filter(|warning| warning.confirmed.is_none()) {
        station.confirm_warning(id, &warning.rule, "sesuai KK yang ditunjukkan")?;
    }
    station.verification(id)
}

/// Step 8: one order on this blangko, named `job` (a UUID); returns where it stands once the printer has had its say, or
/// `Printing` after `patience`.
///
/// # Errors
/// Those of `Station::start_print`.
pub fn prints(
    station: &Station,
    id: &str,
    serial: &str,
    job: &str,
    patience: Duration,
) -> station::Result<Option<CardJobState>> {
    let began = Instant::now();
    // The printer says by and by that it is ready.
    while !station.card_print(id)?.can_start && began.elapsed() < patience {
        std::thread::sleep(LOOK);
    }
    let mut seen = station.start_print(id, serial, job)?;
    while seen.job.as_ref().is_some_and(|job| job.state == CardJobState::Printing)
        && began.elapsed() < patience
    {
        std::thread::sleep(LOOK);
        seen = station.card_print(id)?;
    }
    Ok(seen.job.map(|job| job.state))
}

/// The residents of a training station who are 18 to 45 years old: they may have a card, and their fingers are good.
///
/// # Errors
/// [`TrainingError::Region`].
pub fn grown(seed: u64, count: usize, now: Timestamp) -> Result<Vec<Resident>, TrainingError> {
    let year = i32::from(now.to_zoned(jiff::tz::TimeZone::UTC).year());
    let mut all = residents(seed, count, now)?;
    all.retain(|resident| (18..=45).contains(&(year - year_of(resident).unwrap_or(year))));
    Ok(all)
}

/// Year of birth.
pub(crate) fn year_of(resident: &Resident) -> Option<i32> {
    resident.tanggal_lahir.get(..4).and_then(|year| year.parse().ok())
}
