//! `bartizan rules explain`: why a rule for code reports a line, or does not.

mod page;

use std::{path::PathBuf, str::FromStr};

use bartizan_sast::{explain, rule::SastRule};
use clap::{Args, ValueHint};

use crate::{
    args::{Global, ListFormat},
    exit::Exit,
    failure::{Failure, Outcome},
    output::print,
    sast_rules, session, source_texts,
    terminal::Terminal,
    threads,
};

const EXAMPLES: &str = "\
Examples:
  bartizan rules explain python-sql-injection src/app.py:42
  bartizan rules explain no-eval src/app.py:7 --rules my-rules/
  bartizan rules explain no-eval src/app.py:7 --rules my-rules/ --format json";

/// Say why a rule for code reports a line, or does not: what each clause matches, and how far data comes
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExplainArgs {
    /// Id of a rule for code
    #[arg(value_name = "RULE")]
    rule: String,
    /// The line
    #[arg(value_name = "FILE:LINE", value_hint = ValueHint::FilePath)]
    at: FileLine,
    /// Look among these rules first (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// A line of a file, as `FILE:LINE`.
#[derive(Debug, Clone)]
struct FileLine {
    file: PathBuf,
    line: u32,
}

impl FromStr for FileLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it like `src/app.py:42`".to_owned();
        let (file, line) = text.rsplit_once(':').filter(|(file, _)| !file.is_empty()).ok_or_else(wrong)?;
        Ok(Self { file: file.into(), line: line.parse().map_err(|_| wrong())? })
    }
}

impl ExplainArgs {
    /// The rule, among those of the caller and the built-in ones.
    fn rule_among(&self, own: Vec<SastRule>) -> Outcome<SastRule> {
        let is_named = |rule: &SastRule| rule.id.as_str() == self.rule;
        let rules: Vec<SastRule> =
            if own.iter().any(is_named) { own } else { own.into_iter().chain(bartizan_sast::built_in().cloned()).collect() };
        let is_for_credentials = || bartizan_secrets::rule::built_in().iter().any(|rule| rule.id().as_str() == self.rule);
        if !rules.iter().any(is_named) && is_for_credentials() {
            let failure = Failure::bad_input("unknown-rule", format!("`{}` is a rule for credentials, not for code", self.rule));
            return Err(failure.with_help(format!("`bartizan explain {}` says what it finds", self.rule)).into());
        }
        sast_rules::find(&rules, &self.rule).cloned()
    }
}

/// Explains the line.
pub(super) fn run(args: &ExplainArgs, global: Global) -> Outcome<Exit> {
    let own = if args.rules.is_empty() { Vec::new() } else { sast_rules::load(&args.rules)? };
    let rule = args.rule_among(own)?;
    let source = source_texts::read_file(&args.at.file)?;
    let explained = threads::on_large_stack(|| explain::explain(&rule, &bartizan_sast::models(), &source, args.at.line, session::now_s()));
    print(&match args.format {
        ListFormat::Table => page::of(&explained, &source, global, Terminal::stdout(global.color)),
        ListFormat::Json => serde_json::to_string_pretty(&explained).unwrap_or_default() + "\n",
    })?;
    Ok(Exit::Success)
}
