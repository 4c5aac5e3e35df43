//! From what the store counted to what a report shows.

use std::collections::BTreeMap;

use domain::plan::Step;
use jiff::civil::{Date, Weekday};
use store::{Production, QualityTally, StepDuration};

use crate::view::{self, ReportPeriod};
use crate::visit::view_step;

/// Brackets of days, by the first day of each; the last has no end.
const BRACKETS: [u32; 4] = [0, 2, 8, 31];

/// First and last day of the period that holds `day`; weeks begin on Monday (ISO 8601).
pub(super) fn bounds(period: ReportPeriod, day: Date) -> (Date, Date) {
    match period {
        ReportPeriod::Day => (day, day),
        ReportPeriod::Week => {
            let back = i64::from(day.weekday().to_monday_zero_offset());
            let monday = day.saturating_sub(jiff::Span::new().days(back));
            (monday, monday.saturating_add(jiff::Span::new().days(6)))
        }
        ReportPeriod::Month => (day.first_of_month(), day.last_of_month()),
        ReportPeriod::Year => (day.first_of_year(), day.last_of_year()),
    }
}

/// Days of a period that are worked on, and those others that have production.
fn days(from: Date, to: Date, counted: &[Production]) -> Vec<Date> {
    let busy = |day: Date| counted.iter().any(|one| one.of == day.to_string());
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    from.series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
        .filter(|day| from == to || !weekend(*day) || busy(*day))
        .collect()
}

/// Production by working day, in a year's report by month; days without any stand with nothing.
pub(super) fn production(
    period: ReportPeriod,
    from: Date,
    to: Date,
    counted: &[Production],
) -> Vec<view::ProductionDay> {
    let mut by: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let key = |day: &str| match period {
        ReportPeriod::Year => day.get(..7).unwrap_or(day).to_owned(),
        ReportPeriod::Day | ReportPeriod::Week | ReportPeriod::Month => day.to_owned(),
    };
    for day in days(from, to, counted) {
        by.entry(key(&day.to_string())).or_default();
    }
    for one in counted {
        let sum = by.entry(key(&one.of)).or_default();
        for (into, more) in sum.iter_mut().zip([one.recorded, one.printed, one.handed_over]) {
            *into = into.saturating_add(more);
        }
    }
    by.into_iter()
        .map(|(day, [recorded, printed, handed_over])| view::ProductionDay {
            day,
            recorded,
            printed,
            handed_over,
        })
        .collect()
}

/// Recordings a working day, rounded; `None` for one day and where it rounds to none.
pub(super) fn average(period: ReportPeriod, from: Date, to: Date, counted: &[Production]) -> Option<u32> {
    let recorded: u32 = counted.iter().map(|one| one.recorded).sum();
    let days = u32::try_from(days(from, to, counted).len()).ok().filter(|days| *days > 0)?;
    (period != ReportPeriod::Day).then(|| (recorded + days / 2) / days).filter(|average| *average > 0)
}

/// All nine steps, in order.
pub(super) fn steps(taken: &[StepDuration]) -> Vec<view::StepTime> {
    let small = |seconds: u64| u32::try_from(seconds).unwrap_or(u32::MAX);
    Step::ALL
        .into_iter()
        .map(|step| {
            let found = taken.iter().find(|one| one.step == step.key());
            view::StepTime {
                step: view_step(step),
                median: found.map(|one| small(one.median_s)),
                p90: found.map(|one| small(one.p90_s)),
                standard: step.standard_minutes() * 60,
                visits: found.map_or(0, |one| one.visits),
                late: found.map_or(0, |one| one.late),
            }
        })
        .collect()
}

/// Modalities that have a quality.
pub(super) fn modality(key: &str) -> Option<view::Modality> {
    match key {
        "portrait" => Some(view::Modality::Portrait),
        "fingers" => Some(view::Modality::Fingers),
        "irises" => Some(view::Modality::Irises),
        _ => None,
    }
}

/// Quality of one modality; `attempts` in hundredths for each attempt that was kept.
pub(super) fn quality(modality: view::Modality, line: &QualityTally, below: u32) -> view::QualityLine {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let mean = line.mean_score.map(|mean| mean.round().clamp(0.0, 100.0) as u32);
    let attempts = u64::from(line.attempts) * 100;
    view::QualityLine {
        modality,
        mean,
        below_limit: below,
        kept: line.chosen,
        attempts: match line.chosen {
            0 => 0,
            chosen => u32::try_from(attempts / u64::from(chosen)).unwrap_or(u32::MAX),
        },
    }
}

/// Each month from that of `from` to that of `to`; `spent` is what was used up, good or spoiled.
pub(super) fn spoilage(from: Date, to: Date, counted: &[store::SpoilageMonth]) -> Vec<view::SpoilageMonth> {
    from.first_of_month()
        .series(jiff::Span::new().months(1))
        .take_while(|month| *month <= to)
        .map(|first| {
            let month = first.strftime("%Y-%m").to_string();
            let found = counted.iter().find(|one| one.month == month);
            let (spoiled, printed) = found.map_or((0, 0), |one| (one.spoiled, one.printed));
            let spent = spoiled.saturating_add(printed);
            let share = (u64::from(spoiled) * 10_000 + u64::from(spent) / 2).checked_div(u64::from(spent));
            let share = share.and_then(|share| u32::try_from(share).ok()).unwrap_or(0);
            view::SpoilageMonth { month, spoiled, spent, share }
        })
        .collect()
}

/// The greatest age in days.
pub(super) fn oldest(ages: &[(u32, u32)]) -> Option<u32> {
    ages.iter().map(|(days, _)| *days).max()
}

/// The way of a card of the period's recordings; what is on the shelf is counted now, whatever the period.
pub(super) fn funnel(counted: &store::Funnel, now_ms: i64, unclaimed: &[(u32, u32)]) -> view::Funnel {
    let days =
        |since: i64| u32::try_from(now_ms.saturating_sub(since).max(0) / 86_400_000).unwrap_or(u32::MAX);
    view::Funnel {
        recorded: counted.recorded,
        sent: counted.sent,
        acknowledged: counted.acknowledged,
        print_ready: counted.ready,
        printed: counted.printed,
        handed_over: counted.handed_over,
        oldest_unsent_days: counted.oldest_unsent_ms.map(days),
        waiting_age: counted.held_for_age,
        on_shelf: unclaimed.iter().map(|(_, count)| count).sum(),
        oldest_on_shelf_days: oldest(unclaimed),
        refused: counted.refused,
        unsendable: counted.unsendable,
        queued: counted.queued,
    }
}

/// `0–1`, `2–7`, `8–30`, `31+` days; nothing when nothing lies there.
pub(super) fn brackets(ages: &[(u32, u32)]) -> Vec<view::AgeBracket> {
    if ages.iter().all(|(_, count)| *count == 0) {
        return Vec::new();
    }
    BRACKETS
        .iter()
        .enumerate()
        .map(|(at, from)| {
            let next = BRACKETS.get(at + 1).copied();
            let within = |days: u32| days >= *from && next.is_none_or(|next| days < next);
            view::AgeBracket {
                label: match next {
                    Some(next) => format!("{from}–{}", next - 1),
                    None => format!("{from}+"),
                },
                count: ages.iter().filter(|(days, _)| within(*days)).map(|(_, count)| count).sum(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn made(of: &str, recorded: u32) -> Production {
        Production { of: of.into(), recorded, printed: 0, handed_over: 0 }
    }

    #[test]
    fn a_period_has_its_days_and_weeks_begin_on_monday() {
        let friday = date(2026, 11, 27);
        assert_eq!(bounds(ReportPeriod::Week, friday), (date(2026, 11, 23), date(2026, 11, 29)));
        assert_eq!(bounds(ReportPeriod::Week, date(2026, 11, 29)).0, date(2026, 11, 23), "Sunday ends it");
        assert_eq!(bounds(ReportPeriod::Month, date(2028, 2, 10)).1, date(2028, 2, 29), "a leap year");
        assert_eq!(bounds(ReportPeriod::Year, friday), (date(2026, 1, 1), date(2026, 12, 31)));
    }

    #[test]
    fn working_days_stand_also_with_nothing_and_a_saturday_only_with_something() {
        let counted = [made("2026-11-25", 3), made("2026-11-28", 2)];
        let (from, to) = (date(2026, 11, 23), date(2026, 11, 29));
        let shown = production(ReportPeriod::Week, from, to, &counted);
        let days: Vec<(&str, u32)> = shown.iter().map(|one| (one.day.as_str(), one.recorded)).collect();
        assert_eq!(
            days,
            [
                ("2026-11-23", 0),
                ("2026-11-24", 0),
                ("2026-11-25", 3),
                ("2026-11-26", 0),
                ("2026-11-27", 0),
                ("2026-11-28", 2)
            ]
        );
        assert_eq!(average(ReportPeriod::Week, from, to, &counted), Some(1), "five over six days");
        assert_eq!(average(ReportPeriod::Day, from, from, &counted), None, "one day has no average");
        assert_eq!(average(ReportPeriod::Week, from, to, &[]), None, "nor has nothing");
    }

    #[test]
    fn a_year_is_told_by_month() {
        let counted = [made("2026-01-05", 4), made("2026-01-06", 5), made("2026-03-02", 1)];
        let shown = production(ReportPeriod::Year, date(2026, 1, 1), date(2026, 3, 10), &counted);
        let months: Vec<(&str, u32)> = shown.iter().map(|one| (one.day.as_str(), one.recorded)).collect();
        assert_eq!(months, [("2026-01", 9), ("2026-02", 0), ("2026-03", 1)]);
    }

    #[test]
    fn the_share_of_spoilage_is_of_what_was_used_up_and_empty_months_stand() {
        let counted = [store::SpoilageMonth { month: "2026-10".into(), spoiled: 7, printed: 383 }];
        let shown = spoilage(date(2026, 9, 1), date(2026, 11, 27), &counted);
        let months: Vec<(&str, u32, u32)> =
            shown.iter().map(|one| (one.month.as_str(), one.spent, one.share)).collect();
        assert_eq!(months, [("2026-09", 0, 0), ("2026-10", 390, 179), ("2026-11", 0, 0)], "1.79 %");
    }

    #[test]
    fn the_age_of_what_is_unsent_is_that_of_the_periods_own_recordings() {
        let counted = store::Funnel { oldest_unsent_ms: Some(1_000), ..store::Funnel::default() };
        let days = |now_ms| funnel(&counted, now_ms, &[(34, 1), (2, 3)]).oldest_unsent_days;
        assert_eq!(days(1_000 + 86_399_999), Some(0), "a day that is not over");
        assert_eq!(days(1_000 + 3 * 86_400_000), Some(3));
        assert_eq!(days(0), Some(0), "a clock that was set back");
        let none = funnel(&store::Funnel::default(), 5, &[(34, 1), (2, 3)]);
        assert_eq!((none.oldest_unsent_days, none.on_shelf, none.oldest_on_shelf_days), (None, 4, Some(34)));
    }

    #[test]
    fn every_age_lies_in_one_bracket() {
        let shown = brackets(&[(0, 1), (1, 2), (2, 4), (7, 8), (30, 16), (31, 32), (400, 64)]);
        let told: Vec<(&str, u32)> = shown.iter().map(|one| (one.label.as_str(), one.count)).collect();
        assert_eq!(told, [("0–1", 3), ("2–7", 12), ("8–30", 16), ("31+", 96)]);
        assert!(brackets(&[]).is_empty(), "nothing waits, nothing is listed");
    }

    #[test]
    fn all_nine_steps_stand_also_those_that_nobody_finished() {
        let one = StepDuration { step: "capture".into(), visits: 4, median_s: 500, p90_s: 700, late: 1 };
        let shown = steps(&[one]);
        assert_eq!(shown.len(), 9, "in the order of the SOP");
        let capture = &shown[3];
        assert_eq!(
            (capture.median, capture.standard, capture.late),
            (Some(500), 600, 1),
            "step 4, ten minutes"
        );
        assert_eq!((shown[0].median, shown[0].visits), (None, 0), "nothing is guessed");
    }
}
