//! A finding as gitleaks has it.

use std::{ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

/// A finding in gitleaks' own terms, with its lines and columns.
///
/// The secret is in the clear: this is for comparisons and for gitleaks' own report format.
#[derive(Clone, PartialEq)]
pub struct Leak {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's description.
    pub description: Arc<str>,
    /// The file's path.
    pub file: String,
    /// First line, from 1; 0 if the path alone was matched.
    pub start_line: usize,
    /// Last line.
    pub end_line: usize,
    /// First column in bytes, from 1; one too high on all but the first line of a fragment.
    pub start_column: usize,
    /// Last column in bytes.
    pub end_column: usize,
    /// What the expression matched.
    pub matched: String,
    /// The part of it that is the secret.
    pub secret: String,
    /// The secret's entropy in bits.
    pub entropy: f32,
    /// The rule's tags, and how the match was decoded.
    pub tags: Vec<String>,
    /// Where the match is in the bytes of the file; nothing if the path alone was matched.
    pub range: Option<Range<usize>>,
    /// Whether `gitleaks:allow` stands in its line: gitleaks does not report it.
    pub is_marked: bool,
}

impl Leak {
    /// The line of `.gitleaksignore` that names it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{}:{}:{}", self.file, self.rule, self.start_line)
    }
}

/// Without secrets.
impl std::fmt::Debug for Leak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Leak({}:{}-{})", self.fingerprint(), self.start_column, self.end_column)
    }
}

/// A finding in gitleaks' JSON report, which is also its baseline.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Entry {
    #[serde(rename = "RuleID")]
    pub(super) rule: String,
    pub(super) description: String,
    pub(super) start_line: i64,
    pub(super) end_line: i64,
    pub(super) start_column: i64,
    pub(super) end_column: i64,
    pub(super) r#match: String,
    pub(super) secret: String,
    pub(super) file: String,
    pub(super) symlink_file: String,
    pub(super) commit: String,
    pub(super) entropy: f32,
    pub(super) author: String,
    pub(super) email: String,
    pub(super) date: String,
    pub(super) message: String,
    pub(super) tags: Option<Vec<String>>,
    pub(super) fingerprint: String,
}

impl Default for Entry {
    fn default() -> Self {
        let none = String::new;
        Self {
            rule: none(),
            description: none(),
            start_line: 0,
            end_line: 0,
            start_column: 0,
            end_column: 0,
            r#match: none(),
            secret: none(),
            file: none(),
            symlink_file: none(),
            commit: none(),
            entropy: 0.0,
            author: none(),
            email: none(),
            date: none(),
            message: none(),
            tags: None,
            fingerprint: none(),
        }
    }
}

impl From<&Leak> for Entry {
    fn from(leak: &Leak) -> Self {
        let signed = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            rule: leak.rule.to_string(),
            description: leak.description.to_string(),
            start_line: signed(leak.start_line),
            end_line: signed(leak.end_line),
            start_column: signed(leak.start_column),
            end_column: signed(leak.end_column),
            r#match: leak.matched.clone(),
            secret: leak.secret.clone(),
            file: leak.file.clone(),
            entropy: leak.entropy,
            tags: Some(leak.tags.clone()),
            fingerprint: leak.fingerprint(),
            ..Self::default()
        }
    }
}

/// gitleaks' JSON report. Marked findings are left out, as gitleaks does.
#[must_use]
pub fn to_json(leaks: &[Leak]) -> String {
    let entries: Vec<Entry> = leaks.iter().filter(|leak| !leak.is_marked).map(Entry::from).collect();
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, serde_json::ser::PrettyFormatter::with_indent(b" "));
    if entries.serialize(&mut serializer).is_err() {
        return "[]\n".to_owned();
    }
    let mut json = String::from_utf8(json).unwrap_or_default();
    json.push('\n');
    json
}
