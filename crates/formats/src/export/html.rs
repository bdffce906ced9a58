//! One HTML file that stands alone: no other resource, no request, and readable without JavaScript.
//!
//! Everything is written here, by the exporter; the script only filters what is there. A content security policy forbids
//! everything else, by the hashes of the one style sheet and the one script, so that even a mistake in escaping could load and
//! run nothing.
//!
//! Large reports still open: beyond a number of findings the others are written without excerpt and explanation, and browsers
//! lay out only what is on the screen.

mod cards;
mod charts;
mod completeness;
mod facts;
mod filters;
mod head;

use std::io::{self, Write};

use bartizan_core::Report;

use super::{Exporter, FormatId};
use crate::{Context, Summary, markup};

/// One HTML file that stands alone.
pub(super) struct Html;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

impl Exporter for Html {
    fn id(&self) -> FormatId {
        FormatId("html")
    }

    fn purpose(&self) -> &'static str {
        "one self-contained page, for people"
    }

    fn extension(&self) -> &'static str {
        "html"
    }

    fn media_type(&self) -> &'static str {
        "text/html"
    }

    fn write(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        let summary = Summary::of(report);
        head::write_document_head(report, out)?;
        writeln!(out, r##"<body><a class="skip" href="#findings">Skip to the findings</a>"##)?;
        head::write_masthead(report, context, &summary, out)?;
        writeln!(out, "<main>")?;
        charts::write(&summary, out)?;
        completeness::write_warning(report, out)?;
        filters::write(&summary, report, out)?;
        cards::write(report, out)?;
        completeness::write(report, out)?;
        writeln!(out, "</main>")?;
        head::write_footer(report, out)?;
        facts::write(report, out)?;
        writeln!(out, "<script>{SCRIPT}</script></body></html>")
    }
}

/// A text of the report as markup, on one line.
fn line(text: &str) -> String {
    markup::escaped(&crate::visible::visible_line(text))
}

/// A text of the report as markup; lines stay lines.
fn text(text: &str) -> String {
    markup::escaped(&crate::visible(text))
}

/// A number with its thousands apart, which screen readers read as one: `12,345`.
fn number(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if 0 < index && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 file`, `2 files`.
fn counted(count: usize, singular: &str) -> String {
    format!("{} {singular}{}", number(count), if count == 1 { "" } else { "s" })
}

/// The name of a severity as a heading shows it.
const fn name(severity: bartizan_core::Severity) -> &'static str {
    match severity {
        bartizan_core::Severity::Critical => "Critical",
        bartizan_core::Severity::High => "High",
        bartizan_core::Severity::Medium => "Medium",
        bartizan_core::Severity::Low => "Low",
        bartizan_core::Severity::Info => "Info",
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_knows_the_style_sheet_and_the_script() {
        for (content, hash) in [(STYLE, head::STYLE_HASH), (SCRIPT, head::SCRIPT_HASH)] {
            assert_eq!(STANDARD.encode(Sha256::digest(content)), hash, "write this hash into head.rs");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (value, shown) in [(0_u64, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(value), shown);
        }
    }
}
