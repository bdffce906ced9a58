//! The programs that are measured, and how each is asked to scan.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use serde_json::Value;

use super::super::{
    process::{self, Cost},
    table::median,
};

/// A program with its arguments, but for the tree.
#[derive(Debug)]
pub(super) struct Scanner {
    program: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(&'static str, PathBuf)>,
    kind: Kind,
}

/// What a program writes, and how it says that all went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A report of ours; 0.
    Bartizan,
    /// A report of semgrep's; 0, or 1 if there are findings.
    Semgrep,
    /// None; 0.
    Parser,
}

/// What several runs cost.
#[derive(Debug, Default)]
pub(super) struct Costs {
    cpu_s: Vec<f64>,
    wall_s: Vec<f64>,
    peak_bytes: Option<u64>,
    /// How many findings there are.
    pub(super) n_findings: Option<usize>,
}

impl Costs {
    /// User and system time, in seconds: the median.
    pub(super) fn cpu_s(&self) -> f64 {
        median(&self.cpu_s)
    }

    /// Wall-clock time, in seconds: the median.
    pub(super) fn wall_s(&self) -> f64 {
        median(&self.wall_s)
    }

    /// The most memory that was held in any run, in MiB.
    pub(super) fn peak_mib(&self) -> Option<u64> {
        Some(self.peak_bytes?.div_ceil(1 << 20))
    }
}

impl Scanner {
    /// This project's program, with its own rules if no others are named.
    pub(super) fn bartizan(program: &Path, rules: &[PathBuf], more: &[&str], home: &Path) -> Self {
        // What no peer does is not measured: ignore files are not read, no configuration is looked for.
        let mut arguments = words(&["scan", "--quiet", "--no-ignore", "--no-repo-config", "--only", "sast", "--format", "json"]);
        arguments.extend(words(more));
        arguments.extend(rules.iter().flat_map(|rules| ["--rules".to_owned(), shown(rules)]));
        Self { program: program.to_owned(), arguments, variables: vec![("HOME", home.to_owned())], kind: Kind::Bartizan }
    }

    /// Semgrep, or what was made of it.
    pub(super) fn semgrep(program: &Path, rules: &[PathBuf], home: &Path) -> Self {
        let mut arguments = words(&["scan", "--quiet", "--no-git-ignore", "--json"]);
        arguments.extend(rules.iter().flat_map(|rules| ["--config".to_owned(), shown(rules)]));
        let variables = vec![
            ("HOME", home.to_owned()),
            ("SEMGREP_SEND_METRICS", "off".into()),
            ("SEMGREP_ENABLE_VERSION_CHECK", "0".into()),
            ("OPENGREP_ENABLE_VERSION_CHECK", "0".into()),
        ];
        Self { program: program.to_owned(), arguments, variables, kind: Kind::Semgrep }
    }

    /// The grammars alone: the example `parse` of `crates/syntax`.
    pub(super) fn parser(program: &Path) -> Self {
        Self { program: program.to_owned(), arguments: Vec::new(), variables: Vec::new(), kind: Kind::Parser }
    }

    /// Starts the program once, without anything to do.
    pub(super) fn warm_up(&self, work: &Path) -> Result<()> {
        match self.kind {
            Kind::Bartizan | Kind::Parser => Ok(()),
            Kind::Semgrep => {
                let cost = process::run(&self.program, &words(&["--version"]), &self.variables, &work.join("errors.log"))?;
                if cost.code != 0 {
                    bail!("it can't be started: {}", cost.errors.trim());
                }
                Ok(())
            }
        }
    }

    /// Scans a folder, and adds what it costs.
    pub(super) fn run(&self, folder: &Path, work: &Path, costs: &mut Costs) -> Result<Cost> {
        let report = work.join("report.json");
        let _ = fs::remove_file(&report);
        let mut arguments = self.arguments.clone();
        match self.kind {
            Kind::Bartizan | Kind::Semgrep => arguments.extend(["-o".to_owned(), shown(&report)]),
            Kind::Parser => {}
        }
        arguments.push(shown(folder));
        let cost = process::run(&self.program, &arguments, &self.variables, &work.join("errors.log"))?;
        let highest = match self.kind {
            Kind::Bartizan | Kind::Parser => 0,
            Kind::Semgrep => 1,
        };
        if highest < cost.code {
            let said = if cost.errors.trim().is_empty() { "nothing is said of why" } else { cost.errors.trim() };
            bail!("it ended with exit code {}: {said}", cost.code);
        }
        costs.cpu_s.push(cost.cpu_s);
        costs.wall_s.push(cost.wall_s);
        costs.peak_bytes = costs.peak_bytes.max(cost.peak_bytes);
        costs.n_findings = n_findings(self.kind, &report);
        Ok(cost)
    }
}

fn n_findings(kind: Kind, report: &Path) -> Option<usize> {
    let key = match kind {
        Kind::Bartizan => "findings",
        Kind::Semgrep => "results",
        Kind::Parser => return None,
    };
    let report: Value = serde_json::from_str(&fs::read_to_string(report).ok()?).ok()?;
    report.get(key)?.as_array().map(Vec::len)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
