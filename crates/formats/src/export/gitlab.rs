//! GitLab's security report, for its vulnerability report and merge requests. Schema version 15.2.4.
//!
//! A report of GitLab's has one type of scan. Ours is `secret_detection` (`artifacts:reports:secret_detection`) as long as every
//! finding is of the engine for secrets, and `sast` as soon as one is not.
//!
//! What GitLab has no place for, and what becomes of it:
//! - Suppressed findings would be open there: they are left out, and a message of the scan says how many.
//! - The schema asks for times and, for secrets, for a commit. Where the caller does not tell them, the times are the start of
//!   1970 and the commit is `0000000`, which GitLab's own analyzer writes where no history was scanned.
//! - `raw_source_code_extract` is for the value of the secret, which a report does not hold. Without it GitLab can't revoke or
//!   look up the credential.

mod document;
mod vulnerability;

use std::io::{self, Write};

use bartizan_core::{Level, Report};

use self::document::{Document, Message, Scan, Tool, Vendor};
use super::{Exporter, FormatId, write_json};
use crate::{Context, Timestamp, place, visible::visible_line};

/// GitLab's security report.
pub(super) struct Gitlab;

/// The version of the schema.
const VERSION: &str = "15.2.4";

/// The diagnostics that become messages.
const MAX_MESSAGES: usize = 1000;

impl Exporter for Gitlab {
    fn id(&self) -> FormatId {
        FormatId("gitlab")
    }

    fn purpose(&self) -> &'static str {
        "GitLab's secret detection or SAST report"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn write(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_json(&document(report, context), out)
    }
}

/// What GitLab calls the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScanType {
    SecretDetection,
    Sast,
}

impl ScanType {
    fn of(report: &Report) -> Self {
        let is_secret = |engine| engine == "secrets";
        if report.rules.iter().all(|rule| is_secret(rule.engine.0)) { Self::SecretDetection } else { Self::Sast }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::SecretDetection => "secret_detection",
            Self::Sast => "sast",
        }
    }

    const fn schema(self) -> &'static str {
        match self {
            Self::SecretDetection => {
                "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.2.4/dist/secret-detection-report-format.json"
            }
            Self::Sast => {
                "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.2.4/dist/sast-report-format.json"
            }
        }
    }
}

fn document<'a>(report: &'a Report, context: &'a Context) -> Document<'a> {
    let scan_type = ScanType::of(report);
    let tool = Tool {
        id: "bartizan",
        name: "Bartizan",
        version: visible_line(if report.tool.version.is_empty() { "0.0.0" } else { &report.tool.version }).into_owned(),
        vendor: Vendor { name: "Bartizan" },
    };
    let time = |moment: Option<Timestamp>| moment.unwrap_or(Timestamp::MIN).without_zone();
    Document {
        schema: scan_type.schema(),
        version: VERSION,
        scan: Scan {
            analyzer: tool.clone(),
            scanner: tool,
            kind: scan_type.name(),
            start_time: time(context.started),
            end_time: time(context.finished.or(context.started)),
            status: if report.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) { "failure" } else { "success" },
            messages: messages(report),
        },
        vulnerabilities: vulnerability::of(report, context, scan_type),
    }
}

fn messages(report: &Report) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for diagnostic in report.diagnostics.iter().take(MAX_MESSAGES) {
        let place = diagnostic.location.as_ref().map(|location| format!("{}: ", place::exact(location))).unwrap_or_default();
        let help = if diagnostic.help.is_empty() { String::new() } else { format!("; {}", diagnostic.help) };
        let value = format!("{}: {place}{}{help}", diagnostic.kind, diagnostic.reason);
        let level = match diagnostic.level {
            Level::Note => "info",
            Level::Incomplete => "warn",
            Level::Error => "fatal",
        };
        messages.push(Message { level, value: visible_line(&value).into_owned() });
    }
    if let n_more @ 1.. = report.diagnostics.len().saturating_sub(MAX_MESSAGES) {
        messages.push(Message { level: "warn", value: format!("{n_more} more messages are left out") });
    }
    if let n_suppressed @ 1.. = report.findings.len() - report.open_findings().count() {
        messages.push(Message { level: "info", value: format!("suppressed findings that are left out: {n_suppressed}") });
    }
    messages
}
