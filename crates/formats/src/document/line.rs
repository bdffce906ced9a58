//! A report as one object a line.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Component, Dependency, Diagnostic, Finding, JSONL_SCHEMA_ID, Rule,
    report::{Circumstances, Coverage, FORMAT_VERSION, Summary, Tool},
};
use crate::{Context, place};

/// One line of a `jsonl` report.
///
/// The first line is the `header`; then come `rule`, `finding`, `diagnostic`, `component` and `dependency` lines, in this
/// order of kinds; the last line is the `end`. A report without an `end` is cut off.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "a line lives until it is written, and is the only one")]
pub(crate) enum Line<'a> {
    /// The first line: what this is.
    Header(Header<'a>),
    /// A rule of at least one finding.
    Rule(Rule<'a>),
    /// A finding, suppressed ones included: by severity (worst first), rule, place.
    Finding(Finding<'a>),
    /// What could not be analyzed, in order of place.
    Diagnostic(Diagnostic<'a>),
    /// A component, by package URL.
    Component(Component<'a>),
    /// An edge between components, in order.
    Dependency(Dependency<'a>),
    /// The last line: how it went.
    End(End),
}

/// What this is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Header<'a> {
    /// The identifier of the schema of every line.
    schema: &'static str,
    /// The version of the format; readers of version 1 understand everything whose version starts with `1.`.
    version: &'static str,
    /// Who made the report.
    tool: Tool<'a>,
    /// What was scanned; of an absolute path the last part.
    target: String,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
}

/// How it went.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct End {
    /// Whether everything was analyzed that should have been. If not, `diagnostic` lines say what was not.
    is_complete: bool,
    /// How many findings there are.
    summary: Summary,
    /// How much was looked at.
    coverage: Coverage,
}

impl<'a> Header<'a> {
    /// The first line of a report.
    pub(crate) fn new(report: &'a bartizan_core::Report, context: &'a Context) -> Self {
        Self {
            schema: JSONL_SCHEMA_ID,
            version: FORMAT_VERSION,
            tool: (&report.tool).into(),
            target: place::title(report),
            circumstances: context.into(),
        }
    }
}

impl From<&bartizan_core::Report> for End {
    fn from(report: &bartizan_core::Report) -> Self {
        Self { is_complete: !report.is_incomplete(), summary: report.into(), coverage: (&report.coverage).into() }
    }
}
