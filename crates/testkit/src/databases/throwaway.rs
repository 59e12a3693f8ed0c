//! A PostgreSQL server for the tests of a run, whichever processes they run in.
//!
//! It lives in a folder of its own under the system's temporary one and listens on a socket there
//! alone. Three file locks keep it in order:
//!
//! - `users` is held shared by every process that uses the server, until the process ends;
//! - `start` is held while a process looks whether the server runs, and starts it if not;
//! - `guard` is held by the guard, a script that waits until nobody holds `users`, then stops the
//!   server and removes its files. The system gives locks back when a process ends, however it
//!   ends, so nothing is left running.
//!
//! It does not wait for the disk (`fsync=off`): making and dropping a database for each test would
//! wait seconds. That matters to a crash of the machine alone, and no test makes one.

use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use varco_persistence::{PostgresOptions, SeaStore};

use super::external::with_database;
use super::programs::{postgres, psql, run};

const GUARD: &str = include_str!("guard.sh");

/// Held until the process ends.
static USE: Mutex<Option<File>> = Mutex::new(None);

/// Gives the address of the running server, which this process uses from now on.
pub(super) fn server() -> io::Result<String> {
    let mut held = USE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = folder()?;
    if held.is_none() {
        let users = open(&folder.join("users"))?;
        users.lock_shared()?;
        *held = Some(users);
        start_once(&folder)?;
    }
    Ok(url(&folder))
}

/// Gives a database with this program's tables, to copy.
pub(super) fn template(url: &str) -> io::Result<String> {
    let folder = folder()?;
    let name = format!("varco_template_{:016x}", fingerprint()?);
    let start = open(&folder.join("start"))?;
    start.lock()?;
    let made = folder.join(&name);
    if !made.exists() {
        psql(url, &format!("DROP DATABASE IF EXISTS {name}"))?;
        psql(url, &format!("CREATE DATABASE {name}"))?;
        migrate(&with_database(url, &name))?;
        File::create(made)?;
    }
    Ok(name)
}

/// Another build of the tests may know other tables.
fn fingerprint() -> io::Result<u64> {
    let program = std::env::current_exe()?;
    let mut hasher = DefaultHasher::new();
    let metadata = std::fs::metadata(&program)?;
    (program, metadata.mtime(), metadata.mtime_nsec()).hash(&mut hasher);
    Ok(hasher.finish())
}

fn migrate(url: &str) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = SeaStore::connect_postgres(url, &PostgresOptions::default()).await;
        store.map_err(io::Error::other)?.close().await;
        Ok(())
    })
}

/// One for each user of the machine and each place that tests are built in.
fn folder() -> io::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    std::env::current_exe()?.parent().hash(&mut hasher);
    let owner = std::fs::metadata("/proc/self")?.uid();
    let folder = std::env::temp_dir().join(format!("varco-postgres-{owner}-{:016x}", hasher.finish()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn url(folder: &Path) -> String {
    format!("postgres://varco@localhost/postgres?host={}", folder.join("socket").display())
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn start_once(folder: &Path) -> io::Result<()> {
    let start = open(&folder.join("start"))?;
    start.lock()?;
    if !folder.join("ready").exists() {
        start_server(folder)?;
        File::create(folder.join("ready"))?;
    }
    if is_free(&folder.join("guard"))? {
        start_guard(folder)?;
    }
    Ok(())
}

fn is_free(lock: &Path) -> io::Result<bool> {
    match open(lock)?.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn start_server(folder: &Path) -> io::Result<()> {
    stop_stale(folder);
    for name in ["data", "socket"] {
        let part = folder.join(name);
        let _ = std::fs::remove_dir_all(&part);
        std::fs::create_dir(&part)?;
        std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o700))?;
        if let Some((user, group)) = unprivileged()? {
            std::os::unix::fs::chown(&part, Some(user), Some(group))?;
        }
    }
    let data = folder.join("data");
    // A linguistic order, so that nothing that relies on the order of bytes passes by chance.
    let locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--encoding=UTF8"];
    let owner = ["--auth=trust", "--username=varco", "--no-sync", "--no-instructions", "--pgdata"];
    run(&mut as_unprivileged("initdb", |initdb| _ = initdb.args(locale).args(owner).arg(&data))?)?;
    let socket = folder.join("socket");
    let settings = "-c fsync=off -c max_connections=500 -c listen_addresses=''";
    let options = format!("{settings} -c unix_socket_directories='{}'", socket.display());
    run(&mut as_unprivileged("pg_ctl", |start| {
        start.args(["start", "--wait", "--silent", "--options", &options, "--log"]);
        start.arg(data.join("log")).arg("--pgdata").arg(&data);
    })?)
    .map(drop)
}

/// Stops what a run left that ended together with its guard.
fn stop_stale(folder: &Path) {
    let Ok(pid) = std::fs::read_to_string(folder.join("data/postmaster.pid")) else { return };
    let Some(pid) = pid.lines().next() else { return };
    if std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres") {
        let _ = Command::new("kill").args(["-QUIT", pid]).status();
    }
}

/// PostgreSQL refuses to run as root; then it runs as `postgres`, or as nobody.
fn unprivileged() -> io::Result<Option<(u32, u32)>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let line = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":x:"))?;
        let mut ids = line.split(':').map_while(|id| id.parse().ok());
        Some((ids.next()?, ids.next()?))
    };
    ids("postgres").or_else(|| ids("nobody")).map(Some).ok_or_else(|| io::Error::other("no user to run PostgreSQL as"))
}

fn as_unprivileged(program: &str, arguments: impl FnOnce(&mut Command)) -> io::Result<Command> {
    let mut command = postgres(program);
    if let Some((user, group)) = unprivileged()? {
        command.uid(user).gid(group).current_dir("/");
    }
    arguments(&mut command);
    // What the server inherits it keeps open.
    command.stdin(Stdio::null());
    Ok(command)
}

fn start_guard(folder: &Path) -> io::Result<()> {
    let mut guard = Command::new("sh");
    guard.args(["-c", GUARD, "varco-postgres-guard"]).arg(folder);
    // A group of its own: what is sent to the tests' group does not reach it.
    guard.process_group(0).current_dir("/");
    guard.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}
