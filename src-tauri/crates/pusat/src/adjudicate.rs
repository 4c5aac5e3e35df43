//! `pusat adjudicate`: what waits, side by side, and the person's word.

use clap::Subcommand;
use pusat::pipeline::adjudication::{self, Alike, Side, Word};
use pusat::{Centre, Result};
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Subcommand)]
pub enum AdjudicateCommand {
    /// Menampilkan yang menunggu putusan, terlama dahulu.
    List,
    /// Menampilkan satu perekaman berdampingan dengan yang menyerupainya. Berisi data pribadi; tercatat.
    Show {
        /// Nomor perekaman.
        enrolment: Uuid,
        /// Akun yang melihat.
        #[arg(long, env = "PUSAT_AKUN")]
        by: String,
    },
    /// Memutus: same-person (orang yang sama), different-person (orang lain), accept (benar, lanjutkan), reject (ditolak).
    Decide {
        /// Nomor perekaman.
        enrolment: Uuid,
        /// Putusan.
        word: Word,
        /// Akun yang memutus.
        #[arg(long, env = "PUSAT_AKUN")]
        by: String,
        /// Alasan; wajib untuk reject, dan stasiun membacanya. Tanpa NIK.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// Does one command and answers what to print.
pub async fn run(centre: &Arc<Centre>, command: AdjudicateCommand) -> Result<String> {
    match command {
        AdjudicateCommand::List => {
            let lines: Vec<String> = adjudication::waiting(centre)
                .await?
                .into_iter()
                .map(|one| {
                    let since = at(one.since_ms);
                    format!("{since}  {}  {}  {}", one.enrolment, one.station, one.reason)
                })
                .collect();
            Ok(lines.join("\n"))
        }
        AdjudicateCommand::Show { enrolment, by } => {
            let case = adjudication::show(centre, enrolment, &by).await?;
            let mut out = String::new();
            sheet(&mut out, "PEREKAMAN INI", &case.own);
            for alike in &case.alike {
                sheet(&mut out, "MENYERUPAI", &alike.other);
                scores(&mut out, alike);
            }
            for (what, claimed, own) in &case.measured {
                line(&mut out, &format!("mutu {what}"), &format!("mengaku {claimed}, terukur {own}"));
            }
            for one in &case.decisions {
                let (time, reason) = (at(one.at_ms), &one.reason);
                line(
                    &mut out,
                    "putusan",
                    &format!("{time} {} {}: {} {reason}", one.decider, one.asked, one.word),
                );
            }
            Ok(out.trim_end().to_owned())
        }
        AdjudicateCommand::Decide { enrolment, word, by, reason } => {
            adjudication::decide(centre, enrolment, word, &by, &reason).await?;
            Ok(format!("{enrolment}  {}  tercatat", word.name()))
        }
    }
}

fn at(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|time| format!("{time:.0}")).unwrap_or_default()
}

fn line(out: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  {name:<16}{value}");
}

fn sheet(out: &mut String, title: &str, side: &Side) {
    let _ = writeln!(out, "{title}  {}", side.enrolment);
    line(out, "stasiun", &side.station);
    line(out, "status", format!("{} {}", side.status, side.reason).trim_end());
    line(out, "nik", &side.nik);
    for key in ["nama", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "nama_ibu", "nama_ayah", "alamat"] {
        line(out, key, side.biodata.get(key).map_or("", String::as_str));
    }
}

fn scores(out: &mut String, alike: &Alike) {
    line(out, "sebab", &alike.kind);
    if alike.kind == "fingers" {
        line(out, "pencarian", &format!("{} bit di atas kebetulan", alike.likeness));
    }
    for (finger, score) in &alike.fingers {
        let same = i64::from(*score) >= i64::from(biometrics::matching::SAME_FINGER);
        let verdict = if same { "serupa" } else { "berbeda" };
        line(out, &format!("jari {}", finger.code()), &format!("{score:>4}  {verdict}"));
    }
}
