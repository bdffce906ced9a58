//! `cargo xtask bench AREA`: an engine beside its peers, on the same trees, on the same machine, in the same run.

mod iac;
mod machine;
mod measure;
mod peers;
mod process;
mod sast;
mod secrets;
mod store;
mod table;
mod trees;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{arguments::Arguments, project::Project, step::say};

/// The page that `--markdown` writes into.
const PAGE: &str = "docs/benchmarks.md";
const USAGE: &str = "\
usage: cargo xtask bench secrets [OPTIONS] [DIR…]

  DIR…                    trees to scan (default: the sources of this project's dependencies)
  --gitleaks-config FILE  scan with these rules, too, and let gitleaks use them
  --bartizan FILE         a bartizan program (default: this checkout's, built for release)
  --gitleaks FILE         a gitleaks program (default: the pinned one, installed from PyPI)
  --kingfisher FILE       a kingfisher program (default: likewise)
  --runs N                how often each is measured (default: 3)
  --markdown              write the result into docs/benchmarks.md

usage: cargo xtask bench sast --rules DIR [OPTIONS] [LANGUAGE=DIR…]

  LANGUAGE=DIR…           trees to scan, of which the files of a language are taken: javascript (TypeScript, too), java, python, go
  --rules DIR             a checkout of semgrep/semgrep-rules; all use its rules of the language
  --bartizan FILE         a bartizan program (default: this checkout's, built for release)
  --parser FILE           the example `parse` of crates/syntax (default: likewise)
  --semgrep FILE          a semgrep program (default: the pinned one, installed from PyPI)
  --opengrep FILE         an opengrep program (default: likewise)
  --no-peers              measure bartizan alone
  --files N               the size of the generated tree on which the cache is measured (default: 10000; 0: none)
  --runs N                how often each is measured (default: 1)
  --markdown              write the result into docs/benchmarks.md

usage: cargo xtask bench iac [OPTIONS] DIR…

  DIR…                    trees of infrastructure code
  --bartizan FILE         a bartizan program (default: this checkout's, built for release)
  --checkov FILE          a checkov program (default: the pinned one, installed from PyPI)
  --trivy FILE            a trivy program (default: likewise)
  --no-peers              measure bartizan alone
  --runs N                how often each is measured (default: 3)
  --markdown              write the result into docs/benchmarks.md

usage: cargo xtask bench store [OPTIONS]

  --findings N            how many findings the report has (default: 1000000)
  --bartizan FILE         a bartizan program (default: this checkout's, built for release)
  --markdown              write the result into docs/benchmarks.md";

/// Measures, and prints tables.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    match arguments.next_word().as_deref() {
        Some("secrets") => secrets::run(project, arguments),
        Some("sast") => sast::run(project, arguments),
        Some("iac") => iac::run(project, arguments),
        Some("store") => store::run(project, arguments),
        _ => bail!("{USAGE}"),
    }
}

/// An option that names what must be there.
fn existing(arguments: &mut Arguments, name: &str) -> Result<Option<PathBuf>> {
    let Some(path) = arguments.option(name)? else { return Ok(None) };
    Ok(Some(fs::canonicalize(&path).with_context(|| format!("{name}: can't find {path}"))?))
}

/// How often each is measured.
fn n_runs(arguments: &mut Arguments, default: usize) -> Result<usize> {
    let Some(text) = arguments.option("--runs")? else { return Ok(default) };
    text.parse().ok().filter(|&n_runs| 0 < n_runs).with_context(|| format!("--runs: `{text}` is no number of runs"))
}

/// Prints what was measured in an area, and writes it into the page.
fn publish(project: &Project, area: &str, text: &str, is_markdown: bool) -> Result<()> {
    say(&format!("\n{text}"));
    if is_markdown {
        let page = table::replace(&project.read(PAGE)?, area, text).with_context(|| format!("{PAGE} has no marks to write between"))?;
        project.write(PAGE, &page)?;
        say(&format!("wrote {PAGE}"));
    }
    Ok(())
}
