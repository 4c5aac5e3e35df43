//! `rekamctl`: what a technician asks a station from the command line. No window, no network.
//!
//! Answers go to standard output as JSON, one object a line; logs go to standard error and name nobody.
//! Exit codes: 0 done or in order, 1 a warning, 2 refused or broken, 3 the question could not be asked.
#![forbid(unsafe_code)]

mod demo;
mod chips;
mod courier;
mod desk;
mod doctor;
mod nik;
mod packets;
mod power;
mod registers;
mod residents;
mod seals;
mod sync;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "rekamctl", version, about = "Pemeriksaan stasiun Rekam dari baris perintah")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge a NIK: level ok, info (exit 0), warn (exit 1) or hard (exit 2), with the findings in words.
    Nik(nik::Ask),
    /// Play made-up applicants through the SOP over simulated devices; with --centre seven scenarios as far as the card.
    Demo(demo::Ask),
    /// The Buku Register.
    Register {
        #[command(subcommand)]
        command: Register,
    },
    /// Sealed packets, without any station.
    Packet {
        #[command(subcommand)]
        command: Packet,
    },
    /// Packets to the centre and its answers back.
    Sync {
        #[command(subcommand)]
        command: Sync,
    },
    /// Packets on a removable medium, and the centre's answers back from it.
    Courier {
        #[command(subcommand)]
        command: Courier,
    },
    /// The residents of this station's wilayah.
    Residents {
        #[command(subcommand)]
        command: Residents,
    },
    /// What a training centre is to know of a training station; read by scripts/run.
    Training {
        #[command(subcommand)]
        command: Training,
    },
    /// Check the QR code of a paper offline: exit 0 genuine, 1 training or expired, 2 forged, other key or unreadable.
    VerifyQr(seals::Ask),
    /// Check the signed logs of the chips that a station wrote: exit 0 all hold, 1 one of another SAM, 2 one does not hold.
    VerifyChipLog(chips::Ask),
    /// Write the page that checks such codes in any browser, without network and without any program of ours.
    QrPage(seals::Page),
    /// Look at a data folder: what is there, room on the disk. Changes nothing.
    Doctor {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
}

#[derive(Subcommand)]
enum Register {
    /// Follow the chain from its first row; names the first row that was edited, deleted, inserted, reordered or cut off.
    Verify(registers::Ask),
}

#[derive(Subcommand)]
enum Packet {
    /// Decrypt one part with a recipient's key, verify both signatures, and print its manifest.
    Open(packets::Ask),
}

#[derive(Subcommand)]
enum Sync {
    /// What waits and why, what counting on both sides found, the last exchanges.
    Status(desk::Ask),
    /// One exchange now: exit 0 when nothing is left to send, 1 when something waits, 2 when the line or a packet is refused.
    Now(desk::Ask),
    /// Go the whole way to the centre and back, changing nothing.
    Test(desk::Ask),
    /// Get this station's certificates by the code that a person brought.
    Activate(sync::Activate),
}

#[derive(Subcommand)]
enum Residents {
    /// Take a signed extract from a file, in place of the older one: exit 2 when its signature or content does not hold.
    Import(residents::Import),
    /// Ask the centre for its extract now, also when it was asked less than a day ago; exit codes of `sync now`.
    Fetch(desk::Ask),
}

#[derive(Subcommand)]
enum Training {
    /// The made-up residents, one JSON object a line.
    Residents,
    /// Account, name and roles of the staff, a line each.
    Staff,
}

#[derive(Subcommand)]
enum Courier {
    /// Write everything that waits, with a signed manifest.
    Export(courier::Carry),
    /// Take receipts and statuses for this station.
    Receipts(courier::Carry),
}

/// Why a command could not answer.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// What was typed cannot be used.
    #[error("{0}")]
    Usage(String),
    /// The program, or another command, works in the folder.
    #[error(
        "Rekam atau perintah rekamctl lain sedang terbuka di folder ini. Tidak ada yang dibuka, dicatat, atau diubah. \
         Tutup programnya, lalu ulangi perintah ini."
    )]
    Open,
    /// The packet does not open or does not hold.
    #[error(transparent)]
    Packet(#[from] packet::Error),
    /// The database refuses.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Training could not begin.
    #[error(transparent)]
    Training(#[from] training::TrainingError),
    /// The station refuses.
    #[error(transparent)]
    Station(#[from] station::Error),
    /// The settings of the station cannot be read.
    #[error(transparent)]
    Settings(#[from] station::config::ConfigError),
    /// The demonstration's own centre does not start.
    #[error(transparent)]
    Centre(#[from] pusat::Error),
}

/// How a command ended.
enum Verdict {
    Fine,
    Warned,
    Broken,
}

fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Trouble {
    let path = path.into();
    move |source| Trouble::File { path, source }
}

/// One line of JSON on standard output.
fn answer(value: &serde_json::Value) {
    let _ = writeln!(std::io::stdout().lock(), "{value}");
}

fn main() -> ExitCode {
    power::arm();
    let filter = tracing_subscriber::EnvFilter::try_from_env("REKAM_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let result = match Cli::parse().command {
        Command::Nik(ask) => nik::run(&ask),
        Command::Demo(ask) => demo::run(&ask),
        Command::Register { command: Register::Verify(ask) } => registers::verify(&ask),
        Command::Packet { command: Packet::Open(ask) } => packets::open(&ask),
        Command::Sync { command: Sync::Status(ask) } => sync::status(&ask),
        Command::Sync { command: Sync::Now(ask) } => sync::now(&ask),
        Command::Sync { command: Sync::Test(ask) } => sync::test(&ask),
        Command::Sync { command: Sync::Activate(ask) } => sync::activate(&ask),
        Command::Courier { command: Courier::Export(ask) } => courier::export(&ask),
        Command::Courier { command: Courier::Receipts(ask) } => courier::receipts(&ask),
        Command::Residents { command: Residents::Import(ask) } => residents::import(&ask),
        Command::Residents { command: Residents::Fetch(ask) } => sync::residents(&ask),
        Command::Training { command: Training::Residents } => residents::residents(),
        Command::Training { command: Training::Staff } => residents::staff(),
        Command::VerifyQr(ask) => seals::verify(ask),
        Command::VerifyChipLog(ask) => chips::verify_log(&ask),
        Command::QrPage(ask) => seals::page(ask),
        Command::Doctor { data } => doctor::run(&data),
    };
    match result {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Warned) => ExitCode::from(1),
        Ok(Verdict::Broken) => ExitCode::from(2),
        Err(trouble) => {
            let _ = writeln!(std::io::stderr(), "rekamctl: {trouble}");
            ExitCode::from(3)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn every_command_can_be_asked_for() {
        super::Cli::command().debug_assert();
    }
}
