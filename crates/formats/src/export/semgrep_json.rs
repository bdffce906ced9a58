//! What `semgrep scan --json` writes, so that a pipeline that reads it can swap the binary.
//!
//! The types are those of `semgrep_output_v1`, version 1.182. What differs, because a report knows no more:
//! - Suppressed findings are left out, as Semgrep leaves out those with a `nosemgrep`: readers would count them.
//! - `paths.scanned` names the files with findings or problems, not every file that was read.
//! - `metavars` is empty. `content` in a trace says what happens at the place; `lines` is empty beyond the excerpt.
//! - `version` is that of Bartizan. `fingerprint` is the finding's own.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use bartizan_core::{Confidence, Diagnostic, DiagnosticKind, Finding, FlowStep, Level, Location, Report, Severity};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Exporter, FormatId, write_json};
use crate::{Context, place};

/// The output of `semgrep scan --json`.
pub(super) struct SemgrepJson;

impl Exporter for SemgrepJson {
    fn id(&self) -> FormatId {
        FormatId("semgrep-json")
    }

    fn purpose(&self) -> &'static str {
        "what semgrep scan --json writes"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn write(&self, report: &Report, _context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_json(&output(report), out)
    }
}

/// `cli_output`.
#[derive(Serialize)]
struct Output<'a> {
    version: &'a str,
    results: Vec<Match<'a>>,
    errors: Vec<Problem<'a>>,
    paths: Paths,
    engine_requested: &'static str,
    skipped_rules: [(); 0],
}

/// `scanned_and_skipped`.
#[derive(Serialize)]
struct Paths {
    scanned: BTreeSet<String>,
}

/// `cli_match`.
#[derive(Serialize)]
struct Match<'a> {
    check_id: &'a str,
    #[serde(flatten)]
    place: Place,
    extra: Extra<'a>,
}

/// `cli_match_extra`.
#[derive(Serialize)]
struct Extra<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a str>,
    metadata: Map<String, Value>,
    severity: &'static str,
    fingerprint: String,
    lines: String,
    metavars: Map<String, Value>,
    is_ignored: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataflow_trace: Option<Trace<'a>>,
    validation_state: &'static str,
    engine_kind: &'static str,
}

/// `match_dataflow_trace`. A tagged value is a list of the tag and the value there.
#[derive(Serialize)]
struct Trace<'a> {
    taint_source: (&'static str, (Place, &'a str)),
    intermediate_vars: Vec<Step<'a>>,
    taint_sink: (&'static str, (Place, &'a str)),
}

/// `match_intermediate_var`.
#[derive(Serialize)]
struct Step<'a> {
    location: Place,
    content: &'a str,
}

/// `location`: a path, and positions of which lines and columns count from 1.
#[derive(Serialize)]
struct Place {
    path: String,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    col: u32,
    offset: usize,
}

/// `cli_error`.
#[derive(Serialize)]
struct Problem<'a> {
    code: u8,
    level: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    help: &'a str,
}

fn output(report: &Report) -> Output<'_> {
    let problems = || report.diagnostics.iter().filter(|diagnostic| Level::Note < diagnostic.level);
    let of_findings = report.open_findings().map(|finding| place::path(&finding.location));
    let of_problems = problems().filter(|diagnostic| diagnostic.kind != DiagnosticKind::Rule);
    let of_problems = of_problems.filter_map(|diagnostic| diagnostic.location.as_ref()).map(place::path);
    Output {
        version: &report.tool.version,
        results: report.open_findings().map(|finding| result(report, finding)).collect(),
        errors: problems().map(problem).collect(),
        paths: Paths { scanned: of_findings.chain(of_problems).collect() },
        engine_requested: "OSS",
        skipped_rules: [],
    }
}

fn result<'a>(report: &'a Report, finding: &'a Finding) -> Match<'a> {
    let edits = finding.fixes.first().map(|fix| fix.edits.as_slice());
    let fix = edits.and_then(|edits| edits.first().filter(|edit| edits.len() == 1 && Some(edit.range) == finding.location.range()));
    Match {
        check_id: finding.rule.as_str(),
        place: place_of(&finding.location),
        extra: Extra {
            message: &finding.message,
            fix: fix.map(|edit| edit.replacement.as_str()),
            metadata: metadata(report, finding),
            severity: severity(finding.severity),
            fingerprint: finding.fingerprint.to_string(),
            lines: lines(finding),
            metavars: Map::new(),
            is_ignored: false,
            dataflow_trace: trace(&finding.flow),
            validation_state: "NO_VALIDATOR",
            engine_kind: "OSS",
        },
    }
}

/// What a rule says about itself, under the names that rules for Semgrep use.
fn metadata(report: &Report, finding: &Finding) -> Map<String, Value> {
    let mut metadata = Map::new();
    let mut add = |name: &str, value: Value| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.as_str().is_some_and(str::is_empty);
        if !is_empty {
            metadata.insert(name.to_owned(), value);
        }
    };
    add("cwe", finding.cwe.iter().map(ToString::to_string).collect());
    add("standards", finding.standards.iter().map(bartizan_core::StandardId::as_str).collect());
    let confidence = match finding.confidence {
        Confidence::High => "HIGH",
        Confidence::Medium => "MEDIUM",
        Confidence::Low => "LOW",
    };
    add("confidence", confidence.into());
    add("category", "security".into());
    if let Some(rule) = report.rule_of(finding) {
        add("title", rule.title.as_str().into());
        add("technology", json!(rule.tags));
        add("references", json!(rule.references));
    }
    metadata
}

/// Three words are known to every reader; the fourth, for what is worse, to newer ones.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low | Severity::Info => "INFO",
    }
}

/// The lines of the finding, without those around it.
fn lines(finding: &Finding) -> String {
    let Some(region) = finding.location.region() else { return String::new() };
    let is_within = |number: u32| region.start.line <= number && number <= region.end.line;
    let lines: Vec<_> = finding.excerpt.lines.iter().filter(|line| is_within(line.number)).map(|line| line.text.as_str()).collect();
    lines.join("\n")
}

fn trace(flow: &[FlowStep]) -> Option<Trace<'_>> {
    let (source, rest) = flow.split_first()?;
    let (sink, between) = rest.split_last()?;
    let end = |step: &'_ FlowStep| place_of(&step.location);
    Some(Trace {
        taint_source: ("CliLoc", (end(source), source.message.as_str())),
        intermediate_vars: between.iter().map(|step| Step { location: end(step), content: &step.message }).collect(),
        taint_sink: ("CliLoc", (end(sink), sink.message.as_str())),
    })
}

/// A place; the first character where the artifact as a whole is meant.
fn place_of(location: &Location) -> Place {
    let (range, region) = location.place.unzip();
    let position = |position: Option<bartizan_core::Position>, offset: Option<usize>| Position {
        line: position.map_or(1, |position| position.line),
        col: position.map_or(1, |position| position.column),
        offset: offset.unwrap_or(0),
    };
    Place {
        path: place::path(location),
        start: position(region.map(|region| region.start), range.map(bartizan_core::ByteRange::start)),
        end: position(region.map(|region| region.end), range.map(bartizan_core::ByteRange::end)),
    }
}

fn problem(diagnostic: &Diagnostic) -> Problem<'_> {
    // Codes and types of Semgrep's: 3 and 4 are those of code and of rules that can't be parsed.
    let (code, kind) = match diagnostic.kind {
        DiagnosticKind::PartlyParsed => (3, "Syntax error"),
        DiagnosticKind::Rule => (4, "Rule parse error"),
        _ => (2, "Internal matching error"),
    };
    Problem {
        code,
        level: if diagnostic.level == Level::Error { "error" } else { "warn" },
        kind,
        message: &diagnostic.reason,
        path: diagnostic.location.as_ref().map(place::path),
        help: &diagnostic.help,
    }
}
