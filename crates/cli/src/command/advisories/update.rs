//! `bartizan advisories update`: what is new on mirrors. The only command that opens a socket.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use bartizan_deps::in_osv;
use bartizan_formats::purl::PackageUrl;
use clap::{Args, ValueHint};
use serde_json::json;

use super::{FolderArgs, count_of, lists_json, print_problems, segments_json};
use crate::{
    advisories::{About, Client, Delivery, DownloadProgress, Mirror, News, Shelf, Stored, Url},
    args::{ByteSize, Global, InputArgs, ListFormat, PolicyArgs, RunArgs, When},
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    inventory::InventoryArgs,
    output::print,
    page::Page,
    progress::{Countdown, Downloads},
    session,
    style::Ink,
    terminal::Terminal,
    text::{self, count, harmless, to_u64},
};

/// Where OSV publishes its records, <https://google.github.io/osv.dev/data>.
const OSV: &str = "https://osv-vulnerabilities.storage.googleapis.com";

/// The largest document, unless the caller says otherwise: that of Ubuntu comes near a gibibyte.
const MAX_DOWNLOAD_BYTES: u64 = 2 << 30;

/// Documents that hold something themselves; what ends otherwise is a mirror.
const DOCUMENTS: [&str; 5] = [".json", ".csv", ".gz", ".zip", ".xz"];

/// Get what is new from mirrors: OSV's archives and lists of changes, CISA's KEV, EPSS
///
/// No other command opens a connection. What can't be had leaves what was there, and is said. Proxies are taken from the
/// environment, certificates from the system.
#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    /// The project whose dependencies say which ecosystems are needed
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    path: PathBuf,
    /// Mirrors (repeatable): an address below which ecosystems are, or that of a document such as
    /// known_exploited_vulnerabilities.json [default: those of the policy, else OSV's]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    from: Vec<String>,
    /// Ecosystems, as OSV writes them (repeatable): PyPI, npm, Debian:12 [default: those that the project depends on, and those
    /// that came from the mirror before]
    #[arg(long, value_name = "ECOSYSTEM", value_delimiter = ',')]
    ecosystem: Vec<String>,
    /// Ask mirrors without encryption, too; anybody on the way can change what they give
    #[arg(long)]
    allow_http: bool,
    /// Refuse larger documents: 512MiB [default: 2GiB]
    #[arg(long, value_name = "SIZE")]
    max_download: Option<ByteSize>,
    /// The caller's policy, which may name mirrors
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    policy: Option<PathBuf>,
    #[command(flatten)]
    folder: FolderArgs,
}

/// What became of one question to a mirror.
struct Answered {
    place: String,
    /// An ecosystem, or a list.
    what: String,
    result: Result<String, String>,
}

/// Asks every mirror about every ecosystem.
pub(super) fn run(args: &UpdateArgs, global: Global) -> Outcome<Exit> {
    let folder = args.folder.path()?;
    let policy = session::policy(&PolicyArgs { policy: args.policy.clone(), no_repo_config: true })?;
    let named = [&args.from, policy.mirrors()].into_iter().find(|mirrors| !mirrors.is_empty());
    let mirrors: Vec<String> = named.map_or_else(|| vec![OSV.to_owned()], <[String]>::to_vec);
    let urls = mirrors.iter().map(|mirror| {
        let failure = |reason| Failure::bad_input("mirror", reason).with_help("name an address of https; --allow-http allows others");
        Url::parse(mirror, args.allow_http).map_err(failure)
    });
    let urls: Vec<Url> = urls.collect::<Result<_, Failure>>()?;
    let (documents, bases): (Vec<&Url>, Vec<&Url>) =
        urls.iter().partition(|url| DOCUMENTS.iter().any(|ending| url.file_name().to_lowercase().ends_with(ending)));

    let shelf = Shelf::of(&folder);
    let (sources, mut problems) = shelf.sources()?;
    let about_of = |url: &Url| {
        let known = sources.iter().find(|about| about.place == url.as_str());
        known.cloned().unwrap_or_else(|| About::new(url.as_str()))
    };
    let seen =
        if bases.is_empty() || !args.ecosystem.is_empty() { args.ecosystem.iter().cloned().collect() } else { seen(&args.path, global)? };
    let (client, scratch) = (Client::new(args.allow_http), folder.join("download"));
    let progress = Told { downloads: Downloads::new(global.quiet, Terminal::stderr(global.color)), global };
    let max_bytes = args.max_download.map_or(MAX_DOWNLOAD_BYTES, |size| size.0);
    let mirror = Mirror { client: &client, shelf: &shelf, scratch: &scratch, max_bytes, progress: &progress };

    // What somebody left behind who was stopped.
    let _ = std::fs::remove_dir_all(&scratch);
    let (mut answered, mut stored) = (Vec::new(), Stored::default());
    for base in bases {
        let before = about_of(base);
        let mut ecosystems: BTreeSet<String> = seen.clone();
        if args.ecosystem.is_empty() {
            ecosystems.extend(before.parts.values().map(|part| part.ecosystem.clone()));
        }
        // One by one, so that what is there is kept if a later one fails.
        for ecosystem in ecosystems {
            let about = shelf.sources()?.0.into_iter().find(|about| about.place == base.as_str()).unwrap_or_else(|| before.clone());
            let result = ecosystem_news(&mirror, base, &ecosystem, about, &mut stored, &mut problems)?;
            answered.push(Answered { place: base.as_str().to_owned(), what: ecosystem, result });
        }
    }
    for url in documents {
        let before = about_of(url);
        let result = match mirror.document(url, before.etag.as_deref()) {
            Err(reason) => Err(reason),
            Ok(None) => Ok("as before".to_owned()),
            Ok(Some((gathered, etag))) => {
                problems.extend(gathered.problems.iter().cloned());
                let said = said(&gathered);
                let mut delivery = Delivery::whole(url.as_str(), gathered);
                delivery.about.etag = etag;
                take(shelf.accept(&[delivery])?, &mut stored, &mut problems);
                Ok(said)
            }
        };
        answered.push(Answered { place: url.as_str().to_owned(), what: url.file_name().to_owned(), result });
    }
    let _ = std::fs::remove_dir_all(&scratch);
    finish(args, &folder, &answered, &stored, &problems, global)
}

fn ecosystem_news(
    mirror: &Mirror<'_>,
    base: &Url,
    ecosystem: &str,
    mut about: About,
    stored: &mut Stored,
    problems: &mut Vec<String>,
) -> Outcome<Result<String, String>> {
    let news = match mirror.news(base, ecosystem, &about) {
        Err(reason) => return Ok(Err(reason)),
        Ok(News::Nothing) => return Ok(Ok("as before".to_owned())),
        Ok(News::Records { part, records, n_changed, problems: of_records }) => {
            problems.extend(of_records);
            (part, records, n_changed)
        }
    };
    let (part, records, n_changed) = news;
    let said = format!("{}, {} new or changed", count(to_u64(records.len()), "record"), text::grouped(to_u64(n_changed)));
    let name = About::part_name(ecosystem);
    about.parts.insert(name.clone(), part);
    let delivery = Delivery { about, records: BTreeMap::from([(name, records)]), lists: Vec::new() };
    take(mirror.shelf.accept(&[delivery])?, stored, problems);
    Ok(Ok(said))
}

fn take(new: Stored, stored: &mut Stored, problems: &mut Vec<String>) {
    stored.segments.retain(|(name, _)| new.segments.iter().all(|(other, _)| name != other));
    stored.segments.extend(new.segments);
    stored.lists.extend(new.lists);
    problems.extend(new.problems);
}

fn said(gathered: &crate::advisories::Gathered) -> String {
    let mut said: Vec<String> =
        gathered.lists.iter().map(|list| format!("{} of {}", count(to_u64(list.len()), "exploited flaw"), list.date)).collect();
    if gathered.n_records != 0 {
        said.push(count(to_u64(gathered.n_records), "record"));
    }
    said.join(", ")
}

/// The ecosystems that a project depends on.
fn seen(path: &Path, global: Global) -> Outcome<BTreeSet<String>> {
    let inventory = InventoryArgs {
        input: InputArgs::of(path.to_owned()),
        policy: PolicyArgs { policy: None, no_repo_config: false },
        run: RunArgs { threads: None, no_cache: false, cache_dir: None, progress: When::Auto },
    };
    let report = inventory.take(global)?.report;
    let purls = report.components.iter().filter_map(|component| component.purl.parse::<PackageUrl>().ok());
    Ok(purls.filter_map(|purl| in_osv(&purl)).map(|(ecosystem, _)| ecosystem).collect())
}

fn finish(args: &UpdateArgs, folder: &Path, answered: &[Answered], stored: &Stored, problems: &[String], global: Global) -> Outcome<Exit> {
    if answered.is_empty() {
        let message = format!("`{}` depends on nothing that advisories are published about", text::path(&args.path));
        return Err(Failure::bad_input("advisories", message).with_help("name ecosystems with --ecosystem").into());
    }
    let failed: Vec<&Answered> = answered.iter().filter(|answered| answered.result.is_err()).collect();
    print_problems(problems, global);
    if failed.len() == answered.len() {
        let failures = failed.iter().filter_map(|answered| {
            let reason = answered.result.as_ref().err()?;
            let failure = Failure::bad_input("mirror", format!("{} can't be had: {reason}", harmless(&answered.what)));
            Some(failure.with_help("what was there is kept; check the address, and the network"))
        });
        return Err(Failures(failures.collect()));
    }
    if args.folder.format == ListFormat::Json {
        let answers: Vec<_> = answered
            .iter()
            .map(|answered| json!({"mirror": answered.place, "name": answered.what, "result": answered.result.as_ref().ok(), "problem": answered.result.as_ref().err()}))
            .collect();
        let json = json!({"answers": answers, "segments": segments_json(stored), "lists": lists_json(stored), "problems": problems});
        print(&format!("{json}\n"))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        for answered in answered {
            match &answered.result {
                Ok(said) => page.row(&answered.what, 16, said),
                Err(reason) => page.inked_row(&answered.what, 16, &format!("kept as it was: {reason}"), Ink::Warning),
            }
        }
        page.gap();
        let n_advisories = stored.segments.iter().map(|(_, built)| built.n_advisories).sum();
        let built = if stored.segments.is_empty() { "nothing to build".to_owned() } else { format!("built {}", count_of(n_advisories)) };
        page.line(&format!("{built}: {}", text::path(folder)));
        print(&page.finish())?;
    }
    Ok(if failed.is_empty() && problems.is_empty() { Exit::Success } else { Exit::Incomplete })
}

/// Downloads on a terminal.
struct Told {
    downloads: Downloads,
    global: Global,
}

impl DownloadProgress for Told {
    fn downloaded(&self, what: &str, n_bytes: u64, n_all: Option<u64>) {
        self.downloads.advanced(what, n_bytes, n_all);
    }

    fn reading(&self, n_files: usize) -> Countdown {
        Countdown::new(("reading", "file"), n_files, self.global.quiet, Terminal::stderr(self.global.color))
    }

    fn clear(&self) {
        self.downloads.clear();
    }
}
