//! What this machine can do at all, measured in the same run, so that a figure can be read beside its limit.

use crate::{Error, House, Result};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// The machine's limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Processors.
    pub cores: usize,
    /// Their name.
    pub processor: String,
    /// Appends of 4 KiB with `fdatasync` a second, one after the other.
    pub syncs_per_s: f64,
    /// MiB a second of new 2 MiB files, each with `fsync`, one after the other.
    pub sync_write_mib_s: f64,
    /// Commits of one inserted row a second at PostgreSQL, 8 clients (`pgbench`); 0 without the program.
    pub commits_per_s: f64,
    /// MiB a second over one TCP connection of the loopback device.
    pub loopback_mib_s: f64,
}

impl Limits {
    /// Measures for some seconds in all.
    ///
    /// # Errors
    /// `File`, `Program`.
    pub fn measure(house: &House) -> Result<Self> {
        let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Ok(Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: processor.map_or("", |(_, name)| name).to_owned(),
            syncs_per_s: syncs(house.folder())?,
            sync_write_mib_s: sync_write(house.folder())?,
            commits_per_s: commits(house)?,
            loopback_mib_s: loopback()?,
        })
    }

    /// As one JSON object.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "cores": self.cores, "processor": self.processor, "syncs_per_s": self.syncs_per_s.round(),
            "sync_write_mib_s": self.sync_write_mib_s.round(), "commits_per_s": self.commits_per_s.round(),
            "loopback_mib_s": self.loopback_mib_s.round(), "load": load_average(),
        })
    }
}

const A_WHILE: Duration = Duration::from_secs(2);

fn syncs(folder: &Path) -> Result<f64> {
    let path = folder.join("syncs");
    let mut file = File::create(&path).map_err(Error::file("make a file"))?;
    let began = Instant::now();
    let mut count = 0u32;
    while began.elapsed() < A_WHILE {
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).map_err(Error::file("sync a file"))?;
        count += 1;
    }
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    std::fs::remove_file(path).map_err(Error::file("remove a file"))?;
    Ok(rate)
}

fn sync_write(folder: &Path) -> Result<f64> {
    let bytes = vec![7u8; 2 << 20];
    let path = folder.join("write");
    let began = Instant::now();
    let mut count = 0u32;
    while began.elapsed() < A_WHILE {
        let mut file = File::create(&path).map_err(Error::file("make a file"))?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(Error::file("sync a file"))?;
        std::fs::remove_file(&path).map_err(Error::file("remove a file"))?;
        count += 1;
    }
    Ok(f64::from(count) * 2.0 / began.elapsed().as_secs_f64())
}

fn commits(house: &House) -> Result<f64> {
    house.sql("CREATE TABLE IF NOT EXISTS load_commit (id uuid PRIMARY KEY, text text)")?;
    let script = house.folder().join("commit.sql");
    std::fs::write(&script, "INSERT INTO load_commit VALUES (gen_random_uuid(), 'x');\n")
        .map_err(Error::file("write a script"))?;
    let text = house.pgbench(&script, 8, A_WHILE)?;
    house.sql("DROP TABLE load_commit")?;
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    Ok(tps.unwrap_or(0.0))
}

fn loopback() -> Result<f64> {
    let failed = || Error::file("use the loopback device");
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(failed())?;
    let address = listener.local_addr().map_err(failed())?;
    let sender = std::thread::spawn(move || -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        let bytes = vec![7u8; 256 << 10];
        let began = Instant::now();
        while began.elapsed() < A_WHILE {
            stream.write_all(&bytes)?;
        }
        Ok(())
    });
    let (mut stream, _) = listener.accept().map_err(failed())?;
    let mut buffer = vec![0u8; 256 << 10];
    let (began, mut count) = (Instant::now(), 0u64);
    loop {
        match stream.read(&mut buffer).map_err(failed())? {
            0 => break,
            read => count += read as u64,
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let _ = sender.join();
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    Ok(count as f64 / f64::from(1 << 20) / seconds)
}

/// The load of the last minute.
pub fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

/// Processor seconds that a process has used; `with_children`: and its living children, of whom PostgreSQL is made.
pub fn busy_seconds(pid: u32, with_children: bool) -> f64 {
    let own = |id: &str| std::fs::read_to_string(format!("/proc/{id}/stat")).ok();
    let fields = |text: &str| -> Option<(u32, u64)> {
        let rest: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        // Fields 4, 14 and 15 of proc(5): parent, user and system ticks.
        Some((
            rest.get(1)?.parse().ok()?,
            rest.get(11)?.parse::<u64>().ok()? + rest.get(12)?.parse::<u64>().ok()?,
        ))
    };
    let names = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ticks: u64 = names
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let id: u32 = name.parse().ok()?;
            let (parent, ticks) = fields(&own(&name)?)?;
            (id == pid || (with_children && parent == pid)).then_some(ticks)
        })
        .sum();
    #[allow(clippy::cast_precision_loss)] // ticks of a test's length
    let seconds = ticks as f64 / 100.0;
    seconds
}

/// Memory of a process that is its own or shared, MiB.
pub fn resident_mib(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
