//! Configuration of gitleaks as the command line names it: read with everything that it extends.

use std::{cell::RefCell, collections::BTreeSet, path::Path};

use bartizan_core::{ArtifactPath, RuleOrigin};
use bartizan_secrets::{
    Options,
    gitleaks::{
        GitleaksEngine, ScanOptions,
        config::{self, Config, Level, Problem},
    },
};

use crate::{
    failure::{Failure, Failures, Outcome, Place},
    rule_files::{self, RuleText},
    session::read_regular,
    text,
};

/// A configuration that gitleaks would run.
#[derive(Debug)]
pub(crate) struct Understood {
    config: Config,
    /// Everything that it was read from: results are cached by it.
    source: String,
    origin: RuleOrigin,
    /// What gitleaks would silently ignore.
    pub(crate) warnings: Vec<Failure>,
}

/// Findings that gitleaks leaves out, one a line: `file:rule:line`.
pub(crate) const IGNORE_FILE: &str = ".gitleaksignore";

/// Reads a configuration; everything that gitleaks would refuse is an error. `defaults` is what `[extend] useDefault` means.
pub(crate) fn understand(text: &RuleText, defaults: Option<&str>) -> Outcome<Understood> {
    let name = text::path(&text.path);
    let source = RefCell::new(text.text.clone());
    // gitleaks resolves `[extend] path` against the folder that it runs in.
    let read_file = |path: &str| {
        let found = rule_files::read_file(Path::new(path)).map_err(|failure| failure.message)?.text;
        source.borrow_mut().push_str(&found);
        Ok(found)
    };
    let parsed = config::read(&name, &text.text, &config::Options { read_file: &read_file, default_config: defaults });
    let (errors, warnings): (Vec<_>, Vec<_>) = parsed.problems.iter().partition(|problem| problem.level == Level::Error);
    let failures = |problems: Vec<&Problem>| problems.into_iter().map(|problem| failure(problem, &name, &text.text)).collect();
    if !errors.is_empty() {
        return Err(Failures(failures(errors)));
    }
    let warnings = failures(warnings);
    let source = source.into_inner() + defaults.unwrap_or_default();
    let origin = RuleOrigin::File(ArtifactPath::from_bytes(text.path.as_os_str().as_encoded_bytes()));
    Ok(Understood { config: parsed.value, source, origin, warnings })
}

impl Understood {
    /// The engine that runs it; what `ignored` names is reported as suppressed.
    pub(crate) fn into_engine(self, ignored: BTreeSet<String>, options: Options) -> GitleaksEngine {
        GitleaksEngine::new(self.config, ScanOptions::default(), &self.source, &self.origin, ignored, options)
    }
}

/// The lines of a folder's `.gitleaksignore`; none where there is no such file.
pub(crate) fn ignored(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    const MAX_IGNORE_FILE_BYTES: u64 = 16 << 20;
    let path = folder.join(IGNORE_FILE);
    if !path.is_file() {
        return Ok(BTreeSet::new());
    }
    let bytes = read_regular(&path, MAX_IGNORE_FILE_BYTES)?;
    let lines = String::from_utf8_lossy(&bytes);
    Ok(lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

fn failure(problem: &Problem, name: &str, content: &str) -> Failure {
    let place = &problem.place;
    // Only the text of the named file is at hand, not that of files which it extends.
    let content = if *place.file == *name { content } else { "" };
    let rule = problem.rule.as_ref().map_or(String::new(), |rule| format!("rule `{rule}`: "));
    Failure::bad_input("rule", text::harmless(&format!("{rule}{}", problem.message)))
        .at(Place::in_text(&place.file, content, place.line, place.column, 1))
        .with_help(text::harmless(&problem.help))
}
