//! JUnit XML, for the test tab of a continuous-integration service.
//!
//! Every finding is a test that failed, every suppressed finding one that was skipped. What could not be analyzed is a test in
//! error, in a suite of its own; where everything was analyzed, that suite holds one test that passed, because some services
//! take a report without tests for a broken one. Notes change no result and stand in that suite's output. XML has no form for
//! most control characters: they are written as escapes.

use std::io::{self, Write};

use bartizan_core::{Diagnostic, Finding, Level, Report, Subject};

use super::{Exporter, FormatId};
use crate::{
    Context, markup, place,
    summary::n_places,
    visible::{visible, visible_line},
};

/// JUnit XML.
pub(super) struct Junit;

/// The places of a finding that its text lists.
const MAX_PLACES: usize = 50;

impl Exporter for Junit {
    fn id(&self) -> FormatId {
        FormatId("junit")
    }

    fn purpose(&self) -> &'static str {
        "findings as failed tests, for continuous integration"
    }

    fn extension(&self) -> &'static str {
        "xml"
    }

    fn media_type(&self) -> &'static str {
        "application/xml"
    }

    fn write(&self, report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
        let suites = suites(report);
        let n_tests: usize = suites.iter().map(|suite| suite.findings.len()).sum();
        let n_failures: usize = suites.iter().map(Suite::n_failures).sum();
        let errors: Vec<&Diagnostic> = report.diagnostics.iter().filter(|diagnostic| Level::Note < diagnostic.level).collect();
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(
            out,
            r#"<testsuites name="{}" tests="{}" failures="{n_failures}" errors="{}" skipped="{}">"#,
            attribute(&report.tool.name),
            n_tests + errors.len().max(1),
            errors.len(),
            n_tests - n_failures,
        )?;
        for suite in &suites {
            write_suite(report, suite, out)?;
        }
        write_completeness(report, &errors, out)?;
        writeln!(out, "</testsuites>")
    }
}

/// The findings of one engine.
struct Suite<'a> {
    name: &'a str,
    findings: Vec<&'a Finding>,
}

impl Suite<'_> {
    fn n_failures(&self) -> usize {
        self.findings.iter().filter(|finding| finding.suppression.is_none()).count()
    }
}

fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut suites: Vec<Suite<'_>> = Vec::new();
    for finding in &report.findings {
        let name = report.rule_of(finding).map_or("findings", |rule| rule.engine.0);
        match suites.iter_mut().find(|suite| suite.name == name) {
            Some(suite) => suite.findings.push(finding),
            None => suites.push(Suite { name, findings: vec![finding] }),
        }
    }
    suites.sort_by_key(|suite| suite.name);
    suites
}

fn write_suite(report: &Report, suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let n_tests = suite.findings.len();
    let n_failures = suite.n_failures();
    let name = attribute(suite.name);
    let n_skipped = n_tests - n_failures;
    writeln!(out, r#"  <testsuite name="{name}" tests="{n_tests}" failures="{n_failures}" errors="0" skipped="{n_skipped}">"#)?;
    for finding in &suite.findings {
        write_finding(report, finding, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn write_finding(report: &Report, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let path = place::path(&finding.location);
    let line = finding.location.region().map(|region| format!(r#" line="{}""#, region.start.line)).unwrap_or_default();
    writeln!(
        out,
        r#"    <testcase name="{}" classname="{path}" file="{path}"{line}>"#,
        attribute(&format!("{} at {}", finding.rule, place::exact(&finding.location))),
        path = attribute(&path),
    )?;
    let message = attribute(&finding.message);
    if let Some(suppression) = &finding.suppression {
        writeln!(out, r#"      <skipped message="{}"/>"#, attribute(&format!("suppressed: {}", suppression.reason)))?;
    } else {
        let body = content(&explanation(report, finding));
        writeln!(out, r#"      <failure type="{}" message="{message}">{body}</failure>"#, finding.severity)?;
    }
    writeln!(out, "    </testcase>")
}

/// All that somebody at a test tab needs to know.
fn explanation(report: &Report, finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    let mut say = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("{name}: {text}"));
        }
    };
    let rule = report.rule_of(finding);
    say("rule", rule.map_or_else(|| finding.rule.to_string(), |rule| format!("{} ({})", finding.rule, rule.title)));
    say("severity", format!("{}, confidence {}", finding.severity, finding.confidence));
    for place in finding.occurrences.iter().take(MAX_PLACES) {
        say("at", place::exact(place));
    }
    match n_places(finding).saturating_sub(MAX_PLACES) {
        0 => {}
        n_more => say("at", format!("{n_more} more places")),
    }
    match &finding.subject {
        Some(Subject::Secret(secret)) => say("secret", secret.mask.clone()),
        Some(Subject::Component(component)) => {
            say("component", component.purl.clone());
            if let Some(reachability) = component.reachability {
                say("reachability", reachability.as_str().to_owned());
            }
        }
        None => {}
    }
    let owners: Vec<&str> = finding.owners.iter().map(|owner| owner.0.as_str()).collect();
    say("owners", if owners.is_empty() { "nobody".to_owned() } else { owners.join(", ") });
    for evidence in &finding.evidence {
        say("evidence", format!("{} ({})", evidence.text, evidence.strength));
    }
    if let Some(rule) = rule {
        say("why", rule.why.clone());
        say("how to fix", rule.how_to_fix.clone());
    }
    say("fingerprint", finding.fingerprint.to_string());
    lines.join("\n")
}

fn write_completeness(report: &Report, errors: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let n_errors = errors.len();
    let n_tests = n_errors.max(1);
    writeln!(out, r#"  <testsuite name="completeness" tests="{n_tests}" failures="0" errors="{n_errors}" skipped="0">"#)?;
    if errors.is_empty() {
        writeln!(out, r#"    <testcase name="everything was analyzed" classname="completeness"/>"#)?;
    }
    for diagnostic in errors {
        let name = attribute(&named(diagnostic));
        writeln!(out, r#"    <testcase name="{name}" classname="completeness">"#)?;
        let (kind, message) = (attribute(diagnostic.kind.as_str()), attribute(&diagnostic.reason));
        writeln!(out, r#"      <error type="{kind}" message="{message}">{}</error>"#, content(&diagnostic.help))?;
        writeln!(out, "    </testcase>")?;
    }
    let notes = report.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Note);
    let notes: Vec<String> = notes.map(|note| format!("{}: {}", named(note), note.reason)).collect();
    if !notes.is_empty() {
        writeln!(out, "    <system-out>{}</system-out>", content(&notes.join("\n")))?;
    }
    writeln!(out, "  </testsuite>")
}

fn named(diagnostic: &Diagnostic) -> String {
    match &diagnostic.location {
        Some(location) => format!("{} at {}", diagnostic.kind, place::exact(location)),
        None => diagnostic.kind.to_string(),
    }
}

/// A text between two quotes: on one line, because XML makes spaces of line breaks there.
fn attribute(text: &str) -> String {
    markup::escaped(&visible_line(text))
}

/// A text between two tags.
fn content(text: &str) -> String {
    markup::escaped(&visible(text))
}
