//! `bartizan doctor`: versions, places, limits, and what is configured; for people who wonder, and for bug reports.

mod limits;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use bartizan_formats::codeowners;
use bartizan_scan::RepositoryConfig;
use clap::{Args, ValueHint};
use serde::Serialize;

use crate::{
    args::{Global, ListFormat},
    catalog::Catalog,
    engines,
    exit::Exit,
    failure::Outcome,
    identity::{self, KEY_FILE_VARIABLE, KEY_VARIABLE, KeyOrigin},
    output::print,
    page::Page,
    places,
    style::Ink,
    terminal::Terminal,
    text::{self, bytes, count, grouped},
};

const EXAMPLES: &str = "\
Examples:
  bartizan doctor                 what is found, and where
  bartizan doctor --format json   the same, for a bug report";

/// Show versions, places, limits, and what is configured
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DoctorArgs {
    /// Folder to look at
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    path: PathBuf,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// What the doctor sees.
#[derive(Debug, Serialize)]
struct Examination {
    version: &'static str,
    system: String,
    n_threads: usize,
    engines: Vec<EngineState>,
    identity_key: Finding,
    cache: CacheState,
    folder: String,
    git_repository: Option<String>,
    files: Vec<FileState>,
    default_excludes: Vec<&'static str>,
    limits: Vec<limits::LimitState>,
    variables: Vec<&'static str>,
    advice: Vec<String>,
}

#[derive(Debug, Serialize)]
struct EngineState {
    id: &'static str,
    n_rules: usize,
}

/// Something, and whether all is well with it.
#[derive(Debug, Serialize)]
struct Finding {
    is_well: bool,
    text: String,
}

#[derive(Debug, Serialize)]
struct CacheState {
    folder: Option<String>,
    n_files: u64,
    n_bytes: u64,
}

/// A file that a scan would read.
#[derive(Debug, Serialize)]
struct FileState {
    purpose: &'static str,
    path: Option<String>,
}

/// Variables that change what the program does; their values are not shown.
const VARIABLES: [&str; 9] =
    [KEY_VARIABLE, KEY_FILE_VARIABLE, "XDG_DATA_HOME", "XDG_CACHE_HOME", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"];

/// Looks, and prints what it saw.
pub(crate) fn run(args: &DoctorArgs, global: Global) -> Outcome<Exit> {
    let examination = examine(&args.path)?;
    print(&match args.format {
        ListFormat::Table => table(&examination, Terminal::stdout(global.color)),
        ListFormat::Json => serde_json::to_string_pretty(&examination).unwrap_or_default() + "\n",
    })?;
    Ok(Exit::Success)
}

fn examine(folder: &Path) -> Outcome<Examination> {
    let catalog = Catalog::load(&[])?;
    let n_rules = |id: &str| catalog.entries.iter().filter(|entry| entry.about.engine.0 == id).count();
    let folder = fs::canonicalize(folder).map_err(|error| crate::failure::Failure::unreadable(folder, &error))?;
    let repository = folder.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_owned);
    let root = repository.as_deref().unwrap_or(&folder);
    let first_of = |names: &[&str]| names.iter().map(|name| root.join(name)).find(|path| path.is_file()).map(|path| text::path(&path));
    let files = vec![
        FileState { purpose: "configuration", path: first_of(&[RepositoryConfig::PATH]) },
        FileState { purpose: "ignore file", path: first_of(&[".bartizanignore"]) },
        FileState { purpose: "code owners", path: first_of(codeowners::PLACES) },
        FileState { purpose: "gitleaks ignore file", path: first_of(&[".gitleaksignore"]) },
    ];
    let mut advice = Vec::new();
    if repository.is_none() {
        advice.push("this folder is in no git repository: --staged and --since can't be used".to_owned());
    }
    if files.iter().any(|file| file.purpose == "code owners" && file.path.is_none()) {
        advice.push("there is no CODEOWNERS file: every finding is unowned".to_owned());
    }
    let identity_key = identity_key();
    if !identity_key.is_well {
        advice.push(format!("set {KEY_FILE_VARIABLE}, so that a secret has the same id in every run"));
    }
    Ok(Examination {
        version: env!("CARGO_PKG_VERSION"),
        system: format!("{} {}", env::consts::OS, env::consts::ARCH),
        n_threads: std::thread::available_parallelism().map_or(1, usize::from),
        engines: engines::NAMES.iter().map(|id| EngineState { id, n_rules: n_rules(id) }).collect(),
        identity_key,
        cache: cache(),
        folder: text::path(&folder),
        git_repository: repository.as_deref().map(text::path),
        files,
        default_excludes: bartizan_source::DEFAULT_EXCLUDES.to_vec(),
        limits: limits::all(),
        variables: VARIABLES.into_iter().filter(|name| env::var_os(name).is_some()).collect(),
        advice,
    })
}

/// Where the key for ids of secrets comes from, without making one.
fn identity_key() -> Finding {
    let well = |text: String| Finding { is_well: true, text };
    match identity::from_environment() {
        Err(failure) => return Finding { is_well: false, text: failure.message },
        Ok(Some(identity)) => {
            return well(match identity.origin {
                KeyOrigin::NamedFile(path) => format!("from {}, which {KEY_FILE_VARIABLE} names", text::path(&path)),
                KeyOrigin::Variable | KeyOrigin::Baseline(_) | KeyOrigin::Installation(_) | KeyOrigin::Ephemeral(_) => {
                    format!("from {KEY_VARIABLE}")
                }
            });
        }
        Ok(None) => {}
    }
    let Some(path) = identity::installation_path() else {
        return Finding { is_well: false, text: "new in every run: neither XDG_DATA_HOME nor HOME is set".to_owned() };
    };
    let shown = text::path(&path);
    if !path.exists() {
        return well(format!("made by the first scan, in {shown}"));
    }
    if is_open_to_others(&path) {
        return Finding { is_well: false, text: format!("{shown}, which others can read: chmod 600 it") };
    }
    match identity::of_installation() {
        Ok(_) => well(shown),
        Err(failure) => Finding { is_well: false, text: failure.message },
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
const fn is_open_to_others(_path: &Path) -> bool {
    false
}

fn cache() -> CacheState {
    let Some(folder) = places::results_dir() else { return CacheState { folder: None, n_files: 0, n_bytes: 0 } };
    let (mut n_files, mut n_bytes) = (0, 0);
    add_up(&folder, 0, &mut n_files, &mut n_bytes);
    CacheState { folder: Some(text::path(&folder)), n_files, n_bytes }
}

fn add_up(folder: &Path, depth: usize, n_files: &mut u64, n_bytes: &mut u64) {
    const MAX_DEPTH: usize = 8;
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => add_up(&entry.path(), depth + 1, n_files, n_bytes),
            Ok(kind) if kind.is_file() => {
                *n_files += 1;
                *n_bytes += entry.metadata().map_or(0, |metadata| metadata.len());
            }
            Ok(_) | Err(_) => {}
        }
    }
}

fn table(seen: &Examination, terminal: Terminal) -> String {
    const COLUMNS: usize = 20;
    let mut page = Page::new(terminal);
    page.title(
        &format!("bartizan {}", seen.version),
        &format!("{}, {}", seen.system, count(text::to_u64(seen.n_threads), "core")),
        Ink::Plain,
    );

    page.heading("Engines");
    for engine in &seen.engines {
        page.row(engine.id, COLUMNS, &format!("{} built in", count(text::to_u64(engine.n_rules), "rule")));
    }

    page.heading("Places");
    page.row("folder", COLUMNS, &seen.folder);
    row_or(&mut page, "git repository", COLUMNS, seen.git_repository.as_deref());
    for file in &seen.files {
        row_or(&mut page, file.purpose, COLUMNS, file.path.as_deref());
    }
    let cache = &seen.cache;
    match &cache.folder {
        Some(folder) => page.row("cache", COLUMNS, &format!("{folder} ({}, {})", count(cache.n_files, "file"), bytes(cache.n_bytes))),
        None => page.inked_row("cache", COLUMNS, "none: neither XDG_CACHE_HOME nor HOME is set", Ink::Warning),
    }
    let ink = if seen.identity_key.is_well { Ink::Plain } else { Ink::Warning };
    page.inked_row("identity key", COLUMNS, &seen.identity_key.text, ink);
    if !seen.variables.is_empty() {
        page.row("variables set", COLUMNS, &seen.variables.join(", "));
    }

    page.heading("Left out by default");
    page.paragraph(&seen.default_excludes.join(", "));

    page.heading("Limits");
    for limit in &seen.limits {
        let shown = if limit.name.ends_with("-bytes") {
            format!("{} ({})", grouped(limit.value), bytes(limit.value))
        } else {
            grouped(limit.value)
        };
        page.row(limit.name, 27, &shown);
    }

    if !seen.advice.is_empty() {
        page.heading("Advice");
        for advice in &seen.advice {
            page.paragraph(advice);
        }
    }
    page.finish()
}

fn row_or(page: &mut Page, name: &str, columns: usize, value: Option<&str>) {
    match value {
        Some(value) => page.row(name, columns, value),
        None => page.inked_row(name, columns, "none", Ink::Faint),
    }
}
