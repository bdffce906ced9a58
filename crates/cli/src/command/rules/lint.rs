//! `bartizan rules lint`: everything that is wrong with rule files, at once.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::{
    args::Global,
    catalog,
    exit::Exit,
    failure::{Failures, Outcome},
    gitleaks_rules,
    output::{print, print_error},
    rule_files::{self, Dialect, RuleFiles},
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
}

/// Checks the files.
pub(super) fn run(args: &LintArgs, global: Global) -> Outcome<Exit> {
    let RuleFiles { texts, others } = rule_files::read(&args.paths)?;
    let (mut failures, mut warnings) = (Vec::new(), Vec::new());
    let mut n_rules = 0;
    for text in &texts {
        if text.dialect == Dialect::Gitleaks
            && let Ok(understood) = gitleaks_rules::understand(text, None)
        {
            warnings.extend(understood.warnings);
        }
        if text.dialect == Dialect::Semgrep {
            let problems = sast_rules::understand(text).problems;
            warnings.extend(problems.iter().filter(|problem| !problem.is_error()).map(|problem| sast_rules::failure(problem, text)));
        }
        match catalog::entries_of(text) {
            Ok(entries) => n_rules += entries.len(),
            Err(Failures(found)) => failures.extend(found),
        }
    }
    let stderr = Terminal::stderr(global.color);
    if global.verbose {
        for other in &others {
            print_error(&format!("note: `{}` lies among rules and holds none\n", text::path(other)));
        }
    }
    for warning in &warnings {
        print_error(&(warning.render_warning(stderr) + "\n"));
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    if !global.quiet {
        let verdict = if warnings.is_empty() { "nothing wrong".to_owned() } else { count(to_u64(warnings.len()), "warning") };
        print(&format!("{} in {}: {verdict}\n", count(to_u64(n_rules), "rule"), count(to_u64(texts.len()), "file")))?;
    }
    Ok(Exit::Success)
}
