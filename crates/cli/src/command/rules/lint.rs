//! `bartizan rules lint`: everything that is wrong with rule files, at once.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use serde::Serialize;

use crate::{
    args::{Global, ListFormat},
    catalog,
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    gitleaks_rules, iac_policies,
    output::{print, print_error},
    rule_files::{self, Dialect, RuleFiles, RuleText},
    sast_rules,
    terminal::Terminal,
    text::{self, count, to_u64},
};

/// Check rule files: everything that is wrong with them, with its place
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Rule files, or folders of them
    #[arg(value_name = "FILE|DIR", required = true, value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// What was found.
#[derive(Default)]
struct Checked {
    n_rules: usize,
    n_files: usize,
    errors: Vec<Failure>,
    warnings: Vec<Failure>,
    /// Files among rules that hold none.
    others: Vec<PathBuf>,
}

/// Checks the files.
pub(super) fn run(args: &LintArgs, global: Global) -> Outcome<Exit> {
    let checked = Checked::of(&args.paths);
    match args.format {
        ListFormat::Table => checked.print_table(global),
        ListFormat::Json => checked.print_json(),
    }
}

impl Checked {
    fn of(paths: &[PathBuf]) -> Self {
        match rule_files::read(paths) {
            Ok(RuleFiles { texts, others, data: _ }) => {
                let mut checked = Self { n_files: texts.len(), others, ..Self::default() };
                for text in &texts {
                    checked.add(text);
                }
                checked
            }
            Err(Failures(errors)) => Self { errors, ..Self::default() },
        }
    }

    fn add(&mut self, text: &RuleText) {
        if text.dialect == Dialect::Gitleaks
            && let Ok(understood) = gitleaks_rules::understand(text, None)
        {
            self.warnings.extend(understood.warnings);
        }
        if text.dialect == Dialect::Semgrep {
            let problems = sast_rules::understand(text).problems;
            let warnings = problems.iter().filter(|problem| !problem.is_error());
            self.warnings.extend(warnings.map(|problem| sast_rules::failure(problem, text)));
        }
        if text.dialect == Dialect::Rego
            && let Err(failure) = iac_policies::check_module(text)
        {
            self.errors.push(failure);
            return;
        }
        match catalog::entries_of(text) {
            Ok(entries) => self.n_rules += entries.len(),
            Err(Failures(found)) => self.errors.extend(found),
        }
    }

    fn print_table(self, global: Global) -> Outcome<Exit> {
        let stderr = Terminal::stderr(global.color);
        if global.verbose {
            for other in &self.others {
                print_error(&format!("note: `{}` lies among rules and holds none\n", text::path(other)));
            }
        }
        for warning in &self.warnings {
            print_error(&(warning.render_warning(stderr) + "\n"));
        }
        if !self.errors.is_empty() {
            return Err(Failures(self.errors));
        }
        if !global.quiet {
            let n_warnings = to_u64(self.warnings.len());
            let verdict = if n_warnings == 0 { "nothing wrong".to_owned() } else { count(n_warnings, "warning") };
            print(&format!("{} in {}: {verdict}\n", count(to_u64(self.n_rules), "rule"), count(to_u64(self.n_files), "file")))?;
        }
        Ok(Exit::Success)
    }

    fn print_json(&self) -> Outcome<Exit> {
        let errors = self.errors.iter().map(|failure| ProblemJson::new("error", failure));
        let warnings = self.warnings.iter().map(|failure| ProblemJson::new("warning", failure));
        let mut problems: Vec<_> = errors.chain(warnings).collect();
        problems.sort();
        let others = self.others.iter().map(|path| text::path(path)).collect();
        let report = Report {
            n_rules: self.n_rules,
            n_files: self.n_files,
            n_errors: self.errors.len(),
            n_warnings: self.warnings.len(),
            problems,
            others,
        };
        print(&(serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"))?;
        Ok(self.errors.first().map_or(Exit::Success, |failure| failure.exit))
    }
}

/// The JSON of `rules lint`; keys are added, never renamed.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// Rules that can be used.
    n_rules: usize,
    /// Files with rules.
    n_files: usize,
    n_errors: usize,
    n_warnings: usize,
    /// What is wrong, by place.
    problems: Vec<ProblemJson<'a>>,
    /// Files that lie among rules and hold none.
    others: Vec<String>,
}

/// One thing that is wrong. Fields are in the order that problems are sorted by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct ProblemJson<'a> {
    /// The file, as the caller named it; nothing where it is named in the message alone.
    file: Option<&'a str>,
    /// From 1; nothing where it is about a file as a whole.
    line: Option<u32>,
    column: Option<u32>,
    /// `error`: the rule, or the file, can't be used. `warning`: something in it has no effect.
    level: &'static str,
    /// What kind of problem, as the table shows it in brackets.
    kind: &'static str,
    message: &'a str,
    /// What to do; may be empty.
    help: &'a str,
}

impl<'a> ProblemJson<'a> {
    fn new(level: &'static str, failure: &'a Failure) -> Self {
        let place = failure.place.as_deref();
        let position = place.and_then(|place| place.position);
        Self {
            file: place.map(|place| place.file.as_str()),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            level,
            kind: failure.kind,
            message: &failure.message,
            help: &failure.help,
        }
    }
}
