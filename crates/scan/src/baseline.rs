//! Baselines: the findings that were there when somebody started to look, so that new ones stand out.
//!
//! A baseline is a JSON file that is made to be committed: sorted, one finding a line, without a secret. It carries the key
//! under which its fingerprints were made, because those of secrets depend on it: a scan against a baseline uses its key.
//! The key is a salt rather than a secret; whoever has it can test guesses of weak passwords against the fingerprints.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{Finding, Fingerprint, IdentityKey, Report, RuleId, SuppressionKind};
use serde::{Deserialize, Serialize};

/// The findings of an earlier scan.
///
/// ```
/// use bartizan_core::{IdentityKey, Report};
/// use bartizan_scan::Baseline;
///
/// let baseline = Baseline::of(&Report::default(), &IdentityKey::new([7; 32]));
/// let read = Baseline::read(baseline.to_json().as_bytes())?;
/// assert_eq!(read.key().expose(), &[7; 32]);
/// assert!(read.is_empty());
/// # Ok::<(), bartizan_scan::BaselineError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Baseline {
    key: IdentityKey,
    entries: BTreeMap<Fingerprint, Entry>,
}

/// What people want to know of a finding in a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    rule: RuleId,
    path: String,
    line: Option<u32>,
}

impl Baseline {
    /// The largest file that is read, in bytes.
    pub const MAX_BYTES: usize = 256 << 20;

    const VERSION: u32 = 1;

    /// A baseline of the findings that ask for action, and of those that do not because an older baseline holds them.
    #[must_use]
    pub fn of(report: &Report, key: &IdentityKey) -> Self {
        let is_kept =
            |finding: &&Finding| finding.suppression.as_ref().is_none_or(|suppression| suppression.kind == SuppressionKind::Baseline);
        let entries = report.findings.iter().filter(is_kept).map(|finding| {
            let line = finding.location.region().map(|region| region.start.line);
            (finding.fingerprint, Entry { rule: finding.rule.clone(), path: finding.location.artifact.to_string(), line })
        });
        Self { key: key.clone(), entries: entries.collect() }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no baseline of a version that this program knows. It is not used in part: that would bring old findings back.
    pub fn read(bytes: &[u8]) -> Result<Self, BaselineError> {
        if Self::MAX_BYTES < bytes.len() {
            return Err(BaselineError::TooLarge);
        }
        let Version { version } = serde_json::from_slice(bytes).map_err(|error| BaselineError::syntax(&error))?;
        if version != Self::VERSION {
            return Err(BaselineError::Version(version));
        }
        let file: File = serde_json::from_slice(bytes).map_err(|error| BaselineError::syntax(&error))?;
        let key = key_from_hex(&file.key).ok_or(BaselineError::Key)?;
        let mut entries = BTreeMap::new();
        for (index, line) in file.findings.into_iter().enumerate() {
            let invalid = |reason: String| BaselineError::Entry { number: index + 1, reason };
            let fingerprint: Fingerprint = line.fingerprint.parse().map_err(|error| invalid(format!("`fingerprint`: {error}")))?;
            let rule = line.rule.parse().map_err(|error| invalid(format!("`rule`: {error}")))?;
            entries.insert(fingerprint, Entry { rule, path: line.path, line: line.line });
        }
        Ok(Self { key, entries })
    }

    /// Writes the file: sorted by place, one finding a line, so that changes of it are easy to review.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut lines: Vec<Line> = self.entries.iter().map(|(fingerprint, entry)| Line::of(*fingerprint, entry)).collect();
        lines.sort();
        // Text and numbers always have a form in JSON.
        let lines: Vec<String> =
            lines.iter().filter_map(|line| serde_json::to_string(line).ok()).map(|line| format!("    {line}")).collect();
        let key: String = self.key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
        let findings = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
        format!("{{\n  \"version\": {},\n  \"key\": \"{key}\",\n  \"findings\": {findings}\n}}\n", Self::VERSION)
    }

    /// The key under which the fingerprints were made; a scan against this baseline makes its own under the same.
    #[must_use]
    pub const fn key(&self) -> &IdentityKey {
        &self.key
    }

    /// How many findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a finding was there.
    #[must_use]
    pub fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// How many findings of certain rules are no longer there.
    pub(crate) fn n_fixed(&self, found: &BTreeSet<Fingerprint>, is_judged: &dyn Fn(&RuleId) -> bool) -> usize {
        self.entries.iter().filter(|(fingerprint, entry)| !found.contains(fingerprint) && is_judged(&entry.rule)).count()
    }
}

/// Why a file is no baseline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is larger than [`Baseline::MAX_BYTES`].
    #[error("the file is larger than {} bytes (max-baseline-bytes); write a new baseline", Baseline::MAX_BYTES)]
    TooLarge,
    /// It is no JSON, or no JSON of this form.
    #[error("line {line}, column {column}: {reason}; `bartizan baseline write` makes such a file")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is of a version that this program does not know.
    #[error("the file is of version {0}, this program knows version {version}; use a newer program or write a new baseline", version = Baseline::VERSION)]
    Version(u32),
    /// Its key is none.
    #[error("`key` must be 64 hexadecimal digits; write a new baseline")]
    Key,
    /// A finding in it has no valid identity.
    #[error("finding {number}: {reason}; remove it or write a new baseline")]
    Entry {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl BaselineError {
    fn syntax(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Syntax { line: error.line(), column: error.column(), reason }
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: u32,
    key: String,
    findings: Vec<Line>,
}

/// One finding, in the order of its sorting.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    rule: String,
    fingerprint: String,
}

impl Line {
    fn of(fingerprint: Fingerprint, entry: &Entry) -> Self {
        Self { path: entry.path.clone(), line: entry.line, rule: entry.rule.to_string(), fingerprint: fingerprint.to_string() }
    }
}

fn key_from_hex(text: &str) -> Option<IdentityKey> {
    let (high, low) = text.split_at_checked(32).filter(|_| text.len() == 64)?;
    let (high, low): (Fingerprint, Fingerprint) = (high.parse().ok()?, low.parse().ok()?);
    let mut bytes = [0; 32];
    for (byte, value) in bytes.iter_mut().zip(high.0.into_iter().chain(low.0)) {
        *byte = value;
    }
    Some(IdentityKey::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
  "version": 1,
  "key": "0707070707070707070707070707070707070707070707070707070707070707",
  "findings": [
    {"path":"a.py","line":2,"rule":"r","fingerprint":"00000000000000000000000000000002"},
    {"path":"a.py","line":10,"rule":"r","fingerprint":"00000000000000000000000000000001"},
    {"path":"id_rsa","rule":"r","fingerprint":"00000000000000000000000000000003"}
  ]
}
"#;

    #[test]
    fn a_baseline_survives_being_written() {
        let baseline = Baseline::read(FILE.as_bytes()).unwrap();
        assert_eq!(baseline.len(), 3);
        assert!(baseline.contains(&"00000000000000000000000000000003".parse().unwrap()));
        assert_eq!(baseline.to_json(), FILE);
    }

    #[test]
    fn a_file_that_is_no_baseline_is_refused() {
        let cases = [
            ("", "line 1, column 0: EOF"),
            ("[]", "line 1, column 2: "),
            ("{\n  \"key\": 1}", "line 2, column 11: missing field `version`"),
            ("{\"version\": 2}", "the file is of version 2"),
            (&FILE.replace("\"path\"", "\"file\""), "line 5, column 11: unknown field `file`"),
            (&FILE.replace("07070707", "0707070"), "`key` must"),
            (&FILE.replace("0002\"", "000x\""), "finding 1: `fingerprint`: expected 32"),
            (&FILE.replace("\"r\"", "\"two words\""), "finding 1: `rule`: "),
        ];
        for (text, expected) in cases {
            let error = Baseline::read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}\n{error}");
        }
    }

    #[test]
    fn fixed_findings_are_counted_for_rules_that_ran() {
        let baseline = Baseline::read(FILE.as_bytes()).unwrap();
        let found = BTreeSet::from(["00000000000000000000000000000001".parse().unwrap()]);
        assert_eq!(baseline.n_fixed(&found, &|_| true), 2);
        assert_eq!(baseline.n_fixed(&found, &|_| false), 0);
    }
}
