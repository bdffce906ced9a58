//! Comma-separated values (RFC 4180), one row a finding, for spreadsheets.
//!
//! Scanned files choose what stands in a cell. A cell that a spreadsheet would calculate starts with an apostrophe instead,
//! which spreadsheets take as the mark of a text. Places beyond the first stand in one cell, up to a number; `occurrences`
//! counts all of them. Rules' texts, flows and fixes are left to the other formats.

use std::io::{self, Write};

use bartizan_core::{Finding, Report, Subject, SuppressionKind};

use super::{Exporter, FormatId};
use crate::{Context, place, summary::n_places, visible::visible_line};

/// Comma-separated values.
pub(super) struct Csv;

/// The places beyond the first that a cell lists. Spreadsheets cut a cell at 32,767 characters.
const MAX_OTHER_PLACES: usize = 50;

const HEADER: [&str; 24] = [
    "severity",
    "confidence",
    "rule",
    "title",
    "message",
    "path",
    "start_line",
    "start_column",
    "end_line",
    "end_column",
    "occurrences",
    "other_places",
    "owners",
    "status",
    "suppression",
    "suppression_reason",
    "baseline",
    "subject",
    "secret_id",
    "cwe",
    "standards",
    "evidence",
    "engine",
    "fingerprint",
];

impl Exporter for Csv {
    fn id(&self) -> FormatId {
        FormatId("csv")
    }

    fn purpose(&self) -> &'static str {
        "one row a finding, for spreadsheets"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv"
    }

    fn write(&self, report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_row(&HEADER.map(str::to_owned), out)?;
        for finding in &report.findings {
            write_row(&cells(report, finding), out)?;
        }
        Ok(())
    }
}

fn cells(report: &Report, finding: &Finding) -> [String; HEADER.len()] {
    let rule = report.rule_of(finding);
    let region = finding.location.region();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let (subject, secret_id) = match &finding.subject {
        Some(Subject::Secret(secret)) => (secret.mask.clone(), secret.id.to_string()),
        Some(Subject::Component(component)) => (component.purl.clone(), String::new()),
        None => (String::new(), String::new()),
    };
    let suppression = finding.suppression.as_ref();
    [
        finding.severity.to_string(),
        finding.confidence.to_string(),
        finding.rule.to_string(),
        rule.map(|rule| rule.title.clone()).unwrap_or_default(),
        finding.message.clone(),
        finding.location.artifact.to_string(),
        number(region.map(|region| region.start.line)),
        number(region.map(|region| region.start.column)),
        number(region.map(|region| region.end.line)),
        number(region.map(|region| region.end.column)),
        n_places(finding).to_string(),
        other_places(finding),
        joined(finding.owners.iter()),
        if suppression.is_some() { "suppressed" } else { "open" }.to_owned(),
        suppression.map(|suppression| kind(&suppression.kind)).unwrap_or_default().to_owned(),
        suppression.map(|suppression| suppression.reason.clone()).unwrap_or_default(),
        finding.baseline.map(baseline).unwrap_or_default().to_owned(),
        subject,
        secret_id,
        joined(finding.cwe.iter()),
        joined(finding.standards.iter()),
        joined(finding.evidence.iter().map(|evidence| format!("{}: {}", evidence.strength, evidence.text))),
        rule.map(|rule| rule.engine.to_string()).unwrap_or_default(),
        finding.fingerprint.to_string(),
    ]
}

const fn kind(kind: &SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Inline(_) => "inline",
        SuppressionKind::Configuration => "configuration",
        SuppressionKind::Baseline => "baseline",
        SuppressionKind::Vex => "vex",
    }
}

const fn baseline(state: bartizan_core::BaselineState) -> &'static str {
    match state {
        bartizan_core::BaselineState::New => "new",
        bartizan_core::BaselineState::Unchanged => "unchanged",
    }
}

fn other_places(finding: &Finding) -> String {
    let listed = joined(finding.occurrences.iter().skip(1).take(MAX_OTHER_PLACES).map(place::exact));
    match n_places(finding).saturating_sub(1 + MAX_OTHER_PLACES) {
        0 => listed,
        n_more => format!("{listed}; {n_more} more"),
    }
}

fn joined(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join("; ")
}

fn write_row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        if 0 < index {
            out.write_all(b",")?;
        }
        out.write_all(quoted(cell).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell: harmless in a spreadsheet, on one line, in quotes where it needs them.
fn quoted(cell: &str) -> String {
    // What starts a formula, also in the wide forms that East Asian input methods write.
    const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_formula = cell.trim_start().starts_with(FORMULA_STARTS);
    let text = format!("{}{}", if is_formula { "'" } else { "" }, visible_line(cell));
    let needs_quotes = text.contains([',', '"']) || text.starts_with(' ') || text.ends_with(' ');
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_is_calculated_or_leaves_its_place() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("-----BEGIN KEY", "'-----BEGIN KEY"),
            ("\t=1+1", "'\\t=1+1"),
            ("+1", "'+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("one\r\ntwo", "one\\r\\ntwo"),
            (" padded", "\" padded\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written, "{cell}");
        }
    }
}
