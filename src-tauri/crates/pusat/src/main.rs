//! `pusat`: the reference centre as a program.
#![forbid(unsafe_code)]

mod adjudicate;

use adjudicate::AdjudicateCommand;
use clap::{Parser, Subcommand};
use domain::stock::Item;
use pusat::{Centre, Config, Error, Result, Serving};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use uuid::Uuid;

/// Pusat acuan Rekam: menerima paket, memberi resi, memutuskan status.
#[derive(Parser)]
#[command(name = "pusat", version)]
struct Arguments {
    /// Folder pusat: pusat.toml, keys/, spool/, parts/, pg/.
    #[arg(long, env = "PUSAT_FOLDER", default_value = "pusat-data", global = true)]
    folder: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Membuat folder, pengaturan dan kunci. Diulang: sertifikat server dibuat baru, selebihnya tetap.
    Init {
        /// Nama pusat.
        #[arg(long, default_value = "Pusat Rekam")]
        name: String,
        /// Pusat latihan: hanya menerima paket latihan.
        #[arg(long)]
        training: bool,
        /// Alamat untuk stasiun.
        #[arg(long, default_value = "127.0.0.1:8443")]
        listen: SocketAddr,
        /// Alamat kesehatan dan metrik, tanpa TLS.
        #[arg(long, default_value = "127.0.0.1:8480")]
        operations: SocketAddr,
        /// Nama DNS atau alamat IP pusat; boleh beberapa.
        #[arg(long = "host", default_values = ["localhost", "127.0.0.1"])]
        hosts: Vec<String>,
        /// PostgreSQL, misalnya postgres://…; kosong: klaster sendiri di dalam folder.
        #[arg(long, default_value = "")]
        database: String,
    },
    /// Melayani stasiun sampai dihentikan (Ctrl-C atau SIGTERM).
    Serve,
    /// Stasiun.
    #[command(subcommand)]
    Station(StationCommand),
    /// Petugas.
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Data penduduk.
    #[command(subcommand)]
    Residents(ResidentsCommand),
    /// Resi yang sudah diberikan, terbaru dahulu.
    Receipts {
        /// Hanya stasiun ini.
        #[arg(long)]
        station: Option<String>,
        /// Sebanyak ini.
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Hitungan, sebagai JSON.
    Stats,
    /// Putusan oleh manusia.
    #[command(subcommand)]
    Adjudicate(AdjudicateCommand),
    /// Latihan: memberi status apa pun kepada satu perekaman.
    SimulateOutcome {
        /// Nomor perekaman.
        enrolment: Uuid,
        /// Status, teks bebas.
        status: String,
        /// Alasan.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Kurir.
    #[command(subcommand)]
    Courier(CourierCommand),
    /// Perintah untuk stasiun, lewat umpan perubahan.
    #[command(subcommand)]
    Order(OrderCommand),
    /// Menulis dokumen OpenAPI.
    Openapi,
}

#[derive(Subcommand)]
enum StationCommand {
    /// Menambah stasiun, atau memberi kode baru bagi register yang sama; mencetak kode aktivasi.
    Add {
        /// Kode stasiun.
        code: String,
        /// Nama.
        #[arg(long)]
        name: String,
        /// Wilayah, misalnya 18.13.01.
        #[arg(long)]
        wilayah: String,
        /// Nomor urut pertama yang akan dikirim.
        #[arg(long, default_value_t = 1)]
        first_sequence: i64,
    },
    /// Komputer stasiun diganti atau diskanya hilang: mencetak kode yang, saat dipakai, menutup register lama dan membuka
    /// yang baru. Stasiun yang dicabut diterima lagi dengannya.
    Replace {
        /// Kode stasiun.
        code: String,
        /// Sebab, misalnya "diska rusak"; tercatat pada register yang ditutup.
        #[arg(long)]
        reason: String,
    },
    /// Register stasiun, yang lama dan yang berjalan, sebagai JSON: baris terakhir, nomor yang tidak pernah datang.
    Registers {
        /// Kode stasiun.
        code: String,
    },
    /// Komputer stasiun hilang atau dicuri: siapa yang datanya ada di dalamnya, sebagai JSON. NIK dan nama tertulis penuh.
    Lost {
        /// Kode stasiun.
        code: String,
    },
    /// Mencabut stasiun.
    Revoke {
        /// Kode stasiun.
        code: String,
        /// Sejak (RFC 3339); kosong: sekarang.
        #[arg(long)]
        since: Option<jiff::Timestamp>,
    },
}

#[derive(Subcommand)]
enum OperatorCommand {
    /// Menambah petugas sebuah stasiun.
    Add {
        /// Kode stasiun.
        station: String,
        /// Akun.
        id: String,
        /// Nama lengkap.
        #[arg(long)]
        name: String,
        /// Peran; boleh beberapa.
        #[arg(long = "role")]
        roles: Vec<String>,
    },
    /// Mencabut petugas: tanda tangannya sejak saat itu ditolak.
    Revoke {
        /// Kode stasiun.
        station: String,
        /// Akun.
        id: String,
        /// Sejak (RFC 3339); kosong: sekarang.
        #[arg(long)]
        since: Option<jiff::Timestamp>,
    },
}

#[derive(Subcommand)]
enum ResidentsCommand {
    /// Memasukkan NDJSON, satu penduduk sebaris: seluruh berkas, atau tidak sama sekali.
    Import {
        /// Berkas.
        file: PathBuf,
        /// Wilayah untuk baris tanpa kode_wilayah.
        #[arg(long)]
        wilayah: String,
        /// Berkas memuat seluruh penduduk wilayah itu: yang tidak ada di dalamnya dikeluarkan, juga dari stasiun.
        #[arg(long)]
        whole: bool,
    },
}

#[derive(Subcommand)]
enum CourierCommand {
    /// Menerima paket dari media kurir dan menaruh resi serta status di atasnya.
    Import {
        /// Folder puncak media.
        medium: PathBuf,
    },
}

#[derive(Subcommand)]
enum OrderCommand {
    /// Menaruh kartu yang siap cetak di antrean sebuah stasiun.
    Print {
        /// Kode stasiun.
        station: String,
        /// Nomor perekaman.
        enrolment: Uuid,
    },
    /// Menjatah blangko.
    Blangko {
        /// Kode stasiun.
        station: String,
        /// Nomor seri pertama.
        first: String,
        /// Jumlah.
        count: u32,
        /// Blangko untuk WNA, yang oranye.
        #[arg(long)]
        wna: bool,
    },
    /// Mengirim satu pengaturan bertanda tangan.
    Setting {
        /// Kunci.
        key: String,
        /// Nilai, JSON; @berkas membacanya dari berkas, misalnya tabel kode.
        #[arg(value_parser = json)]
        value: serde_json::Value,
        /// Hanya stasiun ini; kosong: semua.
        #[arg(long)]
        station: Option<String>,
    },
    /// Meminta kirim ulang (resend) atau rekam ulang (re_record).
    Recover {
        /// Kode stasiun.
        station: String,
        /// resend atau re_record.
        action: String,
        /// Nomor urut pertama.
        from: u64,
        /// Nomor urut terakhir.
        to: u64,
        /// Alasan.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// By itself the parser of the command line would take any text for a JSON text.
fn json(text: &str) -> std::result::Result<serde_json::Value, String> {
    let Some(file) = text.strip_prefix('@') else {
        return serde_json::from_str(text).map_err(|_| "JSON".to_owned());
    };
    let inside = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    serde_json::from_str(&inside).map_err(|_| format!("{file}: JSON"))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = match log_filter(std::env::var("PUSAT_LOG").ok().as_deref()) {
        Ok(filter) => filter,
        Err(error) => return failed(&format!("PUSAT_LOG: {error}")),
    };
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("tokio: {error}")),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

/// What is logged. A body, path or query that cannot be read is quoted by the library that reads it, with whatever name or
/// NIK stands in it: that stays unsaid at every level.
fn log_filter(
    asked: Option<&str>,
) -> std::result::Result<tracing_subscriber::EnvFilter, tracing_subscriber::filter::ParseError> {
    let asked = asked.filter(|asked| !asked.is_empty()).unwrap_or("info,sqlx=warn");
    tracing_subscriber::EnvFilter::try_new(format!("{asked},axum::rejection=off"))
}

fn failed(reason: &str) -> ExitCode {
    // Nothing is left to say it to when standard error is closed.
    let _ = writeln!(std::io::stderr(), "pusat: {reason}");
    ExitCode::FAILURE
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}")
        .map_err(|source| Error::File { doing: "write to standard output", source })
}

async fn run(arguments: Arguments) -> Result<()> {
    let folder = arguments.folder;
    match arguments.command {
        Command::Init { name, training, listen, operations, hosts, database } => {
            let config = match Config::read(&folder) {
                Ok(config) => config,
                Err(Error::File { .. }) => Config {
                    name,
                    training,
                    listen,
                    operations,
                    hosts,
                    database,
                    connections: 16,
                    s3: None,
                    limits: pusat::Limits::default(),
                    thresholds: domain::capture::Thresholds::default(),
                    chip: domain::capture::ChipRule::default(),
                },
                Err(error) => return Err(error),
            };
            Centre::init(&folder, &config)?;
            say(&format!("{}: siap; `pusat serve` menjalankannya", folder.display()))
        }
        Command::Openapi => {
            say(&pusat::openapi().to_pretty_json().map_err(|e| Error::Settings(e.to_string()))?)
        }
        Command::Serve => serve(&folder).await,
        command => {
            let centre = Centre::open(&folder).await?;
            let done = with(&centre, command).await;
            centre.close().await?;
            done
        }
    }
}

async fn serve(folder: &std::path::Path) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())
        .map_err(|source| Error::File { doing: "wait for signals", source })?;
    open_many_files();
    let centre = Centre::open(folder).await?;
    let serving = Serving::start(centre.clone()).await?;
    say(&format!("listening {} operations {}", serving.address, serving.operations))?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    serving.stop().await;
    centre.close().await
}

/// A connection is a file, and many systems begin with 1,024: less than the stations of one province.
fn open_many_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok((soft, hard)) if soft < hard => {
            if let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
                tracing::warn!(target: "pusat", soft, %error, "the limit of open files stays");
            }
        }
        _ => {}
    }
}

async fn with(centre: &Arc<Centre>, command: Command) -> Result<()> {
    match command {
        Command::Station(StationCommand::Add { code, name, wilayah, first_sequence }) => {
            let activation = pusat::add_station(centre, &code, &name, &wilayah, first_sequence).await?;
            say(&activation.text())
        }
        Command::Station(StationCommand::Replace { code, reason }) => {
            say(&pusat::replace_station(centre, &code, &reason).await?.text())
        }
        Command::Station(StationCommand::Registers { code }) => {
            let all = pusat::registers(centre, &code).await?;
            say(&serde_json::to_string_pretty(&all).map_err(|e| Error::Settings(e.to_string()))?)
        }
        Command::Station(StationCommand::Lost { code }) => {
            let inside = pusat::lost_computer(centre, &code).await?;
            say(&serde_json::to_string_pretty(&inside).map_err(|e| Error::Settings(e.to_string()))?)
        }
        Command::Station(StationCommand::Revoke { code, since }) => {
            pusat::revoke_station(centre, &code, since.unwrap_or(centre.now())).await
        }
        Command::Operator(OperatorCommand::Add { station, id, name, roles }) => {
            pusat::add_operator(centre, &station, &id, &name, &roles).await
        }
        Command::Operator(OperatorCommand::Revoke { station, id, since }) => {
            pusat::revoke_operator(centre, &station, &id, since.unwrap_or(centre.now())).await
        }
        Command::Residents(ResidentsCommand::Import { file, wilayah, whole }) => {
            let file = std::fs::File::open(file)
                .map_err(|source| Error::File { doing: "open the residents", source })?;
            let lines = std::io::BufReader::new(file);
            let done = if whole {
                pusat::residents::import_whole(centre, lines, &wilayah).await?
            } else {
                pusat::residents::import(centre, lines, &wilayah).await?
            };
            let gone = if whole { format!(", {} dikeluarkan", done.gone) } else { String::new() };
            say(&format!("{} baris, {} baru atau berubah{gone}", done.lines, done.changed))
        }
        Command::Receipts { station, limit } => {
            for (enrolment, station, sequence, at, via) in
                pusat::receipts(centre, station.as_deref(), limit).await?
            {
                say(&format!("{at}  {station}  {sequence}  {enrolment}  {via}"))?;
            }
            Ok(())
        }
        Command::Stats => {
            let stats = pusat::stats(centre).await?;
            say(&serde_json::to_string_pretty(&stats).map_err(|e| Error::Settings(e.to_string()))?)
        }
        Command::Adjudicate(command) => say(&adjudicate::run(centre, command).await?),
        Command::SimulateOutcome { enrolment, status, reason } => {
            pusat::pipeline::simulate(centre, enrolment, &status, &reason).await
        }
        Command::Courier(CourierCommand::Import { medium }) => {
            let imported = pusat::import_courier(centre, &medium).await?;
            let mut bad = 0;
            for delivered in imported.delivered {
                let outcome = match delivered.outcome {
                    Ok(()) => "diterima".to_owned(),
                    Err(error) => {
                        bad += 1;
                        format!("gagal: {error}")
                    }
                };
                say(&format!("{}  {}  {outcome}", delivered.station, delivered.enrolment))?;
            }
            for batch in &imported.refused {
                say(&format!("{}  ditolak: {}", batch.folder.display(), batch.reason))?;
            }
            let batches = imported.refused.len();
            if bad > 0 || batches > 0 {
                return Err(Error::Settings(format!(
                    "{bad} paket dan {batches} kiriman kurir tidak diterima"
                )));
            }
            Ok(())
        }
        Command::Order(order) => send(centre, order).await,
        // Done before the centre was opened.
        Command::Init { .. } | Command::Serve | Command::Openapi => Ok(()),
    }
}

async fn send(centre: &Centre, order: OrderCommand) -> Result<()> {
    use pusat::orders;
    match order {
        OrderCommand::Print { station, enrolment } => {
            say(&orders::print(centre, &station, enrolment).await?.to_string())
        }
        OrderCommand::Blangko { station, first, count, wna } => {
            let item = if wna { Item::BlangkoWna } else { Item::Blangko };
            say(&orders::allot_blangko(centre, &station, item, &first, count).await?.to_string())
        }
        OrderCommand::Setting { key, value, station } => {
            orders::set(centre, station.as_deref(), &key, &value).await
        }
        OrderCommand::Recover { station, action, from, to, reason } => {
            say(&orders::recover(centre, &station, &action, &[(from, to)], &reason).await?.to_string())
        }
    }
}
