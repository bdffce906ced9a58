//! One scan as the command line asks for it: engines, key, cache, policy; shared by `scan` and `baseline write`.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Read as _},
    path::{Component, Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use bartizan_core::{Severity, Tool};
use bartizan_deps::Sources;
use bartizan_formats::Timestamp;
use bartizan_scan::{
    Baseline, BaselineError, CacheSettings, ConfigProblem, Date, DepsSettings, Flags, MAX_CONFIG_BYTES, Policy, Request, effective,
};
use bartizan_source::{Input, Limits, Options};

use crate::{
    args::{EngineArgs, Global, InputArgs, PolicyArgs, RunArgs},
    engines::{self, Circumstances, Engines},
    failure::{Failure, Failures, Outcome, Place},
    gitleaks_rules,
    identity::{self, Identity},
    places,
    progress::Progress,
    terminal::Terminal,
    text,
};

/// What a scan is asked for.
pub(crate) struct Session<'a> {
    pub(crate) input: &'a InputArgs,
    pub(crate) engines: &'a EngineArgs,
    pub(crate) policy: &'a PolicyArgs,
    pub(crate) run: &'a RunArgs,
    pub(crate) global: Global,
    pub(crate) baseline: Option<&'a Baseline>,
    pub(crate) identity: &'a Identity,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) keeps_secrets: bool,
}

/// The name of standard input in reports, where the caller gives none.
const STDIN_NAME: &str = "stdin";

impl Session<'_> {
    /// Scans.
    pub(crate) fn perform(&self) -> Outcome<bartizan_scan::Outcome> {
        // What is wrong with the arguments is said before anything long is done.
        let policy = policy(self.policy)?;
        let Engines { analyzers, diagnostics, rules } = self.engines_under(&policy)?;
        let source = self.source_options();
        let input = self.input(&source.limits)?;
        let cache = self.cache()?;
        let request = Request {
            source,
            n_threads: self.run.threads,
            cache,
            policy,
            use_repository_config: !self.policy.no_repo_config,
            stdin_folder: Some(PathBuf::from(".")),
            baseline: self.baseline,
            flags: Flags { min_severity: self.engines.min_severity, min_confidence: self.engines.min_confidence, fail_on: self.fail_on },
            tool: Tool { name: "bartizan".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            target: self.target(),
            build: build_stamp(),
            ..Request::new(input, analyzers, today())
        };
        let progress = Progress::new(self.run.progress, self.global.quiet, Terminal::stderr(self.global.color));
        let outcome = match &progress {
            Some(progress) => bartizan_scan::scan(request, progress),
            None => bartizan_scan::scan(request, &()),
        };
        if let Some(progress) = progress {
            progress.clear();
        }
        rules.save();
        let mut outcome = outcome;
        if let (Ok(outcome), Some(folder)) = (&mut outcome, self.folder()) {
            outcome.report.put_below(&folder);
        }
        if let Ok(outcome) = &mut outcome {
            // Rule files are named as the caller knows them, wherever the scanned folder is.
            outcome.report.diagnostics.extend(diagnostics);
            outcome.report.diagnostics.extend(self.input.fetched.iter().flat_map(|fetched| fetched.diagnostics.iter().cloned()));
            outcome.report.diagnostics.sort();
        }
        outcome.map_err(|error| {
            let message = error.to_string();
            // The advice stands behind a semicolon.
            let (message, help) = message.split_once("; ").unwrap_or((&message, ""));
            Failure::bad_input("input", text::harmless(message)).with_help(text::harmless(help)).into()
        })
    }

    /// The engines that the scan runs, ready once more: for looking at single texts after it.
    pub(crate) fn engines(&self) -> Outcome<Engines> {
        self.engines_under(&policy(self.policy)?)
    }

    fn engines_under(&self, policy: &Policy) -> Outcome<Engines> {
        let circumstances = Circumstances {
            identity: self.identity,
            keeps_secrets: self.keeps_secrets,
            gitleaks_ignored: self.gitleaks_ignored(policy)?,
            sources: if self.is_of_a_part() { Sources::Part } else { Sources::All },
            deps: self.deps(policy),
            cache: self.cache()?,
        };
        engines::build(self.engines, &circumstances)
    }

    /// The folder that paths of the report start with: those that the caller can open from here, and that other tools join with
    /// the root of the repository. An absolute path, or one that leads upwards, says nothing to them.
    pub(crate) fn folder(&self) -> Option<String> {
        let is_fetched = self.input.fetched.is_some();
        if is_fetched || self.stdin_name().is_some() || self.input.staged || self.input.since.is_some() {
            return None;
        }
        let path = &self.input.path;
        let folder = if path.is_dir() { path.as_path() } else { path.parent()? };
        let mut names = Vec::new();
        for component in folder.components() {
            match component {
                Component::Normal(name) => names.push(name.to_str()?),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(names.join("/"))
    }

    /// Whether what is looked at is only a part of a project: what changed, or what comes in.
    fn is_of_a_part(&self) -> bool {
        self.input.staged || self.input.since.is_some() || self.stdin_name().is_some()
    }

    /// What the policy and the scanned repository say about the supply chain.
    fn deps(&self, policy: &Policy) -> DepsSettings {
        let folder = match self.stdin_name() {
            Some(_) => Path::new("."),
            None if self.input.path.is_dir() => self.input.path.as_path(),
            None => self.input.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
        };
        let (settings, _) = effective(folder, policy, !self.policy.no_repo_config, Flags::default(), today());
        settings.deps().clone()
    }

    /// What `.gitleaksignore` in the scanned folder names, where the repository may say so.
    fn gitleaks_ignored(&self, policy: &Policy) -> Outcome<BTreeSet<String>> {
        let folder = if self.stdin_name().is_some() { Path::new(".") } else { &self.input.path };
        if self.engines.rules.is_empty() || self.policy.no_repo_config {
            return Ok(BTreeSet::new());
        }
        let ignored = gitleaks_rules::ignored(folder)?;
        let (settings, _) = effective(folder, policy, true, Flags::default(), today());
        let is_refused = settings.explain().iter().any(|setting| setting.key == "trust.foreign-marks" && setting.value == "false");
        Ok(if is_refused { BTreeSet::new() } else { ignored })
    }

    fn source_options(&self) -> Options {
        let mut options = Options::default();
        if let Some(size) = self.input.max_file_size {
            options.limits.max_file_bytes = size.0;
        }
        options.platform.clone_from(&self.input.platform);
        if self.input.no_ignore {
            options.use_ignore_files = false;
            options.default_excludes = false;
        }
        options
    }

    fn input(&self, limits: &Limits) -> Outcome<Input> {
        let args = self.input;
        if let Some(fetched) = &args.fetched {
            return Ok(Input::Documents(fetched.documents.clone()));
        }
        if let Some(name) = self.stdin_name() {
            let mut bytes = Vec::new();
            // One byte more than the limit shows that it was exceeded.
            let taken = io::stdin().lock().take(limits.max_file_bytes.saturating_add(1)).read_to_end(&mut bytes);
            taken.map_err(|error| Failure::unreadable(Path::new(STDIN_NAME), &error))?;
            return Ok(Input::Stdin { name: name.to_owned(), bytes });
        }
        let path = args.path.clone();
        if args.staged {
            return Ok(Input::Staged(path));
        }
        if let Some(revision) = &args.since {
            return Ok(Input::Since { root: path, revision: revision.clone() });
        }
        Ok(if path.is_dir() { Input::Tree(path) } else { Input::File(path) })
    }

    fn stdin_name(&self) -> Option<&str> {
        let is_dash = self.input.path.as_os_str() == "-" && !self.input.staged && self.input.since.is_none();
        self.input.stdin_name.as_deref().or(is_dash.then_some(STDIN_NAME))
    }

    fn target(&self) -> String {
        if let Some(fetched) = &self.input.fetched {
            return text::harmless(&fetched.target).into_owned();
        }
        self.stdin_name().map_or_else(|| text::path(&self.input.path), |name| text::harmless(name).into_owned())
    }

    /// The cache never sees a scan that keeps secrets.
    fn cache(&self) -> Outcome<Option<CacheSettings>> {
        if self.run.no_cache || self.keeps_secrets {
            return Ok(None);
        }
        let Some(dir) = self.run.cache_dir.clone().or_else(places::results_dir) else {
            return Ok(None);
        };
        Ok(Some(CacheSettings { dir, max_bytes: CacheSettings::MAX_BYTES, now: SystemTime::now(), fresh_key: identity::random()? }))
    }
}

/// What tells this build from another one of the same version: the size of the program and when it was written.
pub(crate) fn build_stamp() -> Vec<u8> {
    let metadata = env::current_exe().and_then(fs::metadata);
    let written =
        metadata.as_ref().ok().and_then(|metadata| metadata.modified().ok()).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let size = metadata.map_or(0, |metadata| metadata.len());
    [size.to_le_bytes().to_vec(), written.unwrap_or_default().as_nanos().to_le_bytes().to_vec()].concat()
}

/// The caller's policy.
pub(crate) fn policy(args: &PolicyArgs) -> Outcome<Policy> {
    let Some(path) = &args.policy else { return Ok(Policy::default()) };
    let bytes = read_regular(path, text::to_u64(MAX_CONFIG_BYTES))?;
    Policy::read(&text::path(path), &bytes).map_err(|problems| config_failures(problems, &bytes))
}

/// A baseline file.
pub(crate) fn baseline(path: &Path) -> Outcome<Baseline> {
    let bytes = read_regular(path, text::to_u64(Baseline::MAX_BYTES))?;
    Baseline::read(&bytes).map_err(|error| {
        let file = text::path(path);
        let content = String::from_utf8_lossy(&bytes);
        let (place, message) = match &error {
            BaselineError::Syntax { line, column, reason } => {
                let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                (Place::in_text(&file, &content, narrow(*line), narrow(*column), 1), reason.clone())
            }
            other => (Place::whole(file), other.to_string()),
        };
        let (message, help) = message.split_once("; ").unwrap_or((&message, "write it again with `bartizan baseline write`"));
        Failure::bad_input("baseline", text::harmless(message)).at(place).with_help(text::harmless(help)).into()
    })
}

/// Problems of a configuration file, with the lines that they point at.
pub(crate) fn config_failures(problems: Vec<ConfigProblem>, bytes: &[u8]) -> Failures {
    let content = String::from_utf8_lossy(bytes);
    let failure = |problem: ConfigProblem| {
        let place = match problem.line {
            0 => Place::whole(problem.file),
            line => Place::in_text(&problem.file, &content, line, problem.column.max(1), 1),
        };
        Failure::bad_input("configuration", problem.message).at(place).with_help(problem.help)
    };
    Failures(problems.into_iter().map(failure).collect())
}

/// Reads a regular file of at most so many bytes; a pipe could wait for ever.
pub(crate) fn read_regular(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable(path, &error);
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Failure::bad_input("unreadable", format!("`{}` is no regular file", text::path(path))).with_help("name a file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(unreadable)?.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if max_bytes < text::to_u64(bytes.len()) {
        let message = format!("`{}` is larger than {}", text::path(path), text::bytes(max_bytes));
        return Err(Failure::bad_input("file-too-large", message).with_help("is it the right file?"));
    }
    Ok(bytes)
}

/// The key for a scan: the baseline's, so that ids can be compared with it; else the one that the environment names; else
/// the installation's.
pub(crate) fn identity(baseline: Option<&Baseline>, path: Option<&PathBuf>) -> Outcome<Identity> {
    let named = identity::from_environment()?;
    if let (Some(baseline), Some(path)) = (baseline, path) {
        return Ok(Identity { key: baseline.key().clone(), origin: identity::KeyOrigin::Baseline(path.clone()) });
    }
    match named {
        Some(identity) => Ok(identity),
        None => Ok(identity::of_installation()?),
    }
}

/// The time that builds agree on, <https://reproducible-builds.org/specs/source-date-epoch/>. Without it, the same input gives
/// the same bytes.
pub(crate) fn source_date() -> Outcome<Option<Timestamp>> {
    const VARIABLE: &str = "SOURCE_DATE_EPOCH";
    let Some(value) = env::var_os(VARIABLE) else { return Ok(None) };
    match value.to_str().and_then(|value| value.trim().parse().ok()) {
        Some(seconds) => Ok(Some(Timestamp::of_unix_seconds(seconds))),
        None => {
            let message = format!("{VARIABLE} is no number of seconds: `{}`", text::harmless(&value.to_string_lossy()));
            Err(Failure::bad_input("environment", message).with_help("set it to the seconds since 1970, or unset it").into())
        }
    }
}

/// The civil date, in UTC.
pub(crate) fn today() -> Date {
    Date::of_unix_seconds(now_s())
}

/// The seconds since 1970.
pub(crate) fn now_s() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
