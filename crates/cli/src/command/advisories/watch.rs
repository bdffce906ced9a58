//! `bartizan advisories watch`: what is new in stored bills of materials.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufReader},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use bartizan_core::Severity;
use bartizan_deps::advisory::{Inventory, News, Seen, watch};
use bartizan_formats::sbom;
use clap::{Args, ValueHint};
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{FolderArgs, print_problems};
use crate::{
    advisories,
    args::{Global, ListFormat, severity},
    exit::Exit,
    failure::{Failure, Outcome},
    output::{self, Privacy, Target, print},
    page::Page,
    progress::Countdown,
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

/// How deeply folders of bills are nested.
const MAX_DEPTH: usize = 16;

/// So many bills are named in a line.
const MAX_BILLS: usize = 4;

const BUFFER_BYTES: usize = 1 << 16;

/// The largest inventory that is read back, in bytes.
const MAX_BYTES: u64 = 8 << 30;

/// Match stored bills of materials again, and say what is new; nothing is scanned
///
/// Bills are read once, and again when they change. What was said by the last run is not said again.
#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// The folder of bills: CycloneDX or SPDX
    #[arg(long, value_name = "DIR", required = true, value_hint = ValueHint::DirPath)]
    sboms: PathBuf,
    /// Say what is in advisories that were changed since a day, whatever was said before: 2026-01-31
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Exit with 1 if something of this severity or a higher one is new
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    fail_on: Option<Severity>,
    #[command(flatten)]
    folder: FolderArgs,
}

/// What is kept between runs.
struct Kept {
    inventory: PathBuf,
    seen: PathBuf,
}

/// What is printed for programs.
#[derive(Serialize)]
struct Said<'a> {
    bills: usize,
    news: Vec<SaidNews<'a>>,
    problems: &'a [String],
}

#[derive(Serialize)]
struct SaidNews<'a> {
    flaws: &'a [String],
    component: &'a str,
    severity: &'static str,
    summary: &'a str,
    fixed: Option<&'a str>,
    exploited_since: Option<&'a str>,
    bills: &'a [&'a str],
}

impl<'a> SaidNews<'a> {
    fn of(news: &'a News<'_>) -> Self {
        Self {
            flaws: &news.flaws,
            component: &news.purl,
            severity: news.severity.as_str(),
            summary: &news.summary,
            fixed: news.fixed.as_deref(),
            exploited_since: news.exploited_since.as_deref(),
            bills: &news.bills,
        }
    }
}

/// Looks at what changed, and says what is new.
pub(super) fn run(args: &WatchArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let store = advisories::open(&folder)?;
    if store.is_empty() {
        let message = format!("there are no advisories in {}", text::path(&folder));
        return Err(Failure::bad_input("advisories", message).with_help("get them with `bartizan advisories update`").into());
    }
    if let Some(since) = args.since.as_ref().filter(|since| !is_day(since)) {
        let message = format!("`{}` is no day", text::harmless(since));
        return Err(Failure::bad_input("date", message).with_help("write it as 2026-01-31").into());
    }
    let place = args.sboms.canonicalize().map_err(|error| Failure::unreadable(&args.sboms, &error))?;
    let kept = Kept::of(&folder, &place);
    // What can't be read back is made again: then everything is new.
    let mut inventory = read(&kept.inventory).and_then(|bytes| Inventory::from_bytes(&bytes).ok()).unwrap_or_default();
    let seen = read(&kept.seen).and_then(|bytes| Seen::from_bytes(&bytes).ok()).unwrap_or_default();
    let (is_changed, problems) = refresh(&mut inventory, &place, global)?;
    let (news, seen) = watch(&inventory, &store, &seen, args.since.as_deref());
    if args.folder.format == ListFormat::Json {
        let said = Said { bills: inventory.bills().len(), news: news.iter().map(SaidNews::of).collect(), problems: &problems };
        Target::Stdout.write(Privacy::Shared, |out| {
            serde_json::to_writer(&mut *out, &said)?;
            out.write_all(b"\n")
        })?;
    } else {
        print(&page(&news, &inventory, Terminal::stdout(global.color)))?;
    }
    print_problems(&problems, global);
    // What was said is remembered when it was said.
    if is_changed {
        write(&kept.inventory, &inventory.to_bytes())?;
    }
    if args.since.is_none() {
        write(&kept.seen, &seen.to_bytes())?;
    }
    let fails = news.iter().any(|news| args.fail_on.is_some_and(|threshold| threshold <= news.severity));
    Ok(match (fails, problems.is_empty()) {
        (true, _) => Exit::Findings,
        (false, false) => Exit::Incomplete,
        (false, true) => Exit::Success,
    })
}

fn is_day(text: &str) -> bool {
    text.parse::<bartizan_scan::Date>().is_ok()
}

impl Kept {
    /// Beside the index, by the folder of bills.
    fn of(folder: &Path, place: &Path) -> Self {
        let hash = Sha256::digest(place.as_os_str().as_encoded_bytes());
        let name: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let below = |ending: &str| folder.join("watch").join(format!("{name}.{ending}"));
        Self { inventory: below("bills"), seen: below("seen") }
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let metadata = fs::metadata(path).ok()?;
    if metadata.len() <= MAX_BYTES { fs::read(path).ok() } else { None }
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    }
    let written = output::write_file(path, Privacy::Private, |out| out.write_all(bytes));
    Ok(written.map_err(|error| Failure::unwritable(path, &error))?)
}

/// Reads bills that are new or have changed, and forgets those that are gone; whether there were any, and what could not be read.
fn refresh(inventory: &mut Inventory, place: &Path, global: Global) -> Outcome<(bool, Vec<String>)> {
    let mut there = BTreeMap::new();
    list(place, place, 0, &mut there).map_err(|error| Failure::unreadable(place, &error))?;
    let stale: BTreeSet<String> =
        inventory.bills().filter(|(name, stamp)| there.get(*name) != Some(stamp)).map(|(name, _)| name.to_owned()).collect();
    inventory.forget(&stale);
    let known: BTreeSet<String> = inventory.bills().map(|(name, _)| name.to_owned()).collect();
    let new: Vec<(&String, &u64)> = there.iter().filter(|(name, _)| !known.contains(*name)).collect();
    let countdown = Countdown::new(("reading", "bill"), new.len(), global.quiet, Terminal::stderr(global.color));
    let mut problems = Vec::new();
    // So many at once that not all bills are held in memory.
    for batch in new.chunks(256) {
        let read: Vec<_> = batch
            .par_iter()
            .map(|(name, stamp)| {
                let purls = purls(&place.join(name.as_str()));
                countdown.advance();
                (*name, **stamp, purls)
            })
            .collect();
        for (name, stamp, purls) in read {
            match purls {
                Ok((purls, problem)) => {
                    inventory.put(name, stamp, purls.iter().map(String::as_str));
                    problems.extend(problem.map(|problem| format!("`{}`: {problem}", text::harmless(name))));
                }
                Err(problem) => problems.push(format!("`{}`: {problem}", text::harmless(name))),
            }
        }
    }
    Ok((!stale.is_empty() || !new.is_empty(), problems))
}

/// The bills below a folder by their paths, each with what changes when it does. Links are not followed.
fn list(root: &Path, folder: &Path, depth: usize, there: &mut BTreeMap<String, u64>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth < MAX_DEPTH {
            list(root, &path, depth + 1, there)?;
            continue;
        }
        let is_bill = path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["json", "jsonld", "xml", "spdx", "tag"].contains(&extension.to_lowercase().as_str()));
        if !kind.is_file() || !is_bill {
            continue;
        }
        let metadata = entry.metadata()?;
        let written = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let stamp = u64::try_from(written & u128::from(u64::MAX)).unwrap_or(0).rotate_left(17) ^ metadata.len();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        there.insert(name, stamp);
    }
    Ok(())
}

/// The package URLs of a bill, and what could not be read of it.
fn purls(path: &Path) -> Result<(Vec<String>, Option<String>), String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let read = sbom::read(&mut BufReader::with_capacity(BUFFER_BYTES, file));
    let parsed = read.map_err(|error| text::harmless(&error.to_string()).into_owned())?;
    let problem = parsed.problems.iter().find(|problem| problem.is_loss).map(|problem| text::harmless(&problem.message).into_owned());
    Ok((parsed.value.components.into_iter().filter_map(|component| component.purl).collect(), problem))
}

fn page(news: &[News<'_>], inventory: &Inventory, terminal: Terminal) -> String {
    let mut page = Page::new(terminal);
    for news in news {
        let (flaw, others) = news.flaws.split_first().map_or(("", &[][..]), |(flaw, others)| (flaw.as_str(), others));
        page.title(flaw, news.severity.as_str(), Ink::Severity(news.severity));
        let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
        let fixed = news.fixed.as_ref().map(|fixed| format!("; fixed in {fixed}")).unwrap_or_default();
        let exploited = news.exploited_since.as_ref().map(|since| format!("; exploited since {since}")).unwrap_or_default();
        page.paragraph(&format!("{}{others} {}{fixed}{exploited}", news.purl, news.summary));
        let named = news.bills.iter().take(MAX_BILLS).copied().collect::<Vec<_>>().join(", ");
        let more = news.bills.len().saturating_sub(MAX_BILLS);
        let more = if more == 0 { String::new() } else { format!(" and {} more", text::grouped(to_u64(more))) };
        page.paragraph(&format!("in {named}{more}"));
    }
    if !news.is_empty() {
        page.gap();
    }
    let bills = count(to_u64(inventory.bills().len()), "bill");
    page.line(&format!("{} new in {bills}", count(to_u64(news.len()), "flaw")));
    page.finish()
}
