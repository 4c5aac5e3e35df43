//! The 16-year-old: recorded now, held until the 17th birthday, which comes because the station's clock is put ahead.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use domain::usia;
use jiff::{SignedDuration, Timestamp, civil::Date};
use station::clock::Clock;
use station::view::{QueueJob, QueueTab, RowState, VisitState};
use synth::resident::Resident;

use super::{Stop, Visit, at};
use crate::Trouble;

/// Days until the birthday: the centre's word must still be fresh then.
const DAYS: i64 = 3;
/// How long the station may take to notice that its clock went ahead.
const NOTICED_WITHIN: Duration = Duration::from_secs(60);

/// The computer's clock, put ahead by whole days.
#[derive(Default)]
pub(super) struct Calendar(AtomicI64);

impl Clock for Calendar {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_hours(24 * self.0.load(Ordering::SeqCst));
        let now = Timestamp::now();
        now.checked_add(ahead).unwrap_or(now)
    }
}

/// The birthday, by the station's time of day (WIB).
fn day() -> Result<Date, Trouble> {
    let today = jiff::tz::Offset::constant(7).to_datetime(Timestamp::now()).date();
    let day = today.checked_add(jiff::Span::new().days(DAYS));
    day.map_err(|_| Trouble::Usage("the calendar ends".into()))
}

/// Who turns 17 in a few days, beside the residents of the extract.
pub(super) fn young(options: &training::Options) -> Result<Resident, Trouble> {
    Ok(training::turns_17(options.seed, options.residents, day()?, Timestamp::now())?)
}

/// The operator's queue as the window shows it: whether the visit is among the work, and whether it stands first as one
/// whose day has come.
fn row_of(visit: &Visit<'_>) -> Result<(bool, bool), Stop> {
    let seen = visit.station.queue(QueueTab::Operator).map_err(at("queue"))?;
    let work = seen.mine.iter().any(|row| row.id == visit.id);
    let first = seen.mine.first().is_some_and(|row| row.id == visit.id && row.state == RowState::Due);
    Ok((work, first))
}

/// The recording is sealed, and no card can be asked for; the print queue says until when.
pub(super) fn held(visit: &Visit<'_>) -> Result<(), Stop> {
    let (station, id) = (visit.station, visit.id.as_str());
    if station.permohonan(id).map_err(at("held"))?.state != VisitState::Sealed {
        return Err(Stop::new("held", "not sealed"));
    }
    if row_of(visit)?.0 {
        return Err(Stop::new("queue", "called before the birthday"));
    }
    for refused in [station.resume(id).map(drop), station.submit_print_request(id).map(drop)] {
        if refused.is_ok() {
            return Err(Stop::new("held", "a card was asked for before the birthday"));
        }
    }
    training::sits(station, "rizal").map_err(at("sign_in"))?;
    let queue = station.print_queue().map_err(at("queue"))?;
    let row = queue.rows.iter().find(|row| row.id == id);
    let born: Option<Date> = visit.resident.tanggal_lahir.parse().ok();
    let birthday = born.and_then(|born| usia::birthday(born, usia::PRINT_AGE)).map(|day| day.to_string());
    let holds = row.is_some_and(|row| {
        row.state == QueueJob::HeldForAge && birthday.is_some() && row.print_from == birthday
    });
    training::sits(station, "dewi").map_err(at("sign_in"))?;
    if holds { Ok(()) } else { Err(Stop::new("queue", "not held until the birthday")) }
}

/// The birthday comes; the station notices the jump as after a sleep and locks. Then the operator's queue calls the visit, and
/// it is taken up from there as the window does.
pub(super) fn comes(visit: &Visit<'_>, calendar: &Calendar) -> Result<(), Stop> {
    let station = visit.station;
    calendar.0.store(DAYS, Ordering::SeqCst);
    let began = Instant::now();
    while station.station_state().map_err(at("lock"))?.signed_in.is_some() {
        if began.elapsed() > NOTICED_WITHIN {
            return Err(Stop::new("lock", "the clock went ahead unnoticed"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    training::sits(station, "dewi").map_err(at("sign_in"))?;
    if row_of(visit)? != (true, true) {
        return Err(Stop::new("queue", "the birthday has come, and the queue does not call"));
    }
    station.resume(&visit.id).map_err(at("resume")).map(drop)
}
