//! What the signed logs of written chips are worth.

use serde_json::json;
use station::{ChipLogCheck, LogVerdict};

use crate::{Trouble, Verdict, answer, desk};

#[derive(clap::Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    who: desk::Ask,
    /// The card with this number only.
    #[arg(long)]
    blangko: Option<String>,
}

pub(crate) fn verify_log(ask: &Ask) -> Result<Verdict, Trouble> {
    let station = ask.who.open()?;
    let checks = station.chip_logs(ask.blangko.as_deref());
    station.lock()?;
    let checks = checks?;
    if let (Some(blangko), true) = (&ask.blangko, checks.is_empty()) {
        return Err(Trouble::Usage(format!("this station wrote no chip of a card {blangko}")));
    }
    for check in &checks {
        answer(&json!(check));
    }
    let verdict = verdict_of(&checks);
    let held = checks.iter().filter(|check| check.verdict == LogVerdict::Holds).count();
    answer(&json!({"ok": matches!(verdict, Verdict::Fine), "logs": checks.len(), "hold": held}));
    Ok(verdict)
}

/// A log that does not hold is worse than one that cannot be checked here.
fn verdict_of(checks: &[ChipLogCheck]) -> Verdict {
    let mut verdict = Verdict::Fine;
    for check in checks {
        match check.verdict {
            LogVerdict::Holds => {}
            LogVerdict::NoKey => verdict = Verdict::Warned,
            LogVerdict::Broken | LogVerdict::OtherCard | LogVerdict::Unreadable | LogVerdict::Missing => {
                return Verdict::Broken;
            }
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdict: LogVerdict) -> ChipLogCheck {
        ChipLogCheck {
            blangko: String::new(),
            uid: String::new(),
            profile: String::new(),
            written_at: String::new(),
            sam: String::new(),
            files: 0,
            digest: String::new(),
            verdict,
        }
    }

    #[test]
    fn one_log_that_does_not_hold_breaks_the_answer_and_one_that_nobody_can_check_warns() {
        let of =
            |verdicts: &[LogVerdict]| verdict_of(&verdicts.iter().copied().map(check).collect::<Vec<_>>());
        assert!(matches!(of(&[]), Verdict::Fine), "no chip, nothing wrong");
        assert!(matches!(of(&[LogVerdict::Holds]), Verdict::Fine));
        assert!(matches!(of(&[LogVerdict::NoKey, LogVerdict::Holds]), Verdict::Warned));
        for bad in [LogVerdict::Broken, LogVerdict::OtherCard, LogVerdict::Unreadable, LogVerdict::Missing] {
            assert!(matches!(of(&[LogVerdict::Holds, bad, LogVerdict::NoKey]), Verdict::Broken), "{bad:?}");
        }
    }
}
