//! What a rule says about itself beside what it looks for.

use bartizan_core::{Confidence, Cwe, StandardId};
use serde::{Deserialize, Serialize};

use super::{Example, Value};

/// The keys below `metadata` that mean something to us, and all of them as they stand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// `title`: what is wrong, in one line without a full stop.
    pub title: Option<String>,
    /// `why`: why it matters.
    pub why: Option<String>,
    /// `remediation`: how to fix it.
    pub remediation: Option<String>,
    /// `confidence`: how sure a finding is.
    pub confidence: Option<Confidence>,
    /// `cwe`: weaknesses, given as `CWE-89` with or without a title.
    pub cwe: Vec<Cwe>,
    /// `owasp`, `asvs`: requirements of standards.
    pub standards: Vec<StandardId>,
    /// `category`, `subcategory` and `technology`.
    pub tags: Vec<String>,
    /// `references`: pages to read on.
    pub references: Vec<String>,
    /// `examples`: code that the rule must report, or must not.
    pub examples: Vec<Example>,
    /// All keys as they stand, for reports in Semgrep's own format.
    pub raw: Vec<(String, Value)>,
}
