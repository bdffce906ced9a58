//! A rule as it stands in its file; `docs/secret-rules.md` explains each key.

use serde::{Deserialize, Serialize};

/// A rule as it stands in its file, before anything in it is checked beyond its type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RuleFile {
    /// Lower-case words joined by hyphens.
    pub id: String,
    /// The credential in the issuer's own words.
    pub title: String,
    /// Who issues it.
    pub provider: String,
    /// What its finder can do with it.
    pub severity: String,
    /// Weaknesses by number.
    pub cwe: Vec<String>,
    /// What an attacker gains.
    pub why: String,
    /// Where and how to revoke it.
    pub revoke: String,
    /// Pages of the issuer.
    pub references: Vec<String>,
    /// Of these at least one occurs in every match.
    pub keywords: Vec<String>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// A name and a value.
    pub assignment: Option<AssignmentFile>,
    /// Globs over the file's path.
    pub path: Vec<String>,
    /// The name of a detector that is written in code.
    pub detector: Option<String>,
    /// What may stand beside a match.
    pub boundary: BoundaryFile,
    /// The least Shannon entropy, in bits per byte.
    pub entropy: Option<f64>,
    /// The name of an offline proof.
    pub proof: Option<String>,
    /// Values that are never reported, as regular expressions.
    pub allow: Vec<String>,
    /// Texts in which the rule must report.
    pub bad: Vec<String>,
    /// Texts in which the rule must not report.
    pub good: Vec<String>,
}

/// What is assigned to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AssignmentFile {
    /// Of these one must stand in the assigned name, or in the key that encloses it.
    pub name: Vec<String>,
    /// If not empty, of these one must stand in the assigned name, too.
    #[serde(default)]
    pub also: Vec<String>,
    /// A regular expression for the whole value.
    pub value: String,
}

/// What may stand beside a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoundaryFile {
    /// The match is not part of a longer word.
    #[default]
    Token,
    /// The pattern says it all.
    None,
}
