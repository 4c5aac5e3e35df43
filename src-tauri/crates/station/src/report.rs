//! Reports: counts only, no names of applicants and no NIK.

use std::collections::BTreeMap;

use domain::role::Action;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use store::ReportPeriod as Span;

use crate::session::Desk;
use crate::view::{self, ReportPeriod};
use crate::{Error, Result, Station};

pub(crate) mod blank;
mod figures;
pub(crate) mod paper;
pub(crate) mod qr_page;
pub(crate) mod save;
mod tables;
mod unclaimed;

/// Months of spoilage that are set side by side.
const MONTHS: i32 = 6;

/// First and last day, both included, and the period as the store counts it.
struct Asked {
    from: Date,
    to: Date,
    span: Span,
}

impl Station {
    /// The report of the period that holds `day` (`2026-11-27`); a period that runs ends today.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no day, or one that lies ahead), `Store`.
    pub fn report(&self, period: ReportPeriod, day: &str) -> Result<view::Report> {
        let desk = self.desk(Action::ReadReports)?;
        self.report_view(&desk, period, day)
    }

    fn report_view(&self, desk: &Desk, period: ReportPeriod, day: &str) -> Result<view::Report> {
        let today = self.day_of(desk.now);
        let day: Date = day.parse().map_err(|_| Error::Invalid { what: "date" })?;
        if day > today {
            return Err(Error::Invalid { what: "date" });
        }
        let (from, end) = figures::bounds(period, day);
        let asked = self.asked(from, end.min(today))?;
        let month = asked.to.first_of_month();
        let first_month = month.saturating_sub(jiff::Span::new().months(MONTHS - 1));
        let months = self.asked(first_month.min(asked.from.first_of_month()), asked.to)?;
        let now_ms = desk.now.as_millisecond();
        let stock = self.stock_items(desk)?;
        let limits = self.rules().thresholds;
        let names: BTreeMap<String, String> = desk
            .store
            .read(|look| look.operators())?
            .into_iter()
            .map(|person| (person.id.to_string(), person.name))
            .collect();
        let (span, long) = (&asked.span, &months.span);
        let report = desk.store.read(|look| {
            let days = look.report_by_day(span)?;
            let production = figures::production(period, asked.from, asked.to, &days);
            let unsent = look.report_unsent(now_ms)?;
            let unclaimed = look.report_unclaimed(now_ms, span.offset_s)?;
            let funnel = look.report_funnel(span)?;
            let quality = look.report_quality(span)?;
            let below = |modality: &str| -> store::Result<u32> {
                match modality {
                    "portrait" => look.report_below(span, modality, limits.portrait),
                    "fingers" => look.report_below(span, modality, limits.finger),
                    "irises" => look.report_below(span, modality, limits.eye),
                    _ => Ok(0),
                }
            };
            Ok(view::Report {
                period,
                from: asked.from.to_string(),
                to: asked.to.to_string(),
                average_per_day: figures::average(period, asked.from, asked.to, &days),
                production,
                operators: look
                    .report_by_operator(span)?
                    .into_iter()
                    .map(|one| view::OperatorProduction {
                        name: names.get(&one.of).cloned().unwrap_or_else(|| one.of.clone()),
                        operator: one.of,
                        recorded: one.recorded,
                        printed: one.printed,
                        handed_over: one.handed_over,
                    })
                    .collect(),
                steps: figures::steps(&look.report_step_times(span)?),
                returns: counted(look.report_return_reasons(span)?, tables::return_words),
                exceptions: counted(look.report_exceptions(span)?, tables::exception_words),
                quality: quality
                    .into_iter()
                    .filter_map(|line| {
                        let modality = figures::modality(&line.modality)?;
                        Some(below(&line.modality).map(|below| figures::quality(modality, &line, below)))
                    })
                    .collect::<store::Result<_>>()?,
                spoilage: figures::spoilage(months.from, months.to, &look.report_spoilage_by_month(long)?),
                spoil_reasons: counted(look.report_spoilage(span)?, crate::blangko::spoil_words),
                funnel: figures::funnel(&funnel, now_ms, &unclaimed),
                unsent: figures::brackets(&unsent),
                unclaimed: figures::brackets(&unclaimed),
                stock: stock.clone(),
                read_later: (asked.to != today).then(|| crate::visit::iso(desk.now)),
            })
        })?;
        Ok(report)
    }

    fn asked(&self, from: Date, to: Date) -> Result<Asked> {
        let (from_ms, to_ms) = self.span_ms(from, to)?;
        Ok(Asked { from, to, span: Span { from_ms, to_ms, offset_s: self.zone_offset_s() } })
    }

    /// First moment of `from` at the station and of the day after `to`, UTC milliseconds.
    pub(crate) fn span_ms(&self, from: Date, to: Date) -> Result<(i64, i64)> {
        let wrong = || Error::Invalid { what: "date" };
        let seconds = i32::try_from(self.zone_offset_s()).map_err(|_| wrong())?;
        let zone = Offset::from_seconds(seconds).map_err(|_| wrong())?;
        let start = |day: Date| {
            zone.to_timestamp(day.at(0, 0, 0, 0)).map(Timestamp::as_millisecond).map_err(|_| wrong())
        };
        Ok((start(from)?, start(to.tomorrow().map_err(|_| wrong())?)?))
    }
}

fn counted(all: Vec<store::Tally>, words: impl Fn(&str) -> String) -> Vec<view::Counted> {
    all.into_iter()
        .map(|one| view::Counted { label: words(&one.of), key: one.of, count: one.count })
        .collect()
}
