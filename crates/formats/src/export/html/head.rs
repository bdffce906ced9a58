//! What stands before and after everything else.

use std::io::{self, Write};

use bartizan_core::Report;

use super::{STYLE, counted, line, number};
use crate::{Context, Summary, place};

/// SHA-256 of the style sheet, in Base64; a test compares.
pub(super) const STYLE_HASH: &str = "Z2baeK9FEtrK4JJRBWMpcElz6/IUX71pt5kRCEavg5U=";

/// SHA-256 of the script, in Base64; a test compares.
pub(super) const SCRIPT_HASH: &str = "5vZQHwGPPO3G19jrcK7V/xOcxPy0aOlP6B++m0X5NLs=";

/// The mark: a bartizan, the turret that overhangs a wall.
const MARK: &str = concat!(
    r#"<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">"#,
    r#"<path d="M4 3h3v2h3.5V3h3v2H17V3h3v8l-3 3v4l-2.5 3h-5L7 18v-4l-3-3z"/></svg>"#,
);

/// Everything before the body.
pub(super) fn write_document_head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'"
    );
    writeln!(
        out,
        concat!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
            "<meta name=\"color-scheme\" content=\"light dark\">\n",
            "<meta name=\"referrer\" content=\"no-referrer\">\n",
            "<meta name=\"robots\" content=\"noindex\">\n",
            "<title>{title} – security report</title>\n<style>{STYLE}</style>\n</head>",
        ),
        policy = policy,
        title = line(&place::title(report)),
        STYLE = STYLE,
    )
}

/// What the report is about, and how it went, in one sentence.
pub(super) fn write_masthead(report: &Report, context: &Context, summary: &Summary<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut facts = Vec::new();
    if let Some(started) = context.started {
        let moment = started.to_string();
        let shown = moment.replace('T', " ").replace('Z', " UTC");
        facts.push(format!(r#"<time datetime="{moment}">{shown}</time>"#));
    }
    if let Some(revision) = &context.revision {
        facts.push(format!("commit <code>{}</code>", line(&revision.chars().take(12).collect::<String>())));
    }
    facts.push(format!("{} analyzed", counted_files(report.coverage.n_files)));
    writeln!(
        out,
        "<header class=\"masthead\"><p class=\"brand\">{MARK} Bartizan</p>\n<h1>{}</h1>\n<p class=\"verdict\">{}</p>\n<p class=\"quiet\">{}</p></header>",
        line(&place::title(report)),
        verdict(summary),
        facts.join(" · "),
    )
}

/// Everything after the main part.
pub(super) fn write_footer(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<footer><p>Written by {} {}. Secrets are masked; their values are not in this file.</p></footer>",
        line(if report.tool.name.is_empty() { "Bartizan" } else { &report.tool.name }),
        line(&report.tool.version),
    )
}

/// The result in a sentence that can be read out.
fn verdict(summary: &Summary<'_>) -> String {
    use bartizan_core::Severity::{Critical, High};
    let (n_open, n_urgent) = (summary.open.total(), summary.open.of(Critical) + summary.open.of(High));
    let findings = counted(n_open, "open finding");
    match (n_open, n_urgent) {
        (0, _) => "No open findings.".to_owned(),
        (_, 0) => format!("{findings}, none of them critical or high."),
        _ if n_open == n_urgent => format!("{findings}, all critical or high."),
        _ => format!("{findings}, {} of them critical or high.", number(n_urgent)),
    }
}

fn counted_files(n_files: u64) -> String {
    format!("{} {}", number(n_files), if n_files == 1 { "file" } else { "files" })
}
