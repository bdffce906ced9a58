//! SARIF 2.1.0 (OASIS Standard, with errata 01), for code hosts and dashboards.
//!
//! What others may not expect:
//! - One result is one finding. Its first place is the result's location, the others are related locations with a link in the
//!   message, and `occurrenceCount` says how many there are. With [`Occurrences::Separate`](crate::Occurrences) every place is a
//!   result, and all of them have the finding's fingerprint.
//! - Paths are relative to `%SRCROOT%`, whose absolute place is deliberately left out.
//! - Regions are lines and columns in code points. Byte offsets are left out: they are those of the decoded text, and SARIF's
//!   are those of the file.
//! - A region has no snippet: it would have to be the region's exact text, which may be a secret. The context region has the
//!   excerpt, in which secrets are masked.
//! - Fixes are written where lines and columns of their edits are known; descriptions of others stand in `unplacedFixes`.
//! - The value of a secret is never written.

mod fixes;
mod invocation;
mod log;
mod message;
mod places;
mod results;
mod rules;

use std::io::{self, Write};

use bartizan_core::Report;

use self::{log::Log, places::Artifacts, rules::Weaknesses};
use super::{Exporter, FormatId, write_json};
use crate::Context;

/// SARIF 2.1.0.
pub(super) struct Sarif;

impl Exporter for Sarif {
    fn id(&self) -> FormatId {
        FormatId("sarif")
    }

    fn purpose(&self) -> &'static str {
        "SARIF 2.1.0, for code hosts, editors and dashboards"
    }

    fn extension(&self) -> &'static str {
        "sarif"
    }

    fn media_type(&self) -> &'static str {
        "application/sarif+json"
    }

    fn write(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_json(&log(report, context), out)
    }
}

fn log<'a>(report: &'a Report, context: &Context) -> Log<'a> {
    let artifacts = Artifacts::of(report);
    let weaknesses = Weaknesses::of(report);
    let run = log::Run {
        tool: log::Tool { driver: driver(report, &weaknesses) },
        invocations: [invocation::of(report, context, &artifacts)],
        original_uri_base_ids: log::UriBaseIds {
            srcroot: log::ArtifactLocation {
                description: Some(message::plain("The root of the tree that was scanned.")),
                ..log::ArtifactLocation::default()
            },
        },
        artifacts: artifacts.list(),
        results: results::of(report, context, &artifacts, &weaknesses),
        taxonomies: weaknesses.taxonomy().into_iter().collect(),
        column_kind: "unicodeCodePoints",
        properties: log::RunProperties { is_complete: !report.is_incomplete(), n_files: report.coverage.n_files },
    };
    Log { schema: log::SCHEMA, version: "2.1.0", runs: [run] }
}

fn driver<'a>(report: &'a Report, weaknesses: &Weaknesses) -> log::Driver<'a> {
    log::Driver {
        name: if report.tool.name.is_empty() { "Bartizan" } else { &report.tool.name },
        version: &report.tool.version,
        semantic_version: &report.tool.version,
        rules: report.rules.iter().map(|rule| rules::descriptor(rule, weaknesses)).collect(),
        notifications: invocation::kinds(report).into_iter().map(invocation::descriptor).collect(),
        supported_taxonomies: if weaknesses.is_empty() { Vec::new() } else { vec![rules::CWE] },
    }
}
