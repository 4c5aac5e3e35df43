//! A private PostgreSQL cluster under a folder of one's own, reached over its Unix socket only.
//!
//! As an ordinary user it runs as oneself. PostgreSQL refuses to run as root, so from root its programs are started as
//! `postgres` through `setpriv`.

use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cluster that this program started, or found running.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    started: bool,
}

const DATABASE: &str = "postgres";

impl Cluster {
    /// Makes the cluster under `folder/data` when there is none, starts it when it does not run.
    ///
    /// `folder` is also that of the socket: its path must stay below about 90 bytes. Nothing listens on the network.
    ///
    /// # Errors
    /// `Cluster` with the program's last words; `File`.
    pub fn start(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(Error::file("make the folder of the database"))?;
        let folder = folder.canonicalize().map_err(Error::file("find the folder of the database"))?;
        let mut cluster = Self { folder, programs: programs()?, started: false };
        cluster.hand_over()?;
        if !cluster.data().join("PG_VERSION").exists() {
            let data = cluster.data();
            let data = data.to_string_lossy();
            cluster.run(
                "initdb",
                &["-D", &data, "-A", "trust", "-U", "pusat", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            )?;
            // What initdb wrote is synced by the first checkpoint; what is committed later always is.
            cluster.run("initdb", &["--sync-only", "-D", &data])?;
        }
        if !cluster.is_running() {
            cluster.launch()?;
            cluster.started = true;
        }
        Ok(cluster)
    }

    /// True when this call of [`Cluster::start`] started the server; whoever started it stops it.
    pub fn is_ours(&self) -> bool {
        self.started
    }

    /// How to reach it.
    pub fn url(&self) -> String {
        let socket = self.folder.to_string_lossy();
        let socket = socket.replace('%', "%25").replace('/', "%2F").replace(' ', "%20");
        format!("postgres://pusat@{socket}/{DATABASE}")
    }

    /// Process id of the server.
    ///
    /// # Errors
    /// `File` when it does not run.
    pub fn pid(&self) -> Result<i32> {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid"))
            .map_err(Error::file("read the id of the database's process"))?;
        text.lines()
            .next()
            .and_then(|line| line.trim().parse().ok())
            .ok_or(Error::Stored { what: "process id" })
    }

    /// Kills the server at once, as a power cut would (SIGQUIT: no checkpoint, recovery at the next start).
    ///
    /// # Errors
    /// `Cluster`.
    pub fn kill(&self) -> Result<()> {
        if self.bury()? {
            return Ok(());
        }
        let data = self.data();
        self.run("pg_ctl", &["-D", &data.to_string_lossy(), "-m", "immediate", "-w", "stop"])
    }

    /// Starts it again after [`Cluster::kill`], [`Cluster::stop`] or a death of its own.
    ///
    /// # Errors
    /// `Cluster`, also while a process of the server that died still holds the memory they shared: ask again.
    pub fn launch(&self) -> Result<()> {
        self.bury()?;
        let data = self.data();
        let log = self.folder.join("postgres.log");
        // Terse: the detail of a refused row is its values.
        let socket = format!(
            "-k '{}' -c listen_addresses='' -c log_error_verbosity=terse",
            self.folder.to_string_lossy()
        );
        self.run(
            "pg_ctl",
            &[
                "-D",
                &data.to_string_lossy(),
                "-l",
                &log.to_string_lossy(),
                "-o",
                &socket,
                "-w",
                "-t",
                "120",
                "start",
            ],
        )
    }

    /// Stops it in an orderly way.
    ///
    /// # Errors
    /// `Cluster`.
    pub fn stop(&self) -> Result<()> {
        if self.bury()? {
            return Ok(());
        }
        let data = self.data();
        self.run("pg_ctl", &["-D", &data.to_string_lossy(), "-m", "fast", "-w", "-t", "120", "stop"])
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Removes the lock files of a server that died and was not reaped by its parent, and says whether it did. PostgreSQL
    /// asks with signal 0 whether the process of the file is there, takes a zombie for a server that runs, and would refuse
    /// to start until the first process of this machine or container reaps it, which may be never. Whether another process
    /// of the dead server is still at work it finds by their shared memory, not by these files (since PostgreSQL 12).
    fn bury(&self) -> Result<bool> {
        let Ok(pid) = self.pid() else { return Ok(false) };
        if !is_zombie(pid) {
            return Ok(false);
        }
        for file in [self.data().join("postmaster.pid"), self.folder.join(SOCKET_LOCK)] {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::File { doing: "remove the lock of a dead server", source: error });
                }
                _ => {}
            }
        }
        Ok(true)
    }

    fn is_running(&self) -> bool {
        if self.pid().is_ok_and(is_zombie) {
            return false;
        }
        let data = self.data();
        self.run("pg_ctl", &["-D", &data.to_string_lossy(), "status"]).is_ok()
    }

    /// Root's folder becomes that of `postgres`.
    fn hand_over(&self) -> Result<()> {
        if !nix::unistd::Uid::effective().is_root() {
            return Ok(());
        }
        let user = nix::unistd::User::from_name("postgres").ok().flatten().ok_or(Error::Cluster {
            program: "setpriv",
            reason: "the account postgres does not exist".to_owned(),
        })?;
        nix::unistd::chown(&self.folder, Some(user.uid), Some(user.gid))
            .map_err(|errno| Error::File { doing: "hand the folder to postgres", source: errno.into() })
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<()> {
        let path = self.programs.join(program);
        let mut command = if nix::unistd::Uid::effective().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // The server inherits these handles: files, never pipes, or the caller would wait for its end.
        let said = tempfile(&self.folder)?;
        let (out, err) = (said.try_clone(), said.try_clone());
        let out = out.map_err(Error::file("open a log"))?;
        let err = err.map_err(Error::file("open a log"))?;
        let status = command
            .args(arguments)
            .current_dir("/")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .status()
            .map_err(Error::file("start a program of PostgreSQL"))?;
        if status.success() {
            return Ok(());
        }
        let reason = std::fs::read_to_string(self.folder.join(LAST_WORDS)).unwrap_or_default();
        Err(Error::Cluster { program, reason: reason.trim().to_owned() })
    }
}

const LAST_WORDS: &str = "last-words.log";
const SOCKET_LOCK: &str = ".s.PGSQL.5432.lock";

/// True when the process has ended and nobody has asked for its end (proc(5): third field `Z`). False where there is no
/// `/proc`.
fn is_zombie(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in parentheses before it may hold anything.
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
}

fn tempfile(folder: &Path) -> Result<std::fs::File> {
    std::fs::File::create(folder.join(LAST_WORDS)).map_err(Error::file("open a log"))
}

/// The newest installed version's programs.
fn programs() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return Ok(bin);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|dir| dir.join("initdb").exists())
        .ok_or(Error::Cluster { program: "initdb", reason: "PostgreSQL is not installed".to_owned() })
}
