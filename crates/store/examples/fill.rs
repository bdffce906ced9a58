//! Fills a store with made-up findings, and says what that took: `fill ADDRESS N [REPOSITORIES]`.

use std::{env, time::Instant};

use bartizan_core::Severity;
use bartizan_formats::import::{FilePlace, Observation, Place};
use bartizan_store::{Filter, Host, Location, Scan, Spool, Store};
use bartizan_triage::{assessment::Assessment, identity::Changes, intake::Seen};

struct Real;

impl Host for Real {
    fn now_us(&self) -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.ok().and_then(|now| i64::try_from(now.as_micros()).ok()).unwrap_or_default()
    }

    fn random(&self, buffer: &mut [u8]) {
        // Not foreseeable enough for anything but a benchmark.
        use std::hash::{BuildHasher as _, RandomState};
        for chunk in buffer.chunks_mut(8) {
            let bytes = RandomState::new().hash_one(chunk.len()).to_le_bytes();
            chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, n, rest @ ..] = arguments.as_slice() else { return Err("usage: fill ADDRESS N [REPOSITORIES]".into()) };
    let n: usize = n.parse()?;
    let n_repositories: usize = rest.first().map_or(Ok(1), |text| text.parse())?;
    let store = Store::open(&Location::parse(address)?, Box::new(Real))?;
    let tenant = store.organization("acme")?;
    for (round, commit) in ["c1", "c2"].into_iter().enumerate() {
        let (mut n_new, mut n_unchanged) = (0, 0);
        let start = Instant::now();
        for number in 0..n_repositories {
            let repository = tenant.repository(&format!("acme/service-{number}"), "main", "bench")?;
            let mut spool = Spool::new()?;
            for observation in (0..n / n_repositories).map(|at| observation(number, at)) {
                spool.push(&Seen::of("semgrep", &observation))?;
            }
            let scan = Scan {
                repository: repository.id,
                branch: "main".to_owned(),
                commit: commit.to_owned(),
                tool: "semgrep".to_owned(),
                tool_version: None,
                is_complete: true,
                actor: "bench".to_owned(),
            };
            let assess = |seen: &Seen| Assessment { risk: seen.lines.unwrap_or_default().0 % 1000, ..Assessment::default() };
            let ingested = tenant.ingest(&scan, &mut spool, &Changes::unknown(), &assess)?;
            n_new += ingested.n_new;
            n_unchanged += ingested.n_unchanged;
        }
        println!("round {round}: {n_new} new, {n_unchanged} unchanged, {:.1} s", start.elapsed().as_secs_f64());
    }
    for (name, filter) in [
        ("inbox", Filter { is_open: Some(true), ..Filter::default() }),
        ("severity", Filter { is_open: Some(true), severities: vec![Severity::Low], ..Filter::default() }),
        ("text", Filter { text: Some("file_77".to_owned()), ..Filter::default() }),
        ("no such text", Filter { text: Some("nowhere".to_owned()), ..Filter::default() }),
    ] {
        let start = Instant::now();
        let page = tenant.findings(&filter, None, 50)?;
        println!("{name}: {} rows, {:.1} ms", page.findings.len(), start.elapsed().as_secs_f64() * 1e3);
    }
    let start = Instant::now();
    let tally = tenant.tally(None)?;
    println!("tally: {} rows, {:.1} ms", tally.len(), start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

fn observation(repository: usize, at: usize) -> Observation {
    let path = format!("src/module_{}/file_{}.py", at % 97, at / 20);
    let severity = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical].get(at % 4).copied();
    Observation {
        rule: format!("python.lang.security.rule-{}", at % 150),
        title: format!("User data reaches a dangerous call ({repository})"),
        message: "What a user sends reaches a call that runs it; use a list of allowed values.".to_owned(),
        severity,
        place: Place::File(FilePlace { path, line: u32::try_from(at % 1999 + 1).ok(), ..FilePlace::default() }),
        snippet: format!("subprocess.run(request.args['value_{at}'], shell=True)"),
        cwe: vec![78],
        ..Observation::default()
    }
}
