//! A PostgreSQL server for the time of tests and benchmarks: in a temporary folder, on a free port.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// The variable by which tests find the server.
pub(crate) const VARIABLE: &str = "BARTIZAN_POSTGRES";

/// How long the server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it ends with this value, and its data with it.
pub(crate) struct Server {
    process: Child,
    folder: PathBuf,
    /// Where it is, for a user that may make databases.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server; nothing if there is none on this machine.
    pub(crate) fn start() -> Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let folder = std::env::temp_dir().join(format!("bartizan-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
        let user = User::of_server(&folder)?;
        let data = folder.join("data");
        let mut init = Command::new(programs.join("initdb"));
        init.args(["--auth=trust", "--username=bartizan", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"]).arg(&data);
        let made = user.run(&mut init, &folder).stdout(Stdio::null()).status().context("can't start `initdb`")?;
        if !made.success() {
            bail!("`initdb` failed: {made}");
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut server = Command::new(programs.join("postgres"));
        // What is lost with the machine was made for the tests.
        server.args(["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400"]);
        server.args(["-p", &port.to_string(), "-D"]).arg(&data);
        let log = fs::File::create(folder.join("log"))?;
        let process = user.run(&mut server, &folder).stdout(Stdio::null()).stderr(log).spawn().context("can't start `postgres`")?;
        let mut server = Self { process, folder, url: format!("postgres://bartizan@127.0.0.1:{port}/postgres") };
        server.wait(port)?;
        Ok(Some(server))
    }

    fn wait(&mut self, port: u16) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("`postgres` ended: {status}\n{}", fs::read_to_string(self.folder.join("log")).unwrap_or_default());
            }
            sleep(Duration::from_millis(50));
        }
        bail!("`postgres` did not answer within {} s", PATIENCE.as_secs())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The folder goes, whatever the server still wants to write.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder with PostgreSQL's programs: of the latest version, where Debian keeps several.
fn programs() -> Option<PathBuf> {
    let of_debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<PathBuf> = of_debian.collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let debian = versions.into_iter().rev().map(|version| version.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// Whom the server runs as: PostgreSQL refuses to be root.
struct User(Option<(u32, u32)>);

impl User {
    fn of_server(folder: &Path) -> Result<Self> {
        let is_root = fs::metadata(folder).is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0);
        if !is_root {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd").context("can't read /etc/passwd")?;
        let ids = ["postgres", "nobody"].iter().find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        });
        let (user, group) = ids.context("there is no user `postgres` or `nobody` to run the server as")?;
        chown(folder, Some(user), Some(group))?;
        Ok(Self(Some((user, group))))
    }

    fn run<'c>(&self, command: &'c mut Command, folder: &Path) -> &'c mut Command {
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command.current_dir(folder).stdin(Stdio::null())
    }
}
