//! One JSON object a line, for streams and `jq`. The schema of a line is [`jsonl_schema`](crate::jsonl_schema).
//!
//! The first line is a header, the last one says how much was looked at; each has a `type`. Lines end in `\n`, and no value
//! holds a line break outside of an escape.

use std::io::{self, Write};

use bartizan_core::Report;

use super::{Exporter, FormatId};
use crate::{
    Context,
    document::{Component, Dependency, Diagnostic, End, Finding, Header, Line, Rule},
};

/// One JSON object a line.
pub(super) struct Jsonl;

impl Exporter for Jsonl {
    fn id(&self) -> FormatId {
        FormatId("jsonl")
    }

    fn purpose(&self) -> &'static str {
        "everything, one object a line, for streams"
    }

    fn extension(&self) -> &'static str {
        "jsonl"
    }

    fn media_type(&self) -> &'static str {
        "application/jsonl"
    }

    fn carries_values(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_line(&Line::Header(Header::new(report, context)), out)?;
        for rule in &report.rules {
            write_line(&Line::Rule(Rule::from(rule)), out)?;
        }
        for finding in &report.findings {
            write_line(&Line::Finding(Finding::from(finding)), out)?;
        }
        for diagnostic in &report.diagnostics {
            write_line(&Line::Diagnostic(Diagnostic::from(diagnostic)), out)?;
        }
        for component in &report.components {
            write_line(&Line::Component(Component::from(component)), out)?;
        }
        for dependency in &report.dependencies {
            write_line(&Line::Dependency(Dependency::from(dependency)), out)?;
        }
        write_line(&Line::End(End::from(report)), out)
    }
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
