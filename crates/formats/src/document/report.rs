//! A report as one document.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Component, Dependency, Finding, JSON_SCHEMA_ID, Rule,
    location::Location,
    scale::{Level, SkipReason},
};
use crate::{Context, place};

/// The result of a scan. The same files, rules and options give the same document, apart from the times.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report<'a> {
    /// The identifier of this schema.
    schema: &'static str,
    /// The version of the format; readers of version 1 understand every document whose version starts with `1.`.
    version: &'static str,
    /// Who made the report.
    tool: Tool<'a>,
    /// What was scanned; of an absolute path the last part.
    target: String,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
    /// Whether everything was analyzed that should have been. If not, `diagnostics` says what was not.
    is_complete: bool,
    /// How many findings there are.
    summary: Summary,
    /// How much was looked at.
    coverage: Coverage,
    /// Findings, suppressed ones included: by severity (worst first), rule, place.
    findings: Vec<Finding<'a>>,
    /// The rules of these findings, by id.
    rules: Vec<Rule<'a>>,
    /// What could not be analyzed, in order of place.
    diagnostics: Vec<Diagnostic<'a>>,
    /// Components, by package URL.
    components: Vec<Component<'a>>,
    /// Edges between them, in order.
    dependencies: Vec<Dependency<'a>>,
}

/// The program that made a report.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tool<'a> {
    /// Its name.
    name: &'a str,
    /// Its version, semantic.
    version: &'a str,
}

/// The circumstances of a scan, as far as they were told.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Circumstances<'a> {
    /// When the scan started, as RFC 3339 writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<String>,
    /// The commit that was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
}

/// How many findings there are.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Summary {
    /// Findings that ask for action.
    open: usize,
    /// Places in which open findings stand.
    open_occurrences: usize,
    /// Open findings that are new compared with the baseline; absent if none was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_new: Option<usize>,
    /// Findings that somebody decided not to act on.
    suppressed: usize,
    /// Open findings of each severity.
    open_by_severity: BySeverity,
}

/// A number for each severity.
#[derive(Debug, Serialize, JsonSchema)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

/// How much was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Coverage {
    /// Files and archive entries that at least one engine analyzed.
    files: u64,
    /// Their size in bytes.
    bytes: u64,
    /// Files that no engine looked into, by reason.
    skipped: Vec<Skipped>,
}

/// Files that no engine looked into for one reason.
#[derive(Debug, Serialize, JsonSchema)]
struct Skipped {
    /// The reason.
    reason: SkipReason,
    /// How many.
    files: u64,
}

/// Something that could not be analyzed, or that somebody should know about the analysis.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Diagnostic<'a> {
    /// What kind: a stable name in kebab-case.
    kind: &'static str,
    /// What it means for the result.
    level: Level,
    /// What happened, in one line.
    reason: &'a str,
    /// Where; absent if it concerns the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    /// The limit that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit<'a>>,
    /// What to do about it; empty if there is nothing to do.
    help: &'a str,
}

/// A named limit and its value.
#[derive(Debug, Serialize, JsonSchema)]
struct Limit<'a> {
    /// Its name.
    name: &'a str,
    /// Its value, in the unit that the name ends in.
    value: u64,
}

impl<'a> Report<'a> {
    /// A report as one document.
    pub(crate) fn new(report: &'a bartizan_core::Report, context: &'a Context) -> Self {
        Self {
            schema: JSON_SCHEMA_ID,
            version: FORMAT_VERSION,
            tool: (&report.tool).into(),
            target: place::title(report),
            circumstances: context.into(),
            is_complete: !report.is_incomplete(),
            summary: report.into(),
            coverage: (&report.coverage).into(),
            findings: report.findings.iter().map(Finding::from).collect(),
            rules: report.rules.iter().map(Rule::from).collect(),
            diagnostics: report.diagnostics.iter().map(Diagnostic::from).collect(),
            components: report.components.iter().map(Component::from).collect(),
            dependencies: report.dependencies.iter().map(Dependency::from).collect(),
        }
    }
}

/// The version of the format. The second number counts additions.
pub(crate) const FORMAT_VERSION: &str = "1.0";

impl<'a> From<&'a bartizan_core::Tool> for Tool<'a> {
    fn from(tool: &'a bartizan_core::Tool) -> Self {
        Self { name: &tool.name, version: &tool.version }
    }
}

impl<'a> From<&'a Context> for Circumstances<'a> {
    fn from(context: &'a Context) -> Self {
        Self {
            started: context.started.map(|moment| moment.to_string()),
            finished: context.finished.map(|moment| moment.to_string()),
            revision: context.revision.as_deref(),
        }
    }
}

impl From<&bartizan_core::Report> for Summary {
    fn from(report: &bartizan_core::Report) -> Self {
        use bartizan_core::Severity;
        let summary = crate::Summary::of(report);
        let open = |severity| summary.open.of(severity);
        Self {
            open: summary.open.total(),
            open_occurrences: summary.n_occurrences,
            open_new: summary.n_new,
            suppressed: summary.n_suppressed,
            open_by_severity: BySeverity {
                critical: open(Severity::Critical),
                high: open(Severity::High),
                medium: open(Severity::Medium),
                low: open(Severity::Low),
                info: open(Severity::Info),
            },
        }
    }
}

impl From<&bartizan_core::Coverage> for Coverage {
    fn from(coverage: &bartizan_core::Coverage) -> Self {
        let skipped = coverage.skipped.iter().map(|&(reason, files)| Skipped { reason: reason.into(), files });
        Self { files: coverage.n_files, bytes: coverage.n_bytes, skipped: skipped.collect() }
    }
}

impl<'a> From<&'a bartizan_core::Diagnostic> for Diagnostic<'a> {
    fn from(diagnostic: &'a bartizan_core::Diagnostic) -> Self {
        Self {
            kind: diagnostic.kind.as_str(),
            level: diagnostic.level.into(),
            reason: &diagnostic.reason,
            location: diagnostic.location.as_ref().map(Location::from),
            limit: diagnostic.limit.as_ref().map(|limit| Limit { name: &limit.name, value: limit.value }),
            help: &diagnostic.help,
        }
    }
}
