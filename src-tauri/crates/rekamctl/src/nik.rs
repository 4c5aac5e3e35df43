//! What the rules say about one NIK.

use domain::Level;
use domain::nik::{NikContext, Sex, check, digits_only};
use domain::tanggal::Tanggal;
use domain::wilayah::Wilayah;
use jiff::civil::Date;
use serde_json::json;

use crate::{Trouble, Verdict, answer};

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// The number; spaces, dots and dashes are forgiven.
    nik: String,
    /// Date of birth of the biodata.
    #[arg(long, value_name = "YYYY-MM-DD")]
    born: Option<Date>,
    /// Sex of the biodata.
    #[arg(long, value_parser = ["L", "P"])]
    sex: Option<String>,
    /// Married now or ever.
    #[arg(long)]
    married: bool,
    /// The day of asking instead of today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

pub(crate) fn run(ask: &Ask) -> Result<Verdict, Trouble> {
    let today =
        ask.today.unwrap_or_else(|| jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date());
    let ctx = NikContext {
        born: ask.born.map(Tanggal::exact),
        sex: ask.sex.as_deref().map(|sex| if sex == "P" { Sex::Female } else { Sex::Male }),
        married: ask.married,
        ..NikContext::bare(today, Wilayah::builtin())
    };
    let verdict = check(&ask.nik, &ctx);
    let digits = digits_only(&ask.nik);
    let masked = domain::Nik::parse(&digits).map(|nik| nik.masked()).ok();
    answer(&json!({
        "level": verdict.level,
        "nik_masked": masked,
        "parts": verdict.parts,
        "findings": verdict.findings,
    }));
    Ok(match verdict.level {
        Level::Ok | Level::Info => Verdict::Fine,
        Level::Warn => Verdict::Warned,
        Level::Hard => Verdict::Broken,
    })
}
