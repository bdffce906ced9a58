//! `bartizan fix`: applies the fixes of findings, each looked at before it is written.

mod file;

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use bartizan_core::{ArtifactPath, Finding, Fix, FixSafety};
use clap::{Args, ValueHint};

use self::file::Root;
use crate::{
    args::{EngineArgs, Global, InputArgs, PolicyArgs, RunArgs},
    engines::Engines,
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    output::{print, print_error},
    session::{self, Session},
    suggestion::suggestion,
    table::place,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan fix --dry-run                show what would be changed
  bartizan fix src --rule no-eval       apply the fixes of one rule
  bartizan fix --unsafe --dry-run       fixes that somebody should look at, too

Exit codes:
  0  all fixes that were chosen are applied, or there is none
  1  some are not applied; each is named, with the reason";

/// Apply the fixes of findings: those that are gone afterwards, and leave the file as parseable as it was
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FixArgs {
    /// Folder or file whose findings are fixed
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    path: PathBuf,
    /// Fix findings of this rule alone (repeatable)
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// Write nothing: print what would be changed as a unified diff
    #[arg(long)]
    dry_run: bool,
    /// Apply fixes, too, that may change what correct code does
    #[arg(long = "unsafe")]
    is_unsafe: bool,
    #[command(flatten)]
    engines: EngineArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// A finding with the fix that is chosen for it.
type Candidate<'a> = (&'a Finding, &'a Fix);

/// Scans, fixes, and says what was not fixed.
pub(crate) fn run(args: &FixArgs, global: Global) -> Outcome<Exit> {
    // What is fixed is files on disk.
    if args.path.as_os_str() == "-" {
        return Err(Failure::bad_input("input", "standard input can't be fixed").with_help("name a file or a folder").into());
    }
    let root = Root::of(&args.path)?;
    let input = InputArgs {
        path: args.path.clone(),
        stdin_name: None,
        staged: false,
        since: None,
        no_ignore: false,
        platform: None,
        max_file_size: None,
    };
    let identity = session::identity(None, None)?;
    let session = Session {
        input: &input,
        engines: &args.engines,
        policy: &args.policy,
        run: &args.run,
        global,
        baseline: None,
        identity: &identity,
        fail_on: None,
        keeps_secrets: false,
    };
    let engines = session.engines()?;
    known_rules(&args.rule, &engines)?;
    let report = session.perform()?.report;

    // A suppressed finding is somebody's decision.
    let is_named = |finding: &&Finding| args.rule.is_empty() || args.rule.iter().any(|rule| rule == finding.rule.as_str());
    let mut by_file: BTreeMap<&ArtifactPath, Vec<Candidate<'_>>> = BTreeMap::new();
    let mut n_for_review = 0;
    for finding in report.open_findings().filter(is_named) {
        match finding.fixes.iter().find(|fix| args.is_unsafe || fix.safety == FixSafety::Safe) {
            Some(fix) => by_file.entry(&finding.location.artifact).or_default().push((finding, fix)),
            None => n_for_review += usize::from(!finding.fixes.is_empty()),
        }
    }

    let folder = session.folder().unwrap_or_default();
    let (mut n_applied, mut n_files, mut n_refused) = (0, 0, 0);
    let (mut diff, mut remarks, mut failures) = (String::new(), String::new(), Vec::new());
    for (path, candidates) in by_file {
        let fixed = match root.fix(path, &folder, &candidates, &engines.analyzers) {
            Ok(fixed) => fixed,
            Err(reason) => {
                n_refused += candidates.len();
                let _ = writeln!(remarks, "not fixed: {}: {reason}", text::harmless(&path.to_string()));
                continue;
            }
        };
        for (index, refusal) in &fixed.outcome.refused {
            let Some((finding, _)) = candidates.get(*index) else { continue };
            let _ = writeln!(remarks, "not fixed: {}: {}: {}", place(&finding.location), finding.rule, refusal.as_str());
        }
        n_refused += fixed.outcome.refused.len();
        if fixed.outcome.applied.is_empty() {
            continue;
        }
        if args.dry_run {
            diff.push_str(&fixed.diff(path));
        } else if let Err(failure) = fixed.write() {
            failures.push(failure);
            continue;
        }
        n_applied += fixed.outcome.applied.len();
        n_files += 1;
    }
    print(&diff)?;
    if !global.quiet {
        let verb = if args.dry_run { "would be fixed" } else { "fixed" };
        let _ = writeln!(remarks, "{} {verb} in {}", count(to_u64(n_applied), "finding"), count(to_u64(n_files), "file"));
        if 0 < n_for_review {
            let findings = count(to_u64(n_for_review), "more finding");
            let _ = writeln!(remarks, "{findings} with a fix that somebody should look at: --unsafe applies it");
        }
        print_error(&remarks.lines().map(|remark| format!("bartizan: {remark}\n")).collect::<String>());
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    Ok(if n_refused == 0 { Exit::Success } else { Exit::Findings })
}

/// Rules that were named must exist: a misspelt one would fix nothing, without a word.
fn known_rules(named: &[String], engines: &Engines) -> Outcome<()> {
    if named.is_empty() {
        return Ok(());
    }
    let rules: Vec<_> = engines.analyzers.iter().flat_map(|analyzer| analyzer.rules()).collect();
    let ids = || rules.iter().map(|rule| rule.id.as_str());
    let unknown = named.iter().filter(|id| ids().all(|known| known != id.as_str()));
    let failures: Vec<_> = unknown
        .map(|id| {
            let help = suggestion(id, ids()).unwrap_or_else(|| "`bartizan rules list` lists all rules".to_owned());
            Failure::bad_input("unknown-rule", format!("no rule is named `{}`", text::harmless(id))).with_help(help)
        })
        .collect();
    if failures.is_empty() { Ok(()) } else { Err(Failures(failures)) }
}
