//! `bartizan scan`: one pass over a project, its reports, and the exit code.

pub(crate) mod destination;

use std::{
    path::PathBuf,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use bartizan_core::{Level, Severity};
use bartizan_formats::{Context, Occurrences, Timestamp};
use clap::{Args, ValueHint};

use crate::{
    args::{EngineArgs, Global, InputArgs, PolicyArgs, RunArgs, severity},
    exit::Exit,
    failure::{Failures, Outcome},
    identity::KeyOrigin,
    output::print_error,
    session::{self, Session},
    table::{self, TableOptions},
    terminal::Terminal,
    text::{count, to_u64},
};
use destination::{Format, Look, NamedReport};

const EXAMPLES: &str = "\
Examples:
  bartizan scan                                     scan this folder
  bartizan scan --fail-on high --strict             a check for CI
  bartizan scan --since origin/main --fail-on high  what a change adds
  bartizan scan --staged --fail-on medium           a hook before a commit
  bartizan scan --report sarif=out.sarif --report html=out.html
  git diff | bartizan scan --stdin-name change.patch
  bartizan scan --rules .gitleaks.toml --format json -o report.json";

/// Scan a folder, a file, an archive, a change or standard input
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) engines: EngineArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Findings that this baseline holds are known: they are shown as suppressed and don't count
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Policy")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// What comes of it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = destination::format())]
    pub(crate) format: Format,
    /// Write the report into a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Write one more report: sarif=out.sarif (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = destination::named_report)]
    pub(crate) report: Vec<NamedReport>,
    /// In SARIF and GitLab reports, give each place of a finding an entry of its own
    #[arg(long)]
    pub(crate) every_place: bool,
    /// Exit with 1 if there are open findings of this severity or a higher one
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) fail_on: Option<Severity>,
    /// Exit with 3 if something was not analyzed
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show suppressed findings in the table, too
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// Show secret values: on a terminal, or in a file that only you can read (mode 0600)
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

impl OutputArgs {
    /// What exporters are told of the circumstances.
    fn context(&self, started: SystemTime) -> Context {
        let moment = |time: SystemTime| {
            let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
            Some(Timestamp::of_unix_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)))
        };
        let occurrences = if self.every_place { Occurrences::Separate } else { Occurrences::Related };
        Context { started: moment(started), finished: moment(SystemTime::now()), revision: None, occurrences }
    }
}

/// Scans, writes every report, and says how it ended.
pub(crate) fn run(args: &ScanArgs, global: Global) -> Outcome<Exit> {
    let (start, started) = (Instant::now(), SystemTime::now());
    let (stdout, stderr) = (Terminal::stdout(global.color), Terminal::stderr(global.color));

    // What can't be written is refused before anything is read.
    let shows_secrets = args.output.show_secrets;
    let destinations = destination::plan(args.output.format, args.output.output.as_ref(), &args.output.report, shows_secrets, stdout)?;

    let baseline = args.baseline.as_deref().map(session::baseline).transpose()?;
    let identity = session::identity(baseline.as_ref(), args.baseline.as_ref())?;
    let outcome = Session {
        input: &args.input,
        engines: &args.engines,
        policy: &args.policy,
        run: &args.run,
        global,
        baseline: baseline.as_ref(),
        identity: &identity,
        fail_on: args.output.fail_on,
        keeps_secrets: shows_secrets,
    }
    .perform()?;

    // One report that can't be written does not keep the others back.
    let options =
        TableOptions { shows_suppressed: args.output.show_suppressed, shows_secrets, shows_notes: global.verbose, is_quiet: global.quiet };
    let look = Look { options, stdout, file: Terminal::file(global.color) };
    let context = args.output.context(started);
    let written = destinations.iter().map(|destination| destination.write(&outcome.report, &context, look));
    let failures: Vec<_> = written.filter_map(Result::err).collect();
    if !failures.is_empty() {
        return Err(Failures(failures));
    }

    let verdict = Verdict::of(&outcome, args.output.strict);
    if !global.quiet {
        let mut remarks = Vec::new();
        if args.output.output.is_some() || !matches!(args.output.format, Format::Table) {
            remarks.push(table::counts(&outcome.report));
        }
        remarks.extend(verdict.remarks());
        if let Some(n_fixed) = outcome.n_fixed.filter(|&n_fixed| 0 < n_fixed) {
            remarks.push(format!("{} of the baseline is gone; `bartizan baseline write` forgets it", count(to_u64(n_fixed), "finding")));
        }
        if let KeyOrigin::Ephemeral(why) = &identity.origin {
            remarks.push(format!("ids of secrets hold for this run alone: {why}"));
        }
        if global.verbose {
            remarks.push(format!("{} taken from the cache", count(to_u64(outcome.n_cached), "result")));
        }
        if global.verbose || stderr.is_terminal {
            remarks.push(format!("done in {:.2} s", start.elapsed().as_secs_f64()));
        }
        print_error(&remarks.iter().map(|remark| format!("bartizan: {remark}\n")).collect::<String>());
    }
    Ok(verdict.exit)
}

/// How a scan ended.
struct Verdict {
    exit: Exit,
    n_failing: usize,
    fail_on: Option<Severity>,
    n_gaps: usize,
}

impl Verdict {
    fn of(outcome: &bartizan_scan::Outcome, is_strict: bool) -> Self {
        let n_failing = outcome.failing().count();
        let is_gap = |level| Level::Note < level;
        let n_gaps = if is_strict { outcome.report.diagnostics.iter().filter(|diagnostic| is_gap(diagnostic.level)).count() } else { 0 };
        let exit = match (n_failing, n_gaps) {
            (1.., _) => Exit::Findings,
            (0, 1..) => Exit::Incomplete,
            (0, 0) => Exit::Success,
        };
        Self { exit, n_failing, fail_on: outcome.fail_on, n_gaps }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some(threshold) = self.fail_on.filter(|_| 0 < self.n_failing) {
            remarks.push(format!("failed: {} at or over {threshold}", count(to_u64(self.n_failing), "finding")));
        }
        if 0 < self.n_gaps {
            remarks.push(format!("incomplete: {} of the analysis (--strict)", count(to_u64(self.n_gaps), "problem")));
        }
        remarks
    }
}
