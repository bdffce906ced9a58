//! Runs every contestant in turn, several times, and measures what it costs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use serde_json::Value;

use super::process;
use crate::{cargo::is_there, project::Project, step::say};

/// A program, and how it is asked to scan a tree.
pub(super) struct Contestant {
    pub(super) name: String,
    program: PathBuf,
    arguments: fn(&Self, tree: &Path, report: &Path) -> Vec<String>,
    /// A configuration or word list that the arguments name.
    input: Option<PathBuf>,
    variables: Vec<(&'static str, PathBuf)>,
    n_findings: fn(&Value) -> Option<usize>,
}

/// What one contestant costs on one tree.
#[derive(Debug)]
pub(super) struct Measurement {
    pub(super) name: String,
    /// User and system time of each run, in seconds.
    pub(super) cpu: Vec<f64>,
    /// Wall-clock time of each run, in seconds.
    pub(super) wall: Vec<f64>,
    /// What it found, if it says so.
    pub(super) n_findings: Option<usize>,
}

impl Contestant {
    /// This project's program, with its own rules or with others alone beside them.
    pub(super) fn bartizan(name: &str, program: &Path, config: Option<&PathBuf>) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: |this, tree, report| {
                let mut arguments = words(&["scan", "--quiet", "--no-cache", "--no-ignore", "--only", "secrets", "--format", "json", "-o"]);
                arguments.extend([shown(report), shown(tree)]);
                arguments.extend(this.input.iter().flat_map(|config| ["--rules".to_owned(), shown(config)]));
                arguments
            },
            input: config.cloned(),
            variables: Vec::new(),
            n_findings: |report| report.get("findings")?.as_array().map(Vec::len),
        }
    }

    /// gitleaks, on the tree as it lies there.
    pub(super) fn gitleaks(program: &Path, config: Option<&Path>) -> Self {
        Self {
            name: "gitleaks 8.30.1".to_owned(),
            program: program.to_owned(),
            arguments: |this, tree, report| {
                let mut arguments =
                    words(&["dir", "--no-banner", "--log-level", "error", "--exit-code", "0", "--report-format", "json", "--report-path"]);
                arguments.extend([shown(report), shown(tree)]);
                arguments.extend(this.input.iter().flat_map(|config| ["--config".to_owned(), shown(config)]));
                arguments
            },
            input: config.map(Path::to_owned),
            variables: Vec::new(),
            n_findings: |report| report.as_array().map(Vec::len),
        }
    }

    /// kingfisher, without asking any network.
    pub(super) fn kingfisher(program: &Path, rule_cache: &Path) -> Self {
        Self {
            name: "kingfisher 2.14.0".to_owned(),
            program: program.to_owned(),
            arguments: |_, tree, report| {
                let mut arguments = words(&["--no-update-check", "--quiet", "scan", "--no-validate", "--format", "json", "--output"]);
                arguments.extend([shown(report), shown(tree)]);
                arguments
            },
            input: None,
            variables: vec![("KF_RULE_CACHE_DIR", rule_cache.to_owned())],
            n_findings: |report| report.get("findings")?.as_array().map(Vec::len),
        }
    }

    /// ripgrep with the keywords of our rules: the least that any scanner with these keywords has to do.
    pub(super) fn ripgrep(project: &Project) -> Option<Self> {
        if !is_there("rg", &["--version"]) {
            return None;
        }
        let list = project.cache.join("bench/keywords.txt");
        fs::write(&list, keywords(project).join("\n") + "\n").ok()?;
        Some(Self {
            name: "rg -F -i -c, our keywords".to_owned(),
            program: "rg".into(),
            arguments: |this, tree, _| {
                let mut arguments = words(&["--no-config", "--hidden", "--no-ignore", "-F", "-i", "-c"]);
                arguments.extend(this.input.iter().flat_map(|list| ["-f".to_owned(), shown(list)]));
                arguments.push(shown(tree));
                arguments
            },
            input: Some(list),
            variables: Vec::new(),
            n_findings: |_| None,
        })
    }

    fn run(&self, tree: &Path, report: &Path) -> Result<(f64, f64)> {
        let arguments = (self.arguments)(self, tree, report);
        let cost = process::run(&self.program, &arguments, &self.variables, &report.with_extension("log"))?;
        // Findings are no failure: every peer has codes of its own for them.
        if 100 < cost.code && !(200..=205).contains(&cost.code) {
            bail!("{} failed with {}: {}", self.name, cost.code, cost.errors);
        }
        Ok((cost.cpu_s, cost.wall_s))
    }
}

/// Measures all contestants, each once in each round, so that what the machine does meanwhile hits all of them alike.
pub(super) fn measure(contestants: &[Contestant], tree: &Path, work: &Path, n_runs: usize) -> Result<Vec<Measurement>> {
    let mut results: Vec<Measurement> = contestants
        .iter()
        .map(|contestant| Measurement { name: contestant.name.clone(), cpu: Vec::new(), wall: Vec::new(), n_findings: None })
        .collect();
    // Round 0 fills the page cache, and the peers' own caches; it does not count.
    for round in 0..=n_runs {
        for (index, (contestant, result)) in contestants.iter().zip(&mut results).enumerate() {
            let report = work.join(format!("{index}.json"));
            let _ = fs::remove_file(&report);
            let (cpu, wall) = contestant.run(tree, &report)?;
            if round == 0 {
                continue;
            }
            say(&format!("  round {round}: {:28} {cpu:8.2} s CPU {wall:8.2} s", contestant.name));
            result.cpu.push(cpu);
            result.wall.push(wall);
            result.n_findings = n_findings(contestant, &report);
        }
    }
    Ok(results)
}

fn n_findings(contestant: &Contestant, report: &Path) -> Option<usize> {
    let text = fs::read_to_string(report).ok()?;
    // Some reports are one JSON text, some hold one a line.
    let whole = serde_json::from_str::<Value>(&text).ok();
    let first = whole.or_else(|| serde_json::from_str(text.lines().next()?).ok())?;
    (contestant.n_findings)(&first)
}

/// The keywords and names of all rules, as their files list them.
fn keywords(project: &Project) -> Vec<String> {
    let mut words = Vec::new();
    let mut folders = vec![project.root.join("rules/secrets")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(rule) = fs::read_to_string(&path) {
                words.extend(keywords_of(&rule));
            }
        }
    }
    words.sort();
    words.dedup();
    words
}

/// The items of `keywords: […]` and `name: […]` in a rule file, in which they stand on one line.
fn keywords_of(rule: &str) -> Vec<String> {
    let list = |line: &str| {
        let items = ["keywords:", "name:"].iter().find_map(|key| line.trim_start().strip_prefix(key))?;
        Some(items.trim().strip_prefix('[')?.strip_suffix(']')?.to_owned())
    };
    let items = rule.lines().filter_map(list).flat_map(|items| items.split(", ").map(str::to_owned).collect::<Vec<_>>());
    items.map(|item| item.trim_matches(['\'', '"', ' ']).to_ascii_lowercase()).filter(|item| 3 <= item.len()).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_read_from_rules() {
        assert_eq!(keywords_of("id: a\nkeywords: [GHP_, 'b c:']\nassignment:\n  name: [twilio]\n"), ["ghp_", "b c:", "twilio"]);
    }
}
