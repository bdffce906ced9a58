//! Stores to try things on, and observations to put in.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bartizan_core::Severity;
use bartizan_formats::import::{FilePlace, Observation, Place};
use bartizan_store::{Host, Id, Ingested, Location, Scan, Spool, Store, Tenant};
use bartizan_triage::{assessment::Assessment, identity::Changes, intake::Seen};

/// A clock that ticks when it is looked at, and chance that is none.
#[derive(Default)]
struct Counting {
    now_us: AtomicI64,
    chance: AtomicU64,
}

impl Host for Counting {
    fn now_us(&self) -> i64 {
        1_700_000_000_000_000 + self.now_us.fetch_add(1_000, Ordering::Relaxed)
    }

    fn random(&self, buffer: &mut [u8]) {
        let number = self.chance.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        buffer.fill(0);
        for (byte, value) in buffer.iter_mut().rev().zip(number.iter().rev()) {
            *byte = *value;
        }
    }
}

/// A store that is gone after the test.
pub(crate) struct Trial {
    pub(crate) store: Store,
    pub(crate) location: Location,
    _folder: tempfile::TempDir,
}

/// Runs a test on an empty store of each kind that there is here.
pub(crate) fn on_each(test: impl Fn(&Trial)) {
    test(&sqlite());
    match postgres() {
        Some(trial) => test(&trial),
        None => eprintln!("skipped on PostgreSQL: BARTIZAN_POSTGRES names no server"),
    }
}

pub(crate) fn sqlite() -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::File(folder.path().join("store.db"));
    Trial { store: open(&location), location, _folder: folder }
}

/// A database of its own on the server, owned by a user that is bound by the policies on rows.
pub(crate) fn postgres() -> Option<Trial> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("BARTIZAN_POSTGRES").ok()?;
    let name = format!("trial_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE ROLE {name} LOGIN; ")).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name} OWNER {name}")).unwrap();
    let config: postgres::Config = server.parse().unwrap();
    let host = match config.get_hosts().first() {
        Some(postgres::config::Host::Tcp(host)) => host.clone(),
        other => panic!("a server by its address, not {other:?}"),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let location = Location::Postgres(format!("postgres://{name}@{host}:{port}/{name}"));
    Some(Trial { store: open(&location), location, _folder: tempfile::tempdir().unwrap() })
}

pub(crate) fn open(location: &Location) -> Store {
    Store::open(location, Box::new(Counting::default())).unwrap()
}

/// What a tool says of one line.
pub(crate) fn observation(rule: &str, path: &str, line: u32, snippet: &str) -> Observation {
    Observation {
        rule: rule.to_owned(),
        title: format!("{rule} is broken"),
        severity: Some(Severity::High),
        place: Place::File(FilePlace { path: path.to_owned(), line: Some(line), ..FilePlace::default() }),
        snippet: snippet.to_owned(),
        ..Observation::default()
    }
}

/// A tool's run over a repository: what it saw, at which commit, and whether it saw all.
pub(crate) struct Run<'a> {
    pub(crate) tool: &'a str,
    pub(crate) commit: &'a str,
    pub(crate) is_complete: bool,
    pub(crate) observations: &'a [Observation],
}

impl Run<'_> {
    pub(crate) fn ingest(&self, tenant: Tenant<'_>, repository: Id) -> Ingested {
        let mut spool = Spool::new().unwrap();
        for observation in self.observations {
            spool.push(&Seen::of(self.tool, observation)).unwrap();
        }
        let scan = Scan {
            repository,
            branch: "main".to_owned(),
            commit: self.commit.to_owned(),
            tool: self.tool.to_owned(),
            tool_version: None,
            is_complete: self.is_complete,
            actor: "test".to_owned(),
        };
        let assess = |seen: &Seen| Assessment { risk: seen.lines.unwrap_or_default().0, ..Assessment::default() };
        tenant.ingest(&scan, &mut spool, &Changes::unknown(), &assess).unwrap()
    }
}

/// A complete run of semgrep.
pub(crate) fn run(tenant: Tenant<'_>, repository: Id, commit: &str, observations: &[Observation]) -> Ingested {
    Run { tool: "semgrep", commit, is_complete: true, observations }.ingest(tenant, repository)
}
