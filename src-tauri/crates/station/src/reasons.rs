//! Why the procedure says "not yet", as key and operands for the window.

use std::collections::BTreeMap;

use domain::central_status::CentralStatus;
use domain::permohonan::Refusal;
use domain::plan::PlanRefusal;
use domain::steps::print_request::Obstacle;

use crate::view::Why;

/// Stable key of a refusal: the name that the core serialises it under. Why there is no plan has keys of its own.
pub(crate) fn refusal_key(refusal: &Refusal) -> String {
    if let Refusal::Plan { plan } = refusal {
        return plan_key(*plan);
    }
    if let Some(obstacle) = told_of(refusal) {
        return obstacle_key(obstacle).to_owned();
    }
    match serde_json::to_value(refusal) {
        Ok(serde_json::Value::Object(map)) => {
            map.get("refusal").and_then(|key| key.as_str()).unwrap_or("other").to_owned()
        }
        Ok(_) | Err(_) => "other".to_owned(),
    }
}

/// The condition by which a refused print request is told: another request before all others, for nothing that is completed
/// here removes it.
fn told_of(refusal: &Refusal) -> Option<&Obstacle> {
    let Refusal::NotEligible { obstacles } = refusal else { return None };
    let running = obstacles.iter().find(|one| matches!(one, Obstacle::RunningRequest { .. }));
    running.or(obstacles.first())
}

fn obstacle_key(obstacle: &Obstacle) -> &'static str {
    match obstacle {
        Obstacle::TooYoung { .. } => "held_for_age",
        Obstacle::IdentityUnchecked => "identity_unchecked",
        Obstacle::PapersMissing { .. } => "papers_missing",
        Obstacle::RunningRequest { .. } => "running_request",
    }
}

/// Operands that a sentence may name; never a value that the applicant gave.
pub(crate) fn refusal_args(refusal: &Refusal) -> BTreeMap<String, String> {
    let mut args = BTreeMap::new();
    let mut put = |key: &str, value: String| {
        args.insert(key.to_owned(), value);
    };
    match refusal {
        Refusal::FieldsMissing { unsur }
        | Refusal::FieldsRefused { unsur }
        | Refusal::DifferencesOpen { unsur } => {
            put("count", unsur.len().to_string());
            put("first", unsur.first().map(|u| u.key().to_owned()).unwrap_or_default());
        }
        Refusal::WarningsUnconfirmed { warnings } => put("count", warnings.len().to_string()),
        Refusal::NotEligible { .. } => match told_of(refusal) {
            Some(Obstacle::TooYoung { until }) => put("until", until.to_string()),
            Some(Obstacle::PapersMissing { missing }) => {
                put("count", missing.len().to_string());
                put("first", missing.first().map(crate::words::requirement).unwrap_or_default());
            }
            Some(Obstacle::RunningRequest { ticket }) => put("ticket", ticket.as_str().to_owned()),
            Some(Obstacle::IdentityUnchecked) | None => {}
        },
        Refusal::PapersMissing { missing } => {
            put("count", missing.len().to_string());
            put("first", missing.first().map(crate::words::requirement).unwrap_or_default());
        }
        Refusal::MoreTriesNeeded { done, needed } => {
            put("done", done.to_string());
            put("needed", needed.to_string());
        }
        Refusal::Incomplete { missing } | Refusal::CaptureReopened { missing } => {
            put("count", missing.len().to_string());
            put("first", missing.first().map(missing_key).unwrap_or_default());
        }
        Refusal::TriesSpent { limit } => put("limit", limit.to_string()),
        Refusal::LinesUnjudged { lines } => put("count", lines.len().to_string()),
        Refusal::HeldForAge { until } => put("until", until.to_string()),
        Refusal::PrintReadyWithdrawn { status, as_of } => {
            put("status", status.clone());
            put("said", crate::status::key_of(&CentralStatus::received(status.clone())));
            put("at", crate::visit::iso(*as_of));
        }
        Refusal::ClockBehind { as_of } => put("at", crate::visit::iso(*as_of)),
        Refusal::ReturnDatePassed { return_on } => put("date", return_on.to_string()),
        Refusal::Plan { plan } => return plan_args(*plan),
        _ => {}
    }
    args
}

/// Key of why no plan can be made: `plan_` and the name of the reason.
pub(crate) fn plan_key(refusal: PlanRefusal) -> String {
    let why = match refusal {
        PlanRefusal::TooYoung { .. } => "too_young",
        PlanRefusal::NeverRecorded { .. } => "never_recorded",
        PlanRefusal::NothingAsked => "nothing_asked",
        PlanRefusal::NotYetBorn => "not_yet_born",
    };
    format!("plan_{why}")
}

/// Operands of why no plan can be made.
pub(crate) fn plan_args(refusal: PlanRefusal) -> BTreeMap<String, String> {
    let (key, value) = match refusal {
        PlanRefusal::TooYoung { from } => ("from", from.to_string()),
        PlanRefusal::NeverRecorded { kind } => ("kind", crate::words::kind(kind).to_owned()),
        PlanRefusal::NothingAsked | PlanRefusal::NotYetBorn => return BTreeMap::new(),
    };
    BTreeMap::from([(key.to_owned(), value)])
}

fn missing_key(missing: &domain::capture::Missing) -> String {
    match serde_json::to_value(missing) {
        Ok(serde_json::Value::Object(map)) => {
            map.get("missing").and_then(|key| key.as_str()).unwrap_or_default().to_owned()
        }
        Ok(_) | Err(_) => String::new(),
    }
}

/// The line beside a button that cannot be pressed yet.
pub(crate) fn why(refusal: &Refusal) -> Why {
    Why { key: refusal_key(refusal), args: refusal_args(refusal) }
}

/// What stands in the way of an event, asked without performing it.
pub(crate) fn obstacle<T>(asked: &crate::Result<T>) -> Option<Why> {
    match asked {
        Ok(_) => None,
        Err(crate::Error::Refused(refusal)) => Some(why(refusal)),
        Err(other) => {
            let shown = other.to_view();
            Some(Why { key: shown.key, args: shown.args })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_there_is_no_plan_is_said_by_one_name_beside_the_button_and_in_three_sentences() {
        let from = jiff::civil::date(2028, 1, 1);
        let kind = domain::plan::JenisPermohonan::BaruWni;
        for plan in [
            PlanRefusal::TooYoung { from },
            PlanRefusal::NeverRecorded { kind },
            PlanRefusal::NothingAsked,
            PlanRefusal::NotYetBorn,
        ] {
            let refusal = Refusal::Plan { plan };
            let beside = why(&refusal);
            for error in [crate::Error::from(plan), crate::Error::from(refusal)] {
                let shown = error.to_view();
                assert_eq!((&shown.key, &shown.args), (&beside.key, &beside.args));
            }
            crate::words::assert_worded(&format!("why.{}", beside.key));
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{}.{part}", beside.key));
            }
        }
    }

    #[test]
    fn a_request_that_is_refused_is_told_by_its_condition_and_another_request_by_its_number() {
        use domain::document::{Berkas, Requirement};

        let ticket = domain::ids::NomorPermohonan::of('A', 7).unwrap();
        let missing = vec![Requirement { any_of: vec![Berkas::KartuKeluarga] }];
        let until = jiff::civil::date(2028, 1, 1);
        let running = Obstacle::RunningRequest { ticket };
        let papers = Obstacle::PapersMissing { missing };
        for (obstacles, key, name, value) in [
            (vec![papers.clone(), running], "running_request", "ticket", "A-007"),
            (vec![papers], "papers_missing", "count", "1"),
            (vec![Obstacle::TooYoung { until }], "held_for_age", "until", "2028-01-01"),
        ] {
            let refusal = Refusal::NotEligible { obstacles };
            let beside = why(&refusal);
            assert_eq!((beside.key.as_str(), beside.args[name].as_str()), (key, value));
            crate::words::assert_worded(&format!("why.{key}"));
            let shown = crate::Error::from(refusal).to_view();
            assert_eq!((shown.key, shown.args), (format!("refused_{key}"), beside.args), "and as a problem");
        }
        let unchecked = Refusal::NotEligible { obstacles: vec![Obstacle::IdentityUnchecked] };
        assert_eq!(why(&unchecked).key, "identity_unchecked");
        crate::words::assert_worded("why.identity_unchecked");
        for part in ["happened", "safe", "next"] {
            crate::words::assert_worded(&format!("errors.refused_running_request.{part}"));
        }
    }
}
